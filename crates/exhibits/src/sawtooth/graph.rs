//! The graph of a net: its affine pieces, found a part of the interval at a time.

use theory::sawtooth::{NetError, PiecewiseLinear, ReluNet, SAME_SLOPE};

use super::task::Task;
use crate::job::{Host, JobError};

/// Most pieces that are listed.
pub(super) const MAX_PIECES: usize = 1 << 16;
/// Multiplications between two checkpoints: a few milliseconds.
const WORK: f64 = 4e6;
/// Beyond this a net's pieces are not listed: half a minute in a browser.
const MAX_WORK: f64 = 2e10;
/// Most parts of the interval.
const MAX_PARTS: usize = 512;

/// A continuous piecewise-linear function, in parts from left to right.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    parts: Vec<PiecewiseLinear>,
}

impl Graph {
    /// In how many parts a net is listed, so that each takes a few milliseconds; none if it would take too long. Each
    /// step of a square doubles its pieces, and there are three squares to a product.
    pub(super) fn n_parts(net: &ReluNet, steps: u32) -> Option<usize> {
        let widest = net.widths().into_iter().max().unwrap_or(1) as f64;
        let depth = net.hidden().len() as f64;
        let products = (depth / f64::from(steps + 1)).max(1.0);
        let pieces = products * if widest > 4.0 { 4.0 } else { 1.0 } * f64::from(steps).exp2();
        // On the way to a piece about a product's layers are passed again.
        let work = pieces * widest * widest * (2.0 + depth / 4.0);
        (work <= MAX_WORK).then(|| ((work / WORK).ceil() as usize).clamp(1, MAX_PARTS))
    }

    pub(super) fn at_once(net: &ReluNet, (low, high): (f64, f64)) -> Result<Self, NetError> {
        Ok(Self { parts: vec![PiecewiseLinear::of_net(net, low, high, MAX_PIECES)?.merged(SAME_SLOPE)] })
    }

    /// The same with checkpoints.
    ///
    /// # Errors
    /// When the job is to end; inside, why there is no graph.
    pub(super) async fn in_parts(
        net: &ReluNet,
        (low, high): (f64, f64),
        n_parts: usize,
        host: &mut dyn Host,
    ) -> Result<Result<Self, NetError>, JobError> {
        let end = |i: usize| low + (high - low) * i as f64 / n_parts as f64;
        let (mut parts, mut found) = (Vec::new(), 0);
        for i in 0..n_parts {
            match PiecewiseLinear::of_net(net, end(i), end(i + 1), MAX_PIECES) {
                Ok(part) => parts.push(part.merged(SAME_SLOPE)),
                Err(error) => return Ok(Err(error)),
            }
            found += parts[i].n_pieces();
            if found > MAX_PIECES {
                return Ok(Err(NetError::TooManyPieces { max: MAX_PIECES }));
            }
            host.checkpoint().await?;
        }
        Ok(Ok(Self { parts }))
    }

    /// Affine pieces; where two parts meet, a piece goes on if the slope does.
    pub(super) fn n_pieces(&self) -> usize {
        let steepest = self.parts.iter().map(PiecewiseLinear::max_abs_slope).fold(0.0, f64::max);
        let goes_on = |pair: &[PiecewiseLinear]| match (pair[0].slopes().last(), pair[1].slopes().first()) {
            (Some(left), Some(right)) => (left - right).abs() <= SAME_SLOPE * steepest,
            _ => false,
        };
        let joined = self.parts.windows(2).filter(|pair| goes_on(pair)).count();
        self.parts.iter().map(PiecewiseLinear::n_pieces).sum::<usize>() - joined
    }

    /// How often the level is crossed.
    pub(super) fn n_crossings(&self, level: f64) -> usize {
        let points: (Vec<f64>, Vec<f64>) = self.points().unzip();
        let mut side = None;
        let mut crossings = 0;
        for y in points.1.into_iter().filter(|y| *y != level) {
            let above = y > level;
            crossings += usize::from(side.is_some_and(|before: bool| before != above));
            side = Some(above);
        }
        crossings
    }

    /// The kinks and both ends.
    pub(super) fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        let points = |(i, part): (usize, &'_ PiecewiseLinear)| {
            let points: Vec<_> = part.x().iter().copied().zip(part.y().iter().copied()).collect();
            points.into_iter().skip(usize::from(i > 0))
        };
        self.parts.iter().enumerate().flat_map(points)
    }

    /// The largest distance from the task.
    pub(super) fn distance(&self, task: &Task) -> f64 {
        self.parts.iter().map(|part| task.distance(part)).fold(0.0, f64::max)
    }
}

/// As many points as a picture can show: in each of `bins` strips the lowest and the highest, in their order.
pub(super) fn outline(points: Vec<(f64, f64)>, bins: usize) -> Vec<(f64, f64)> {
    if points.len() <= 4 * bins {
        return points;
    }
    let per_bin = points.len().div_ceil(bins);
    let mut kept = Vec::with_capacity(2 * bins + 2);
    kept.extend(points.first());
    for strip in points.chunks(per_bin) {
        let lowest = strip.iter().min_by(|a, b| a.1.total_cmp(&b.1));
        let highest = strip.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        if let (Some(a), Some(b)) = (lowest, highest) {
            let (first, second) = if a.0 <= b.0 { (*a, *b) } else { (*b, *a) };
            kept.extend([first, second]);
        }
    }
    kept.extend(points.last());
    kept
}
