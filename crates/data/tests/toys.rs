//! Toy sets and dead-leaves images.

use data::dead_leaves::{LeavesError, MAX_SIDE, dead_leaves};
use data::toys::{MAX_POINTS, Points, Toy, ToyError, points};
use random::Stream;

fn stream() -> Stream {
    Stream::new(1, "toys")
}

#[test]
fn classes_take_turns_and_points_stay() {
    for toy in Toy::ALL {
        let few = points(toy, 100, 0.05, stream()).expect("points");
        let more = points(toy, 150, 0.05, stream()).expect("points");
        assert_eq!((few.xy.len(), few.labels.len()), (200, 100));
        assert_eq!(few.xy, more.xy[..200], "{}", toy.name());
        assert!(few.labels.iter().enumerate().all(|(i, &label)| usize::from(label) == i % 2));
        assert_ne!(few, points(toy, 100, 0.05, Stream::new(2, "toys")).expect("points"));
    }
}

/// Without noise every point lies on its shape; f32 rounds coordinates below 1 by 6e-8, distances by a few of that.
#[test]
fn points_without_noise_lie_on_their_shape() {
    let tolerance = 1e-6;
    for toy in Toy::ALL {
        let set = points(toy, 1000, 0.0, stream()).expect("points");
        for (xy, label) in set.xy.chunks_exact(2).zip(set.labels) {
            let (x, y) = (f64::from(xy[0]), f64::from(xy[1]));
            assert!(x.abs() <= 1.0 && y.abs() <= 1.0, "{}: {x} {y}", toy.name());
            let off = match toy {
                Toy::Circles => x.hypot(y) - if label == 0 { 0.4 } else { 0.8 },
                Toy::Spirals => {
                    // The angle that the radius asks for, against the point's: equal up to whole turns.
                    let t = (x.hypot(y) - 0.08) / 0.87;
                    let turns = 1.75 * t + f64::from(label) / 2.0 - y.atan2(x) / std::f64::consts::TAU;
                    (turns - turns.round()) * x.hypot(y)
                }
                Toy::Moons => {
                    let (x, y) = (x / 0.6 + 0.5, y / 0.6 + 0.25);
                    if label == 0 { x.hypot(y) - 1.0 } else { (x - 1.0).hypot(y - 0.5) - 1.0 }
                }
                Toy::Checkerboard => {
                    let fields = ((x + 1.0) * 2.0).floor() + ((y + 1.0) * 2.0).floor();
                    fields.rem_euclid(2.0) - f64::from(label)
                }
            };
            assert!(off.abs() < tolerance, "{}: ({x}, {y}) of class {label} is off by {off}", toy.name());
        }
    }
}

/// Noise of standard deviation s moves points by s: on a checkerboard's fields nothing else differs. Sample variance of 2n
/// normals has relative standard error √(2/2n).
#[test]
fn noise_has_its_standard_deviation() {
    let n = 10_000;
    let (still, moved) = (points(Toy::Circles, n, 0.0, stream()), points(Toy::Circles, n, 0.25, stream()));
    let (still, moved) = (still.expect("points"), moved.expect("points"));
    let moves = still.xy.iter().zip(&moved.xy).map(|(a, b)| f64::from(b - a).powi(2));
    let variance = moves.sum::<f64>() / (2 * n) as f64;
    assert!((variance / 0.0625 - 1.0).abs() < 5.0 / (n as f64).sqrt(), "{variance}");
}

#[test]
fn bad_requests_are_typed_errors() {
    for noise in [-0.1, 1.1, f64::INFINITY] {
        assert_eq!(points(Toy::Moons, 1, noise, stream()), Err(ToyError::Noise { got: noise }));
    }
    assert!(points(Toy::Moons, 1, f64::NAN, stream()).is_err());
    let too_many = ToyError::TooMany { got: usize::MAX, limit: MAX_POINTS };
    assert_eq!(points(Toy::Moons, usize::MAX, 0.0, stream()), Err(too_many));
    assert_eq!(dead_leaves(0, 1.0, 2.0, stream()), Err(LeavesError::Side { got: 0, limit: MAX_SIDE }));
    for (r_min, r_max) in [(0.1, 2.0), (3.0, 2.0), (1.0, f64::INFINITY), (1.0, 1e9)] {
        assert_eq!(dead_leaves(8, r_min, r_max, stream()), Err(LeavesError::Radii { r_min, r_max }));
    }
    assert!(dead_leaves(8, f64::NAN, 2.0, stream()).is_err());
}

