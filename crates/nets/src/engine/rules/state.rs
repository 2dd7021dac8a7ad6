//! Steps, and what is remembered between them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::rule::in_range;
use super::{Fate, Mask, Rule};
use crate::NetError;
use crate::engine::Scalar;
use crate::error::check_size;

/// Bounds for a gradient, as PyTorch's `clip_grad_norm_` and `clip_grad_value_`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Clip {
    /// As it is.
    No,
    /// `g min(1, largest/|g|)`, in the Euclidean norm (Pascanu, Mikolov & Bengio 2013).
    Norm(f64),
    /// Each derivative cut to `[−largest, largest]`.
    Value(f64),
}

/// How parameters follow a gradient: all that a step needs to know beside the state.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Optimiser {
    /// What makes a displacement of a gradient.
    pub rule: Rule,
    /// In [0, 1e30].
    pub learning_rate: f64,
    /// `decay p` is added to the gradient, after clipping; for [`Rule::AdamW`] it acts beside. In [0, 1e30].
    pub decay: f64,
    /// Bounds for the gradient.
    pub clip: Clip,
}

/// What a recipe says: `Adam (beta_1 0.9, beta_2 0.999, epsilon 1e-8) at learning rate 0.01`, then decay and bounds, if any.
impl fmt::Display for Optimiser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, learning_rate, decay, clip } = self;
        write!(f, "{rule} at learning rate {learning_rate}")?;
        if *decay > 0.0 {
            write!(f, ", weight decay {decay}")?;
        }
        match clip {
            Clip::No => Ok(()),
            Clip::Norm(largest) => write!(f, ", gradients cut to the norm {largest}"),
            Clip::Value(largest) => write!(f, ", derivatives cut to ±{largest}"),
        }
    }
}

impl Optimiser {
    /// Without decay and bounds.
    #[must_use]
    pub const fn new(rule: Rule, learning_rate: f64) -> Self {
        Self { rule, learning_rate, decay: 0.0, clip: Clip::No }
    }

    /// Gradient descent, with batches as they come.
    #[must_use]
    pub const fn sgd(learning_rate: f64) -> Self {
        Self::new(Rule::SGD, learning_rate)
    }

    /// The same with momentum.
    #[must_use]
    pub const fn momentum(learning_rate: f64, momentum: f64) -> Self {
        Self::new(Rule::Sgd { momentum }, learning_rate)
    }

    /// Adam with the constants of its authors.
    #[must_use]
    pub const fn adam(learning_rate: f64) -> Self {
        Self::new(Rule::ADAM, learning_rate)
    }

    /// # Errors
    /// [`NetError::Range`] for a number outside its range, NaN included.
    pub fn check(&self) -> Result<(), NetError> {
        let beyond = 1e30_f64.next_up();
        in_range("learning_rate", self.learning_rate, 0.0..beyond, "[0, 1e30]")?;
        in_range("decay", self.decay, 0.0..beyond, "[0, 1e30]")?;
        if let Clip::Norm(largest) | Clip::Value(largest) = self.clip {
            in_range("largest gradient", largest, 0.0..beyond, "[0, 1e30]")?;
        }
        self.rule.check()
    }
}

/// Whether an update was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Update {
    /// Parameters have moved.
    Done,
    /// They would have become infinite or NaN, and stayed where they were. The state is spent.
    Diverged,
}

/// What a rule remembers from step to step. Memory is taken when it first needs it: none for gradient descent.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleState<T> {
    n_parameters: usize,
    /// Velocity, sum or mean of squares, first moment.
    first: Vec<T>,
    /// The second moment of Adam.
    second: Vec<T>,
    /// `b² − b_0²` of AdaGrad-Norm.
    squares: f64,
    steps: u64,
}

impl<T: Scalar> RuleState<T> {
    /// Before the first step, for so many parameters.
    #[must_use]
    pub fn new(n_parameters: usize) -> Self {
        Self { n_parameters, first: Vec::new(), second: Vec::new(), squares: 0.0, steps: 0 }
    }

