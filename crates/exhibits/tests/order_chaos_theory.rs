//! What order-chaos says of theory alone: from the exhibit's own start, at every correlation, in every marginal case.

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use exhibits::new_job;
use figures::Layer;
use protocol::{Backend, Readout};
use theory::{Activation, CorrelationMap, MeanField};

use support::{Recorder, block_on, number, values_of};

fn run(settings: &[(&str, &str)]) -> Recorder {
    let small = [("width", "16"), ("nets", "1"), ("depth", "6"), ("n_inputs", "8")];
    let all = [&small[..], settings].concat();
    let mut recorder = Recorder { backend: Backend::Cpu, ..Recorder::default() };
    let mut job = new_job("order-chaos").expect("the first exhibit");
    block_on(job.run(&values_of("order-chaos", &all), &mut recorder)).expect("the job ends well");
    recorder
}

fn text(recorder: &Recorder, key: &str) -> String {
    match &recorder.readouts[key] {
        Readout::Text(text) | Readout::Undefined(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

/// A number as the page writes it.
fn written(text: &str) -> String {
    figures::format_number(text.parse().expect("a number"))
}

/// The theory half of the matrix.
fn predicted(settings: &[(&str, &str)]) -> (usize, impl Fn(usize, usize) -> f32) {
    let recorder = run(settings);
    let Layer::Heat { columns, values, .. } = &recorder.figures["correlation-matrix"].layers[0] else {
        panic!("a map")
    };
    let (n, values) = (*columns as usize, values.0.clone());
    // Below the diagonal: the column is less than the row.
    (n, move |i: usize, j: usize| values[i.max(j) * n + i.min(j)])
}

#[test]
fn the_matrix_is_right_at_every_pair() {
    let settings = [("activation", "sin"), ("sigma_w", "3"), ("sigma_b", "0"), ("layer", "6"), ("n_inputs", "128")];
    let (n, cell) = predicted(&settings);
    assert_eq!(n, 128);
    assert!((cell(0, 62) + 0.0209).abs() < 5e-5, "{}", cell(0, 62));
    // By the closed form c -> sigma_w^2 e^-q sinh(q c)/q', q' = sigma_w^2 (1 - e^-2q)/2, at all pairs.
    for apart in 1..=64 {
        let (mut c, mut q) = ((std::f64::consts::TAU * apart as f64 / 128.0).cos(), 1.0_f64);
        for _ in 0..6 {
            let next = 4.5 * (1.0 - (-2.0 * q).exp());
            c = 9.0 * (-q).exp() * (q * c).sinh() / next;
            q = next;
        }
        // Cells are in single precision, and a cosine's rounding grows by at most 4.5^6.
        assert!(
            (f64::from(cell(70, 70 - apart)) - c).abs() < 1e-6,
            "{apart} apart: {} against {c}",
            cell(70, 70 - apart)
        );
    }
}

/// Every activation, steep and flat maps: as the maps themselves say, one by one.
#[test]
fn the_matrix_follows_the_maps_of_any_activation() {
    for activation in Activation::ALL {
        for (sigma_w, sigma_b, q_0, layer) in [("3", "0", "1", 5), ("2", "0.3", "30", 6), ("1.2", "0.05", "0.01", 3)] {
            let layer_text = layer.to_string();
            let settings = [
                ("activation", activation.key()),
                ("sigma_w", sigma_w),
                ("sigma_b", sigma_b),
                ("q_0", q_0),
                ("layer", &layer_text),
                ("n_inputs", "50"),
            ];
            let (_, cell) = predicted(&settings);
            let number = |text: &str| text.parse::<f64>().expect("a number");
            let field = MeanField::new(activation, number(sigma_w), number(sigma_b)).expect("in range");
            let lengths = field.length_trajectory(number(q_0), layer);
            for apart in [1, 7, 13, 24, 25] {
                let mut c = (std::f64::consts::TAU * apart as f64 / 50.0).cos();
                for q in &lengths[..layer] {
                    c = CorrelationMap::new(&field, *q).map(c);
                }
                let found = f64::from(cell(49, 49 - apart));
                assert!(
                    (found - c).abs() < 1e-6,
                    "{activation} {sigma_w} {sigma_b} {q_0}, {apart} apart: {found} against {c}"
                );
            }
        }
    }
}

#[test]
fn what_is_said_of_lengths_follows_from_their_start() {
    let at = |activation, sigma_w, sigma_b, q_0| {
        run(&[("activation", activation), ("sigma_w", sigma_w), ("sigma_b", sigma_b), ("q_0", q_0)])
    };
    for (activation, sigma_w, sigma_b, q_0, q_star, border) in
        [("gelu", "1.6", "0.1", "0.1", 0.030_851, "0.5311"), ("silu", "1.7", "0.1", "0.3", 0.038_898, "0.7895")]
    {
        let recorder = at(activation, sigma_w, sigma_b, q_0);
        assert!((number(&recorder, "q_star") - q_star).abs() < 5e-7);
        assert_eq!(text(&recorder, "phase"), "ordered");
        let notice = &recorder.notices[0];
        assert!(notice.contains(&format!("From q₀ = {} it settles at", written(q_0))), "{notice}");
        assert!(notice.contains(&format!("from above {border} it grows without bound")), "{notice}");
        assert!(notice.contains("The phase map starts from q = 1, where it grows without bound."), "{notice}");
    }
    for (activation, sigma_w, sigma_b, q_0, border, below) in [
        ("gelu", "1.5", "0", "5", "1.402", "dies out"),
        ("silu", "1.6", "0", "5", "1.736", "dies out"),
        ("gelu", "1.43", "0", "20", "5.777", "dies out"),
        ("gelu", "1.5", "0.1", "3", "1.315", "settles at 0.02424"),
    ] {
        let recorder = at(activation, sigma_w, sigma_b, q_0);
        assert_eq!(text(&recorder, "phase"), "unbounded", "{activation} {sigma_w}");
        for key in ["q_star", "xi_c", "xi_q", "c_star"] {
            assert_eq!(text(&recorder, key), "from this q₀ lengths grow without bound", "{activation} {sigma_w}");
        }
        let notice = &recorder.notices[0];
        assert!(
            notice.contains(&format!(
                "From q₀ = {} it grows without bound; from below {border} it {below}",
                written(q_0)
            )),
            "{notice}"
        );
        assert!(notice.contains(&format!("The phase map starts from q = 1, where it {below}")), "{notice}");
    }
    // Where all starts end alike nothing is said of them.
    assert_eq!(run(&[]).notices, Vec::<String>::new());
    assert_eq!(at("gelu", "1.2", "0.3", "7").notices, Vec::<String>::new());
}

#[test]
fn marginal_cases_are_named() {
    for activation in ["relu", "leaky_relu", "linear"] {
        let sigma_w = match activation {
            "relu" => 2f64.sqrt(),
            "leaky_relu" => (2.0 / 1.01_f64).sqrt(),
            _ => 1.0,
        };
        let sigma_w = format!("{sigma_w:?}");
        let recorder = run(&[("activation", activation), ("sigma_w", &sigma_w), ("sigma_b", "0"), ("q_0", "5")]);
        assert_eq!(number(&recorder, "q_star"), 5.0, "{activation}");
        assert_eq!(text(&recorder, "phase"), "critical", "{activation}");
        let notice = &recorder.notices[0];
        assert!(notice.contains("Every length is a fixed point here"), "{notice}");
        if activation == "linear" {
            assert_eq!(text(&recorder, "c_star"), "every pair keeps its correlation");
            assert!(notice.contains("no single c*"), "{notice}");
        } else {
            assert_eq!(number(&recorder, "c_star"), 1.0, "{activation}");
        }
    }
    // At other weight scales as well.
    for sigma_w in ["0.5", "2"] {
        let recorder = run(&[("activation", "linear"), ("sigma_w", sigma_w), ("sigma_b", "0")]);
        assert_eq!(text(&recorder, "c_star"), "every pair keeps its correlation");
    }
}

#[test]
fn a_depth_scale_below_the_range_of_slopes_is_shown() {
    let recorder = run(&[("activation", "sin"), ("sigma_w", "20"), ("sigma_b", "20")]);
    assert!((number(&recorder, "xi_q") / 8.3751e-4 - 1.0).abs() < 1e-5);
}

/// A bias however small counts beside lengths as small: q = sigma_w^2 q + sigma_b^2, c = (sigma_w^2 q c + sigma_b^2)/q.
#[test]
fn a_tiny_bias_is_a_bias() {
    let recorder = run(&[("sigma_w", "0.5"), ("sigma_b", "1e-9"), ("c_0", "0.2"), ("depth", "120"), ("q_0", "0.001")]);
    let lines = recorder.figures["correlation-depth"].layers.iter().filter_map(|layer| match layer {
        Layer::Line { name, y, .. } if name == "with q = q* throughout" => y.0.get(3).copied(),
        _ => None,
    });
    let at_layer_3: Vec<f32> = lines.collect();
    // q* = sigma_b^2/(1 - 1/4): each layer takes a quarter of 1 - c.
    assert_eq!(at_layer_3.len(), 1);
    assert!((f64::from(at_layer_3[0]) - (1.0 - 0.8 / 64.0)).abs() < 1e-6, "{at_layer_3:?}");
}

#[test]
fn few_nets_have_no_gap_in_standard_errors() {
    assert_eq!(text(&run(&[("nets", "5")]), "gap_errors"), "needs 6 nets");
    assert!(number(&run(&[("nets", "6")]), "gap_errors") > 0.0);
}
