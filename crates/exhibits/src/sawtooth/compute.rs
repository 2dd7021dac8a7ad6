//! The computation: theory and small nets at once, then what takes longer: large graphs, perturbed nets, trained nets.

use std::rc::Rc;

use exhibit::prose::sentence;
use figures::Chart;
use theory::sawtooth::{ApproximateNet, GraphSearch, ReluNet, ShallowRival, Target, UnitsNeeded};

use super::counts::{self, Counted};
use super::curves;
use super::files::Nets;
use super::graph::{Graph, MAX_PIECES, n_parts};
use super::perturbation::{self, Perturbed, PerturbedStats};
use super::settings::{Settings, polynomial};
use super::teeth::{self, Labels};
use super::training::{self, Lesson, ROUNDS, Round, Trained};
use crate::job::{Checkpoint as _, JobError};
use crate::kit::{Compute, Kept, Scene, Sweep};
use crate::parts;

/// Figures that need the net of the task.
const OF_THE_NET: [&str; 3] = ["sawtooth", "approximation", "cost"];
/// Readouts that need its graph.
const READ_FROM_THE_GRAPH: [&str; 3] = ["pieces", "crossings", "sup_error"];
/// The others that need it.
const READ_FROM_THE_NET: [&str; 4] = ["units", "parameters", "depth", "sup_error_bound"];
/// Nets of 1, 2, 4, ... units in one layer that are tried.
const WIDTHS: u32 = 13;

parts! {
    /// What a core does for this exhibit.
    pub Parts(()): Perturbed, Round
}

/// What a graph depends on, with depth and perturbation.
type GraphKey = (Target, u32, (f64, u64));

/// What is kept from one request to the next.
#[derive(Default)]
pub struct Sawtooth {
    counted: Kept<(), Counted>,
    /// By points, shallow units, depth and perturbation.
    labels: Kept<(u32, usize, u32, (f64, u64)), Labels>,
    /// By points.
    shallow: Kept<u32, Vec<(f64, f64)>>,
    costs: Kept<Target, Vec<(f64, UnitsNeeded)>>,
    search: Kept<GraphKey, GraphSearch>,
    graph: Kept<GraphKey, Result<Graph, String>>,
    /// Crossings and the largest error that this run has read from the graph.
    read: Option<[f64; 2]>,
    rival: Kept<(Target, usize), ShallowRival>,
    /// By depth and seed, and by the index of the perturbation's size.
    perturbed: Sweep<(u32, u64), usize, PerturbedStats>,
    trained: Trained,
}

impl Compute for Sawtooth {
    const ID: &'static str = super::EXHIBIT.id;
    type Settings = Settings;
    type Parts = Parts;

    async fn run(&mut self, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        // Two units fewer than points label all of them.
        scene.mark("m", (f64::from(settings.points).exp2() - 2.0).max(1.0), "all labels right");
        scene.mark("sigma", (-f64::from(settings.k)).exp2(), "2⁻ᵏ");
        let target = settings.target();
        scene.say_of("polynomial", target.as_ref().err().map(|why| sentence(why)));
        self.trained.of(Lesson::of(settings));
        say_diverged(settings, &self.trained, scene);
        self.labels(settings, scene)?;
        self.net(settings, target, scene).await?;
        self.shallow_nets(settings, scene).await?;
        self.perturb(settings, scene).await?;
        self.train(settings, scene).await
    }

    fn check_text(_key: &str, text: &str) -> Result<(), String> {
        polynomial(text).map(drop)
    }
}

impl Sawtooth {
    /// The alternating points.
    fn labels(&mut self, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        let key = (settings.points, settings.m, settings.k, settings.perturbation());
        let labels = self.labels.try_get(key, |_| Labels::of(settings))?;
        scene.readout("telgarsky_bound", teeth::lemma(settings)?);
        scene.readout("shallow_error", labels.rival_share());
        scene.readout("deep_error", labels.deep_share());
        scene.try_figure("classification", || teeth::classification(settings, labels))?;
        let found = self.shallow.peek(&settings.points).map_or(&[][..], |found| found);
        Ok(scene.try_figure("shallow-error", || teeth::shallow_error(settings, labels, found))?)
    }

