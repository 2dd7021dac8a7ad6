//! The axes layer: frame, ticks, names, legend, colour bar and all words. It lies over the data layer.

use crate::clip::Rect;
use crate::layout::{Bar, Frame, tick_length};
use crate::legend::{self, Legend, Placed};
use crate::model::{Figure, View};
use crate::pen::{Align, Ink, Op};
use crate::points::mark;
use crate::ramp::{RAMP, ramp};
use crate::strokes::{BAND_ALPHA, BAR_ALPHA, dash_lengths, line_width};
use crate::text::{width, wrap};
use crate::theme::Style;
use crate::ticks::Tick;
use crate::traces::traces;
use crate::{arrows, hatch, orbit};

/// The axes layer as a list.
pub(crate) fn ops(figure: &Figure, frame: &Frame, size: (u32, u32), style: &Style) -> Vec<Op> {
    let mut ops = Vec::new();
    if matches!(figure.view, View::Plane | View::Square) {
        axis_lines(frame, size, style, &mut ops);
    }
    let (ink, text) = (style.theme.ink(), style.text());
    if !frame.x_name.text.is_empty() {
        ops.push(Op::label(&frame.x_name.text, frame.x_name.at, Align::Middle, text, ink));
    }
    if !frame.y_name.text.is_empty() {
        ops.push(Op::label(&frame.y_name.text, frame.y_name.at, Align::Left, text, ink));
    }
    if let Some(bar) = &frame.bar {
        colour_bar(bar, style, &mut ops);
    }
    if let Some(strip) = &frame.strip {
        paint_legend(strip, style, &mut ops);
    }
    if frame.legend_inside {
        let traces = traces(figure, &frame.area);
        let placed = legend::place_inside(legend::entries(figure), &traces, &frame.area, style);
        paint_legend(&placed, style, &mut ops);
    }
    if let Some(note) = &figure.note {
        paint_note(note, frame, style, &mut ops);
    }
    ops
}

fn axis_lines(frame: &Frame, size: (u32, u32), style: &Style, ops: &mut Vec<Op>) {
    let plot = frame.area.plot();
    let line = Ink(style.theme.ink(), style.theme.frame_alpha());
    let thin = style.stroke(1.0);
    // Only the two sides that carry ticks: less ink, and the data may touch the others.
    let (x_frame, _) = style.crisp(plot.left, thin);
    let (y_frame, wide) = style.crisp(plot.bottom, thin);
    ops.push(Op::path(vec![(x_frame, plot.top), (x_frame, y_frame), (plot.right, y_frame)], wide, line));
    let (x, y) = frame.area.axes();
    let (tick, small, muted) = (tick_length(style), style.small_text(), style.theme.muted());
    let reach = |t: &Tick| if t.is_major() { tick } else { 0.5 * tick };
    for t in &frame.x_ticks {
        let at = x.pixel(t.value);
        ops.push(Op::upright(at, (plot.bottom, plot.bottom + reach(t)), thin, line, style));
        if t.is_major() {
            // A wide label at the end of the axis moves inwards rather than off the canvas.
            let half = width(&t.label, small) / 2.0;
            let at = at.min(f64::from(size.0) - half).max(half);
            ops.push(Op::label(&t.label, (at, plot.bottom + tick + 0.75 * small), Align::Middle, small, muted));
        }
    }
    for t in &frame.y_ticks {
        let at = y.pixel(t.value);
        ops.push(Op::level(at, (plot.left - reach(t), plot.left), thin, line, style));
        if t.is_major() {
            ops.push(Op::label(&t.label, (plot.left - tick - 0.3 * small, at), Align::Right, small, muted));
        }
    }
}

fn colour_bar(bar: &Bar, style: &Style, ops: &mut Vec<Op>) {
    let colours = ramp(bar.colours.map, style.theme);
    let r = bar.rect;
    // From the top down, each over the rest, so that no seam shows between neighbours.
    let steps = (r.height() / style.unit()).clamp(8.0, 128.0) as usize;
    for k in 0..steps {
        let t = 1.0 - (k as f64 + 0.5) / steps as f64;
        let top = r.top + r.height() * k as f64 / steps as f64;
        ops.push(Op::fill_rect(&Rect { top, ..r }, colours[(t * (RAMP - 1) as f64).round() as usize]));
    }
    let (tick, small, muted) = (tick_length(style), style.small_text(), style.theme.muted());
    let line = Ink(style.theme.ink(), style.theme.frame_alpha());
    for t in &bar.ticks {
        let at = bar.map.pixel(t.value);
        ops.push(Op::level(at, (r.right, r.right + tick), style.stroke(1.0), line, style));
        if t.is_major() {
            ops.push(Op::label(&t.label, (r.right + tick + 0.3 * small, at), Align::Left, small, muted));
        }
    }
    if !bar.name.text.is_empty() {
        ops.push(Op::label(&bar.name.text, bar.name.at, Align::Right, style.text(), style.theme.ink()));
    }
}

