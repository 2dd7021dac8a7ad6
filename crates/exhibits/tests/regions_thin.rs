//! Regions are counted however thin they are.

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use exhibits::new_job;
use protocol::Backend;

use support::{Recorder, block_on, number, values_of};

/// Counts by rational numbers, by another program.
#[test]
fn as_many_as_in_rational_numbers() {
    let cases = [
        ([("width", "20"), ("layers", "4"), ("sigma_b", "1e-6"), ("seed", "17"), ("half_width", "1")], 4108.0),
        ([("width", "32"), ("layers", "3"), ("sigma_b", "1e-3"), ("seed", "14"), ("half_width", "1000")], 4915.0),
    ];
    for (settings, expected) in cases {
        let all = [&settings[..], &[("steps", "0")]].concat();
        let mut job = new_job("regions").expect("an exhibit");
        let mut recorder =
            Recorder { backend: Backend::Cpu, without: vec!["count-width", "count-depth"], ..Recorder::default() };
        block_on(job.run(&values_of("regions", &all), &mut recorder)).expect("the job ends well");
        assert_eq!(number(&recorder, "regions"), expected, "{settings:?}");
    }
}
