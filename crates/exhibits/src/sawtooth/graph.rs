//! The straight pieces of the net, and what was found on them.

use theory::sawtooth::{GraphSearch, PiecewiseLinear, ReluNet, Target, listing_work};

use crate::job::{Checkpoint, JobError};

/// Most pieces that are listed.
pub(super) const MAX_PIECES: usize = 1 << 16;
/// Multiplications between two checkpoints: a few milliseconds.
const WORK: f64 = 4e6;
/// Beyond this a net's pieces are not listed: half a minute in a browser.
const MAX_WORK: f64 = 2e10;
/// Most parts of the interval.
const MAX_PARTS: f64 = 512.0;

/// The graph of a net.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) function: PiecewiseLinear,
    /// Of 1/2.
    pub(super) crossings: usize,
    /// The largest distance from the target.
    pub(super) error: f64,
}

/// In how many parts a net is listed, so that each takes a few milliseconds; none if it would take too long.
pub(super) fn n_parts(net: &ReluNet, steps: u32) -> Option<usize> {
    let work = listing_work(net, steps);
    (work <= MAX_WORK).then(|| (work / WORK).ceil().clamp(1.0, MAX_PARTS) as usize)
}

impl Graph {
    /// The graph, or why there is none; what the search has found by a cancellation is kept.
    pub(super) async fn of_net(
        net: &ReluNet,
        target: &Target,
        search: &mut GraphSearch,
        pace: &mut impl Checkpoint,
    ) -> Result<Result<Self, String>, JobError> {
        let function = loop {
            match search.advance(net) {
                Ok(true) => break search.finish(),
                // A small net's graph comes with the first frame: nobody is let in before it.
                Ok(false) => pace.checkpoint().await?,
                Err(error) => break Err(error),
            }
        };
        let found = |function: PiecewiseLinear| {
            let (crossings, error) = (function.crossings(0.5).len(), target.distance(&function));
            Self { function, crossings, error }
        };
        Ok(function.map(found).map_err(|error| error.to_string()))
    }
}
