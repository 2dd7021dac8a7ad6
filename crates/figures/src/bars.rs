//! Bars and histograms: where they stand, and painting them.

use crate::area::PlotArea;
use crate::clip::{Point, Rect, clip_line, clip_polygon};
use crate::model::{Figure, Layer, Role};
use crate::pen::{Ink, Op};
use crate::points::error_bar;
use crate::samples::Samples;
use crate::small::sort_by_number;
use crate::strokes::{BAND_ALPHA, BAR_ALPHA};
use crate::theme::Style;

/// The part of the way to the next position that the bars of all series take.
const FILLED: f64 = 0.8;
/// The part of its share that a bar takes where several series stand side by side.
const BESIDE: f64 = 0.92;

/// How the bars of a figure share the room at a position, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Slots {
    n_series: usize,
    /// Room of one series.
    share: f64,
}

impl Slots {
    pub(crate) fn new(figure: &Figure, area: &PlotArea) -> Self {
        let all = || figure.layers.iter().filter_map(|l| if let Layer::Bars { x, .. } = l { Some(x) } else { None });
        let place = |x: f32| area.pixel_from_data(f64::from(x), 1.0).0;
        let mut at: Vec<f64> = all().flat_map(Samples::iter).map(place).filter(|at| at.is_finite()).collect();
        sort_by_number(&mut at, |at| *at);
        let gaps = at.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0.5);
        let step = gaps.fold(area.plot().width(), f64::min);
        let n_series = all().count();
        Self { n_series, share: FILLED * step / n_series.max(1) as f64 }
    }

    /// How far right of its position the middle of the bars of a series is.
    pub(crate) fn aside(&self, series: usize) -> f64 {
        (series as f64 + 0.5 - self.n_series as f64 / 2.0) * self.share
    }

    /// How far from a position the bars of all series reach.
    pub(crate) fn reach(&self) -> f64 {
        0.5 * self.share * self.n_series as f64 / FILLED
    }

    /// Half the width of a bar.
    fn half_width(&self) -> f64 {
        0.5 * self.share * if self.n_series > 1 { BESIDE } else { 1.0 }
    }

    /// The bar of a series at a position, from the base to the value, as far as it is in the plot.
    fn rect(&self, series: usize, (x, y): Point, area: &PlotArea) -> Option<Rect> {
        let (plot, (at, end)) = (area.plot(), area.pixel_from_data(x, y));
        if !(at.is_finite() && end.is_finite()) {
            return None;
        }
        let (middle, half, base) = (at + self.aside(series), self.half_width(), base(area));
        let rect = Rect {
            left: (middle - half).max(plot.left),
            right: (middle + half).min(plot.right),
            top: base.min(end).max(plot.top),
            bottom: base.max(end).min(plot.bottom),
        };
        (rect.right > rect.left && rect.bottom > rect.top).then_some(rect)
    }
}

/// Where bars begin: at zero, or at the end of the axis that is nearest to it.
fn base(area: &PlotArea) -> f64 {
    let plot = area.plot();
    let (_, zero) = area.pixel_from_data(1.0, 0.0);
    if zero.is_nan() { plot.bottom } else { zero.min(plot.bottom).max(plot.top) }
}

/// The bars of one series, which is number `series` of those with bars.
pub(crate) fn bars(
    slots: Slots,
    series: usize,
    (x, y, spread): (&Samples, &Samples, &Samples),
    role: Role,
    area: &PlotArea,
    style: &Style,
    ops: &mut Vec<Op>,
) {
    let points = || x.iter().zip(y.iter()).map(|(x, y)| (f64::from(x), f64::from(y)));
    let ink = Ink(style.theme.colour(role), BAR_ALPHA);
    ops.extend(points().filter_map(|p| slots.rect(series, p, area)).map(|rect| Op::fill_rect(&rect, ink)));
    for (p, half) in points().zip(spread.iter()) {
        let ink = Ink(style.theme.ink(), 0.8);
        error_bar(p, f64::from(half), slots.aside(series), ink, area, style, ops);
    }
    let (base, plot) = (base(area), area.plot());
    if base < plot.bottom {
        let line = Ink(style.theme.ink(), style.theme.frame_alpha());
        ops.push(Op::level(base, (plot.left, plot.right), style.stroke(1.0), line, style));
    }
}