/// Leaves as large as they come cover the image with few greys; each is uniform on 0..255.
#[test]
fn leaves_cover_everything_with_uniform_greys() {
    let n = 300;
    let mut sum = 0.0;
    for seed in 0..n {
        let image = dead_leaves(16, 200.0, 200.0, Stream::new(seed, "leaves")).expect("an image");
        assert_eq!(image.len(), 256);
        sum += f64::from(image[0]);
    }
    // Mean 127.5, variance (256² − 1)/12.
    let standard_error = ((65_535.0 / 12.0) / n as f64).sqrt();
    assert!((sum / n as f64 - 127.5).abs() < 5.0 * standard_error, "{}", sum / n as f64);
}

/// Scale invariance: the mean squared difference of block means, of pixels 2 apart in an image shrunk by 2 as of neighbours in
/// the image itself, changes little, where an image of equal disks loses or gains much.
#[test]
fn dead_leaves_look_the_same_at_other_scales() {
    let contrast = |image: &[f64], side: usize| {
        let rows = image.chunks_exact(side);
        let sum: f64 = rows.flat_map(|row| row.windows(2)).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
        sum / (side * (side - 1)) as f64
    };
    let halved = |image: &[f64], side: usize| -> Vec<f64> {
        let at = |row: usize, col: usize| image[row * side + col];
        let half = side / 2;
        (0..half * half)
            .map(|i| (2 * (i / half), 2 * (i % half)))
            .map(|(row, col)| (at(row, col) + at(row, col + 1) + at(row + 1, col) + at(row + 1, col + 1)) / 4.0)
            .collect()
    };
    let ratios = |r_min: f64, r_max: f64| {
        let side = 256;
        let mut contrasts = [0.0; 4];
        for seed in 0..8 {
            let image = dead_leaves(side, r_min, r_max, Stream::new(seed, "scales")).expect("an image");
            let mut image: Vec<f64> = image.into_iter().map(f64::from).collect();
            for (level, total) in contrasts.iter_mut().enumerate() {
                *total += contrast(&image, side >> level);
                image = halved(&image, side >> level);
            }
        }
        [contrasts[2] / contrasts[1], contrasts[3] / contrasts[2]]
    };
    // Measured 0.95 and 0.90 for the power law (1 in the limit of no smallest and no largest radius), 0.68 and 0.37 for small
    // disks, 1.7 for large ones.
    let (leaves, small, large) = (ratios(1.0, 256.0), ratios(2.0, 2.0), ratios(40.0, 40.0));
    assert!(leaves.iter().all(|ratio| (0.8..1.2).contains(ratio)), "{leaves:?}");
    assert!(small.iter().all(|&ratio| ratio < 0.8), "{small:?}");
    assert!(large.iter().all(|&ratio| ratio > 1.2), "{large:?}");
}

#[test]
fn points_of_both_classes_come_back() {
    let classes = [vec![[0.5, -1.0], [2.0, 0.25]], vec![[-3.0, 4.0]]];
    let points = Points::of_classes(&classes);
    assert_eq!(
        (points.xy.as_slice(), points.labels.as_slice()),
        (&[0.5, -1.0, 2.0, 0.25, -3.0, 4.0][..], &[0, 0, 1][..])
    );
    assert!(points.of_class(0).eq([(0.5, -1.0), (2.0, 0.25)]) && points.of_class(1).eq([(-3.0, 4.0)]));
    assert_eq!(points.of_class(2).count(), 0);
}
