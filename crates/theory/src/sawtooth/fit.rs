//! The best continuous piecewise-linear fit of few pieces, and of nets of one hidden layer.
//!
//! A function of n pieces within e of f is a path of n straight links in the tube |y - f(x)| <= e. Whether there is one the
//! greedy path tells, whose every link reaches as far as any can: a link that is to go beyond must cross the last link's end
//! piece, from where it touches one wall to where it meets the other. Bisection gives the least e.

use super::error::NetError;
use super::piecewise::PiecewiseLinear;
use crate::TheoryError;

/// Most sample points of a fit.
const MAX_SAMPLES: usize = 1 << 16;
/// Halvings of the range of errors: the error is found to 2^-33 of the range of f.
const HALVINGS: u32 = 32;

/// Slope and value at `x`.
#[derive(Clone, Copy, Debug)]
struct Line {
    x: f64,
    slope: f64,
    value: f64,
}

impl Line {
    fn at(&self, x: f64) -> f64 {
        self.value + self.slope * (x - self.x)
    }
}

/// Which end pieces must be flat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    Free,
    FirstFlat,
}

/// The lines of one link as a convex polygon in (slope, value at `x`).
struct Lines {
    x: f64,
    corners: Vec<[f64; 2]>,
    clipped: Vec<[f64; 2]>,
}

impl Lines {
    fn reset(&mut self, x: f64, (least, most): (f64, f64), steepest: f64) {
        self.x = x;
        self.corners.clear();
        self.corners.extend([[-steepest, least], [steepest, least], [steepest, most], [-steepest, most]]);
    }

    fn line(&self, [slope, value]: [f64; 2]) -> Line {
        Line { x: self.x, slope, value }
    }

    /// Keeps the lines with sign (value at x) <= sign limit; false if there are none, which are then kept all.
    fn clip(&mut self, x: f64, limit: f64, sign: f64) -> bool {
        let beyond = |[slope, value]: [f64; 2]| sign * (value + slope * (x - self.x) - limit);
        self.clipped.clear();
        let n = self.corners.len();
        for i in 0..n {
            let (here, next) = (self.corners[i], self.corners[if i + 1 == n { 0 } else { i + 1 }]);
            let (at_here, at_next) = (beyond(here), beyond(next));
            if at_here <= 0.0 {
                self.clipped.push(here);
            }
            if (at_here < 0.0 && at_next > 0.0) || (at_here > 0.0 && at_next < 0.0) {
                let part = at_here / (at_here - at_next);
                self.clipped.push([here[0] + part * (next[0] - here[0]), here[1] + part * (next[1] - here[1])]);
            }
        }
        let is_any_left = !self.clipped.is_empty();
        if is_any_left {
            std::mem::swap(&mut self.corners, &mut self.clipped);
        }
        is_any_left
    }

    /// The line with the largest sign (value at x).
    fn farthest(&self, x: f64, sign: f64) -> Line {
        let height = |corner: &[f64; 2]| sign * (corner[1] + corner[0] * (x - self.x));
        let best = self.corners.iter().max_by(|a, b| height(a).total_cmp(&height(b)));
        self.line(best.copied().unwrap_or_default())
    }

    fn middle(&self) -> Line {
        let n = self.corners.len().max(1) as f64;
        self.line(self.corners.iter().fold([0.0, 0.0], |sum, corner| [sum[0] + corner[0] / n, sum[1] + corner[1] / n]))
    }
}

/// f at increasing points.
struct Samples<'a> {
    x: &'a [f64],
    y: &'a [f64],
    range: f64,
    /// No link between two points is steeper.
    steepest: f64,
}

