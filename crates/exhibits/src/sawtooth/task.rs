//! What is to be computed, by a deep net and by a shallow one.

use std::f64::consts::PI;

use theory::polynomial::Polynomial;
use theory::sawtooth::{
    ApproximateNet, NetError, PiecewiseLinear, ReluNet, SquareFit, distance_from_square, folded_cosine_net,
    interpolation, interpolation_pieces, polynomial_net, polynomial_steps, product_cost, product_error, product_net,
    product_steps, square_cost, square_error, square_net, square_steps, tent_net, tent_power,
};

/// Most pieces of the half period of a cosine, and of all its periods together.
const MAX_COSINE_PIECES: u64 = 64;
const MAX_WAVE_PIECES: u64 = 1 << 15;

/// A function of one variable.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Task {
    /// m^k.
    Sawtooth {
        k: u32,
    },
    /// x^2.
    Square,
    /// x y along a line of constant y.
    Product {
        y: f64,
    },
    Polynomial(Polynomial),
    /// cos(2^k pi x).
    Sine {
        k: u32,
        epsilon: f64,
    },
}

/// Units that are needed for a given error.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Needed {
    pub(super) deep: Option<f64>,
    pub(super) depth: Option<f64>,
    /// A net of one hidden layer that can be written down.
    pub(super) shallow: Option<f64>,
    /// No net of one hidden layer has fewer.
    pub(super) shallow_at_least: Option<f64>,
}

impl Task {
    pub(super) fn interval(&self) -> (f64, f64) {
        match self {
            Self::Product { .. } | Self::Polynomial(_) => (-1.0, 1.0),
            Self::Sawtooth { .. } | Self::Square | Self::Sine { .. } => (0.0, 1.0),
        }
    }

    pub(super) fn name(&self) -> String {
        match self {
            Self::Sawtooth { k: 1 } => "the sawtooth of one tooth".into(),
            Self::Sawtooth { k } => format!("the sawtooth of {} teeth", 1_u64 << k >> 1),
            Self::Square => "x²".into(),
            Self::Product { y } => format!("x·y at y = {}", figures::format_number(*y)),
            Self::Polynomial(p) => shortened(&p.to_string()),
            Self::Sine { k, .. } => format!("cos {}πx", 1_u64 << k),
        }
    }

    /// Teeth, or half periods.
    pub(super) fn arches(&self) -> usize {
        match self {
            Self::Sawtooth { k } | Self::Sine { k, .. } => 1 << k,
            Self::Square | Self::Product { .. } | Self::Polynomial(_) => 1,
        }
    }

    pub(super) fn value(&self, x: f64) -> f64 {
        match self {
            Self::Sawtooth { k } => tent_power(*k, x).unwrap_or(0.0),
            Self::Square => x * x,
            Self::Product { y } => x * y,
            Self::Polynomial(p) => p.eval(x),
            Self::Sine { k, .. } => libm::cos((1_u64 << k) as f64 * PI * x),
        }
    }

    /// The deep net after so many steps.
    pub(super) fn net(&self, steps: u32) -> Result<ApproximateNet, NetError> {
        match self {
            Self::Sawtooth { .. } => Ok(ApproximateNet { net: tent_net(steps)?, error_bound: 0.0 }),
            Self::Square => Ok(ApproximateNet { net: square_net(steps)?, error_bound: square_error(steps)? }),
            Self::Product { y } => {
                let net = at_constant_second_input(&product_net(steps, 1.0)?, *y)?;
                Ok(ApproximateNet { net, error_bound: product_error(steps, 1.0)? })
            }
            Self::Polynomial(p) => polynomial_net(p.coefficients(), 1.0, steps),
            Self::Sine { k, epsilon } => folded_cosine_net(steps, cosine_pieces(*k, *epsilon)),
        }
    }

    /// The shallow rival: m pieces.
    pub(super) fn rival(&self, m: usize) -> Result<PiecewiseLinear, NetError> {
        let (low, high) = self.interval();
        match self {
            Self::Square => SquareFit::Best.function(m),
            _ => interpolation(|x| self.value(x), low, high, m),
        }
    }

    /// The largest distance of a function from the task: exact for the sawtooth, x^2 and x y, else from nine points or
    /// more of each piece.
    pub(super) fn distance(&self, f: &PiecewiseLinear) -> f64 {
        match self {
            Self::Square => distance_from_square(f),
            Self::Product { .. } => f.max_distance(|x| self.value(x), 2).1,
            Self::Sawtooth { k } => {
                let n = 1_u64 << k;
                // Both are affine between the kinks of both.
                let ends = (f.x()[0], f.x()[f.n_pieces()]);
                let kinks = (0..=n).map(|i| i as f64 / n as f64).filter(|x| (ends.0..=ends.1).contains(x));
                let at_kinks = kinks.map(|x| (f.eval(x) - self.value(x)).abs());
                at_kinks.fold(f.max_distance(|x| self.value(x), 2).1, f64::max)
            }
            Self::Polynomial(_) => f.max_distance(|x| self.value(x), 9).1,
            Self::Sine { k, .. } => {
                let per_piece = (16 << k) / f.n_pieces().max(1);
                f.max_distance(|x| self.value(x), per_piece.max(9)).1
            }
        }
    }

