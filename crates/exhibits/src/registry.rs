//! The list of exhibits. A new one is a folder, a name here, and its `pub mod` in `lib.rs` (where formatting finds it).

use crate::declaration::Exhibit;

macro_rules! registry {
    ($($exhibit:ident),* $(,)?) => {
        /// Every exhibit's declaration, in the order of the course.
        pub const EXHIBITS: &[&Exhibit] = &[$(&crate::$exhibit::EXHIBIT),*];

        /// A new job for the exhibit with this id.
        #[cfg(feature = "jobs")]
        #[must_use]
        pub fn new_job(id: &str) -> Option<Box<dyn crate::job::Job>> {
            $(if id == crate::$exhibit::EXHIBIT.id {
                return Some(Box::new(crate::$exhibit::job::State::default()));
            })*
            None
        }

        /// What does the parts of the exhibit with this id.
        #[cfg(feature = "jobs")]
        #[must_use]
        pub fn new_parts(id: &str) -> Option<Box<dyn crate::job::Parts>> {
            $(if id == crate::$exhibit::EXHIBIT.id {
                return Some(Box::new(crate::$exhibit::job::PartState::default()));
            })*
            None
        }
    };
}

registry!(sawtooth, regions, composition, order_chaos);

/// The exhibit with this id.
#[must_use]
pub fn exhibit(id: &str) -> Option<&'static Exhibit> {
    EXHIBITS.iter().find(|e| e.id == id).copied()
}
