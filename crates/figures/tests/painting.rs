//! Whatever a figure holds, painting it neither panics nor leaves the plot.

mod common;

use common::{Call, Recorder};
use figures::{
    Axis, Cells, Chart, ColourMap, ColourScale, Device, Figure, Layer, PaintError, Picture, Pixels, PlotArea, Role,
    Samples, Scale, Shape, Stroke, Style, Theme, View, choice_at, csv, hair_at, heat_images, places, values_at,
};
use plotters::drawing::IntoDrawingArea;
use proptest::prelude::*;

fn data_calls(figure: &Figure, size: (u32, u32), style: &Style) -> Result<Vec<Call>, PaintError> {
    let mut calls = Vec::new();
    let area = Recorder { size, calls: &mut calls }.into_drawing_area();
    let picture = Picture::new(figure, size, style);
    picture.paint_data(&area)?;
    picture.paint_handles(&area)?;
    drop(area);
    Ok(calls)
}

fn axes_key(figure: &Figure, size: (u32, u32), style: &Style) -> u64 {
    Picture::new(figure, size, style).axes_key()
}

fn axes_calls(figure: &Figure, size: (u32, u32), style: &Style) -> Result<Vec<Call>, PaintError> {
    let mut calls = Vec::new();
    let area = Recorder { size, calls: &mut calls }.into_drawing_area();
    Picture::new(figure, size, style).paint_axes(&area)?;
    drop(area);
    Ok(calls)
}

/// Ordinary numbers, numbers beyond the axes, and everything that is not one.
fn odd_f64() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => -2.0..3.0f64,
        2 => prop::sample::select(vec![0.0, -0.0, 1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
        1 => prop::sample::select(vec![f64::MAX, f64::MIN, f64::MIN_POSITIVE, 1e-320, 1e16]),
        1 => any::<f64>(),
    ]
}

fn samples() -> impl Strategy<Value = Samples> {
    prop::collection::vec(odd_f64().prop_map(|v| v as f32), 0..40).prop_map(Samples)
}

fn role() -> impl Strategy<Value = Role> {
    prop::sample::select(vec![
        Role::Theory,
        Role::Simulation,
        Role::Accent,
        Role::Ordered,
        Role::Critical,
        Role::Neutral,
    ])
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zσχ_^{}* 0-9]{0,24}",
        Just(String::new()),
        Just("a rather long name that has to be cut somewhere".into())
    ]
}

fn axis() -> impl Strategy<Value = Axis> {
    let names = prop::collection::vec((odd_f64(), word()), 0..4);
    let names = prop_oneof![3 => Just(Vec::new()), 1 => names];
    (word(), any::<bool>(), odd_f64(), odd_f64(), names).prop_map(|(label, log, low, high, names)| Axis {
        label,
        scale: if log { Scale::Log } else { Scale::Linear },
        range: (low, high),
        names,
    })
}

fn colours() -> impl Strategy<Value = ColourScale> {
    let names = prop::collection::vec((odd_f64().prop_map(|v| v as f32), word()), 0..3);
    let map = prop::sample::select(vec![
        ColourMap::Sequential,
        ColourMap::Diverging,
        ColourMap::Grey,
        ColourMap::Tints,
        ColourMap::Categories,
    ]);
    (word(), map, odd_f64(), odd_f64(), names, any::<bool>(), word()).prop_map(
        |(label, map, low, high, names, bar, undefined)| ColourScale {
            label,
            map,
            range: (low as f32, high as f32),
            names,
            bar,
            undefined,
        },
    )
}

fn cells() -> impl Strategy<Value = Cells> {
    (0..7u32, samples(), (odd_f64(), odd_f64()), (odd_f64(), odd_f64())).prop_map(|(columns, values, x, y)| Cells {
        columns,
        values,
        x,
        y,
    })
}

fn pixels() -> impl Strategy<Value = Pixels> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..90);
    prop_oneof![bytes().prop_map(Pixels::Bytes), samples().prop_map(Pixels::Numbers), bytes().prop_map(Pixels::Rgb)]
}

