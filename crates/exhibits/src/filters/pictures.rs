//! Pictures of a net and of what it makes of images.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::training::{Curve, Images, NetKind, State};
use data::{Pack, digits};
use figures::{Axis, Cells, Chart, ColourMap, ColourScale, Figure, Layer, Pixels, Role, Samples, format_number};
use nets::engine::{Net, Node, Op};

use super::seeds::Course;
use super::settings::Settings;
use super::training::{self, FEW, Training, Verdicts, read_as, stages, strongest};
use crate::job::JobError;
use crate::kit::{Source, grey};

/// Points of a curve at most.
const MOST_POINTS: u64 = 250;
/// Steps that loss and error of the readouts are means over.
const RECENT: usize = 50;
/// The least share that is drawn: below it stands at the bottom.
const LEAST: f64 = 1e-3;
/// Images of a grid at most.
const MOST_IMAGES: usize = 24;

fn numbers(of: &[f32]) -> Pixels {
    Pixels::Numbers(Samples(of.to_vec()))
}

/// The layers with weights.
fn layers(net: &Net) -> impl Iterator<Item = &Node> {
    net.nodes().iter().filter(|node| matches!(node.op, Op::Dense(_) | Op::Conv(_)))
}

/// Rows and columns of a layer's filters, and their weights.
pub(super) fn filters_of<'a>(training: &Training, state: &'a State, layer: usize) -> Option<((u32, u32), &'a [f32])> {
    filters_in(training, state.parameters(), layer)
}

/// The same of other parameters of that net.
pub(super) fn filters_in<'a>(
    training: &Training,
    parameters: &'a [f32],
    layer: usize,
) -> Option<((u32, u32), &'a [f32])> {
    let node = layers(training.net()).nth(layer)?;
    let parameters = parameters.get(node.parameters.clone())?;
    let image = training.loaded.train.dims();
    match &node.op {
        Op::Conv(conv) => {
            let [rows, columns] = conv.window.kernel;
            let n = conv.output.channels * conv.input.channels * rows * columns;
            Some(((rows as u32, columns as u32), parameters.get(..n)?))
        }
        Op::Dense(dense) if dense.inputs == image.features() => {
            Some(((image.rows as u32, image.columns as u32), parameters.get(..dense.inputs * dense.outputs)?))
        }
        Op::Dense(dense) => {
            let columns = (dense.inputs as f64).sqrt().ceil() as u32;
            let fits = dense.inputs as u32 == columns * columns;
            let size = if fits { (columns, columns) } else { (1, dense.inputs as u32) };
            Some((size, parameters.get(..dense.inputs * dense.outputs)?))
        }
        _ => None,
    }
}

pub(super) fn after(training: &Training) -> String {
    match training.state().step() {
        0 => "as they are drawn, before training".to_owned(),
        1 => "after 1 step".to_owned(),
        steps => format!("after {steps} steps"),
    }
}

/// The weights of the first layer.
pub(super) fn filters(settings: &Settings, training: &Training) -> Figure {
    let Some((size, of)) = filters_of(training, training.state(), 0) else {
        return Chart::empty("filters", "No filters.").build();
    };
    let none: [&str; 0] = [];
    let n = numbers(of).n_images(size) as u32;
    Chart::images("filters")
        .image_grid(size, numbers(of), ColourScale::diverging("weight", of), none)
        .choosing(Some(settings.unit.min(n.saturating_sub(1))), "unit")
        .title(format!("{n} filters of {}×{}, {}", size.0, size.1, after(training)))
        .alt(format!("The weights of the first layer, {}.", after(training)))
        .build()
}

/// The mean cosine of the first filters with the ones that were drawn.
pub(super) fn likeness(training: &Training) -> Option<f64> {
    let ((rows, columns), now) = filters_of(training, training.state(), 0)?;
    let (_, first) = filters_of(training, training.session.kept().first()?, 0)?;
    let size = (rows * columns).max(1) as usize;
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let cosines = now.chunks(size).zip(first.chunks(size)).map(|(a, b)| dot(a, b) / (dot(a, a) * dot(b, b)).sqrt());
    let cosines: Vec<f64> = cosines.collect();
    Some(cosines.iter().sum::<f64>() / cosines.len() as f64).filter(|mean| mean.is_finite())
}

