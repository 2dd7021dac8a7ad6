//! Why the net says what it says of an image, and what images its classes want.

use ::training::{Images, Standard};
use figures::{Chart, ColourMap, ColourScale, Figure, Pixels, Samples, format_number};
use nets::engine::{Ascent, Attribution, Dims, Wanted};
use random::Stream;

use super::pictures::{Seen, class, overflows, short_percent};
use super::settings::Settings;
use super::training::{Training, probabilities};
use crate::job::{Checkpoint as _, JobError};
use crate::kit::{Scene, grey};

/// Points of the integral.
const POINTS: usize = 64;
/// A share of the rise that the parts may miss: where they miss more, the net changes too fast for the sum.
const UNRESOLVED: f64 = 0.05;
/// Pixels of the sides of the square that covers a part of an image, and from one to the next.
const PATCH: usize = 6;
const STRIDE: usize = 2;
/// Steps from noise to what a class wants, the changes of one, in deviations of the data's pixels, and its shifts, in pixels.
pub(super) const STEPS: u64 = 100;
const RATE: f64 = 0.15;
const JITTER: usize = 1;

/// The picture of why the net gives a class to the image or the drawing that it sees.
pub(super) fn why(settings: &Settings, seen: &Seen, training: &Training) -> Result<Figure, JobError> {
    let Some((told, _)) = seen.named() else {
        return Ok(overflows("why"));
    };
    let asked = settings.asked.unwrap_or(told).min(training.classes.saturating_sub(1) as u8);
    let output = usize::from(asked);
    let standard = training.loaded.test.standard();
    let image: Vec<f32> = seen.image.iter().map(|p| standard.number_from_pixel(f64::from(*p))).collect();
    let black = vec![standard.number_from_pixel(0.0); image.len()];
    let state = training.state();
    let mut net = Attribution::new(training.net(), state.parameters(), state.statistics())?;
    let outputs = net.outputs(&[&image, &black])?;
    let saliency: Vec<f32> = net.gradients(&[&image], &[output])?[0].iter().map(|g| g.abs()).collect();
    let integrated = net.integrated_gradients(&image, &black, output, POINTS)?;
    let whole = seen.probabilities.get(output).copied().unwrap_or(f32::NAN);
    let [rows, columns] = [seen.size.0, seen.size.1].map(|side| side as usize);
    let fallen: Vec<f32> = net
        .occluded(&image, &black, [rows, columns], PATCH, STRIDE)?
        .iter()
        .map(|outputs| whole - probability_of(output, outputs))
        .collect();
    let lost = spread(&fallen, (rows, columns));

    let sum: f64 = integrated.iter().map(|part| f64::from(*part)).sum();
    let rise = f64::from(outputs[0][output]) - f64::from(outputs[1][output]);
    let most_lost = fallen.iter().fold(0.0_f32, |most, x| most.max(*x));
    let is_of_black = integrated.iter().all(|part| *part == 0.0);
    let maps: Vec<f32> = [saliency, integrated, lost].iter().flat_map(|map| relative(map)).collect();
    let of = class(&seen.source, asked);
    let title = if (sum - rise).abs() > UNRESOLVED * rise.abs().max(1.0) {
        format!("for {of}: the parts are not resolved by {POINTS} points")
    } else if is_of_black {
        format!("for {of}: the output is that of a black image")
    } else {
        format!("for {of}: parts sum to {}, rise {}", format_number(sum), format_number(rise))
    };
    let what = seen.of_test.map_or_else(|| "your drawing".to_owned(), |(index, _)| format!("test image {index}"));
    Ok(Chart::images("why")
        .image_grid(
            seen.size,
            Pixels::Bytes(seen.image.clone()),
            grey(),
            [format!("{} {of}", short_percent(whole))],
        )
        .image_grid(
            seen.size,
            Pixels::Numbers(Samples(maps)),
            ColourScale::new("share of the largest", ColourMap::Diverging, (-1.0, 1.0)),
            ["saliency".to_owned(), "integrated".to_owned(), format!("occlusion, {}", short_percent(most_lost))],
        )
        .title(title)
        .alt(format!(
            "Which pixels of {what} speak for the class {of}: saliency, integrated gradients, and occlusion, by which its \
             probability falls by {} at most.",
            short_percent(most_lost)
        ))
        .build())
}

