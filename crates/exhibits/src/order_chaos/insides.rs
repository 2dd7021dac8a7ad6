//! Pictures of one net from the inside: correlations between all inputs, and their shape in three dimensions.

use figures::{Axis, ColourMap, ColourScale, Figure, Layer, Role, View};
use libm::{cos, sin};
use nets::{Batch, NetError, correlations, principal};

use super::inputs::{Images, Prepared};
use super::prediction::{LayerMaps, Prediction};
use super::settings::Settings;

/// Nodes of the table from initial correlation to the chosen layer's; linear between them is right to 1e-3, the step
/// of a colour.
const TABLE_NODES: usize = 49;

/// Why there is nothing of this layer to draw.
fn note(batch: &Batch) -> Option<String> {
    let is_gone = batch.numbers().iter().all(|z| *z == 0.0);
    let is_beyond = batch.numbers().iter().any(|z| !z.is_finite());
    if is_beyond {
        return Some("The numbers in this layer are beyond single precision.".into());
    }
    (is_gone && batch.rows() > 0).then(|| "Nothing has come as far as this layer.".into())
}

/// Correlations between all inputs: simulated above the diagonal, predicted below it.
pub(super) fn matrix(
    settings: &Settings,
    prediction: &Prediction,
    inputs: &Prepared,
    batch: &Batch,
) -> Result<Figure, NetError> {
    let n = batch.rows();
    let simulated = correlations(&batch.gram()?, n);
    let predicted = predicted(settings, prediction, &inputs.correlations());
    let cell = |k: usize| if k % n >= k / n { simulated[k] } else { predicted[k] };
    let names = inputs.groups.clone();
    let axis = |label: &str| Axis { names: names.clone(), ..Axis::linear(label, 0.0, n as f64) };
    let what = if names.is_empty() { "point on the circle" } else { "digit" };
    let word = |text: &str, x: f64, y: f64| Layer::Text {
        text: text.into(),
        role: Role::Neutral,
        x: x * n as f64,
        y: y * n as f64,
    };
    Ok(Figure {
        id: "correlation-matrix".into(),
        title: format!("at layer {}", settings.layer),
        x: axis(what),
        y: axis(what),
        layers: vec![
            Layer::Heat {
                columns: n as u32,
                values: (0..n * n).map(cell).collect::<Vec<f32>>().into(),
                x: (0.0, n as f64),
                y: (0.0, n as f64),
                colours: ColourScale {
                    label: "correlation".into(),
                    map: ColourMap::Diverging,
                    range: (-1.0, 1.0),
                    names: Vec::new(),
                },
            },
            word("theory", 0.2, 0.88),
            word("one net", 0.8, 0.12),
        ],
        view: View::Square,
        alt: format!("Correlations between {n} inputs at layer {} of the first net.", settings.layer),
        note: note(batch),
        device: String::new(),
    })
}

/// The chosen layer's correlation for each initial one.
fn predicted(settings: &Settings, prediction: &Prediction, initial: &[f64]) -> Vec<f32> {
    let low = initial.iter().copied().fold(1.0f64, f64::min);
    let span = (1.0 - low).max(1e-9);
    let lengths = prediction.lengths.get(..=settings.layer).unwrap_or(&prediction.lengths);
    let maps = LayerMaps::new(&settings.sketch, lengths);
    // Nodes are dense near 1, where the map is steep: c = 1 − span·u².
    let at_layer = |c_0: f64| maps.correlations(c_0).last().copied().unwrap_or(c_0);
    let node = |i: usize| (i as f64 / (TABLE_NODES - 1) as f64).powi(2);
    let table: Vec<f64> = (0..TABLE_NODES).map(|i| at_layer(1.0 - span * node(i))).collect();
    let read = |c: f64| {
        let u = ((1.0 - c).max(0.0) / span).sqrt() * (TABLE_NODES - 1) as f64;
        let i = (u as usize).min(TABLE_NODES - 2);
        let share = u - i as f64;
        (table[i] * (1.0 - share) + table[i + 1] * share) as f32
    };
    initial.iter().map(|c| read(*c)).collect()
}

/// The circle inside the net.
pub(super) fn manifold(settings: &Settings, batch: &Batch) -> Result<Figure, NetError> {
    let n = batch.rows();
    let angle = |i: usize| std::f64::consts::TAU * i as f64 / n as f64;
    let start: Vec<[f64; 3]> = (0..n).map(|i| [cos(angle(i)), sin(angle(i)), cos(2.0 * angle(i))]).collect();
    let points = principal::three_components(&batch.gram()?, n, &start);
    Ok(Figure {
        id: "manifold".into(),
        title: format!("a circle of {n} inputs at layer {}", settings.layer),
        x: Axis::linear("first three principal components", -1.0, 1.0),
        y: Axis::linear("", -1.0, 1.0),
        layers: vec![Layer::Curve3 {
            name: "inputs on a circle".into(),
            points: points.into_iter().flatten().collect::<Vec<f32>>().into(),
            closed: true,
        }],
        view: View::Orbit,
        alt: format!("A circle of inputs after {} layers, in three principal components.", settings.layer),
        note: note(batch),
        device: String::new(),
    })
}

/// The images that go in, side by side.
pub(super) fn images(settings: &Settings, images: &Images) -> Figure {
    let (rows, columns) = (images.pack.rows(), images.pack.cols());
    let layer = |place: usize, index: usize| {
        let pixels = images.pack.image(index).unwrap_or_default();
        let flipped = pixels.chunks_exact(columns.max(1)).rev().flatten().map(|p| f32::from(*p) / 255.0);
        Layer::Heat {
            columns: columns as u32,
            values: flipped.collect::<Vec<f32>>().into(),
            x: (place as f64 + 0.02, place as f64 + 0.98),
            y: (0.02, 0.98),
            colours: ColourScale {
                label: String::new(),
                map: ColourMap::Sequential,
                range: (0.0, 1.0),
                names: Vec::new(),
            },
        }
    };
    let chosen = images.chosen(settings);
    let label = |i: usize| images.pack.label(i).map_or_else(String::new, |l| format!("a {l} (image {i})"));
    Figure {
        id: "images".into(),
        title: format!("{}, {rows}×{columns} pixels", images.pack.name()),
        x: Axis {
            names: chosen.iter().enumerate().map(|(k, i)| (k as f64 + 0.5, label(*i))).collect(),
            ..Axis::linear("", 0.0, 2.0)
        },
        y: Axis { names: vec![(0.5, String::new())], ..Axis::linear("", 0.0, 1.0) },
        layers: chosen.iter().enumerate().map(|(place, index)| layer(place, *index)).collect(),
        view: View::Plane,
        alt: format!("{} and {}, the two images that are fed in.", label(chosen[0]), label(chosen[1])),
        note: None,
        device: String::new(),
    }
}
