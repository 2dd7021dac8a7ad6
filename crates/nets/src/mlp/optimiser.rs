//! Update rules, on plain slices of either precision.

use std::ops::{Add, Div, Mul, Sub};

use crate::NetError;
use crate::error::check_size;

/// How parameters follow the gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Optimiser {
    /// `v <- momentum v + g`, `p <- p - learning_rate v`, with `v = 0` at first: PyTorch's SGD.
    Sgd {
        /// 0 or more.
        learning_rate: f64,
        /// In [0, 1).
        momentum: f64,
    },
    /// `m <- beta_1 m + (1 - beta_1) g`, `v <- beta_2 v + (1 - beta_2) g²`,
    /// `p <- p - learning_rate m̂ / (sqrt(v̂) + epsilon)` with `m̂ = m/(1 - beta_1^k)`, `v̂ = v/(1 - beta_2^k)` at step
    /// `k = 1, 2, ...` (Kingma & Ba 2015).
    Adam {
        /// 0 or more.
        learning_rate: f64,
        /// In [0, 1), commonly 0.9.
        beta_1: f64,
        /// In [0, 1), commonly 0.999.
        beta_2: f64,
        /// Above 0, commonly 1e-8.
        epsilon: f64,
    },
}

impl Optimiser {
    /// SGD without momentum.
    #[must_use]
    pub const fn sgd(learning_rate: f64) -> Self {
        Self::Sgd { learning_rate, momentum: 0.0 }
    }

    /// Adam with the constants of its authors.
    #[must_use]
    pub const fn adam(learning_rate: f64) -> Self {
        Self::Adam { learning_rate, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8 }
    }

    /// # Errors
    /// [`NetError::Range`] for a value outside its range, NaN included.
    pub fn check(&self) -> Result<(), NetError> {
        let in_range = |name, got: f64, allowed, is_in: bool| {
            if is_in { Ok(()) } else { Err(NetError::Range { name, got, allowed }) }
        };
        let rate = |got: f64| in_range("learning_rate", got, "[0, 1e30]", (0.0..=1e30).contains(&got));
        let share = |name, got: f64| in_range(name, got, "[0, 1)", (0.0..1.0).contains(&got));
        match *self {
            Self::Sgd { learning_rate, momentum } => {
                rate(learning_rate)?;
                share("momentum", momentum)
            }
            Self::Adam { learning_rate, beta_1, beta_2, epsilon } => {
                rate(learning_rate)?;
                share("beta_1", beta_1)?;
                share("beta_2", beta_2)?;
                in_range("epsilon", epsilon, "[1e-30, 1e30]", (1e-30..=1e30).contains(&epsilon))
            }
        }
    }
}

