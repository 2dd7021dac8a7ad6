//! The numbers of a figure as JSON.

use serde_json::{Value, json as value};

use crate::csv::widened;
use crate::model::{Axis, Cells, ColourScale, Figure, Layer, Pixels, Scale, Shape, Stroke, View};
use crate::samples::Samples;

/// The figure as JSON: `kind` (`plane`, `square` or `orbit`), `title`, `alt`, `note`, the axes `x` and `y`, and `series`, one
/// for each layer with `kind`, `name`, `role` and its arrays under the names of the model.
///
/// Infinity is `"inf"` or `"-inf"`, NaN is null. An `f32` is written in its shortest decimal form.
#[must_use]
pub fn json(figure: &Figure) -> Value {
    let kind = match figure.view {
        View::Plane => "plane",
        View::Square => "square",
        View::Orbit => "orbit",
        View::Images => "images",
    };
    value!({
        "kind": kind,
        "title": figure.title,
        "alt": figure.alt,
        "note": figure.note,
        "device": figure.device.to_string(),
        "x": axis(&figure.x),
        "y": axis(&figure.y),
        "series": figure.layers.iter().map(series).collect::<Vec<_>>(),
    })
}

fn number(v: f64) -> Value {
    match v {
        f64::INFINITY => "inf".into(),
        f64::NEG_INFINITY => "-inf".into(),
        // NaN becomes null.
        v => v.into(),
    }
}

fn numbers(samples: &Samples) -> Value {
    samples.iter().map(|v| number(widened(v))).collect()
}

fn pair((low, high): (f64, f64)) -> Value {
    value!([number(low), number(high)])
}

fn axis(axis: &Axis) -> Value {
    let scale = match axis.scale {
        Scale::Linear => "linear",
        Scale::Log => "log",
    };
    let names: Vec<Value> = axis.names.iter().map(|(at, name)| value!([number(*at), name])).collect();
    value!({ "label": axis.label, "scale": scale, "range": pair(axis.range), "names": names })
}

fn colour_scale(colours: &ColourScale) -> Value {
    let names: Vec<Value> = colours.names.iter().map(|(at, name)| value!([number(widened(*at)), name])).collect();
    let range = pair((widened(colours.range.0), widened(colours.range.1)));
    value!({ "label": colours.label, "map": colours.map.key(), "range": range, "names": names, "undefined": colours.undefined })
}

fn stroke_word(stroke: Stroke) -> &'static str {
    match stroke {
        Stroke::Solid => "solid",
        Stroke::Dashed => "dashed",
        Stroke::Thin => "thin",
    }
}

fn channels(pixels: &Pixels) -> u8 {
    if matches!(pixels, Pixels::Rgb(_)) { 3 } else { 1 }
}

fn pixel_values(pixels: &Pixels) -> Value {
    match pixels {
        Pixels::Bytes(bytes) | Pixels::Rgb(bytes) => value!(bytes),
        Pixels::Numbers(values) => numbers(values),
    }
}

