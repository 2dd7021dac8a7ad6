//! The nets as files, with what was measured on them.

use exhibit::{Link, Values};
use nets::export::{About, Export, Measured, NetFile};
use theory::sawtooth::{NetError, Target, best_shallow_net, shallow_net, tent_net};

use super::perturbation;
use super::settings::{Settings, optimiser};
use super::target::{name, python};
use super::teeth::Labels;
use super::training::{BATCH, Lesson, SIGMA_B, last_error, n_examples};
use crate::kit::Rounds;

/// What the nets of a run are made from, and what was found on them.
#[derive(Clone, Debug)]
pub(super) struct Nets {
    settings: Settings,
    link: String,
    /// Crossings and the largest error of the deep net.
    found: Option<[f64; 2]>,
    trained: Vec<((u32, u64), Rounds)>,
}

impl Nets {
    pub(super) fn new(
        settings: &Settings,
        values: &Values,
        found: Option<[f64; 2]>,
        trained: Vec<((u32, u64), Rounds)>,
    ) -> Self {
        let link = Link { values: values.clone(), ..Link::new(values.exhibit()) };
        let link = format!("{}/?{}", values.exhibit().id, link.to_query());
        Self { settings: settings.clone(), link, found, trained }
    }

    /// The nets whose weights are written down.
    fn add_built(&self, export: &mut Export) -> Result<(), NetError> {
        let (settings, k, m) = (&self.settings, self.settings.k, self.settings.m);
        let (labels, n) = (Labels::of(settings)?, 1_u64 << settings.points);
        let of_labels = |readout, share| {
            let lines = format!("i = np.arange({n})\nis_above = outputs(net, i[:, None] / {n})[:, 0] >= 0.5\n");
            let lines = lines + "found = float(np.mean(is_above != (i % 2 == 1)))";
            Measured::with_python(readout, "the part of the alternating points that it labels wrongly", share, lines)
        };
        let tents = self.about(format!("{k} tents in a row."), vec![of_labels("deep_error", labels.deep_share())]);
        export.add(NetFile::from_relu_net("tents", &perturbation::shown(&tent_net(k)?, settings)?), tents);
        let what = format!("The net of {m} units in one layer with the fewest wrong labels.");
        let of_layer = vec![of_labels("shallow_error", labels.rival_share())];
        let of_layer = About { what, measured: of_layer, ..About::default() };
        export.add(NetFile::from_relu_net("one-layer-labels", &best_shallow_net(settings.points, m)?), of_layer);

        let Ok(target) = settings.target() else { return Ok(()) };
        let (low, high) = target.interval();
        let sampled = format!("x = np.linspace({low:?}, {high:?}, 2**14 + 1)\ny = outputs(net, x[:, None])[:, 0]\n");
        let of_distance = |readout, distance| {
            let lines = format!("{sampled}found = float(np.max(np.abs(y - ({}))))", python(&target));
            Measured::with_python(readout, "the largest distance from the target", distance, lines)
        };
        let of_deep = self.found.map_or_else(Vec::new, |[crossings, error]| {
            let lines = sampled.clone() + "above = y[y != 0.5] > 0.5\nfound = int(np.sum(above[1:] != above[:-1]))";
            vec![
                Measured::with_python("crossings", "crossings of 1/2", crossings, lines),
                of_distance("sup_error", error),
            ]
        });
        let deep = perturbation::shown(&target.net(k)?.net, settings)?;
        let of_deep = self.about(format!("The deep net for {}.", name(&target)), of_deep);
        export.add(NetFile::from_relu_net("deep", &deep), of_deep);
        let rival = target.shallow_rival(m)?;
        let what = format!("A net of at most {m} units in one layer near to {}.", name(&target));
        let of_rival = About { what, measured: vec![of_distance("distance", rival.distance)], ..About::default() };
        export.add(NetFile::from_relu_net("one-layer-distance", &shallow_net(&rival.function)?), of_rival);
        Ok(())
    }

    /// What is said of a deep net.
    fn about(&self, what: String, measured: Vec<Measured>) -> About {
        let (sigma, seed) = self.settings.perturbation();
        let mut about = About { what, measured, ..About::default() };
        if self.settings.is_perturbed() {
            about.recipe = format!("Every weight w became w(1 + {sigma:?} z), z standard normal.");
            about.seed = Some(seed);
        }
        about
    }

    fn add_trained(&self, export: &mut Export) {
        let (settings, lesson) = (&self.settings, Lesson::of(&self.settings));
        for ((k, copy), rounds) in &self.trained {
            let (Some((net, steps)), Some(error)) = (lesson.net(*k, rounds), last_error(rounds)) else { continue };
            let n = n_examples(*k);
            let lines = format!(
                "x = (np.arange({n}) + 0.5) / {n}\ny = outputs(net, x[:, None])[:, 0]\nfound = \
                 float(np.sqrt(np.mean((y - ({})) ** 2)))",
                python(&Target::Sawtooth { k: *k })
            );
            let (rule, of) = (optimiser(settings.optimiser), settings.steps);
            let about = About {
                what: format!("Net {copy} of {k} layers of {} units, trained.", settings.width),
                recipe: format!(
                    "Weights N(0, 2/fan_in), biases N(0, {SIGMA_B}²), half the squared error, batches of {BATCH}, {rule}, \
                     {steps} of {of} steps."
                ),
                seed: Some(settings.seed),
                data: format!("The sawtooth of k = {k} at the middles of {n} equal parts of [0, 1]."),
                measured: vec![Measured::with_python(
                    "training",
                    "the root mean square error over its examples",
                    error,
                    lines,
                )],
            };
            export.add(NetFile::from_mlp(&format!("trained-{k}-{copy}"), &net), about);
        }
    }
}

impl crate::job::Export for Nets {
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut export = Export::new("What depth buys", &format!("The nets of the exhibit at `{}`.", self.link));
        // Where the task has no net there are the others.
        let _built = self.add_built(&mut export);
        self.add_trained(&mut export);
        export.files()
    }
}
