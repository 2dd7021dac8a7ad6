//! Nets of one hidden layer: interpolation, and the best fit of the teeth.

use super::bounds::min_errors;
use super::builder::{Builder, Wire};
use super::error::NetError;
use super::net::{MAX_WIDTH, ReluNet};
use super::piecewise::PiecewiseLinear;
use super::tent::check_power;
use crate::TheoryError;

/// The net of one hidden layer that equals `function` on its interval; n pieces take n units.
///
/// ```text
/// f(x) = y_0 + s_0 relu(x - x_0) + sum_i (s_i - s_{i-1}) relu(x - x_i)
/// ```
///
/// # Errors
/// [`NetError::Range`] beyond [`MAX_WIDTH`] pieces.
///
/// # Source
/// Arora, Basu, Mianjy, Mukherjee 2016, arXiv 1611.01491: every piecewise-linear function of one variable is such a net.
pub fn interpolating_net(function: &PiecewiseLinear) -> Result<ReluNet, NetError> {
    NetError::check_count("pieces", function.n_pieces(), 1, MAX_WIDTH)?;
    let kinks: Vec<Kink> = (0..function.n_pieces())
        .map(|i| {
            let before = if i == 0 { 0.0 } else { function.slopes()[i - 1] };
            Kink { x: function.x()[i], turn: function.slopes()[i] - before, looks_left: false }
        })
        .collect();
    net_of_kinks(function.y()[0], &kinks)
}

/// Slopes below this part of the largest count as flat in [`shallow_net`].
const FLAT: f64 = 1e-12;

/// The net of one hidden layer with the fewest units that equals `function` on its interval, of those that are seen at once: n
/// pieces take n units, or n - 1 (but at least one) where the first or the last piece is flat, for units that all look away
/// from it.
///
/// # Errors
/// [`NetError::Range`] beyond [`MAX_WIDTH`] units.
///
/// # Source
/// Ours.
pub fn shallow_net(function: &PiecewiseLinear) -> Result<ReluNet, NetError> {
    let (slopes, n) = (function.slopes(), function.n_pieces());
    let is_flat = |slope: f64| slope.abs() <= FLAT * function.max_abs_slope();
    let looks_left = !is_flat(slopes[0]);
    if n == 1 || (looks_left && !is_flat(slopes[n - 1])) {
        return interpolating_net(function);
    }
    NetError::check_count("units", n - 1, 1, MAX_WIDTH)?;
    let kinks: Vec<Kink> =
        (1..n).map(|i| Kink { x: function.x()[i], turn: slopes[i] - slopes[i - 1], looks_left }).collect();
    net_of_kinks(function.y()[if looks_left { n } else { 0 }], &kinks)
}

/// One unit: relu(x - place) or, if it looks left, relu(place - x); either way the slope rises by `turn` at the place.
struct Kink {
    x: f64,
    turn: f64,
    looks_left: bool,
}

fn net_of_kinks(constant: f64, kinks: &[Kink]) -> Result<ReluNet, NetError> {
    let mut builder = Builder::new(1);
    let sign = |kink: &Kink| if kink.looks_left { -1.0 } else { 1.0 };
    let wires: Vec<Wire> = kinks.iter().map(|kink| Wire::unit(0).offset(-kink.x).scaled(sign(kink))).collect();
    let units = builder.layer(&wires);
    let terms = kinks.iter().zip(units).map(|(kink, unit)| unit.scaled(kink.turn));
    let sum = terms.fold(Wire::constant(constant), |sum, term| sum.plus(&term));
    builder.finish(&sum)
}

/// Fewest of the n = 2^k alternating points that a net of one hidden layer of m units can label wrongly.
///
/// With N = m + 2 intervals for m >= 3 (m + 1 pieces, each crossing 1/2 once) this is ceil((n - N)/2), and
/// [`best_shallow_net`] attains it. One or two units have N = m + 1: their slopes s_0, s_1, ... cannot all alternate. For the
/// slope left of all kinks is s_0 = -sum of the turns of the units that look left, which reads 0 = s_0 for none, s_1 = 0 for
/// the first alone, s_0 + s_2 = s_1 for the second alone, s_2 = 0 for both.
///
/// # Errors
/// [`NetError::Range`] for k > 30 or m = 0.
///
/// # Source
/// Ours; the bound by m + 1 pieces is that of [`crossing_error`](super::crossing_error).
pub fn best_shallow_errors(k: u32, m: u64) -> Result<u64, NetError> {
    TheoryError::check("m", m as f64, 1.0, f64::MAX)?;
    min_errors(k, u128::from(m) + if m < 3 { 1 } else { 2 })
}

/// A net of one hidden layer of m units with [`best_shallow_errors`] wrong labels on the n = 2^k alternating points: it
/// climbs up and down with the labels as far as its pieces go, then leaves.
///
/// For m >= 3 it has m + 1 pieces with slopes n, -n, n, -2n, 2n, -n, n, ...; the units at the second and third kink look left
/// and give the slope before the first: n = -(2n) - (-3n).
///
/// # Errors
/// [`NetError::Range`] for k > 30, m = 0 or m > [`MAX_WIDTH`].
///
/// # Source
/// Ours.
pub fn best_shallow_net(k: u32, m: usize) -> Result<ReluNet, NetError> {
    let n = (1_u64 << check_power(k)?) as f64;
    NetError::check_count("m", m, 1, MAX_WIDTH)?;
    if m < 3 {
        // relu(x) rises from the first point to the second; relu(x - 1/n) turns it back.
        let kinks = [(0.0, n), (1.0 / n, -2.0 * n)].map(|(x, turn)| Kink { x, turn, looks_left: false });
        return net_of_kinks(0.0, &kinks[..m]);
    }
    // Values at the points: 0, 1, 0, 1, -1, 1, 0, 1, 0, ...
    let value = |i: usize| if i == 4 { -1.0 } else { (i % 2) as f64 };
    let slope = |i: usize| n * (value(i + 1) - value(i));
    let kinks: Vec<Kink> = (1..=m)
        .map(|i| Kink { x: i as f64 / n, turn: slope(i) - slope(i - 1), looks_left: i == 2 || i == 3 })
        .collect();
    let left: f64 = kinks.iter().filter(|kink| kink.looks_left).map(|kink| kink.turn * kink.x).sum();
    net_of_kinks(-left, &kinks)
}

/// What [`best_shallow_net`] computes on \[0, 1\]: its kinks are at the points 0, ..., m of the 2^k + 1.
///
/// # Errors
/// As [`best_shallow_net`].
pub fn best_shallow_function(k: u32, m: usize) -> Result<PiecewiseLinear, NetError> {
    let (net, n) = (best_shallow_net(k, m)?, 1_usize << k);
    // Beyond the last kink it goes on to 1.
    let x: Vec<f64> = (0..=m.min(n - 1)).chain([n]).map(|i| i as f64 / n as f64).collect();
    let y = x.iter().map(|x| net.eval(&[*x])).collect::<Result<Vec<f64>, _>>()?;
    PiecewiseLinear::through(&x, &y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_is_what_the_net_computes() {
        for (k, m) in [(1, 1), (3, 2), (4, 5), (5, 31), (5, 40)] {
            let (function, net) = (best_shallow_function(k, m).unwrap(), best_shallow_net(k, m).unwrap());
            for i in 0..=200 {
                let x = f64::from(i) / 200.0;
                let (of_function, of_net) = (function.eval(x), net.eval(&[x]).unwrap());
                assert!((of_function - of_net).abs() < 1e-9, "{m} units at {x}: {of_function}, {of_net}");
            }
        }
    }
}
