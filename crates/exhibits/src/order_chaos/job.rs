//! The computation: theory at once, then real nets, the first one coarse and then the rest.

use std::collections::BTreeMap;
use std::rc::Rc;

use figures::Figure;
use kernels::Gpu;
use protocol::{Backend, Frame, Progress, Readout};

use super::inputs::{Images, Prepared};
use super::jacobian::{self, Jacobians};
use super::measurement::{Measurement, OneNet, propagate};
use super::on_gpu::{self, GpuFailure};
use super::parts;
pub use super::parts::PartState;
use super::phase_figure::{self, Background};
use super::prediction::Prediction;
use super::settings::{InputKind, Settings};
use super::training::{COLUMNS, Round, RowOnGpu, Trained, Training};
use super::{curves, insides};
use crate::job::{Host, Job, JobError, LocalFuture, NoGpu, Work, give_gpu_up, name_of_gpu, unless_cancelled};
use crate::values::Values;

/// Points of the circle in the manifold.
const MANIFOLD_POINTS: usize = 96;
/// Standard errors below this are rounding of f32, not spread over nets.
const LEAST_ERROR: f64 = 1e-5;

/// What is kept from one request to the next.
#[derive(Debug, Default)]
pub struct State {
    background: Option<Background>,
    /// The phase map that has been handed over; it is large, and most drags only move its handle.
    sent: Option<phase_figure::Key>,
    /// What this core keeps.
    here: PartState,
    images: Option<Images>,
    /// What the last request wanted images for.
    wanted: Option<(InputKind, bool)>,
    /// Why no graphics device computes, though one was asked for.
    no_gpu: Option<String>,
    training: Option<Training>,
    /// The last complete measurement, shown under new theory until the new one is there.
    last: Option<(Key, Measurement)>,
}

/// What must be equal for a measurement to fit into the same picture.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    depth: usize,
    width: usize,
    pairs: usize,
    inputs: InputKind,
}

impl Job for State {
    fn run<'a>(&'a mut self, values: &'a Values, host: &'a mut dyn Host) -> LocalFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let settings = Settings::from_values(values)?;
            self.compute(values, &settings, host).await
        })
    }
}

/// One request's theory and inputs.
struct Scene<'a> {
    values: &'a Values,
    settings: &'a Settings,
    prediction: Prediction,
    inputs: Prepared,
    /// Predicted correlations of each pair, layer by layer.
    theory: Vec<Vec<f64>>,
    notices: Vec<String>,
    /// The first layer at which a net has overflowed.
    overflow: Option<usize>,
    /// What computes the nets.
    device: String,
}

impl State {
    async fn compute(&mut self, values: &Values, settings: &Settings, host: &mut dyn Host) -> Result<(), JobError> {
        let needs_images = matches!(settings.inputs, InputKind::TwoDigits | InputKind::Digits);
        let wanted = (settings.inputs, settings.train);
        if self.wanted.replace(wanted) != Some(wanted) {
            // Generated ones stood in for images that could not be loaded; by now they may be there.
            self.images.take_if(|images| images.notice.is_some());
        }
        if needs_images && self.images.is_none() {
            self.images = Some(Images::load(host).await?);
        }
        let images = self.images.as_ref().filter(|_| needs_images);
        // Quick lines first: they differ from the exact ones by less than a pixel in ten thousand.
        let prediction = Prediction::new(settings, settings.sketch);
        let inputs = Prepared::followed(settings, images)?;
        let theory = inputs.pairs.iter().map(|p| prediction.correlations(p.c_0)).collect();
        let no_gpu = self.no_gpu.clone().filter(|_| host.backend() != Backend::Cpu);
        let notices = prediction.notice(settings).into_iter();
        let of_images = images.and_then(|i| i.notice.clone());
        let two = images.filter(|_| settings.inputs == InputKind::TwoDigits);
        let of_blank = two.and_then(|i| i.notice_of_blank(settings));
        let notices = notices.chain(of_images).chain(of_blank).chain(no_gpu).collect();
        let mut scene =
            Scene { values, settings, prediction, inputs, theory, notices, overflow: None, device: host.cpu() };

        self.take_late_nets(&scene, host);
        self.emit_theory(&scene, host);
        host.rest().await?;
        scene.prediction = scene.prediction.refined(settings);
        scene.theory = scene.inputs.pairs.iter().map(|p| scene.prediction.correlations(p.c_0)).collect();
        if !self.measure_on_gpu(&mut scene, host).await? {
            self.measure_on_cpu(&mut scene, host).await?;
        }
        self.show_jacobians(&scene, host).await?;
        if host.wants("trainability") {
            self.train(&scene, host).await?;
        }
        Ok(())
    }

