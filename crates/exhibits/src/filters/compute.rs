//! The computation: images, then the net as it learns, then all test images.

use std::rc::Rc;

use figures::{Chart, Figure};
use protocol::Readout;
use training::{Scores, TrainedNet};

use super::pictures;
use super::settings::{Settings, TrainingKey};
use super::training::{ALL, Training, Verdicts};
use crate::job::{Export, JobError};
use crate::kit::{Compute, Kept, LoadedSet, NoParts, Scene, Shown};

/// What is kept from one request to the next.
#[derive(Default)]
pub struct Filters {
    loaded: Kept<(training::DataSet, usize), LoadedSet>,
    training: Kept<TrainingKey, Training>,
    verdicts: Kept<At, Verdicts>,
    /// Pictures of all test images.
    judged: [Shown<At>; 4],
}

/// A training, and how many steps of it were made.
type At = (TrainingKey, u64);

impl Compute for Filters {
    const ID: &'static str = super::EXHIBIT.id;
    type Settings = Settings;
    type Parts = NoParts;

    async fn run(&mut self, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        let key = settings.training();
        let Self { loaded, training, verdicts, judged } = self;
        if training.peek(&key).is_none() {
            waiting(scene);
        }
        let wanted = (key.clone(), settings.steps);
        if verdicts.peek(&wanted).is_none() {
            scene.undefined(&["test_error"], "being computed");
            judged.iter_mut().for_each(|shown| shown.mute_unless(&wanted, scene));
        }
        if loaded.peek(&(key.images, key.examples)).is_none() {
            // Nothing that stands there is of these images.
            let note = format!("Loading {}.", key.images.label());
            for figure in super::EXHIBIT.figures.iter().filter(|figure| figure.id != "pad") {
                scene.figure(figure.id, || Chart::empty(figure.id, &note).build());
            }
            scene.flush().await?;
        }
        let load = async |&(set, n): &(_, usize)| LoadedSet::load(set, n, ALL, scene).await;
        let loaded = loaded.get_async((key.images, key.examples), load).await?.clone();
        scene.say("images", loaded.notice.clone());
        let training = training.try_get(key.clone(), |key| Training::new(key, loaded))?;
        scene.readout("parameters", training.net().n_parameters() as f64);

        let mut is_first = true;
        while training.approach(settings.steps, scene).await? {
            if is_first || scene.is_paint_due() {
                is_first = false;
                let step = training.state().step();
                scene.progress(step as f64 / settings.steps as f64, format!("step {step} of {}", settings.steps));
                show(settings, training, scene)?;
                scene.hand_over();
            }
        }
        show(settings, training, scene)?;
        scene.flush().await?;

        let at = (key.clone(), training.state().step());
        let verdicts = verdicts.get_async(at.clone(), async |_: &_| training.verdicts(scene).await).await?;
        let test_error = wrong_share(training, verdicts);
        scene.readout_or("test_error", test_error, OVERFLOWS);
        judge(settings, training, verdicts, &at, judged, scene);
        let scores = Scores { train_error: None, test_error };
        let net = TrainedNet::of(training.session.trainer(), key.spec, training.loaded.set.key(), scores);
        scene.offer(Rc::new(ShownNet(net)));
        Ok(())
    }
}

/// Why there is no number.
const OVERFLOWS: &str = "the net overflows";

/// What is said while there are no images yet.
fn waiting(scene: &mut Scene<'_>) {
    scene.undefined(
        &["test_error", "train_error", "loss", "likeness", "named", "probability", "step"],
        "being computed",
    );
}

/// Everything that follows from the net and one image.
fn show(settings: &Settings, training: &mut Training, scene: &mut Scene<'_>) -> Result<(), JobError> {
    let step = training.state().step();
    let is_diverged = training.state().is_diverged();
    let rate = training.session.trainer().learning_rate(step);
    let sentence = format!(
        "Training diverged after step {step}: the net shown is the last one. The learning rate {rate} is too high."
    );
    let units = training.n_first_units();
    let beyond =
        format!("The first layer has {units} units, from 0 to {}: the last one is looked at.", units.saturating_sub(1));
    scene.say_of("unit", Some(beyond).filter(|_| settings.unit as usize >= units));
    scene.say("diverged", Some(sentence).filter(|_| is_diverged));
    scene.readout("step", step as f64);
    let curve = training.session.curve();
    let recent = pictures::recent(curve, step);
    scene.readout_or("loss", recent.map(|(loss, _)| loss), "not trained");
    scene.readout_or("train_error", recent.map(|(_, error)| error), "not trained");
    scene.readout_or("likeness", pictures::likeness(training), "no filters");
    scene.measured("filters", || pictures::filters(settings, training));
    scene.measured("second", || pictures::second(training));
    scene.measured("error", || pictures::error(settings, training));
    scene.measured("loss", || pictures::loss(settings, training));
    let drawn = settings.drawn();
    scene.figure("pad", || pictures::pad(drawn.as_ref().map(|[as_drawn, _]| as_drawn)));
    let seen = pictures::seen(settings, drawn.as_ref().map(|[_, centred]| centred), training)?;
    let is_drawn = "The net is shown your drawing. Clear on the pad brings the test image back.";
    scene.say("drawing", seen.is_drawing().then(|| is_drawn.to_owned()));
    scene.measured("maps", || pictures::maps(&seen));
    scene.measured("probabilities", || pictures::probabilities(&seen));
    let named = seen.named();
    // A digit is a number.
    let word = named.and_then(|(class, _)| training.loaded.set.class(class));
    match word.filter(|word| word.parse::<u8>().is_err()) {
        Some(word) => scene.readout("named", Readout::Text(word.to_owned())),
        None => scene.readout_or("named", named.map(|(class, _)| f64::from(class)), OVERFLOWS),
    }
    scene.readout_or("probability", named.map(|(_, probability)| f64::from(probability)), OVERFLOWS);
    Ok(())
}

/// Everything that follows from all test images.
fn judge(
    settings: &Settings,
    training: &Training,
    verdicts: &Verdicts,
    at: &At,
    judged: &mut [Shown<At>; 4],
    scene: &mut Scene<'_>,
) {
    for (id, shown) in ["excites", "confusion", "cell", "wrong"].into_iter().zip(judged) {
        if !scene.wants(id) {
            continue;
        }
        let figure = match id {
            _ if !verdicts.are_finite() => pictures::overflows(id),
            "excites" => pictures::excites(settings, training, verdicts),
            "confusion" => pictures::confusion(settings, training, verdicts),
            "cell" => pictures::cell(settings, training, verdicts),
            _ => pictures::wrong(training, verdicts),
        };
        shown.show(at.clone(), Figure { device: scene.device().clone(), ..figure }, scene);
    }
}

fn wrong_share(training: &Training, verdicts: &Verdicts) -> Option<f64> {
    let labels = training.loaded.test.labels();
    let wrong = labels.iter().zip(&verdicts.named).filter(|(label, (named, _))| *label != named).count();
    Some(wrong as f64 / labels.len() as f64).filter(|share| share.is_finite() && verdicts.are_finite())
}

/// The net as files.
struct ShownNet(TrainedNet);

impl Export for ShownNet {
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.0.files("net").unwrap_or_default()
    }
}
