//! The numbers of a figure as a table.

use crate::heat::Grid;
use crate::model::{Figure, Layer, Role};

/// The numbers of a figure as comma-separated values, one row a point (long form).
///
/// Columns: `series` (the number of the layer, from 0), `kind` (`line`, `points`, `band`, `heat`, `rule`, `text`, `handle`,
/// `curve`), `name`, `role`, then `x`, `y`, `z` (curves in space), `low`, `high` (the ends of a band or an error bar) and
/// `value` (heat maps, whose `x` and `y` are the centres of the cells). What a kind has not stays empty, and so does NaN;
/// infinity is `inf`. Rows end with a line feed; fields are quoted as in RFC 4180.
#[must_use]
pub fn csv(figure: &Figure) -> String {
    let mut out = String::from("series,kind,name,role,x,y,z,low,high,value\n");
    for (series, layer) in figure.layers.iter().enumerate() {
        let mut row = |kind: &str, name: &str, role: Option<Role>, numbers: [Option<String>; 6]| {
            let role = role.map_or("", Role::key);
            out.push_str(&format!("{series},{kind},{},{role}", quoted(name)));
            for number in numbers {
                out.push(',');
                out.push_str(&number.unwrap_or_default());
            }
            out.push('\n');
        };
        // The shortest decimal form of the `f32` itself: 0.1 stays 0.1.
        let wide = |v: f32| Some(if v.is_nan() { String::new() } else { v.to_string() });
        match layer {
            Layer::Line { name, role, x, y, .. } => {
                for (x, y) in x.iter().zip(y.iter()) {
                    row("line", name, Some(*role), [wide(x), wide(y), None, None, None, None]);
                }
            }
            Layer::Points { name, role, x, y, spread, .. } => {
                for (i, (x, y)) in x.iter().zip(y.iter()).enumerate() {
                    let (low, high) = match spread.0.get(i) {
                        Some(half) => (wide(y - half), wide(y + half)),
                        None => (None, None),
                    };
                    row("points", name, Some(*role), [wide(x), wide(y), None, low, high, None]);
                }
            }
            Layer::Band { name, role, x, low, high } => {
                for ((x, low), high) in x.iter().zip(low.iter()).zip(high.iter()) {
                    row("band", name, Some(*role), [wide(x), None, None, wide(low), wide(high), None]);
                }
            }
            Layer::Heat { columns, values, x, y, colours } => {
                let Some(grid) = Grid::new(*columns, values, *x, *y) else { continue };
                let centre =
                    |(low, high): (f64, f64), i: usize, n: u32| low + (high - low) * (i as f64 + 0.5) / f64::from(n);
                for (j, line) in values.0.chunks_exact(grid.columns as usize).enumerate() {
                    for (i, value) in line.iter().enumerate() {
                        let (x, y) = (centre(grid.x, i, grid.columns), centre(grid.y, j, grid.rows));
                        row("heat", &colours.label, None, [field(x), field(y), None, None, None, wide(*value)]);
                    }
                }
            }
            Layer::Rule { name, role, at, upright } => {
                let (x, y) = if *upright { (field(*at), None) } else { (None, field(*at)) };
                row("rule", name, Some(*role), [x, y, None, None, None, None]);
            }
            Layer::Text { text, role, x, y } => {
                row("text", text, Some(*role), [field(*x), field(*y), None, None, None, None]);
            }
            Layer::Handle { x, y, .. } => {
                row("handle", "", Some(Role::Accent), [field(*x), field(*y), None, None, None, None]);
            }
            // What can be done with a picture is no number.
            _ => {}
            Layer::Curve3 { name, points, .. } => {
                for [x, y, z] in points.0.as_chunks::<3>().0 {
                    row("curve", name, None, [wide(*x), wide(*y), wide(*z), None, None, None]);
                }
            }
        }
    }
    out
}

/// The `f64` with the shortest decimal form of the `f32`: 0.1 stays 0.1.
#[cfg(feature = "export")]
pub(crate) fn widened(value: f32) -> f64 {
    if value.is_finite() { value.to_string().parse().unwrap_or_else(|_| f64::from(value)) } else { f64::from(value) }
}

fn field(number: f64) -> Option<String> {
    (!number.is_nan()).then(|| number.to_string())
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Axis, View};
    use crate::samples::Samples;

    #[test]
    fn every_point_is_a_row_and_odd_numbers_are_written_as_documented() {
        let figure = Figure {
            id: "f".into(),
            title: String::new(),
            x: Axis::linear("x", 0.0, 1.0),
            y: Axis::linear("y", 0.0, 1.0),
            layers: vec![Layer::Points {
                name: "nets, \"wide\"".into(),
                role: Role::Simulation,
                x: Samples(vec![0.1, 2.0, 3.0]),
                y: Samples(vec![0.5, f32::NAN, f32::INFINITY]),
                spread: Samples(vec![0.25]),
                shape: None,
            }],
            view: View::Plane,
            alt: String::new(),
            note: None,
            device: crate::Device::Theory,
        };
        let rows: Vec<String> = csv(&figure).lines().map(Into::into).collect();
        assert_eq!(
            rows,
            [
                "series,kind,name,role,x,y,z,low,high,value",
                "0,points,\"nets, \"\"wide\"\"\",simulation,0.1,0.5,,0.25,0.75,",
                "0,points,\"nets, \"\"wide\"\"\",simulation,2,,,,,",
                "0,points,\"nets, \"\"wide\"\"\",simulation,3,inf,,,,",
            ]
        );
    }
}