impl<'a> Samples<'a> {
    fn new(x: &'a [f64], y: &'a [f64]) -> Self {
        let (low, high) =
            y.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(*y), high.max(*y)));
        let nearest = x.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
        Self { x, y, range: high - low, steepest: 4.0 * (high - low) / nearest }
    }

    /// The links of the path within `error` that reaches farthest with each; `None` if more than `most` are needed.
    fn path(&self, error: f64, most: usize, ends: Ends) -> Option<Vec<Line>> {
        let mut links = Vec::with_capacity(most);
        let mut lines = Lines { x: 0.0, corners: Vec::new(), clipped: Vec::new() };
        // From `first` on one wall counts (`side` 1 the upper, -1 the lower), from `both` on the other one too.
        let (mut first, mut both, mut side) = (0, 0, 0.0);
        while links.len() < most {
            let reach = 2.0 * (self.range + error);
            let steepest = if links.is_empty() && ends == Ends::FirstFlat { 0.0 } else { self.steepest };
            lines.reset(self.x[first], (self.y[first] - reach, self.y[first] + reach), steepest);
            let blocked = (first..self.x.len()).find_map(|i| {
                let sides = if i < both { [side, 0.0] } else { [1.0, -1.0] };
                let stops = |lines: &mut Lines, sign: f64| {
                    sign != 0.0 && !lines.clip(self.x[i], self.y[i] + sign * error, sign)
                };
                sides.into_iter().find(|&sign| stops(&mut lines, sign)).map(|sign| (i, sign))
            });
            let Some((stop, wall)) = blocked else {
                links.push(lines.middle());
                return Some(links);
            };
            // Stopped by one wall, it touches the other: the next link crosses it between there and the stop.
            let link = lines.farthest(self.x[stop], -wall);
            let room = |i: usize| -wall * (self.y[i] - wall * error - link.at(self.x[i]));
            // The wall that it touches counts from here on.
            let from = if side == -wall { first } else { both };
            let touched = (from..stop).min_by(|a, b| room(*a).total_cmp(&room(*b)).then(b.cmp(a)));
            links.push(link);
            (first, both, side) = (touched.unwrap_or(first), stop, -wall);
        }
        None
    }

    /// An error that `n` pieces cannot stay within, at most 2^-33 of the range below the least, and the links of a path that
    /// stays as little above it.
    fn fit(&self, n: usize, ends: Ends) -> (f64, Vec<Line>) {
        let exact = 1e-14 * self.range;
        if let Some(links) = self.path(exact, n, ends) {
            return (0.0, links);
        }
        let lowest = self.y.iter().copied().fold(f64::INFINITY, f64::min);
        // A constant comes within half the range.
        let mut links = vec![Line { x: 0.0, slope: 0.0, value: lowest + 0.5 * self.range }];
        let (mut low, mut high) = (0.0, 0.5 * self.range * (1.0 + 1e-12));
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            match self.path(middle, n, ends) {
                Some(found) => (high, links) = (middle, found),
                None => low = middle,
            }
        }
        (low, links)
    }

    /// The function whose pieces lie on the links.
    fn function(&self, links: &[Line]) -> Result<PiecewiseLinear, NetError> {
        let (low, high) = (self.x[0], self.x[self.x.len() - 1]);
        let (mut x, mut y) = (vec![low], vec![links[0].at(low)]);
        for pair in links.windows(2) {
            let [before, after] = [pair[0], pair[1]];
            let knot = after.x + (before.at(after.x) - after.value) / (after.slope - before.slope);
            // Rounding may join two knots.
            if knot > x[x.len() - 1] && knot < high {
                x.push(knot);
                y.push(before.at(knot));
            }
        }
        x.push(high);
        y.push(links[links.len() - 1].at(high));
        PiecewiseLinear::through(&x, &y)
    }
}

/// How near nets of one hidden layer come to a function.
#[derive(Clone, Debug, PartialEq)]
pub struct ShallowFit {
    /// A function that a net of one hidden layer of m units computes: of m pieces, or of m + 1 with the first or the last one
    /// flat. [`shallow_net`](super::shallow_net) is that net.
    pub function: PiecewiseLinear,
    /// Its largest distance at the sample points and at its own kinks.
    pub error: f64,
    /// No net of one hidden layer of m units comes nearer than this, as no continuous function of m + 1 pieces does, not even at
    /// the sample points alone. Where it is `error` to some h, the function is the best there is.
    pub least_error: f64,
}

