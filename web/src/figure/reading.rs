//! What is under the pointer, or under the keys: a crosshair, markers, a small table, and words for screen readers.

use exhibit::prose;
use figures::{FINE, Figure, HoverValue, Layer, PlotArea, Role, View, hair_at, values_at};
use protocol::Request;

use super::painter::Painter;
use crate::dom;

/// So near to a line on a map the line is read too, in CSS pixels.
const NEAR_PX: f64 = 12.0;

/// Where the keys read: a layer and a sample of it.
type Place = (usize, usize);

/// Brings the tooltip up to date.
pub(super) fn show(painter: &Painter) {
    let overlay = &painter.parts.overlay;
    if painter.hover.get().is_none() {
        painter.told.take();
        painter.asked.set(None);
    }
    let html = painter.hover.get().and_then(|at| {
        let figure = painter.figure.borrow();
        let figure = figure.as_ref()?;
        let area = painter.area(figure);
        let unit = painter.fine_per_css();
        if figure.layers.contains(&Layer::Probe) {
            // What was told takes the place of what the page can read off the picture.
            ask(painter, figure, area.data_from_pixel(at.0 * unit, at.1 * unit));
            return Some(tip(painter, at, &told(painter)));
        }
        let (px, py) = (at.0 * unit, at.1 * unit);
        // Where keys read, they are at a sample already.
        let hair = if painter.motion.reading.get().is_some() { px } else { hair_at(figure, &area, px) };
        let mut values = values_at(figure, &area, (px, py), hair);
        if is_on_axes(figure) && values.iter().any(|v| v.value.is_some()) {
            let far = |v: &HoverValue| (v.at.0 - at.0 * unit).hypot(v.at.1 - at.1 * unit);
            values.retain(|v| v.value.is_some() || far(v) < NEAR_PX * unit);
        }
        (!values.is_empty()).then(|| html(painter, figure, &area, at, hair, &values, unit))
    });
    let html = html.unwrap_or_default();
    if !(html.is_empty() && overlay.child_element_count() == 0) {
        overlay.set_inner_html(&html);
    }
}

/// Asks what lies at a place, once.
fn ask(painter: &Painter, figure: &Figure, at: Option<(f64, f64)>) {
    let at = at.map(|(x, y)| [x, y]);
    if at.is_none() {
        painter.told.take();
    }
    if let Some(at) = at.filter(|at| painter.asked.replace(Some(*at)) != Some(*at)) {
        painter.lab.send(Request::Ask { figure: figure.id.clone(), at });
    }
}

fn html(
    painter: &Painter,
    figure: &Figure,
    area: &PlotArea,
    at: (f64, f64),
    hair: f64,
    values: &[HoverValue],
    unit: f64,
) -> String {
    let (left, top, right, bottom) = area.rect();
    let css = |fine: f64| format!("{:.2}px", fine / unit);
    let inside = |v: &HoverValue| (left..=right).contains(&v.at.0) && (top..=bottom).contains(&v.at.1);
    let mut out = String::new();
    if is_on_axes(figure) {
        out += &format!(
            "<i class=\"cross\" style=\"left:{};top:{};height:{}\"></i>",
            css(hair),
            css(top),
            css(bottom - top)
        );
    }
    for value in values.iter().filter(|v| inside(v) && (v.value.is_none() || !is_on_axes(figure))) {
        let role = class_of(value.role);
        out += &format!("<i class=\"dot {role}\" style=\"left:{};top:{}\"></i>", css(value.at.0), css(value.at.1));
    }
    out + &tip(painter, at, &table(figure, values))
}

/// A table beside a place, on the side of it where the window has more room, and no wider than that.
fn tip(painter: &Painter, at: (f64, f64), content: &str) -> String {
    /// Between the place and the table, and between the table and the end of the window.
    const GAP: f64 = 14.0;
    if content.is_empty() {
        return String::new();
    }
    let plot = &painter.parts.plot;
    let rect = plot.get_bounding_client_rect();
    // A slide deck may scale the page.
    let scale = (rect.width() / f64::from(plot.offset_width().max(1))).max(1e-3);
    let window = dom::root().map_or(0.0, |root| f64::from(root.client_width())) / scale;
    let before = rect.left() / scale + at.0;
    let after = window - before;
    let (side, x, room) = if before > after { ("left", at.0 - GAP, before) } else { ("right", at.0 + GAP, after) };
    format!(
        "<div class=\"tip {side}\" style=\"left:{x:.1}px;top:{:.1}px;max-width:min(17rem,{:.0}px)\">{content}</div>",
        at.1,
        (room - 1.5 * GAP).max(0.0)
    )
}

