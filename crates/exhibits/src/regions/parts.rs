//! What any core can do: count the regions of some nets.

use figures::Samples;
use nets::mlp::{Mlp, Saved};
use nets::relu_net;
use serde::{Deserialize, Serialize};
use theory::regions::{Plane, PlaneSearch, Subdivision};
use theory::sawtooth::ReluNet;

use super::settings::{Settings, window};
use super::training::{KEPT_EVERY, random_net, shape, start};
use crate::job::{Checkpoint, Core, JobError};
use crate::kit::{Part, Rounds, finished, train_to};
use crate::parts;

/// Most steps of training.
pub(super) const MOST_STEPS: u64 = 2000;
/// Steps between counts of the nets of other seeds: those of a round.
pub(super) const SELDOM: u64 = 4 * KEPT_EVERY;
pub(super) const ROUNDS: u64 = MOST_STEPS / SELDOM;
/// More regions take too long, and too much memory.
const MOST_REGIONS: usize = 1 << 17;
/// Visits of polygons between checkpoints: about a millisecond in a browser.
pub(super) const WORK_AT_ONCE: usize = 30_000;

/// One net, in a window with these edges or in the plane.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Given {
    widths: Vec<usize>,
    parameters: Samples,
    edges: Option<[f64; 4]>,
}

/// A random net, in the plane.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Random {
    pub(super) widths: Vec<usize>,
    pub(super) sigmas: (f64, f64),
    pub(super) seed: u64,
    pub(super) index: u64,
}

/// A net's way to where it is counted next, in the plane; before the first round it is counted, too.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Round {
    pub(super) settings: Settings,
    pub(super) state: Option<Saved>,
}

parts! {
    /// What a core does for this exhibit.
    pub Parts(()): Given, Random, Round
}

impl Given {
    pub(super) fn new(net: &Mlp, edges: Option<[f64; 4]>) -> Self {
        let widths = net.shape().widths();
        Self { widths: widths[1..widths.len() - 1].to_vec(), parameters: net.parameters().to_vec().into(), edges }
    }
}

impl Part for Given {
    type Kept = ();
    /// How many there are; NaN where there are too many.
    type Answer = f64;

    async fn run(self, (): &mut (), core: &mut dyn Core) -> Result<f64, JobError> {
        let net = relu_net(&Mlp::new(shape(&self.widths)?, self.parameters.0)?)?;
        let Some(edges) = self.edges else { return counted(&net, core).await };
        let mut search = Subdivision::new(&net, &Plane::of_two_inputs(), window(edges), MOST_REGIONS)?;
        let is_done = finished(core, || search.advance(WORK_AT_ONCE)).await?.is_ok();
        Ok(if is_done { search.n_found() as f64 } else { f64::NAN })
    }
}

impl Part for Random {
    type Kept = ();
    type Answer = f64;

    async fn run(self, (): &mut (), core: &mut dyn Core) -> Result<f64, JobError> {
        let net = random_net(&self.widths, self.sigmas, (self.seed, self.index))?;
        counted(&relu_net(&net)?, core).await
    }
}

impl Part for Round {
    type Kept = ();
    type Answer = Rounds;

    async fn run(self, (): &mut (), core: &mut dyn Core) -> Result<Rounds, JobError> {
        let (_, examples, mut trainer) = start(&self.settings.net())?;
        let mut scores = Vec::new();
        match &self.state {
            Some(state) => trainer.restore(state, &examples)?,
            None => scores.push(counted(&relu_net(trainer.net())?, core).await?),
        }
        let next = trainer.steps() + SELDOM;
        if train_to(&mut trainer, next, &examples, core, |_| Ok(())).await? {
            scores.push(counted(&relu_net(trainer.net())?, core).await?);
        }
        Ok(Rounds { saved: Some(trainer.save()), scores })
    }
}

async fn counted(net: &ReluNet, pace: &mut dyn Core) -> Result<f64, JobError> {
    Ok(in_plane(net, pace).await?.map_or(f64::NAN, |n| n as f64))
}

/// How many regions a net has in the whole plane, or a sentence that says why that is not known.
pub(super) async fn in_plane(
    net: &ReluNet,
    pace: &mut (impl Checkpoint + ?Sized),
) -> Result<Result<usize, String>, JobError> {
    let mut search = match PlaneSearch::new(net, MOST_REGIONS) {
        Ok(search) => search,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let done = finished(pace, || search.advance(WORK_AT_ONCE)).await?;
    Ok(done.and_then(|()| search.finish().map_err(|error| error.to_string())))
}