fn stroke() -> impl Strategy<Value = Stroke> {
    prop::sample::select(vec![Stroke::Solid, Stroke::Dashed, Stroke::Thin])
}

/// The layers beside lines, points, bands and maps.
fn further_layer() -> impl Strategy<Value = Layer> {
    prop_oneof![
        (word(), role(), samples(), samples(), samples()).prop_map(|(name, role, x, y, spread)| Layer::Bars {
            name,
            role,
            x,
            y,
            spread
        }),
        (word(), role(), samples(), samples()).prop_map(|(name, role, edges, heights)| Layer::Histogram {
            name,
            role,
            edges,
            heights
        }),
        (word(), role(), stroke(), cells(), samples(), any::<bool>()).prop_map(
            |(name, role, stroke, cells, levels, labelled)| Layer::Contours {
                name,
                role,
                stroke,
                cells,
                levels,
                labelled
            }
        ),
        (
            (0..5u32, 0..5u32),
            pixels(),
            colours(),
            prop::collection::vec(word(), 0..6),
            prop::option::of(0..8u32),
            word()
        )
            .prop_map(|(size, pixels, colours, captions, selected, control)| Layer::ImageGrid {
                size,
                pixels,
                colours,
                captions,
                selected,
                control
            }),
        (word(), role(), samples(), samples(), 0..9u32, any::<bool>())
            .prop_map(|(name, role, x, y, heads, fading)| Layer::Path { name, role, x, y, heads, fading }),
        (word(), role(), samples(), samples(), samples(), samples())
            .prop_map(|(name, role, x, y, dx, dy)| Layer::Arrows { name, role, x, y, dx, dy }),
        (word(), cells(), colours(), any::<bool>()).prop_map(|(name, cells, colours, mesh)| Layer::Surface {
            name,
            cells,
            colours,
            mesh
        }),
        (word(), role(), samples(), any::<bool>()).prop_map(|(name, role, points, joined)| Layer::Points3 {
            name,
            role,
            points,
            joined
        }),
    ]
}

fn layer() -> impl Strategy<Value = Layer> {
    let shape = prop::option::of(prop::sample::select(vec![Shape::Square, Shape::Triangle, Shape::Cross]));
    prop_oneof![
        8 => further_layer(),
        1 => (word(), role(), stroke(), samples(), samples()).prop_map(|(name, role, stroke, x, y)| Layer::Line {
            name,
            role,
            stroke,
            x,
            y
        }),
        1 => (word(), role(), samples(), samples(), samples(), shape).prop_map(|(name, role, x, y, spread, shape)| {
            Layer::Points { name, role, x, y, spread, shape }
        }),
        1 => (word(), role(), samples(), samples(), samples()).prop_map(|(name, role, x, low, high)| Layer::Band {
            name,
            role,
            x,
            low,
            high
        }),
        1 => (0..9u32, samples(), (odd_f64(), odd_f64()), (odd_f64(), odd_f64()), colours())
            .prop_map(|(columns, values, x, y, colours)| Layer::Heat { columns, values, x, y, colours }),
        1 => (word(), role(), odd_f64(), any::<bool>()).prop_map(|(name, role, at, upright)| Layer::Rule {
            name,
            role,
            at,
            upright
        }),
        1 => (word(), role(), odd_f64(), odd_f64()).prop_map(|(text, role, x, y)| Layer::Text { text, role, x, y }),
        1 => (odd_f64(), odd_f64(), word(), word()).prop_map(|(x, y, x_control, y_control)| Layer::Handle {
            x,
            y,
            x_control,
            y_control
        }),
        1 => Just(Layer::Probe),
        1 => (word(), word()).prop_map(|(points_control, class_control)| Layer::Pen { points_control, class_control }),
        1 => word().prop_map(|control| Layer::Pad { control }),
        1 => (word(), word(), word()).prop_map(|(x_control, y_control, half_width_control)| Layer::Window {
            x_control,
            y_control,
            half_width_control
        }),
        1 => (word(), samples(), any::<bool>()).prop_map(|(name, points, closed)| Layer::Curve3 { name, points, closed }),
    ]
}

