//! x^2 by deep nets (Yarotsky 2017) and by shallow ones.

use super::builder::{Builder, Wire};
use super::error::NetError;
use super::net::{NetCost, ReluNet};
use super::piecewise::PiecewiseLinear;
use super::shallow::interpolating_net;
use super::tent::{tent, tent_of};
use crate::TheoryError;

/// Most steps m: 2^-102, far below the rounding of a double.
pub const MAX_SQUARE_STEPS: u32 = 50;
/// Least error for which numbers of pieces and steps are given.
pub const MIN_EPSILON: f64 = 1e-30;

pub(super) fn check_steps(m: u32) -> Result<u32, NetError> {
    NetError::check_count("m", m as usize, 0, MAX_SQUARE_STEPS as usize)?;
    Ok(m)
}

/// f_m(x) = x - sum_{s=1}^m g_s(x)/4^s on \[0, 1\], g_s the s-fold tent: the interpolation of x^2 at the points i/2^m.
///
/// f_m >= x^2, and the largest error is exactly 2^(-2m-2), midway between those points.
///
/// # Errors
/// [`NetError::Range`] for m > [`MAX_SQUARE_STEPS`].
///
/// # Source
/// Yarotsky 2017, arXiv 1610.01145, Proposition 2.
pub fn square(m: u32, x: f64) -> Result<f64, NetError> {
    check_steps(m)?;
    let (mut g, mut sum, mut scale) = (x, x, 1.0);
    for _ in 0..m {
        g = tent(g);
        scale *= 0.25;
        sum -= g * scale;
    }
    Ok(sum)
}

/// 2^(-2m-2), the largest error of [`square`].
///
/// # Errors
/// [`NetError::Range`] for m > [`MAX_SQUARE_STEPS`].
pub fn square_error(m: u32) -> Result<f64, NetError> {
    Ok((0..check_steps(m)?).fold(0.25, |error, _| error * 0.25))
}

/// The least m with 2^(-2m-2) <= epsilon.
///
/// # Errors
/// [`NetError::Range`] unless epsilon lies in \[[`MIN_EPSILON`], 1\].
pub fn square_steps(epsilon: f64) -> Result<u32, NetError> {
    least_steps(epsilon, 0.25)
}

/// The least m with `error_at_0` 4^-m <= epsilon.
pub(super) fn least_steps(epsilon: f64, error_at_0: f64) -> Result<u32, NetError> {
    TheoryError::check("epsilon", epsilon, MIN_EPSILON, 1.0)?;
    let mut error = error_at_0;
    for m in 0..=MAX_SQUARE_STEPS {
        if error <= epsilon {
            return Ok(m);
        }
        error *= 0.25;
    }
    Err(TheoryError::OutOfRange { name: "epsilon", min: error, max: 1.0, got: epsilon }.into())
}

/// f_m as a net: m hidden layers, the first of 2 units, the others of 3 (two for the tent, one for the sum so far).
///
/// # Errors
/// [`NetError::Range`] for m > [`MAX_SQUARE_STEPS`].
///
/// # Source
/// Yarotsky 2017, arXiv 1610.01145, Proposition 2, with the sum carried by relu because it is >= x^2 >= 0.
pub fn square_net(m: u32) -> Result<ReluNet, NetError> {
    check_steps(m)?;
    let mut builder = Builder::new(1);
    let (mut squares, _) = squares(&mut builder, m, vec![Wire::unit(0)], Vec::new());
    builder.finish(&squares.swap_remove(0))
}

/// Cost of [`square_net`]: 3m - 1 units, m layers, 12m - 7 parameters for m >= 2.
///
/// # Errors
/// [`NetError::Range`] for m > [`MAX_SQUARE_STEPS`].
pub fn square_cost(m: u32) -> Result<NetCost, NetError> {
    let depth = u64::from(check_steps(m)?);
    let (units, parameters) = match depth {
        0 => (0, 2),
        1 => (2, 7),
        _ => (3 * depth - 1, 12 * depth - 7),
    };
    Ok(NetCost { units, depth, parameters })
}

/// f_m of every wire of `u`, whose values must lie in \[0, 1\]; the values of `carry` must be >= 0 and are kept.
pub(super) fn squares(builder: &mut Builder, m: u32, u: Vec<Wire>, mut carry: Vec<Wire>) -> (Vec<Wire>, Vec<Wire>) {
    let n = u.len();
    let (mut g, mut sums, mut scale) = (u.clone(), u, 1.0);
    for step in 0..m {
        let mut wires: Vec<Wire> = g.iter().flat_map(|g| [g.clone(), g.clone().offset(-0.5)]).collect();
        // In the first layer the tent's first unit is the sum so far.
        let first = step == 0;
        if !first {
            wires.append(&mut sums);
        }
        wires.append(&mut carry);
        let units = builder.layer(&wires);
        scale *= 0.25;
        g = (0..n).map(|i| tent_of(&units[2 * i], &units[2 * i + 1])).collect();
        let sum_before = |i: usize| units[if first { 2 * i } else { 2 * n + i }].clone();
        sums = (0..n).map(|i| sum_before(i).plus(&g[i].clone().scaled(-scale))).collect();
        carry = units[if first { 2 * n } else { 3 * n }..].to_vec();
    }
    (sums, carry)
}

