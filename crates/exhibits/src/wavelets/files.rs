//! The filters as files.

use nets::NetError;
use nets::export::{About, Export, Measured, NetFile, Numbers};

use super::discriminator::{PLACES, STRIDE};
use super::learning::{Learner, Verdict};
use super::patches::{BATCH, Patches, TESTED};
use super::settings::Settings;

/// What is written, and how to find its number again.
pub(super) struct Filters {
    settings: Settings,
    steps: u64,
    file: Result<NetFile, NetError>,
    measured: Measured,
}

impl Filters {
    /// What is shown, with what was measured on the patches of the test.
    pub(super) fn of(settings: &Settings, learner: &Learner, patches: &Patches, verdict: &Verdict) -> Self {
        let (units, side, dim) = (learner.units, learner.side, patches.dim());
        let rows = |numbers: &[f32]| [numbers.len() / dim, dim];
        let numbers = |of: &[f32]| Numbers::F32(of.to_vec());
        let test = &patches.test[1];
        let file = NetFile::new("filters")
            .with_metadata("kind", "patterns")
            .with_tensor("filters", &[units, side * side], numbers(learner.filters()))
            .and_then(|file| file.with_tensor("patches", &rows(test), numbers(test)));
        let (file, measured) = match verdict {
            Verdict::Coded(coded) => (file, explained(settings.lambda, coded.explained)),
            Verdict::Told { right, noise } => {
                let (biases, behind) = learner.behind().split_at(units);
                let (weights, class_biases) = behind.split_at(2 * units);
                let with = |file: NetFile| {
                    file.with_tensor("noise", &rows(noise), numbers(noise))?
                        .with_tensor("biases", &[units], numbers(biases))?
                        .with_tensor("class_weights", &[2, units], numbers(weights))?
                        .with_tensor("class_biases", &[2], numbers(class_biases))
                };
                (file.and_then(with), told(side, patches.side(), *right))
            }
        };
        Self { settings: settings.clone(), steps: learner.steps(), file, measured }
    }
}

/// The share of energy that sums of filters explain.
fn explained(lambda: f64, share: f64) -> Measured {
    let lines = format!(
        "f, x = (net[0][name].astype(float) for name in (\"filters\", \"patches\"))\ng, b = f @ f.T, x @ f.T\nstep = 1 / np.linalg.eigvalsh(g)[-1]\n\
         a = np.zeros_like(b)\nfor _ in range(3000):\n    a = a + step * (b - a @ g)\n    \
         a = np.sign(a) * np.maximum(np.abs(a) - {lambda:?} * step, 0)\n\
         found = 1 - np.sum((x - a @ f) ** 2) / np.sum(x ** 2)"
    );
    let what = format!("the share of the energy of {TESTED} patches that the filters explain");
    Measured::with_python("explained_share", &what, share, lines)
}

/// The share of patches and noise that the net tells rightly.
fn told(side: usize, patch: usize, share: f64) -> Measured {
    let lines = format!(
        "n = net[0]\nx = np.concatenate([n[\"patches\"], n[\"noise\"]]).reshape(-1, {patch}, {patch})\n\
         places = [({STRIDE} * i, {STRIDE} * j) for i in range({PLACES}) for j in range({PLACES})]\n\
         seen = [x[:, i:i + {side}, j:j + {side}].reshape(len(x), -1) @ n[\"filters\"].T + n[\"biases\"] for i, j in places]\n\
         means = np.mean([np.maximum(y, 0) for y in seen], axis=0)\n\
         named = np.argmax(means @ n[\"class_weights\"].T + n[\"class_biases\"], axis=1)\n\
         found = np.mean(named == (np.arange(len(x)) >= len(n[\"patches\"])))"
    );
    let what = format!("the share of {TESTED} patches and as many noises that the net tells rightly");
    Measured::with_python("told_apart", &what, share, lines)
}

impl crate::job::Export for Filters {
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let Self { settings, steps, file, measured } = self;
        let Ok(file) = file else { return Vec::new() };
        let way = if settings.has_price() {
            format!("online dictionary learning at λ = {:?}, each on {BATCH} patches", settings.lambda)
        } else {
            format!("Adam on the cross-entropy of {BATCH} patches and {BATCH} noises")
        };
        let about = About {
            what: format!(
                "Filters of {0}×{0} pixels, a row each, and whitened patches that they have not learnt from.",
                settings.side
            ),
            recipe: format!("{steps} steps of {way}."),
            seed: Some(settings.seed),
            data: "Patches without their means, whitened by (C + 0.1 tr C/n)^(−1/2) of their covariance C.".into(),
            measured: vec![measured.clone()],
        };
        let mut export = Export::new("First filters", "The filters of the exhibit `wavelets`.");
        export.add(file.clone(), about);
        export.files()
    }
}
