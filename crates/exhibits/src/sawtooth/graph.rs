//! The graph of a net: its straight pieces, found a part of the interval at a time.

use theory::sawtooth::{NetError, PiecewiseLinear, ReluNet, SAME_SLOPE};

use super::task::Task;
use crate::job::{Checkpoint, JobError};

/// Most pieces that are listed.
const MAX_PIECES: usize = 1 << 16;
/// Multiplications between two checkpoints: a few milliseconds.
const WORK: f64 = 4e6;
/// Beyond this a net's pieces are not listed: half a minute in a browser.
const MAX_WORK: f64 = 2e10;
/// Most parts of the interval.
const MAX_PARTS: usize = 512;
/// Strips of a picture; a curve has at most two points in each.
pub(super) const BINS: usize = 900;

/// In how many parts a net is listed, so that each takes a few milliseconds; none if it would take too long. Each step of a
/// square doubles its pieces, and there are three squares to a product.
pub(super) fn n_parts(net: &ReluNet, steps: u32) -> Option<usize> {
    let widest = net.widths().into_iter().max().unwrap_or(1) as f64;
    let depth = net.hidden().len() as f64;
    let products = (depth / f64::from(steps + 1)).max(1.0);
    let pieces = products * if widest > 4.0 { 4.0 } else { 1.0 } * f64::from(steps).exp2();
    // On the way to a piece about a product's layers are passed again.
    let work = pieces * widest * widest * (2.0 + depth / 4.0);
    (work <= MAX_WORK).then(|| ((work / WORK).ceil() as usize).clamp(1, MAX_PARTS))
}

/// What the net computes on an interval.
pub(super) fn on_interval(net: &ReluNet, (low, high): (f64, f64)) -> Result<PiecewiseLinear, NetError> {
    Ok(PiecewiseLinear::of_net(net, low, high, MAX_PIECES)?.merged(SAME_SLOPE))
}

/// The kinks and both ends.
pub(super) fn points(function: &PiecewiseLinear) -> impl Iterator<Item = (f64, f64)> {
    function.x().iter().copied().zip(function.y().iter().copied())
}

/// What was found on a net's graph.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) function: PiecewiseLinear,
    /// Of 1/2.
    pub(super) crossings: usize,
    /// The largest distance from the task.
    pub(super) error: f64,
}

/// A graph on its way, which a cancellation does not throw back.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// From left to right.
    parts: Vec<PiecewiseLinear>,
    /// The whole, or why there is none; nothing yet before the end.
    pub(super) outcome: Option<Result<Found, String>>,
}

impl Graph {
    /// Finds what is missing.
    ///
    /// # Errors
    /// When the job is to end.
    pub(super) async fn complete(
        &mut self,
        net: &ReluNet,
        task: &Task,
        n_parts: usize,
        pace: &mut impl Checkpoint,
    ) -> Result<(), JobError> {
        while self.outcome.is_none() {
            self.outcome = self.advance(net, task, n_parts).map_err(|error| error.to_string()).transpose();
            if self.parts.len() < n_parts {
                pace.checkpoint().await?;
            }
        }
        Ok(())
    }

    /// One part more; the whole when all are there.
    fn advance(&mut self, net: &ReluNet, task: &Task, n_parts: usize) -> Result<Option<Found>, NetError> {
        let (low, high) = task.interval();
        let end = |i: usize| low + (high - low) * i as f64 / n_parts as f64;
        let i = self.parts.len();
        if i == n_parts {
            let function = joined(&std::mem::take(&mut self.parts))?;
            let (crossings, error) = (function.crossings(0.5).len(), task.distance(&function));
            return Ok(Some(Found { function, crossings, error }));
        }
        self.parts.push(on_interval(net, (end(i), end(i + 1)))?);
        let found: usize = self.parts.iter().map(PiecewiseLinear::n_pieces).sum();
        if found > MAX_PIECES { Err(NetError::TooManyPieces { max: MAX_PIECES }) } else { Ok(None) }
    }
}

/// Parts as one function; where two meet, a piece goes on if the slope does.
fn joined(parts: &[PiecewiseLinear]) -> Result<PiecewiseLinear, NetError> {
    let steepest = parts.iter().map(PiecewiseLinear::max_abs_slope).fold(0.0, f64::max);
    let (mut x, mut y, mut slope) = (Vec::new(), Vec::new(), f64::INFINITY);
    for part in parts {
        let goes_on = (part.slopes()[0] - slope).abs() <= SAME_SLOPE * steepest;
        // The end of the part before, and the start of this one where it is no kink.
        let start = if goes_on { 1 } else { 0 };
        x.pop();
        y.pop();
        x.extend(&part.x()[start..]);
        y.extend(&part.y()[start..]);
        slope = part.slopes()[part.n_pieces() - 1];
    }
    PiecewiseLinear::through(&x, &y)
}

/// As many points as a picture can show: in each of [`BINS`] strips the lowest and the highest, in their order.
pub(super) fn outline(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    if points.len() <= 4 * BINS {
        return points;
    }
    let mut kept = Vec::with_capacity(2 * BINS + 2);
    kept.extend(points.first());
    for strip in points.chunks(points.len().div_ceil(BINS)) {
        let lowest = strip.iter().min_by(|a, b| a.1.total_cmp(&b.1));
        let highest = strip.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        if let (Some(a), Some(b)) = (lowest, highest) {
            kept.extend(if a.0 <= b.0 { [*a, *b] } else { [*b, *a] });
        }
    }
    kept.extend(points.last());
    kept
}
