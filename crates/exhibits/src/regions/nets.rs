//! The nets that were counted, as files.

use std::collections::BTreeMap;
use std::rc::Rc;

use nets::export::{About, Export, Measured, NetFile};

use super::counts::Shape;
use super::settings::Settings;
use super::training::{BATCH, N_POINTS, NOISE, State, random_net};
use crate::job;

const INTRODUCTION: &str = "ReLU nets of two inputs whose linear regions were counted by the exhibit “Linear regions” of \
Depthscope. `regions` of `recompute.py` counts again in whole numbers; for large nets that takes minutes. A window of 10³⁰ \
holds all regions of the plane.";

/// The net that is shown, and random nets by depth and number of units, with their counts.
#[derive(Debug)]
pub(super) struct Nets {
    pub(super) settings: Settings,
    pub(super) state: Rc<State>,
    pub(super) plane: Option<usize>,
    pub(super) window: Option<usize>,
    pub(super) random: BTreeMap<(Shape, u64), f64>,
}

impl job::Export for Nets {
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut export = Export::new("Linear regions", INTRODUCTION);
        export.add(NetFile::from_mlp("net", self.state.trainer.net()), self.about_this());
        let (sigmas, seed) = ((self.settings.sigma_w, self.settings.sigma_b), self.settings.seed);
        for (((depth, units), index), count) in &self.random {
            let widths = vec![units / depth; *depth];
            let Ok(net) = random_net(&widths, sigmas, (seed, *index)) else { continue };
            let about = About {
                what: format!("Random net {} with hidden layers {widths:?}.", index + 1),
                recipe: self.initialisation(),
                seed: Some(seed),
                measured: vec![in_plane("count", *count)],
                ..About::default()
            };
            export.add(NetFile::from_mlp(&format!("random-{depth}x{}-{}", units / depth, index + 1), &net), about);
        }
        export.files()
    }
}

impl Nets {
    fn initialisation(&self) -> String {
        let Settings { sigma_w, sigma_b, .. } = self.settings;
        format!("Weights drawn from N(0, {sigma_w}²/fan-in), biases from N(0, {sigma_b}²).")
    }

    fn about_this(&self) -> About {
        let settings = &self.settings;
        let (edges @ [x_min, x_max, y_min, y_max], steps) = (settings.edges(), self.state.trainer.steps());
        let (x, y) = ((x_min, x_max), (y_min, y_max));
        let window = self.window.map(|count| {
            let what = format!("regions in the window {edges:?} (left, right, lower, upper edge)");
            Measured::with_python("regions", &what, count as f64, format!("found = regions(net, {x:?}, {y:?})"))
        });
        let data = match settings.data {
            Some(toy) => format!("{} of {N_POINTS} points, noise {NOISE}, of the same seed.", toy.name()),
            None => format!("The points {} (x,y; the classes are separated by ~).", settings.points),
        };
        let training = format!(
            " Then {steps} steps of {} on the logistic loss, batches of {BATCH} points.",
            settings.net().optimiser
        );
        let is_trained = steps > 0;
        About {
            what: format!("The net that is shown, after {steps} training steps."),
            recipe: self.initialisation() + if is_trained { &training } else { "" },
            seed: Some(settings.seed),
            data: if is_trained { data } else { String::new() },
            measured: window.into_iter().chain(self.plane.map(|n| in_plane("regions_plane", n as f64))).collect(),
        }
    }
}

fn in_plane(readout: &str, value: f64) -> Measured {
    let lines = "found = regions(net, (-1e30, 1e30), (-1e30, 1e30))";
    Measured::with_python(readout, "regions in the whole plane", value, lines)
}
