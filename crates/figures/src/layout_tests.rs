//! Words of typical figures lie on the canvas and apart from each other, from a telephone to a wall.

use crate::clip::Rect;
use crate::model::{Axis, ColourMap, ColourScale, Device, Figure, Layer, Role, Stroke, View};
use crate::pen::{Align, Op};
use crate::picture::Picture;
use crate::samples::Samples;
use crate::text::width;
use crate::theme::{Style, Theme};

fn figures() -> Vec<Figure> {
    let figure = |x, y, layers, view| Figure {
        id: "f".into(),
        title: String::new(),
        x,
        y,
        layers,
        view,
        alt: String::new(),
        note: None,
        device: Device::Theory,
    };
    let colours =
        |label: &str, names| ColourScale { names, ..ColourScale::new(label, ColourMap::Diverging, (-2.0, 2.0)) };
    let heat = |label: &str, names| Layer::Heat {
        columns: 2,
        values: Samples(vec![0.0; 4]),
        x: (0.0, 4.0),
        y: (0.0, 4.0),
        colours: colours(label, names),
    };
    let line = |name: &str| Layer::Line {
        name: name.into(),
        role: Role::Theory,
        stroke: Stroke::Solid,
        x: Samples(vec![0.0, 4.0]),
        y: Samples(vec![0.0, 4.0]),
    };
    let mut digits = Axis::linear("digit", -0.5, 9.5);
    digits.names = (0..10).map(|k| (f64::from(k), k.to_string())).collect();
    vec![
        figure(
            Axis::linear("weight scale σ_w", 0.0, 4.0),
            Axis::linear("bias scale σ_b", 0.0, 4.0),
            vec![heat("log χ_1", vec![(0.0, "critical".into())]), line("χ_1 = 1")],
            View::Plane,
        ),
        figure(digits.clone(), digits, vec![heat("correlation c after training", Vec::new())], View::Square),
        figure(
            Axis::linear("layer l", 0.0, 200.0),
            Axis::log("squared gradient norm, relative to the last layer", 1e-12, 10.0),
            vec![line("theory"), line("simulated, 20 nets"), line("exp(−l/ξ_c), the asymptote")],
            View::Plane,
        ),
    ]
}

/// Boxes of the words outside of the plot; those within may lie over the data.
fn boxes(figure: &Figure, size: (u32, u32), style: &Style) -> Vec<(String, Rect)> {
    let picture = Picture::new(figure, size, style);
    let plot = *picture.area().plot();
    let labels = picture.axes_ops().iter().filter_map(|op| match op {
        Op::Label { text, at, align, px, .. } => {
            let wide = width(text, *px);
            let left = match align {
                Align::Left => at.0,
                Align::Middle => at.0 - wide / 2.0,
                Align::Right => at.0 - wide,
            };
            // Between the foot of a letter and the head of a capital.
            let rect = Rect { left, top: at.1 - 0.4 * px, right: left + wide, bottom: at.1 + 0.5 * px };
            (!plot.contains(*at)).then(|| (text.clone(), rect))
        }
        _ => None,
    });
    labels.collect()
}

#[test]
fn words_lie_on_the_canvas_and_apart_from_300_to_2000_pixels() {
    for figure in figures() {
        for (width, height) in [(300, 220), (360, 300), (480, 320), (800, 500), (1280, 400), (2000, 1200)] {
            for (theme, text_px) in [(Theme::Light, 13.0), (Theme::Projector, 18.0)] {
                let style = Style { theme, text_px, ..Style::default() };
                let found = boxes(&figure, (width, height), &style);
                assert!(found.len() >= 6, "{} words at {width}: {found:?}", found.len());
                for (i, (text, a)) in found.iter().enumerate() {
                    let canvas = Rect { left: 0.0, top: 0.0, right: f64::from(width), bottom: f64::from(height) };
                    let inside = canvas.contains((a.left, a.top)) && canvas.contains((a.right, a.bottom));
                    assert!(inside, "{text:?} {a:?} beyond {width}×{height}, text {text_px}");
                    for (other, b) in &found[..i] {
                        let apart = a.left >= b.right || b.left >= a.right || a.top >= b.bottom || b.top >= a.bottom;
                        assert!(apart, "{text:?} on {other:?} at {width}×{height}, text {text_px}");
                    }
                }
            }
        }
    }
}

#[test]
fn square_plots_are_square_and_the_plot_takes_most_of_the_canvas() {
    for figure in figures() {
        for size in [(360, 300), (800, 500), (2000, 1200)] {
            let plot = *Picture::new(&figure, size, &Style::default()).area().plot();
            let share = plot.width() * plot.height() / f64::from(size.0 * size.1);
            match figure.view {
                View::Square => assert!((plot.width() - plot.height()).abs() < 1e-9, "{plot:?}"),
                _ => assert!(share > 0.45, "{share} of {size:?}"),
            }
        }
    }
}

/// At both ends of the rule a line goes to and fro across it, and leaves the middle free.
#[test]
fn a_name_stands_where_nothing_passes() {
    let mut figure = figures().remove(2);
    figure.y = Axis::linear("value", 0.0, 4.0);
    let x = (0..200_u8).map(|i| f32::from(i) + 0.5).collect::<Vec<_>>();
    let y = x.iter().enumerate().map(|(i, x)| match x {
        60.0..140.0 => 0.1,
        _ if i % 2 == 0 => 1.2,
        _ => 2.8,
    });
    let y = Samples(y.collect());
    figure.layers = vec![
        Layer::Line { name: "sawtooth".into(), role: Role::Theory, stroke: Stroke::Solid, x: Samples(x), y },
        Layer::Rule { name: "1/2".into(), role: Role::Theory, at: 2.0, upright: false },
    ];
    let picture = Picture::new(&figure, (800, 500), &Style::default());
    let named = picture.data_ops().iter().find_map(|op| match op {
        Op::Label { text, at, .. } if text == "1/2" => Some(*at),
        _ => None,
    });
    let (x, y) = named.unwrap();
    let (x, _) = picture.area().data_from_pixel(x, y).unwrap();
    assert!((60.0..140.0).contains(&x), "{x} {y} {:?}", picture.area().plot());
}
