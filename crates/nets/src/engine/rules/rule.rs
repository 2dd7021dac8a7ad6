//! The rules and their constants.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::NetError;

/// How a displacement is made of gradients. `g` is the gradient, `lr` the rate; `p ← p − displacement`. Moments are zero at
/// first. PyTorch's forms, where it has them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Rule {
    /// `v ← momentum v + g`, displacement `lr v` (Polyak 1964). Without momentum it is gradient descent.
    Sgd {
        /// In [0, 1).
        momentum: f64,
    },
    /// `v ← momentum v + g`, displacement `lr (g + ahead v)`: Nesterov's method (1983) at its look-ahead point. `ahead` is the
    /// momentum of the next step, commonly the same.
    Nesterov {
        /// In [0, 1).
        momentum: f64,
        /// In [0, 1).
        ahead: f64,
    },
    /// `s ← s + g²`, displacement `lr g/(√s + epsilon)` (Duchi, Hazan & Singer 2011).
    AdaGrad {
        /// In [1e-30, 1e30], commonly 1e-10.
        epsilon: f64,
    },
    /// `b² ← b² + |g|²`, displacement `lr g/b`, with one b for all parameters (Ward, Wu & Bottou 2018).
    AdaGradNorm {
        /// b before the first step, in [1e-30, 1e30].
        b_0: f64,
    },
    /// `s ← alpha s + (1 − alpha) g²`, displacement `lr g/(√s + epsilon)` (Tieleman & Hinton 2012).
    RmsProp {
        /// In [0, 1), commonly 0.99.
        alpha: f64,
        /// In [1e-30, 1e30], commonly 1e-8.
        epsilon: f64,
    },
    /// `m ← beta_1 m + (1 − beta_1) g`, `v ← beta_2 v + (1 − beta_2) g²`, displacement `lr m̂/(√v̂ + epsilon)` with `m̂ =
    /// m/(1 − beta_1^k)`, `v̂ = v/(1 − beta_2^k)` at step k = 1, 2, … (Kingma & Ba 2015).
    Adam {
        /// In [0, 1), commonly 0.9.
        beta_1: f64,
        /// In [0, 1), commonly 0.999.
        beta_2: f64,
        /// In [1e-30, 1e30], commonly 1e-8.
        epsilon: f64,
    },
    /// Adam, with decay that the moments do not see: displacement `lr m̂/(√v̂ + epsilon) + lr decay p` (Loshchilov & Hutter
    /// 2019).
    AdamW {
        /// In [0, 1), commonly 0.9.
        beta_1: f64,
        /// In [0, 1), commonly 0.999.
        beta_2: f64,
        /// In [1e-30, 1e30], commonly 1e-8.
        epsilon: f64,
    },
}

impl Rule {
    /// Gradient descent.
    pub const SGD: Self = Self::Sgd { momentum: 0.0 };
    /// Adam with the constants of its authors.
    pub const ADAM: Self = Self::Adam { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8 };
    /// AdamW with the same.
    pub const ADAM_W: Self = Self::AdamW { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8 };

    /// Nesterov's method with one momentum.
    #[must_use]
    pub const fn nesterov(momentum: f64) -> Self {
        Self::Nesterov { momentum, ahead: momentum }
    }

    /// # Errors
    /// [`NetError::Range`] for a constant outside its range, NaN included.
    pub fn check(&self) -> Result<(), NetError> {
        let share = |name, got: f64| in_range(name, got, 0.0..1.0, "[0, 1)");
        let size = |name, got: f64| {
            if (1e-30..=1e30).contains(&got) {
                Ok(())
            } else {
                Err(NetError::Range { name, got, allowed: "[1e-30, 1e30]" })
            }
        };
        match *self {
            Self::Sgd { momentum } => share("momentum", momentum),
            Self::Nesterov { momentum, ahead } => share("momentum", momentum).and(share("ahead", ahead)),
            Self::AdaGrad { epsilon } => size("epsilon", epsilon),
            Self::AdaGradNorm { b_0 } => size("b_0", b_0),
            Self::RmsProp { alpha, epsilon } => share("alpha", alpha).and(size("epsilon", epsilon)),
            Self::Adam { beta_1, beta_2, epsilon } | Self::AdamW { beta_1, beta_2, epsilon } => {
                share("beta_1", beta_1).and(share("beta_2", beta_2)).and(size("epsilon", epsilon))
            }
        }
    }

    /// The largest rate at which it stays stable where the curvature is `lambda_max`, exclusive: `2 (1 + β)/λ` with momentum β, `2 (1
    /// + β)/((1 + 2 β) λ)` for Nesterov's; none for rules that scale the gradient themselves.
    #[must_use]
    pub fn largest_stable_rate(&self, lambda_max: f64) -> Option<f64> {
        match *self {
            Self::Sgd { momentum } => Some(2.0 * (1.0 + momentum) / lambda_max),
            Self::Nesterov { momentum, .. } => Some(2.0 * (1.0 + momentum) / ((1.0 + 2.0 * momentum) * lambda_max)),
            _ => None,
        }
    }
}

/// Its name and its constants: `Adam (beta_1 0.9, beta_2 0.999, epsilon 1e-8)`.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Sgd { momentum: 0.0 } => f.write_str("gradient descent"),
            Self::Sgd { momentum } => write!(f, "gradient descent (momentum {momentum})"),
            Self::Nesterov { momentum, ahead } => {
                write!(f, "Nesterov's method (momentum {momentum}, {ahead} at the next step)")
            }
            Self::AdaGrad { epsilon } => write!(f, "AdaGrad (epsilon {epsilon:?})"),
            Self::AdaGradNorm { b_0 } => write!(f, "AdaGrad-Norm (b_0 {b_0})"),
            Self::RmsProp { alpha, epsilon } => write!(f, "RMSprop (alpha {alpha}, epsilon {epsilon:?})"),
            Self::Adam { beta_1, beta_2, epsilon } => {
                write!(f, "Adam (beta_1 {beta_1}, beta_2 {beta_2}, epsilon {epsilon:?})")
            }
            Self::AdamW { beta_1, beta_2, epsilon } => {
                write!(f, "AdamW (beta_1 {beta_1}, beta_2 {beta_2}, epsilon {epsilon:?})")
            }
        }
    }
}

pub(super) fn in_range(
    name: &'static str,
    got: f64,
    range: std::ops::Range<f64>,
    allowed: &'static str,
) -> Result<(), NetError> {
    if range.contains(&got) { Ok(()) } else { Err(NetError::Range { name, got, allowed }) }
}

/// The momentum of step k = 1, 2, …: `(t_k − 1)/t_{k+1}` with `t_1 = 1`, `t_{k+1} = (1 + √(1 + 4 t_k²))/2`; zero at the first
/// (Nesterov 1983; Beck & Teboulle 2009).
#[must_use]
pub fn fista_momentum(step: u64) -> f64 {
    let next = |t: f64| 0.5 * (1.0 + (1.0 + 4.0 * t * t).sqrt());
    // t_k is k/2 and some: what is below one part in 10^12 of it is left out.
    let (mut t, mut k) = (1.0, 1);
    while k < step.min(10_000) {
        t = next(t);
        k += 1;
    }
    if step > k {
        t += 0.5 * (step - k) as f64;
    }
    (t - 1.0) / next(t)
}