fn is_on_axes(figure: &Figure) -> bool {
    matches!(figure.view, View::Plane | View::Square)
}

fn row(swatch: &str, name: &str, value: &str) -> String {
    format!("<tr><td>{swatch}</td><td>{}</td><td>{}</td></tr>", prose::prose(name), prose::prose(value))
}

fn table(figure: &Figure, values: &[HoverValue]) -> String {
    let shared = shared_x(values).filter(|_| is_on_axes(figure));
    let mut out = String::new();
    if let Some(x) = shared {
        out += &format!("<b>{} = {}</b>", prose::prose(&figure.x.label), prose::prose(x));
    }
    out += "<table>";
    // The place of a map's cell, once.
    if let Some(cell) = values.iter().find(|v| v.value.is_some() && is_on_axes(figure)) {
        if shared.is_none() {
            out += &row("", &figure.x.label, &cell.x_text);
        }
        out += &row("", &figure.y.label, &cell.y_text);
    }
    for value in values {
        let numbers = match (&value.value_text, figure.view) {
            (Some(pixel), View::Images) => format!("{}, {}: {pixel}", value.y_text, value.x_text),
            (Some(z), View::Orbit) => format!("({}, {}, {z})", value.x_text, value.y_text),
            (Some(z), _) => z.clone(),
            (None, _) if shared.is_none() => format!("({}, {})", value.x_text, value.y_text),
            (None, _) => value.y_text.clone(),
        };
        out += &row(&format!("<i class=\"swatch {}\"></i>", class_of(value.role)), &value.name, &numbers);
    }
    out + "</table>"
}

/// What was told, name above value.
fn told(painter: &Painter) -> String {
    let line =
        |(name, value): &(String, String)| format!("<dt>{}</dt><dd>{}</dd>", prose::prose(name), prose::prose(value));
    let lines: String = painter.told.borrow().iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("<dl>{lines}</dl>") }
}

/// The abscissa, if all values have the same.
fn shared_x(values: &[HoverValue]) -> Option<&str> {
    let first = values.first()?;
    values.iter().all(|v| v.x_text == first.x_text).then_some(first.x_text.as_str())
}

fn class_of(role: Option<Role>) -> &'static str {
    role.map_or("", Role::key)
}

/// The values in words.
fn words(figure: &Figure, values: &[HoverValue]) -> String {
    let mut parts = Vec::new();
    if let Some(x) = shared_x(values).filter(|_| is_on_axes(figure)) {
        parts.push(format!("{} {x}", figure.x.label));
    }
    for value in values {
        let name = &value.name;
        match (&value.value_text, figure.view) {
            (Some(pixel), View::Images) => parts.push(format!("{name}, {}, {}: {pixel}", value.y_text, value.x_text)),
            (Some(z), _) => parts.push(format!("{} {}, {name} {z}", figure.y.label, value.y_text)),
            (None, _) => parts.push(format!("{name} {}", value.y_text)),
        }
    }
    figures::plain(&parts.join("; "))
}

/// Moves the place that the keys read by one sample (or to the next series) and says what is there; false for a key that
/// does not read.
pub(super) fn key(painter: &Painter, key: &str) -> bool {
    let figure = painter.figure.borrow();
    let Some(figure) = figure.as_ref() else { return false };
    let area = painter.area(figure);
    let before = painter.motion.reading.get();
    let Some((place, at)) = next(figure, &area, before, key) else { return false };
    painter.motion.reading.set(Some(place));
    let unit = painter.fine_per_css();
    painter.set_hover(Some((at.0 / unit, at.1 / unit)));
    let mut values = values_at(figure, &area, at, at.0);
    // The keys are at one sample: what lies upon it is read, nothing else.
    values.retain(|v| v.value.is_some() || ((v.at.0 - at.0).abs() < 1.0 && (v.at.1 - at.1).abs() < 1.0));
    painter.parts.live.set_text_content(Some(&words(figure, &values)));
    true
}

