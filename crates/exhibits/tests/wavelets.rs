//! Why first filters are wavelets: what is learnt from leaves is, what is learnt from noise is not, and what was learnt goes out again.

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use data::Pack;
use data::dead_leaves::dead_leaves;
use exhibit::Values;
use exhibits::job::{Job as _, JobError};
use exhibits::kit::JobOf;
use exhibits::wavelets::{EXHIBIT, Wavelets};
use figures::{Figure, Layer, Pixels, Role, Samples};
use protocol::Readout;
use random::Stream;
use support::{Recorder, block_on, number};

fn values_of(settings: &[(&str, &str)]) -> Values {
    settings.iter().fold(Values::defaults(const { &EXHIBIT }), |mut values, (key, text)| {
        values.set_text(key, text).expect("a value of the control");
        values
    })
}

fn run(job: &mut JobOf<Wavelets>, recorder: &mut Recorder, settings: &[(&str, &str)]) {
    block_on(job.run(&values_of(settings), recorder)).expect("a run");
}

fn fresh(settings: &[(&str, &str)]) -> Recorder {
    let mut recorder = Recorder::default();
    run(&mut JobOf::default(), &mut recorder, settings);
    recorder
}

fn points<'a>(figure: &'a Figure, wanted: Role) -> Vec<(f32, f32)> {
    let of = |layer: &'a Layer| match layer {
        Layer::Points { role, x, y, .. } if *role == wanted => Some(x.0.iter().copied().zip(y.0.iter().copied())),
        _ => None,
    };
    figure.layers.iter().filter_map(of).flatten().collect()
}

#[test]
fn leaves_teach_wavelets_and_noise_teaches_none() {
    let leaves = fresh(&[]);
    let noise = fresh(&[("images", "noise")]);
    let of =
        |recorder: &Recorder| ["gabor_r2", "gabor_r2_random", "gabor_r2_shuffled"].map(|key| number(recorder, key));
    let [learnt, random, shuffled] = of(&leaves);
    assert!(learnt > 0.85 && random < 0.15 && shuffled < 0.35, "{learnt} {random} {shuffled}");
    assert!(of(&noise).iter().all(|share| *share < 0.15), "{:?}", of(&noise));
    assert!(number(&leaves, "kurtosis") > 5.0 && number(&noise, "kurtosis").abs() < 0.1);
    assert!(number(&leaves, "explained_share") > 3.0 * number(&noise, "explained_share"));
    // Waves of all directions, each there twice: some in each eighth of the plane.
    let places = points(&leaves.figures["plane"], Role::Simulation);
    assert_eq!(places.len(), 2 * 64);
    let eighth =
        |(x, y): &(f32, f32)| (f64::from(*y).atan2(f64::from(*x)) / std::f64::consts::FRAC_PI_4).floor() as i32;
    for wanted in -4..4 {
        let n = places.iter().filter(|place| eighth(place) == wanted).count();
        assert!(n > 4, "{n} in eighth {wanted}");
    }
}

#[test]
fn back_and_on_again_is_the_same_and_another_step_is_not_shown_as_this_one() {
    let (mut job, mut recorder) = (JobOf::<Wavelets>::default(), Recorder::default());
    let at = |recorder: &Recorder| {
        ["gabor_r2", "gabor_r2_shuffled", "explained_share", "kurtosis", "active"]
            .map(|key| number(recorder, key).to_bits())
    };
    run(&mut job, &mut recorder, &[("steps", "60")]);
    let (first, shown) = (at(&recorder), recorder.figures["filters"].clone());
    run(&mut job, &mut recorder, &[("steps", "33")]);
    assert_eq!(number(&recorder, "step"), 33.0);
    assert_ne!(at(&recorder), first);
    let mut straight = Recorder::default();
    run(&mut JobOf::default(), &mut straight, &[("steps", "33")]);
    assert_eq!(at(&recorder), at(&straight));
    run(&mut job, &mut recorder, &[("steps", "60")]);
    assert_eq!((at(&recorder), &recorder.figures["filters"]), (first, &shown));
    // Left in the middle: nothing stands there that is of another step.
    recorder.cancel_after = Some(recorder.frames + 1);
    let left = block_on(job.run(&values_of(&[("steps", "90")]), &mut recorder));
    assert!(matches!(left, Err(JobError::Cancelled)), "{left:?}");
    for key in ["gabor_r2", "gabor_r2_random", "gabor_r2_shuffled", "explained_share", "kurtosis"] {
        assert!(matches!(recorder.readouts[key], Readout::Undefined(_)), "{key}: {:?}", recorder.readouts[key]);
    }
    assert!(recorder.figures["gabor"].title.starts_with("before this change"), "{}", recorder.figures["gabor"].title);
}