    /// Nets of an earlier request that a core finished after it was cancelled: in a long drag they are what there is to see.
    fn take_late_nets(&mut self, scene: &Scene<'_>, host: &mut dyn Host) {
        let mut measurement = Measurement::default();
        for (net, answer) in host.late_answers(super::EXHIBIT.id) {
            // Answers of other kinds, or to other shapes, are of no use here.
            if let Ok(found) = protocol::decode::<OneNet>(&answer)
                && found.fits(scene.settings, scene.inputs.pairs.len())
            {
                measurement.add(net, found);
            }
        }
        if measurement.n_nets() > 0 {
            self.last = Some((scene.key(), measurement));
        }
    }

    fn emit_theory(&mut self, scene: &Scene<'_>, host: &mut dyn Host) {
        let settings = scene.settings;
        let background = Background::refreshed(self.background.take(), settings);
        let last = self.last.as_ref().filter(|(key, _)| *key == scene.key()).map(|(_, m)| m);
        let mut figures = scene.curves(last, host);
        let key = background.key(settings);
        let mut unchanged = Vec::new();
        if host.wants("phase") {
            if self.sent.replace(key) == Some(key) && host.keeps("phase") {
                unchanged.push("phase".into());
            } else {
                figures.insert(0, background.figure(settings));
            }
        }
        if let Some(images) = self.images.as_ref().filter(|_| settings.inputs == InputKind::TwoDigits)
            && host.wants("images")
        {
            figures.push(insides::images(settings, images));
        }
        let marks = background.marks(settings);
        self.background = Some(background);
        host.emit(Frame {
            figures,
            unchanged,
            readouts: scene.prediction.readouts(),
            marks,
            notices: scene.notices(),
            progress: None,
        });
    }

    /// The nets on the graphics device; false when there is none, or when it failed and said so.
    async fn measure_on_gpu(&mut self, scene: &mut Scene<'_>, host: &mut dyn Host) -> Result<bool, JobError> {
        let settings = scene.settings;
        if host.backend() == Backend::Auto && settings.width < on_gpu::LEAST_WIDTH {
            return Ok(false);
        }
        let gpu = match host.gpu().await? {
            Ok(gpu) => gpu,
            Err(why) => {
                self.say_no_gpu(scene, why);
                return Ok(false);
            }
        };
        scene.device = name_of_gpu(&gpu);
        let mut measurement = Measurement::default();
        for nets in [0..1, 1..settings.nets] {
            if nets.is_empty() {
                continue;
            }
            let first = nets.start;
            let work = on_gpu::measured(&gpu, nets, settings, &scene.inputs);
            match unless_cancelled(host, work).await? {
                Ok(found) => found.into_iter().enumerate().for_each(|(i, one)| measurement.add(first + i, one)),
                Err(GpuFailure::Job(error)) => return Err(error),
                Err(GpuFailure::Device(error)) => {
                    let why = give_gpu_up(host, &error);
                    self.say_no_gpu(scene, NoGpu::Because(why));
                    scene.device = host.cpu();
                    return Ok(false);
                }
            }
            self.show(scene, &measurement, host);
            if first == 0 {
                self.show_insides(scene, host).await?;
            }
        }
        self.no_gpu = None;
        Ok(true)
    }

