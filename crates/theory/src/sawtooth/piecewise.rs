//! Continuous piecewise-linear functions of one variable, and those that relu nets compute.

use super::error::NetError;
use super::net::{Layer, ReluNet};
use crate::TheoryError;

/// Two breakpoints nearer than this part of the interval are one: pieces thinner than it are not counted. Breakpoints are
/// quotients of sums that are rounded at 1e-16 of their terms; this leaves a factor 1e4 for cancellation in them.
pub const SAME_POINT: f64 = 1e-12;
/// Slopes that differ by less than this part of the largest |slope| are equal, for [`PiecewiseLinear::merged`]: a slope is a
/// sum of products along the paths through the net, rounded at 1e-16 of the largest, with the same room as above.
pub const SAME_SLOPE: f64 = 1e-10;
/// Largest |x| of an interval.
const X_MAX: f64 = 1e12;

/// The unit that made a breakpoint: its layer (from 1) and its place in it (from 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitAt {
    /// Hidden layer, from 1.
    pub layer: usize,
    /// Unit in the layer, from 0.
    pub unit: usize,
}

/// A continuous piecewise-linear function on an interval.
#[derive(Clone, Debug, PartialEq)]
pub struct PiecewiseLinear {
    /// n + 1 increasing points, both ends of the interval included.
    x: Vec<f64>,
    /// The values there.
    y: Vec<f64>,
    /// n slopes.
    slopes: Vec<f64>,
    /// n - 1 makers of the inner points; empty if the function does not come from a net.
    makers: Vec<UnitAt>,
}

impl PiecewiseLinear {
    /// The function through the points (x, y).
    ///
    /// # Errors
    /// [`NetError::Shape`] unless both have the same number >= 2 of entries; [`NetError::NotFinite`];
    /// [`NetError::NotIncreasing`].
    pub fn through(x: &[f64], y: &[f64]) -> Result<Self, NetError> {
        if x.len() < 2 {
            return Err(NetError::Shape { what: "points", layer: 0, expected: 2, got: x.len() });
        }
        if x.len() != y.len() {
            return Err(NetError::Shape { what: "values", layer: 0, expected: x.len(), got: y.len() });
        }
        NetError::check_finite("points", 0, x)?;
        NetError::check_finite("values", 0, y)?;
        if let Some(place) = (1..x.len()).find(|&place| x[place] <= x[place - 1]) {
            return Err(NetError::NotIncreasing { place, before: x[place - 1], got: x[place] });
        }
        let slopes = (1..x.len()).map(|i| (y[i] - y[i - 1]) / (x[i] - x[i - 1])).collect::<Vec<_>>();
        NetError::check_finite("slopes", 0, &slopes)?;
        Ok(Self { x: x.to_vec(), y: y.to_vec(), slopes, makers: Vec::new() })
    }

    /// What the net computes on \[low, high\], one piece for each activation region, found layer by layer: on a piece every
    /// pre-activation is affine, and its zero inside the piece, if any, is a new breakpoint.
    ///
    /// # Numerics
    /// Pieces thinner than [`SAME_POINT`] times high - low are not counted. Exact for weights and breakpoints that are
    /// dyadic with bits to spare, as the tent's are.
    ///
    /// # Errors
    /// [`NetError::Shape`] unless the net has one input; [`NetError::Range`] unless -1e12 <= low < high <= 1e12;
    /// [`NetError::TooManyPieces`] beyond `max_pieces`; [`NetError::NotFinite`] if numbers overflow on the way.
    pub fn of_net(net: &ReluNet, low: f64, high: f64, max_pieces: usize) -> Result<Self, NetError> {
        if net.n_inputs() != 1 {
            return Err(NetError::Shape { what: "inputs", layer: 0, expected: 1, got: net.n_inputs() });
        }
        TheoryError::check("low", low, -X_MAX, X_MAX)?;
        TheoryError::check("high", high, low, X_MAX)?;
        if low >= high {
            return Err(NetError::NotIncreasing { place: 1, before: low, got: high });
        }
        let mut walk = Walk {
            net,
            thinnest: SAME_POINT * (high - low),
            max_pieces,
            out: Self { x: vec![low], y: Vec::new(), slopes: Vec::new(), makers: Vec::new() },
        };
        let mut levels: Vec<Level> = net.hidden().iter().map(|_| Level::default()).collect();
        walk.descend(0, (low, high), &[[1.0, 0.0]], &mut levels)?;
        let function = walk.out;
        NetError::check_finite("outputs", net.hidden().len() + 1, &function.y)?;
        Ok(function)
    }

    /// Number of pieces: of activation regions, if it comes from a net and is not [`merged`](Self::merged).
    #[must_use]
    pub fn n_pieces(&self) -> usize {
        self.slopes.len()
    }

    /// The ends of the interval and all points between pieces.
    #[must_use]
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// The values at [`x`](Self::x).
    #[must_use]
    pub fn y(&self) -> &[f64] {
        &self.y
    }