/// What the softmax of some outputs gives to one of them.
fn probability_of(output: usize, outputs: &[f32]) -> f32 {
    probabilities(outputs).get(output).copied().unwrap_or(f32::NAN)
}

/// How images are made from noise, in the numbers of the data.
pub(super) struct Ascents<'a> {
    pub(super) settings: &'a Settings,
    pub(super) standard: Standard,
}

impl Ascents<'_> {
    /// An image of this form for each output of a net, on from noise.
    pub(super) async fn climbed(
        &self,
        net: &mut Attribution<'_, f32>,
        dims: Dims,
        outputs: &[usize],
        stream: Stream,
        scene: &mut Scene<'_>,
    ) -> Result<Vec<Vec<f32>>, JobError> {
        let [low, high] = [0.0, 255.0].map(|p| f64::from(self.standard.number_from_pixel(p)));
        let ascent = Ascent { rate: RATE, jitter: JITTER, smoothness: self.settings.smoothing, range: (low, high) };
        let mut wanted = Wanted::new([dims.rows, dims.columns], outputs, ascent, stream);
        while wanted.step() < STEPS {
            scene.checkpoint().await?;
            wanted.climb(net)?;
        }
        Ok(wanted.images().to_vec())
    }

    /// As pixels.
    pub(super) fn bytes(&self, image: &[f32]) -> Vec<u8> {
        let Standard { mean, deviation } = self.standard;
        let pixel = |x: &f32| (255.0 * (f64::from(*x) * deviation + mean)).round().clamp(0.0, 255.0) as u8;
        image.iter().map(pixel).collect()
    }
}

/// What classes want, and what it is like.
pub(super) struct WhatClassesWant {
    pub(super) figure: Figure,
    /// The mean over classes of 1 − the correlation with the closest training image of the class.
    pub(super) memory_distance: Option<f64>,
}

/// Climbs from noise to an image for each class, and finds the closest training image of each.
pub(super) async fn wanted(
    settings: &Settings,
    training: &Training,
    scene: &mut Scene<'_>,
) -> Result<WhatClassesWant, JobError> {
    let train = &training.loaded.train;
    let ascents = Ascents { settings, standard: train.standard() };
    // A net learns nothing of a class without images.
    let outputs: Vec<usize> = (0..training.classes)
        .filter(|class| train.labels().iter().any(|label| usize::from(*label) == *class))
        .collect();
    let state = training.state();
    let mut net = Attribution::new(training.net(), state.parameters(), state.statistics())?;
    let stream = Stream::new(settings.seed, "wanted");
    let wanted = ascents.climbed(&mut net, train.dims(), &outputs, stream, scene).await?;
    let images: Vec<&[f32]> = wanted.iter().map(Vec::as_slice).collect();
    let given = net.outputs(&images)?;
    if !given.iter().flatten().all(|y| y.is_finite()) {
        return Ok(WhatClassesWant { figure: overflows("wanted"), memory_distance: None });
    }
    let bytes: Vec<Vec<u8>> = images.iter().map(|image| ascents.bytes(image)).collect();
    let mut closest = Vec::new();
    for (class, image) in outputs.iter().zip(&bytes) {
        scene.checkpoint().await?;
        closest.push(closest_of(*class as u8, image, train));
    }
    let source = &training.loaded.source;
    // Where there is no room for both, the number stays.
    let certainty = |(class_at, given): (&usize, &Vec<f32>)| {
        let share = probability_of(*class_at, given);
        format!("{} {}", short_percent(share), class(source, *class_at as u8))
    };
    let captions: Vec<String> = outputs.iter().zip(&given).map(certainty).collect();
    let nearest = closest.iter().flat_map(|found| match found {
        Some((i, _)) => train.pixels(*i).unwrap_or_default().to_vec(),
        None => vec![0; train.dims().features()],
    });
    let alike = closest
        .iter()
        .map(|found| found.map_or_else(|| "no r".to_owned(), |(_, r)| format!("{r:.2}").replace('-', "−")));
    let size = (train.dims().rows as u32, train.dims().columns as u32);
    let figure = Chart::images("wanted")
        .image_grid(size, Pixels::Bytes(bytes.concat()), grey(), captions)
        .image_grid(size, Pixels::Bytes(nearest.collect()), grey(), alike)
        .title(format!("{STEPS} steps from noise; the closest in training"))
        .alt("An image for each class that raises its output, and the training image of the class that is closest to it.")
        .build();
    let distances: Vec<f64> = closest.iter().flatten().map(|(_, r)| 1.0 - r).collect();
    let mean = distances.iter().sum::<f64>() / distances.len() as f64;
    Ok(WhatClassesWant { figure, memory_distance: Some(mean).filter(|mean| mean.is_finite()) })
}