    /// The net of the task: with the first frame if it is small.
    async fn net(
        &mut self,
        settings: &Settings,
        target: Result<Target, String>,
        scene: &mut Scene<'_>,
    ) -> Result<(), JobError> {
        let counted = self.counted.get((), |()| Counted::new());
        let built = target.map_err(|why| format!("There is no net of this polynomial. {}", sentence(&why)));
        let built = built.and_then(|target| match target.net(settings.k) {
            Ok(net) => Ok((target, net)),
            Err(error) => Err(format!("There is no such net here: {error}.")),
        });
        let (target, ApproximateNet { net: exact, error_bound }) = match built {
            Ok(built) => built,
            Err(why) => {
                OF_THE_NET.iter().for_each(|id| scene.figure(id, || Chart::empty(id, &why).build()));
                scene.figure("pieces", || counts::pieces_against_units(settings, counted, None));
                scene.undefined(&READ_FROM_THE_NET, "there is no net");
                scene.undefined(&READ_FROM_THE_GRAPH, "there is no net");
                self.read = None;
                self.offer(settings, scene);
                return scene.flush().await;
            }
        };
        let cost = exact.cost();
        scene.readout("units", cost.units as f64);
        scene.readout("parameters", cost.parameters as f64);
        scene.readout("depth", cost.depth as f64);
        let bound = Some(error_bound).filter(|_| !settings.is_perturbed());
        scene.readout_or("sup_error_bound", bound, "there is one only for the net without perturbation");
        let costs = self.costs.get(target.clone(), counts::costs);

        let shown = perturbation::shown(&exact, settings)?;
        let key = (target.clone(), settings.k, settings.perturbation());
        let found = match n_parts(&shown, settings.k) {
            None => Err("listing its pieces would take too long"),
            Some(n_parts) => {
                if n_parts > 1 && self.graph.peek(&key).is_none() {
                    scene.figure("cost", || counts::cost(settings, &target, costs, None));
                    scene.figure("pieces", || counts::pieces_against_units(settings, counted, None));
                    scene.flush().await?;
                }
                let begin = |_: &_| GraphSearch::new(target.interval(), n_parts, MAX_PIECES);
                let search = self.search.get(key.clone(), begin);
                let list = async |_: &_| Graph::of_net(&shown, &target, search, scene).await;
                self.graph.get_async(key, list).await?.as_ref().map_err(String::as_str)
            }
        };
        if let Err(why) = found {
            scene.undefined(&READ_FROM_THE_GRAPH, why);
            let note = format!("The pieces of this net are not counted: {why}. Choose a smaller k.");
            OF_THE_NET[..2].iter().for_each(|id| scene.figure(id, || Chart::empty(id, &note).build()));
        }
        let found = found.ok();
        if let Some(found) = found {
            scene.readout("pieces", found.function.n_pieces() as f64);
            scene.readout("crossings", found.crossings as f64);
            scene.readout("sup_error", found.error);
            let before: Option<&ReluNet> = Some(&exact).filter(|_| settings.is_perturbed());
            scene.figure("sawtooth", || curves::outputs(settings, &target, &found.function, before));
            if scene.wants("approximation") {
                let rival = self.rival.try_get((target.clone(), settings.m), |(target, m)| target.shallow_rival(*m))?;
                scene.figure("approximation", || curves::approximation(settings, &target, found, bound, rival));
            }
        }
        let units = cost.units;
        scene.figure("cost", || counts::cost(settings, &target, costs, found.map(|found| (found.error, units))));
        let here = found.map(|found| (units, found.function.n_pieces()));
        scene.figure("pieces", || counts::pieces_against_units(settings, counted, here));
        self.read = found.map(|found| [found.crossings as f64, found.error]);
        self.offer(settings, scene);
        scene.flush().await
    }

    /// The best nets of one layer of other widths.
    async fn shallow_nets(&mut self, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        let found = self.shallow.get(settings.points, |_| Vec::new());
        if !scene.wants("shallow-error") || found.len() == WIDTHS as usize {
            return Ok(());
        }
        while found.len() < WIDTHS as usize {
            found.push(teeth::measured(settings.points, 1 << found.len())?);
            scene.checkpoint().await?;
        }
        self.labels(settings, scene)
    }

    async fn perturb(&mut self, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        if !scene.wants("perturbation") {
            return Ok(());
        }
        let (k, seed) = (settings.k, settings.seed);
        let show = |stats: &Sweep<_, _, _>, scene: &mut Scene<'_>| {
            scene.measured("perturbation", || perturbation::picture(settings, stats.found()));
            Ok(())
        };
        let part = |index: &usize| Perturbed { k, seed, index: *index };
        self.perturbed.of((k, seed)).fill(scene, 0..perturbation::SIZES, part, show).await
    }

    async fn train(&mut self, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        if !settings.train || !scene.wants_any(&["training", "trained"]) {
            return Ok(());
        }
        let (lesson, wanted) = (Lesson::of(settings), training::wanted(settings, scene.wants("training")));
        let round = |net: &(u32, u64), saved| Round { lesson, net: *net, saved };
        let show = |trained: &Trained, scene: &mut Scene<'_>| {
            scene.measured("training", || training::picture(settings, trained));
            scene.measured("trained", || training::best(settings, trained));
            say_diverged(settings, trained, scene);
            let share = trained.share(&wanted, ROUNDS);
            if share < 1.0 {
                let step = (share * settings.steps as f64) as u64;
                scene.progress(share, format!("training, step {step} of {}", settings.steps));
            }
            Ok(())
        };
        self.trained.train_rounds(scene, wanted.iter().copied(), ROUNDS, round, show).await?;
        self.offer(settings, scene);
        Ok(())
    }

    fn offer(&self, settings: &Settings, scene: &mut Scene<'_>) {
        let trained = self.trained.found().iter().filter(|_| settings.train);
        let trained = trained.map(|(key, net)| (*key, net.clone())).collect();
        scene.offer(Rc::new(Nets::new(settings, scene.values(), self.read, trained)));
    }
}

fn say_diverged(settings: &Settings, trained: &Trained, scene: &mut Scene<'_>) {
    let n = if settings.train { training::n_diverged(settings, trained) } else { 0 };
    let nets = if n == 1 { "One trained net has".to_owned() } else { format!("{n} trained nets have") };
    let sentence = format!("{nets} diverged: the numbers grew beyond all bounds. No picture shows them.");
    scene.say("diverged", Some(sentence).filter(|_| n > 0));
}
