//! Learning rates over steps.

use serde::{Deserialize, Serialize};

use crate::NetError;

/// A learning rate at each step; steps count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Schedule {
    /// `lr`.
    Constant,
    /// `lr factor^⌊k/every⌋`.
    Step {
        /// At least 1.
        every: u64,
        /// In [0, 1].
        factor: f64,
    },
    /// `last + (lr − last) (1 + cos(π k/steps))/2`, then `last` (Loshchilov & Hutter 2017, eq. 5).
    Cosine {
        /// At least 1.
        steps: u64,
        /// In [0, 1e30].
        last: f64,
    },
    /// `lr/(1 + k/halved_at)` (Robbins & Monro 1951).
    Inverse {
        /// Steps until it is half; above 0.
        halved_at: f64,
    },
}

impl Schedule {
    /// # Errors
    /// [`NetError::Range`] for a constant outside its range, NaN included.
    pub fn check(&self) -> Result<(), NetError> {
        let is_in = |name, got: f64, is_in: bool, allowed| {
            if is_in { Ok(()) } else { Err(NetError::Range { name, got, allowed }) }
        };
        match *self {
            Self::Constant => Ok(()),
            Self::Step { every, factor } => is_in("every", every as f64, every > 0, "[1, inf)").and(is_in(
                "factor",
                factor,
                (0.0..=1.0).contains(&factor),
                "[0, 1]",
            )),
            Self::Cosine { steps, last } => is_in("steps", steps as f64, steps > 0, "[1, inf)").and(is_in(
                "last",
                last,
                (0.0..=1e30).contains(&last),
                "[0, 1e30]",
            )),
            Self::Inverse { halved_at } => {
                is_in("halved_at", halved_at, halved_at > 0.0 && halved_at.is_finite(), "(0, inf)")
            }
        }
    }

    /// The rate of step `step` where it starts at `learning_rate`, after a warm-up: for its first `warm_up` steps `lr (k +
    /// 1)/warm_up`, and the schedule from there on (Goyal et al. 2017).
    #[must_use]
    pub fn rate(&self, learning_rate: f64, warm_up: u64, step: u64) -> f64 {
        if step < warm_up {
            return learning_rate * (step + 1) as f64 / warm_up as f64;
        }
        let k = step - warm_up;
        match *self {
            Self::Constant => learning_rate,
            Self::Step { every, factor } => learning_rate * libm::pow(factor, (k / every.max(1)) as f64),
            Self::Cosine { steps, last } if k < steps => {
                let phase = std::f64::consts::PI * k as f64 / steps as f64;
                last + 0.5 * (learning_rate - last) * (1.0 + libm::cos(phase))
            }
            Self::Cosine { last, .. } => last,
            Self::Inverse { halved_at } => learning_rate / (1.0 + k as f64 / halved_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates() {
        let rates = |schedule: Schedule, steps: [u64; 4]| steps.map(|k| schedule.rate(0.4, 0, k));
        assert_eq!(rates(Schedule::Constant, [0, 1, 10, u64::MAX]), [0.4; 4]);
        assert_eq!(rates(Schedule::Step { every: 3, factor: 0.5 }, [0, 2, 3, 6]), [0.4, 0.4, 0.2, 0.1]);
        let cosine = rates(Schedule::Cosine { steps: 10, last: 0.2 }, [0, 5, 10, 11]);
        assert!((cosine[1] - 0.3).abs() < 1e-15, "half the way: {cosine:?}");
        assert_eq!([cosine[0], cosine[2], cosine[3]], [0.4, 0.2, 0.2]);
        assert_eq!(rates(Schedule::Inverse { halved_at: 2.0 }, [0, 2, 6, 14]), [0.4, 0.2, 0.1, 0.05]);
        let warm = [0, 3, 4, 7].map(|k| Schedule::Step { every: 3, factor: 0.5 }.rate(0.4, 4, k));
        assert_eq!(warm, [0.1, 0.4, 0.4, 0.2]);
    }

    #[test]
    fn ranges() {
        assert!(Schedule::Step { every: 0, factor: 0.5 }.check().is_err());
        assert!(Schedule::Step { every: 1, factor: f64::NAN }.check().is_err());
        assert!(Schedule::Cosine { steps: 0, last: 0.0 }.check().is_err());
        assert!(Schedule::Cosine { steps: 1, last: -1.0 }.check().is_err());
        assert!(Schedule::Inverse { halved_at: 0.0 }.check().is_err());
        assert!(Schedule::Inverse { halved_at: 3.0 }.check().is_ok());
    }
}
