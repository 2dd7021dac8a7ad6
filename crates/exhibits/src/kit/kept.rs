//! One result, kept for the key that it was made for.

/// A result that is made anew when its key changes.
#[derive(Clone, Debug)]
pub struct Kept<K, T>(Option<(K, T)>);

impl<K, T> Default for Kept<K, T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: PartialEq, T> Kept<K, T> {
    /// What is kept for `key`; made now where that is nothing.
    pub fn get(&mut self, key: K, make: impl FnOnce(&K) -> T) -> &mut T {
        let never = |error: std::convert::Infallible| match error {};
        self.try_get(key, |key| Ok(make(key))).unwrap_or_else(never)
    }

    /// The same where making it may fail; nothing is kept then.
    ///
    /// # Errors
    /// That of `make`.
    pub fn try_get<E>(&mut self, key: K, make: impl FnOnce(&K) -> Result<T, E>) -> Result<&mut T, E> {
        let (key, value) = match self.taken(key) {
            Ok(kept) => kept,
            Err(key) => {
                let value = make(&key)?;
                (key, value)
            }
        };
        Ok(&mut self.0.insert((key, value)).1)
    }

    /// The same where making it takes long; a cancelled making keeps nothing.
    ///
    /// # Errors
    /// That of `make`.
    pub async fn get_async<E>(&mut self, key: K, make: impl AsyncFnOnce(&K) -> Result<T, E>) -> Result<&mut T, E> {
        let (key, value) = match self.taken(key) {
            Ok(kept) => kept,
            Err(key) => {
                let value = make(&key).await?;
                (key, value)
            }
        };
        Ok(&mut self.0.insert((key, value)).1)
    }

    /// What is kept for `key`, taken out; else the key.
    fn taken(&mut self, key: K) -> Result<(K, T), K> {
        self.0.take().filter(|(of, _)| *of == key).ok_or(key)
    }

    /// What is kept, if it is for `key`.
    #[must_use]
    pub fn peek(&self, key: &K) -> Option<&T> {
        self.0.as_ref().filter(|(of, _)| of == key).map(|(_, value)| value)
    }

    /// Keeps nothing any more.
    pub fn clear(&mut self) {
        self.0 = None;
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;

    #[test]
    fn it_is_made_once_for_each_key() {
        let (mut kept, mut made) = (Kept::default(), 0);
        for key in [1, 1, 2, 2, 1] {
            let value = *kept.get(key, |key| {
                made += 1;
                10 * key
            });
            assert_eq!(value, 10 * key);
        }
        assert_eq!(made, 3);
        assert_eq!((kept.peek(&1), kept.peek(&2)), (Some(&10), None));
    }

    #[test]
    fn a_failure_keeps_nothing() {
        let mut kept = Kept::default();
        assert_eq!(kept.try_get(1, |_| Err::<i32, _>("no")), Err("no"));
        assert_eq!(kept.try_get(1, |_| Ok::<_, &str>(5)), Ok(&mut 5));
    }
}
