//! The computation: images, then the net as it learns, then all test images.

use std::rc::Rc;

use figures::{Chart, Figure};
use protocol::Readout;
use training::{Scores, TrainedNet};

use super::insights::{At, Insights};
use super::pictures::{self, Seen};
use super::seeds::{self, Course, FilterParts, Others};
use super::settings::{Settings, TrainingKey};
use super::training::{ALL, Training, Verdicts};
use crate::job::{Export, JobError};
use crate::kit::{Compute, Kept, LoadedSet, Scene, Shown, Source};

/// What is kept from one request to the next.
#[derive(Default)]
pub struct Filters {
    loaded: Kept<(Source, usize), LoadedSet>,
    training: Kept<TrainingKey, Training>,
    verdicts: Kept<At, Verdicts>,
    /// Pictures of all test images.
    judged: [Shown<At>; 4],
    insights: Insights,
    others: Others,
}

impl Compute for Filters {
    const ID: &'static str = super::EXHIBIT.id;
    type Settings = Settings;
    type Parts = FilterParts;

    async fn run(&mut self, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        let key = settings.training();
        let Self { loaded, training, verdicts, judged, insights, others } = self;
        if training.peek(&key).is_none() {
            waiting(scene);
        }
        let wanted = (key.clone(), settings.steps);
        if verdicts.peek(&wanted).is_none() {
            scene.undefined(&["test_error"], "being computed");
            judged.iter_mut().for_each(|shown| shown.mute_unless(&wanted, scene));
        }
        insights.mute_unless(&wanted, settings, scene);
        if loaded.peek(&(key.images.clone(), key.examples)).is_none() {
            // Nothing that stands there is of these images.
            let note = format!("Loading {}.", key.images.label());
            for figure in super::EXHIBIT.figures.iter().filter(|figure| figure.id != "pad") {
                scene.figure(figure.id, || Chart::empty(figure.id, &note).build());
            }
            scene.flush().await?;
        }
        let load = async |(source, n): &(Source, usize)| LoadedSet::load(source, *n, ALL, scene).await;
        let loaded = loaded.get_async((key.images.clone(), key.examples), load).await?.clone();
        match &key.images {
            Source::Own(_) => scene.say_of("files", loaded.notice.clone()),
            Source::Named(_) => scene.say("images", loaded.notice.clone()),
        }
        let training = training.try_get(key.clone(), |key| Training::new(key, loaded))?;
        let of_others = TrainingKey { images: training.loaded.source.clone(), ..key.clone() };
        scene.readout("parameters", training.net().n_parameters() as f64);

        let mut is_first = true;
        while training.approach(settings.steps, scene).await? {
            if is_first || scene.is_paint_due() {
                is_first = false;
                let step = training.state().step();
                scene.progress(step as f64 / settings.steps as f64, format!("step {step} of {}", settings.steps));
                show(settings, training, &seeds::of(others, &of_others), scene)?;
                scene.hand_over();
            }
        }
        let seen = show(settings, training, &seeds::of(others, &of_others), scene)?;
        scene.flush().await?;

        let at = (key.clone(), training.state().step());
        let verdicts = verdicts.get_async(at.clone(), async |_: &_| training.verdicts(scene).await).await?;
        let test_error = wrong_share(training, verdicts);
        scene.readout_or("test_error", test_error, OVERFLOWS);
        judge(settings, training, verdicts, &at, judged, scene);
        let scores = Scores { train_error: None, test_error };
        let source = &training.loaded.source;
        let data =
            if key.shuffled { format!("{}, labels in random order", source.label()) } else { source.key().to_owned() };
        let net = TrainedNet::of(training.session.trainer(), key.spec.clone(), &data, scores);
        scene.offer(Rc::new(ShownNet(net)));
        insights.show(&at, settings, &seen, training, scene).await?;
        seeds::train(others, &of_others, (settings.nets, settings.steps), scene, |others, scene| {
            let others: Vec<&Course> = others.found().values().collect();
            scene.measured("error", || pictures::error(settings, training, &others));
            scene.measured("loss", || pictures::loss(settings, training, &others));
            show_deviation(settings, training, &others, scene);
            Ok(())
        })
        .await
    }
}

/// Why there is no number.
const OVERFLOWS: &str = "the net overflows";

/// What is said while there are no images yet.
fn waiting(scene: &mut Scene<'_>) {
    scene.undefined(
        &["test_error", "deviation", "train_error", "loss", "likeness", "named", "probability", "step"],
        "being computed",
    );
}

/// Everything that follows from the net and one image, and what the net makes of that.
fn show(
    settings: &Settings,
    training: &mut Training,
    others: &[&Course],
    scene: &mut Scene<'_>,
) -> Result<Seen, JobError> {
    let step = training.state().step();
    let is_diverged = training.state().is_diverged();
    let rate = training.session.trainer().learning_rate(step);
    let sentence = format!(
        "Training diverged after step {step}: the net shown is the last one. The learning rate {rate} is too high."
    );
    let units = training.n_first_units();
    let beyond =
        format!("The first layer has {units} units, from 0 to {}: the last one is looked at.", units.saturating_sub(1));
    let n_test = training.loaded.test.n();
    let no_more =
        format!("There are {n_test} test images, from 0 to {}: the last one is looked at.", n_test.saturating_sub(1));
    scene.say_of("image", Some(no_more).filter(|_| settings.image >= n_test));
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
    scene.measured("error", || pictures::error(settings, training, others));
    scene.measured("loss", || pictures::loss(settings, training, others));
    show_deviation(settings, training, others, scene);
    let drawn = settings.drawn();
    scene.figure("pad", || pictures::pad(drawn.as_ref().map(|[as_drawn, _]| as_drawn)));
    let seen = pictures::seen(settings, drawn.as_ref().map(|[_, centred]| centred), training)?;
    let is_drawn = "The net is shown your drawing. Clear on the pad brings the test image back.";
    scene.say("drawing", seen.is_drawing().then(|| is_drawn.to_owned()));
    scene.measured("maps", || pictures::maps(&seen));
    scene.measured("probabilities", || pictures::probabilities(&seen));
    let named = seen.named();
    // A digit is a number.
    let word = named.and_then(|(class, _)| training.loaded.source.class(class));
    match word.filter(|word| word.parse::<u8>().is_err()) {
        Some(word) => scene.readout("named", Readout::Text(word.to_owned())),
        None => scene.readout_or("named", named.map(|(class, _)| f64::from(class)), OVERFLOWS),
    }
    scene.readout_or("probability", named.map(|(_, probability)| f64::from(probability)), OVERFLOWS);
    Ok(seen)
}

fn show_deviation(settings: &Settings, training: &Training, others: &[&Course], scene: &mut Scene<'_>) {
    let deviation = seeds::deviation(training, others, settings.nets);
    scene.readout_or("deviation", deviation.ok(), deviation.err().unwrap_or_default());
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
