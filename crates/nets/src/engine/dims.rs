//! Forms of values, and windows that slide over them.

use std::fmt;

use crate::NetError;

/// Most numbers in the form of a value (a sixteenth of a gigabyte for each example in `f32`).
pub(super) const MOST_FEATURES: usize = 1 << 24;

/// Channels of a grid of rows and columns, `[channels, rows, columns]` row-major; a vector has one row and one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dims {
    /// Channels.
    pub channels: usize,
    /// Rows of each.
    pub rows: usize,
    /// Columns of each.
    pub columns: usize,
}

impl Dims {
    /// So many numbers.
    #[must_use]
    pub const fn vector(n: usize) -> Self {
        Self { channels: n, rows: 1, columns: 1 }
    }

    /// Channels of an image.
    #[must_use]
    pub const fn image(channels: usize, rows: usize, columns: usize) -> Self {
        Self { channels, rows, columns }
    }

    /// Numbers in a channel.
    #[must_use]
    pub const fn positions(&self) -> usize {
        self.rows.saturating_mul(self.columns)
    }

    /// Numbers in all.
    #[must_use]
    pub const fn features(&self) -> usize {
        self.channels.saturating_mul(self.positions())
    }
}

impl fmt::Display for Dims {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}×{}×{}", self.channels, self.rows, self.columns)
    }
}

/// A window over rows and columns, as `[rows, columns]` each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Its size.
    pub kernel: [usize; 2],
    /// From one place to the next.
    pub stride: [usize; 2],
    /// Zeros on either side.
    pub padding: [usize; 2],
}

impl Window {
    /// A square that moves by one and stays inside.
    #[must_use]
    pub const fn square(side: usize) -> Self {
        Self { kernel: [side; 2], stride: [1; 2], padding: [0; 2] }
    }

    /// The same with a step.
    #[must_use]
    pub const fn stride(self, stride: usize) -> Self {
        Self { stride: [stride; 2], ..self }
    }

    /// The same with zeros around.
    #[must_use]
    pub const fn padding(self, padding: usize) -> Self {
        Self { padding: [padding; 2], ..self }
    }

    /// Places of the window over rows and columns: `⌊(n + 2 padding − kernel)/stride⌋ + 1` each.
    ///
    /// # Errors
    /// [`NetError::Range`] for a kernel or a stride of zero and for padding as wide as the kernel, [`NetError::Form`] where it
    /// does not fit.
    pub fn places(&self, op: &'static str, over: Dims) -> Result<[usize; 2], NetError> {
        let mut places = [0; 2];
        for (i, n) in [over.rows, over.columns].into_iter().enumerate() {
            let (kernel, stride, padding) = (self.kernel[i], self.stride[i], self.padding[i]);
            if kernel == 0 || kernel > MOST_FEATURES {
                return Err(NetError::Range { name: "kernel", got: kernel as f64, allowed: "[1, 2^24]" });
            }
            if stride == 0 || stride > MOST_FEATURES {
                return Err(NetError::Range { name: "stride", got: stride as f64, allowed: "[1, 2^24]" });
            }
            if padding >= kernel {
                return Err(NetError::Range { name: "padding", got: padding as f64, allowed: "[0, kernel)" });
            }
            let padded = n.saturating_add(2 * padding);
            let Some(beyond) = padded.checked_sub(kernel) else {
                return Err(NetError::Form {
                    op,
                    expected: format!(
                        "at least {kernel} rows and columns with the padding of {padding} on either side"
                    ),
                    got: over.to_string(),
                });
            };
            places[i] = beyond / stride + 1;
        }
        Ok(places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_windows() {
        let over = Dims::image(3, 28, 13);
        assert_eq!(Window::square(5).padding(2).places("test", over).unwrap(), [28, 13]);
        assert_eq!(Window::square(2).stride(2).places("test", over).unwrap(), [14, 6]);
        assert_eq!(Window::square(13).places("test", over).unwrap(), [16, 1]);
        assert!(Window::square(14).places("test", over).is_err());
        assert!(Window::square(0).places("test", over).is_err());
        assert!(Window::square(3).stride(0).places("test", over).is_err());
        assert!(Window::square(3).padding(3).places("test", over).is_err());
        assert_eq!(Dims::image(usize::MAX, 2, 2).features(), usize::MAX);
    }
}