    /// [`x`](Self::x) and [`y`](Self::y) together.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        self.x.iter().copied().zip(self.y.iter().copied())
    }

    /// The slope of each piece.
    #[must_use]
    pub fn slopes(&self) -> &[f64] {
        &self.slopes
    }

    /// The points between pieces.
    #[must_use]
    pub fn breakpoints(&self) -> &[f64] {
        &self.x[1..self.x.len() - 1]
    }

    /// The units that made the [`breakpoints`](Self::breakpoints); empty if the function was given by points.
    #[must_use]
    pub fn makers(&self) -> &[UnitAt] {
        &self.makers
    }

    /// Largest |slope|.
    #[must_use]
    pub fn max_abs_slope(&self) -> f64 {
        self.slopes.iter().fold(0.0, |max, slope| slope.abs().max(max))
    }

    /// The affine pieces of the output: neighbouring pieces are joined whose slopes differ by at most `same_slope` times the
    /// largest |slope|; [`SAME_SLOPE`] is the value for a net's rounding.
    #[must_use]
    pub fn merged(&self, same_slope: f64) -> Self {
        let tolerance = same_slope * self.max_abs_slope();
        let mut out = Self { x: vec![self.x[0]], y: vec![self.y[0]], slopes: vec![self.slopes[0]], makers: Vec::new() };
        for i in 1..self.slopes.len() {
            // Compared with the first slope of the run, so that slopes cannot creep.
            let slope = out.slopes[out.slopes.len() - 1];
            if (self.slopes[i] - slope).abs() > tolerance {
                out.x.push(self.x[i]);
                out.y.push(self.y[i]);
                out.slopes.push(self.slopes[i]);
                out.makers.extend(self.makers.get(i - 1));
            }
        }
        out.x.extend(self.x.last());
        out.y.extend(self.y.last());
        out
    }

    /// The value at x; outside the interval the last piece goes on.
    #[must_use]
    pub fn eval(&self, x: f64) -> f64 {
        let piece = self.x.partition_point(|&point| point <= x).clamp(1, self.slopes.len()) - 1;
        // From the nearer end, which keeps the values at both exact.
        let end = if x - self.x[piece] <= self.x[piece + 1] - x { piece } else { piece + 1 };
        self.y[end] + self.slopes[piece] * (x - self.x[end])
    }

    /// (x, |f(x) - g(x)|) at the start of each piece and `per_piece` - 1 evenly spaced points in it, and at the end of the last.
    pub fn distances(&self, g: impl Fn(f64) -> f64, per_piece: usize) -> impl Iterator<Item = (f64, f64)> {
        let of_piece = move |piece: usize| {
            (0..per_piece).map(move |i| {
                let part = i as f64 / per_piece as f64;
                let at = |ends: &[f64]| ends[piece] + part * (ends[piece + 1] - ends[piece]);
                (at(&self.x), at(&self.y))
            })
        };
        let last = self.x.last().copied().zip(self.y.last().copied());
        (0..self.slopes.len()).flat_map(of_piece).chain(last).map(move |(x, y)| (x, (y - g(x)).abs()))
    }

    /// Where f - level changes its sign, in order. A touch is none; a plateau at the level counts at its start.
    #[must_use]
    pub fn crossings(&self, level: f64) -> Vec<f64> {
        let mut crossings = Vec::new();
        // The last point off the level, and the first on it since then.
        let mut before: Option<usize> = None;
        let mut on_level: Option<usize> = None;
        for i in 0..self.x.len() {
            let distance = self.y[i] - level;
            if distance == 0.0 {
                on_level = on_level.or(Some(i));
                continue;
            }
            if let Some(j) = before
                && (self.y[j] > level) != (distance > 0.0)
            {
                crossings.push(match on_level {
                    Some(place) => self.x[place],
                    None => {
                        let part = (level - self.y[j]) / (self.y[i] - self.y[j]);
                        self.x[j] + part * (self.x[i] - self.x[j])
                    }
                });
            }
            (before, on_level) = (Some(i), None);
        }
        crossings
    }

    /// The largest |f(x) - g(x)| at `per_piece` evenly spaced points of each piece, ends included, and between those beside
    /// which it promises to be largest; and where.
    #[must_use]
    pub fn max_distance(&self, g: impl Fn(f64) -> f64, per_piece: usize) -> (f64, f64) {
        let steps = per_piece.max(2) - 1;
        let distance = |piece: usize, part: f64| {
            let x = self.x[piece] + part * (self.x[piece + 1] - self.x[piece]);
            let f = self.y[piece] + part * (self.y[piece + 1] - self.y[piece]);
            (x, (f - g(x)).abs())
        };
        let mut worst = (self.x[0], 0.0);
        // The sample beside which a parabola through it and its neighbours is highest: piece, part of it and that height.
        let mut peak = (0, 0.0, 0.0);
        let mut found = vec![0.0; steps + 1];
        for piece in 0..self.slopes.len() {
            for (step, slot) in found.iter_mut().enumerate() {
                let (x, distance) = distance(piece, step as f64 / steps as f64);
                *slot = distance;
                if distance > worst.1 {
                    worst = (x, distance);
                }
            }
            for (step, around) in found.windows(3).enumerate() {
                let (rise, bend) = (around[2] - around[0], 2.0 * around[1] - around[0] - around[2]);
                if around[1] >= around[0].max(around[2]) && bend > 0.0 {
                    let height = around[1] + rise * rise / (8.0 * bend);
                    if height > peak.2 {
                        peak = (piece, (step + 1) as f64 / steps as f64, height);
                    }
                }
            }
        }
        if peak.2 <= worst.1 {
            return worst;
        }
        // Between samples: the highest place beside the one that promises most, by golden sections.
        let (piece, at, _) = peak;
        let (mut low, mut high) = (at - 1.0 / steps as f64, at + 1.0 / steps as f64);
        for _ in 0..40 {
            let third = GOLDEN * (high - low);
            if distance(piece, low + third).1 > distance(piece, high - third).1 { high -= third } else { low += third }
        }
        let refined = distance(piece, 0.5 * (low + high));
        if refined.1 > worst.1 { refined } else { worst }
    }
}

