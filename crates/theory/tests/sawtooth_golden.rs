//! The reference values for depth separation: every case of `sawtooth.json`, every field, at the case's tolerance.

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use support::{Case, read_cases};
use theory::regions::region_bounds;
use theory::sawtooth::{
    PiecewiseLinear, ReluNet, SAME_SLOPE, alternating_errors, alternating_points, crossing_error, crossing_intervals,
    distance_from_square, lemma_2_1_error, min_errors, min_errors_dp, product, product_error, sawtooth_pieces,
    shallow_pieces, square, square_error, square_net, square_steps, tent_counts, tent_net, tent_power,
    tent_power_exact, theorem_1_1_error,
};

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|entry| entry.as_f64().expect("numbers")).collect()
}

#[test]
fn golden_sawtooth() {
    let mut checked: BTreeMap<String, (usize, f64)> = BTreeMap::new();
    let mut failures = Vec::new();
    for mut case in read_cases("sawtooth.json") {
        let kind = case.kind().to_owned();
        match kind.as_str() {
            "tent" => tent_case(&mut case),
            "telgarsky_bound" => telgarsky_case(&mut case),
            "regions" => regions_case(&mut case),
            "relu_net_1d" => relu_net_case(&mut case),
            "yarotsky_square" => square_case(&mut case),
            "yarotsky_product" => product_case(&mut case),
            "yarotsky_depth" => depth_case(&mut case),
            unknown => panic!("{}: the kind `{unknown}` is not known to this test", case.name()),
        }
        case.finish();
        let entry = checked.entry(kind).or_default();
        entry.0 += 1;
        entry.1 = entry.1.max(case.worst);
        failures.append(&mut case.failures);
    }
    for (kind, (count, worst)) in &checked {
        println!("{kind}: {count} cases, worst relative error {worst:.1e}");
    }
    assert!(failures.is_empty(), "{} values differ:\n{}", failures.len(), failures.join("\n"));
}

/// `"5/7"` or `"1"`.
fn fraction(value: &Value) -> (i64, u64) {
    let text = value.as_str().expect("a fraction");
    let (p, q) = text.split_once('/').unwrap_or((text, "1"));
    (p.parse().expect("a numerator"), q.parse().expect("a denominator"))
}

fn fractions(case: &mut Case, key: &str) -> Vec<(i64, u64)> {
    case.json(key).as_array().expect("a list").iter().map(fraction).collect()
}

fn written((p, q): (i64, u64)) -> String {
    if q == 1 { p.to_string() } else { format!("{p}/{q}") }
}

/// Pieces of a net are listed up to 2 to this power.
const MOST_LISTED: u32 = 16;

/// A whole number as the references write it.
fn whole(count: u128) -> Value {
    u64::try_from(count).map_or_else(|_| json!(count as f64), |count| json!(count))
}

/// The fraction of the smallest divisor that is this number.
fn fraction_of(x: f64) -> (i64, u64) {
    let of = |q: u64| ((x * q as f64).round() as i64, q);
    (1..=4096).map(of).find(|&(p, q)| p as f64 / q as f64 == x).expect("a simple fraction")
}

fn tent_case(case: &mut Case) {
    let k = case.power("k");
    let counts = tent_counts(k).expect("k is in range");
    case.check_same("pieces", &json!(counts.pieces));
    case.check_same("crossings_of_half", &json!(counts.crossings_of_half));
    case.check_same("classifier_intervals", &json!(counts.classifier_intervals));
    case.check_same("teeth", &json!(counts.teeth));
    case.check_same("max_abs_slope", &json!(counts.max_abs_slope));
    case.check_same("alternating_points", &json!(counts.alternating_points));

    // The second route: the counts of the net, while they can be listed.
    if k > MOST_LISTED {
        return;
    }
    let pieces = PiecewiseLinear::of_net(&tent_net(k).expect("k is in range"), 0.0, 1.0, 2 << k).expect("few pieces");
    let crossings = pieces.crossings(0.5);
    case.check_same("pieces", &json!(pieces.n_pieces()));
    case.check_same("pieces", &json!(pieces.merged(SAME_SLOPE).n_pieces()));
    case.check_same("crossings_of_half", &json!(crossings.len()));
    case.check_same("classifier_intervals", &json!(crossings.len() + 1));
    case.check_same("teeth", &json!(pieces.y().iter().filter(|&&y| y == 1.0).count()));
    case.check_list("max_abs_slope", &[pieces.max_abs_slope()]);
    assert_eq!(alternating_errors(k, |x| pieces.eval(x)).expect("k is in range"), 0);
    assert_eq!(alternating_points(k).expect("k is in range").count() as u64, counts.alternating_points);

    let x = case.list("x");
    let values: Vec<f64> = x.iter().map(|&x| tent_power(k, x).expect("k is in range")).collect();
    case.check_list("value", &values);
    let exact = fractions(case, "x_exact");
    for (&(p, q), &x) in exact.iter().zip(&x) {
        assert_eq!(p as f64 / q as f64, x, "x and x_exact are the same");
    }
    let values: Vec<String> =
        exact.iter().map(|&(p, q)| written(tent_power_exact(k, p, q).expect("k is in range"))).collect();
    case.check_same("value_exact", &json!(values));
}

