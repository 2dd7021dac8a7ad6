//! Figures of the other kinds of layers.

use std::f64::consts::{PI, TAU};

use figures::{Axis, Cells, Chart, ColourMap, ColourScale, Figure, Layer, Pixels, Role, Samples, Shape};

pub(crate) fn all() -> Vec<Figure> {
    vec![
        bars(),
        histogram(),
        shapes(),
        contours(),
        undefined(),
        categories(),
        images(),
        weights(),
        path(),
        arrows(),
        surface(),
        nothing(),
    ]
}

fn steps(low: f64, high: f64, count: u32) -> impl Iterator<Item = f64> + Clone {
    (0..=count).map(move |i| low + (high - low) * f64::from(i) / f64::from(count))
}

fn bars() -> Figure {
    let mut x = Axis::linear("layer", -0.5, 4.5);
    x.names = (0..5).map(|k| (f64::from(k), format!("W_{}", k + 1))).collect();
    let at = |k: u32, a: f64| (f64::from(k), a * (f64::from(k) + 0.6).sin(), 0.05 + 0.02 * f64::from(k));
    Chart::new("bars", x, Axis::linear("change of the loss when it is pruned", -1.0, 1.2))
        .bars_with_spread("by size", Role::Simulation, (0..5).map(|k| at(k, 1.0)))
        .bars_with_spread("by gradient", Role::Ordered, (0..5).map(|k| at(k, 0.7)))
        .bars("predicted", Role::Theory, (0..5).map(|k| (f64::from(k), 0.8 * (f64::from(k) + 0.6).sin())))
        .build()
}

fn histogram() -> Figure {
    let (low, high, n) = (0.0, 4.0, 32u32);
    let (a, b) = (0.343, 2.914);
    // Marchenko and Pastur 1967, ratio 1/2.
    let density = move |x: f64| if x > a && x < b { ((x - a) * (b - x)).sqrt() / (TAU * 0.5 * x) } else { 0.0 };
    let wobble = |i: u32| 1.0 + 0.12 * (7.0 * f64::from(i)).sin();
    let bin = (high - low) / f64::from(n);
    let heights = (0..n).map(move |i| density(low + bin * (f64::from(i) + 0.5)) * wobble(i));
    let (x, y) = (Axis::linear("eigenvalue λ", low, high), Axis::rounded_from_zero("density ρ(λ)", [0.95]));
    Chart::new("histogram", x, y)
        .histogram("20 nets, width 200", Role::Simulation, steps(low, high, n), heights)
        .line("theory", Role::Theory, steps(low, high, 400).map(move |x| (x, density(x))))
        .rule_at_x("λ_{+}", Role::Critical, b)
        .build()
}

fn shapes() -> Figure {
    let names = ["tree", "shuffled tree", "shallow", "tied", "random", "frozen"];
    let roles = [Role::Simulation, Role::Chaotic, Role::Ordered, Role::Accent, Role::Theory, Role::Critical];
    let (x, y) = (Axis::log("parameters N", 10.0, 1000.0), Axis::decades("error", [0.011, 0.9]));
    Chart::new("shapes", x, y)
        .dashed("slope N^{−1/2}", Role::Theory, [(10.0, 1.0), (1000.0, 0.1)])
        .with_each(names.into_iter().zip(roles).enumerate(), |chart, (k, (name, role))| {
            let at = move |i: u32| 10f64.powf(1.0 + f64::from(i) / 4.0);
            let error = move |i: u32| 0.9 * (k as f64 + 1.5).powf(-0.4 * f64::from(i) / 2.0);
            chart.line("", role, (0..9).map(move |i| (at(i), error(i)))).points_with_bars(
                name,
                role,
                (0..9).map(move |i| (at(i), error(i), 0.15 * error(i))),
            )
        })
        .build()
}

/// Two valleys and a saddle.
fn valleys(x: f64, y: f64) -> f64 {
    0.25 * (x * x - 1.0).powi(2) + 0.5 * (y - 0.3 * x).powi(2)
}

fn valley_cells(n: u32) -> Cells {
    Cells::from_fn((n, n), (-2.0, 2.0), (-2.0, 2.0), valleys)
}

fn valley_axes() -> (Axis, Axis) {
    (Axis::linear("first direction α", -2.0, 2.0), Axis::linear("second direction β", -2.0, 2.0))
}

/// Down the slope, with momentum.
fn descent() -> Vec<(f64, f64)> {
    let (mut p, mut v) = ((-1.8, 1.7), (0.0, 0.0));
    let mut way = vec![p];
    for _ in 0..120 {
        let (x, y) = p;
        let g = (x * (x * x - 1.0) - 0.3 * (y - 0.3 * x), y - 0.3 * x);
        v = (0.9 * v.0 - 0.02 * g.0, 0.9 * v.1 - 0.02 * g.1);
        p = (x + v.0, y + v.1);
        way.push(p);
    }
    way
}

fn contours() -> Figure {
    let (x, y) = valley_axes();
    Chart::new("contours", x, y)
        .contours("loss", Role::Neutral, valley_cells(80), [0.05, 0.1, 0.2, 0.5, 1.0, 2.0])
        .path("SGD with momentum", Role::Accent, descent())
        .points("minima", Role::Critical, [(1.0, 0.3), (-1.0, -0.3)])
        .shape(Shape::Cross)
        .square()
        .build()
}