/// Places of a layer that can be read, as pixels.
fn samples(figure: &Figure, layer: usize, area: &PlotArea) -> Vec<(f64, f64)> {
    match &figure.layers[layer] {
        Layer::Heat { columns, values, x, y, .. } if *columns > 0 => {
            heat_samples(*columns as usize, values.len(), *x, *y, area)
        }
        _ => figures::places(figure, layer, area),
    }
}

/// Centres of cells, row by row; large maps are read in about forty steps a row.
fn heat_samples(columns: usize, count: usize, x: (f64, f64), y: (f64, f64), area: &PlotArea) -> Vec<(f64, f64)> {
    let rows = count / columns;
    let (left, bottom) = area.pixel_from_data(x.0, y.0);
    let (right, top) = area.pixel_from_data(x.1, y.1);
    let (wide, high) = heat_grid(columns, rows);
    let centre = |i: usize, n: usize| (i as f64 + 0.5) / n as f64;
    let cell =
        |k: usize| (left + (right - left) * centre(k % wide, wide), bottom + (top - bottom) * centre(k / wide, high));
    (0..wide * high).map(cell).collect()
}

fn heat_grid(columns: usize, rows: usize) -> (usize, usize) {
    let few = |n: usize| if n <= 48 { n } else { 40 };
    (few(columns).max(1), few(rows))
}

fn next(figure: &Figure, area: &PlotArea, before: Option<Place>, key: &str) -> Option<(Place, (f64, f64))> {
    if figure.view == View::Orbit {
        return None;
    }
    let step: isize = match key {
        "ArrowRight" | "ArrowUp" => 1,
        "ArrowLeft" | "ArrowDown" => -1,
        "Home" | "End" => 0,
        _ => return None,
    };
    let upright = matches!(key, "ArrowUp" | "ArrowDown");
    let readable: Vec<usize> = (0..figure.layers.len()).filter(|i| !samples(figure, *i, area).is_empty()).collect();
    let first = *readable.first()?;
    let (layer, index) = before.filter(|(layer, _)| readable.contains(layer)).unwrap_or((first, usize::MAX));
    if index == usize::MAX {
        let points = samples(figure, first, area);
        let middle = if matches!(figure.layers[first], Layer::Heat { .. }) { points.len() / 2 } else { 0 };
        return Some(((first, middle), points[middle]));
    }
    let points = samples(figure, layer, area);
    let index = index.min(points.len() - 1);
    let moved = |index: usize, by: isize| index.saturating_add_signed(by).min(points.len() - 1);
    if let Layer::Heat { columns, values, .. } = &figure.layers[layer] {
        let (wide, _) = heat_grid(*columns as usize, values.len() / *columns as usize);
        let row = index / wide * wide;
        let index = match key {
            "Home" => row,
            "End" => row + wide - 1,
            _ if upright => moved(index, step * wide as isize),
            _ => moved(index, step).clamp(row, row + wide - 1),
        };
        return Some(((layer, index), points[index]));
    }
    if upright {
        let at = readable.iter().position(|l| *l == layer).unwrap_or(0);
        let layer = readable[at.saturating_add_signed(-step).min(readable.len() - 1)];
        let others = samples(figure, layer, area);
        let here = points[index].0;
        let nearest =
            (0..others.len()).min_by(|a, b| (others[*a].0 - here).abs().total_cmp(&(others[*b].0 - here).abs()))?;
        return Some(((layer, nearest), others[nearest]));
    }
    let index = match key {
        "Home" => 0,
        "End" => points.len() - 1,
        _ => {
            // Samples closer than a pixel look like the same one.
            let mut to = index;
            loop {
                let further = moved(to, step);
                let differs = (points[further].0 - points[index].0).abs() >= f64::from(FINE);
                if further == to || differs || figure.view == View::Images {
                    break further;
                }
                to = further;
            }
        }
    };
    Some(((layer, index), points[index]))
}