    /// As after `steps` steps that left these [`moments`](Self::moments) and [`squares`](Self::squares).
    ///
    /// # Errors
    /// [`NetError::Size`] for moments that are neither empty nor one for each parameter.
    pub fn from_moments(
        n_parameters: usize,
        (first, second): (&[T], &[T]),
        squares: f64,
        steps: u64,
    ) -> Result<Self, NetError> {
        for moments in [first, second].into_iter().filter(|moments| !moments.is_empty()) {
            check_size("moments of a rule", n_parameters, moments.len())?;
        }
        Ok(Self { n_parameters, first: first.to_vec(), second: second.to_vec(), squares, steps })
    }

    /// The first and the second moment; empty where the rule has none.
    #[must_use]
    pub fn moments(&self) -> (&[T], &[T]) {
        (&self.first, &self.second)
    }

    /// The sum of squared gradients of [`Rule::AdaGradNorm`].
    #[must_use]
    pub fn squares(&self) -> f64 {
        self.squares
    }

    /// Steps since the start.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        self.first.fill(T::ZERO);
        self.second.fill(T::ZERO);
        self.squares = 0.0;
        self.steps = 0;
    }

    /// One step along `gradient`, which is used as scratch space and holds no meaning afterwards.
    ///
    /// # Errors
    /// [`NetError::Size`] when there are not as many parameters, derivatives or fates as the state was made for.
    pub fn step(
        &mut self,
        optimiser: &Optimiser,
        mask: Option<&Mask>,
        parameters: &mut [T],
        gradient: &mut [T],
    ) -> Result<Update, NetError> {
        check_size("parameters of a rule", self.n_parameters, parameters.len())?;
        check_size("gradient of a rule", self.n_parameters, gradient.len())?;
        if let Some(mask) = mask {
            mask.clear(gradient)?;
        }
        self.steps = self.steps.saturating_add(1);
        clip(optimiser.clip, gradient);
        let is_beside = matches!(optimiser.rule, Rule::AdamW { .. });
        if optimiser.decay > 0.0 && !is_beside {
            let decay = T::from_f64(optimiser.decay);
            gradient.iter_mut().zip(&*parameters).for_each(|(g, p)| *g = *g + decay * *p);
            if let Some(mask) = mask {
                mask.clear(gradient)?;
            }
        }
        self.displace(optimiser, gradient);
        if optimiser.decay > 0.0 && is_beside {
            let decay = T::from_f64(optimiser.learning_rate * optimiser.decay);
            gradient.iter_mut().zip(&*parameters).for_each(|(g, p)| *g = *g + decay * *p);
        }
        // The gradient holds the displacement now.
        if let Some(mask) = mask {
            mask.clear(gradient)?;
        }
        if !sum_of_zeros(parameters, gradient).is_finite() {
            return Ok(Update::Diverged);
        }
        parameters.iter_mut().zip(&*gradient).for_each(|(p, g)| *p = *p - *g);
        if let Some(mask) = mask.filter(|mask| mask.fates().contains(&Fate::Pruned)) {
            mask.prune(parameters)?;
        }
        Ok(Update::Done)
    }

    /// From gradients to displacements.
    fn displace(&mut self, optimiser: &Optimiser, gradient: &mut [T]) {
        let learning_rate = optimiser.learning_rate;
        let rate = T::from_f64(learning_rate);
        let Self { n_parameters, first, second, squares, steps } = self;
        let n = *n_parameters;
        match optimiser.rule {
            Rule::Sgd { momentum } => {
                let momentum = T::from_f64(momentum);
                // Without momentum the velocity is the gradient.
                if momentum > T::ZERO {
                    first.resize(n, T::ZERO);
                    for (g, v) in gradient.iter_mut().zip(&mut *first) {
                        *v = momentum * *v + *g;
                        *g = rate * *v;
                    }
                } else {
                    first.clear();
                    gradient.iter_mut().for_each(|g| *g = rate * *g);
                }
            }
            Rule::Nesterov { momentum, ahead } => {
                let (momentum, ahead) = (T::from_f64(momentum), T::from_f64(ahead));
                first.resize(n, T::ZERO);
                for (g, v) in gradient.iter_mut().zip(first) {
                    *v = momentum * *v + *g;
                    *g = rate * (*g + ahead * *v);
                }
            }
            Rule::AdaGrad { epsilon } => {
                let epsilon = T::from_f64(epsilon);
                first.resize(n, T::ZERO);
                for (g, s) in gradient.iter_mut().zip(first) {
                    *s = *s + *g * *g;
                    *g = rate * *g / (s.sqrt() + epsilon);
                }
            }
            Rule::AdaGradNorm { b_0 } => {
                *squares += gradient.iter().map(|g| g.to_f64() * g.to_f64()).sum::<f64>();
                let rate = T::from_f64(learning_rate / (b_0 * b_0 + *squares).sqrt());
                gradient.iter_mut().for_each(|g| *g = rate * *g);
            }
            Rule::RmsProp { alpha, epsilon } => {
                let (rest, alpha, epsilon) = (T::from_f64(1.0 - alpha), T::from_f64(alpha), T::from_f64(epsilon));
                first.resize(n, T::ZERO);
                for (g, s) in gradient.iter_mut().zip(first) {
                    *s = alpha * *s + rest * *g * *g;
                    *g = rate * *g / (s.sqrt() + epsilon);
                }
            }
            Rule::Adam { beta_1, beta_2, epsilon } | Rule::AdamW { beta_1, beta_2, epsilon } => {
                first.resize(n, T::ZERO);
                second.resize(n, T::ZERO);
                let k = *steps as f64;
                let rate = T::from_f64(learning_rate / (1.0 - libm::pow(beta_1, k)));
                let root = T::from_f64(1.0 / (1.0 - libm::pow(beta_2, k)));
                let (rest_1, rest_2) = (T::from_f64(1.0 - beta_1), T::from_f64(1.0 - beta_2));
                let (beta_1, beta_2, epsilon) = (T::from_f64(beta_1), T::from_f64(beta_2), T::from_f64(epsilon));
                for ((g, m), v) in gradient.iter_mut().zip(first).zip(second) {
                    *m = beta_1 * *m + rest_1 * *g;
                    *v = beta_2 * *v + rest_2 * *g * *g;
                    *g = rate * *m / ((*v * root).sqrt() + epsilon);
                }
            }
        }
    }
}

