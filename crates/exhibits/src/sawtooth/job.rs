//! The computation: theory and small nets at once, then what takes longer: large graphs, perturbed nets, trained nets.

use exhibit::Values;
use exhibit::prose::sentence;
use figures::Figure;
use protocol::{Frame, Mark, Notice, Progress, Readout};
use theory::sawtooth::{ApproximateNet, NetError};

use super::counts::{self, Counted};
use super::curves::{self, Distances};
use super::draw::nothing;
use super::graph::Graph;
use super::parts;
pub use super::parts::PartState;
use super::perturbation::{self, Left};
use super::settings::{Settings, check_polynomial};
use super::task::Task;
use super::teeth::{self, Labels};
use super::training::{self, Trained};
use crate::job::{Host, Job, JobError, LocalFuture, Work};
use nets::mlp::Optimiser;

/// Figures that need the net of the task.
const OF_THE_NET: [&str; 3] = ["sawtooth", "approximation", "cost"];
/// Readouts that need it.
const READ_FROM_THE_NET: [&str; 7] =
    ["pieces", "crossings", "units", "parameters", "depth", "sup_error", "sup_error_bound"];

/// k and seed.
type LeftOf = (u32, u64);
/// Seed, the largest k, width, steps and optimiser.
type TrainedOf = (u64, u32, usize, usize, Optimiser);

/// What is kept from one request to the next.
#[derive(Debug, Default)]
pub struct State {
    counted: Option<Counted>,
    here: PartState,
    /// The perturbed nets of the last request.
    left: Option<(LeftOf, Vec<Option<Left>>)>,
    /// The trained nets of the last request.
    trained: Option<(TrainedOf, Vec<Option<Trained>>)>,
}

impl Job for State {
    fn run<'a>(&'a mut self, values: &'a Values, host: &'a mut dyn Host) -> LocalFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let settings = Settings::from_values(values)?;
            self.compute(values, &settings, host).await
        })
    }

    fn check_text(&self, _key: &str, text: &str) -> Result<(), String> {
        check_polynomial(text)
    }
}

fn failed(error: NetError) -> JobError {
    JobError::Failed(error.to_string())
}

impl State {
    async fn compute(&mut self, values: &Values, settings: &Settings, host: &mut dyn Host) -> Result<(), JobError> {
        let labels = Labels::of(settings).map_err(failed)?;
        let mut frame = Frame { marks: marks(settings), notices: Some(notices(settings)), ..Frame::default() };
        let k = settings.points;
        frame.readouts = vec![
            ("telgarsky_bound".into(), Readout::from_f64(labels.lemma)),
            ("shallow_error".into(), Readout::from_f64(teeth::share(labels.rival_errors, k))),
            ("deep_error".into(), Readout::from_f64(teeth::share(labels.deep_errors, k))),
        ];
        if host.wants("classification") {
            frame.figures.push(teeth::classification(settings, &labels).map_err(failed)?);
        }
        if host.wants("shallow-error") {
            let here = [(settings.m as f64, teeth::share(labels.rival_errors, k))];
            frame.figures.push(teeth::shallow_error(settings, &labels, &here).map_err(failed)?);
        }
        self.net(settings, frame, host).await?;
        self.shallow_nets(settings, &labels, host).await?;
        self.perturb(values, settings, host).await?;
        self.train(values, settings, host).await
    }

