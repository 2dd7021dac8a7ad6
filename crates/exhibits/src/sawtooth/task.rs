//! What is to be computed, by a deep net and by a shallow one.

use std::f64::consts::PI;

use theory::polynomial::Polynomial;
use theory::sawtooth::{
    ApproximateNet, NetCost, NetError, PiecewiseLinear, ReluNet, SquareFit, distance_from_square, folded_cosine_net,
    interpolation_pieces, polynomial_net, polynomial_steps, product_cost, product_error, product_net, product_steps,
    shallow_fit, shallow_square, shallow_square_error, square_cost, square_error, square_net, square_steps, tent_net,
    tent_power,
};

/// Most pieces of the half period of a cosine, and of all its periods together.
const MAX_COSINE_PIECES: u64 = 64;
const MAX_WAVE_PIECES: u64 = 1 << 15;
/// Fewest and most places at which a net of one layer is fitted: some tens of milliseconds.
const SAMPLES: (usize, usize) = (1 << 10, 1 << 13);

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
#[derive(Clone, Copy, Debug)]
pub(super) struct Needed {
    pub(super) deep: Option<f64>,
    pub(super) depth: Option<f64>,
    /// A net of one hidden layer that can be written down.
    pub(super) shallow: Option<f64>,
    /// No net of one hidden layer has fewer.
    pub(super) shallow_at_least: Option<f64>,
}

/// A net of one layer beside the deep one.
#[derive(Clone, Debug)]
pub(super) struct Rival {
    pub(super) function: PiecewiseLinear,
    /// How far from the task.
    pub(super) distance: f64,
    /// No net of one layer of as many units is nearer.
    pub(super) least: f64,
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

    /// [`value`](Self::value) for all of `x` in Python.
    pub(super) fn python(&self) -> String {
        match self {
            Self::Sawtooth { k } => format!("1 - np.abs(x * 2**{k} % 2 - 1)"),
            Self::Square => "x**2".into(),
            Self::Product { y } => format!("{y:?} * x"),
            Self::Polynomial(p) => format!("np.polyval({:?}[::-1], x)", p.coefficients()),
            Self::Sine { k, .. } => format!("np.cos(2**{k} * np.pi * x)"),
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

    /// The net of one layer of m units that is nearest, or the nearest that is known.
    pub(super) fn rival(&self, m: usize) -> Result<Rival, NetError> {
        if let Self::Square = self {
            let error = shallow_square_error(m)?;
            return Ok(Rival { function: shallow_square(m)?, distance: error, least: error });
        }
        let (low, high) = self.interval();
        let arches = self.arches();
        if m + 1 < arches {
            // Whatever is nearer than a constant crosses the middle on each arch, and a piece crosses it once.
            let (middle, distance) = if let Self::Sawtooth { .. } = self { (0.5, 0.5) } else { (0.0, 1.0) };
            let function = PiecewiseLinear::through(&[low, high], &[middle, middle])?;
            return Ok(Rival { function, distance, least: distance });
        }
        // Ends and middles of all arches are among them.
        let n_samples = (8 * arches).clamp(SAMPLES.0, SAMPLES.1);
        let fit = shallow_fit(|x| self.value(x), (low, high), m, n_samples)?;
        // A function that is met exactly is met to rounding.
        let largest = fit.function.y().iter().fold(0.0_f64, |largest, y| largest.max(y.abs()));
        let distance = Some(self.distance(&fit.function)).filter(|distance| *distance > 1e-13 * largest).unwrap_or(0.0);
        Ok(Rival { function: fit.function, distance, least: fit.least_error })
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

    /// Units for an error below epsilon < 1/2.
    pub(super) fn needed(&self, epsilon: f64) -> Needed {
        let pieces = |epsilon| SquareFit::Best.pieces(epsilon).ok().map(|n| n as f64);
        let second_derivative = |most, length| interpolation_pieces(most, length, epsilon).ok();
        match self {
            // Within 1/2 of m^k is what crosses 1/2 as often: 2^k pieces.
            Self::Sawtooth { k } => {
                let (k, n) = (f64::from(*k), (1_u64 << k) as f64);
                Needed { deep: Some(2.0 * k), depth: Some(k), shallow: Some(n), shallow_at_least: Some(n - 1.0) }
            }
            Self::Square => {
                let n = pieces(epsilon);
                Needed::of(square_steps(epsilon).and_then(square_cost), n, n.map(|n| n - 1.0))
            }
            Self::Product { .. } => {
                let cost = product_steps(epsilon, 1.0).and_then(product_cost);
                // x y = ((x+y)/2)^2 - ((x-y)/2)^2, squares on [-1, 1] with half of epsilon each; and on the diagonal it is
                // x^2 on [-1, 1], where n pieces of x^2 have four times the error of [0, 1].
                Needed::of(cost, pieces(epsilon / 8.0).map(|n| 2.0 * n), pieces(epsilon / 4.0).map(|n| n - 1.0))
            }
            Self::Polynomial(p) => {
                let net = polynomial_steps(p.coefficients(), 1.0, epsilon).and_then(|steps| self.net(steps));
                let shallow = second_derivative(p.max_abs_second_derivative(-1.0, 1.0), 2.0);
                Needed::of(net.map(|net| net.net.cost()), shallow, None)
            }
            // One piece crosses zero once, and the wave does so 2^k times.
            Self::Sine { k, .. } => {
                let (folds, arches) = (f64::from(*k), (1_u64 << k) as f64);
                let n = second_derivative(PI.powi(2), 1.0);
                let (deep, shallow) = (n.map(|n| 2.0 * folds + n), n.map(|n| n * arches));
                Needed { deep, depth: Some(folds + 1.0), shallow, shallow_at_least: Some(arches - 1.0) }
            }
        }
    }
}

impl Needed {
    fn of(cost: Result<NetCost, NetError>, shallow: Option<f64>, shallow_at_least: Option<f64>) -> Self {
        let (deep, depth) = cost.map(|cost| (cost.units as f64, cost.depth as f64)).ok().unzip();
        Self { deep, depth, shallow, shallow_at_least }
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