fn paint_legend(legend: &Legend, style: &Style, ops: &mut Vec<Op>) {
    let theme = style.theme;
    if let Some(ground) = &legend.ground {
        ops.push(Op::fill_rect(ground, Ink(theme.ground(), 0.86)));
    }
    let (long, small) = (legend::swatch_width(style), style.small_text());
    for Placed { entry, at } in &legend.placed {
        let colour = theme.colour(entry.role);
        let (left, right, middle) = (*at, (at.0 + long, at.1), (at.0 + long / 2.0, at.1));
        let tall = Rect { left: left.0, top: at.1 - 0.4 * small, right: right.0, bottom: at.1 + 0.4 * small };
        if entry.band || entry.histogram {
            ops.push(Op::fill_rect(&tall, Ink(colour, BAND_ALPHA)));
        }
        if entry.histogram {
            let top = vec![(tall.left, tall.top), (tall.right, tall.top)];
            ops.push(Op::path(top, style.stroke(1.2), colour));
        }
        if entry.bars {
            ops.push(Op::fill_rect(&tall, Ink(colour, BAR_ALPHA)));
        }
        if entry.hatch {
            hatch::swatch(&tall, style, ops);
        }
        if let Some(map) = entry.map {
            let colours = ramp(map, theme);
            for k in 0..12 {
                let start = left.0 + long * f64::from(k) / 12.0;
                ops.push(Op::fill_rect(&Rect { left: start, ..tall }, colours[(RAMP - 1) * k as usize / 11]));
            }
        }
        if entry.curve {
            orbit::swatch(left, long, style, ops);
        }
        if let Some(stroke) = entry.line {
            let wide = style.stroke(line_width(stroke));
            match dash_lengths(stroke, style) {
                Some((on, off)) => {
                    for dash in crate::clip::dashes(&[left, right], on, off) {
                        ops.push(Op::path(dash, wide, colour));
                    }
                }
                None => ops.push(Op::path(vec![left, right], wide, colour)),
            }
        }
        if entry.arrow {
            ops.extend(arrows::head(right, (1.0, 0.0), style.stroke(7.5), colour));
        }
        if entry.spread {
            let up = 0.42 * small;
            ops.push(Op::path(vec![(middle.0, at.1 - up), (middle.0, at.1 + up)], style.stroke(1.2), colour));
        }
        if let Some(shape) = entry.points {
            mark(shape, middle, style.stroke(2.8), colour, style, ops);
        }
        ops.push(Op::label(&entry.name, (right.0 + 0.5 * small, at.1), Align::Left, small, theme.ink()));
    }
}

fn paint_note(note: &str, frame: &Frame, style: &Style, ops: &mut Vec<Op>) {
    let plot = frame.area.plot();
    let text = style.text();
    let lines = wrap(note, text, plot.width() - 1.5 * text);
    let fits = ((plot.height() - text) / (1.4 * text)).floor().max(0.0) as usize;
    let lines = &lines[..lines.len().min(fits)];
    if lines.is_empty() {
        return;
    }
    let widest = lines.iter().map(|line| width(line, text)).fold(0.0, f64::max);
    let (x, y) = plot.centre();
    let high = lines.len() as f64 * 1.4 * text;
    let ground = Rect {
        left: x - widest / 2.0 - 0.6 * text,
        right: x + widest / 2.0 + 0.6 * text,
        top: y - high / 2.0 - 0.3 * text,
        bottom: y + high / 2.0 + 0.3 * text,
    };
    ops.push(Op::fill_rect(&ground, Ink(style.theme.ground(), 0.88)));
    for (i, line) in lines.iter().enumerate() {
        let at = (x, y - high / 2.0 + (i as f64 + 0.5) * 1.4 * text);
        ops.push(Op::label(line, at, Align::Middle, text, style.theme.ink()));
    }
}
