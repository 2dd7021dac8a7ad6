//! Pictures of one net from the inside: correlations between all inputs, and their shape in three dimensions.

use figures::{Axis, Cells, Chart, ColourMap, ColourScale, Figure, Role, Samples};
use libm::{cos, sin};
use nets::{correlations, principal};
use serde::{Deserialize, Serialize};
use theory::LayerMaps;

use super::drawn::CoreState;
use super::inputs::{Prepared, chosen};
use super::net::Nets;
use super::prediction::Prediction;
use super::settings::Settings;
use crate::job::{Core, JobError};
use crate::kit::{Images, Part, Scene, Shown, Sweep};

/// Points of the circle in the manifold.
const MANIFOLD_POINTS: usize = 96;

/// The part that is one batch of inputs, taken through all layers of the first net.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Inside {
    of: Nets,
    kept_bytes: usize,
}

/// What comes out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Seen {
    /// Products of all inputs, `[rows, rows]`.
    gram: Samples,
    /// Why there is nothing to draw.
    note: Option<String>,
}

impl Part for Inside {
    type Kept = CoreState;
    type Answer = Seen;
    const STAYS_ON_CORE: bool = true;

    async fn run(self, kept: &mut CoreState, core: &mut dyn Core) -> Result<Seen, JobError> {
        let drawn = kept.nets(self.of.seed, self.of.width, self.kept_bytes);
        let mut batch = self.of.at_layer_0(0)?;
        self.of.net(drawn, 0).forward(&mut batch, async || core.checkpoint().await).await?;
        batch.bring_to_one();
        let numbers = batch.numbers();
        let note = if numbers.iter().any(|z| !z.is_finite()) {
            Some("The numbers in this layer are beyond single precision.".into())
        } else {
            numbers.iter().all(|z| *z == 0.0).then(|| "Nothing has come as far as this layer.".into())
        };
        Ok(Seen { gram: batch.gram()?.into(), note })
    }
}

/// What was seen last of the inside of the first net, and the picture of it.
#[derive(Debug, Default)]
struct View {
    found: Sweep<Nets, (), Seen>,
    shown: Shown<Nets>,
}

/// Both views.
#[derive(Debug, Default)]
pub(super) struct Insides {
    matrix: View,
    manifold: View,
}

impl Insides {
    /// Mutes pictures of other nets; those of another layer say themselves which it is.
    pub(super) fn mute_others(&mut self, settings: &Settings, scene: &mut Scene<'_>) {
        let of = any_layer(settings);
        for view in [&mut self.matrix, &mut self.manifold] {
            view.shown.mute_unless(&of, scene);
        }
    }

    /// Shows the pictures that are in view.
    pub(super) async fn show(
        &mut self,
        settings: &Settings,
        theory: &Prediction,
        images: Option<&Images>,
        scene: &mut Scene<'_>,
    ) -> Result<(), JobError> {
        if scene.wants("correlation-matrix") {
            let circle = || Ok(Prepared::circle(settings.n_inputs));
            let inputs = images.map_or_else(circle, |images| Prepared::classes(settings, images))?;
            let draw = |seen: &Seen| matrix(settings, theory, &inputs, seen);
            self.matrix.show(settings, inputs.clone(), draw, scene).await?;
        }
        if scene.wants("manifold") {
            let draw = |seen: &Seen| manifold(settings, seen);
            self.manifold.show(settings, Prepared::circle(MANIFOLD_POINTS), draw, scene).await?;
        }
        Ok(())
    }
}

impl View {
    async fn show(
        &mut self,
        settings: &Settings,
        inputs: Prepared,
        draw: impl Fn(&Seen) -> Chart,
        scene: &mut Scene<'_>,
    ) -> Result<(), JobError> {
        let of = Nets::new(settings, settings.shown_layer(), inputs);
        let kept_bytes = nets::kept_bytes_of_core(scene.n_cores());
        let show = |found: &Sweep<Nets, (), Seen>, scene: &mut Scene<'_>| {
            if let Some(seen) = found.get(&()) {
                let figure = draw(seen).with(seen.note.as_deref(), Chart::note).device(scene.device().clone());
                self.shown.show(any_layer(settings), figure.build(), scene);
            }
            Ok(())
        };
        self.found.of(of.clone()).fill(scene, [()], |()| Inside { of: of.clone(), kept_bytes }, show).await
    }
}

