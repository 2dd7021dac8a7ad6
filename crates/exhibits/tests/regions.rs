//! What the exhibit of linear regions claims, against theory and by routes of its own.

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use std::collections::BTreeSet;

use exhibit::Values;
use exhibits::job::{Job, JobError, NoGpu, gpu_for};
use exhibits::{check_text, new_job};
use figures::{Figure, Layer, Role};
use nets::mlp::{Mlp, Shape};
use protocol::{Backend, Readout};
use random::Stream;
use theory::Activation;
use theory::sawtooth::ReluNet;

use support::{Recorder, block_on, number, values_of};

fn job() -> Box<dyn Job> {
    new_job("regions").expect("the exhibit of regions")
}

fn values(settings: &[(&str, &str)]) -> Values {
    values_of("regions", settings)
}

/// The window alone: what most tests need, at once.
fn small() -> Recorder {
    Recorder { without: vec!["count-training", "count-width", "count-depth"], ..Recorder::default() }
}

fn run_on(job: &mut dyn Job, mut recorder: Recorder, settings: &[(&str, &str)]) -> Recorder {
    block_on(job.run(&values(settings), &mut recorder)).expect("the job ends well");
    recorder
}

fn run(settings: &[(&str, &str)]) -> Recorder {
    run_on(job().as_mut(), small(), settings)
}

/// The random net that the exhibit draws, by the recipe that its seed stands for.
fn drawn(layers: usize, width: usize, sigma_w: f64, sigma_b: f64, seed: u64) -> Mlp {
    let widths: Vec<usize> = [2].into_iter().chain(vec![width; layers]).chain([1]).collect();
    let shape = Shape::new(&widths, Activation::Relu).expect("a small net");
    Mlp::random(shape, sigma_w, sigma_b, Stream::new(seed, "regions net").child(0))
}

/// The same net in double precision.
fn in_f64(net: &Mlp) -> ReluNet {
    let (mut weights, mut biases) = (Vec::new(), Vec::new());
    for (w, b) in (0..net.shape().n_layers()).filter_map(|l| net.layer(l)) {
        weights.extend(w.iter().copied().map(f64::from));
        biases.extend(b.iter().copied().map(f64::from));
    }
    let widths = net.shape().widths();
    ReluNet::from_flat(2, &widths[1..widths.len() - 1], &weights, &biases).expect("a net")
}

/// Lines in general position cut a convex window into 1 + lines + crossings within (Euler's formula): counted here from
/// the weights alone.
#[test]
fn one_layer_is_an_arrangement_of_lines() {
    for (width, seed) in [("1", 1), ("5", 2), ("24", 3), ("64", 4)] {
        let recorder = run(&[("layers", "1"), ("width", width), ("seed", &seed.to_string())]);
        let net = drawn(1, width.parse().expect("a number"), 1.4, 0.5, seed);
        let (weights, biases) = net.layer(0).expect("the first layer");
        let lines: Vec<[f64; 3]> =
            weights.chunks_exact(2).zip(biases).map(|(w, b)| [w[0].into(), w[1].into(), (*b).into()]).collect();
        let is_within = |x: f64| x.abs() < 1.5;
        let corners = [(-1.5, -1.5), (1.5, -1.5), (1.5, 1.5), (-1.5, 1.5)];
        let meets = |[a, b, c]: &[f64; 3]| {
            let n_on = corners.iter().filter(|(x, y)| a * x + b * y + c > 0.0).count();
            (1..4).contains(&n_on)
        };
        let mut expected = 1 + lines.iter().filter(|line| meets(line)).count();
        for (i, [a, b, c]) in lines.iter().enumerate() {
            for [d, e, f] in &lines[..i] {
                let det = a * e - b * d;
                let (x, y) = ((b * f - c * e) / det, (c * d - a * f) / det);
                expected += usize::from(is_within(x) && is_within(y));
            }
        }
        assert_eq!(number(&recorder, "regions"), expected as f64, "width {width}");
    }
}