    fn say_no_gpu(&mut self, scene: &mut Scene<'_>, why: NoGpu) {
        let said = self.no_gpu.take();
        scene.notices.retain(|notice| Some(notice) != said.as_ref());
        if let NoGpu::Because(why) = why {
            scene.notices.push(why.clone());
            self.no_gpu = Some(why);
        }
    }

    /// The nets on every core.
    async fn measure_on_cpu(&mut self, scene: &mut Scene<'_>, host: &mut dyn Host) -> Result<(), JobError> {
        let parts = (0..scene.settings.nets).map(|net| parts::net(scene.values, net, &scene.inputs));
        let mut work = Work::keeping_to_cores(super::EXHIBIT.id, parts.collect::<Result<_, _>>()?);
        let mut measurement = Measurement::default();
        while let Some((net, answer)) = host.next_answer(&mut work, &mut self.here).await? {
            measurement.add(net, protocol::decode(&answer)?);
            self.show(scene, &measurement, host);
            if measurement.n_nets() == 1 {
                self.show_insides(scene, host).await?;
            }
        }
        Ok(())
    }

    /// Singular values of Jacobians, on every core.
    async fn show_jacobians(&mut self, scene: &Scene<'_>, host: &mut dyn Host) -> Result<(), JobError> {
        let wants = ["jacobian-spectrum", "jacobian-depth"].map(|figure| host.wants(figure));
        if wants == [false, false] {
            return Ok(());
        }
        let parts = parts::jacobians(scene.values, jacobian::n_nets(scene.settings), scene.prediction.q_of_map)?;
        let mut work = Work::new(super::EXHIBIT.id, parts);
        let mut found = Jacobians::default();
        while let Some((part, answer)) = host.next_answer(&mut work, &mut self.here).await? {
            match part.checked_sub(1) {
                None => found.density = Some(protocol::decode(&answer)?),
                Some(net) => drop(found.nets.insert(net, protocol::decode(&answer)?)),
            }
            let spectrum = wants[0].then(|| found.spectrum(scene.settings));
            let depth = wants[1].then(|| found.mean_with_depth(scene.settings, &scene.prediction));
            let mut figures: Vec<Figure> = spectrum.into_iter().chain(depth).collect();
            figures.iter_mut().for_each(|figure| figure.device = host.cpu());
            host.emit(Frame { figures, notices: scene.notices(), ..Frame::default() });
        }
        Ok(())
    }

