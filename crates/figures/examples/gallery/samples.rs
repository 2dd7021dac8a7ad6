//! Figures like those of the exhibits, from simple formulas.

use std::f64::consts::{PI, TAU};

use figures::{Axis, ColourMap, ColourScale, Device, Figure, Layer, Role, Samples, Stroke, View};

pub(crate) fn all() -> Vec<Figure> {
    vec![phase(), correlation_depth(), cobweb(), matrix(), manifold(), gradient(), empty()]
}

fn figure(id: &str, x: Axis, y: Axis, view: View, layers: Vec<Layer>) -> Figure {
    Figure {
        id: id.into(),
        title: id.into(),
        x,
        y,
        layers,
        view,
        alt: "A figure of the gallery".into(),
        note: None,
        device: Device::Theory,
    }
}

fn line(name: &str, role: Role, stroke: Stroke, points: impl Iterator<Item = (f64, f64)>) -> Layer {
    let (x, y): (Vec<f64>, Vec<f64>) = points.unzip();
    Layer::Line { name: name.into(), role, stroke, x: Samples::from_f64(x), y: Samples::from_f64(y) }
}

fn steps(low: f64, high: f64, count: u32) -> impl Iterator<Item = f64> + Clone {
    (0..=count).map(move |i| low + (high - low) * f64::from(i) / f64::from(count))
}

/// A plausible map: log chi grows with sigma_w and falls with sigma_b.
fn log_chi(w: f64, b: f64) -> f64 {
    (w * w / (1.0 + 0.55 * (w * w + 1.5 * b * b).sqrt() * 0.6 + 0.5 * b)).ln()
}

fn phase() -> Figure {
    let (columns, rows) = (300u32, 250u32);
    let (x, y) = ((0.1, 4.0), (0.0, 2.0));
    let values = (0..rows).flat_map(|j| {
        (0..columns).map(move |i| {
            let w = x.0 + (x.1 - x.0) * (f64::from(i) + 0.5) / f64::from(columns);
            let b = y.0 + (y.1 - y.0) * (f64::from(j) + 0.5) / f64::from(rows);
            log_chi(w, b)
        })
    });
    let heat = Layer::Heat {
        columns,
        values: Samples::from_f64(values),
        x,
        y,
        colours: ColourScale::new("log χ₁", ColourMap::Diverging, (-2.0, 2.0)).named([
            (-2.0, "−2"),
            (-1.0, "−1"),
            (0.0, "critical"),
            (1.0, "1"),
            (2.0, "2"),
        ]),
    };
    let critical = steps(0.0, 2.0, 200).filter_map(|b| {
        let mut w = 0.2;
        while log_chi(w, b) < 0.0 && w < 4.0 {
            w += 0.002;
        }
        (w < 4.0).then_some((w, b))
    });
    let layers = vec![
        heat,
        line("χ_1 = 1", Role::Critical, Stroke::Solid, critical),
        Layer::Text { text: "ordered".into(), role: Role::Ordered, x: 0.7, y: 1.3 },
        Layer::Text { text: "chaotic".into(), role: Role::Chaotic, x: 3.0, y: 0.6 },
        Layer::Handle { x: 2.1, y: 0.3, x_control: "sigma_w".into(), y_control: "sigma_b".into() },
    ];
    figure(
        "phase",
        Axis::linear("weight scale σ_w", x.0, x.1),
        Axis::linear("bias scale σ_b", y.0, y.1),
        View::Plane,
        layers,
    )
}

fn correlation_depth() -> Figure {
    let fixed = 0.55;
    let mut layers = Vec::new();
    for (k, start) in [0.0, 0.2, 0.4, 0.7, 0.9, 0.99].into_iter().enumerate() {
        let at = move |l: f64| fixed + (start - fixed) * (-l / 9.0).exp();
        layers.push(Layer::Band {
            name: String::new(),
            role: Role::Simulation,
            x: Samples::from_f64(steps(0.0, 50.0, 50)),
            low: Samples::from_f64(steps(0.0, 50.0, 50).map(move |l| at(l) - 0.015)),
            high: Samples::from_f64(steps(0.0, 50.0, 50).map(move |l| at(l) + 0.015)),
        });
        layers.push(line("theory", Role::Theory, Stroke::Solid, steps(0.0, 50.0, 1000).map(move |l| (l, at(l)))));
        let wobble = move |l: f64| 0.012 * (7.3 * l + k as f64).sin();
        layers.push(Layer::Points {
            name: "simulated, 20 nets".into(),
            role: Role::Simulation,
            x: Samples::from_f64(steps(0.0, 50.0, 25)),
            y: Samples::from_f64(steps(0.0, 50.0, 25).map(move |l| at(l) + wobble(l))),
            spread: Samples::from_f64(steps(0.0, 50.0, 25).map(move |l| 0.02 + 0.01 * (3.0 * l).cos().abs())),
            shape: None,
        });
    }
    let rate = steps(0.0, 50.0, 400).map(move |l| (l, fixed + 0.45 * (-l / 9.0).exp()));
    layers.push(line("exp(−l/ξ_c)", Role::Accent, Stroke::Dashed, rate));
    layers.push(Layer::Rule { name: "c*".into(), role: Role::Critical, at: fixed, upright: false });
    layers.push(Layer::Rule { name: "ξ_c = 9.0".into(), role: Role::Neutral, at: 9.0, upright: true });
    let (x, y) = (Axis::linear("layer l", 0.0, 50.0), Axis::linear("correlation of two inputs c^{(l)}", 0.0, 1.0));
    figure("correlation-depth", x, y, View::Plane, layers)
}

