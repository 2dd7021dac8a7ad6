//! Where the data is in the plot, roughly: words are put where they cover little of it.

use crate::area::PlotArea;
use crate::clip::{Point, Rect, clip_segment};
use crate::model::{Figure, Layer};
use crate::samples::Samples;

/// How much of all traces a rectangle covers: about the CSS pixels of line, a mark counting as several.
pub(crate) fn covered(traces: &[Trace], rect: &Rect, unit: f64) -> f64 {
    traces.iter().map(|trace| trace.covered(rect, unit)).sum()
}

/// What a layer puts on the plot, thinned: enough to see where it is.
pub(crate) enum Trace {
    Line(Vec<Point>),
    Marks(Vec<Point>, f64),
}

impl Trace {
    fn covered(&self, rect: &Rect, unit: f64) -> f64 {
        match self {
            Self::Line(points) => {
                let near = |p: Point, q: Point| {
                    p.0.min(q.0) <= rect.right
                        && p.0.max(q.0) >= rect.left
                        && p.1.min(q.1) <= rect.bottom
                        && p.1.max(q.1) >= rect.top
                };
                let finite = |p: Point| p.0.is_finite() && p.1.is_finite();
                let pairs = points.windows(2).filter(|s| near(s[0], s[1]) && finite(s[0]) && finite(s[1]));
                let cut = pairs.filter_map(|s| clip_segment(s[0], s[1], rect));
                cut.map(|(p, q)| (q.0 - p.0).hypot(q.1 - p.1)).sum::<f64>() / unit
            }
            Self::Marks(points, weight) => {
                let near = rect.inset(-6.0 * unit);
                weight * points.iter().filter(|p| near.contains(**p)).count() as f64
            }
        }
    }
}

pub(crate) fn traces(figure: &Figure, area: &PlotArea) -> Vec<Trace> {
    const STRIPS: usize = 100;
    let pixels = |x: &Samples, y: &Samples| -> Vec<Point> {
        let count = x.len().min(y.len());
        let points: Vec<Point> =
            (0..count).map(|i| area.pixel_from_data(f64::from(x.0[i]), f64::from(y.0[i]))).collect();
        if count <= 2 * STRIPS {
            return points;
        }
        // The highest and the lowest of each strip: every so many would miss what goes to and fro.
        let ends = |strip: &[Point]| {
            let (mut low, mut high) = (0, 0);
            for (i, point) in strip.iter().enumerate() {
                if point.1 < strip[low].1 {
                    low = i;
                } else if point.1 > strip[high].1 {
                    high = i;
                }
            }
            [strip[low.min(high)], strip[low.max(high)]]
        };
        points.chunks(count.div_ceil(STRIPS)).flat_map(ends).collect()
    };
    let mut out = Vec::new();
    for layer in &figure.layers {
        match layer {
            Layer::Line { x, y, .. } => out.push(Trace::Line(pixels(x, y))),
            Layer::Points { x, y, .. } => out.push(Trace::Marks(pixels(x, y), 12.0)),
            Layer::Band { x, low, high, .. } => out.extend([Trace::Line(pixels(x, low)), Trace::Line(pixels(x, high))]),
            Layer::Rule { at, upright, .. } => {
                let plot = area.plot();
                let (x, y) = area.pixel_from_data(*at, *at);
                let ends = if *upright { [(x, plot.top), (x, plot.bottom)] } else { [(plot.left, y), (plot.right, y)] };
                out.push(Trace::Line(ends.to_vec()));
            }
            Layer::Text { x, y, .. } => out.push(Trace::Marks(vec![area.pixel_from_data(*x, *y)], 300.0)),
            Layer::Handle { x, y, .. } => out.push(Trace::Marks(vec![area.pixel_from_data(*x, *y)], 1000.0)),
            Layer::Bars { x, y, .. } => {
                // Upright lines to the zero line; a NaN between two parts them.
                let gap = (f64::NAN, f64::NAN);
                let foot = |p: Point| (p.0, area.pixel_from_data(1.0, 0.0).1.min(area.plot().bottom));
                out.push(Trace::Line(pixels(x, y).into_iter().flat_map(|p| [foot(p), p, gap]).collect()));
            }
            Layer::Histogram { edges, heights, .. } => {
                let heights = Samples(heights.iter().chain(heights.0.last().copied()).collect());
                out.push(Trace::Line(pixels(edges, &heights)));
            }
            Layer::Path { x, y, .. } => out.push(Trace::Line(pixels(x, y))),
            Layer::Heat { .. }
            | Layer::Contours { .. }
            | Layer::Arrows { .. }
            | Layer::ImageGrid { .. }
            | Layer::Surface { .. }
            | Layer::Points3 { .. }
            | Layer::Curve3 { .. }
            | Layer::Window { .. }
            | Layer::Pen { .. }
            | Layer::Pad { .. }
            | Layer::Probe => {}
        }
    }
    out
}