    /// The map of trainable depth: what there is of it, and the rest where it is to be trained.
    async fn train(&mut self, scene: &Scene<'_>, host: &mut dyn Host) -> Result<(), JobError> {
        let settings = scene.settings;
        if self.images.is_none() {
            self.images = Some(Images::load(host).await?);
        }
        let Some(images) = &self.images else { return Ok(()) };
        let mut notices = scene.notices();
        notices.extend(images.notice.clone().filter(|notice| settings.train && !notices.contains(notice)));
        // It stays what it has become, whenever the job is cancelled.
        let refreshed = Training::refreshed(self.training.take(), settings, images)?;
        let training = self.training.insert(refreshed);
        let cpu = host.cpu();
        let emit = |training: &Training, host: &mut dyn Host, device: &str| {
            let figure = Figure { device: device.to_owned(), ..training.figure(settings) };
            let progress = (settings.train && training.share() < 1.0)
                .then(|| Progress { share: training.share(), what: "training".into() });
            host.emit(Frame { figures: vec![figure], notices: notices.clone(), progress, ..Frame::default() });
        };
        emit(training, host, &cpu);
        if !settings.train {
            return Ok(());
        }
        if let Ok(gpu) = host.gpu().await? {
            let mut rows = BTreeMap::new();
            while let Some(row) = training.next_row(|_| false) {
                let rounds: Vec<Round> = row.iter().map(|cell| training.round_of(*cell, settings)).collect();
                match unless_cancelled(host, train_on_gpu(&gpu, &mut rows, &rounds)).await? {
                    Ok(trained) => {
                        row.iter().zip(trained).for_each(|(cell, trained)| training.take(*cell, trained));
                        emit(training, host, &name_of_gpu(&gpu));
                    }
                    Err(GpuFailure::Job(error)) => return Err(error),
                    Err(GpuFailure::Device(error)) => {
                        let _shown_with_the_next_run = give_gpu_up(host, &error);
                        break;
                    }
                }
            }
        }
        let mut work = Work::new(super::EXHIBIT.id, Vec::new());
        // Cells by part.
        let mut busy = BTreeMap::new();
        loop {
            // The next row begins while the last cells of this one are done, so that no core waits for another.
            while work.n_waiting() < COLUMNS
                && let Some(row) = training.next_row(|cell| busy.values().any(|of| *of == cell))
            {
                for cell in row {
                    busy.insert(work.add(parts::round(training.round_of(cell, settings))?), cell);
                }
            }
            let Some((part, answer)) = host.next_answer(&mut work, &mut self.here).await? else { break };
            let Some(cell) = busy.remove(&part) else { continue };
            training.take(cell, protocol::decode(&answer)?);
            host.checkpoint().await?;
            if !busy.values().any(|of| of / COLUMNS == cell / COLUMNS) {
                emit(training, host, &cpu);
            }
        }
        Ok(())
    }

    fn show(&mut self, scene: &mut Scene<'_>, measurement: &Measurement, host: &mut dyn Host) {
        scene.overflow = measurement.overflow();
        host.emit(scene.frame(measurement, host));
        self.last = Some((scene.key(), measurement.clone()));
    }

    async fn show_insides(&mut self, scene: &Scene<'_>, host: &mut dyn Host) -> Result<(), JobError> {
        let mut figures = self.insides(scene, host).await?;
        figures.iter_mut().for_each(|figure| figure.device = host.cpu());
        if !figures.is_empty() {
            host.emit(Frame { figures, notices: scene.notices(), ..Frame::default() });
        }
        Ok(())
    }

    /// The pictures of the first net from the inside.
    async fn insides(&mut self, scene: &Scene<'_>, host: &mut dyn Host) -> Result<Vec<Figure>, JobError> {
        let settings = scene.settings;
        let nets = self.here.nets(settings);
        let mut figures = Vec::new();
        if host.wants("correlation-matrix") {
            let inputs = match (&self.images, settings.inputs) {
                (Some(images), InputKind::TwoDigits | InputKind::Digits) => Prepared::classes(settings, images)?,
                _ => Prepared::circle(settings.n_inputs),
            };
            let batch = propagate(inputs.at_layer_0(settings, 0)?, settings, 0, settings.layer, nets, host).await?;
            figures.push(insides::matrix(settings, &scene.prediction, &inputs, &batch)?);
        }
        host.checkpoint().await?;
        if host.wants("manifold") {
            let inputs = Prepared::circle(MANIFOLD_POINTS);
            let batch = propagate(inputs.at_layer_0(settings, 0)?, settings, 0, settings.layer, nets, host).await?;
            figures.push(insides::manifold(settings, &batch)?);
        }
        Ok(figures)
    }
}

/// A round of one row on the graphics device, where its nets stay.
async fn train_on_gpu(
    gpu: &Rc<Gpu>,
    rows: &mut BTreeMap<usize, RowOnGpu>,
    rounds: &[Round],
) -> Result<Vec<Trained>, GpuFailure> {
    let depth = rounds.first().map_or(0, Round::depth);
    // Taken out: what a cancelled call leaves behind is of no known round. Nets that have diverged are no longer of it.
    let mut row = match rows.remove(&depth).filter(|row| row.n_nets() == rounds.len()) {
        Some(row) => row,
        None => RowOnGpu::new(Rc::clone(gpu), rounds).await?,
    };
    let trained = row.train(rounds).await?;
    rows.insert(depth, row);
    Ok(trained)
}

