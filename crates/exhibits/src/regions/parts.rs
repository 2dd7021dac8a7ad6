//! What any core can do: count the regions of some nets.

use exhibit::Values;
use figures::Samples;
use serde::{Deserialize, Serialize};
use theory::regions::Window;
use theory::sawtooth::ReluNet;

use super::counts::{MOST_STEPS, SELDOM};
use super::cut::regions;
use super::settings::{NetKey, Settings};
use super::training::{Training, net_from_parameters, random_net, relu_net};
use crate::job::{Checkpoint, JobError, LocalFuture, Parts};

/// Random nets of a shape; "almost the whole plane" for them reaches so far.
const PLANE: f64 = 1000.0;

/// One part, with all that it depends on. Its answer is a list of counts.
#[derive(Debug, Serialize, Deserialize)]
enum Part {
    /// A net of these parameters in a window.
    Trained { widths: Vec<usize>, parameters: Samples, window: [f64; 4] },
    /// A net of another seed, on its way through training.
    OfSeed { controls: Vec<(String, String)>, seed: u64 },
    /// Random nets in the plane.
    Random { widths: Vec<usize>, sigmas: (f64, f64), seed: u64, nets: u64 },
}

/// The counts of a part: `None` where there are too many regions.
pub(super) type Counts = Vec<Option<u32>>;

/// A part: a net of these parameters in a window.
pub(super) fn trained(key: &NetKey, parameters: &[f32], w: Window) -> Result<Vec<u8>, JobError> {
    let window = [w.x_min, w.x_max, w.y_min, w.y_max];
    Ok(protocol::encode(&Part::Trained { widths: key.widths(), parameters: parameters.to_vec().into(), window })?)
}

/// A part: the net that these controls train, of another seed, counted in their window at every [`SELDOM`]th kept state.
pub(super) fn of_seed(controls: &[(String, String)], seed: u64) -> Result<Vec<u8>, JobError> {
    Ok(protocol::encode(&Part::OfSeed { controls: controls.to_vec(), seed })?)
}

/// A part: some random nets in the plane.
pub(super) fn random(key: &NetKey, widths: Vec<usize>, nets: u64) -> Result<Vec<u8>, JobError> {
    Ok(protocol::encode(&Part::Random { widths, sigmas: (key.sigma_w, key.sigma_b), seed: key.seed, nets })?)
}

/// Nothing is kept.
#[derive(Debug, Default)]
pub struct PartState;

impl Parts for PartState {
    fn compute<'a>(
        &'a mut self,
        part: &'a [u8],
        pace: &'a mut dyn Checkpoint,
    ) -> LocalFuture<'a, Result<Vec<u8>, JobError>> {
        Box::pin(async move {
            let mut counts = Counts::new();
            match protocol::decode(part)? {
                Part::Trained { widths, parameters, window: [x_min, x_max, y_min, y_max] } => {
                    let net = net_from_parameters(&widths, parameters.0)?;
                    counts.push(counted(&net, Window { x_min, x_max, y_min, y_max }, pace).await?);
                }
                Part::OfSeed { controls, seed } => {
                    let mut settings = Settings::from_values(&Values::from_changed(&super::EXHIBIT, &controls))?;
                    settings.net.seed = seed;
                    let mut training = Training::refreshed(None, &settings.net)?;
                    while let Some(steps) = training.next_kept(MOST_STEPS) {
                        training.keep_next(steps, pace).await?;
                    }
                    for state in training.kept().iter().step_by(SELDOM) {
                        counts.push(counted(&relu_net(state.net())?, settings.window(), pace).await?);
                    }
                }
                Part::Random { widths, sigmas, seed, nets } => {
                    for index in 0..nets {
                        let net = random_net(&widths, sigmas, (seed, index))?;
                        counts.push(counted(&net, Window::square(PLANE), pace).await?);
                    }
                }
            }
            Ok(protocol::encode(&counts)?)
        })
    }
}

async fn counted(net: &ReluNet, window: Window, pace: &mut dyn Checkpoint) -> Result<Option<u32>, JobError> {
    let found = regions(net, window, pace).await?.ok();
    Ok(found.and_then(|regions| u32::try_from(regions.len()).ok()))
}