fn any_figure() -> impl Strategy<Value = Figure> {
    let view = prop::sample::select(vec![View::Plane, View::Square, View::Orbit, View::Images]);
    (axis(), axis(), prop::collection::vec(layer(), 0..6), view, prop::option::of(word())).prop_map(
        |(x, y, layers, view, note)| Figure {
            id: "any".into(),
            title: "any".into(),
            x,
            y,
            layers,
            view,
            alt: String::new(),
            note,
            device: Device::Theory,
        },
    )
}

fn any_style() -> impl Strategy<Value = Style> {
    let theme = prop::sample::select(vec![Theme::Light, Theme::Dark, Theme::Projector]);
    let scale = prop::sample::select(vec![1.0, 1.5, 2.0, 8.0, 16.0, 0.0, f64::NAN]);
    (theme, scale, 6.0..40.0f64, (odd_f64(), odd_f64())).prop_map(|(theme, scale, text_px, orbit)| Style {
        theme,
        scale,
        text_px,
        orbit,
    })
}

/// Half a pixel of rounding.
fn is_in_plot((x, y): (i32, i32), area: &PlotArea) -> bool {
    let (left, top, right, bottom) = area.rect();
    let (x, y) = (f64::from(x), f64::from(y));
    x >= left - 0.51 && x <= right + 0.51 && y >= top - 0.51 && y <= bottom + 0.51
}

/// How wide the largest mark or head of an arrow is: 7.5 CSS pixels at the weight of the projector.
fn mark_reach(style: &Style) -> f64 {
    let scale = if style.scale.is_finite() && style.scale > 0.0 { style.scale } else { 1.0 };
    7.5 * 1.5 * scale + 2.0
}

fn is_mark(points: &[(i32, i32)], style: &Style) -> bool {
    let span = |of: fn(&(i32, i32)) -> i32| {
        points.iter().map(of).max().unwrap_or(0).abs_diff(points.iter().map(of).min().unwrap_or(0))
    };
    f64::from(span(|p| p.0).max(span(|p| p.1))) <= mark_reach(style)
}

