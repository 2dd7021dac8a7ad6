//! The mean-field reference values: every case of `mean_field.json`, every field, at the case's tolerance.

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use std::collections::BTreeMap;

use support::{Case, read_cases};
use theory::{
    Activation, CorrelationMap, LengthFixedPoint, LengthRoots, MeanField, critical_line, e_dphi, e_dphi_dphi, e_dphi2,
    e_dphi4, e_phi, e_phi_phi, e_phi2,
};

#[test]
fn golden_mean_field() {
    let mut checked: BTreeMap<String, (usize, f64)> = BTreeMap::new();
    let mut failures = Vec::new();
    for mut case in read_cases("mean_field.json") {
        let kind = case.kind().to_owned();
        match kind.as_str() {
            "expectation" => expectation(&mut case),
            "pair_expectation" => pair_expectation(&mut case),
            "pair_expectation_unequal" => pair_expectation_unequal(&mut case),
            "fixed_point" => fixed_point(&mut case),
            "critical_line" => critical_point(&mut case),
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

fn activation(case: &mut Case) -> Activation {
    let key = case.text("activation");
    Activation::from_key(&key).unwrap_or_else(|| panic!("{}: unknown activation `{key}`", case.name()))
}

fn expectation(case: &mut Case) {
    let (a, q) = (activation(case), case.number("q"));
    case.check("E_phi", Some(e_phi(a, q)));
    case.check("E_phi2", Some(e_phi2(a, q)));
    case.check("E_dphi", Some(e_dphi(a, q)));
    case.check("E_dphi2", Some(e_dphi2(a, q)));
    case.check("E_dphi4", Some(e_dphi4(a, q)));
}

fn correlations(case: &mut Case) -> Vec<f64> {
    case.numbers("c").unwrap_or_else(|| panic!("{} has no `c`", case.name()))
}

fn pair_expectation(case: &mut Case) {
    let (a, q, cs) = (activation(case), case.number("q"), correlations(case));
    case.check_all("E_phi_phi", &cs.iter().map(|&c| e_phi_phi(a, q, q, c)).collect::<Vec<_>>());
    case.check_all("E_dphi_dphi", &cs.iter().map(|&c| e_dphi_dphi(a, q, q, c)).collect::<Vec<_>>());
}

fn pair_expectation_unequal(case: &mut Case) {
    let (a, q1, q2, cs) = (activation(case), case.number("q1"), case.number("q2"), correlations(case));
    case.check_all("E_phi_phi", &cs.iter().map(|&c| e_phi_phi(a, q1, q2, c)).collect::<Vec<_>>());
    case.check_all("E_dphi_dphi", &cs.iter().map(|&c| e_dphi_dphi(a, q1, q2, c)).collect::<Vec<_>>());
}

fn fixed_point(case: &mut Case) {
    let a = activation(case);
    let (sigma_w, sigma_b) = (case.number("sigma_w"), case.number("sigma_b"));
    let mean_field = MeanField::new(a, sigma_w, sigma_b).expect("the sigmas of a reference case are valid");
    let q0 = case.find_number("q0").unwrap_or(1.0);
    let c0 = case.find_number("c0").unwrap_or(0.6);

    let summary = mean_field.summary_from(q0);
    let status = match summary.fixed_point {
        LengthFixedPoint::Finite { .. } => "finite",
        LengthFixedPoint::Zero => "zero",
        LengthFixedPoint::Diverges => "diverges",
        LengthFixedPoint::Marginal { .. } => "marginal",
    };
    case.check_text("status", status);
    case.check_text("phase", summary.phase.key());
    case.check("q_star", summary.q_star);
    case.check("chi_1", summary.chi_1);
    case.check("chi_q", summary.chi_q);
    case.check("c_star", summary.c_star);
    case.check("chi_c_star", summary.chi_c_star);
    case.check("xi_q", summary.xi_q.layers());
    case.check("xi_c", summary.xi_c.layers());
    let n_roots = match mean_field.length_roots() {
        LengthRoots::Of(roots) => Some(roots.len()),
        LengthRoots::EveryLength => None,
    };
    case.check_count("n_fixed_points", n_roots);

    if let Some(depth) = case.numbers("q_trajectory").map(|list| list.len() - 1) {
        case.check_all("q_trajectory", &mean_field.length_trajectory(q0, depth));
    }
    let map = CorrelationMap::new(&mean_field, summary.q_star.unwrap_or(q0));
    if let Some(depth) = case.numbers("c_trajectory").map(|list| list.len() - 1) {
        case.check_all("c_trajectory", &map.trajectory(c0, depth));
    }
    // Without c* (and for the relative form with c* = 0) there is no such layer.
    let within = |distance: fn(f64) -> f64| {
        let c_star = summary.c_star?;
        (distance(c_star) > 0.0).then(|| first_layer_within(&map, c0, c_star, distance(c_star))).flatten()
    };
    case.check_count("layers_abs", within(|_| 0.01));
    case.check_count("layers_rel", within(|c_star| 0.01 * c_star));
}

/// The least l with |c_l - c*| <= distance.
fn first_layer_within(map: &CorrelationMap, c0: f64, c_star: f64, distance: f64) -> Option<usize> {
    let mut c = c0;
    (0..1_000_000).find(|_| {
        let is_within = (c - c_star).abs() <= distance;
        c = map.map(c);
        is_within
    })
}

fn critical_point(case: &mut Case) {
    let (a, sigma_b) = (activation(case), case.number("sigma_b"));
    let point = critical_line(a, sigma_b);
    case.check("sigma_w", point.map(|point| point.sigma_w));
    case.check("q_star", point.map(|point| point.q_star));
    case.check("chi_q", point.map(|point| point.chi_q));
}