/// The smaller part of a golden section.
const GOLDEN: f64 = 0.381_966_011_250_105_1;

/// Room for one layer, used again for each piece.
#[derive(Default)]
struct Level {
    /// (slope, offset) of the pre-activations.
    z: Vec<[f64; 2]>,
    h: Vec<[f64; 2]>,
    cuts: Vec<(f64, usize)>,
}

/// A walk over all pieces from left to right.
struct Walk<'a> {
    net: &'a ReluNet,
    thinnest: f64,
    max_pieces: usize,
    out: PiecewiseLinear,
}

impl Walk<'_> {
    /// Lists the pieces on (low, high), where the inputs `h` of layer `layer` (from 0) are affine.
    fn descend(
        &mut self,
        layer: usize,
        (low, high): (f64, f64),
        h: &[[f64; 2]],
        levels: &mut [Level],
    ) -> Result<(), NetError> {
        let (Some((level, deeper)), Some(map)) = (levels.split_first_mut(), self.net.hidden().get(layer)) else {
            return self.finish_piece(low, high, affine(self.net.output(), h).next().unwrap_or([0.0, 0.0]));
        };
        level.z.clear();
        level.z.extend(affine(map, h));
        if let Some(got) = level.z.iter().flatten().find(|entry| !entry.is_finite()) {
            return Err(NetError::NotFinite { what: "pre-activations", layer: layer + 1, got: *got });
        }
        level.cuts.clear();
        let zeros = level.z.iter().enumerate().map(|(unit, [slope, offset])| (-offset / slope, unit));
        // Written so that NaN and infinities fail.
        level.cuts.extend(zeros.filter(|(x, _)| *x > low + self.thinnest && *x < high - self.thinnest));
        level.cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
        let thinnest = self.thinnest;
        level.cuts.dedup_by(|next, kept| next.0 - kept.0 <= thinnest);

        let mut left = low;
        for place in 0..=level.cuts.len() {
            let cut = level.cuts.get(place).copied();
            let right = cut.map_or(high, |(x, _)| x);
            let middle = 0.5 * (left + right);
            level.h.clear();
            level.h.extend(
                level.z.iter().map(
                    |&[slope, offset]| {
                        if slope * middle + offset > 0.0 { [slope, offset] } else { [0.0, 0.0] }
                    },
                ),
            );
            self.descend(layer + 1, (left, right), &level.h, deeper)?;
            if let Some((_, unit)) = cut {
                self.out.makers.push(UnitAt { layer: layer + 1, unit });
            }
            left = right;
        }
        Ok(())
    }

    fn finish_piece(&mut self, low: f64, high: f64, [slope, offset]: [f64; 2]) -> Result<(), NetError> {
        if self.out.slopes.len() >= self.max_pieces {
            return Err(NetError::TooManyPieces { max: self.max_pieces });
        }
        if self.out.y.is_empty() {
            self.out.y.push(slope * low + offset);
        }
        self.out.x.push(high);
        self.out.y.push(slope * high + offset);
        self.out.slopes.push(slope);
        Ok(())
    }
}

/// The outputs of a layer as affine functions.
fn affine<'a>(layer: &'a Layer, h: &'a [[f64; 2]]) -> impl Iterator<Item = [f64; 2]> + 'a {
    layer.rows().map(move |(row, bias)| {
        let mut sum = [0.0, bias];
        for (weight, [slope, offset]) in row.iter().zip(h) {
            sum[0] += weight * slope;
            sum[1] += weight * offset;
        }
        sum
    })
}