/// Every point of the grid, put through the net in double precision, unit by unit.
#[test]
fn regions_on_pixels_are_the_patterns_that_occur_there() {
    for (layers, width) in [(1, 8), (2, 12), (4, 6)] {
        let settings = [("layers", layers.to_string()), ("width", width.to_string())];
        let recorder = run(&settings.each_ref().map(|(k, v)| (*k, v.as_str())));
        let net = in_f64(&drawn(layers, width, 1.4, 0.5, 1));
        let at = |i: usize| 1.5 * ((2 * i + 1) as f64 / 256.0 - 1.0);
        let points = (0..256).flat_map(|row| (0..256).map(move |column| [at(column), at(row)]));
        let patterns: BTreeSet<Vec<bool>> = points.map(|p| net.pattern(&p).expect("a pattern")).collect();
        assert_eq!(number(&recorder, "regions_pixels"), patterns.len() as f64, "{layers} layers of {width}");
    }
}

#[test]
fn bounds_are_the_theorems() {
    // By hand: 1 + N + N(N−1)/2 with N = 12; the same for one layer from both other bounds.
    let one = run(&[("layers", "1"), ("width", "12")]);
    for key in ["bound_zaslavsky", "bound_montufar_lower", "bound_serra_upper"] {
        assert_eq!(number(&one, key), 79.0, "{key}");
    }
    assert_eq!(number(&one, "hanin_rolnick"), 72.0);
    // Two layers of 4: floor(4/2)^2 (1 + 4 + 6) = 44; with N = 8 one layer makes 37. Serra's sum over j_1, j_2 <= 2 has
    // no restriction, for 4 - 2 = 2: (1 + 4 + 6)^2.
    let two = run(&[("layers", "2"), ("width", "4")]);
    assert_eq!(number(&two, "bound_montufar_lower"), 44.0);
    assert_eq!(number(&two, "bound_zaslavsky"), 37.0);
    assert_eq!(number(&two, "bound_serra_upper"), 121.0);
    assert!(matches!(run(&[("width", "1")]).readouts["bound_montufar_lower"], Readout::Undefined(_)));
}