/// The weights of the second layer.
pub(super) fn second(training: &Training) -> Figure {
    let Some((size, of)) = filters_of(training, training.state(), 1) else {
        return Chart::empty("second", "No second layer.").build();
    };
    let none: [&str; 0] = [];
    let n = numbers(of).n_images(size);
    Chart::images("second")
        .image_grid(size, numbers(of), ColourScale::diverging("weight", of), none)
        .title(format!("{n} of {}×{}, {}", size.0, size.1, after(training)))
        .alt(format!("The weights of the second layer, {}.", after(training)))
        .build()
}

/// Mean loss and share of errors over the last batches before a step.
pub(super) fn recent(curve: &Curve, step: u64) -> Option<(f64, f64)> {
    let end = (step as usize).min(curve.losses.len());
    let start = end.saturating_sub(RECENT);
    let mean = |of: &[f32]| of.iter().map(|x| f64::from(*x)).sum::<f64>() / of.len() as f64;
    (end > 0).then(|| (mean(&curve.losses[start..end]), 1.0 - mean(&curve.right[start..end])))
}

/// Means over equal stretches of steps, each at its middle.
fn thinned(of: &[f32]) -> Vec<(f64, f64)> {
    let stretch = (of.len() as u64).div_ceil(MOST_POINTS).max(5) as usize;
    let mean = |of: &[f32]| of.iter().map(|x| f64::from(*x)).sum::<f64>() / of.len() as f64;
    let chunks = of.chunks(stretch).enumerate();
    chunks.map(|(k, of)| (k as f64 * stretch as f64 + 0.5 * of.len() as f64, mean(of))).collect()
}

fn steps_axis(settings: &Settings, curve: &Curve) -> Axis {
    let most = (settings.steps as f64).max(curve.losses.len() as f64).max(100.0);
    Axis::linear("training step", 0.0, most)
}

/// With a band between the curves of several nets, as far as all have come; a single one has none.
fn with_spread(chart: Chart, role: Role, curves: &[Vec<(f64, f64)>]) -> Chart {
    let shortest = curves.iter().map(Vec::len).min().unwrap_or(0);
    if curves.len() < 2 || shortest == 0 {
        return chart;
    }
    let range = |k: usize| {
        let of_all = || curves.iter().map(|curve| curve[k].1);
        (curves[0][k].0, of_all().fold(f64::INFINITY, f64::min), of_all().fold(f64::NEG_INFINITY, f64::max))
    };
    chart.band(&format!("between {} seeds", curves.len()), role, (0..shortest).map(range))
}

/// Shares of images classified wrongly, of this net and, on the test images, of others.
pub(super) fn error(settings: &Settings, training: &Training, others: &[&Course]) -> Figure {
    let curve = training.session.curve();
    let drawn = |(step, error): (f64, f64)| (step, error.max(LEAST));
    let train = thinned(&curve.right).into_iter().map(|(step, right)| drawn((step, 1.0 - right)));
    let n = FEW.min(training.loaded.test.n());
    let tested: Vec<(f64, f64)> = training.tested.iter().map(|(step, error)| (*step as f64, *error)).collect();
    let before = training.tested.range(..=training.state().step()).next_back();
    let last = before.map(|(step, error)| format!("{} wrong after {step} steps", percent(*error as f32)));
    let points = |tested: &BTreeMap<u64, f64>| tested.iter().map(|(step, e)| drawn((*step as f64, *e))).collect();
    let all: Vec<Vec<(f64, f64)>> =
        [&training.tested].into_iter().chain(others.iter().map(|course| &course.tested)).map(points).collect();
    let chart = Chart::new("error", steps_axis(settings, curve), Axis::log("share classified wrongly", LEAST, 1.0));
    with_spread(chart, Role::Accent, &all)
        .line("batches", Role::Simulation, train)
        .points(&format!("{n} test images"), Role::Accent, tested.into_iter().map(drawn))
        .handle_x("steps", settings.steps as f64, LEAST)
        .title(last.unwrap_or_else(|| "not tested yet".into()))
        .alt("The share of images classified wrongly against the training step.")
        .build()
}

