//! The native binary, whose numbers the page must show.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use xtask::workspace::Workspace;

/// What the binary printed, and its exit code.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Outcome {
    /// Standard output as JSON.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON: {error}: {}", self.stdout))
    }
}

/// Runs `depthscope` with these arguments. `cargo xtask test site` builds it before.
#[must_use]
#[track_caller]
pub fn depthscope(arguments: &[&str]) -> Outcome {
    let workspace = Workspace::find().unwrap_or_else(|error| panic!("{error:#}"));
    let given = std::env::var_os("DEPTHSCOPE_BINARY").map(PathBuf::from);
    let binary = given.unwrap_or_else(|| workspace.native_binary("depthscope"));
    // The packs that the page has.
    let packs = workspace.dist().join("packs");
    let output = Command::new(&binary).args(arguments).env("DEPTHSCOPE_PACKS", packs).output();
    let output = output.unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask build`", binary.display()));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Outcome { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}