/// The largest pixel distance by which snapping a frame or grid line to the screen's pixels may leave the plot.
const SNAP: f64 = figures::FINE as f64 / 2.0;

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn data_stays_in_the_plot(figure in any_figure(), width in 0..1200u32, height in 0..900u32, style in any_style()) {
        let area = Picture::new(&figure, (width, height), &style).area();
        let calls = data_calls(&figure, (width, height), &style).expect("painted");
        let (left, top, right, bottom) = area.rect();
        for call in calls {
            match &call {
                // Marks and heads of arrows are painted whole, as discs are: where they are is in the plot.
                Call::Path(points) | Call::Fill(points) if is_mark(points, &style) => {
                    let middle = |of: fn(&(i32, i32)) -> i32| {
                        (points.iter().map(of).min().unwrap_or(0) + points.iter().map(of).max().unwrap_or(0)) / 2
                    };
                    let reach = mark_reach(&style) / 2.0;
                    let (x, y) = (f64::from(middle(|p| p.0)), f64::from(middle(|p| p.1)));
                    prop_assert!(x >= left - reach && x <= right + reach, "{call:?} beyond {area:?}");
                    prop_assert!(y >= top - reach && y <= bottom + reach, "{call:?} beyond {area:?}");
                }
                Call::Path(points) | Call::Fill(points) => {
                    // The recorder's area is the whole canvas: a plot beyond it is cut there.
                    for &(x, y) in points {
                        let (x, y) = (f64::from(x), f64::from(y));
                        prop_assert!(x >= left - SNAP - 0.51 && x <= right + SNAP + 0.51, "{call:?} beyond {area:?}");
                        prop_assert!(y >= top - SNAP - 0.51 && y <= bottom + SNAP + 0.51, "{call:?} beyond {area:?}");
                    }
                }
                Call::Circle(centre, _) => prop_assert!(is_in_plot(*centre, &area), "{call:?} beyond {area:?}"),
                Call::Text(_, at) => prop_assert!(is_in_plot(*at, &area), "{call:?} beyond {area:?}"),
            }
        }
    }

    #[test]
    fn axes_stay_on_the_canvas(figure in any_figure(), width in 0..1200u32, height in 0..900u32, style in any_style()) {
        let size = (width, height);
        for call in axes_calls(&figure, size, &style).expect("painted") {
            if let Call::Text(text, (x, y)) = &call {
                prop_assert!(!text.is_empty());
                let on_canvas = (0..=width as i32).contains(x) && (0..=height as i32).contains(y);
                prop_assert!(on_canvas, "{call:?} beyond {size:?}");
            }
        }
        prop_assert_eq!(axes_key(&figure, size, &style), axes_key(&figure.clone(), size, &style));
    }

    #[test]
    fn values_and_tables_take_anything(figure in any_figure(), px in odd_f64(), py in odd_f64(), style in any_style()) {
        let size = (600, 400);
        let area = Picture::new(&figure, size, &style).area();
        for (px, py) in [(px, py), (300.0 + 100.0 * px, 200.0 + 50.0 * py), (300.0, 200.0)] {
            let hair = hair_at(&figure, &area, px);
            prop_assert_eq!(hair.is_nan(), px.is_nan());
            let _choice = choice_at(&figure, &area, px, py);
            for value in values_at(&figure, &area, (px, py), hair) {
                prop_assert!(value.at.0.is_finite() && value.at.1.is_finite());
                prop_assert!(!value.x_text.contains("NaN") && !value.y_text.contains("NaN"));
            }
            let (x, y) = area.data_from_pixel_clamped(px, py);
            prop_assert!(px.is_nan() || py.is_nan() || (x.is_finite() && y.is_finite()));
        }
        for layer in 0..figure.layers.len() + 1 {
            prop_assert!(places(&figure, layer, &area).iter().all(|p| p.0.is_finite() && p.1.is_finite()));
        }
        for image in heat_images(&figure, style.theme) {
            for piece in image.pieces(&area) {
                let (x, y, wide, high) = piece.from;
                prop_assert!(x + wide <= f64::from(image.grid.columns) && y + high <= f64::from(image.grid.rows));
                prop_assert!(piece.to.0.is_finite() && piece.to.2.is_finite());
            }
            prop_assert_eq!(image.rgba.len(), 4 * (image.grid.columns * image.grid.rows) as usize);
        }
        let table = csv(&figure);
        prop_assert!(table.ends_with('\n') && !table.contains("NaN"));
    }
}

#[cfg(feature = "export")]
proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn exports_take_anything(figure in any_figure(), width in 1..300u32, height in 1..300u32, style in any_style()) {
        let style = Style { scale: style.scale.min(2.0), ..style };
        let document = figures::svg(&figure, (width, height), &style).expect("an SVG document");
        prop_assert!(document.starts_with("<svg ") && document.ends_with("</svg>\n"));
        let numbers = ["NaN", "\"inf", "\"-inf", ",inf", ",-inf"];
        prop_assert!(!numbers.iter().any(|odd| document.contains(odd)));
        let image = figures::png(&figure, (width, height), &style).expect("a PNG image");
        prop_assert_eq!(&image[1..4], b"PNG");
        let json = figures::json(&figure);
        prop_assert_eq!(json["series"].as_array().map(Vec::len), Some(figure.layers.len()));
    }
}