/// How near nets of one hidden layer of `m` units come to f on \[low, high\]: the best function of `m` pieces, or of `m` + 1
/// with a flat one at either end, in the largest distance at `n_samples` + 1 even points.
///
/// A unit has one kink, so that a net has at most m + 1 pieces on the interval; and where all kinks lie inside it, the slope
/// left of all of them is minus the sum of the turns of the units that look left, a condition that a flat end meets. For
/// x^2 on \[0, 1\] the result is the best of all nets, see [`shallow_square_error`](super::shallow_square_error). For other
/// functions a net may lie between `least_error` and `error`.
///
/// # Numerics
/// With sample points h apart, a kink between two of them leaves the tube there by h/4 times the turn of its slope at most:
/// so much larger may `error` be than the least of its kind, and so much too small `least_error`. Both are right to 2^-33 of the
/// range of f where f is piecewise linear with its kinks among the sample points. Between sample points the distance may be
/// larger than `error` by max|f''| h^2/8.
///
/// # Errors
/// [`NetError::Range`] unless 1 <= m <= 4096 and 2 <= `n_samples` <= 2^16; [`NetError::NotFinite`], [`NetError::NotIncreasing`].
///
/// # Source
/// Imai, Iri 1986, An optimal algorithm for approximating a piecewise linear function; Suri 1986 for links and windows.
pub fn shallow_fit(
    f: impl Fn(f64) -> f64,
    (low, high): (f64, f64),
    m: usize,
    n_samples: usize,
) -> Result<ShallowFit, NetError> {
    NetError::check_count("m", m, 1, super::MAX_WIDTH)?;
    NetError::check_count("samples", n_samples, 2, MAX_SAMPLES)?;
    TheoryError::check("low", low, -1e9, 1e9)?;
    TheoryError::check("high", high, low, 1e9)?;
    let at = |i: usize| {
        let part = i as f64 / n_samples as f64;
        low * (1.0 - part) + high * part
    };
    let x: Vec<f64> = (0..=n_samples).map(at).collect();
    let y: Vec<f64> = x.iter().map(|&x| f(x)).collect();
    // Checks the numbers as well.
    let through = PiecewiseLinear::through(&x, &y)?;
    let samples = Samples::new(&x, &y);
    if samples.range == 0.0 {
        return Ok(ShallowFit { function: through.merged(0.0), error: 0.0, least_error: 0.0 });
    }
    let (mirrored_x, mirrored_y): (Vec<f64>, Vec<f64>) = x.iter().zip(&y).rev().map(|(x, y)| (-x, *y)).unzip();
    let mirrored = Samples::new(&mirrored_x, &mirrored_y);
    let (least_error, _) = samples.fit(m + 1, Ends::Free);
    let as_many = samples.function(&samples.fit(m, Ends::Free).1)?;
    let first_flat = samples.function(&samples.fit(m + 1, Ends::FirstFlat).1)?;
    let last_flat = reflected(&mirrored.function(&mirrored.fit(m + 1, Ends::FirstFlat).1)?)?;
    let distance = |function: &PiecewiseLinear| {
        let at = |x: &f64, y: f64| (function.eval(*x) - y).abs();
        let at_samples = x.iter().zip(&y).map(|(x, y)| at(x, *y));
        let at_kinks = function.breakpoints().iter().map(|x| at(x, f(*x)));
        at_samples.chain(at_kinks).fold(0.0, f64::max)
    };
    let [first, others @ ..] = [as_many, first_flat, last_flat].map(|function| (distance(&function), function));
    let (error, function) = others.into_iter().fold(first, |best, next| if next.0 < best.0 { next } else { best });
    Ok(ShallowFit { function, error, least_error })
}

/// f(-x).
fn reflected(function: &PiecewiseLinear) -> Result<PiecewiseLinear, NetError> {
    let x: Vec<f64> = function.x().iter().rev().map(|x| -x).collect();
    let y: Vec<f64> = function.y().iter().rev().copied().collect();
    PiecewiseLinear::through(&x, &y)
}