/// `f32` or `f64`.
pub trait Real:
    Copy + PartialOrd + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + sealed::Sealed
{
    /// 0.
    const ZERO: Self;
    /// The nearest number.
    fn from_f64(x: f64) -> Self;
    /// Square root.
    fn sqrt(self) -> Self;
    /// Whether it is neither infinite nor NaN.
    fn is_finite(self) -> bool;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

impl Real for f32 {
    const ZERO: Self = 0.0;
    fn from_f64(x: f64) -> Self {
        x as Self
    }
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    fn is_finite(self) -> bool {
        self.is_finite()
    }
}

impl Real for f64 {
    const ZERO: Self = 0.0;
    fn from_f64(x: f64) -> Self {
        x
    }
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    fn is_finite(self) -> bool {
        self.is_finite()
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

/// What an optimiser remembers from step to step. Memory is taken when a rule first needs it: none for SGD without
/// momentum.
#[derive(Clone, Debug, PartialEq)]
pub struct OptimiserState<T> {
    n_parameters: usize,
    /// The velocity of SGD, the first moment of Adam.
    first: Vec<T>,
    /// The second moment of Adam.
    second: Vec<T>,
    steps: u64,
}

impl<T: Real> OptimiserState<T> {
    /// Before the first step, for so many parameters.
    #[must_use]
    pub fn new(n_parameters: usize) -> Self {
        Self { n_parameters, first: Vec::new(), second: Vec::new(), steps: 0 }
    }

    /// As after `steps` steps that left these moments, the velocity of SGD first; empty for what the rule does not need.
    ///
    /// # Errors
    /// [`NetError::Size`] for moments that are neither empty nor one for each parameter.
    pub fn from_moments(n_parameters: usize, first: &[T], second: &[T], steps: u64) -> Result<Self, NetError> {
        for moments in [first, second].into_iter().filter(|moments| !moments.is_empty()) {
            check_size("moments of the optimiser", n_parameters, moments.len())?;
        }
        Ok(Self { n_parameters, first: first.to_vec(), second: second.to_vec(), steps })
    }

    /// The velocity of SGD or the first moment of Adam, and its second moment; empty where there is none.
    #[must_use]
    pub fn moments(&self) -> (&[T], &[T]) {
        (&self.first, &self.second)
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        self.first.fill(T::ZERO);
        self.second.fill(T::ZERO);
        self.steps = 0;
    }

    /// Steps since the start.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// One step along `gradient`, which is used as scratch space and holds no meaning afterwards.
    ///
    /// # Errors
    /// [`NetError::Size`] when there are not as many parameters or derivatives as the state was made for.
    pub fn step(&mut self, optimiser: Optimiser, parameters: &mut [T], gradient: &mut [T]) -> Result<Update, NetError> {
        check_size("parameters of the optimiser", self.n_parameters, parameters.len())?;
        check_size("gradient of the optimiser", self.n_parameters, gradient.len())?;
        self.steps = self.steps.saturating_add(1);
        match optimiser {
            Optimiser::Sgd { learning_rate, momentum } => {
                let (learning_rate, momentum) = (T::from_f64(learning_rate), T::from_f64(momentum));
                // Without momentum the velocity is the gradient.
                if momentum > T::ZERO {
                    self.first.resize(self.n_parameters, T::ZERO);
                    for (g, v) in gradient.iter_mut().zip(&mut self.first) {
                        *v = momentum * *v + *g;
                        *g = learning_rate * *v;
                    }
                } else {
                    self.first.clear();
                    gradient.iter_mut().for_each(|g| *g = learning_rate * *g);
                }
            }
            Optimiser::Adam { learning_rate, beta_1, beta_2, epsilon } => {
                self.first.resize(self.n_parameters, T::ZERO);
                self.second.resize(self.n_parameters, T::ZERO);
                let k = self.steps as f64;
                let rate = T::from_f64(learning_rate / (1.0 - libm::pow(beta_1, k)));
                let root = T::from_f64(1.0 / (1.0 - libm::pow(beta_2, k)));
                let (rest_1, rest_2) = (T::from_f64(1.0 - beta_1), T::from_f64(1.0 - beta_2));
                let (beta_1, beta_2, epsilon) = (T::from_f64(beta_1), T::from_f64(beta_2), T::from_f64(epsilon));
                for ((g, m), v) in gradient.iter_mut().zip(&mut self.first).zip(&mut self.second) {
                    *m = beta_1 * *m + rest_1 * *g;
                    *v = beta_2 * *v + rest_2 * *g * *g;
                    *g = rate * *m / ((*v * root).sqrt() + epsilon);
                }
            }
        }
        // The gradient holds the displacement now.
        let zero = sum_of_zeros(parameters, gradient);
        if !zero.is_finite() {
            return Ok(Update::Diverged);
        }
        for (p, g) in parameters.iter_mut().zip(&*gradient) {
            *p = *p - *g;
        }
        Ok(Update::Done)
    }
}

/// The sum of `0 (p − g)`: zero, unless one of them is infinite or NaN. Lanes of its own make it SIMD without a branch.
fn sum_of_zeros<T: Real>(parameters: &[T], displacement: &[T]) -> T {
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
