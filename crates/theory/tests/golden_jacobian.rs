//! The reference values of Jacobian spectra: every case of `jacobian.json`, every field, at the case's tolerance.

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use std::collections::BTreeMap;

use support::{Case, read_cases};
use theory::jacobian::{Ensemble, JacobianTheory, SlopeLaw, fuss_catalan_point};
use theory::{Activation, MeanField};

#[test]
fn golden_jacobian() {
    let mut checked: BTreeMap<String, (usize, f64)> = BTreeMap::new();
    let mut failures = Vec::new();
    for mut case in read_cases("jacobian.json") {
        let kind = case.kind().to_owned();
        match kind.as_str() {
            "moments" => moments(&mut case),
            "linear_gaussian_product" => linear_gaussian_product(&mut case),
            "bernoulli_edge" => bernoulli_edge(&mut case),
            "simulation" => simulation(&mut case),
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

fn ensemble(case: &mut Case) -> Ensemble {
    let key = case.text("weights");
    Ensemble::from_key(&key).unwrap_or_else(|| panic!("{}: unknown weights `{key}`", case.name()))
}

fn depth(case: &mut Case) -> u32 {
    let depth = case.number("L");
    assert!(depth >= 1.0 && depth.fract() == 0.0, "{}: the depth {depth} is no count", case.name());
    depth as u32
}

/// q* from the sigmas, if lengths have one limit; the case's own where any length stays as it is.
fn check_q_star(case: &mut Case, a: Activation, sigma_w: f64, sigma_b: f64) -> f64 {
    let q_star = case.number("q_star");
    let mean_field = MeanField::new(a, sigma_w, sigma_b).expect("the sigmas of a reference case are valid");
    let mapped = mean_field.length_map(q_star);
    case.check("q_star", Some(mapped));
    q_star
}

fn theory_of(case: &mut Case) -> JacobianTheory {
    let (a, ensemble, depth) = (activation(case), ensemble(case), depth(case));
    let (sigma_w, sigma_b) = (case.number("sigma_w"), case.number("sigma_b"));
    let q_star = check_q_star(case, a, sigma_w, sigma_b);
    JacobianTheory::new(a, q_star, sigma_w, depth, ensemble).expect("the parameters of a reference case are valid")
}

fn moments(case: &mut Case) {
    let theory = theory_of(case);
    case.check("mu_1", Some(theory.law().mu(1)));
    case.check("mu_2", Some(theory.law().mu(2)));
    case.check("chi", Some(theory.chi()));
    case.check("mean_sq_singular", Some(theory.mean()));
    case.check("variance", Some(theory.variance()));
    // The series of the S-transform is another route to both.
    let series = theory.moments(2);
    case.check("mean_sq_singular", Some(series[0]));
    let spread = series[1] - series[0] * series[0];
    let rounding = 1e-11 * series[1];
    if (spread - theory.variance()).abs() > rounding {
        case.fail("variance", &format!("{} from the series, {} from the formula", spread, theory.variance()));
    }
}

fn linear_gaussian_product(case: &mut Case) {
    let (depth, sigma_w) = (depth(case), case.number("sigma_w"));
    let theory = JacobianTheory::new(Activation::Linear, 1.0, sigma_w, depth, Ensemble::Gaussian).expect("valid");
    case.check_all("moments_1_to_6", &theory.moments(6));
    case.check("lambda_max", Some(theory.lambda_max()));
    case.check("s_max", Some(theory.lambda_max().sqrt()));
    case.check("variance", Some(theory.variance()));
    let parameters = case.numbers("phi").unwrap_or_else(|| panic!("{} has no `phi`", case.name()));
    let points: Vec<_> = parameters.iter().map(|&t| fuss_catalan_point(depth, t)).collect();
    case.check_all("lambda_", &points.iter().map(|point| point.lambda).collect::<Vec<_>>());
    case.check_all("density", &points.iter().map(|point| point.density).collect::<Vec<_>>());
    // The general solver knows nothing of the closed form.
    let spectrum = theory.spectrum().expect("the density of a linear network is resolved");
    let lambdas = case.numbers("lambda_").unwrap_or_else(|| panic!("{} has no `lambda_`", case.name()));
    case.check_all("density", &lambdas.iter().map(|&lambda| spectrum.density(lambda)).collect::<Vec<_>>());
}

fn bernoulli_edge(case: &mut Case) {
    let (a, ensemble, depth) = (activation(case), ensemble(case), depth(case));
    let (p, sigma_w) = (case.number("p"), case.number("sigma_w"));
    if let Some(sigma_b) = case.find_number("sigma_b") {
        let q_star = check_q_star(case, a, sigma_w, sigma_b);
        case.check("p", Some(SlopeLaw::new(a, q_star).expect("q* of a reference case is valid").mu(1)));
    }
    let law = SlopeLaw::zero_one(p).expect("p of a reference case is a probability");
    let theory = JacobianTheory::with_law(law, sigma_w, depth, ensemble).expect("valid");
    let lambda_max = theory.lambda_max();
    case.check("lambda_max", Some(lambda_max));
    case.check("s_max", Some(lambda_max.sqrt()));
    case.check("mean_sq_singular", Some(theory.mean()));
    case.check("variance", Some(theory.variance()));
    case.check("zero_atom", Some(theory.atom_at_zero()));
    let top = theory.atoms().into_iter().find(|atom| atom.lambda == lambda_max).map(|atom| atom.mass);
    // Where L (1 - p) is 1 the atom has just lost its mass, and rounding decides whether the reference still names it.
    let is_marginal = ensemble == Ensemble::Orthogonal && (1.0 - f64::from(depth) * (1.0 - p)).abs() < 1e-12;
    if is_marginal {
        assert!(top.unwrap_or(0.0) < 1e-12, "{}: an atom of mass {top:?}", case.name());
        assert!(matches!(case.text("regime").as_str(), "atom" | "bulk"));
        assert!(case.find_number("atom_mass_at_lambda_max").is_none_or(|mass| mass < 1e-12));
    } else {
        case.check_text("regime", if top.is_some() { "atom" } else { "bulk" });
        case.check("atom_mass_at_lambda_max", top);
    }
    // The density ends there too, or below the atom, unless the atoms are all there is.
    let spectrum = theory.spectrum().expect("resolved");
    let edge = spectrum.log_bands().last().map_or(f64::NAN, |band| band.1).exp();
    let bulk = 1.0 - theory.atom_at_zero() - top.unwrap_or(0.0);
    if top.is_none() || is_marginal {
        case.check("lambda_max", Some(edge));
    } else if bulk > 1e-12 && (edge.is_nan() || edge >= lambda_max) {
        case.fail("lambda_max", &format!("the bulk reaches {edge}, beyond the atom"));
    }
}

/// What theory says of the simulated cases; the simulation itself is repeated where the nets are.
fn simulation(case: &mut Case) {
    let theory = theory_of(case);
    let (mean, variance) = (theory.mean(), theory.variance());
    for (key, exact) in
        [("theory_mean", mean), ("theory_variance", variance), ("theory_lambda_max", theory.lambda_max())]
    {
        if let Some(reference) = case.find_number(key) {
            let error = (exact / reference - 1.0).abs();
            // The tolerance of the case is that of a simulation; these are closed forms.
            if error.is_nan() || error > 1e-7 {
                case.fail(key, &format!("expected {reference}, got {exact}"));
            }
        }
    }
    case.check("simulated_mean", Some(mean));
    case.check("simulated_variance", Some(variance));
    case.check("simulated_lambda_max", Some(theory.lambda_max()));
    for key in ["simulated_mean_per_draw", "simulated_variance_per_draw"] {
        let list = case.numbers(key).unwrap_or_default();
        case.check_count("n_draws", Some(list.len()));
    }
    assert!(case.number("width") > 0.0, "{}: no width", case.name());
}