/// The training image of a class that correlates most with an image, and how much; none where all are of one shade.
fn closest_of(class: u8, image: &[u8], train: &Images) -> Option<(usize, f64)> {
    let own = train.labels().iter().enumerate().filter(|(_, label)| **label == class).map(|(i, _)| i);
    let all = own.filter_map(|i| Some((i, correlation(image, train.pixels(i)?)?)));
    all.max_by(|a, b| a.1.total_cmp(&b.1))
}

/// Pearson's; none where one of them is of one shade.
fn correlation(a: &[u8], b: &[u8]) -> Option<f64> {
    let n = a.len().min(b.len()) as i64;
    let (mut sums, mut products) = ([0_i64; 2], [0_i64; 3]);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (i64::from(*a), i64::from(*b));
        sums[0] += a;
        sums[1] += b;
        products[0] += a * a;
        products[1] += a * b;
        products[2] += b * b;
    }
    let [aa, ab, bb] = [(0, 0, 0), (0, 1, 1), (1, 1, 2)].map(|(i, j, k)| (n * products[k] - sums[i] * sums[j]) as f64);
    let r = ab / (aa * bb).sqrt();
    Some(r).filter(|r| r.is_finite())
}

/// A map in units of its largest size; one of zeros stays.
fn relative(map: &[f32]) -> Vec<f32> {
    let most = map.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    map.iter().map(|x| if most > 0.0 { x / most } else { 0.0 }).collect()
}

/// What was measured at every other pixel, on all of them.
fn spread(measured: &[f32], (rows, columns): (usize, usize)) -> Vec<f32> {
    let across = (STRIDE / 2..columns).step_by(STRIDE).len();
    let down = (STRIDE / 2..rows).step_by(STRIDE).len();
    let at = |i: usize| {
        let (row, column) = ((i / columns / STRIDE).min(down - 1), (i % columns / STRIDE).min(across - 1));
        measured[row * across + column]
    };
    (0..rows * columns).map(at).collect()
}

#[cfg(test)]
mod tests {
    use data::Pack;

    use super::*;

    #[test]
    fn correlation_is_pearsons() {
        assert_eq!(correlation(&[0, 10, 20], &[5, 6, 7]), Some(1.0));
        assert_eq!(correlation(&[0, 10, 20], &[7, 6, 5]), Some(-1.0));
        assert_eq!(correlation(&[0, 10, 20], &[5, 5, 5]), None);
        let r = correlation(&[1, 2, 3, 4], &[2, 1, 4, 3]).expect("a number");
        assert!((r - 0.6).abs() < 1e-15, "{r}");
    }

    #[test]
    fn the_closest_image_is_one_of_the_class() {
        let pack = Pack::new("test", 1, 3, vec![0, 1, 1], vec![1, 2, 3, 3, 2, 1, 0, 9, 9]).expect("a pack");
        let images = Images::new(&pack);
        assert_eq!(closest_of(1, &[1, 2, 3], &images).map(|(i, _)| i), Some(2));
        assert_eq!(closest_of(0, &[1, 2, 3], &images), Some((0, 1.0)));
        assert_eq!(closest_of(7, &[1, 2, 3], &images), None);
    }

    #[test]
    fn what_is_measured_at_squares_fills_the_image() {
        assert_eq!(spread(&[1.0, 2.0, 3.0, 4.0], (4, 4))[..8], [1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 2.0, 2.0]);
        assert_eq!(spread(&[1.0, 2.0], (2, 5)).len(), 10);
        assert_eq!(relative(&[-2.0, 1.0]), [-1.0, 0.5]);
        assert_eq!(relative(&[0.0]), [0.0]);
    }
}
