//! What is printed. A reader that has seen enough (`| head`) ends a command quietly; an output that is full is a failure.

use std::fmt::Display;
use std::io::{self, Write as _};

use crate::failure::Failure;

/// A line on standard output.
///
/// # Errors
/// [`Failure::Closed`] where nobody reads any more, [`Failure::Output`] where it cannot be written.
pub(crate) fn line(text: impl Display) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::Closed,
        _ => Failure::Output(error),
    })
}

/// A line on standard error. Where nobody reads it, nothing is lost that was asked for.
pub(crate) fn note(text: impl Display) {
    let _unread = writeln!(io::stderr(), "{text}");
}