/// How a shallow net of n pieces meets x^2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SquareFit {
    /// Through x^2 at n + 1 even points of \[0, 1\]: error 1/(4 n^2).
    Interpolating,
    /// The same, lowered by half its error: 1/(8 n^2), which no function of n pieces beats. A net of n units does, see
    /// [`shallow_square_error`].
    Best,
}

impl SquareFit {
    /// The largest error on \[0, 1\] with n pieces.
    ///
    /// On a piece \[a, b\] the chord of x^2 is (x - a)(b - x) above it, at most (b - a)^2/4. The best line there is half of that
    /// lower (equal errors of changing sign at a, (a + b)/2, b: Chebyshev), (b - a)^2/8. Of n pieces the longest is at
    /// least 1/n long; on even ones the lowered chords still join.
    ///
    /// # Source
    /// Chebyshev's alternation theorem; the sum over pieces is ours.
    #[must_use]
    pub fn error(self, n: u64) -> f64 {
        1.0 / (self.divisor() * (n as f64) * (n as f64))
    }

    /// The fewest pieces with an error of at most epsilon. Such a net of one hidden layer has as many units, and none has
    /// fewer than `Best`'s number minus 1.
    ///
    /// # Errors
    /// [`NetError::Range`] unless epsilon lies in \[[`MIN_EPSILON`], 1\].
    pub fn pieces(self, epsilon: f64) -> Result<u64, NetError> {
        TheoryError::check("epsilon", epsilon, MIN_EPSILON, 1.0)?;
        // The quotient's rounding can miss a whole number by one.
        let guess = (1.0 / (self.divisor() * epsilon).sqrt()).ceil() as u64;
        let candidates = guess.saturating_sub(1).max(1)..=guess + 1;
        Ok(candidates.clone().find(|&n| self.error(n) <= epsilon).unwrap_or(*candidates.end()))
    }

    /// The function of n pieces.
    ///
    /// # Errors
    /// [`NetError::Range`] unless 1 <= n <= 2^20.
    pub fn function(self, n: usize) -> Result<PiecewiseLinear, NetError> {
        NetError::check_count("n", n, 1, 1 << 20)?;
        let lowered = match self {
            Self::Interpolating => 0.0,
            Self::Best => Self::Best.error(n as u64),
        };
        let x: Vec<f64> = (0..=n).map(|i| i as f64 / n as f64).collect();
        let y: Vec<f64> = x.iter().map(|x| x * x - lowered).collect();
        PiecewiseLinear::through(&x, &y)
    }

    /// The net of one hidden layer of n units.
    ///
    /// # Errors
    /// [`NetError::Range`] for n = 0 or beyond [`MAX_WIDTH`](super::MAX_WIDTH).
    pub fn net(self, n: usize) -> Result<ReluNet, NetError> {
        interpolating_net(&self.function(n)?)
    }

    fn divisor(self) -> f64 {
        match self {
            Self::Interpolating => 4.0,
            Self::Best => 8.0,
        }
    }
}

/// 1/(8 (m + 1/2)^2): the least error on x^2 over \[0, 1\] of a net of one hidden layer of m units.
///
/// It has kinks at h/2, 3h/2, ..., h = 1/(m + 1/2), and is flat before the first: the best line of \[-h/2, h/2\], then those of
/// pieces h long, each h^2/8 off. No net does better. With all m kinks inside and its slopes rising, the first slope s_0 is
/// minus a sum of turns > 0, so that it is not positive and the first piece, t long, is off by t^2/2 or more, as if it were
/// 2t long; the lengths of all, t counted as half of 2t, then make up 1 with m + 1/2 pieces. A kink at which slopes fall leaves
/// two pieces no better than one line, for a concave function on an interval H is at least H^2/8 off; so does a kink outside:
/// then there are m pieces, 1/(8 m^2).
///
/// # Errors
/// [`NetError::Range`] unless 1 <= m <= [`MAX_WIDTH`](super::MAX_WIDTH).
///
/// # Source
/// Ours.
pub fn shallow_square_error(m: usize) -> Result<f64, NetError> {
    let pieces = NetError::check_count("m", m, 1, super::MAX_WIDTH)? as f64 + 0.5;
    Ok(0.125 / (pieces * pieces))
}

/// The function that is [`shallow_square_error`] off.
///
/// # Errors
/// As for [`shallow_square_error`].
pub fn shallow_square(m: usize) -> Result<PiecewiseLinear, NetError> {
    let error = shallow_square_error(m)?;
    let kink = |i: usize| (i as f64 + 0.5) / (m as f64 + 0.5);
    let x: Vec<f64> = std::iter::once(0.0).chain((0..=m).map(kink)).collect();
    // At the first kink x^2 = 2 error.
    let y: Vec<f64> =
        std::iter::once(error).chain((0..=m).map(|i| if i == 0 { error } else { kink(i) * kink(i) - error })).collect();
    PiecewiseLinear::through(&x, &y)
}

/// The largest |f(x) - x^2| on the interval of f, from the extremum at slope/2 of each piece and its ends.
#[must_use]
pub fn distance_from_square(f: &PiecewiseLinear) -> f64 {
    let mut worst = 0.0_f64;
    for (piece, &slope) in f.slopes().iter().enumerate() {
        let (low, high) = (f.x()[piece], f.x()[piece + 1]);
        let inside = (0.5 * slope).clamp(low, high);
        for x in [low, inside, high] {
            worst = worst.max((f.y()[piece] + slope * (x - low) - x * x).abs());
        }
    }
    worst
}