fn curves(lines: u32, per_line: u32, points: u32) -> Figure {
    let wave = |k: u32, i: u32| 0.5 + 0.4 * (f64::from(i) / 80.0 + f64::from(k)).sin();
    let x = || Samples::from_f64((0..per_line).map(|i| f64::from(i) / f64::from(per_line)));
    let mut layers: Vec<Layer> = (0..lines)
        .map(|k| Layer::Line {
            name: String::new(),
            role: Role::Theory,
            stroke: Stroke::Solid,
            x: x(),
            y: Samples::from_f64((0..per_line).map(|i| wave(k, i))),
        })
        .collect();
    layers.push(Layer::Points {
        name: "simulated".into(),
        role: Role::Simulation,
        x: Samples::from_f64((0..points).map(|i| f64::from(i) / f64::from(points))),
        y: Samples::from_f64((0..points).map(|i| wave(1, i))),
        spread: Samples::default(),
        shape: None,
    });
    Figure {
        id: "curves".into(),
        title: "curves".into(),
        x: Axis::linear("x", 0.0, 1.0),
        y: Axis::linear("y", 0.0, 1.0),
        layers,
        view: View::Plane,
        alt: "curves".into(),
        note: None,
        device: Device::Theory,
    }
}

/// A canvas call costs a few microseconds and a vertex a tenth of one: 10 × 1000 + 500 points have to cost few of each.
#[test]
fn a_frame_takes_few_calls_and_few_vertices() {
    let calls =
        data_calls(&curves(10, 1000, 500), (6400, 4000), &Style { scale: 8.0, ..Style::default() }).expect("painted");
    assert!(calls.len() < 10 + 500 + 40, "{} calls", calls.len());
    let vertices: usize = calls.iter().map(|c| if let Call::Path(points) = c { points.len() } else { 1 }).sum();
    assert!(vertices < 10 * 250 + 600, "{vertices} vertices");
}

#[test]
fn a_canvas_without_extent_takes_nothing() {
    let figure = curves(1, 10, 10);
    for size in [(0, 0), (0, 400), (600, 0)] {
        assert_eq!(data_calls(&figure, size, &Style::default()), Ok(Vec::new()));
        assert_eq!(axes_calls(&figure, size, &Style::default()), Ok(Vec::new()));
    }
}

#[test]
fn the_key_follows_the_axes_and_not_the_data() {
    let (figure, size, style) = (curves(2, 100, 5), (600, 400), Style::default());
    let key = axes_key(&figure, size, &style);
    let mut moved = figure.clone();
    if let Layer::Line { y, .. } = &mut moved.layers[0] {
        y.0.iter_mut().for_each(|v| *v *= 0.99);
    }
    assert_eq!(axes_key(&moved, size, &style), key, "data moved");
    assert_eq!(axes_key(&figure, size, &Style { orbit: (2.0, 1.0), ..style }), key, "a plane does not turn");
    let mut renamed = figure.clone();
    renamed.y.label = "z".into();
    let mut wider = figure.clone();
    wider.x.range.1 = 2.0;
    let mut noted = figure.clone();
    noted.note = Some("a note".into());
    for (what, changed) in [("label", &renamed), ("range", &wider), ("note", &noted)] {
        assert_ne!(axes_key(changed, size, &style), key, "{what}");
    }
    assert_ne!(axes_key(&figure, (601, 400), &style), key, "size");
    assert_ne!(axes_key(&figure, size, &Style { theme: Theme::Dark, ..style }), key, "theme");
}

#[test]
fn pixels_and_data_go_there_and_back_and_stop_at_the_plot() {
    let (figure, size) = (curves(1, 10, 1), (600, 400));
    let area = Picture::new(&figure, size, &Style::default()).area();
    let (px, py) = area.pixel_from_data(0.25, 0.75);
    let (x, y) = area.data_from_pixel(px, py).expect("in the plot");
    // A few roundings of f64.
    assert!((x - 0.25).abs() < 1e-12 && (y - 0.75).abs() < 1e-12, "{x} {y}");
    assert_eq!(area.data_from_pixel(1.0, 1.0), None);
    assert_eq!(area.data_from_pixel_clamped(-50.0, 1e9), (0.0, 0.0));
}

