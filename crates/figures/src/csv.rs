//! The numbers of a figure as a table.

use crate::heat::Grid;
use crate::model::{Cells, Figure, Layer, Pixels, Role};
use crate::samples::Samples;

/// The columns of a row after the first four.
type Numbers = [Option<String>; 6];

/// Writes a row: kind, name, meaning, numbers.
type Row<'a> = dyn FnMut(&str, &str, Option<Role>, Numbers) + 'a;

/// The numbers of a figure as comma-separated values, one row a point (long form).
///
/// Columns: `series` (the number of the layer, from 0), `kind` (`line`, `points`, `band`, `heat`, `rule`, `text`, `handle`,
/// `curve`, `bars`, `histogram`, `contours`, `image`, `path`, `arrows`, `surface`, `points3`), `name`, `role`, then `x`, `y`,
/// `z` (in space), `low`, `high` (the ends of a band, an error bar or a bin) and `value` (heat maps and contours, whose `x`
/// and `y` are the centres of the cells). An arrow has two rows, its tail and its tip. A pixel of an image has the caption
/// for a name, its column and row, both from 0, for `x` and `y` and the number of the image for `z`; in colour its value is
/// red · 65536 + green · 256 + blue. What a kind has not stays empty, and so does NaN; infinity is `inf`. Rows end with a
/// line feed; fields are quoted as in RFC 4180.
#[must_use]
pub fn csv(figure: &Figure) -> String {
    let mut out = String::from("series,kind,name,role,x,y,z,low,high,value\n");
    for (series, layer) in figure.layers.iter().enumerate() {
        let mut row = |kind: &str, name: &str, role: Option<Role>, numbers: Numbers| {
            let role = role.map_or("", Role::key);
            out.push_str(&format!("{series},{kind},{},{role}", quoted(name)));
            for number in numbers {
                out.push(',');
                out.push_str(&number.unwrap_or_default());
            }
            out.push('\n');
        };
        rows(layer, &mut row);
    }
    out
}

/// The shortest decimal form of the `f32` itself: 0.1 stays 0.1.
fn wide(v: f32) -> Option<String> {
    (!v.is_nan()).then(|| v.to_string())
}

fn point(x: f32, y: f32) -> Numbers {
    [wide(x), wide(y), None, None, None, None]
}

