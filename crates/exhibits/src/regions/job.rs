//! The computation: bounds at once, then the net with its regions, then counts of many nets.

use std::collections::BTreeMap;
use std::rc::Rc;

use exhibit::Values;
use exhibit::drawn::points_from_text;
use figures::Figure;
use kernels::Gpu;
use nets::mlp::Mlp;
use protocol::{Backend, Frame, Notice, Progress, Readout};
use theory::sawtooth::ReluNet;

use super::counts::{self, Bounds, RandomCounts, TrainingCounts};
use super::cut::Cut;
use super::on_gpu::{self, OnGpu};
use super::output::{self, Output};
use super::parts;
pub use super::parts::PartState;
use super::picture::{self, Met};
use super::settings::{Colour, NetKey, Settings};
use super::told::Told;
use super::training::{Training, first_layers, relu_net};
use crate::job::{Host, Job, JobError, LocalFuture, NoGpu, Work, give_gpu_up, unless_cancelled};

/// Units whose regions are found within a few frames.
const UNITS_AT_ONCE: usize = 128;

/// What is kept from one request to the next.
#[derive(Debug, Default)]
pub struct State {
    here: PartState,
    training: Option<Training>,
    cut: Option<(CutKey, Result<Rc<Cut>, String>)>,
    of_training: Option<TrainingCounts>,
    of_random: Option<RandomCounts>,
}

/// What the regions in the window depend on, and whether a graphics device is to find the pixels'.
type CutKey = (NetKey, u64, [f64; 4], bool);

impl Job for State {
    fn run<'a>(&'a mut self, values: &'a Values, host: &'a mut dyn Host) -> LocalFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let settings = Settings::from_values(values)?;
            self.compute(&settings, values.changed_owned(), host).await
        })
    }

    fn check_text(&self, _key: &str, text: &str) -> Result<(), String> {
        points_from_text(text).map(drop)
    }
}

impl State {
    async fn compute(
        &mut self,
        settings: &Settings,
        controls: Vec<(String, String)>,
        host: &mut dyn Host,
    ) -> Result<(), JobError> {
        host.emit(Frame { readouts: bounds(settings), ..Frame::default() });
        host.checkpoint().await?;
        let training = Training::refreshed(self.training.take(), &settings.net)?;
        let training = self.training.insert(training);
        let mut notices = train(training, settings, host).await?;
        let frame = self.window(settings, &mut notices, host).await?;
        host.emit(Frame { notices: Some(notices.clone()), ..frame });
        host.checkpoint().await?;

        let scene = Scene { settings, notices, controls };
        if host.wants("output") {
            self.show_output(&scene, host).await?;
        }
        if host.wants("count-width") {
            self.count_random(&scene, counts::shapes(), RandomCounts::figure, host).await?;
        }
        if host.wants("count-depth") {
            let shapes = counts::shapes_by_depth(&settings.net);
            self.count_random(&scene, shapes, RandomCounts::figure_by_depth, host).await?;
        }
        if host.wants("count-training") {
            self.count_training(&scene, host).await?;
        }
        Ok(())
    }

    /// The regions in the window.
    async fn window(
        &mut self,
        settings: &Settings,
        notices: &mut Vec<Notice>,
        host: &mut dyn Host,
    ) -> Result<Frame, JobError> {
        let Some(training) = &mut self.training else { return Ok(Frame::default()) };
        let gpu = device(settings, notices, host).await?;
        let key = (settings.net.clone(), settings.steps, corners(settings), gpu.is_some());
        if self.cut.as_ref().is_none_or(|(old, _)| *old != key) {
            self.cut = None;
            let net = training.advance(settings.steps, host).await?.net();
            let on_gpu = match &gpu {
                Some(gpu) => on_device(gpu, net, settings, notices, host).await?,
                None => None,
            };
            let net = relu_net(net)?;
            preview(&net, on_gpu.as_ref(), settings, notices, host).await?;
            self.cut = Some((key, Cut::new(&net, settings.window(), on_gpu, host).await?.map(Rc::new)));
        }
        let Some((_, cut)) = &self.cut else { return Ok(Frame::default()) };
        if let Ok(cut) = cut {
            host.explain(Rc::new(Told(Rc::clone(cut))));
        }
        let met = cut.as_ref().map(|cut| Met::new(settings, cut));
        let readout = |n: Option<usize>| match (n, cut) {
            (Some(n), _) => Readout::Number(n as f64),
            (None, Err(why)) => Readout::Undefined(why.clone()),
            (None, Ok(_)) => Readout::Undefined("unknown".into()),
        };
        let found = cut.as_ref().ok();
        let accuracy = match settings.steps {
            0 => Readout::Undefined("not trained".into()),
            _ if !training.has_points() => Readout::Undefined("no points".into()),
            _ => Readout::from_f64(training.accuracy()?),
        };
        let readouts = [
            ("regions", readout(found.map(|cut| cut.regions.len()))),
            ("regions_pixels", readout(found.map(|cut| cut.n_on_pixels))),
            ("regions_line", readout(met.as_ref().ok().map(|met| met.n_regions))),
            ("accuracy", accuracy),
        ];
        let mut figures = Vec::new();
        if host.wants("regions") {
            let points = (settings.steps > 0).then_some(&training.points);
            figures.push(picture::regions(settings, cut.as_deref(), points));
        }
        let on_gpu = found.and_then(|cut| cut.on_gpu.as_ref()).map(|on_gpu| on_gpu.device.clone());
        let mut figures = with_device(figures, host);
        if let (Some(device), Some(figure)) = (on_gpu, figures.first_mut()) {
            figure.device = device;
        }
        if let Ok(met) = &met
            && host.wants("line")
        {
            figures.extend(with_device(vec![met.figure(settings)], host));
        }
        Ok(Frame {
            figures,
            readouts: readouts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            ..Frame::default()
        })
    }

