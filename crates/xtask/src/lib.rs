//! What `cargo xtask` and the tests of the built page share: the workspace's folders, what a build needs,
//! running commands, and a static web server.

pub mod browser;
pub mod server;
pub mod sh;
pub mod tools;
pub mod workspace;