/// Mean losses of batches, of this net and of others.
pub(super) fn loss(settings: &Settings, training: &Training, others: &[&Course]) -> Figure {
    let curve = training.session.curve();
    let positive = |of: &[f32]| thinned(of).into_iter().filter(|(_, loss)| *loss > 0.0).collect::<Vec<_>>();
    let points = positive(&curve.losses);
    let all: Vec<&[f32]> =
        [curve.losses.as_slice()].into_iter().chain(others.iter().map(|course| course.losses.as_slice())).collect();
    let shortest = all.iter().map(|losses| losses.len()).min().unwrap_or(0);
    let all: Vec<Vec<(f64, f64)>> = all.into_iter().map(|losses| positive(&losses[..shortest])).collect();
    let chance = (training.classes as f64).ln();
    let x = steps_axis(settings, curve);
    let steps = x.range.1;
    let low = points.iter().fold(0.1_f64, |low, (_, loss)| low.min(*loss));
    let low = figures::round_down(low.max(1e-6), &[1.0, 2.0, 5.0]);
    // A training that goes astray stays in sight.
    let high = points.iter().fold(5.0_f64, |high, (_, loss)| high.max(*loss)).min(1e30);
    let chart = Chart::new("loss", x, Axis::log("cross-entropy, nats", low, high));
    with_spread(chart, Role::Simulation, &all)
        .line("batches", Role::Simulation, points)
        .dashed("guessing, ln 10", Role::Neutral, [0.0, steps].map(|step| (step, chance)))
        .alt("The mean loss of batches against the training step.")
        .build()
}

/// What the net makes of one image.
pub(super) struct Seen {
    pub(super) image: Vec<u8>,
    pub(super) size: (u32, u32),
    /// The number of a test image and its class; none of a drawing.
    pub(super) of_test: Option<(usize, u8)>,
    pub(super) source: Source,
    /// Maps of the stage that is looked at.
    maps: Vec<f32>,
    maps_size: (u32, u32),
    stage: &'static str,
    pub(super) probabilities: Vec<f32>,
    named: (u8, f32),
}

impl Seen {
    pub(super) fn is_drawing(&self) -> bool {
        self.of_test.is_none()
    }

    /// The class that is named, and its probability; none of a net that overflows.
    pub(super) fn named(&self) -> Option<(u8, f32)> {
        Some(self.named).filter(|(_, probability)| probability.is_finite())
    }
}

/// Lets the net see the drawing, or the chosen image where there is none.
pub(super) fn seen(
    settings: &Settings,
    drawing: Option<&[u8; digits::PIXELS]>,
    training: &mut Training,
) -> Result<Seen, JobError> {
    let test = Arc::clone(&training.loaded.test);
    let (images, index, of_test) = match drawing {
        Some(centred) => {
            let pack = Pack::new("drawing", digits::SIDE, digits::SIDE, vec![0], centred.to_vec())?;
            (Arc::new(Images::with_standard(&pack, test.standard())), 0, None)
        }
        None => {
            let index = settings.image.min(test.n().saturating_sub(1));
            let label = test.labels().get(index).copied().unwrap_or_default();
            (test, index, Some((index, label)))
        }
    };
    let source = training.loaded.source.clone();
    let all = stages(training.net());
    let (place, stage) = match settings.net {
        NetKind::LeNet5 => (
            settings.stage,
            ["first maps", "first maps, pooled", "second maps", "second maps, pooled"][settings.stage.min(3)],
        ),
        NetKind::Perceptron => (0, "hidden units"),
        NetKind::Residual => (0, "first maps"),
    };
    let node = all.get(place).copied().unwrap_or_else(|| training.net().output_node());
    let dims = training.net().node(node).map_or_else(|| training.net().output(), |node| node.dims);
    let pass = training.session.trainer_mut().look_at(&images, &[index as u32])?;
    let logits = training::logits(pass, 0);
    // What overflows is left blank, as what is not there.
    let finite = |x: f32| if x.is_finite() { x } else { f32::NAN };
    let mut maps: Vec<f32> = pass.values(node).unwrap_or_default().iter().map(|x| finite(x[0][0])).collect();
    let mut maps_size = (dims.rows as u32, dims.columns as u32);
    if dims.positions() == 1 {
        // Units without places stand in a square.
        let side = (maps.len() as f64).sqrt().ceil() as u32;
        maps.resize((side * side) as usize, f32::NAN);
        maps_size = (side, side);
    }
    Ok(Seen {
        image: images.pixels(index).unwrap_or_default().to_vec(),
        size: (images.dims().rows as u32, images.dims().columns as u32),
        of_test,
        source,
        maps,
        maps_size,
        stage,
        named: training::named(&logits),
        probabilities: training::probabilities(&logits),
    })
}

pub(super) fn class(source: &Source, class: u8) -> String {
    source.class(class).map_or_else(|| class.to_string(), str::to_owned)
}

/// In percent.
fn percent(share: f32) -> String {
    format!("{} %", format_number((1e4 * f64::from(share)).round() / 100.0))
}

/// A probability in percent: as above.
fn certainty(share: f32) -> String {
    if share > 0.999_95 { "over 99.99 %".to_owned() } else { percent(share) }
}