    /// Steps that the error needs; none where it is no matter of steps.
    pub(super) fn steps(&self, epsilon: f64) -> Option<u32> {
        match self {
            Self::Sawtooth { .. } | Self::Sine { .. } => None,
            Self::Square => square_steps(epsilon).ok(),
            Self::Product { .. } => product_steps(epsilon, 1.0).ok(),
            Self::Polynomial(p) => polynomial_steps(p.coefficients(), 1.0, epsilon).ok(),
        }
    }

    /// Units for an error below epsilon < 1/2.
    pub(super) fn needed(&self, epsilon: f64) -> Needed {
        match self {
            Self::Sawtooth { k } => {
                // Within 1/2 of m^k is what crosses 1/2 as often: 2^k pieces.
                let n = (1_u64 << k) as f64;
                let shallow = Some(n - 1.0);
                let deep = f64::from(*k);
                Needed { deep: Some(2.0 * deep), depth: Some(deep), shallow: Some(n), shallow_at_least: shallow }
            }
            Self::Square => {
                let cost = square_steps(epsilon).and_then(square_cost).ok();
                let pieces = SquareFit::Best.pieces(epsilon).ok().map(|n| n as f64);
                Needed {
                    deep: cost.map(|c| c.units as f64),
                    depth: cost.map(|c| c.depth as f64),
                    shallow: pieces,
                    shallow_at_least: pieces.map(|n| n - 1.0),
                }
            }
            Self::Product { .. } => {
                let cost = product_steps(epsilon, 1.0).and_then(product_cost).ok();
                // x y = ((x+y)/2)^2 - ((x-y)/2)^2, squares on [-1, 1] with half of epsilon each; and on the diagonal it is
                // x^2 on [-1, 1], where n pieces of x^2 have four times the error of [0, 1].
                let ridge = SquareFit::Best.pieces(epsilon / 8.0).ok().map(|n| 2.0 * n as f64);
                let diagonal = SquareFit::Best.pieces(epsilon / 4.0).ok().map(|n| n as f64 - 1.0);
                Needed {
                    deep: cost.map(|c| c.units as f64),
                    depth: cost.map(|c| c.depth as f64),
                    shallow: ridge,
                    shallow_at_least: diagonal,
                }
            }
            Self::Polynomial(p) => {
                let cost = self.steps(epsilon).and_then(|steps| self.net(steps).ok()).map(|net| net.net.cost());
                let second = p.max_abs_second_derivative(-1.0, 1.0);
                Needed {
                    deep: cost.map(|c| c.units as f64),
                    depth: cost.map(|c| c.depth as f64),
                    shallow: interpolation_pieces(second, 2.0, epsilon).ok(),
                    shallow_at_least: None,
                }
            }
            Self::Sine { k, .. } => {
                let n = interpolation_pieces(PI.powi(2), 1.0, epsilon).ok();
                let folds = f64::from(*k);
                Needed {
                    deep: n.map(|n| 2.0 * folds + n),
                    depth: Some(folds + 1.0),
                    shallow: n.map(|n| n * (1_u64 << k) as f64),
                    // One piece crosses zero once, and the wave does so 2^k times.
                    shallow_at_least: Some((1_u64 << k) as f64 - 1.0),
                }
            }
        }
    }
}

/// Pieces of half a period: as many as the error needs, and as few as can still be listed for 2^k of them.
fn cosine_pieces(k: u32, epsilon: f64) -> usize {
    let needed = interpolation_pieces(PI.powi(2), 1.0, epsilon).unwrap_or(2.0);
    let most = (MAX_WAVE_PIECES >> k).clamp(2, MAX_COSINE_PIECES);
    (needed as usize).clamp(2, most as usize)
}

/// A net of two inputs on the line where the second has this value.
fn at_constant_second_input(net: &ReluNet, second: f64) -> Result<ReluNet, NetError> {
    let mut hidden: Vec<_> = net.hidden().iter().map(|l| (l.weights().to_vec(), l.biases().to_vec())).collect();
    if let Some((weights, biases)) = hidden.first_mut() {
        for (row, bias) in weights.chunks_exact(2).zip(biases.iter_mut()) {
            *bias += row[1] * second;
        }
        *weights = weights.iter().step_by(2).copied().collect();
    }
    ReluNet::new(1, hidden, net.output().weights().to_vec(), net.output().biases()[0])
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(32).collect();
    if text.chars().count() > 32 {
        short.push('…');
    }
    short
}
