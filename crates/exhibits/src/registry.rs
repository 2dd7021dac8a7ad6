//! The list of exhibits. A new one is a folder, a name here, and its `pub mod` in `lib.rs` (where formatting finds it).

use crate::declaration::Exhibit;
#[cfg(feature = "jobs")]
use crate::job::{Job, Parts};

/// What computes an exhibit.
#[cfg(feature = "jobs")]
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
    ($($exhibit:ident),* $(,)?) => {
        /// Every exhibit's declaration, in the order of the course.
        pub const EXHIBITS: &[&Exhibit] = &[$(&crate::$exhibit::EXHIBIT),*];

        /// What computes each of them.
        #[cfg(feature = "jobs")]
        pub const ENTRIES: &[Entry] = &[$(Entry {
            exhibit: &crate::$exhibit::EXHIBIT,
            job: || Box::new(crate::$exhibit::job::State::default()),
            parts: || Box::new(crate::$exhibit::job::PartState::default()),
        }),*];
    };
}

registry!(sawtooth, regions, composition, order_chaos);

/// The exhibit with this id.
#[must_use]
pub fn exhibit(id: &str) -> Option<&'static Exhibit> {
    EXHIBITS.iter().find(|e| e.id == id).copied()
}

#[cfg(feature = "jobs")]
fn entry(id: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|e| e.exhibit.id == id)
}

/// A new job for the exhibit with this id.
#[cfg(feature = "jobs")]
#[must_use]
pub fn new_job(id: &str) -> Option<Box<dyn Job>> {
    entry(id).map(|entry| (entry.job)())
}

/// What does the parts of the exhibit with this id.
#[cfg(feature = "jobs")]
#[must_use]
pub fn new_parts(id: &str) -> Option<Box<dyn Parts>> {
    entry(id).map(|entry| (entry.parts)())
}

/// How many exhibits a group has.
#[cfg(feature = "jobs")]
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
#[cfg(feature = "jobs")]
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
#[cfg(feature = "jobs")]
const fn is(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut index = 0;
    while index < a.len() && index < b.len() && a[index] == b[index] {
        index += 1;
    }
    index == a.len() && index == b.len()
}

#[cfg(all(test, feature = "jobs"))]
mod tests {
    use super::*;

    #[test]
    fn groups_hold_their_exhibits() {
        const DEPTH: [Entry; n_in_group("depth")] = in_group("depth");
        let all = EXHIBITS.iter().filter(|e| e.group == "depth").map(|e| e.id);
        assert!(DEPTH.iter().map(|entry| entry.exhibit.id).eq(all));
        assert!(DEPTH.iter().any(|entry| entry.exhibit.id == "sawtooth"));
        assert_eq!([n_in_group("dept"), n_in_group("depths"), n_in_group("")], [0; 3]);
    }
}