    async fn show_output(&mut self, scene: &Scene<'_>, host: &mut dyn Host) -> Result<(), JobError> {
        let Some(training) = &mut self.training else { return Ok(()) };
        let settings = scene.settings;
        let reach = output::reach(settings, &training.points);
        let net = training.advance(settings.steps, host).await?;
        let found = Output::new(reach, net, host).await?;
        let mut figure = found.figure(settings, &training.points);
        if settings.steps > 0 && training.has_points() {
            let percent = figures::format_number((1e3 * training.accuracy()?).round() / 10.0);
            figure.title = format!("{percent} % right after {} steps", training.steps());
        }
        scene.emit(figure, host);
        Ok(())
    }

    /// Random nets of many shapes, on every core.
    async fn count_random(
        &mut self,
        scene: &Scene<'_>,
        shapes: Vec<(usize, usize)>,
        figure: fn(&RandomCounts, &NetKey) -> Figure,
        host: &mut dyn Host,
    ) -> Result<(), JobError> {
        let net = &scene.settings.net;
        let key = (net.sigma_w, net.sigma_b, net.seed);
        let old = self.of_random.take().filter(|old| old.key == key);
        let counts = self.of_random.insert(old.unwrap_or(RandomCounts { key, found: BTreeMap::new() }));
        scene.emit(figure(counts, net), host);
        let missing: Vec<_> = shapes.into_iter().filter(|shape| !counts.found.contains_key(shape)).collect();
        let parts = missing.iter().map(|(depth, n)| parts::random(net, vec![n / depth; *depth], counts::NETS));
        let mut work = Work::new(super::EXHIBIT.id, parts.collect::<Result<_, _>>()?);
        while let Some((part, answer)) = host.next_answer(&mut work, &mut self.here).await? {
            counts.found.insert(missing[part], protocol::decode(&answer)?);
            scene.emit(figure(counts, net), host);
        }
        Ok(())
    }

    /// The whole training, and the counts on its way on every core.
    async fn count_training(&mut self, scene: &Scene<'_>, host: &mut dyn Host) -> Result<(), JobError> {
        let (Some(training), settings) = (&mut self.training, scene.settings) else { return Ok(()) };
        let key = (settings.net.clone(), corners(settings));
        let old = self.of_training.take().filter(|old| old.key == key);
        let counts = self.of_training.insert(old.unwrap_or(TrainingCounts {
            key,
            found: BTreeMap::new(),
            others: BTreeMap::new(),
        }));
        scene.emit(counts.figure(settings.steps), host);
        while let Some(steps) = training.next_kept(counts::MOST_STEPS) {
            training.keep_next(steps, host).await?;
            let share = steps as f32 / counts::MOST_STEPS as f32;
            let progress = Some(Some(Progress { share, what: format!("{steps} training steps") }));
            host.emit(Frame { progress, ..Frame::default() });
        }
        let missing: Vec<_> = (0..training.kept().len()).filter(|i| !counts.found.contains_key(i)).collect();
        let parameters = |i: &usize| training.kept()[*i].net().parameters();
        let parts = missing.iter().map(|i| parts::trained(&settings.net, parameters(i), settings.window()));
        let mut work = Work::new(super::EXHIBIT.id, parts.collect::<Result<_, _>>()?);
        while let Some((part, answer)) = host.next_answer(&mut work, &mut self.here).await? {
            let found: parts::Counts = protocol::decode(&answer)?;
            counts.found.insert(missing[part], found.first().copied().flatten());
            scene.emit(counts.figure(settings.steps), host);
        }
        if settings.net.width * settings.net.layers > counts::MOST_UNITS_OF_OTHERS || !training.has_points() {
            return Ok(());
        }
        let missing: Vec<usize> =
            (1..=counts::OTHER_SEEDS as usize).filter(|i| !counts.others.contains_key(i)).collect();
        let parts = missing.iter().map(|i| parts::of_seed(&scene.controls, settings.net.seed + *i as u64));
        let mut work = Work::new(super::EXHIBIT.id, parts.collect::<Result<_, _>>()?);
        while let Some((part, answer)) = host.next_answer(&mut work, &mut self.here).await? {
            counts.others.insert(missing[part], protocol::decode(&answer)?);
            scene.emit(counts.figure(settings.steps), host);
        }
        Ok(())
    }
}