    /// The net of the task: with the first frame if it is small.
    async fn net(&mut self, settings: &Settings, mut frame: Frame, host: &mut dyn Host) -> Result<(), JobError> {
        let built = settings
            .task
            .as_ref()
            .map_err(|why| format!("There is no net of this polynomial. {}", sentence(why)))
            .and_then(|task| {
                task.net(settings.k).map(|net| (task, net)).map_err(|e| format!("There is no such net here: {e}."))
            });
        let (task, net) = match built {
            Ok(built) => built,
            Err(why) => {
                for id in OF_THE_NET.into_iter().filter(|id| host.wants(id)) {
                    frame.figures.push(nothing(id, &why));
                }
                frame.figures.extend(self.pieces(settings, None, host));
                let undefined = || Readout::Undefined("there is no net".into());
                frame.readouts.extend(READ_FROM_THE_NET.map(|key| (key.into(), undefined())));
                host.emit(frame);
                return host.checkpoint().await;
            }
        };
        // The net that is shown, and measured, is the perturbed one where there is one.
        let perturbed = (settings.sigma > 0.0)
            .then(|| perturbation::copy_of(&net.net, settings.sigma, settings.seed, 0))
            .transpose()
            .map_err(failed)?;
        let shown = perturbed.as_ref().unwrap_or(&net.net);
        let cost = net.net.cost();
        frame.readouts.extend([
            ("units".into(), Readout::Number(cost.units as f64)),
            ("parameters".into(), Readout::Number(cost.parameters as f64)),
            ("depth".into(), Readout::Number(cost.depth as f64)),
            ("sup_error_bound".into(), Readout::from_f64(net.error_bound)),
        ]);
        let (interval, n_parts) = (task.interval(), Graph::n_parts(shown, settings.k));
        let graph = match n_parts {
            Some(1) => Graph::at_once(shown, interval).map_err(|e| e.to_string()),
            Some(n_parts) => {
                let mut first = std::mem::take(&mut frame);
                frame.notices.clone_from(&first.notices);
                if host.wants("cost") {
                    first.figures.push(counts::cost(settings, task, None));
                }
                first.figures.extend(self.pieces(settings, None, host));
                host.emit(first);
                host.checkpoint().await?;
                Graph::in_parts(shown, interval, n_parts, host).await?.map_err(|e| e.to_string())
            }
            None => Err("listing its pieces would take too long".into()),
        };
        self.show_net(settings, task, &net, graph, frame, host);
        host.checkpoint().await
    }

    fn show_net(
        &mut self,
        settings: &Settings,
        task: &Task,
        net: &ApproximateNet,
        graph: Result<Graph, String>,
        mut frame: Frame,
        host: &mut dyn Host,
    ) {
        let cost = net.net.cost();
        let mut measured = None;
        let rival = task.rival(settings.m).map_err(|e| e.to_string());
        match graph.and_then(|graph| Ok((graph, rival?))) {
            Ok((graph, rival)) => {
                let (pieces, error) = (graph.n_pieces(), graph.distance(task));
                measured = Some((error, pieces));
                frame.readouts.extend([
                    ("pieces".into(), Readout::Number(pieces as f64)),
                    ("crossings".into(), Readout::Number(graph.n_crossings(0.5) as f64)),
                    ("sup_error".into(), Readout::from_f64(error)),
                ]);
                if host.wants("sawtooth") {
                    let before = Some(&net.net).filter(|_| settings.sigma > 0.0);
                    frame.figures.push(curves::outputs(settings, task, &graph, before));
                }
                if host.wants("approximation") {
                    let shallow = task.distance(&rival);
                    let distances = Distances { deep: error, bound: net.error_bound, shallow };
                    frame.figures.push(curves::approximation(task, &graph, &rival, &distances, settings.m));
                }
            }
            Err(why) => {
                let undefined = || Readout::Undefined(why.clone());
                frame.readouts.extend(["pieces", "crossings", "sup_error"].map(|key| (key.into(), undefined())));
                let note = format!("The pieces of this net are not counted: {why}. Choose a smaller k.");
                for id in ["sawtooth", "approximation"].into_iter().filter(|id| host.wants(id)) {
                    frame.figures.push(nothing(id, &note));
                }
            }
        }
        if host.wants("cost") {
            frame.figures.push(counts::cost(settings, task, measured.map(|(error, _)| (error, cost))));
        }
        frame.figures.extend(self.pieces(settings, measured.map(|(_, pieces)| (cost, pieces)), host));
        host.emit(frame);
    }

    fn pieces(
        &mut self,
        settings: &Settings,
        here: Option<(theory::sawtooth::NetCost, usize)>,
        host: &dyn Host,
    ) -> Option<Figure> {
        let counted = self.counted.get_or_insert_with(Counted::new);
        host.wants("pieces").then(|| counts::pieces_against_units(settings, counted, here))
    }

