//! Points with error bars, told apart by shape.

use crate::area::PlotArea;
use crate::clip::{Point, clip_line};
use crate::model::{Figure, Layer, Role, Shape};
use crate::pen::{Ink, Op};
use crate::samples::Samples;
use crate::theme::Style;

/// The shape of each layer of points, in the order of the layers; discs for all that is not named.
pub(crate) fn shapes(figure: &Figure) -> Vec<Shape> {
    let mut series: Vec<(&str, Role)> = Vec::new();
    let mut out = Vec::with_capacity(figure.layers.len());
    for layer in &figure.layers {
        out.push(match layer {
            Layer::Points { shape: Some(shape), .. } => *shape,
            Layer::Points { name, role, shape: None, .. } if !name.is_empty() => {
                let key = (name.as_str(), *role);
                let index = series.iter().position(|known| *known == key).unwrap_or_else(|| {
                    series.push(key);
                    series.len() - 1
                });
                Shape::ALL[index % Shape::ALL.len()]
            }
            _ => Shape::Disc,
        });
    }
    out
}

/// A mark of a shape, as large to the eye as a disc of the radius.
pub(crate) fn mark(shape: Shape, (x, y): Point, radius: f64, ink: impl Into<Ink>, style: &Style, ops: &mut Vec<Op>) {
    let ink = ink.into();
    let corners = |scale: f64, at: &[Point]| {
        Op::fill(at.iter().map(|(dx, dy)| (x + scale * radius * dx, y + scale * radius * dy)).collect(), ink)
    };
    match shape {
        Shape::Disc => ops.push(Op::disc((x, y), radius, ink)),
        Shape::Square => ops.push(corners(0.92, &[(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])),
        Shape::Diamond => ops.push(corners(1.3, &[(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)])),
        // An equilateral triangle around its centre.
        Shape::Triangle => ops.push(corners(1.45, &[(0.0, -1.0), (0.866, 0.5), (-0.866, 0.5)])),
        Shape::Wedge => ops.push(corners(1.45, &[(0.0, 1.0), (-0.866, -0.5), (0.866, -0.5)])),
        Shape::Cross => {
            let reach = 0.95 * radius;
            for dy in [-reach, reach] {
                ops.push(Op::path(vec![(x - reach, y - dy), (x + reach, y + dy)], style.stroke(1.5), ink));
            }
        }
    }
}

pub(crate) fn points(
    (x, y): (&Samples, &Samples),
    spread: &Samples,
    (role, shape): (Role, Shape),
    on_heat: bool,
    area: &PlotArea,
    style: &Style,
    ops: &mut Vec<Op>,
) {
    let (theme, plot) = (style.theme, area.plot());
    let colour = theme.colour(role);
    let at = area.pixels(x, y);
    for (i, half) in spread.iter().enumerate().take(at.len()) {
        error_bar((f64::from(x.0[i]), f64::from(y.0[i])), f64::from(half), 0.0, Ink(colour, 0.75), area, style, ops);
    }
    // Close together, points are smaller and lose their rim, which would cover lines behind; on a map, which may have their
    // colour, they keep it.
    let css_width = plot.width() / style.unit();
    let crowded = at.len() > 150 || css_width / (at.len().max(1) as f64) < 12.0 * style.theme.weight();
    let radius = style.stroke(if crowded || css_width < 360.0 { 2.1 } else { 2.8 });
    let seen = || at.iter().filter(|p| plot.contains(**p));
    if (!crowded || on_heat) && shape != Shape::Cross {
        seen().for_each(|p| mark(shape, *p, radius + style.stroke(0.9), Ink(theme.ground(), 0.9), style, ops));
    }
    seen().for_each(|p| mark(shape, *p, radius, colour, style, ops));
}

/// An upright bar around a value, moved `aside` in pixels.
pub(crate) fn error_bar(
    (x, y): Point,
    half: f64,
    aside: f64,
    ink: Ink,
    area: &PlotArea,
    style: &Style,
    ops: &mut Vec<Op>,
) {
    let (plot, half) = (area.plot(), half.abs());
    let ends = [area.pixel_from_data(x, y - half), area.pixel_from_data(x, y + half)];
    // On a logarithmic axis a bar may reach below zero: to the end of the axis then.
    let bottom = if ends[0].1.is_nan() { plot.bottom } else { ends[0].1 };
    for bar in clip_line(&[(ends[0].0 + aside, bottom), (ends[1].0 + aside, ends[1].1)], plot) {
        if (bar[0].1 - bar[1].1).abs() > 1.0 {
            ops.push(Op::path(bar, style.stroke(1.2), ink));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Chart;
    use crate::model::Axis;

    #[test]
    fn series_are_told_apart_by_shape_and_members_of_one_have_one() {
        let axis = || Axis::linear("", 0.0, 1.0);
        let figure = Chart::new("f", axis(), axis())
            .points("", Role::Accent, [])
            .points("tree", Role::Simulation, [])
            .points("shallow", Role::Ordered, [])
            .points("tree", Role::Simulation, [])
            .points("chosen", Role::Ordered, [])
            .shape(Cross)
            .points("shallow", Role::Chaotic, [])
            .build();
        use Shape::{Cross, Disc, Square, Triangle};
        assert_eq!(shapes(&figure), [Disc, Disc, Square, Disc, Cross, Triangle]);
    }
}
