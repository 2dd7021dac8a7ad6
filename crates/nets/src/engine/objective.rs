//! Mean losses over many examples, with their gradients and Hessian-vector products, a pass at a time.

use std::ops::Range;

use super::{ByParameters, Norms, Pass, Scalar, Wants, jets, loss};
use crate::NetError;
use crate::error::{check_limit, check_size};

/// A mean loss over examples, in jets of any number of coefficients.
pub trait Objective<T: Scalar> {
    /// How many examples.
    fn n(&self) -> usize;

    /// Sets the inputs of some of them.
    ///
    /// # Errors
    /// What [`Pass::set_inputs`] says.
    fn set_inputs<const N: usize>(&self, pass: &mut Pass<T, N>, examples: Range<usize>) -> Result<(), NetError>;

    /// The sum of their losses over [`n`](Self::n), after a pass forward, whose seed is written.
    ///
    /// # Errors
    /// What the loss says.
    fn loss<const N: usize>(&self, pass: &mut Pass<T, N>, examples: Range<usize>) -> Result<[f64; N], NetError>;
}

/// The cross-entropy of classes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Classified<'a, T> {
    inputs: &'a [T],
    classes: &'a [u32],
}

impl<'a, T: Scalar> Classified<'a, T> {
    /// Inputs `[examples, features]`, row-major, with the class of each.
    ///
    /// # Errors
    /// [`NetError::Empty`] without examples, [`NetError::Size`] for inputs that are no multiple of their number.
    pub fn new(inputs: &'a [T], classes: &'a [u32]) -> Result<Self, NetError> {
        if classes.is_empty() {
            return Err(NetError::Empty { op: "classified examples" });
        }
        check_size("inputs", inputs.len() / classes.len() * classes.len(), inputs.len())?;
        Ok(Self { inputs, classes })
    }
}

impl<T: Scalar> Objective<T> for Classified<'_, T> {
    fn n(&self) -> usize {
        self.classes.len()
    }

    fn set_inputs<const N: usize>(&self, pass: &mut Pass<T, N>, examples: Range<usize>) -> Result<(), NetError> {
        let features = self.inputs.len() / self.n();
        check_limit("examples", examples.end, self.n())?;
        pass.set_inputs(examples.len(), |i| {
            let start = (examples.start + i) * features;
            &self.inputs[start..start + features]
        })
    }

    fn loss<const N: usize>(&self, pass: &mut Pass<T, N>, examples: Range<usize>) -> Result<[f64; N], NetError> {
        check_limit("examples", examples.end, self.n())?;
        loss::cross_entropy(pass, &self.classes[examples], 1.0 / self.n() as f64)
    }
}

/// The mean loss along `Σ_n parameters_n ε^n`; its gradient is left in the pass ([`Pass::gradient`]). Examples go through in
/// groups of the pass's capacity; [`Norms::OfBatch`] are those of each group.
///
/// # Errors
/// What passes and the objective say; [`NetError::Empty`] without examples.
pub fn mean_gradient<T: Scalar, const N: usize>(
    pass: &mut Pass<T, N>,
    objective: &impl Objective<T>,
    parameters: &[[T; N]],
    norms: Norms<'_, T>,
) -> Result<[f64; N], NetError> {
    let n = objective.n();
    if n == 0 {
        return Err(NetError::Empty { op: "a mean loss" });
    }
    let mut sum = [0.0; N];
    for start in (0..n).step_by(pass.capacity()) {
        let examples = start..n.min(start + pass.capacity());
        objective.set_inputs(pass, examples.clone())?;
        pass.forward(parameters, norms)?;
        let losses = objective.loss(pass, examples)?;
        sum.iter_mut().zip(losses).for_each(|(sum, loss)| *sum += loss);
        let parameters_wanted = if start == 0 { ByParameters::Set } else { ByParameters::Add };
        pass.backward(parameters, Wants { parameters: parameters_wanted, input: false })?;
    }
    Ok(sum)
}

/// The Hessian of the mean loss times `v`, exactly, from one pass in truncated polynomials: `∇L(θ + ε v) = ∇L(θ) + ε H v`
/// (Pearlmutter 1994). About three times the work of a gradient.
///
/// # Errors
/// As [`mean_gradient`]; [`NetError::Size`] for a vector of another size.
pub fn hessian_vector_product<T: Scalar>(
    pass: &mut Pass<T, 2>,
    objective: &impl Objective<T>,
    parameters: &[T],
    v: &[T],
    norms: Norms<'_, T>,
) -> Result<Vec<T>, NetError> {
    mean_gradient(pass, objective, &jets([parameters, v])?, norms)?;
    Ok(pass.gradient().iter().map(|[_, product]| *product).collect())
}