fn series(layer: &Layer) -> Value {
    match layer {
        Layer::Line { name, role, stroke, x, y } => {
            let stroke = stroke_word(*stroke);
            value!({ "kind": "line", "name": name, "role": role.key(), "stroke": stroke, "x": numbers(x), "y": numbers(y) })
        }
        Layer::Points { name, role, x, y, spread, shape } => value!({
            "kind": "points", "name": name, "role": role.key(),
            "x": numbers(x), "y": numbers(y), "spread": numbers(spread), "shape": shape.map(Shape::key),
        }),
        Layer::Band { name, role, x, low, high } => value!({
            "kind": "band", "name": name, "role": role.key(),
            "x": numbers(x), "low": numbers(low), "high": numbers(high),
        }),
        Layer::Heat { columns, values, x, y, colours } => value!({
            "kind": "heat", "name": colours.label, "role": null, "columns": columns,
            "x": pair(*x), "y": pair(*y), "values": numbers(values), "colours": colour_scale(colours),
        }),
        Layer::Rule { name, role, at, upright } => value!({
            "kind": "rule", "name": name, "role": role.key(), "at": number(*at), "upright": upright,
        }),
        Layer::Text { text, role, x, y } => value!({
            "kind": "text", "name": text, "role": role.key(), "x": number(*x), "y": number(*y),
        }),
        Layer::Handle { x, y, x_control, y_control } => value!({
            "kind": "handle", "name": "", "role": "accent", "x": number(*x), "y": number(*y),
            "x_control": x_control, "y_control": y_control,
        }),
        Layer::Window { x_control, y_control, half_width_control } => value!({
            "kind": "window", "name": "", "role": null, "x_control": x_control, "y_control": y_control, "half_width_control": half_width_control,
        }),
        Layer::Pen { points_control, class_control } => value!({
            "kind": "pen", "name": "", "role": null, "points_control": points_control, "class_control": class_control,
        }),
        Layer::Pad { control } => value!({ "kind": "pad", "name": "", "role": null, "control": control }),
        Layer::Bars { name, role, x, y, spread } => value!({
            "kind": "bars", "name": name, "role": role.key(),
            "x": numbers(x), "y": numbers(y), "spread": numbers(spread),
        }),
        Layer::Histogram { name, role, edges, heights } => value!({
            "kind": "histogram", "name": name, "role": role.key(), "edges": numbers(edges), "heights": numbers(heights),
        }),
        Layer::Contours { name, role, stroke, cells: Cells { columns, values, x, y }, levels, labelled } => value!({
            "kind": "contours", "name": name, "role": role.key(), "stroke": stroke_word(*stroke), "columns": columns,
            "x": pair(*x), "y": pair(*y), "values": numbers(values), "levels": numbers(levels), "labelled": labelled,
        }),
        Layer::ImageGrid { size, pixels, colours, captions, selected, control } => value!({
            "kind": "images", "name": colours.label, "role": null, "rows": size.0, "columns": size.1,
            "captions": captions, "pixels": pixel_values(pixels), "channels": channels(pixels),
            "colours": colour_scale(colours), "selected": selected, "control": control,
        }),
        Layer::Path { name, role, x, y, heads, fading } => value!({
            "kind": "path", "name": name, "role": role.key(), "x": numbers(x), "y": numbers(y), "heads": heads,
            "fading": fading,
        }),
        Layer::Arrows { name, role, x, y, dx, dy } => value!({
            "kind": "arrows", "name": name, "role": role.key(),
            "x": numbers(x), "y": numbers(y), "dx": numbers(dx), "dy": numbers(dy),
        }),
        Layer::Surface { name, cells: Cells { columns, values, x, y }, colours, mesh } => value!({
            "kind": "surface", "name": name, "role": null, "columns": columns, "x": pair(*x), "y": pair(*y),
            "values": numbers(values), "colours": colour_scale(colours), "mesh": mesh,
        }),
        Layer::Points3 { name, role, points, joined } => value!({
            "kind": "points3", "name": name, "role": role.key(), "joined": joined, "points": numbers(points),
        }),
        Layer::Probe => value!({ "kind": "probe", "name": "", "role": null }),
        Layer::Curve3 { name, points, closed } => value!({
            "kind": "curve", "name": name, "role": null, "closed": closed, "points": numbers(points),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Role;

    #[test]
    fn odd_numbers_are_words_or_null_and_floats_are_short() {
        let figure = Figure {
            id: "f".into(),
            title: "t".into(),
            x: Axis::linear("x", 0.0, 1.0),
            y: Axis::log("y", 0.1, 1.0),
            layers: vec![Layer::Line {
                name: "l".into(),
                role: Role::Theory,
                stroke: Stroke::Solid,
                x: Samples(vec![0.1, 1.0, 2.0, 3.0]),
                y: Samples(vec![0.7, f32::NAN, f32::INFINITY, f32::NEG_INFINITY]),
            }],
            view: View::Plane,
            alt: String::new(),
            note: None,
            device: crate::Device::Theory,
        };
        let out = json(&figure);
        assert_eq!(out["kind"], "plane");
        assert_eq!(out["series"][0]["x"].to_string(), "[0.1,1.0,2.0,3.0]");
        assert_eq!(out["series"][0]["y"].to_string(), r#"[0.7,null,"inf","-inf"]"#);
        assert_eq!(out["y"]["scale"], "log");
        assert!(out["note"].is_null());
    }
}
