//! Hatching of the cells of a map that have no value.

use crate::area::PlotArea;
use crate::clip::{Point, Rect};
use crate::heat::Grid;
use crate::model::Layer;
use crate::pen::{Ink, Op};
use crate::theme::Style;

/// Between two lines, and between two looks along a line, in CSS pixels.
const GAP: f64 = 8.0;
const LOOK: f64 = 1.0;

fn ink(style: &Style) -> Ink {
    Ink(style.theme.muted(), 0.55)
}

/// Rising lines over the cells that are NaN, if the layer has a name for them.
pub(crate) fn hatch(layer: &Layer, area: &PlotArea, style: &Style, ops: &mut Vec<Op>) {
    let Layer::Heat { columns, values, x, y, colours } = layer else { return };
    if colours.undefined.is_empty() || !values.iter().any(f32::is_nan) {
        return;
    }
    let Some(grid) = Grid::new(*columns, values, *x, *y) else { return };
    let (left, bottom) = area.pixel_from_data(x.0, y.0);
    let (right, top) = area.pixel_from_data(x.1, y.1);
    if ![left, right, top, bottom].iter().all(|v| v.is_finite()) || right <= left || bottom <= top {
        return;
    }
    let is_undefined = |(px, py): Point| {
        let (u, v) = ((px - left) / (right - left), (bottom - py) / (bottom - top));
        if !((0.0..1.0).contains(&u) && (0.0..1.0).contains(&v)) {
            return false;
        }
        let (column, row) = ((u * f64::from(grid.columns)) as usize, (v * f64::from(grid.rows)) as usize);
        values.0[row * grid.columns as usize + column].is_nan()
    };
    let plot = area.plot();
    let seen = Rect {
        left: left.max(plot.left),
        right: right.min(plot.right),
        top: top.max(plot.top),
        bottom: bottom.min(plot.bottom),
    };
    if !seen.is_open() {
        return;
    }
    // The lines x + y = sum go up to the right.
    let (gap, look) = (GAP * style.unit(), LOOK * style.unit());
    let mut sum = ((seen.left + seen.top) / gap).ceil() * gap;
    while sum < seen.right + seen.bottom {
        let (from, to) = ((sum - seen.bottom).max(seen.left), (sum - seen.top).min(seen.right));
        let mut start: Option<f64> = None;
        let mut px = from;
        while px <= to + look {
            let inside = px <= to && is_undefined((px, sum - px));
            if inside && start.is_none() {
                start = Some(px);
            } else if let (false, Some(begun)) = (inside, start) {
                let end = (px - look).min(to);
                ops.push(Op::path(vec![(begun, sum - begun), (end, sum - end)], style.stroke(1.0), ink(style)));
                start = None;
            }
            px += look;
        }
        sum += gap;
    }
}

/// The hatching's look in the legend.
pub(crate) fn swatch(rect: &Rect, style: &Style, ops: &mut Vec<Op>) {
    let (high, n) = (rect.height(), 4);
    for k in 0..n {
        let x = rect.left + (rect.width() - high) * f64::from(k) / f64::from(n - 1);
        ops.push(Op::path(vec![(x, rect.bottom), (x + high, rect.top)], style.stroke(1.0), ink(style)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Chart;
    use crate::model::{Axis, Cells, ColourMap, ColourScale};
    use crate::picture::Picture;

    #[test]
    fn lines_lie_on_the_cells_without_a_value_and_nowhere_else() {
        let cells = Cells::from_fn((4, 4), (0.0, 1.0), (0.0, 1.0), |x, _| if x > 0.5 { f64::NAN } else { 1.0 });
        let colours = ColourScale::new("ξ", ColourMap::Sequential, (0.0, 1.0));
        let chart = |colours| {
            Chart::new("f", Axis::linear("", 0.0, 1.0), Axis::linear("", 0.0, 1.0)).heat(cells.clone(), colours).build()
        };
        let figure = chart(colours.clone().hatched("not defined"));
        let (style, mut ops) = (Style::default(), Vec::new());
        let area = Picture::new(&figure, (600, 400), &style).area();
        hatch(&figure.layers[0], &area, &style, &mut ops);
        let (middle, plot) = (area.pixel_from_data(0.5, 0.0).0, *area.plot());
        let total: f64 = ops
            .iter()
            .map(|op| {
                let Op::Path { points, .. } = op else { panic!("{op:?}") };
                assert!(points.iter().all(|p| p.0 >= middle - 1e-9 && plot.contains(*p)), "{points:?}");
                (points[1].0 - points[0].0).abs()
            })
            .sum();
        // Lines every GAP pixels of height cover the half's width once each: the area over the gap.
        let expected = (plot.right - middle) * plot.height() / GAP;
        assert!((total / expected - 1.0).abs() < 0.1, "{total} of {expected}");
        let mut none = Vec::new();
        hatch(&chart(colours).layers[0], &area, &style, &mut none);
        assert!(none.is_empty(), "without a name the cells stay blank");
    }
}
