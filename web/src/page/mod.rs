//! The pages: the home, and one for each exhibit.

pub(crate) mod exhibit;
pub(crate) mod header;
pub(crate) mod home;
mod keys;
pub(crate) mod notices;
pub(crate) mod presets;
pub(crate) mod theme;
pub(crate) mod ways;
pub(crate) mod words;