/// What it needs is there in leaves, and in noise there is nothing to tell.
#[test]
fn a_net_that_tells_leaves_from_noise_has_filters_more_like_wavelets() {
    let conv = |images, steps| fresh(&[("learner", "conv"), ("images", images), ("steps", steps)]);
    let leaves = conv("leaves", "800");
    assert!(number(&leaves, "told_apart") > 0.9, "{}", number(&leaves, "told_apart"));
    let of =
        |recorder: &Recorder| ["gabor_r2", "gabor_r2_random", "gabor_r2_shuffled"].map(|key| number(recorder, key));
    let [learnt, random, shuffled] = of(&leaves);
    assert!(learnt > 1.5 * shuffled && learnt > 2.0 * random && random < 0.15, "{learnt} {random} {shuffled}");
    assert!(!leaves.figures.contains_key("code"));
    for key in ["explained_share", "active"] {
        assert!(matches!(leaves.readouts[key], Readout::Undefined(_)), "{key}");
    }
    // A fair coin over a thousand has a deviation of 0.016.
    let noise = conv("noise", "100");
    assert!((number(&noise, "told_apart") - 0.5).abs() < 0.08, "{}", number(&noise, "told_apart"));
    assert!(of(&noise).iter().all(|share| *share < 0.15), "{:?}", of(&noise));
    // Back and on again.
    let (mut job, mut recorder) = (JobOf::<Wavelets>::default(), Recorder::default());
    let run_to = |job: &mut JobOf<Wavelets>, recorder: &mut Recorder, steps| {
        run(job, recorder, &[("learner", "conv"), ("steps", steps), ("units", "16"), ("side", "8")]);
        ["told_apart", "gabor_r2", "kurtosis"].map(|key| number(recorder, key).to_bits())
    };
    let first = run_to(&mut job, &mut recorder, "45");
    let back = run_to(&mut job, &mut recorder, "13");
    assert_ne!(back, first);
    assert_eq!(back, run_to(&mut JobOf::default(), &mut Recorder::default(), "13"));
    assert_eq!(run_to(&mut job, &mut recorder, "45"), first);
    let files = recorder.nets.as_ref().expect("filters").files();
    let readme = String::from_utf8(files[0].1.clone()).expect("a text");
    for tensor in ["| `filters` | (16, 64) |", "| `noise` | (500, 144) |", "| `class_weights` | (2, 16) |"] {
        assert!(readme.contains(tensor), "{readme}");
    }
}

#[test]
fn a_patch_is_the_sum_of_its_parts() {
    let recorder = fresh(&[("steps", "100"), ("patch", "3")]);
    let grids: Vec<&Vec<f32>> = recorder.figures["code"]
        .layers
        .iter()
        .filter_map(|layer| match layer {
            Layer::ImageGrid { pixels: Pixels::Numbers(Samples(numbers)), .. } => Some(numbers),
            _ => None,
        })
        .collect();
    let [all] = grids[..] else { panic!("one grid: the patch, the sum, and the parts") };
    let (sum, parts) = (&all[144..288], &all[288..]);
    assert!(parts.len() >= 144, "no parts");
    for (i, made) in sum.iter().enumerate() {
        let added: f32 = parts.iter().skip(i).step_by(144).sum();
        assert!((made - added).abs() < 1e-4, "{i}: {made} {added}");
    }
}

/// Photographs are what a person opens; here leaves stand for them.
#[test]
fn own_photographs_are_learnt_from_and_others_are_said_to_be_missing() {
    let own = [("images", "own"), ("files", "0123456789abcdef"), ("steps", "100")];
    let missing = fresh(&own);
    assert!(missing.notices.iter().any(|said| said.starts_with("These are dead leaves, not your own photographs:")));
    let tiles: Vec<u8> =
        (0..30).flat_map(|i| dead_leaves(64, 2.0, 32.0, Stream::new(i, "tiles")).expect("leaves")).collect();
    let pack = Pack::new("own-train", 64, 64, vec![0; 30], tiles).expect("a pack");
    let mut recorder = Recorder { pack: Some(pack.encode_stored()), ..Recorder::default() };
    run(&mut JobOf::default(), &mut recorder, &own);
    assert!(recorder.notices.is_empty(), "{:?}", recorder.notices);
    assert!(recorder.figures["patches"].title.contains("your own images"));
    assert!(number(&recorder, "gabor_r2") > 0.4, "{}", number(&recorder, "gabor_r2"));
    // Of one grey there is nothing to learn.
    let pack = Pack::new("own-train", 64, 64, vec![0; 30], vec![7; 30 * 64 * 64]).expect("a pack");
    let mut recorder = Recorder { pack: Some(pack.encode_stored()), ..Recorder::default() };
    run(&mut JobOf::default(), &mut recorder, &own);
    let said = "These are dead leaves, not your own photographs: there is nothing to see on them but one grey.";
    assert_eq!(
        (recorder.notices.as_slice(), recorder.about.as_slice()),
        ([said.to_owned()].as_slice(), ["files".to_owned()].as_slice())
    );
    // A price that nobody pays.
    let dear = fresh(&[("lambda", "8"), ("steps", "5")]);
    assert_eq!(number(&dear, "active"), 0.0);
    assert!(
        dear.notices.iter().any(|said| said.starts_with("At this price no patch uses a filter")),
        "{:?}",
        dear.notices
    );
}

#[test]
fn filters_and_patches_go_out_as_files() {
    let recorder = fresh(&[("steps", "50")]);
    let files = recorder.nets.as_ref().expect("filters").files();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["README.md", "recompute.py", "filters.safetensors"]);
    let readme = String::from_utf8(files[0].1.clone()).expect("a text");
    for tensor in ["| `filters` | (64, 144) |", "| `patches` | (500, 144) |"] {
        assert!(readme.contains(tensor), "{readme}");
    }
    // Numbers of four bytes behind the head of the file.
    assert!(files[2].1.len() > 4 * 144 * (64 + 500));
}