/// The readings at a place in data units, as name, abscissa and ordinate.
fn read(figure: &Figure, (x, y): (f64, f64)) -> Vec<(String, String, String)> {
    let area = Picture::new(figure, (600, 400), &Style::default()).area();
    let (px, py) = area.pixel_from_data(x, y);
    let values = values_at(figure, &area, (px, py), hair_at(figure, &area, px));
    values.into_iter().map(|v| (v.name, v.x_text, v.y_text)).collect()
}

fn reading(name: &str, x: &str, y: &str) -> (String, String, String) {
    (name.into(), x.into(), y.into())
}

#[test]
fn hovering_reads_lines_where_the_hair_is_and_points_where_they_are() {
    let axes = (Axis::linear("x", 0.0, 1.0), Axis::linear("y", 0.0, 1.0));
    let figure = Chart::new("f", axes.0, axes.1)
        .line("theory N^{−1/2}", Role::Theory, [(0.0, 0.0), (1.0, 1.0)])
        .line("", Role::Simulation, [(0.0, 1.0), (1.0, 0.0)])
        .line("ends", Role::Theory, [(0.0, 0.5), (0.5, 0.5), (0.55, f64::NAN), (0.7, 0.5)])
        .points_with_bars("nets", Role::Simulation, [(0.0, 0.1, 0.0), (0.5, 0.25, 0.0625), (1.0, 0.3, 0.0)])
        .points("", Role::Ordered, [(0.5, 0.5)])
        .build();
    // The hair goes to points that are near, and all is read there.
    for x in [0.5, 0.51, 0.49] {
        assert_eq!(
            read(&figure, (x, 0.2)),
            [
                reading("theory N^{−1/2}", "0.5000", "0.5000"),
                reading("ends", "0.5000", "0.5000"),
                reading("nets", "0.5000", "0.2500 ± 0.06250"),
            ]
        );
    }
    // Between them lines are read between their samples, and nothing where they have a gap or an end.
    assert_eq!(read(&figure, (0.625, 0.2)), [reading("theory N^{−1/2}", "0.6250", "0.6250")]);
    assert_eq!(read(&figure, (0.25, 0.2)).len(), 2);
    let area = Picture::new(&figure, (600, 400), &Style::default()).area();
    assert!(values_at(&figure, &area, (1.0, 1.0), 1.0).is_empty(), "outside of the plot");
}

#[test]
fn lines_on_a_logarithmic_axis_are_read_as_they_are_painted() {
    let axes = (Axis::log("N", 1.0, 100.0), Axis::log("error", 0.01, 1.0));
    let figure = Chart::new("f", axes.0, axes.1).line("rate", Role::Theory, [(1.0, 1.0), (100.0, 0.01)]).build();
    assert_eq!(read(&figure, (10.0, 0.5)), [reading("rate", "10", "0.1000")]);
}

#[test]
fn bars_bins_bands_and_ways_are_read() {
    let axes = || (Axis::linear("x", 0.0, 4.0), Axis::linear("y", 0.0, 4.0));
    let chart = || Chart::new("f", axes().0, axes().1);
    let role = Role::Theory;
    for (figure, place, expected) in [
        (chart().bars("b", role, [(1.0, 2.0), (3.0, 1.0)]), (1.4, 3.5), vec![reading("b", "1", "2")]),
        (
            chart().histogram("h", role, [0.0, 1.0, 3.0], [2.0, 1.0]),
            (1.5, 3.0),
            vec![reading("h", "1.500", "1 from 1 to 3")],
        ),
        (chart().histogram("h", role, [0.0, 1.0], [2.0]), (2.0, 3.0), vec![]),
        (chart().band("s", role, [(0.0, 1.0, 2.0), (4.0, 1.0, 4.0)]), (2.0, 1.5), vec![reading("s", "2", "1 to 3")]),
        (chart().path("w", role, [(0.0, 1.0), (3.0, 1.0), (3.0, 3.0)]), (1.0, 1.05), vec![reading("w", "1", "1")]),
        (chart().path("w", role, [(0.0, 1.0), (3.0, 1.0), (3.0, 3.0)]), (1.0, 3.0), vec![]),
        (
            chart().arrows("a", role, [((1.0, 1.0), (0.5, -0.25))]),
            (1.02, 1.0),
            vec![reading("a", "1", "(0.5000, −0.2500)")],
        ),
    ] {
        assert_eq!(read(&figure.build(), place), expected);
    }
}