/// What pictures depend on besides the layer.
fn any_layer(settings: &Settings) -> Nets {
    let n_points = if settings.inputs.is_images() { 0 } else { settings.n_inputs };
    Nets::new(settings, 0, Prepared::circle(n_points))
}

/// Correlations between all inputs: simulated below the diagonal, predicted above it.
fn matrix(settings: &Settings, theory: &Prediction, inputs: &Prepared, seen: &Seen) -> Chart {
    let n = inputs.rows;
    let simulated = correlations(&seen.gram.0, n);
    let lengths = theory.lengths.get(..=settings.shown_layer()).unwrap_or(&theory.lengths);
    // The quicker forms of activations are right to 1e-7.
    let predicted = LayerMaps::new(&theory.sketch, lengths).last_correlations(&inputs.correlations());
    let cell = |k: usize| if k % n >= k / n { simulated[k] } else { predicted[k] as f32 };
    let (names, end, layer) = (&inputs.groups, n as f64, settings.shown_layer());
    let what = if names.is_empty() { "point on the circle" } else { "digit" };
    let axis = || Axis { names: names.clone(), ..Axis::linear(what, 0.0, end) };
    let values = Samples((0..n * n).map(cell).collect());
    let cells = Cells { columns: n as u32, values, x: (0.0, end), y: (0.0, end) };
    Chart::new("correlation-matrix", axis(), axis())
        .heat(cells, ColourScale::new("correlation", ColourMap::Diverging, (-1.0, 1.0)))
        .text("theory", Role::Neutral, 0.2 * end, 0.88 * end)
        .text("one net", Role::Neutral, 0.8 * end, 0.12 * end)
        .square()
        .title(format!("at layer {layer}"))
        .alt(format!("Correlations between {n} inputs at layer {layer}, of the first net and as predicted."))
}

/// The circle inside the net.
fn manifold(settings: &Settings, seen: &Seen) -> Chart {
    let (n, layer) = (MANIFOLD_POINTS, settings.shown_layer());
    let angle = |i: usize| std::f64::consts::TAU * i as f64 / n as f64;
    let start: Vec<[f64; 3]> = (0..n).map(|i| [cos(angle(i)), sin(angle(i)), cos(2.0 * angle(i))]).collect();
    let points = principal::three_components(&seen.gram.0, n, &start).into_iter().flatten().collect::<Vec<f32>>();
    let x = Axis::linear("first three principal components", -1.0, 1.0);
    Chart::new("manifold", x, Axis::linear("", -1.0, 1.0))
        .curve3("inputs on a circle", points.into(), true)
        .title(format!("a circle of {n} inputs at layer {layer}"))
        .alt(format!("A circle of inputs after {layer} layers, in three principal components."))
}

/// The images that go in, side by side.
pub(super) fn images(settings: &Settings, images: &Images) -> Figure {
    let (rows, columns) = (images.pack.rows(), images.pack.cols());
    let chosen = chosen(settings, images);
    let label = |i: usize| images.pack.label(i).map_or_else(String::new, |l| format!("a {l} (image {i})"));
    let pixels = chosen.iter().flat_map(|i| images.pack.image(*i).unwrap_or_default()).copied().collect();
    Chart::images("images")
        .image_grid(
            (rows as u32, columns as u32),
            figures::Pixels::Bytes(pixels),
            ColourScale::new("", ColourMap::Grey, (0.0, 255.0)),
            chosen.map(label),
        )
        .title(format!("{}, {rows}×{columns} pixels", images.pack.name()))
        .alt(format!("{} and {}, the two images that are fed in.", label(chosen[0]), label(chosen[1])))
        .build()
}
