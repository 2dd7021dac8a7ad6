//! The nets at the ring as files, with the points on which their errors were measured.

use nets::export::{About, Export, Measured, NetFile};
use nets::mlp::Saved;

use super::experiment::Experiment;
use super::settings::Settings;
use super::training::{Net, NetKey, ROUNDS, SIGMA_B, SIGMA_W, test_examples};
use crate::job::{self, JobError};

/// The error from the points in the file: `outputs` is a function of the program that is exported beside it.
const RECOMPUTE: &str = "x, y = net[0][\"test.inputs\"], net[0][\"test.targets\"]\n\
                         found = float(np.sqrt(np.mean((outputs(net, x)[:, 0] - y) ** 2)))";

/// The nets that are shown one by one, with their errors.
pub(super) struct MeasuredNets {
    settings: Settings,
    nets: Vec<(NetKey, Saved, f64)>,
}

impl MeasuredNets {
    pub(super) fn of(experiment: &Experiment<'_>) -> Self {
        let (settings, units) = (experiment.settings.clone(), experiment.settings.units());
        let nets = experiment.nets.found().iter().filter(|((_, of, _), _)| *of == units);
        let nets = nets.filter_map(|(key, net)| Some((*key, net.saved.clone()?, net.score(net.done(ROUNDS))?)));
        Self { nets: nets.collect(), settings }
    }

    fn export(&self) -> Result<Export, JobError> {
        let settings = &self.settings;
        let test = test_examples(settings)?;
        let introduction =
            "The nets at the ring of the exhibit “Structure beats dimension”, as far as they are trained.";
        let mut export = Export::new("Structure beats dimension", introduction);
        for (key @ (kind, units, copy), saved, error) in &self.nets {
            let name = format!("{}-{copy}", kind.looks().name.replace(' ', "-"));
            let file = match Net::new(settings, *key, Some(saved))? {
                Net::Tree(net) => NetFile::from_tree(&name, &net),
                Net::Shallow(net) => NetFile::from_mlp(&name, &net),
            };
            let (steps, rate) = (saved.steps, settings.rate);
            let about = About {
                what: format!(
                    "A {} net, {units} units a node or as many parameters, after {steps} steps.",
                    kind.looks().name
                ),
                recipe: format!(
                    "Weights N(0, {SIGMA_W}²/fan_in), biases N(0, {SIGMA_B}²); Adam at rate {rate}, batches of 64."
                ),
                seed: Some(settings.seed),
                data: format!("{} points of the cube in {} dimensions.", settings.examples, settings.dimension),
                measured: vec![Measured::with_python(
                    &format!("error_{}", kind.looks().key),
                    "root mean square error on the points in the file; the readout is the median over the nets",
                    *error,
                    RECOMPUTE,
                )],
            };
            export.add(file.with_examples("test", &test), about);
        }
        Ok(export)
    }
}

impl job::Export for MeasuredNets {
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.export().map(|export| export.files()).unwrap_or_default()
    }
}