fn cobweb() -> Figure {
    let map = |c: f64| 0.12 + 0.55 * c + 0.33 * c.powi(4);
    let mut c = 0.05;
    let mut web = vec![(c, 0.0)];
    for _ in 0..24 {
        web.extend([(c, map(c)), (map(c), map(c))]);
        c = map(c);
    }
    let layers = vec![
        line("", Role::Neutral, Stroke::Thin, steps(0.0, 1.0, 1).map(|c| (c, c))),
        line("cobweb", Role::Accent, Stroke::Thin, web.into_iter()),
        line("c ↦ f(c)", Role::Theory, Stroke::Solid, steps(0.0, 1.0, 400).map(move |c| (c, map(c)))),
        Layer::Points {
            name: "c* = 0.303".into(),
            role: Role::Critical,
            x: Samples(vec![0.303]),
            y: Samples(vec![0.303]),
            spread: Samples::default(),
            shape: None,
        },
        Layer::Handle { x: 0.05, y: 0.0, x_control: "c0".into(), y_control: String::new() },
    ];
    let (x, y) = (Axis::linear("correlation at layer l", 0.0, 1.0), Axis::linear("at layer l + 1", 0.0, 1.0));
    figure("correlation-map", x, y, View::Square, layers)
}

fn matrix() -> Figure {
    let n = 64u32;
    let values = (0..n).flat_map(|j| {
        (0..n).map(move |i| (TAU * f64::from(i32::abs_diff(i as i32, j as i32)) / f64::from(n)).cos().powi(3))
    });
    let heat = Layer::Heat {
        columns: n,
        values: Samples::from_f64(values),
        x: (-0.5, 63.5),
        y: (-0.5, 63.5),
        colours: ColourScale::new("correlation c", ColourMap::Sequential, (-1.0, 1.0)),
    };
    let mut x = Axis::linear("input", -0.5, 63.5);
    x.names =
        [(0.0, "0°"), (16.0, "90°"), (32.0, "180°"), (48.0, "270°")].map(|(at, name)| (at, name.to_owned())).to_vec();
    let mut y = x.clone();
    y.label = "input".into();
    figure("correlation-matrix", x, y, View::Square, vec![heat])
}

fn manifold() -> Figure {
    let points = steps(0.0, 1.0, 500).flat_map(|t| {
        let a = TAU * t;
        [
            2.0 * a.cos() + 0.4 * (3.0 * a).cos(),
            1.5 * a.sin() + 0.5 * (5.0 * a).sin(),
            0.7 * (2.0 * a + PI / 5.0).sin() + 0.4 * (7.0 * a).cos(),
        ]
    });
    let mut x = Axis::linear("three principal components", 0.0, 1.0);
    x.names = (0..3).map(|k| (f64::from(k), format!("PC {}", k + 1))).collect();
    let curve = Layer::Curve3 { name: "circle at layer 8".into(), points: Samples::from_f64(points), closed: true };
    figure("manifold", x, Axis::linear("", 0.0, 1.0), View::Orbit, vec![curve])
}

fn gradient() -> Figure {
    let at = |l: f64, xi: f64| (-(50.0 - l) / xi).exp();
    let mut layers = vec![Layer::Band {
        name: "20 nets".into(),
        role: Role::Simulation,
        x: Samples::from_f64(steps(1.0, 50.0, 49)),
        low: Samples::from_f64(steps(1.0, 50.0, 49).map(|l| 0.6 * at(l, 4.5))),
        high: Samples::from_f64(steps(1.0, 50.0, 49).map(|l| 1.7 * at(l, 4.5))),
    }];
    layers.push(line("theory χ_1^{L−l}", Role::Theory, Stroke::Solid, steps(1.0, 50.0, 300).map(|l| (l, at(l, 4.5)))));
    layers.push(Layer::Points {
        name: "20 nets".into(),
        role: Role::Simulation,
        x: Samples::from_f64(steps(1.0, 50.0, 49)),
        y: Samples::from_f64(steps(1.0, 50.0, 49).map(|l| at(l, 4.5) * (1.0 + 0.2 * (5.0 * l).sin()))),
        spread: Samples::from_f64(steps(1.0, 50.0, 49).map(|l| 0.3 * at(l, 4.5))),
        shape: None,
    });
    let (x, y) =
        (Axis::linear("layer l", 1.0, 50.0), Axis::log("squared gradient norm, relative to the last layer", 1e-5, 2.0));
    figure("gradient-depth", x, y, View::Plane, layers)
}

fn empty() -> Figure {
    let mut figure = figure(
        "empty",
        Axis::linear("layer l", 0.0, 50.0),
        Axis::linear("length q", 0.0, 3.0),
        View::Plane,
        Vec::new(),
    );
    figure.note =
        Some("No fixed point: for relu with σ_w² > 2 the length grows without bound. Try a smaller σ_w.".into());
    figure
}