fn clip<T: Scalar>(clip: Clip, gradient: &mut [T]) {
    match clip {
        Clip::No => {}
        Clip::Norm(largest) => {
            let norm = gradient.iter().map(|g| g.to_f64() * g.to_f64()).sum::<f64>().sqrt();
            // NaN is to show.
            if norm > largest {
                let factor = T::from_f64(largest / norm);
                gradient.iter_mut().for_each(|g| *g = factor * *g);
            }
        }
        Clip::Value(largest) => {
            let largest = T::from_f64(largest);
            for g in gradient {
                *g = if *g > largest {
                    largest
                } else if *g < -largest {
                    -largest
                } else {
                    *g
                };
            }
        }
    }
}

/// The sum of `0 (p − g)`: zero, unless one of them is infinite or NaN. Lanes of its own make it SIMD without a branch.
#[inline(always)]
fn sum_of_zeros<T: Scalar>(parameters: &[T], displacement: &[T]) -> T {
    let (p8, p_rest) = parameters.as_chunks::<8>();
    let (g8, g_rest) = displacement.as_chunks::<8>();
    let mut lanes = [T::ZERO; 8];
    for (p, g) in p8.iter().zip(g8) {
        for i in 0..8 {
            lanes[i] = lanes[i] + T::ZERO * (p[i] - g[i]);
        }
    }
    let rest = p_rest.iter().zip(g_rest).fold(T::ZERO, |sum, (p, g)| sum + T::ZERO * (*p - *g));
    lanes.into_iter().fold(rest, |sum, lane| sum + lane)
}