/// A probability without decimals, for captions. A softmax is never sure, whatever its rounding says.
pub(super) fn short_percent(share: f32) -> String {
    match (1e2 * share).round() {
        100.0 => "> 99 %".to_owned(),
        0.0 if share > 0.0 => "< 1 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

/// The image, and what comes out of a layer for it.
pub(super) fn maps(seen: &Seen) -> Figure {
    let scale = ColourScale::diverging("activation", &seen.maps);
    let none: [&str; 0] = [];
    Chart::images("maps")
        .image_grid(seen.size, Pixels::Bytes(seen.image.clone()), grey(), none)
        .image_grid(seen.maps_size, numbers(&seen.maps), scale, none)
        .title(match seen.of_test {
            Some((index, _)) => format!("test image {index} and its {}", seen.stage),
            None => format!("your drawing and its {}", seen.stage),
        })
        .alt(match seen.of_test {
            Some((_, label)) => {
                format!("A test image of the class {} and its feature maps.", class(&seen.source, label))
            }
            None => "The drawing, centred, and its feature maps.".to_owned(),
        })
        .build()
}

/// Where a person draws.
pub(super) fn pad(drawing: Option<&[u8; digits::PIXELS]>) -> Figure {
    let title = if drawing.is_some() { "on 28×28 pixels" } else { "draw a digit here" };
    // The first row of a heat map is at the bottom.
    let pixels = drawing.map_or(vec![0.0; digits::PIXELS], |as_drawn| {
        as_drawn.chunks(digits::SIDE).rev().flatten().map(|p| f32::from(*p)).collect()
    });
    let side = (0.0, digits::SIDE as f64);
    let cells = Cells { columns: digits::SIDE as u32, values: Samples(pixels), x: side, y: side };
    let axis = || Axis { names: vec![(0.5 * side.1, digits::SIDE.to_string())], ..Axis::linear("", side.0, side.1) };
    Chart::new("pad", axis(), axis())
        .square()
        .heat(cells, grey())
        .layer(Layer::Pad { control: "drawing".into() })
        .title(title)
        .alt("A pad of 28×28 pixels to draw a digit on.")
        .build()
}

/// What is shown of a net that gives no numbers.
pub(super) fn overflows(id: &str) -> Figure {
    Chart::empty(id, "The net’s outputs are beyond all numbers.").build()
}

/// What the net takes the image for.
pub(super) fn probabilities(seen: &Seen) -> Figure {
    let Some((named, probability)) = seen.named() else {
        return overflows("probabilities");
    };
    let bars = seen.probabilities.iter().enumerate().map(|(k, p)| (k as f64, f64::from(*p)));
    let truth = seen.of_test.filter(|(_, label)| *label != named).map(|(_, label)| class(&seen.source, label));
    let named = class(&seen.source, named);
    let title = match &truth {
        None => format!("{named}, {}", certainty(probability)),
        Some(label) => format!("{named}, {}; in truth {label}", certainty(probability)),
    };
    let chart = Chart::new(
        "probabilities",
        classes_axis("class", &seen.source, seen.probabilities.len()),
        Axis::linear("probability", 0.0, 1.0),
    )
    .bars("", Role::Simulation, bars)
    .with(seen.of_test, |chart, (_, label)| chart.rule_at_x("true class", Role::Theory, label.into()));
    let truth = truth.map_or_else(String::new, |label| format!(" The image is {label}."));
    chart.title(title).alt(format!("The probabilities of the classes. The net says {named}.{truth}")).build()
}

fn classes_axis(label: &str, source: &Source, n: usize) -> Axis {
    let mut axis = Axis::linear(label, -0.5, n as f64 - 0.5);
    axis.names = (0..n).map(|k| (k as f64, class(source, k as u8))).collect();
    axis
}

/// The test images to which the chosen unit responds most.
pub(super) fn excites(settings: &Settings, training: &Training, verdicts: &Verdicts) -> Figure {
    let unit = (settings.unit as usize).min(verdicts.units.saturating_sub(1));
    let found = strongest(verdicts, unit, 9);
    let which: Vec<usize> = found.iter().map(|(i, _)| *i).collect();
    let (first, last) = (found.first().map_or(f32::NAN, |f| f.1), found.last().map_or(f32::NAN, |f| f.1));
    if settings.has_dead_units() && first <= 0.0 {
        return Chart::empty("excites", &format!("Unit {unit} responds to none of the test images.")).build();
    }
    // Saturated units tie.
    let what = if first == last { "some of the many that it responds to equally" } else { "its strongest responses" };
    let response = |i| found.iter().find(|(of, _)| *of == i).map_or(f64::NAN, |(_, response)| f64::from(*response));
    gallery("excites", training, &which, |i| format_number((1e3 * response(i)).round() / 1e3))
        .title(format!("unit {unit}: {what} among {} test images", training.loaded.test.n()))
        .alt(format!("The nine test images to which unit {unit} responds most."))
        .build()
}

/// How often each class is read as each other one.
pub(super) fn confusion(settings: &Settings, training: &Training, verdicts: &Verdicts) -> Figure {
    let n = training.classes;
    let mut counts = vec![0.0_f32; n * n];
    for (label, (named, _)) in training.loaded.test.labels().iter().zip(&verdicts.named) {
        if let Some(count) = counts.get_mut(usize::from(*label) * n + usize::from(*named)) {
            *count += 1.0;
        }
    }
    let right: f32 = (0..n).map(|k| counts[k * n + k]).sum();
    let wrong = counts.iter().sum::<f32>() - right;
    let mut most = 0.0_f32;
    for (k, count) in counts.iter_mut().enumerate() {
        if k / n == k % n {
            // Nearly all are right: the colours are for the others.
            *count = f32::NAN;
        } else {
            most = most.max(*count);
        }
    }
    let span = (-0.5, n as f64 - 0.5);
    let cells = Cells { columns: n as u32, values: Samples(counts), x: span, y: span };
    let set = &training.loaded.source;
    let scale = ColourScale::new("images", ColourMap::Sequential, (0.0, most.max(5.0))).hatched("read rightly");
    Chart::new("confusion", classes_axis("read as", set, n), classes_axis("true class", set, n))
        .heat(cells, scale)
        .handle_xy("read_as", "class", f64::from(settings.read_as), f64::from(settings.class))
        .square()
        .title(format!("{wrong} of {} wrong", training.loaded.test.n()))
        .alt("How many test images of each class are read as each other class.")
        .build()
}

/// The images of a cell of that matrix.
pub(super) fn cell(settings: &Settings, training: &Training, verdicts: &Verdicts) -> Figure {
    let (test, set) = (&training.loaded.test, &training.loaded.source);
    let found = read_as(test, verdicts, settings.class, settings.read_as);
    let (true_class, named) = (class(set, settings.class), class(set, settings.read_as));
    if found.is_empty() {
        return Chart::empty("cell", &format!("No test image of {true_class} is read as {named}.")).build();
    }
    let images = if found.len() == 1 { "1 image".to_owned() } else { format!("{} images", found.len()) };
    gallery("cell", training, &found, |i| format!("{i}: {}", short_percent(verdicts.named[i].1)))
        .title(format!("{images} of {true_class} read as {named}{}", beyond(&found)))
        .alt(format!("{images} of {true_class} that the net reads as {named}."))
        .build()
}

/// Images that are read wrongly.
pub(super) fn wrong(training: &Training, verdicts: &Verdicts) -> Figure {
    let (test, set) = (&training.loaded.test, &training.loaded.source);
    let found = training::wrong(test, verdicts);
    if found.is_empty() {
        return Chart::empty("wrong", "No test image is read wrongly.").build();
    }
    let label = |i: usize| test.labels().get(i).map_or_else(String::new, |label| class(set, *label));
    // Long names have no room for both.
    let is_short = (0..training.classes as u8).all(|k| class(set, k).len() <= 2);
    let read_as = |i: usize| class(set, verdicts.named[i].0);
    let caption = |i| if is_short { format!("{} → {}", label(i), read_as(i)) } else { read_as(i) };
    gallery("wrong", training, &found, caption)
        .title(format!("{} of {} are read wrongly{}", found.len(), test.n(), beyond(&found)))
        .alt("Test images that are read wrongly, those first that the net is surest of.")
        .build()
}

/// What is said of more images than are shown.
fn beyond(found: &[usize]) -> String {
    if found.len() > MOST_IMAGES { format!("; {MOST_IMAGES} are shown") } else { String::new() }
}

/// The first of some test images.
fn gallery(id: &str, training: &Training, which: &[usize], caption: impl Fn(usize) -> String) -> Chart {
    let test = &training.loaded.test;
    let shown = &which[..which.len().min(MOST_IMAGES)];
    let pixels = shown.iter().filter_map(|i| test.pixels(*i)).flatten().copied().collect();
    let size = (test.dims().rows as u32, test.dims().columns as u32);
    Chart::images(id).image_grid(size, Pixels::Bytes(pixels), grey(), shown.iter().map(|i| caption(*i)))
}
