//! What transfers: layers of a like task help, what is found stays, and what is missing is said.

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use exhibit::Values;
use exhibits::job::Job as _;
use exhibits::kit::JobOf;
use exhibits::transfer::{EXHIBIT, Transfer};
use support::{Recorder, block_on, number};

fn values_of(settings: &[(&str, &str)]) -> Values {
    settings.iter().fold(Values::defaults(const { &EXHIBIT }), |mut values, (key, text)| {
        values.set_text(key, text).expect("a value of the control");
        values
    })
}

fn run(job: &mut JobOf<Transfer>, recorder: &mut Recorder, settings: &[(&str, &str)]) {
    block_on(job.run(&values_of(settings), recorder)).expect("a run");
}

#[test]
fn first_layers_help_and_last_ones_do_not() {
    let (mut job, mut recorder) =
        (JobOf::<Transfer>::default(), Recorder { without: vec!["by_images"], ..Recorder::default() });
    run(&mut job, &mut recorder, &[("layers", "1")]);
    assert!(number(&recorder, "source_error") < 0.01, "{}", number(&recorder, "source_error"));
    let (first, nothing) = (number(&recorder, "test_error"), number(&recorder, "nothing_error"));
    assert!(first < nothing, "{first} {nothing}");
    assert_eq!(number(&recorder, "transfer_gain"), nothing - first);
    assert_eq!(number(&recorder, "taken"), 156.0);
    // Another number of layers is looked at, and all of it is there.
    let parts = recorder.parts;
    run(&mut job, &mut recorder, &[("layers", "4")]);
    assert_eq!(recorder.parts, parts);
    assert!(number(&recorder, "test_error") > 1.3 * first, "{}", number(&recorder, "test_error"));
    assert_eq!(number(&recorder, "nothing_error"), nothing);
    assert_eq!(number(&recorder, "taken"), 156.0 + 2416.0 + 48_120.0 + 10_164.0);
    // Without layers taken over there is one way to begin.
    run(&mut job, &mut recorder, &[("layers", "0")]);
    let keys = ["test_error", "tuned_error", "random_error", "nothing_error"];
    assert_eq!(keys.map(|key| number(&recorder, key)), [nothing; 4]);
    assert_eq!((recorder.parts, number(&recorder, "transfer_gain")), (parts, 0.0));
}

#[test]
fn sets_that_are_not_there_are_said_to_be_missing_and_a_rate_too_high_too() {
    let few = [("nets", "1"), ("steps", "10"), ("source", "mnist"), ("target", "fashion-mnist")];
    let mut recorder = Recorder { without: vec!["by_images"], ..Recorder::default() };
    run(&mut JobOf::default(), &mut recorder, &few);
    for set in ["MNIST", "Fashion-MNIST"] {
        let start = format!("These are generated digits, not {set}:");
        assert!(recorder.notices.iter().any(|said| said.starts_with(&start)), "{:?}", recorder.notices);
    }
    assert_eq!(recorder.about, ["source", "target"]);
    let mut recorder = Recorder { without: vec!["by_images"], ..Recorder::default() };
    run(&mut JobOf::default(), &mut recorder, &[("nets", "1"), ("steps", "20"), ("rate", "1")]);
    let error = &recorder.readouts["test_error"];
    assert!(!matches!(error, protocol::Readout::Number(x) if !x.is_finite()), "{error:?}");
}