#[test]
fn images_are_read_pixel_by_pixel_and_chosen_by_a_click() {
    let grey = ColourScale::new("ink", ColourMap::Grey, (0.0, 255.0));
    let pixels = Pixels::Bytes((0..24).collect());
    let figure =
        Chart::images("f").image_grid((2, 3), pixels, grey, ["a", "b", "c", "d"]).choosing(Some(1), "image").build();
    let area = Picture::new(&figure, (600, 400), &Style::default()).area();
    let centres = places(&figure, 0, &area);
    assert_eq!(centres.len(), 4);
    let (px, py) = centres[2];
    let [value] = &values_at(&figure, &area, (px, py - 1.0), px)[..] else { panic!("one pixel") };
    // The middle column of the upper row of the third image.
    assert_eq!((value.name.as_str(), value.value), ("c", Some(13.0)));
    assert_eq!((value.x_text.as_str(), value.y_text.as_str()), ("column 2", "image 2, row 1"));
    assert_eq!(choice_at(&figure, &area, px, py), Some(("image", 2)));
    assert_eq!(choice_at(&figure, &area, 0.0, 0.0), None);
}

#[test]
fn a_surface_is_read_where_it_is_seen() {
    let cells = Cells::from_fn((21, 21), (-1.0, 1.0), (-1.0, 1.0), |x, y| (-8.0 * (x * x + y * y)).exp());
    let axis = |name| Axis::linear(name, -1.0, 1.0);
    let figure = Chart::new("f", axis("x"), axis("y"))
        .surface("", cells, ColourScale::new("loss", ColourMap::Sequential, (0.0, 1.0)))
        .build();
    let area = Picture::new(&figure, (600, 400), &Style::default()).area();
    // The peak is in the middle, half the box above its centre.
    let (left, top, right, bottom) = area.rect();
    let column = (0..400).map(f64::from).find_map(|py| {
        let at = ((left + right) / 2.0, top + (bottom - top) * py / 400.0);
        values_at(&figure, &area, at, at.0).into_iter().next()
    });
    let value = column.expect("a reading on the way down");
    assert_eq!((value.name.as_str(), value.x_text.as_str(), value.y_text.as_str()), ("loss", "0", "0"));
    assert_eq!(value.value_text.as_deref(), Some("1"));
}

#[test]
fn hovering_a_map_reads_the_cell_and_the_names_of_its_places() {
    let mut figure = curves(0, 0, 0);
    (figure.x, figure.y) = (Axis::linear("class", -0.5, 1.5), Axis::linear("class", -0.5, 1.5));
    figure.x.names = vec![(0.0, "zero".into()), (1.0, "one".into())];
    let colours = ColourScale::new("c", ColourMap::Sequential, (0.0, 1.0));
    figure.layers = vec![Layer::Heat {
        columns: 2,
        values: Samples(vec![0.0, 0.125, 0.5, f32::NAN]),
        x: (-0.5, 1.5),
        y: (-0.5, 1.5),
        colours,
    }];
    let area = Picture::new(&figure, (600, 400), &Style::default()).area();
    let read_cell = |x: f64, y: f64| {
        let (px, py) = area.pixel_from_data(x, y);
        let value = values_at(&figure, &area, (px, py), px).remove(0);
        (value.x_text, value.y_text, value.value_text.expect("a cell"))
    };
    // The first row of values is at the low end.
    assert_eq!(read_cell(1.2, 0.1), ("one".into(), "0".into(), "0.1250".into()));
    assert_eq!(read_cell(-0.2, 0.9), ("zero".into(), "1".into(), "0.5000".into()));
    assert_eq!(read_cell(0.9, 0.9).2, "—");
}
