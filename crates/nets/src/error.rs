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
    /// A matrix product failed.
    #[error("the matrix product failed: {0}")]
    Candle(#[from] candle_core::Error),
}

pub(crate) fn check_size(op: &'static str, expected: usize, got: usize) -> Result<(), NetError> {
    if expected == got { Ok(()) } else { Err(NetError::Size { op, expected, got }) }
}