fn rows(layer: &Layer, row: &mut Row<'_>) {
    match layer {
        Layer::Line { name, role, x, y, .. } => {
            x.iter().zip(y.iter()).for_each(|(x, y)| row("line", name, Some(*role), point(x, y)));
        }
        Layer::Path { name, role, x, y, .. } => {
            x.iter().zip(y.iter()).for_each(|(x, y)| row("path", name, Some(*role), point(x, y)));
        }
        Layer::Points { name, role, x, y, spread, .. } => {
            with_bars("points", name, *role, (x, y, spread), row);
        }
        Layer::Bars { name, role, x, y, spread } => with_bars("bars", name, *role, (x, y, spread), row),
        Layer::Band { name, role, x, low, high } => {
            for ((x, low), high) in x.iter().zip(low.iter()).zip(high.iter()) {
                row("band", name, Some(*role), [wide(x), None, None, wide(low), wide(high), None]);
            }
        }
        Layer::Histogram { name, role, edges, heights } => {
            for (ends, height) in edges.0.windows(2).zip(heights.iter()) {
                let middle = wide(0.5 * ends[0] + 0.5 * ends[1]);
                row("histogram", name, Some(*role), [middle, wide(height), None, wide(ends[0]), wide(ends[1]), None]);
            }
        }
        Layer::Heat { columns, values, x, y, colours } => {
            cells(*columns, values, *x, *y, &mut |x, y, value| {
                row("heat", &colours.label, None, [field(x), field(y), None, None, None, wide(value)]);
            });
        }
        Layer::Contours { name, role, cells: Cells { columns, values, x, y }, .. } => {
            cells(*columns, values, *x, *y, &mut |x, y, value| {
                row("contours", name, Some(*role), [field(x), field(y), None, None, None, wide(value)]);
            });
        }
        Layer::Surface { name, cells: Cells { columns, values, x, y }, .. } => {
            cells(*columns, values, *x, *y, &mut |x, y, value| {
                row("surface", name, None, [field(x), field(y), wide(value), None, None, None]);
            });
        }
        Layer::ImageGrid { size, pixels, captions, .. } => images(*size, pixels, captions, row),
        Layer::Arrows { name, role, x, y, dx, dy } => {
            for ((x, y), (dx, dy)) in x.iter().zip(y.iter()).zip(dx.iter().zip(dy.iter())) {
                row("arrows", name, Some(*role), point(x, y));
                row("arrows", name, Some(*role), point(x + dx, y + dy));
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
        Layer::Window { .. } | Layer::Pen { .. } | Layer::Pad { .. } | Layer::Probe => {}
        Layer::Curve3 { name, points, .. } => {
            for [x, y, z] in points.0.as_chunks::<3>().0 {
                row("curve", name, None, [wide(*x), wide(*y), wide(*z), None, None, None]);
            }
        }
        Layer::Points3 { name, role, points, .. } => {
            for [x, y, z] in points.0.as_chunks::<3>().0 {
                row("points3", name, Some(*role), [wide(*x), wide(*y), wide(*z), None, None, None]);
            }
        }
    }
}

fn with_bars(kind: &str, name: &str, role: Role, (x, y, spread): (&Samples, &Samples, &Samples), row: &mut Row<'_>) {
    for (i, (x, y)) in x.iter().zip(y.iter()).enumerate() {
        let (low, high) = match spread.0.get(i) {
            Some(half) => (wide(y - half), wide(y + half)),
            None => (None, None),
        };
        row(kind, name, Some(role), [wide(x), wide(y), None, low, high, None]);
    }
}

/// The centres and values of the cells of a grid.
fn cells(columns: u32, values: &Samples, x: (f64, f64), y: (f64, f64), cell: &mut dyn FnMut(f64, f64, f32)) {
    let Some(grid) = Grid::new(columns, values, x, y) else { return };
    let centre = |(low, high): (f64, f64), i: usize, n: u32| low + (high - low) * (i as f64 + 0.5) / f64::from(n);
    for (j, line) in values.0.chunks_exact(grid.columns as usize).enumerate() {
        for (i, value) in line.iter().enumerate() {
            cell(centre(grid.x, i, grid.columns), centre(grid.y, j, grid.rows), *value);
        }
    }
}

fn images(size: (u32, u32), pixels: &Pixels, captions: &[String], row: &mut Row<'_>) {
    let (rows, columns) = (size.0 as usize, size.1 as usize);
    for image in 0..pixels.n_images(size) {
        let caption = captions.get(image).map_or("", String::as_str);
        for at in 0..rows * columns {
            let (x, y) = ((at % columns).to_string(), (at / columns).to_string());
            let value = wide(pixels.value(image * rows * columns + at));
            row("image", caption, None, [Some(x), Some(y), Some(image.to_string()), None, None, value]);
        }
    }
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
    use crate::chart::Chart;
    use crate::model::{Axis, ColourMap, ColourScale, Shape, View};

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

    fn rows_of(chart: Chart) -> Vec<String> {
        csv(&chart.build()).lines().skip(1).map(Into::into).collect()
    }

    #[test]
    fn the_further_kinds_are_written_as_documented() {
        let chart = || Chart::new("f", Axis::linear("x", 0.0, 1.0), Axis::linear("y", 0.0, 1.0));
        let theory = Role::Theory;
        let cells = || Cells { columns: 2, values: Samples(vec![1.0, 2.0]), x: (0.0, 2.0), y: (0.0, 1.0) };
        let scale = || ColourScale::new("loss", ColourMap::Sequential, (0.0, 255.0));
        let rgb = Pixels::Rgb(vec![1, 2, 3, 0, 0, 255]);
        for (chart, expected) in [
            (chart().bars_with_spread("b", theory, [(1.0, -2.0, 0.5)]), vec!["0,bars,b,theory,1,-2,,-2.5,-1.5,"]),
            (
                chart().histogram("h", theory, [0.0, 1.0, 3.0], [4.0, 5.0]),
                vec!["0,histogram,h,theory,0.5,4,,0,1,", "0,histogram,h,theory,2,5,,1,3,"],
            ),
            (
                chart().contours("c", theory, cells(), [1.5]),
                vec!["0,contours,c,theory,0.5,0.5,,,,1", "0,contours,c,theory,1.5,0.5,,,,2"],
            ),
            (
                chart().image_grid((1, 1), Pixels::Bytes(vec![7, 9]), scale(), ["a 3", "a 5"]),
                vec!["0,image,a 3,,0,0,0,,,7", "0,image,a 5,,0,0,1,,,9"],
            ),
            (
                chart().image_grid((1, 2), rgb, scale(), [""; 0]),
                vec!["0,image,,,0,0,0,,,66051", "0,image,,,1,0,0,,,255"],
            ),
            (chart().path("p", theory, [(0.0, 1.0)]), vec!["0,path,p,theory,0,1,,,,"]),
            (
                chart().arrows("a", theory, [((0.0, 1.0), (0.5, -1.0))]),
                vec!["0,arrows,a,theory,0,1,,,,", "0,arrows,a,theory,0.5,0,,,,"],
            ),
            (chart().surface("s", cells(), scale()), vec!["0,surface,s,,0.5,0.5,1,,,", "0,surface,s,,1.5,0.5,2,,,"]),
            (chart().path3("t", theory, [[1.0, 2.0, 3.0]]), vec!["0,points3,t,theory,1,2,3,,,"]),
            (chart().points("q", theory, [(1.0, 2.0)]).shape(Shape::Cross), vec!["0,points,q,theory,1,2,,,,"]),
        ] {
            assert_eq!(rows_of(chart), expected);
        }
    }
}
