//! What holds of every exhibit, whatever it is about: no setting breaks it, and what is declared comes.

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use exhibit::Values;
use exhibit::declaration::{Exhibit, Kind};
use exhibits::job::{Job, JobError};
use exhibits::{EXHIBITS, new_job};
use figures::{Layer, Samples};
use protocol::{Backend, Readout};

use support::{Recorder, block_on};

/// Sizes are kept to this, and numbers that are smaller anyway to the least that there is: more is for patient users.
const SMALL: i64 = 6;
/// Parts after which a run that has shown everything is left: training goes on for a minute.
const ENOUGH_PARTS: usize = 8;
/// Cases that one job does.
const CASES_OF_A_JOB: usize = 12;

thread_local! {
    /// What has to come: figures, and readouts.
    static EXPECTED: RefCell<[Vec<&'static str>; 2]> = const { RefCell::new([Vec::new(), Vec::new()]) };
}

fn missing(recorder: &Recorder) -> Vec<&'static str> {
    EXPECTED.with_borrow(|[figures, readouts]| {
        let figures = figures.iter().filter(|id| !recorder.figures.contains_key(**id));
        figures.chain(readouts.iter().filter(|key| !recorder.readouts.contains_key(**key))).copied().collect()
    })
}

fn is_enough(recorder: &Recorder) -> bool {
    recorder.parts > ENOUGH_PARTS && missing(recorder).is_empty()
}

/// Whole numbers made small, and a case on top.
fn values(e: &'static Exhibit, case: &[(&str, String)]) -> Values {
    let mut values = Values::defaults(e);
    for c in e.controls {
        if let Kind::Integer { min, default, .. } = c.kind {
            values.set_number(c.key, if default <= SMALL { min } else { min.max(SMALL) } as f64);
        }
    }
    for (key, text) in case {
        assert_eq!(values.set_text(key, text).map(drop), Ok(()), "{}: {case:?}", e.id);
    }
    values
}

/// Presets without their sizes; and every control at its ends and with every choice, each on one of the presets.
fn cases(e: &'static Exhibit) -> Vec<Vec<(&'static str, String)>> {
    let is_size = |key: &str| matches!(e.control(key).map(|c| c.kind), Some(Kind::Integer { .. }));
    let of_preset = |preset: &exhibit::declaration::Preset| -> Vec<(&'static str, String)> {
        preset.values.iter().filter(|(key, _)| !is_size(key)).map(|(key, text)| (*key, (*text).to_owned())).collect()
    };
    let presets: Vec<_> = std::iter::once(Vec::new()).chain(e.presets.iter().map(of_preset)).collect();
    let mut ends = Vec::new();
    for c in e.controls {
        match c.kind {
            Kind::Real { min, max, track, .. } => {
                ends.extend([min, max, track.0, track.1].map(|x| (c.key, x.to_string())));
            }
            Kind::Integer { min, default, .. } => {
                ends.extend([min, (2 * min + 1).min(default)].map(|n| (c.key, n.to_string())));
            }
            Kind::Choice { options } => ends.extend(options.iter().map(|(option, _)| (c.key, (*option).to_owned()))),
            Kind::Seed { .. } => ends.extend(["0", "4294967295"].map(|n| (c.key, n.to_owned()))),
            // Texts are tried in the tests of the exhibits that have them.
            Kind::Text { .. } => {}
        }
    }
    let on_default = ends.iter().map(|end| vec![end.clone()]);
    let on_presets =
        ends.iter().enumerate().map(|(i, end)| [presets[i % presets.len()].clone(), vec![end.clone()]].concat());
    let mut all: Vec<_> = on_default.chain(on_presets).chain(presets.iter().cloned()).collect();
    // An end can be the value that stands anyway.
    let mut seen = HashSet::new();
    all.retain(|case| seen.insert(values(e, case).changed()));
    all
}

fn run(e: &'static Exhibit, job: &mut dyn Job, values: &Values, only: Vec<&'static str>, what: &str) -> Recorder {
    let in_view = |id: &str| only.is_empty() || only.contains(&id);
    let figures = e.figures.iter().filter(|f| values.holds(f.when) && in_view(f.id)).map(|f| f.id).collect();
    EXPECTED.set([figures, e.readouts.iter().map(|r| r.key).collect()]);
    let mut recorder = Recorder { backend: Backend::Cpu, only, cancel_when: Some(is_enough), ..Recorder::default() };
    match block_on(job.run(values, &mut recorder)) {
        Err(JobError::Cancelled) if is_enough(&recorder) => {}
        result => assert!(result.is_ok(), "{} {what}: {result:?}", e.id),
    }
    assert_eq!(missing(&recorder), Vec::<&str>::new(), "{} {what}", e.id);
    recorder
}

/// Names and values of what is drawn as a series.
fn series(layer: &Layer) -> Option<(&str, &Samples)> {
    match layer {
        Layer::Line { name, y, .. } | Layer::Points { name, y, .. } | Layer::Bars { name, y, .. } => Some((name, y)),
        Layer::Histogram { name, heights, .. } => Some((name, heights)),
        Layer::Band { name, high, .. } => Some((name, high)),
        _ => None,
    }
}

fn check(e: &Exhibit, recorder: &Recorder, what: &str) {
    for (key, readout) in &recorder.readouts {
        assert!(!matches!(readout, Readout::Number(x) if !x.is_finite()), "{} {what}: {key} is {readout:?}", e.id);
    }
    for figure in recorder.figures.values() {
        for axis in [&figure.x, &figure.y] {
            let (low, high) = axis.range;
            assert!(low.is_finite() && high.is_finite() && low < high, "{} {what} {}: {axis:?}", e.id, figure.id);
        }
        for (name, y) in figure.layers.iter().filter_map(series) {
            let is_drawn = y.is_empty() || y.iter().any(|y| !y.is_nan());
            assert!(is_drawn, "{} {what} {}: nothing in “{name}” is a number", e.id, figure.id);
        }
    }
}

/// Does all that is given, on all cores.
fn on_all_cores<T: Sync>(all: &[T], check: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(one);
                }
            });
        }
    });
}

/// One job for several cases, as in a page that stays open.
#[test]
fn no_setting_breaks_any_exhibit() {
    let of =
        |e: &'static Exhibit| -> Vec<_> { cases(e).chunks(CASES_OF_A_JOB).map(|cases| (e, cases.to_vec())).collect() };
    on_all_cores(&EXHIBITS.iter().flat_map(|e| of(e)).collect::<Vec<_>>(), |(e, cases)| {
        let mut job = new_job(e.id).expect("a registered exhibit");
        for case in cases {
            let what = format!("{case:?}");
            check(e, &run(e, job.as_mut(), &values(e, case), Vec::new(), &what), &what);
        }
    });
}

#[test]
fn every_figure_comes_alone() {
    on_all_cores(EXHIBITS, |e| {
        for f in e.figures {
            let needs = f.when.map(|(key, choices)| (key, choices[0].to_owned()));
            let values = values(e, &needs.into_iter().collect::<Vec<_>>());
            let mut job = new_job(e.id).expect("a registered exhibit");
            let recorder = run(e, job.as_mut(), &values, vec![f.id], f.id);
            assert_eq!(recorder.figures.keys().collect::<Vec<_>>(), [f.id], "{}", e.id);
            check(e, &recorder, f.id);
        }
    });
}
