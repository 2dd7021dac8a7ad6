//! The list of exhibits. A new one is a folder, its name with that of its [`Compute`] here, and its `pub mod` in `lib.rs` (where formatting finds it).

use exhibit::declaration::{Exhibit, Kind};

use crate::job::{Job, Parts};
use crate::kit::{Compute, JobOf};

/// What computes an exhibit.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its declaration.
    pub exhibit: &'static Exhibit,
    /// A new job.
    pub job: fn() -> Box<dyn Job>,
    /// What does the parts of its jobs.
    pub parts: fn() -> Box<dyn Parts>,
}

macro_rules! registry {
    ($($exhibit:ident::$compute:ident),* $(,)?) => {
        /// Every exhibit's declaration, in the order of the course.
        pub const EXHIBITS: &[&Exhibit] = &[$(&crate::$exhibit::EXHIBIT),*];

        /// What computes each of them.
        pub const ENTRIES: &[Entry] = &[$(Entry {
            exhibit: &crate::$exhibit::EXHIBIT,
            job: || Box::new(JobOf::<crate::$exhibit::$compute>::default()),
            parts: || Box::new(<crate::$exhibit::$compute as Compute>::Parts::default()),
        }),*];
    };
}

registry!(
    sawtooth::Sawtooth,
    regions::Regions,
    composition::Composition,
    order_chaos::OrderChaos,
    filters::Filters,
    wavelets::Wavelets,
    transfer::Transfer,
);

/// What is wrong with a text for a control of the exhibit with this id; anything but texts is the declaration's to check.
///
/// # Errors
/// A sentence.
pub fn check_text(id: &str, key: &str, text: &str) -> Result<(), String> {
    let is_text = exhibit(id).and_then(|e| e.control(key)).is_some_and(|c| matches!(c.kind, Kind::Text { .. }));
    new_job(id).filter(|_| is_text).map_or(Ok(()), |job| job.check_text(key, text))
}

/// The exhibit with this id.
#[must_use]
pub fn exhibit(id: &str) -> Option<&'static Exhibit> {
    EXHIBITS.iter().find(|e| e.id == id).copied()
}

fn entry(id: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|e| e.exhibit.id == id)
}

/// A new job for the exhibit with this id.
#[must_use]
pub fn new_job(id: &str) -> Option<Box<dyn Job>> {
    entry(id).map(|entry| (entry.job)())
}

/// What does the parts of the exhibit with this id.
#[must_use]
pub fn new_parts(id: &str) -> Option<Box<dyn Parts>> {
    entry(id).map(|entry| (entry.parts)())
}

/// How many exhibits a group has.
#[must_use]
pub const fn n_in_group(group: &str) -> usize {
    let (mut n, mut index) = (0, 0);
    while index < ENTRIES.len() {
        n += is(ENTRIES[index].exhibit.group, group) as usize;
        index += 1;
    }
    n
}

/// The exhibits of a group, of which there are `N`: see [`n_in_group`]. A binary that names them in a constant links no others.
///
/// # Panics
/// When there are fewer.
#[must_use]
pub const fn in_group<const N: usize>(group: &str) -> [Entry; N] {
    let mut found = [ENTRIES[0]; N];
    let (mut n, mut index) = (0, 0);
    while index < ENTRIES.len() {
        if is(ENTRIES[index].exhibit.group, group) {
            found[n] = ENTRIES[index];
            n += 1;
        }
        index += 1;
    }
    assert!(n == N, "the group has another number of exhibits");
    found
}

/// Equality of texts, at compile time.
const fn is(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut index = 0;
    while index < a.len() && index < b.len() && a[index] == b[index] {
        index += 1;
    }
    index == a.len() && index == b.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_are_read_by_their_exhibit() {
        assert_eq!(check_text("regions", "layers", "1"), Ok(()));
        assert!(check_text("regions", "points", "1").is_err());
        assert!(check_text("sawtooth", "polynomial", "x^").is_err());
    }

    #[test]
    fn groups_hold_their_exhibits() {
        const DEPTH: [Entry; n_in_group("depth")] = in_group("depth");
        let all = EXHIBITS.iter().filter(|e| e.group == "depth").map(|e| e.id);
        assert!(DEPTH.iter().map(|entry| entry.exhibit.id).eq(all));
        assert!(DEPTH.iter().any(|entry| entry.exhibit.id == "sawtooth"));
        assert_eq!([n_in_group("dept"), n_in_group("depths"), n_in_group("")], [0; 3]);
    }
}
