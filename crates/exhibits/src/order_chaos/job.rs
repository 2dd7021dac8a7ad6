//! The computation: theory at once, then real nets, the first one coarse and then the rest.

use figures::Figure;
use nets::RandomNets;
use protocol::{Backend, Frame, Progress, Readout};

use super::inputs::{Images, Prepared};
use super::measurement::{Measurement, propagate};
use super::phase_figure::{self, Background};
use super::prediction::Prediction;
use super::settings::{InputKind, Settings};
use super::{curves, insides};
use crate::job::{Host, Job, JobError, LocalFuture};
use crate::values::Values;

/// Drawn weights that are kept for the next request. A tab may hold 4 GB; a quarter of the usual gigabyte leaves
/// room for everything else.
const WEIGHTS_BYTES: usize = 256 << 20;
/// What is said to `backend=gpu`.
const NO_GPU: &str = "This exhibit has no GPU route yet: the CPU computes, as quickly as you drag.";
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
    nets: Option<(u64, RandomNets)>,
    images: Option<Images>,
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
            self.compute(&settings, host).await
        })
    }
}

/// One request's theory and inputs.
struct Scene<'a> {
    settings: &'a Settings,
    prediction: Prediction,
    inputs: Prepared,
    /// Predicted correlations of each pair, layer by layer.
    theory: Vec<Vec<f64>>,
    notices: Vec<String>,
}

impl State {
    async fn compute(&mut self, settings: &Settings, host: &mut dyn Host) -> Result<(), JobError> {
        let needs_images = matches!(settings.inputs, InputKind::TwoDigits | InputKind::Digits);
        if needs_images && self.images.is_none() {
            self.images = Some(Images::load(host).await?);
        }
        let images = self.images.as_ref().filter(|_| needs_images);
        let prediction = Prediction::new(settings);
        let inputs = Prepared::followed(settings, images)?;
        let theory = inputs.pairs.iter().map(|p| prediction.correlations(p.c_0)).collect();
        let no_gpu = (host.backend() == Backend::Gpu).then(|| NO_GPU.to_owned());
        let notices = prediction.notice(settings).into_iter();
        let notices = notices.chain(images.and_then(|i| i.notice.clone())).chain(no_gpu).collect();
        let scene = Scene { settings, prediction, inputs, theory, notices };

        self.emit_theory(&scene, host);
        host.checkpoint().await?;
        self.measure(&scene, host).await
    }

    fn emit_theory(&mut self, scene: &Scene<'_>, host: &mut dyn Host) {
        let settings = scene.settings;
        let background = Background::refreshed(self.background.take(), settings);
        let last = self.last.as_ref().filter(|(key, _)| *key == scene.key()).map(|(_, m)| m);
        let mut figures = scene.curves(last, host);
        let key = background.key(settings);
        if host.wants("phase") && self.sent != Some(key) {
            figures.insert(0, background.figure(settings));
            self.sent = Some(key);
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
            readouts: scene.prediction.readouts(),
            marks,
            notices: scene.notices.clone(),
            progress: None,
        });
    }

    async fn measure(&mut self, scene: &Scene<'_>, host: &mut dyn Host) -> Result<(), JobError> {
        let settings = scene.settings;
        let fits = |(seed, nets): &(u64, RandomNets)| *seed == settings.seed && nets.width() == settings.width;
        let kept = self.nets.take().filter(fits);
        let (seed, mut nets) =
            kept.unwrap_or_else(|| (settings.seed, RandomNets::new(settings.seed, settings.width, WEIGHTS_BYTES)));
        let result = self.measure_on(&mut nets, scene, host).await;
        // The drawn weights are worth keeping above all when a newer request cancelled this one.
        self.nets = Some((seed, nets));
        result
    }

    async fn measure_on(
        &mut self,
        nets: &mut RandomNets,
        scene: &Scene<'_>,
        host: &mut dyn Host,
    ) -> Result<(), JobError> {
        let settings = scene.settings;
        let mut measurement = Measurement::default();
        measurement.add_net(settings, &scene.inputs, nets, host).await?;
        host.emit(scene.frame(&measurement, host));
        self.last = Some((scene.key(), measurement.clone()));
        let insides = self.insides(scene, nets, host).await?;
        if !insides.is_empty() {
            host.emit(Frame { figures: insides, notices: scene.notices.clone(), ..Frame::default() });
        }
        while measurement.n_nets() < settings.nets {
            measurement.add_net(settings, &scene.inputs, nets, host).await?;
            host.emit(scene.frame(&measurement, host));
            self.last = Some((scene.key(), measurement.clone()));
            host.checkpoint().await?;
        }
        Ok(())
    }

    /// The pictures of the first net from the inside.
    async fn insides(
        &self,
        scene: &Scene<'_>,
        nets: &mut RandomNets,
        host: &mut dyn Host,
    ) -> Result<Vec<Figure>, JobError> {
        let settings = scene.settings;
        let mut figures = Vec::new();
        if host.wants("correlation-matrix") {
            let inputs = match (&self.images, settings.inputs) {
                (Some(images), InputKind::TwoDigits | InputKind::Digits) => Prepared::classes(settings, images)?,
                _ => Prepared::circle(settings.n_inputs),
            };
            let batch = propagate(inputs.at_layer_0(settings, 0)?, settings, 0, settings.layer, nets, host).await?;
            figures.push(insides::matrix(settings, &scene.prediction, &inputs, &batch)?);
        }
        if host.wants("manifold") {
            let inputs = Prepared::circle(MANIFOLD_POINTS);
            let batch = propagate(inputs.at_layer_0(settings, 0)?, settings, 0, settings.layer, nets, host).await?;
            figures.push(insides::manifold(settings, &batch)?);
        }
        Ok(figures)
    }
}

impl Scene<'_> {
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
        figures
    }

    fn frame(&self, measurement: &Measurement, host: &dyn Host) -> Frame {
        let (done, all) = (measurement.n_nets(), self.settings.nets);
        let progress = Progress { share: done as f32 / all.max(1) as f32, what: format!("{done} of {all} nets") };
        Frame {
            figures: self.curves(Some(measurement), host),
            readouts: self.gaps(measurement),
            marks: Vec::new(),
            notices: self.notices.clone(),
            progress: Some(progress),
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
            for ((c, mean), sd) in theory.iter().zip(&spread.mean).zip(&spread.sd).skip(1) {
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