fn telgarsky_case(case: &mut Case) {
    let (k, m, l) = (case.power("k"), case.whole("m"), case.power("l"));
    case.check_same("n", &json!(1_u64 << k));
    let pieces = sawtooth_pieces(m, l);
    case.check_same("sawtooth_pieces", &whole(pieces));
    let lemma = lemma_2_1_error(k, pieces).expect("k is in range");
    case.check_list("telgarsky_lemma21", &[lemma]);
    let (p, q) = fraction(&case.json("telgarsky_lemma21_exact"));
    // The quotient of whole numbers below 2^53 is correctly rounded.
    case.check_list("telgarsky_lemma21", &[p as f64 / q as f64]);
    let theorem = theorem_1_1_error(k, m, l).expect("k is in range");
    case.check_same("theorem_1_1_applies", &json!(theorem.is_some()));
    case.check_same("theorem_1_1_error", &json!(theorem));
    let intervals = crossing_intervals(pieces);
    case.check_same("crossing_intervals", &whole(intervals));
    case.check_list("crossing_bound", &[crossing_error(k, intervals).expect("k is in range")]);
    if case.has("min_errors_dp") {
        let labels: Vec<bool> = alternating_points(k).expect("k is in range").map(|(_, label)| label).collect();
        let n_intervals = usize::try_from(intervals).expect("a small count");
        case.check_same("min_errors_dp", &json!(min_errors_dp(&labels, n_intervals).expect("a small task")));
        case.check_same("min_errors_dp", &json!(min_errors(k, intervals).expect("k is in range")));
    }
    if case.has("one_hidden_layer_crossing_bound") {
        assert_eq!(l, 1, "one hidden layer");
        let intervals = crossing_intervals(shallow_pieces(m));
        case.check_list("one_hidden_layer_crossing_bound", &[crossing_error(k, intervals).expect("k is in range")]);
    }
}

fn regions_case(case: &mut Case) {
    let n_0 = usize::try_from(case.whole("n0")).expect("a small count");
    let widths: Vec<usize> = case.list("widths").iter().map(|&width| width as usize).collect();
    let bounds = region_bounds(n_0, &widths).expect("widths in range");
    let text = |count: &Option<theory::regions::Count>| json!(count.as_ref().map(ToString::to_string));
    case.check_same("montufar2014_lower", &text(&bounds.montufar_2014_lower));
    case.check_same("serra2018_lower", &text(&bounds.serra_2018_lower));
    case.check_same("serra2018_upper", &json!(bounds.serra_2018_upper.to_string()));
    case.check_same("montufar2017_upper", &json!(bounds.montufar_2017_upper.to_string()));
    case.check_same("trivial_upper", &json!(bounds.trivial_upper.to_string()));
    if case.has("one_layer_exact") {
        case.check_same("one_layer_exact", &text(&bounds.one_layer_exact));
        case.check_same("one_layer_bounded_regions", &text(&bounds.one_layer_bounded));
    }
}

