//! Pictures of what is worth how much.

use figures::{Axis, Chart, Figure, Pixels, Role, Shape, round_up};

use super::found::{EXAMPLES, Found};
use super::settings::{MOST_LAYERS, Tasks};
use super::trainings::{AVERAGED, Start, TaskImages};
use crate::kit::grey;

/// Images of each task that are shown.
const SHOWN: usize = 16;

/// By which factor the points of each series stand aside.
const ASIDE: [f64; 4] = [0.955, 0.985, 1.015, 1.045];

/// What a series is called, and how it looks.
const SERIES: [(Start, &str, Role, Shape); 3] = [
    (Start::Frozen, "taken over, frozen", Role::Simulation, Shape::Disc),
    (Start::Tuned, "taken over, learning on", Role::Theory, Shape::Square),
    (Start::Random, "random, frozen", Role::Neutral, Shape::Cross),
];

/// Up to a round number above all errors with their deviations.
fn errors_axis(errors: impl IntoIterator<Item = (f64, f64)>) -> Axis {
    let most = errors.into_iter().fold(0.02_f64, |most, (mean, deviation)| most.max(mean + deviation));
    Axis::linear("test error", 0.0, round_up(most, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0]).min(1.0))
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// Test error against the layers that are taken over.
pub(super) fn layers(found: &Found<'_>) -> Chart {
    let settings = found.settings;
    let n = settings.examples;
    let nothing = found.error(Start::Tuned, 0, n);
    let points = |start: Start| {
        // All starts are one where no layers are taken over.
        (0..=MOST_LAYERS).filter_map(move |k| {
            let (mean, deviation) = found.error(start, k, n)?;
            Some((k as f64, mean, deviation))
        })
    };
    let all = SERIES.into_iter().flat_map(|(start, ..)| points(start)).map(|(_, mean, deviation)| (mean, deviation));
    let errors = errors_axis(all);
    let k = settings.layers;
    let said = |error: Result<f64, &str>| error.map_or_else(str::to_owned, percent);
    let [with, without] = [(Start::Frozen, k), (Start::Tuned, 0)].map(|(start, k)| said(found.of_all_nets(start, k)));
    let title = match k {
        0 => format!("from nothing: {without}"),
        1 => format!("with the first layer: {with}; from nothing: {without}"),
        k => format!("with the first {k} layers: {with}; from nothing: {without}"),
    };
    let mut axis = Axis::linear("layers k that are taken over", -0.3, MOST_LAYERS as f64 + 0.3);
    axis.names = (0..=MOST_LAYERS).map(|k| (k as f64, k.to_string())).collect();
    let line = |start| points(start).map(|(k, mean, _)| (k, mean));
    Chart::new("by_layers", axis, errors)
        .with(nothing, |chart, (mean, _)| chart.rule_at_y("from nothing", Role::Critical, mean))
        .with_each(SERIES, |chart, (start, name, role, shape)| {
            chart.thin("", role, line(start)).points_with_bars(name, role, points(start)).shape(shape)
        })
        .handle_x("layers", settings.layers as f64, 0.0)
        .title(title)
        .alt(
            "The test error of the second task against the number of layers that are taken over from the first, with standard \
             deviations over nets.",
        )
}

/// Test error against the images of the second task.
pub(super) fn examples(found: &Found<'_>) -> Chart {
    let k = found.settings.layers;
    // Series stand side by side, so that none hides another.
    let points = |start: Start, layers: usize, aside: f64| {
        EXAMPLES.into_iter().filter_map(move |n| {
            let (mean, deviation) = found.error(start, layers, n)?;
            Some((n as f64 * aside, mean, deviation))
        })
    };
    let nothing = (Start::Tuned, 0, "from nothing", Role::Critical, Shape::Diamond);
    let taken = SERIES.into_iter().filter(|_| k > 0).map(|(start, name, role, shape)| (start, k, name, role, shape));
    let series: Vec<_> = std::iter::once(nothing).chain(taken).zip(ASIDE).collect();
    let all = series.iter().flat_map(|((start, k, ..), aside)| points(*start, *k, *aside));
    let errors = errors_axis(all.map(|(_, mean, deviation)| (mean, deviation)));
    Chart::new("by_images", Axis::log("labelled images of the new task", 20.0, 1250.0), errors)
        .with_each(series, |chart, ((start, k, name, role, shape), aside)| {
            let line = points(start, k, aside).map(|(n, mean, _)| (n, mean));
            chart.thin("", role, line).points_with_bars(name, role, points(start, k, aside)).shape(shape)
        })
        .title(match k {
            0 => "no layers are taken over".to_owned(),
            1 => "the first layer is taken over".to_owned(),
            k => format!("the first {k} layers are taken over"),
        })
        .alt("The test error of the second task against its number of images, with layers that are taken over and from nothing.")
}

/// Errors of batches in training.
pub(super) fn course(found: &Found<'_>) -> Chart {
    let k = found.settings.layers;
    let line = |start: Start, layers: usize| {
        let middle = |i: usize| (i as f64 + 0.5) * AVERAGED as f64;
        found.course(start, layers).into_iter().enumerate().map(move |(i, error)| (middle(i), error))
    };
    Chart::new(
        "course",
        Axis::linear("training step of the second task", 0.0, found.settings.steps as f64),
        Axis::linear("share of its images named wrongly", 0.0, 1.0),
    )
    .line("from nothing", Role::Critical, line(Start::Tuned, 0))
    .with((k > 0).then_some(k), |chart, k| {
        chart
            .line("taken over, frozen", Role::Simulation, line(Start::Frozen, k))
            .dashed("taken over, learning on", Role::Theory, line(Start::Tuned, k))
            .thin("random, frozen", Role::Neutral, line(Start::Random, k))
    })
    .title(format!("means of {AVERAGED} steps and of the nets"))
    .alt("The share of the images of batches that is named wrongly against the training step, for each start.")
}

/// Images of both tasks.
pub(super) fn images(images: &[TaskImages; 2], tasks: Tasks) -> Figure {
    let of = |task: &TaskImages| {
        let pixels = (0..SHOWN).filter_map(|i| task.train.pixels(i)).flatten().copied().collect();
        let dims = task.train.dims();
        (Pixels::Bytes(pixels), (dims.rows as u32, dims.columns as u32))
    };
    let none: [&str; 0] = [];
    let [(first, size), (then, _)] = [of(&images[0]), of(&images[1])];
    Chart::images("images")
        .image_grid(size, first, grey(), none)
        .image_grid(size, then, grey(), none)
        .title(if tasks.source == tasks.target {
            format!("{}: classes 0 to 4, then 5 to 9", tasks.source.label())
        } else {
            format!("{}, then {}", tasks.label(true), tasks.label(false))
        })
        .alt(format!("Images of {} and of {}.", tasks.label(true), tasks.label(false)))
        .build()
}