#[test]
fn pixels_see_some_regions_and_no_net_has_more_than_the_upper_bound() {
    for layers in ["1", "2", "3", "4"] {
        for width in ["1", "2", "7", "20"] {
            for steps in ["0", "60"] {
                let recorder = run(&[("layers", layers), ("width", width), ("steps", steps), ("half_width", "3")]);
                let [line, pixels, exact, upper] = ["regions_line", "regions_pixels", "regions", "bound_serra_upper"]
                    .map(|key| number(&recorder, key));
                let case = format!("{layers} layers of {width}, {steps} steps");
                assert!((1.0..=exact).contains(&pixels) && exact <= upper, "{case}: {pixels}, {exact}, {upper}");
                assert!((1.0..=exact).contains(&line), "{case}: {line} of {exact}");
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_numbers_and_another_seed_others() {
    let of = |seed| run(&[("seed", seed), ("steps", "40")]).readouts;
    assert_eq!(of("5"), of("5"));
    assert_ne!(of("5"), of("6"));
}

#[test]
fn scrubbing_back_and_forth_is_going_there_directly() {
    let mut kept = job();
    for steps in ["0", "333", "120", "450", "0", "250"] {
        let settings = [("steps", steps), ("data", "moons")];
        let (scrubbed, direct) = (run_on(kept.as_mut(), small(), &settings), run(&settings));
        assert_eq!(scrubbed.readouts, direct.readouts, "{steps} steps");
        // As text: a gap in a line is NaN, which equals nothing.
        let [scrubbed, direct] = [scrubbed, direct].map(|recorder| format!("{:?}", recorder.figures));
        assert!(scrubbed == direct, "{steps} steps: other pictures");
    }
}

/// What claim, presets and experiments say: observations (Hanin and Rolnick 2019, figure 1), no theorems.
#[test]
fn training_learns_and_hardly_changes_the_count() {
    for (settings, accuracy, factor) in [
        // 300 points in two arms that a net of three layers separates; a few lie within the noise of the other arm.
        (&[("data", "moons"), ("steps", "600")][..], 0.98, 0.5..2.0),
        (&[("data", "spirals"), ("width", "32"), ("steps", "2000")], 0.95, 1.0..2.0),
    ] {
        let after = run(settings);
        let before = run(&[settings, &[("steps", "0")]].concat());
        assert!(number(&after, "accuracy") > accuracy, "{settings:?}");
        let of = |recorder: &Recorder| ["regions_plane", "regions", "hanin_rolnick"].map(|key| number(recorder, key));
        let (before, after) = (of(&before), of(&after));
        assert!(factor.contains(&(after[1] / before[1])), "{settings:?}: from {before:?} to {after:?}");
        assert!((0.5..2.0).contains(&(after[0] / after[2])), "{after:?}");
    }
}

fn points_of(figure: &Figure, wanted: &str) -> Vec<(f32, f32)> {
    let found = figure.layers.iter().find_map(|layer| match layer {
        Layer::Points { name, x, y, .. } if name == wanted => Some(x.iter().zip(y.iter()).collect()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no points {wanted} on {}", figure.id))
}

#[test]
fn counts_of_random_nets_follow_zaslavsky_and_hanin_and_rolnick() {
    let recorder = run_on(job().as_mut(), Recorder::default(), &[("width", "4")]);
    let figure = &recorder.figures["count-width"];
    for (i, n) in [4.0, 8.0, 16.0, 32.0, 64.0].into_iter().enumerate() {
        let exact = 1.0 + n + n * (n - 1.0) / 2.0;
        // Lines in general position, far crossings too. No series is moved aside.
        assert_eq!(points_of(figure, "1 layer")[i], (n as f32, exact as f32));
        assert_eq!(["2 layers", "4 layers"].map(|name| points_of(figure, name)[i].0), [n as f32; 2]);
    }
    for depth in ["2 layers", "4 layers"] {
        let found = f64::from(points_of(figure, depth)[4].1);
        // An observation, no theorem; the spread over eight nets is below a tenth of the mean.
        assert!((0.7..1.3).contains(&(found / 2048.0)), "{depth}: {found}");
    }
}

#[test]
fn counts_in_training_are_the_readouts() {
    let settings = |steps| [("width", "6"), ("layers", "2"), ("steps", steps)];
    let mut kept = job();
    let whole = run_on(kept.as_mut(), Recorder::default(), &settings("0"));
    for (name, key) in [("this net in the window", "regions"), ("this net in the plane", "regions_plane")] {
        let counts = points_of(&whole.figures["count-training"], name);
        assert_eq!(counts.len(), 21, "every hundredth of 2000 steps");
        for steps in ["0", "100", "1300", "2000"] {
            let found = number(&run(&settings(steps)), key);
            let index = steps.parse::<usize>().expect("a number") / 100;
            assert_eq!(f64::from(counts[index].1), found, "{key} after {steps} steps");
        }
    }
}

#[test]
fn the_line_crosses_as_often_as_it_changes_region() {
    let recorder = run(&[("layers", "3"), ("width", "9")]);
    let figure = &recorder.figures["line"];
    let crossings: usize = ["line of layer 1", "line of layer 2", "line of layer 3"]
        .map(|name| points_of(figure, name).len())
        .iter()
        .sum();
    assert_eq!(crossings as f64 + 1.0, number(&recorder, "regions_line"));
    let graph = figure.layers.iter().find_map(|layer| match layer {
        Layer::Line { role: Role::Accent, x, y, .. } => Some(x.iter().zip(y.iter()).collect::<Vec<_>>()),
        _ => None,
    });
    let graph = graph.expect("the output");
    // The corners of the graph lie on the net's own, up to the rounding of f32.
    let (net, length) = (in_f64(&drawn(3, 9, 1.4, 0.5, 1)), 2f64.hypot(1.3));
    for (x, y) in graph {
        let t = f64::from(x) / length;
        let expected = net.eval(&[-1.0 + 2.0 * t, -0.6 + 1.3 * t]).expect("two inputs");
        assert!((f64::from(y) - expected).abs() <= 1e-5 * (1.0 + expected.abs()), "{y} instead of {expected} at {x}");
    }
}

#[test]
fn settings_at_their_ends_are_drawn_or_said() {
    for settings in [
        vec![("sigma_w", "0")],
        vec![("sigma_b", "0"), ("layers", "4")],
        vec![("sigma_w", "0"), ("sigma_b", "0"), ("steps", "5")],
        vec![("sigma_w", "20"), ("layers", "4"), ("steps", "20"), ("rate", "10"), ("optimiser", "sgd")],
        vec![("rate", "0"), ("steps", "10")],
        vec![("a_x", "0"), ("a_y", "0"), ("b_x", "0"), ("b_y", "0")],
        vec![("a_x", "90"), ("b_x", "99")],
        vec![("half_width", "0.001"), ("centre_x", "100"), ("centre_y", "-100")],
        vec![("half_width", "1000"), ("width", "1"), ("colour", "output")],
    ] {
        let recorder = run(&settings);
        assert!(number(&recorder, "regions") >= 1.0, "{settings:?}");
        for (key, readout) in &recorder.readouts {
            assert!(!matches!(readout, Readout::Number(x) if !x.is_finite()), "{settings:?} {key}");
        }
        for figure in recorder.figures.values() {
            for axis in [&figure.x, &figure.y] {
                assert!(axis.range.0.is_finite() && axis.range.0 < axis.range.1, "{settings:?} {}", figure.id);
            }
            for layer in &figure.layers {
                let Layer::Heat { values, colours, .. } = layer else { continue };
                assert!(values.iter().all(f32::is_finite), "{settings:?} {}", figure.id);
                assert!(colours.range.0 < colours.range.1, "{settings:?} {}", figure.id);
            }
        }
    }
    assert_eq!(number(&run(&[("sigma_w", "0")]), "regions"), 1.0, "no unit changes");
}

/// Against the patterns at many points of the segment: regions that it meets for less than a hundred-thousandth of its way,
/// which no point may see, are not among these.
#[test]
fn a_segment_is_counted_where_it_leaves_the_window_too() {
    let net = in_f64(&drawn(3, 16, 1.4, 0.5, 1));
    for (a, b) in [([-1.0, -0.6], [30.0, 7.0]), ([90.0, 0.0], [99.0, 1.0]), ([-5.0, 4.0], [5.0, -3.0])] {
        let ends = [a[0], a[1], b[0], b[1]].map(|x: f64| x.to_string());
        let settings: Vec<_> = ["a_x", "a_y", "b_x", "b_y"].into_iter().zip(ends.iter().map(String::as_str)).collect();
        let found = number(&run(&settings), "regions_line");
        let at = |i: u32| [0, 1].map(|k| a[k] + f64::from(i) / 2e5 * (b[k] - a[k]));
        let mut patterns: Vec<_> = (0..=200_000).map(|i| net.pattern(&at(i)).expect("a pattern")).collect();
        patterns.dedup();
        assert_eq!(found, patterns.len() as f64, "from {a:?} to {b:?}");
        assert_eq!(found, number(&run(&[&settings[..], &[("half_width", "0.1")]].concat()), "regions_line"));
    }
}

#[test]
fn the_plane_has_more_regions_than_the_window_and_no_more_than_the_upper_bound() {
    let one = run(&[("layers", "1"), ("width", "24")]);
    assert_eq!(number(&one, "regions_plane"), 301.0);
    for (layers, width) in [("2", "5"), ("3", "16"), ("4", "24")] {
        let found = run(&[("layers", layers), ("width", width), ("half_width", "1000")]);
        let [window, plane, upper] = ["regions", "regions_plane", "bound_serra_upper"].map(|key| number(&found, key));
        assert!(0.98 * plane < window && window <= plane && plane <= upper, "{window}, {plane}, {upper}");
    }
}

/// With a host that counts: what is finished is kept, whatever moves that it does not depend on.
#[test]
fn nothing_that_is_finished_is_counted_again() {
    let small = [("width", "4"), ("layers", "2")];
    let with = |more: &[(&'static str, &'static str)]| [&small[..], more].concat();
    let mut kept = job();
    let whole = run_on(kept.as_mut(), Recorder::default(), &small);
    // 8 nets of each of 15 shapes over N, and of 8 over the depth of which (1, 4), (2, 8) and (4, 16) are among these; 21
    // states in the plane and in the window; five rounds of four seeds.
    assert_eq!(whole.parts, 8 * (15 + 5) + 21 + 21 + 4 * 5);
    for settings in [&[][..], &[("b_y", "-1")], &[("colour", "output")], &[("steps", "40")]] {
        assert_eq!(run_on(kept.as_mut(), Recorder::default(), &with(settings)).parts, 0, "{settings:?}");
    }
    assert_eq!(run_on(kept.as_mut(), Recorder::default(), &with(&[("centre_x", "0.3")])).parts, 21, "another window");

    let mut scrolled = job();
    let first = run_on(scrolled.as_mut(), Recorder { without: vec!["count-depth"], ..Recorder::default() }, &small);
    assert_eq!((first.parts, run_on(scrolled.as_mut(), Recorder::default(), &small).parts), (whole.parts - 40, 40));

    for most in [is_at_part::<9>, is_at_part::<175>, is_at_part::<220>] {
        let mut stopped = job();
        let mut recorder = Recorder { cancel_when: Some(most), ..Recorder::default() };
        assert!(matches!(block_on(stopped.run(&values(&small), &mut recorder)), Err(JobError::Cancelled)));
        let rest = run_on(stopped.as_mut(), Recorder::default(), &small);
        // The one that was cancelled is done again.
        assert_eq!(recorder.parts - 1 + rest.parts, whole.parts);
        assert_eq!(format!("{:?}", rest.figures), format!("{:?}", whole.figures));
    }
}

fn is_at_part<const N: usize>(recorder: &Recorder) -> bool {
    recorder.parts >= N
}

#[test]
fn a_remark_stands_from_the_first_frame_of_the_next_run() {
    let settings =
        [("optimiser", "sgd"), ("rate", "10"), ("sigma_w", "20"), ("layers", "4"), ("width", "8"), ("steps", "500")];
    let mut kept = job();
    assert!(run_on(kept.as_mut(), small(), &settings).notices[0].contains("diverged"));
    let later = [&settings[..5], &[("steps", "501")]].concat();
    let mut cancelled = Recorder { cancel_after: Some(1), ..small() };
    assert!(matches!(block_on(kept.run(&values(&later), &mut cancelled)), Err(JobError::Cancelled)));
    assert!(cancelled.notices[0].contains("diverged"), "{:?}", cancelled.notices);
}

#[test]
fn the_nets_that_were_counted_can_be_had() {
    let recorder = run_on(job().as_mut(), Recorder::default(), &[("width", "6"), ("layers", "2"), ("steps", "30")]);
    let files = recorder.nets.expect("nets").files();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[..3], ["README.md", "recompute.py", "net.safetensors"]);
    // Fifteen shapes over N, eight over the depth, eight nets of each.
    assert_eq!(names.len(), 3 + (15 + 8) * 8);
    let readme = String::from_utf8(files[0].1.clone()).expect("text");
    for (key, call) in [("regions", "(-1.5, 1.5), (-1.5, 1.5)"), ("regions_plane", "(-1e30, 1e30), (-1e30, 1e30)")] {
        let value = match recorder.readouts[key] {
            Readout::Number(n) => n,
            ref other => panic!("{other:?}"),
        };
        assert!(readme.contains(&format!("`{key}` = {value:?}")), "{readme}");
        assert!(readme.contains(&format!("found = regions(net, {call})")), "{readme}");
    }
    assert!(
        readme.contains("Then 30 steps of Adam (beta_1 0.9, beta_2 0.999, epsilon 1e-8) at learning rate 0.01 on"),
        "{readme}"
    );
}

#[test]
fn a_training_that_diverges_says_so_and_keeps_its_last_net() {
    let mut settings = vec![("optimiser", "sgd"), ("rate", "10"), ("sigma_w", "20"), ("layers", "4"), ("width", "64")];
    settings.push(("steps", "500"));
    let recorder = run_on(job().as_mut(), Recorder::default(), &settings);
    assert!(recorder.notices.iter().any(|n| n.contains("diverged")), "{:?}", recorder.notices);
    assert!(number(&recorder, "regions") >= 1.0);
    assert!((0.0..=1.0).contains(&number(&recorder, "accuracy")));
    // Only what was trained is counted: the random net.
    assert_eq!(points_of(&recorder.figures["count-training"], "this net in the plane").len(), 1);
}

#[test]
fn a_cancelled_job_goes_on_where_it_was() {
    let mut kept = job();
    let settings = [("steps", "700")];
    let mut cancelled = Recorder { cancel_after: Some(1), ..small() };
    assert!(matches!(block_on(kept.run(&values(&settings), &mut cancelled)), Err(JobError::Cancelled)));
    assert_eq!(cancelled.frames, 1, "nothing is emitted after the cancellation");
    assert_eq!(run_on(kept.as_mut(), small(), &settings).readouts, run(&settings).readouts);
}

/// The picture of a large net comes in two steps, which a drag can come between.
#[test]
fn a_large_net_shows_its_first_layers_first() {
    let settings = [("layers", "4"), ("width", "48"), ("colour", "output")];
    let mut cancelled = Recorder { cancel_after: Some(2), ..small() };
    assert!(matches!(block_on(job().run(&values(&settings), &mut cancelled)), Err(JobError::Cancelled)));
    let lines = |recorder: &Recorder| {
        let layers = &recorder.figures["regions"].layers;
        layers.iter().filter(|layer| matches!(layer, Layer::Line { name, .. } if name.starts_with("layer "))).count()
    };
    assert_eq!((lines(&cancelled), lines(&run(&settings))), (2, 4));
}

#[test]
fn moving_the_window_moves_the_picture_and_moving_the_segment_the_line() {
    let mut kept = job();
    let before = run_on(kept.as_mut(), small(), &[]);
    let moved = run_on(kept.as_mut(), small(), &[("centre_x", "0.7")]);
    assert_eq!(moved.figures["regions"].x.range, (0.7 - 1.5, 0.7 + 1.5));
    assert_ne!(moved.readouts["regions"], before.readouts["regions"]);
    let line = run_on(kept.as_mut(), small(), &[("b_y", "-1")]);
    assert_eq!(line.readouts["regions"], before.readouts["regions"]);
    assert_ne!(line.figures["line"], before.figures["line"]);
}

/// While training is played, what counts it all is cancelled again and again.
#[test]
fn counting_ahead_leaves_the_net_where_it_is_asked_for() {
    let mut kept = job();
    for steps in ["3", "5", "7", "120", "9"] {
        let settings = [("steps", steps), ("width", "5")];
        let cancel: fn(&Recorder) -> bool = |recorder| recorder.frames > 6;
        let mut recorder =
            Recorder { cancel_when: Some(cancel), without: vec!["count-width", "count-depth"], ..Recorder::default() };
        assert!(matches!(block_on(kept.run(&values(&settings), &mut recorder)), Err(JobError::Cancelled)));
        assert_eq!(recorder.readouts, run(&settings).readouts, "{steps} steps");
    }
}

#[test]
fn counts_by_depth_lie_between_a_line_and_the_upper_bound() {
    let recorder =
        run_on(job().as_mut(), Recorder { only: vec!["count-depth"], ..Recorder::default() }, &[("width", "6")]);
    let figure = &recorder.figures["count-depth"];
    let found = points_of(figure, "8 random nets");
    assert_eq!(found.iter().map(|p| p.0).collect::<Vec<_>>(), (1..=8).map(|l| l as f32).collect::<Vec<_>>());
    // One layer of six lines in general position: 1 + 6 + 15 regions.
    assert_eq!(found[0].1, 22.0);
    let upper = figure.layers.iter().find_map(|layer| match layer {
        Layer::Line { name, y, .. } if name == "upper bound (Serra)" => Some(y.clone()),
        _ => None,
    });
    for (found, upper) in found.iter().zip(upper.expect("the bound").iter()) {
        assert!(found.1 >= 1.0 && found.1 <= upper * 1.000_001, "{found:?} beyond {upper}");
    }
    assert!(found[3].1 > 2.0 * found[0].1, "four layers have more regions than one");
    // About N²/2 for eight layers of six, too.
    assert!((0.5..1.5).contains(&(found[7].1 / (48.0 * 48.0 / 2.0))), "{found:?}");
}

#[test]
fn nets_of_other_seeds_are_counted_in_training() {
    fn settings<'a>(seed: &'a str, steps: &'a str) -> [(&'static str, &'a str); 5] {
        [("width", "5"), ("layers", "2"), ("seed", seed), ("data", "moons"), ("steps", steps)]
    }
    let with = Recorder { only: vec!["count-training"], ..Recorder::default() };
    let whole = run_on(job().as_mut(), with, &settings("3", "0"));
    let found = points_of(&whole.figures["count-training"], "4 other seeds in the plane, mean and standard deviation");
    assert_eq!(found.iter().map(|p| p.0).collect::<Vec<_>>(), [0.0, 400.0, 800.0, 1200.0, 1600.0, 2000.0]);
    for (step, mean) in &found[..2] {
        let steps = step.to_string();
        let of = |seed: &str| number(&run(&settings(seed, &steps)), "regions_plane");
        let expected = ["4", "5", "6", "7"].map(of).iter().sum::<f64>() / 4.0;
        assert!((f64::from(*mean) - expected).abs() < 1e-4, "{steps} steps: {mean}, not {expected}");
    }
}

fn has_pen(recorder: &Recorder) -> bool {
    recorder.figures["output"].layers.iter().any(|layer| matches!(layer, Layer::Pen { .. }))
}

#[test]
fn a_net_is_trained_on_drawn_points() {
    let with = |points, steps| run(&[("data", "drawn"), ("points", points), ("steps", steps)]);
    // Four points that no line separates, and a net that can.
    let xor = with("-0.5,-0.5_0.5,0.5~-0.5,0.5_0.5,-0.5", "200");
    assert_eq!((number(&xor, "accuracy"), xor.notices.len()), (1.0, 0));
    assert!(has_pen(&xor) && !has_pen(&run(&[])));
    // Far out, and of one class.
    let far = with("90,0", "5");
    assert_eq!(far.figures["output"].x.range, (-90.0, 90.0));
    let none = with("", "50");
    assert!(matches!(none.readouts["accuracy"], Readout::Undefined(_)));
    assert_eq!(none.readouts["regions"], with("", "0").readouts["regions"], "there is nothing to learn");
    assert!(none.notices[0].contains("Click"), "{:?}", none.notices);
    let mut wrong = values(&[("data", "drawn")]);
    assert!(check_text("regions", "points", "1,2_here").is_err());
    assert_eq!(wrong.set_text("points", "1,2_here").map(drop), Ok(()), "what was typed is kept, to be mended");
    let mut recorder = Recorder::default();
    block_on(job().run(&wrong, &mut recorder)).expect("the job ends well");
    assert_eq!(recorder.about, ["points"]);
    assert!(recorder.notices[0].starts_with("“here”"), "{:?}", recorder.notices);
}

#[test]
fn what_is_told_of_a_place_is_the_nets_own() {
    let recorder = run(&[("layers", "2"), ("width", "11")]);
    assert!(recorder.figures["regions"].layers.contains(&Layer::Probe));
    let explains = recorder.explains.expect("regions can be asked about");
    let net = in_f64(&drawn(2, 11, 1.4, 0.5, 1));
    for place in [[0.3, -0.2], [-1.2, 1.4], [0.0, 0.0]] {
        let lines = explains.explain("regions", place);
        let line = |wanted: &str| &lines.iter().find(|(name, _)| name == wanted).expect("a line of that name").1;
        let number = |text: &str| text.replace(['−', ' '], "").parse::<f64>().expect("a number");
        let words: Vec<&str> = line("f =").split(' ').collect();
        let [a, "x", s, b, "y", t, c] = words[..] else { panic!("{words:?}") };
        let sign = |s: &str| if s == "−" { -1.0 } else { 1.0 };
        let a = if a.starts_with('−') { -number(a) } else { number(a) };
        let f = a * place[0] + sign(s) * number(b) * place[1] + sign(t) * number(c);
        let expected = net.eval(&place).expect("two inputs");
        // Three numbers of four digits, each below 10.
        assert!((f - expected).abs() < 2e-2, "{lines:?}: {f}, not {expected}");
        let bits: String = [line("layer 1"), line("layer 2")].map(|bits| bits.replace(' ', "")).concat();
        let pattern = net.pattern(&place).expect("two inputs");
        assert_eq!(bits, pattern.iter().map(|on| if *on { '1' } else { '0' }).collect::<String>());
    }
    assert!(explains.explain("regions", [7.0, 0.0]).is_empty(), "outside of the window");
    assert!(explains.explain("output", [0.0, 0.0]).is_empty());
}

fn run_with(backend: Backend, settings: &[(&str, &str)]) -> Recorder {
    run_on(job().as_mut(), Recorder { backend, ..small() }, settings)
}

fn heat(recorder: &Recorder) -> Vec<f32> {
    let layers = &recorder.figures["regions"].layers;
    let found = layers.iter().find_map(|layer| match layer {
        Layer::Heat { values, .. } => Some(values.0.clone()),
        _ => None,
    });
    found.expect("a heat map")
}

/// Patterns at pixels that lie within rounding of a line may be of either side, or of none that the plane has: a few of the
/// thousand regions. Outputs are sums of some hundred products near 1 in f32.
#[test]
#[ignore = "needs a graphics adapter, a software one will do"]
fn gpu_and_cpu_see_the_same_pixels() {
    let settings = [("layers", "3"), ("width", "32"), ("steps", "20"), ("colour", "output")];
    let [cpu, gpu] = [Backend::Cpu, Backend::Gpu].map(|backend| run_with(backend, &settings));
    assert_eq!(gpu.notices, Vec::<String>::new());
    assert!(gpu.figures["regions"].device.is_gpu(), "the figure says what computed it");
    assert_eq!(
        (gpu.figures["line"].device.to_string(), cpu.figures["regions"].device.to_string()),
        ("CPU".into(), "CPU".into())
    );
    assert_eq!(cpu.readouts["regions"], gpu.readouts["regions"], "polygons are the CPU's");
    let [on_cpu, on_gpu] = [&cpu, &gpu].map(|recorder| number(recorder, "regions_pixels"));
    assert!((on_cpu - on_gpu).abs() <= 0.02 * on_cpu, "{on_cpu} on the CPU, {on_gpu} on the GPU");
    for (a, b) in heat(&cpu).iter().zip(&heat(&gpu)) {
        assert!((a - b).abs() < 1e-3 * (1.0 + a.abs()), "{a} on the CPU, {b} on the GPU");
    }
    // Pixels of one region have one shade, pixels of different ones mostly two.
    let by_pattern = [&settings[..3], &[("colour", "pattern")]].concat();
    let [on_cpu_too, patterns] = [Backend::Cpu, Backend::Gpu].map(|backend| heat(&run_with(backend, &by_pattern)));
    let differ = patterns.iter().zip(&on_cpu_too).filter(|(a, b)| a != b).count();
    assert!(differ <= 20, "{differ} of 65536 pixels have other colours");
    let shades: BTreeSet<u32> = patterns.iter().map(|shade| shade.to_bits()).collect();
    assert!(patterns.iter().all(|shade| (0.0..=1.0).contains(shade)));
    assert!(
        (shades.len() as f64) > 0.99 * on_gpu && shades.len() as f64 <= on_gpu,
        "{} shades, {on_gpu} patterns",
        shades.len()
    );
}

#[test]
#[ignore = "needs a graphics adapter, a software one will do"]
fn gpu_that_is_lost_leaves_the_pixels_to_the_cpu() {
    let gpu = block_on(gpu_for(Backend::Gpu)).expect("an adapter");
    // The first frame has the bounds.
    let recorder = Recorder { backend: Backend::Gpu, gpu: Some(Ok(gpu)), destroy_after: Some(1), ..small() };
    let lost = run_on(job().as_mut(), recorder, &[]);
    assert!(lost.notices.iter().any(|n| n.contains("The CPU computes")), "{:?}", lost.notices);
    let cpu = run_with(Backend::Cpu, &[]);
    assert_eq!((&lost.figures["regions"].device, &lost.readouts), (&cpu.figures["regions"].device, &cpu.readouts));
}

#[test]
fn small_nets_ask_for_no_device_and_who_asks_for_one_that_is_not_there_is_told() {
    let why = "There is none. The CPU computes instead.";
    let refused = || Recorder { gpu: Some(Err(NoGpu::Because(why.into()))), ..small() };
    let small_net = run_on(job().as_mut(), refused(), &[]);
    assert_eq!(small_net.notices, Vec::<String>::new());
    let asked = Recorder { backend: Backend::Gpu, ..refused() };
    let told = run_on(job().as_mut(), asked, &[]);
    assert_eq!(told.notices, [why]);
    assert_eq!(told.readouts, small_net.readouts);
}
