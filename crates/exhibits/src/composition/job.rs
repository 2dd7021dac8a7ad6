//! The computation: theory and trees at once, then all nets in training, round after round.

use exhibit::Values;
use figures::Figure;
use protocol::{Frame, Notice, Progress, Readout};

use super::experiment::Experiment;
use super::parts;
pub use super::parts::PartState;
use super::settings::{NetKind, Settings};
use super::training::{NetKey, ROUNDS, Round, steps_of};
use super::{cost, curves, graph};
use crate::job::{Host, Job, JobError, LocalFuture, Work};

/// Figures that need trained nets of all sizes, and those that need the chosen size alone.
const OF_ALL_SIZES: &str = "error-parameters";
const OF_ONE_SIZE: [&str; 2] = ["error-steps", "slice"];
/// Answers after which pictures are shown again, within a round too.
const ANSWERS_A_FRAME: usize = 12;

/// What is kept from one request to the next.
#[derive(Debug, Default)]
pub struct State {
    here: PartState,
    experiment: Option<Experiment>,
}

impl Job for State {
    fn run<'a>(&'a mut self, values: &'a Values, host: &'a mut dyn Host) -> LocalFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let settings = Settings::from_values(values)?;
            self.compute(values, &settings, host).await
        })
    }
}

impl State {
    async fn compute(&mut self, values: &Values, settings: &Settings, host: &mut dyn Host) -> Result<(), JobError> {
        let wanted = wanted(settings, host);
        let experiment = Experiment::refreshed(self.experiment.take(), settings);
        let experiment = self.experiment.insert(experiment);
        let mut frame = measured(settings, experiment, &wanted, host)?;
        if host.wants("tree") {
            frame.figures.push(graph::picture(settings)?);
        }
        if host.wants("needed") {
            frame.figures.push(cost::needed(settings));
        }
        frame.readouts.extend(of_theory(settings));
        host.emit(frame);
        host.checkpoint().await?;

        for round in 0..ROUNDS {
            let missing: Vec<&NetKey> = wanted.iter().filter(|net| experiment.lacks(net, round)).collect();
            let state = |net: &NetKey| experiment.net(net)?.saved.clone();
            let parts = missing.iter().map(|net| parts::round(values, **net, state(net)));
            let mut work = Work::new(super::EXHIBIT.id, parts.collect::<Result<_, _>>()?);
            let mut answers = 0;
            while let Some((part, answer)) = host.next_answer(&mut work, &mut self.here).await? {
                experiment.take(*missing[part], protocol::decode::<Round>(&answer)?);
                answers += 1;
                if answers % ANSWERS_A_FRAME == 0 || answers == missing.len() {
                    let frame = measured(settings, experiment, &wanted, host)?;
                    host.emit(frame);
                }
            }
        }
        Ok(())
    }
}

/// The nets that the figures in view need, those of the first number first.
fn wanted(settings: &Settings, host: &dyn Host) -> Vec<NetKey> {
    let sizes = if host.wants(OF_ALL_SIZES) {
        settings.sizes()
    } else if OF_ONE_SIZE.iter().any(|id| host.wants(id)) {
        vec![settings.units]
    } else {
        Vec::new()
    };
    let of_copy = |copy| sizes.iter().flat_map(move |units| NetKind::ALL.map(|kind| (kind, *units, copy)));
    (0..settings.nets).flat_map(of_copy).collect()
}

/// Pictures and readouts of the nets as they are.
fn measured(
    settings: &Settings,
    experiment: &Experiment,
    wanted: &[NetKey],
    host: &dyn Host,
) -> Result<Frame, JobError> {
    let mut figures: Vec<Figure> = Vec::new();
    if host.wants(OF_ALL_SIZES) {
        figures.push(curves::error_parameters(settings, experiment));
    }
    if host.wants("error-steps") {
        figures.push(curves::error_steps(settings, experiment));
    }
    if host.wants("slice") {
        figures.push(curves::slice(settings, experiment)?);
    }
    figures.iter_mut().for_each(|figure| figure.device = host.cpu());
    let share = experiment.share(wanted);
    let steps = steps_of(&settings.task, (share * ROUNDS as f64) as u64);
    let what = format!("step {steps} of {}", settings.task.steps);
    Ok(Frame {
        figures,
        readouts: of_nets(settings, experiment),
        notices: Some(notices(experiment)),
        progress: Some((share < 1.0 && !wanted.is_empty()).then_some(Progress { share: share as f32, what })),
        ..Frame::default()
    })
}

fn notices(experiment: &Experiment) -> Vec<Notice> {
    let sentence = |n: usize| {
        let nets = if n == 1 { "One net has".to_owned() } else { format!("{n} nets have") };
        format!("{nets} diverged and kept the last error. Lower the learning rate.")
    };
    Some(experiment.n_diverged()).filter(|n| *n > 0).map(sentence).map(Notice::from).into_iter().collect()
}

fn of_nets(settings: &Settings, experiment: &Experiment) -> Vec<(String, Readout)> {
    let error = |kind| experiment.latest(settings, kind, settings.units).map(|spread| spread.median);
    let [tree, shuffled, shallow] = NetKind::ALL.map(error);
    let ratio = tree.zip(shallow).filter(|(tree, _)| *tree > 0.0).map(|(tree, shallow)| shallow / tree);
    let slope = |kind| experiment.slope(settings, kind);
    let all = [
        ("error_tree", tree),
        ("error_shuffled", shuffled),
        ("error_shallow", shallow),
        ("ratio", ratio),
        ("slope_tree", slope(NetKind::Tree)),
        ("slope_shallow", slope(NetKind::Shallow)),
    ];
    let undefined = || Readout::Undefined("not trained yet".into());
    all.into_iter().map(|(key, value)| (key.into(), value.map_or_else(undefined, Readout::from_f64))).collect()
}

fn of_theory(settings: &Settings) -> Vec<(String, Readout)> {
    let (task, units) = (&settings.task, settings.units);
    let all = [
        ("parameters_tree", task.parameters(NetKind::Tree, units) as f64),
        ("parameters_shallow", task.parameters(NetKind::Shallow, units) as f64),
        ("units_tree", units as f64),
        ("units_shallow", task.shallow_units(units) as f64),
        ("theory_tree", -settings.theory.tree_rate()),
        ("theory_shallow", -settings.theory.shallow_rate()),
    ];
    all.into_iter().map(|(key, value)| (key.into(), Readout::from_f64(value))).collect()
}