fn undefined() -> Figure {
    let depth = |w: f64, b: f64| {
        let chi = 0.35 * w * w / (1.0 + b);
        if chi < 1.0 { -1.0 / chi.ln() } else { f64::NAN }
    };
    let cells = Cells::from_fn((60, 40), (0.5, 4.0), (0.0, 2.0), move |w, b| depth(w, b).log10());
    let colours = ColourScale::new("ξ_c, layers", ColourMap::Sequential, (-0.5, 2.0))
        .named([(0.0, "1"), (1.0, "10"), (2.0, "100")])
        .hatched("not defined");
    let (x, y) = (Axis::linear("weight scale σ_w", 0.5, 4.0), Axis::linear("bias scale σ_b", 0.0, 2.0));
    let boundary = Cells::from_fn((60, 40), (0.5, 4.0), (0.0, 2.0), |w, b| 0.35 * w * w / (1.0 + b));
    Chart::new("undefined", x, y)
        .heat(cells, colours)
        .boundary("χ_1 = 1", Role::Critical, boundary, 1.0)
        .handle_xy("sigma_w", "sigma_b", 2.0, 0.6)
        .build()
}

fn categories() -> Figure {
    let sign = |x: f64, y: f64, k: i32| f64::from(u8::from((x * f64::from(k)).sin() + y > 0.3 * f64::from(k) - 0.8));
    let cells = Cells::from_fn((300, 240), (-2.0, 2.0), (-2.0, 2.0), move |x, y| {
        sign(x, y, 1) + 2.0 * sign(-y, x, 2) + 4.0 * sign(y, x, 3)
    });
    let (x, y) = (Axis::linear("x_1", -2.0, 2.0), Axis::linear("x_2", -2.0, 2.0));
    let colours = ColourScale::new("region", ColourMap::Categories, (0.0, 7.0)).without_bar();
    Chart::new("categories", x, y)
        .heat(cells, colours)
        .line("f = 0", Role::Critical, steps(-2.0, 2.0, 80).map(|x| (x, 0.6 * (2.0 * x).sin())))
        .square()
        .build()
}

/// Something like digits: arcs and strokes of a pen.
fn images() -> Figure {
    let size = 28u32;
    let image = |k: u32| {
        (0..size * size).map(move |at| {
            let (x, y) = (f64::from(at % size) / 13.5 - 1.0, f64::from(at / size) / 13.5 - 1.0);
            let ring = ((x * 1.4).hypot(y) - 0.65).abs();
            let stroke = (x * (f64::from(k) * 0.6).cos() + y * (f64::from(k) * 0.6).sin()).abs();
            let far = match k % 3 {
                0 => ring,
                1 => stroke + (y.abs() - 0.7).max(0.0),
                _ => ring.min(stroke),
            };
            (255.0 * (1.0 - 7.0 * (far - 0.08).max(0.0)).clamp(0.0, 1.0)) as u8
        })
    };
    let pixels = Pixels::Bytes((0..10).flat_map(image).collect());
    let grey = ColourScale::new("ink", ColourMap::Grey, (0.0, 255.0)).without_bar();
    Chart::images("images")
        .image_grid((size, size), pixels, grey, (0..10).map(|k| format!("taken for a {k}")))
        .choosing(Some(3), "image")
        .build()
}

fn weights() -> Figure {
    let filter = |k: u32| {
        (0..49u32).map(move |at| {
            let (x, y) = (f64::from(at % 7) - 3.0, f64::from(at / 7) - 3.0);
            let turn = PI * f64::from(k) / 16.0;
            let along = x * turn.cos() + y * turn.sin();
            (1.1 * along).sin() * (-(x * x + y * y) / 9.0).exp()
        })
    };
    let pixels = Pixels::Numbers(Samples::from_f64((0..16).flat_map(filter)));
    let colours = ColourScale::new("weight w", ColourMap::Diverging, (-1.0, 1.0));
    Chart::images("weights").image_grid((7, 7), pixels, colours, [""; 0]).build()
}

fn path() -> Figure {
    let spiral = |t: f64| ((1.0 - t) * (2.5 * TAU * t).cos(), (1.0 - t) * (2.5 * TAU * t).sin());
    Chart::new("path", Axis::linear("w_1", -1.2, 1.2), Axis::linear("w_2", -1.2, 1.2))
        .path("gradient flow", Role::Theory, steps(0.0, 0.95, 400).map(spiral))
        .path("SGD", Role::Simulation, [(-1.0, 1.0), (-0.9, 0.2), (-0.4, 0.6), (-0.3, -0.2), (0.05, 0.1)])
        .square()
        .build()
}

fn arrows() -> Figure {
    let places = (0..15).flat_map(|i| (0..11).map(move |j| (f64::from(i) / 3.5 - 2.0, f64::from(j) / 2.5 - 2.0)));
    let field = |(x, y): (f64, f64)| ((x, y), (0.16 * y, 0.16 * (1.2 * (1.0 - x * x) * y - x) / 2.0));
    Chart::new("arrows", Axis::linear("position q", -2.4, 2.4), Axis::linear("momentum p", -2.4, 2.4))
        .arrows("Van der Pol's field", Role::Neutral, places.map(field))
        .path("one orbit", Role::Accent, descent())
        .build()
}

fn surface() -> Figure {
    let (x, y) = valley_axes();
    let colours = ColourScale::new("loss", ColourMap::Sequential, (0.0, 2.5));
    let way = descent();
    let lifted = way.iter().map(|(x, y)| [*x, *y, valleys(*x, *y).min(2.5)]);
    Chart::new("surface", x, y)
        .surface("", valley_cells(60), colours)
        .path3("SGD with momentum", Role::Accent, lifted)
        .points3("minima", Role::Critical, [[1.0, 0.3, 0.0], [-1.0, -0.3, 0.0]])
        .build()
}

fn nothing() -> Figure {
    let chart = Chart::empty("nothing", "There are no images: choose a data set above.");
    chart.layer(Layer::Probe).build()
}
