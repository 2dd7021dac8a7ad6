//! The list of exhibits. A new one is a folder, a name here, and its `pub mod` in `lib.rs` (where formatting finds it).

use exhibit::declaration::Exhibit;

macro_rules! registry {
    ($($exhibit:ident),* $(,)?) => {
        /// Every exhibit's declaration, in the order of the course.
        pub const EXHIBITS: &[&Exhibit] = &[$(&crate::$exhibit::EXHIBIT),*];

        /// A new job for the exhibit with this id.
        #[must_use]
        pub fn new_job(id: &str) -> Option<Box<dyn crate::job::Job>> {
            $(if id == crate::$exhibit::EXHIBIT.id {
                return Some(Box::new(crate::$exhibit::job::State::default()));
            })*
            None
        }

        /// What does the parts of the exhibit with this id.
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

/// What is wrong with a text for a control of the exhibit with this id; anything but texts is the declaration's to check.
///
/// # Errors
/// A sentence.
pub fn check_text(id: &str, key: &str, text: &str) -> Result<(), String> {
    new_job(id).map_or(Ok(()), |job| job.check_text(key, text))
}

/// The exhibit with this id.
#[must_use]
pub fn exhibit(id: &str) -> Option<&'static Exhibit> {
    EXHIBITS.iter().find(|e| e.id == id).copied()
}
