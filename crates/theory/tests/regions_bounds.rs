//! The bounds on numbers of regions, by a second route each.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use theory::regions::{
    Count, hanin_rolnick_growth, montufar_2014_lower, region_bounds, serra_2018_upper, zaslavsky, zaslavsky_bounded,
};

/// C(n, k) by Pascal's triangle.
fn choose(n: usize, k: usize) -> u128 {
    let mut row = vec![1_u128];
    for _ in 0..n {
        let inner = row.windows(2).map(|pair| pair[0] + pair[1]);
        row = std::iter::once(1).chain(inner).chain([1]).collect();
    }
    row.get(k).copied().unwrap_or(0)
}

/// The sum of Serra et al. term by term.
fn serra_by_enumeration(limit: usize, widths: &[usize]) -> u128 {
    let Some((&width, rest)) = widths.split_first() else { return 1 };
    (0..=limit.min(width)).map(|j| choose(width, j) * serra_by_enumeration(limit.min(width - j), rest)).sum()
}

#[test]
fn one_layer_by_recursion() {
    // A hyperplane more adds as many regions as it is cut into by the others.
    for n in 1..30 {
        for n_0 in 1..8 {
            let regions = |n: usize, n_0: usize| match (n, n_0) {
                (0, _) => 1,
                (_, 0) => 1,
                _ => zaslavsky(n, n_0).expect("in range").to_u64().expect("small"),
            };
            assert_eq!(regions(n, n_0), regions(n - 1, n_0) + regions(n - 1, n_0 - 1), "{n} {n_0}");
            assert_eq!(zaslavsky_bounded(n, n_0).expect("in range").to_string(), choose(n - 1, n_0).to_string());
        }
    }
}

#[test]
fn large_counts_keep_their_digits() {
    let bounds = region_bounds(2, &[1000, 1000]).expect("in range");
    assert_eq!(bounds.trivial_upper.to_string().len(), 603);
    assert!((bounds.trivial_upper.log10() - 2000.0 * std::f64::consts::LOG10_2).abs() < 1e-12 * 603.0);
    assert!(bounds.trivial_upper.to_f64().is_infinite());
    assert_eq!(bounds.trivial_upper.to_u64(), None);
    assert_eq!(bounds.serra_2018_upper.to_f64(), 500_501.0 * 500_501.0);
    // 2^96 has zeros within.
    let power = region_bounds(100, &[96]).expect("in range").trivial_upper;
    assert_eq!(power.to_string(), "79228162514264337593543950336");
    assert_eq!(power.to_f64(), libm::exp2(96.0));
    assert_eq!(Count::from(0).to_string(), "0");
    assert_eq!(Count::from(1_000_000_000_000_000_007).to_string(), "1000000000000000007");
    assert_eq!(format!("{:>5}", Count::from(42)), "   42");
    assert_eq!(Count::from(u64::MAX).to_u64(), Some(u64::MAX));
    assert!(Count::from(u64::MAX) < power && Count::from(3) > Count::from(2));
    // The largest task there is.
    assert!(region_bounds(1024, &[512, 512, 512, 512]).is_ok());
}

#[test]
fn growth_is_the_leading_term_of_one_layer() {
    let n = 2000;
    let exact = zaslavsky(n, 2).expect("in range").to_f64();
    // n^2/2 + n/2 + 1 against n^2/2.
    assert!((exact / hanin_rolnick_growth(2, n).expect("in range") - 1.0).abs() < 1.1 / n as f64);
    assert_eq!(hanin_rolnick_growth(5, 3).ok(), Some(8.0));
}

#[test]
fn bad_widths_are_refused() {
    for (n_0, widths) in [(0, vec![3]), (2, vec![]), (2, vec![3, 0]), (2, vec![2048, 1]), (usize::MAX, vec![3])] {
        assert!(region_bounds(n_0, &widths).is_err(), "{n_0} {widths:?}");
    }
    assert!(serra_2018_upper(2, &[usize::MAX, usize::MAX]).is_err());
    assert_eq!(montufar_2014_lower(3, &[2]).ok(), Some(None));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, rng_seed: RngSeed::Fixed(3), ..ProptestConfig::default() })]

    #[test]
    fn bounds_are_in_order(n_0 in 1..7_usize, widths in prop::collection::vec(1..13_usize, 1..5)) {
        let bounds = region_bounds(n_0, &widths).expect("in range");
        prop_assert_eq!(bounds.serra_2018_upper.to_string(), serra_by_enumeration(n_0, &widths).to_string());
        prop_assert!(bounds.serra_2018_upper <= bounds.montufar_2017_upper);
        prop_assert!(bounds.montufar_2017_upper <= bounds.trivial_upper);
        for lower in [&bounds.montufar_2014_lower, &bounds.serra_2018_lower].into_iter().flatten() {
            prop_assert!(*lower <= bounds.serra_2018_upper);
        }
        if let (Some(montufar), Some(serra)) = (&bounds.montufar_2014_lower, &bounds.serra_2018_lower) {
            prop_assert!(montufar <= serra);
        }
    }
}
