//! What order-chaos keeps: nothing that is finished is measured anew, and nothing of other settings is shown as if it were of
//! these.

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use exhibits::job::{Job, JobError};
use exhibits::new_job;
use figures::{Figure, Layer, Role};
use protocol::{Backend, Readout};

use support::{Recorder, block_on, number, values_of};

const SMALL: [(&str, &str); 5] = [("width", "24"), ("nets", "6"), ("depth", "8"), ("n_inputs", "8"), ("layer", "4")];

fn job() -> Box<dyn Job> {
    new_job("order-chaos").expect("the first exhibit")
}

fn run_on(job: &mut dyn Job, recorder: Recorder, settings: &[(&str, &str)]) -> (Recorder, Result<(), JobError>) {
    let mut recorder = Recorder { backend: Backend::Cpu, ..recorder };
    let values = values_of("order-chaos", &[&SMALL[..], settings].concat());
    let result = block_on(job.run(&values, &mut recorder));
    (recorder, result)
}

/// To the end.
fn run(job: &mut dyn Job, settings: &[(&str, &str)]) -> Recorder {
    let (recorder, result) = run_on(job, Recorder::default(), settings);
    result.expect("the job ends well");
    recorder
}

/// The first frame alone.
fn first_frame(job: &mut dyn Job, settings: &[(&str, &str)]) -> Recorder {
    let (recorder, result) = run_on(job, Recorder { cancel_after: Some(1), ..Recorder::default() }, settings);
    assert!(matches!(result, Err(JobError::Cancelled)), "{result:?}");
    assert_eq!(recorder.frames, 1);
    recorder
}

/// As text, in which what is not a number is equal to itself.
fn pictures(recorder: &Recorder) -> String {
    format!("{:?}", recorder.figures)
}

fn points(figure: &Figure) -> Vec<(Role, &str)> {
    let of = |layer| match layer {
        &Layer::Points { role, ref name, .. } => Some((role, name.as_str())),
        _ => None,
    };
    figure.layers.iter().filter_map(of).collect()
}

#[test]
fn what_does_not_matter_measures_nothing() {
    let mut job = job();
    // Six nets, two looks inside, the density and four Jacobians.
    assert_eq!(run(job.as_mut(), &[]).parts, 13);
    let cases: [(&[(&str, &str)], usize); 12] = [
        (&[], 0),
        (&[("map", "xi_c")], 0),
        (&[("map", "c_star"), ("image_a", "3")], 0),
        (&[("layer", "5")], 2),
        (&[("layer", "5"), ("map", "q_star")], 0),
        (&[("nets", "3"), ("layer", "5")], 0),
        (&[("layer", "5"), ("n_inputs", "9")], 1),
        (&[("layer", "5"), ("n_inputs", "9"), ("nets", "7")], 1),
        (&[("layer", "5"), ("n_inputs", "9"), ("weights", "orthogonal")], 5),
        // The nets are fed with pairs at this correlation; their insides and Jacobians are not.
        (&[("layer", "5"), ("n_inputs", "9"), ("weights", "orthogonal"), ("c_0", "0.2")], 6),
        (&[("layer", "5"), ("n_inputs", "9"), ("weights", "orthogonal"), ("c_0", "0.2"), ("train", "off")], 0),
        (&[("layer", "5"), ("n_inputs", "9"), ("weights", "orthogonal"), ("c_0", "0.2"), ("seed", "5")], 13),
    ];
    for (settings, parts) in cases {
        assert_eq!(run(job.as_mut(), settings).parts, parts, "{settings:?}");
    }
    // Of two images the correlation of the circle's pair is nothing to them.
    run(job.as_mut(), &[("inputs", "two_digits")]);
    assert_eq!(run(job.as_mut(), &[("inputs", "two_digits"), ("c_0", "0.1"), ("n_inputs", "20")]).parts, 0);
}

#[test]
fn a_figure_that_comes_into_view_measures_itself_alone() {
    let mut job = job();
    let mut parts = |only: Vec<&'static str>| {
        let (recorder, result) = run_on(job.as_mut(), Recorder { only: only.clone(), ..Recorder::default() }, &[]);
        result.expect("the job ends well");
        assert_eq!(recorder.figures.keys().collect::<Vec<_>>().len(), only.len());
        recorder.parts
    };
    assert_eq!(parts(vec!["phase"]), 6);
    assert_eq!(parts(vec!["phase", "correlation-depth"]), 0);
    assert_eq!(parts(vec!["manifold"]), 1);
    assert_eq!(parts(vec!["manifold", "correlation-matrix"]), 1);
    assert_eq!(parts(vec!["jacobian-depth"]), 5);
    assert_eq!(parts(vec!["jacobian-depth", "jacobian-spectrum", "manifold", "trainability"]), 0);
}

#[test]
fn a_cancellation_keeps_what_is_finished() {
    let whole = run(job().as_mut(), &[]);
    for frames in 1..10 {
        let mut job = job();
        let (first, result) = run_on(job.as_mut(), Recorder { cancel_after: Some(frames), ..Recorder::default() }, &[]);
        assert!(matches!(result, Err(JobError::Cancelled)), "{frames}: {result:?}");
        let rest = run(job.as_mut(), &[]);
        // The part that the cancellation came into is begun twice.
        assert!((whole.parts..=whole.parts + 1).contains(&(first.parts + rest.parts)), "{frames}: {}", first.parts);
        assert_eq!(rest.readouts, whole.readouts, "{frames}");
        assert_eq!(pictures(&rest), pictures(&whole), "{frames}");
    }
}