    /// The best shallow nets of other widths.
    async fn shallow_nets(&self, settings: &Settings, labels: &Labels, host: &mut dyn Host) -> Result<(), JobError> {
        if !host.wants("shallow-error") {
            return Ok(());
        }
        let mut found = Vec::new();
        for power in 0..=12 {
            let m = 1 << power;
            found.push((m as f64, teeth::measured(settings, m).map_err(failed)?));
            host.checkpoint().await?;
        }
        let figure = teeth::shallow_error(settings, labels, &found).map_err(failed)?;
        host.emit(Frame { figures: vec![figure], notices: Some(notices(settings)), ..Frame::default() });
        Ok(())
    }

    async fn perturb(&mut self, values: &Values, settings: &Settings, host: &mut dyn Host) -> Result<(), JobError> {
        if !host.wants("perturbation") {
            return Ok(());
        }
        let key = (settings.k, settings.seed);
        let kept = self.left.take().filter(|(of, _)| *of == key).map(|(_, left)| left);
        let mut left = kept.unwrap_or_else(|| vec![None; perturbation::SIZES]);
        let missing: Vec<usize> = (0..left.len()).filter(|i| left[*i].is_none()).collect();
        let parts = missing.iter().map(|size| parts::left(values, *size)).collect::<Result<_, _>>()?;
        let mut work = Work::new(super::EXHIBIT.id, parts);
        while let Some((index, answer)) = host.next_answer(&mut work, &mut self.here).await? {
            left[missing[index]] = Some(protocol::decode(&answer)?);
            self.left = Some((key, left.clone()));
            show(settings, vec![perturbation::picture(settings, &left)], None, host);
        }
        if missing.is_empty() {
            show(settings, vec![perturbation::picture(settings, &left)], None, host);
        }
        self.left = Some((key, left));
        Ok(())
    }

    async fn train(&mut self, values: &Values, settings: &Settings, host: &mut dyn Host) -> Result<(), JobError> {
        if !settings.train || !(host.wants("training") || host.wants("trained")) {
            return Ok(());
        }
        let depths = training::depths(settings);
        let key = (settings.seed, depths, settings.width, settings.steps, settings.optimiser);
        let order: Vec<(u32, u64)> =
            (0..training::COPIES).flat_map(|copy| (1..=depths).map(move |k| (k, copy))).collect();
        let kept = self.trained.take().filter(|(of, _)| *of == key);
        let (_, nets) = self.trained.insert(kept.unwrap_or_else(|| (key, vec![None; order.len()])));
        let missing: Vec<usize> = (0..nets.len()).filter(|i| nets[*i].is_none()).collect();
        let of = |i: &usize| parts::trained(values, order[*i].0, order[*i].1);
        let mut work = Work::new(super::EXHIBIT.id, missing.iter().map(of).collect::<Result<_, _>>()?);
        if missing.is_empty() {
            show(settings, training::pictures(settings, &order, nets), None, host);
        }
        // Each answer is kept as it comes: a request that is about something else does not lose them.
        while let Some((index, answer)) = host.next_answer(&mut work, &mut self.here).await? {
            nets[missing[index]] = Some(protocol::decode(&answer)?);
            let done = nets.iter().flatten().count();
            let what = format!("{done} of {} nets", nets.len());
            let progress = Progress { share: done as f32 / nets.len() as f32, what };
            show(settings, training::pictures(settings, &order, nets), Some(progress), host);
        }
        Ok(())
    }
}

/// Pictures that real nets made on the CPU.
fn show(settings: &Settings, mut figures: Vec<Figure>, progress: Option<Progress>, host: &mut dyn Host) {
    figures.retain(|figure| host.wants(&figure.id));
    figures.iter_mut().for_each(|figure| figure.device = host.cpu());
    host.emit(Frame { figures, progress: Some(progress), notices: Some(notices(settings)), ..Frame::default() });
}

fn notices(settings: &Settings) -> Vec<Notice> {
    settings.task.as_ref().err().map(|why| Notice::about("polynomial", sentence(why))).into_iter().collect()
}

fn marks(settings: &Settings) -> Vec<Mark> {
    let mark = |control: &str, value: f64, label: &str| Mark { control: control.into(), value, label: label.into() };
    vec![
        // Two units fewer than points label all of them.
        mark("m", (f64::from(settings.points).exp2() - 2.0).max(1.0), "exact"),
        mark("sigma", (-f64::from(settings.k)).exp2(), "2⁻ᵏ"),
    ]
}
