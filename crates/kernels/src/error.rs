//! What can go wrong on the way to the graphics device and back.

/// Why there is no graphics device. Each is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsupported {
    /// No adapter: no WebGPU or Vulkan, or the adapter is on a block list.
    #[error("{}", NO_ADAPTER)]
    NoAdapter,
    /// There is an adapter, but it gave no device.
    #[error("The graphics adapter {adapter} gave no device: {message}")]
    NoDevice {
        /// The adapter's name.
        adapter: String,
        /// What it said.
        message: String,
    },
}

#[cfg(target_arch = "wasm32")]
const NO_ADAPTER: &str = "This browser offers no WebGPU adapter; it may lack WebGPU, have it switched off, or not trust \
                          this machine's graphics driver";
#[cfg(not(target_arch = "wasm32"))]
const NO_ADAPTER: &str = "This machine has no Vulkan adapter; a graphics driver with Vulkan, or Mesa's software \
                          driver lavapipe, would give one";

/// What can go wrong with a job on the graphics device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KernelError {
    /// There is no graphics device.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// The device went away: unplugged, reset by its driver, or destroyed. A new one may be asked for.
    #[error("The graphics device was lost: {reason}")]
    Lost {
        /// What the browser or the driver said.
        reason: String,
    },
    /// The device has no memory for this.
    #[error("The graphics device has too little memory for {op}: {message}")]
    OutOfMemory {
        /// The job.
        op: &'static str,
        /// What it said.
        message: String,
    },
    /// The device refused the work, which is a mistake in this crate or in a driver.
    #[error("The graphics device refused {op}: {message}")]
    Refused {
        /// The job.
        op: &'static str,
        /// What it said.
        message: String,
    },
    /// Two sizes that should agree do not.
    #[error("{op}: expected {expected} {what}, got {got}")]
    Size {
        /// The job.
        op: &'static str,
        /// What is counted.
        what: &'static str,
        /// How many there should be.
        expected: usize,
        /// How many there are.
        got: usize,
    },
    /// More than the kernel is made for, or than the device can hold.
    #[error("{op}: at most {limit} {what}, got {got}")]
    TooLarge {
        /// The job.
        op: &'static str,
        /// What is counted.
        what: &'static str,
        /// The most.
        limit: u64,
        /// How many there are.
        got: u64,
    },
    /// A number outside its range.
    #[error("{op}: {what} must be in {allowed}, got {got}")]
    Range {
        /// The job.
        op: &'static str,
        /// Which number.
        what: &'static str,
        /// An interval.
        allowed: &'static str,
        /// The number.
        got: String,
    },
}

/// [`KernelError::Size`] unless the two agree.
pub(crate) fn check_size(op: &'static str, what: &'static str, expected: usize, got: usize) -> Result<(), KernelError> {
    if expected == got { Ok(()) } else { Err(KernelError::Size { op, what, expected, got }) }
}

/// [`KernelError::TooLarge`] unless `got` is within `limit`.
pub(crate) fn check_limit(op: &'static str, what: &'static str, limit: u64, got: u64) -> Result<(), KernelError> {
    if got <= limit { Ok(()) } else { Err(KernelError::TooLarge { op, what, limit, got }) }
}