/// Only in a drag of `sigma_w` or `sigma_b` the last nets stay, muted and named; after anything else nothing of them.
#[test]
fn nets_of_before_are_not_shown_as_these() {
    let of_nets = ["correlation-depth", "length-map", "correlation-map", "gradient-depth"];
    let is_measuring = |recorder: &Recorder| {
        ["gap", "gap_errors"].iter().all(
            |key| matches!(&recorder.readouts[*key], Readout::Undefined(why) if why == "the nets are being measured"),
        )
    };
    for moved in [("sigma_w", "1.9"), ("sigma_b", "0.6")] {
        let mut job = job();
        let before = run(job.as_mut(), &[]);
        assert!(points(&before.figures["correlation-depth"]).iter().all(|(role, _)| *role == Role::Simulation));
        let first = first_frame(job.as_mut(), &[moved]);
        for id in of_nets {
            let points = points(&first.figures[id]);
            assert!(!points.is_empty() && points.iter().all(|(role, _)| *role == Role::Neutral), "{id}: {points:?}");
            assert_eq!(points[0].1, "nets before this change", "{id}");
        }
        assert!(is_measuring(&first), "{:?}", first.readouts);
        for id in ["correlation-matrix", "manifold", "jacobian-spectrum", "jacobian-depth", "trainability"] {
            let is_muted = first.figures.get(id).map(|figure| figure.title.starts_with("before this change: "));
            // The nets that would be trained do not depend on sigma_w.
            assert_eq!(is_muted, Some(true).filter(|_| id != "trainability" || moved.0 == "sigma_b"), "{id}");
        }
        // Said once; the drag goes on over nets that have never been measured.
        assert!(!first_frame(job.as_mut(), &[(moved.0, "2")]).figures.contains_key("manifold"));
        let after = run(job.as_mut(), &[moved]);
        assert!(number(&after, "gap") != number(&before, "gap"));
        assert_eq!(pictures(&after), pictures(&run(self::job().as_mut(), &[moved])));
    }
    for other in
        [("activation", "relu"), ("inputs", "pair"), ("c_0", "0.1"), ("width", "30"), ("depth", "9"), ("seed", "2")]
    {
        let mut job = job();
        run(job.as_mut(), &[]);
        let first = first_frame(job.as_mut(), &[other]);
        for id in of_nets {
            assert_eq!(points(&first.figures[id]), [], "{other:?}: {id}");
        }
        assert!(is_measuring(&first), "{other:?}");
    }
}

/// ReLU has no chaos, and no depth scale where lengths grow without bound; tanh has both everywhere.
#[test]
fn the_phase_map_says_and_paints_what_there_is() {
    let only = || Recorder { only: vec!["phase"], ..Recorder::default() };
    let mut job = job();
    let mut phase = |activation: &str, map: &str| {
        let (recorder, _) = run_on(job.as_mut(), only(), &[("activation", activation), ("map", map), ("nets", "1")]);
        recorder.figures["phase"].clone()
    };
    for map in ["log_chi_1", "xi_c", "q_star", "c_star"] {
        for (activation, hatches) in [("tanh", false), ("sin", false), ("relu", true), ("linear", true), ("gelu", true)]
        {
            let figure = phase(activation, map);
            let Layer::Heat { values, colours, .. } = &figure.layers[0] else { panic!("a map") };
            let undefined = values.iter().filter(|v| v.is_nan()).count() as f64 / values.len() as f64;
            if map == "log_chi_1" {
                assert_eq!(undefined, 0.0);
                let says_chaos = figure.title.contains("chaotic");
                assert!(!(says_chaos && ["relu", "linear"].contains(&activation)), "{activation}: {}", figure.title);
                assert_eq!(figure.title.contains("without bound"), hatches, "{activation}: {}", figure.title);
                continue;
            }
            assert_eq!(
                (undefined > 0.2, !colours.undefined.is_empty()),
                (hatches, hatches),
                "{activation} {map}: {undefined}"
            );
        }
    }
    assert!(!phase("relu", "xi_c").alt.contains("chaotic"));
}

/// Without images that could be fed in, generated ones are, and a sentence says why.
#[test]
fn a_pack_without_ink_leaves_theory_and_a_sentence() {
    for (n, says) in [(0, "has no images"), (3, "are blank")] {
        let pack = data::Pack::new("mnist-test", 28, 28, vec![0; n], vec![0; 28 * 28 * n]).expect("a pack");
        let pack = Some(pack.encode().expect("bytes"));
        for settings in [[("inputs", "two_digits"), ("image_a", "0")], [("inputs", "digits"), ("image_a", "0")]] {
            let recorder = Recorder { pack: pack.clone(), ..Recorder::default() };
            let (recorder, result) = run_on(job().as_mut(), recorder, &settings);
            assert!(result.is_ok(), "{result:?}");
            assert!(recorder.notices.iter().any(|notice| notice.contains(says)), "{:?}", recorder.notices);
            assert!(number(&recorder, "chi_1") > 0.0 && number(&recorder, "gap") > 0.0);
        }
    }
}