/// The corners of the steps of a histogram, a run for each stretch that is finite, and its base.
pub(crate) fn steps(edges: &Samples, heights: &Samples, area: &PlotArea) -> (Vec<Vec<Point>>, f64) {
    let base = base(area);
    let mut runs: Vec<Vec<Point>> = vec![Vec::new()];
    for (ends, height) in edges.0.windows(2).zip(heights.iter()) {
        let top = |edge: f32| {
            let (x, y) = area.pixel_from_data(f64::from(edge), f64::from(height));
            // An empty bin has no place on a logarithmic axis, but a foot.
            (x, if y.is_nan() && height == 0.0 { base } else { y })
        };
        let (left, right) = (top(ends[0]), top(ends[1]));
        if !(left.0.is_finite() && right.0.is_finite() && left.1.is_finite()) {
            runs.push(Vec::new());
        } else if let Some(run) = runs.last_mut() {
            run.extend([left, right]);
        }
    }
    runs.retain(|run| !run.is_empty());
    (runs, base)
}

pub(crate) fn histogram(
    edges: &Samples,
    heights: &Samples,
    role: Role,
    area: &PlotArea,
    style: &Style,
    ops: &mut Vec<Op>,
) {
    let (colour, plot) = (style.theme.colour(role), area.plot());
    let (runs, base) = steps(edges, heights, area);
    for run in &runs {
        let (first, last) = (run[0], run[run.len() - 1]);
        let outline: Vec<Point> =
            [(first.0, base)].into_iter().chain(run.iter().copied()).chain([(last.0, base)]).collect();
        ops.push(Op::fill(clip_polygon(&outline, plot), Ink(colour, BAND_ALPHA)));
        ops.extend(clip_line(&outline, plot).into_iter().map(|piece| Op::path(piece, style.stroke(1.2), colour)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Chart;
    use crate::model::Axis;
    use crate::picture::Picture;

    fn picture_of(chart: Chart, check: impl Fn(&Figure, &PlotArea)) {
        let figure = chart.build();
        check(&figure, &Picture::new(&figure, (600, 400), &Style::default()).area());
    }

    #[test]
    fn bars_of_several_series_stand_side_by_side_around_their_position() {
        let axes = (Axis::linear("", -0.5, 2.5), Axis::linear("", -1.0, 1.0));
        let chart = Chart::new("f", axes.0, axes.1)
            .bars("a", Role::Theory, [(0.0, 0.5), (1.0, -0.5), (2.0, f64::NAN)])
            .bars("b", Role::Simulation, [(0.0, 0.25)]);
        picture_of(chart, |figure, area| {
            let slots = Slots::new(figure, area);
            let [a, b] = [0, 1].map(|series| slots.rect(series, (0.0, 0.5), area).expect("a bar"));
            let (at, top) = area.pixel_from_data(0.0, 0.5);
            assert!(a.right < at && b.left > at && (b.left - at - (at - a.right)).abs() < 1e-9, "{a:?} {b:?} at {at}");
            assert_eq!((a.top, a.bottom), (top, area.pixel_from_data(0.0, 0.0).1));
            let below = slots.rect(0, (1.0, -0.5), area).expect("a bar");
            assert!(below.top == a.bottom && below.bottom > a.bottom, "{below:?}");
            // The next position's bars begin beyond this one's.
            assert!(b.right < below.left);
            assert_eq!(slots.rect(0, (2.0, f64::NAN), area), None);
        });
    }

    #[test]
    fn a_histogram_has_a_step_a_bin_and_a_gap_where_nothing_is_known() {
        let chart = Chart::new("f", Axis::linear("", 0.0, 4.0), Axis::linear("", 0.0, 2.0));
        picture_of(chart, |_, area| {
            let edges = Samples(vec![0.0, 1.0, 2.0, 3.0, 4.0]);
            let (runs, base) = steps(&edges, &Samples(vec![1.0, 2.0, f32::NAN, 1.0]), area);
            assert_eq!(base, area.pixel_from_data(0.0, 0.0).1);
            assert_eq!(runs.iter().map(Vec::len).collect::<Vec<_>>(), [4, 2]);
            assert_eq!(runs[0][1], area.pixel_from_data(1.0, 1.0));
            assert_eq!(runs[0][2], area.pixel_from_data(1.0, 2.0));
        });
    }
}
