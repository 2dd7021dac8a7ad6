//! Inputs with what the net should say about them.

use std::ops::Range;

use super::Loss;
use crate::NetError;
use crate::error::check_size;

/// What the net should say.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets {
    /// The class of each example.
    Classes(Vec<u32>),
    /// The outputs for each example, `[n, outputs]`, row-major.
    Numbers(Vec<f32>),
}

/// Inputs and targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Examples {
    n: usize,
    /// Numbers in an input.
    dim: usize,
    inputs: Vec<f32>,
    targets: Targets,
    /// One more than the largest class; 0 for numbers.
    classes: usize,
    /// Numbers in a target, for numbers.
    target_dim: usize,
    is_signs: bool,
}

impl Examples {
    /// Examples of classes. `inputs` is `[labels.len(), dim]`, row-major.
    ///
    /// # Errors
    /// [`NetError::Size`] when there are not `labels.len() × dim` inputs.
    pub fn with_classes(dim: usize, inputs: Vec<f32>, labels: Vec<u32>) -> Result<Self, NetError> {
        check_size("inputs of the examples", labels.len().saturating_mul(dim), inputs.len())?;
        let classes = labels.iter().max().map_or(0, |&largest| largest as usize + 1);
        let n = labels.len();
        Ok(Self { n, dim, inputs, targets: Targets::Classes(labels), classes, target_dim: 0, is_signs: false })
    }

    /// `n` examples of numbers. `inputs` is `[n, dim]`, `targets` `[n, target_dim]`, both row-major.
    ///
    /// # Errors
    /// [`NetError::Size`] when either does not have as many numbers.
    pub fn with_numbers(
        n: usize,
        dim: usize,
        inputs: Vec<f32>,
        target_dim: usize,
        targets: Vec<f32>,
    ) -> Result<Self, NetError> {
        check_size("inputs of the examples", n.saturating_mul(dim), inputs.len())?;
        check_size("targets of the examples", n.saturating_mul(target_dim), targets.len())?;
        let is_signs = targets.iter().all(|target| target.abs() == 1.0);
        Ok(Self { n, dim, inputs, targets: Targets::Numbers(targets), classes: 0, target_dim, is_signs })
    }

    /// How many there are.
    #[must_use]
    pub fn n(&self) -> usize {
        self.n
    }

    /// Numbers in an input.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// `[n, dim]`, row-major.
    #[must_use]
    pub fn inputs(&self) -> &[f32] {
        &self.inputs
    }

    /// One input; none beyond the last.
    #[must_use]
    pub fn input(&self, index: usize) -> Option<&[f32]> {
        if index < self.n { self.inputs.get(index * self.dim..(index + 1) * self.dim) } else { None }
    }

    /// What the net should say.
    #[must_use]
    pub fn targets(&self) -> &Targets {
        &self.targets
    }

    /// Whether an example is right when its class has the largest output; else every output is to have its target's sign.
    pub(crate) fn are_right_by_largest(&self, loss: Loss, outputs: usize) -> bool {
        matches!(self.targets, Targets::Classes(_)) && (loss == Loss::CrossEntropy || outputs > 1)
    }

    /// Whether a net of these widths can be trained on them by this loss; none of it looks at the examples one by one.
    pub(crate) fn check(&self, inputs: usize, outputs: usize, loss: Loss) -> Result<(), NetError> {
        check_size("numbers in an input", inputs, self.dim)?;
        match (&self.targets, loss) {
            (Targets::Classes(_), Loss::CrossEntropy) => check_classes(self.classes, outputs),
            // A single output tells two classes apart by its sign.
            (Targets::Classes(_), _) => check_classes(self.classes, if outputs == 1 { 2 } else { outputs }),
            (Targets::Numbers(_), Loss::SquaredError) => check_size("numbers in a target", outputs, self.target_dim),
            (Targets::Numbers(_), Loss::Logistic) if self.is_signs => {
                check_size("numbers in a target", outputs, self.target_dim)
            }
            (Targets::Numbers(_), Loss::Logistic) => {
                Err(NetError::Targets { loss: "logistic", needs: "targets of -1 and 1, or classes" })
            }
            (Targets::Numbers(_), Loss::CrossEntropy) => {
                Err(NetError::Targets { loss: "cross-entropy", needs: "classes" })
            }
        }
    }

    /// Whether there are indices, and all of examples that there are.
    pub(crate) fn check_indices(&self, op: &'static str, indices: &[usize]) -> Result<(), NetError> {
        if indices.is_empty() {
            return Err(NetError::Empty { op });
        }
        let beyond = indices.iter().find(|&&index| index >= self.n());
        beyond.map_or(Ok(()), |&got| Err(NetError::NoExample { op, got, n: self.n() }))
    }

    /// Whether a range has examples, and only such as there are.
    pub(crate) fn check_range(&self, op: &'static str, range: &Range<usize>) -> Result<(), NetError> {
        if range.is_empty() {
            return Err(NetError::Empty { op });
        }
        if range.end > self.n() {
            return Err(NetError::NoExample { op, got: range.end - 1, n: self.n() });
        }
        Ok(())
    }

    /// Writes the targets of one example where `put(output, value)` says.
    #[inline]
    pub(crate) fn targets_of(&self, index: usize, outputs: usize, loss: Loss, mut put: impl FnMut(usize, f32)) {
        match &self.targets {
            Targets::Numbers(numbers) => {
                for o in 0..outputs {
                    put(o, numbers[index * outputs + o]);
                }
            }
            Targets::Classes(labels) => {
                let label = labels[index] as usize;
                if outputs == 1 && loss != Loss::CrossEntropy {
                    put(0, if label == 0 { -1.0 } else { 1.0 });
                } else {
                    let other = if loss == Loss::Logistic { -1.0 } else { 0.0 };
                    for o in 0..outputs {
                        put(o, if o == label { 1.0 } else { other });
                    }
                }
            }
        }
    }
}

fn check_classes(needed: usize, classes: usize) -> Result<(), NetError> {
    if needed <= classes { Ok(()) } else { Err(NetError::NoClass { got: needed - 1, classes }) }
}
