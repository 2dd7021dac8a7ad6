//! What units between the input and the classes want.

use std::sync::Arc;

use figures::{Chart, Figure, Pixels};
use nets::engine::{Attribution, Net, Node, NodeId, Op};
use random::Stream;

use super::looking::{Ascents, STEPS};
use super::pictures::overflows;
use super::settings::Settings;
use super::training::{AT_ONCE, Training, stages, strongest_response};
use crate::job::{Checkpoint as _, JobError};
use crate::kit::{Scene, grey};

/// Units that are asked at most.
const MOST_UNITS: usize = 10;

/// The values after the activation of each layer but that of the classes.
fn hidden_layers(training: &Training) -> Vec<NodeId> {
    let is_activation = |id: &NodeId| training.net().node(*id).is_some_and(|node| matches!(node.op, Op::Activate(_)));
    stages(training.net()).into_iter().filter(is_activation).collect()
}

/// Climbs from noise to an image for each of the first units of a layer, and finds the test image that excites each most. A unit that
/// has places is asked in the middle one. The way up is that of what goes into the activation: a ReLU that is off has no slope.
pub(super) async fn wanted(
    settings: &Settings,
    layer: usize,
    training: &mut Training,
    scene: &mut Scene<'_>,
) -> Result<Figure, JobError> {
    let layers = hidden_layers(training);
    let place = layer.min(layers.len().saturating_sub(1));
    let fewer = match layers.len() {
        1 => "This net has one hidden layer, which is asked.".to_owned(),
        n => format!("This net has {n} hidden layers: the last one is asked."),
    };
    scene.say_of("layer", Some(fewer).filter(|_| layer >= layers.len()));
    let Some(id) = layers.get(place).copied() else {
        return Ok(Chart::empty("wanted", "This net has no hidden units.").build());
    };
    let before = training.net().node(id).and_then(|node| node.inputs.first().copied()).unwrap_or(id);
    let [net, whole] = [training.net().up_to(before)?, training.net().up_to(id)?];
    let dims = whole.output();
    let n = MOST_UNITS.min(dims.channels);
    let middle = dims.rows / 2 * dims.columns + dims.columns / 2;
    let outputs: Vec<usize> = (0..n).map(|unit| unit * dims.positions() + middle).collect();
    let test = Arc::clone(&training.loaded.test);
    let ascents = Ascents { settings, standard: test.standard() };
    let state = training.state();
    let [parameters, statistics] = [state.parameters(), state.statistics()];
    let part = |net: &Net| Attribution::new(net, &parameters[..net.n_parameters()], &statistics[..net.n_statistics()]);
    let stream = Stream::new(settings.seed, "wanted by units").child(place as u64);
    let wanted = ascents.climbed(&mut part(&net)?, test.dims(), &outputs, stream, scene).await?;
    let images: Vec<&[f32]> = wanted.iter().map(Vec::as_slice).collect();
    let given = part(&whole)?.outputs(&images)?;
    let reached: Vec<f32> = given.iter().zip(&outputs).map(|(given, output)| given[*output]).collect();
    if !reached.iter().all(|y| y.is_finite()) {
        return Ok(overflows("wanted"));
    }
    let made: Vec<u8> = images.iter().flat_map(|image| ascents.bytes(image)).collect();
    let exciting = most_exciting(training, id, n, scene).await?;
    let size = (test.dims().rows as u32, test.dims().columns as u32);
    // What no image switches on is excited by none most.
    let is_off = |y: f32| settings.has_dead_units() && y <= 0.0;
    let shown = exciting.iter().flat_map(|(i, y)| match test.pixels(*i) {
        Some(pixels) if !is_off(*y) => pixels.to_vec(),
        _ => vec![0; test.dims().features()],
    });
    let shown = shown.collect();
    let number = |y: &f32| if is_off(*y) { "off".to_owned() } else { format!("{y:.2}").replace('-', "−") };
    let kind = kind_of(training.net().node(id));
    Ok(Chart::images("wanted")
        .image_grid(size, Pixels::Bytes(made), grey(), reached.iter().map(number))
        .image_grid(size, Pixels::Bytes(shown), grey(), exciting.iter().map(|(_, y)| number(y)))
        .title(format!("{n} of the {} {kind} of layer {}; the most exciting test images", dims.channels, place + 1))
        .alt(format!(
            "An image for each of {n} units of layer {} that excites it in {STEPS} steps from noise, and the test image that excites it most, \
             with what the unit gives for each.",
            place + 1
        ))
        .build())
}

fn kind_of(node: Option<&Node>) -> &'static str {
    if node.is_some_and(|node| node.dims.positions() > 1) { "maps" } else { "units" }
}

/// For each of the first units of a layer the test image to which it responds most, anywhere, with its response.
async fn most_exciting(
    training: &mut Training,
    id: NodeId,
    units: usize,
    scene: &mut Scene<'_>,
) -> Result<Vec<(usize, f32)>, JobError> {
    let test = Arc::clone(&training.loaded.test);
    let mut most = vec![(0, f32::NEG_INFINITY); units];
    for start in (0..test.n()).step_by(AT_ONCE) {
        scene.checkpoint().await?;
        let which: Vec<u32> = (start as u32..test.n().min(start + AT_ONCE) as u32).collect();
        let pass = training.session.trainer_mut().look_at(&test, &which)?;
        for (unit, best) in most.iter_mut().enumerate() {
            for (example, image) in (start..).take(which.len()).enumerate() {
                let response = strongest_response(pass, id, example, unit);
                if response > best.1 {
                    *best = (image, response);
                }
            }
        }
    }
    Ok(most)
}