impl Scene<'_> {
    /// What the user is to know.
    fn notices(&self) -> Vec<String> {
        let overflow = self.overflow.map(|layer| {
            format!(
                "From layer {layer} on the nets' numbers are beyond single precision; nothing simulated is drawn there."
            )
        });
        self.notices.iter().cloned().chain(overflow).collect()
    }

    fn key(&self) -> Key {
        let s = self.settings;
        Key { depth: s.depth, width: s.width, pairs: self.inputs.pairs.len(), inputs: s.inputs }
    }

    /// The pictures that hold both theory and simulation.
    fn curves(&self, measured: Option<&Measurement>, host: &dyn Host) -> Vec<Figure> {
        let (settings, prediction, pairs) = (self.settings, &self.prediction, &self.inputs.pairs);
        let mut figures = Vec::new();
        if host.wants("correlation-depth") {
            figures.push(curves::correlation_depth(settings, prediction, measured, pairs, &self.theory));
        }
        if host.wants("length-map") {
            figures.push(curves::length_map(settings, prediction, measured));
        }
        if host.wants("correlation-map") {
            figures.push(curves::correlation_map(settings, prediction, measured, pairs));
        }
        if host.wants("gradient-depth") {
            figures.push(curves::gradient_depth(settings, prediction, measured));
        }
        for figure in figures.iter_mut().filter(|_| measured.is_some()) {
            figure.device.clone_from(&self.device);
        }
        figures
    }

    fn frame(&self, measurement: &Measurement, host: &dyn Host) -> Frame {
        let (done, all) = (measurement.n_nets(), self.settings.nets);
        let progress = Progress { share: done as f32 / all.max(1) as f32, what: format!("{done} of {all} nets") };
        Frame {
            figures: self.curves(Some(measurement), host),
            readouts: self.gaps(measurement),
            notices: self.notices(),
            progress: Some(progress),
            ..Frame::default()
        }
    }

    /// How far simulation is from theory, over all layers and pairs.
    fn gaps(&self, measurement: &Measurement) -> Vec<(String, Readout)> {
        let n = measurement.n_nets() as f64;
        let (mut squares, mut count) = (0.0, 0.0);
        let (mut squares_in_errors, mut count_in_errors) = (0.0, 0.0);
        for (i, theory) in self.theory.iter().enumerate() {
            let spread = measurement.correlation(i);
            // At layer 0 nothing has been predicted yet.
            let layers = theory.iter().zip(&spread.mean).zip(&spread.sd).skip(1);
            // Where a net has overflowed, or a length is zero, there is nothing to compare.
            for ((c, mean), sd) in layers.filter(|((c, mean), _)| c.is_finite() && mean.is_finite()) {
                squares += (c - mean).powi(2);
                count += 1.0;
                let error = sd / n.sqrt();
                if error > LEAST_ERROR {
                    squares_in_errors += ((c - mean) / error).powi(2);
                    count_in_errors += 1.0;
                }
            }
        }
        let gap = if count > 0.0 {
            Readout::from_f64(f64::sqrt(squares / count))
        } else {
            Readout::Undefined("no layers".into())
        };
        let in_errors = if measurement.n_nets() < 3 {
            Readout::Undefined("needs three nets".into())
        } else if count_in_errors > 0.0 {
            Readout::from_f64(f64::sqrt(squares_in_errors / count_in_errors))
        } else {
            Readout::Undefined("the nets agree to rounding".into())
        };
        vec![("gap".into(), gap), ("gap_errors".into(), in_errors)]
    }
}
