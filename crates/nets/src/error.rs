//! What can go wrong with a net.

/// What can go wrong with a net.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// Two sizes that should agree do not.
    #[error("{op}: expected {expected} numbers, got {got}")]
    Size {
        /// The operation.
        op: &'static str,
        /// How many there should be.
        expected: usize,
        /// How many there are.
        got: usize,
    },
    /// There is nothing to work on.
    #[error("{op}: there are no examples")]
    Empty {
        /// The operation.
        op: &'static str,
    },
    /// More numbers than fit into memory.
    #[error("{op}: {got} numbers, at most {limit}")]
    TooLarge {
        /// What has so many numbers.
        op: &'static str,
        /// How many there are, or the largest number that can be counted.
        got: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A net without outputs.
    #[error("a net needs at least two widths, inputs and outputs; got {got}")]
    NoLayers {
        /// How many widths were given.
        got: usize,
    },
    /// A parameter outside its range.
    #[error("{name} is {got}, but must lie in {allowed}")]
    Range {
        /// The parameter.
        name: &'static str,
        /// Its value.
        got: f64,
        /// The interval it must lie in.
        allowed: &'static str,
    },
    /// An index beyond the last example.
    #[error("{op}: there is no example {got} among {n}")]
    NoExample {
        /// The operation.
        op: &'static str,
        /// The index.
        got: usize,
        /// How many examples there are.
        n: usize,
    },
    /// A class for which the net has no output.
    #[error("class {got}, but the net tells {classes} classes apart")]
    NoClass {
        /// The class.
        got: usize,
        /// How many there may be.
        classes: usize,
    },
    /// A loss that does not take such targets.
    #[error("the loss {loss} needs {needs}")]
    Targets {
        /// The loss.
        loss: &'static str,
        /// What it needs.
        needs: &'static str,
    },
    /// A node that a net does not have.
    #[error("{op}: there is no node {got} among {n}")]
    NoNode {
        /// The operation.
        op: &'static str,
        /// The node.
        got: usize,
        /// How many there are.
        n: usize,
    },
    /// Values of another form than an operation takes.
    #[error("{op}: expected {expected}, got {got}")]
    Form {
        /// The operation.
        op: &'static str,
        /// The form it takes.
        expected: String,
        /// The form of what it was given.
        got: String,
    },
    /// A pass was asked for what it cannot give as it stands.
    #[error("{op} needs {needs}")]
    Pass {
        /// What was asked for.
        op: &'static str,
        /// What it needs.
        needs: &'static str,
    },
    /// A matrix product failed.
    #[error("the matrix product failed: {0}")]
    Candle(#[from] candle_core::Error),
}

pub(crate) fn check_size(op: &'static str, expected: usize, got: usize) -> Result<(), NetError> {
    if expected == got { Ok(()) } else { Err(NetError::Size { op, expected, got }) }
}

pub(crate) fn check_limit(op: &'static str, got: usize, limit: usize) -> Result<(), NetError> {
    if got <= limit { Ok(()) } else { Err(NetError::TooLarge { op, got, limit }) }
}
