//! How a command fails.

use std::path::PathBuf;

use exhibit::prose::sentence;

/// How a command fails; each is one line on standard error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// What was asked for does not exist or is not allowed.
    #[error("{}", sentence(.0))]
    Usage(String),
    /// The computation failed.
    #[error("{}", sentence(.0))]
    Job(String),
    /// A file could not be written.
    #[error("{path}: {source}", path = path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Standard output cannot be written.
    #[error("the output could not be written: {0}")]
    Output(std::io::Error),
    /// Nobody reads the output any more, which is no failure.
    #[error("nobody reads the output")]
    Closed,
    /// A benchmark's check value was missed: a fast wrong answer is no answer.
    #[error("a check value was missed: {0}")]
    Check(String),
}

impl Failure {
    /// 2 for what the user can mend on the command line, 0 where nothing went wrong, 1 for the rest.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Job(_) | Self::Write { .. } | Self::Output(_) | Self::Check(_) => 1,
            Self::Closed => 0,
        }
    }
}
