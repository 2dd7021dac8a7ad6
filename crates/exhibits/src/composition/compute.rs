//! The computation: theory and trees at once, then all nets in training, round after round.

use std::rc::Rc;

use super::experiment::{Experiment, Nets};
use super::export::MeasuredNets;
use super::settings::{NetKind, Settings};
use super::training::{NetKey, Parts, ROUNDS, Round, steps_of};
use super::{cost, curves, graph};
use crate::job::JobError;
use crate::kit::{Compute, Scene};

/// The nets of the last task.
#[derive(Debug, Default)]
pub struct Composition {
    nets: Nets,
}

impl Compute for Composition {
    const ID: &'static str = super::EXHIBIT.id;
    type Settings = Settings;
    type Parts = Parts;

    async fn run(&mut self, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        let (training, sizes) = (settings.of_training(), settings.sizes());
        self.nets.of(training.clone()).retain(|(_, units, _)| sizes.contains(units));
        let wanted = wanted(settings, scene);
        scene.try_figure("tree", || graph::picture(settings))?;
        scene.try_figure("needed", || cost::needed(settings))?;
        of_theory(settings, scene)?;

        let round = |net: &NetKey, state| Round { settings: training.clone(), net: *net, state };
        let show = |nets: &Nets, scene: &mut Scene<'_>| show(&Experiment { settings, nets }, &wanted, scene);
        self.nets.train_rounds(scene, wanted.iter().copied(), ROUNDS, round, show).await
    }
}

/// The nets that the figures in view need, those of the first number first.
fn wanted(settings: &Settings, scene: &Scene<'_>) -> Vec<NetKey> {
    let sizes = if scene.wants("error-parameters") {
        settings.sizes()
    } else if scene.wants_any(&["error-steps", "slice"]) {
        vec![settings.units()]
    } else {
        Vec::new()
    };
    let of_copy = |copy| sizes.iter().flat_map(move |units| NetKind::ALL.map(|kind| (kind, *units, copy)));
    (0..settings.nets).flat_map(of_copy).collect()
}

/// Pictures and readouts of the nets as they are.
fn show(experiment: &Experiment<'_>, wanted: &[NetKey], scene: &mut Scene<'_>) -> Result<(), JobError> {
    let settings = experiment.settings;
    scene.try_measured("error-parameters", || curves::error_parameters(experiment))?;
    scene.measured("error-steps", || curves::error_steps(experiment));
    scene.try_measured("slice", || curves::slice(experiment))?;
    let share = experiment.nets.share(wanted, ROUNDS);
    if share < 1.0 && !wanted.is_empty() {
        let step = steps_of(settings, (share * ROUNDS as f64) as u64);
        scene.progress(share, format!("step {step} of {}", settings.steps));
    }
    let sentence = |n: usize| {
        let nets = if n == 1 { "One net has".to_owned() } else { format!("{n} nets have") };
        format!("{nets} diverged: the errors are beyond all bounds. Lower the learning rate.")
    };
    scene.say("diverged", Some(experiment.n_diverged()).filter(|n| *n > 0).map(sentence));

    if share >= 1.0 {
        scene.offer(Rc::new(MeasuredNets::of(experiment)));
    }
    let error = |kind| experiment.latest(kind, settings.units()).map(|spread| spread.median);
    let [tree, shuffled, shallow] = NetKind::ALL.map(error);
    let ratio = tree.zip(shallow).filter(|(tree, _)| *tree > 0.0).map(|(tree, shallow)| shallow / tree);
    let slope = |kind| experiment.slope(kind);
    let errors = [("error_tree", tree), ("error_shuffled", shuffled), ("error_shallow", shallow), ("ratio", ratio)];
    let slopes = [("slope_tree", slope(NetKind::Tree)), ("slope_shallow", slope(NetKind::Shallow))];
    for (key, value) in errors.into_iter().chain(slopes) {
        scene.readout_or(key, value, "not trained yet");
    }
    Ok(())
}

fn of_theory(settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
    let (units, theory) = (settings.units(), settings.theory()?);
    for (key, value) in [
        ("parameters_tree", settings.n_parameters(NetKind::Tree, units) as f64),
        ("parameters_shallow", settings.n_parameters(NetKind::Shallow, units) as f64),
        ("units_tree", units as f64),
        ("units_shallow", settings.shallow_units(units) as f64),
        ("theory_tree", -theory.tree_rate()),
        ("theory_shallow", -theory.shallow_rate()),
    ] {
        scene.readout(key, value);
    }
    Ok(())
}