/// One request.
struct Scene<'a> {
    settings: &'a Settings,
    notices: Vec<Notice>,
    /// The controls that are not at their default.
    controls: Vec<(String, String)>,
}

impl Scene<'_> {
    fn emit(&self, figure: Figure, host: &mut dyn Host) {
        let figures = with_device(vec![figure], host);
        host.emit(Frame { figures, notices: Some(self.notices.clone()), progress: Some(None), ..Frame::default() });
    }
}

fn with_device(mut figures: Vec<Figure>, host: &dyn Host) -> Vec<Figure> {
    figures.iter_mut().for_each(|figure| figure.device = host.cpu());
    figures
}

fn corners(settings: &Settings) -> [f64; 4] {
    let w = settings.window();
    [w.x_min, w.x_max, w.y_min, w.y_max]
}

fn bounds(settings: &Settings) -> Vec<(String, Readout)> {
    let bounds = Bounds::new(&settings.net.widths());
    let readout = |bound: Option<f64>| bound.map_or(Readout::Undefined("needs width 2".into()), Readout::from_f64);
    let all = [
        ("bound_zaslavsky", bounds.zaslavsky),
        ("hanin_rolnick", bounds.hanin_rolnick),
        ("bound_montufar_lower", bounds.montufar_lower),
        ("bound_serra_upper", bounds.serra_upper),
    ];
    all.into_iter().map(|(key, bound)| (key.to_owned(), readout(bound))).collect()
}

/// The first layers of a net that is cut up for a tenth of a second and more.
async fn preview(
    net: &ReluNet,
    on_gpu: Option<&OnGpu>,
    settings: &Settings,
    notices: &[Notice],
    host: &mut dyn Host,
) -> Result<(), JobError> {
    let layers = (UNITS_AT_ONCE / settings.net.width).max(1);
    if layers >= settings.net.layers || !host.wants("regions") {
        return Ok(());
    }
    let cut = Cut::new(&first_layers(net, layers)?, settings.window(), on_gpu.cloned(), host).await?;
    // There is no output yet to be shown, unless the device has found it.
    let colour = if on_gpu.is_some() { settings.colour } else { Colour::Pattern };
    let mut figure = picture::regions(&Settings { colour, ..settings.clone() }, cut.as_ref(), None);
    figure.title = "the first layers".into();
    let mut figures = with_device(vec![figure], host);
    if let (Some(on_gpu), Some(figure)) = (on_gpu, figures.first_mut()) {
        figure.device.clone_from(&on_gpu.device);
    }
    host.emit(Frame { figures, notices: Some(notices.to_vec()), ..Frame::default() });
    host.checkpoint().await
}

/// The device that is to find the pixels, if one is; a sentence if the user asked for one that is not there.
async fn device(
    settings: &Settings,
    notices: &mut Vec<Notice>,
    host: &mut dyn Host,
) -> Result<Option<Rc<Gpu>>, JobError> {
    if host.backend() == Backend::Auto && settings.net.width * settings.net.layers < on_gpu::LEAST_UNITS {
        return Ok(None);
    }
    Ok(match host.gpu().await? {
        Ok(gpu) => Some(gpu),
        Err(NoGpu::Because(why)) => {
            notices.push(why.into());
            None
        }
        Err(NoGpu::NotWanted) => None,
    })
}

/// The pixels on the device; `None` when it failed, which is said.
async fn on_device(
    gpu: &Gpu,
    net: &Mlp,
    settings: &Settings,
    notices: &mut Vec<Notice>,
    host: &mut dyn Host,
) -> Result<Option<OnGpu>, JobError> {
    match unless_cancelled(host, OnGpu::new(gpu, net, settings.window())).await? {
        Ok(on_gpu) => Ok(Some(on_gpu)),
        Err(error) => {
            notices.push(give_gpu_up(host, &error).into());
            Ok(None)
        }
    }
}

/// Trains up to the chosen step; sentences for the user.
async fn train(training: &mut Training, settings: &Settings, host: &mut dyn Host) -> Result<Vec<Notice>, JobError> {
    let state = training.advance(settings.steps, host).await?;
    let ended = state.is_diverged().then(|| state.steps());
    let sentence = |step: u64| {
        format!(
            "Training diverged at step {step}: the net is the one before. Lower the learning rate or the weight scale."
        )
    };
    Ok(settings.notice.clone().into_iter().chain(ended.map(sentence).map(Notice::from)).collect())
}