fn relu_net_case(case: &mut Case) {
    let widths: Vec<usize> = case.list("widths").iter().map(|&width| width as usize).collect();
    let lists = |value: Value| value.as_array().expect("a list of layers").clone();
    let rows = |layer: &Value| layer.as_array().expect("rows").iter().flat_map(numbers).collect::<Vec<f64>>();
    let weights = lists(case.json("W"));
    let biases = lists(case.json("b"));
    let hidden = weights.iter().zip(&biases).map(|(w, b)| (rows(w), numbers(b))).collect();
    let net = ReluNet::new(1, hidden, case.list("v"), 0.0).expect("a valid net");
    assert_eq!(net.widths(), widths);
    let interval = case.list("interval");
    let pieces = PiecewiseLinear::of_net(&net, interval[0], interval[1], 1000).expect("few pieces");
    case.check_same("activation_regions", &json!(pieces.n_pieces()));
    let merged = pieces.merged(SAME_SLOPE);
    case.check_same("affine_pieces_of_output", &json!(merged.n_pieces()));
    // The reference lists the ends of regions or those of affine pieces; where the counts agree, both are the same.
    let listed = case.list("breakpoints").len();
    let lists = [pieces.breakpoints(), merged.breakpoints()];
    assert!(lists.iter().any(|list| list.len() == listed), "{}: {listed} breakpoints", case.name());
    for list in lists.iter().filter(|list| list.len() == listed) {
        case.check_list("breakpoints", list);
    }
    let bounds = region_bounds(1, &widths).expect("widths in range");
    case.check_same("upper_bound", &json!(bounds.serra_2018_upper.to_string()));
}

fn square_case(case: &mut Case) {
    let m = case.power("m");
    case.check_list("sup_error", &[square_error(m).expect("m is in range")]);
    let x = case.list("x");
    case.check_list("f", &x.iter().map(|&x| square(m, x).expect("m is in range")).collect::<Vec<_>>());
    // f_m(p/q) = (p 4^m - sum_s tent_s(p) 4^(m-s))/(q 4^m), tent_s(p) over the same q; at most 2^24 times small numbers.
    let exact: Vec<String> = fractions(case, "f_exact").iter().map(|&f| written(f)).collect();
    let from: Vec<(i64, u64)> = x.iter().map(|&x| fraction_of(x)).collect();
    let values: Vec<String> = from
        .iter()
        .map(|&(p, q)| {
            let mut sum = i128::from(p) << (2 * m);
            for s in 1..=m {
                let (tent, divisor) = tent_power_exact(s, p, q).expect("s is in range");
                sum -= (i128::from(tent) * i128::from(q / divisor)) << (2 * (m - s));
            }
            let reduced = i64::try_from(sum).expect("small");
            written(tent_power_exact(0, reduced, q << (2 * m)).expect("small"))
        })
        .collect();
    assert_eq!(values, exact, "{}", case.name());

    // The second route: the pieces of the net, and where its error is.
    let net = square_net(m).expect("m is in range");
    if m <= MOST_LISTED {
        let pieces = PiecewiseLinear::of_net(&net, 0.0, 1.0, 2 << m).expect("few pieces");
        case.check_same("pieces", &json!(pieces.n_pieces()));
        case.check_list("sup_error", &[distance_from_square(&pieces)]);
    }
    case.check_list("f", &x.iter().map(|&x| net.eval(&[x]).expect("one input")).collect::<Vec<_>>());
    case.check_same("argmax", &json!("midpoints (2i+1)/2^(m+1)"));
    for i in 0..1_u32 << m.min(MOST_LISTED) {
        let x = f64::from(2 * i + 1) / f64::from(2_u32 << m);
        case.check_list("sup_error", &[square(m, x).expect("m is in range") - x * x]);
    }
}

fn product_case(case: &mut Case) {
    let (m, m_bound) = (case.power("m"), case.number("M"));
    let (x, y) = (case.list("x"), case.list("y"));
    let values: Vec<f64> = x.iter().zip(&y).map(|(&x, &y)| product(m, m_bound, x, y).expect("in range")).collect();
    case.check_list("value", &values);
    let error = product_error(m, m_bound).expect("in range");
    case.check_list("error_bound", &[error]);
    // Attained at x = y = M 2^-m.
    let x = m_bound / f64::from(1_u32 << m);
    let attained = (product(m, m_bound, x, x).expect("in range") - x * x).abs();
    case.check_list("sup_error", &[attained]);
}

fn depth_case(case: &mut Case) {
    let epsilon = case.number("epsilon");
    let (p, q) = fraction(&case.json("epsilon_exact"));
    assert_eq!(p as f64 / q as f64, epsilon);
    let m = square_steps(epsilon).expect("in range");
    case.check_same("min_m", &json!(m));
    case.check_list("achieved", &[square_error(m).expect("in range")]);
}
