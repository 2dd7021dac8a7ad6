//! Readings of series on two axes.

use super::value::{HoverValue, place_text};
use crate::area::PlotArea;
use crate::bars::Slots;
use crate::clip::Point;
use crate::model::{Figure, Layer, Role};
use crate::number::format_number;
use crate::samples::Samples;

/// So near to the pointer a line that turns back is read, in CSS pixels.
const NEAR: f64 = 24.0;
/// A sample that is nearer to the hair than this is at it, in CSS pixels.
const AT_HAIR: f64 = 0.5;

/// How far from a position its bars are meant.
pub(super) fn bar_reach(figure: &Figure, area: &PlotArea) -> f64 {
    Slots::new(figure, area).reach()
}

/// Pointer and hair.
#[derive(Clone, Copy)]
struct Reading<'a> {
    figure: &'a Figure,
    area: &'a PlotArea,
    pointer: Point,
    hair: f64,
}

pub(super) fn values(figure: &Figure, area: &PlotArea, pointer: Point, hair: f64) -> Vec<HoverValue> {
    let reading = Reading { figure, area, pointer, hair };
    let slots = Slots::new(figure, area);
    let mut series_of_bars = 0;
    let mut out = Vec::new();
    for (i, layer) in figure.layers.iter().enumerate() {
        let value = match layer {
            _ if layer.name().is_empty() => None,
            Layer::Line { role, x, y, .. } if x.0.is_sorted() => reading.rising(*role, x, y),
            Layer::Line { role, x, y, .. } | Layer::Path { role, x, y, .. } => reading.turning(*role, x, y),
            Layer::Points { role, x, y, spread, .. } => reading.sample(*role, (x, y), spread, 0.0),
            Layer::Bars { role, x, y, spread, .. } => {
                reading.sample(*role, (x, y), spread, slots.aside(series_of_bars))
            }
            // A band around a line or points of its name has no row of its own.
            Layer::Band { role, x, low, high, .. } if !is_named_twice(figure, i) => reading.band(*role, x, low, high),
            Layer::Histogram { role, edges, heights, .. } => reading.bin(*role, edges, heights),
            Layer::Arrows { role, x, y, dx, dy, .. } => reading.arrow(*role, (x, y), (dx, dy)),
            _ => None,
        };
        series_of_bars += usize::from(matches!(layer, Layer::Bars { .. }));
        out.extend(value.map(|value| HoverValue { name: layer.name().into(), ..value }));
    }
    out
}

fn is_named_twice(figure: &Figure, layer: usize) -> bool {
    let name = figure.layers[layer].name();
    let same = |(i, other): (usize, &Layer)| i != layer && other.name() == name && !matches!(other, Layer::Heat { .. });
    figure.layers.iter().enumerate().any(same)
}

impl Reading<'_> {
    fn value(&self, role: Role, at: Point, (x, y): (f64, f64)) -> HoverValue {
        HoverValue {
            name: String::new(),
            role: Some(role),
            at,
            x,
            y,
            value: None,
            x_text: place_text(&self.figure.x, x),
            y_text: place_text(&self.figure.y, y),
            value_text: None,
        }
    }

    /// A line at the hair: straight between the pixels of two samples, as it is painted.
    fn rising(&self, role: Role, x: &Samples, y: &Samples) -> Option<HoverValue> {
        let py = self.height_at_hair(x, y)?;
        let (x_map, y_map) = self.area.axes();
        let data = (x_map.value(self.hair), y_map.value(py));
        let value = self.value(role, (self.hair, py), data);
        // At a sample its own number is read, which rounding has not passed through.
        Some(match self.exact(x, y) {
            Some((x, y)) => self.value(role, value.at, (x, y)),
            None => value,
        })
    }

    /// The sample at the hair.
    fn exact(&self, x: &Samples, y: &Samples) -> Option<(f64, f64)> {
        let samples = x.iter().zip(y.iter()).map(|(x, y)| (f64::from(x), f64::from(y)));
        samples.into_iter().find(|(x, y)| (self.area.pixel_from_data(*x, *y).0 - self.hair).abs() < 1e-3 && !y.is_nan())
    }

    fn height_at_hair(&self, x: &Samples, y: &Samples) -> Option<f64> {
        let place = |i: usize| self.area.pixel_from_data(f64::from(x.0[i]), f64::from(y.0[i]));
        let count = x.len().min(y.len());
        // Samples that rise are on the left of the hair up to some index.
        let after = x.0[..count].partition_point(|x| {
            let at = self.area.pixel_from_data(f64::from(*x), 1.0).0;
            // What has no place on a logarithmic axis is left of it.
            at.is_nan() || at < self.hair
        });
        let q = (after < count).then(|| place(after))?;
        if q.0 == self.hair {
            return q.1.is_finite().then_some(q.1);
        }
        let p = place(after.checked_sub(1)?);
        let py = p.1 + (self.hair - p.0) / (q.0 - p.0) * (q.1 - p.1);
        py.is_finite().then_some(py)
    }

    /// The nearest place of a line that turns back.
    fn turning(&self, role: Role, x: &Samples, y: &Samples) -> Option<HoverValue> {
        let places = self.area.pixels(x, y);
        let mut best = (NEAR * self.area.unit, None);
        let mut look = |p: Point| {
            let far = (p.0 - self.pointer.0).hypot(p.1 - self.pointer.1);
            if far < best.0 {
                best = (far, Some(p));
            }
        };
        places.iter().for_each(|p| look(*p));
        for pair in places.windows(2) {
            let (p, d) = (pair[0], (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1));
            let squared = d.0 * d.0 + d.1 * d.1;
            let t = ((self.pointer.0 - p.0) * d.0 + (self.pointer.1 - p.1) * d.1) / squared;
            if t > 0.0 && t < 1.0 {
                look((p.0 + t * d.0, p.1 + t * d.1));
            }
        }
        let at = best.1?;
        let (x_map, y_map) = self.area.axes();
        Some(self.value(role, at, (x_map.value(at.0), y_map.value(at.1))))
    }

    /// The sample at the hair; of several the one that is nearest in height.
    fn sample(&self, role: Role, (x, y): (&Samples, &Samples), spread: &Samples, aside: f64) -> Option<HoverValue> {
        let places = self.area.pixels(x, y);
        let here = |p: &Point| (p.0 - self.hair).abs() <= AT_HAIR * self.area.unit && p.1.is_finite();
        let far = |i: &usize| (places[*i].1 - self.pointer.1).abs();
        let i = (0..places.len()).filter(|i| here(&places[*i])).min_by(|a, b| far(a).total_cmp(&far(b)))?;
        let mut value = self.value(role, places[i], (f64::from(x.0[i]), f64::from(y.0[i])));
        value.at.0 += aside;
        if let Some(half) = spread.0.get(i) {
            value.y_text = format!("{} ± {}", value.y_text, format_number(f64::from(*half)));
        }
        Some(value)
    }

    fn band(&self, role: Role, x: &Samples, low: &Samples, high: &Samples) -> Option<HoverValue> {
        let (low, high) = (self.rising(role, x, low)?, self.rising(role, x, high)?);
        let y_text = format!("{} to {}", low.y_text, high.y_text);
        let at = (self.hair, 0.5 * low.at.1 + 0.5 * high.at.1);
        Some(HoverValue { y_text, at, ..high })
    }

    /// The bin at the hair.
    fn bin(&self, role: Role, edges: &Samples, heights: &Samples) -> Option<HoverValue> {
        let at = |edge: f32| self.area.pixel_from_data(f64::from(edge), 1.0).0;
        let i = edges.0.windows(2).position(|ends| at(ends[0]) <= self.hair && self.hair < at(ends[1]))?;
        let height = f64::from(*heights.0.get(i)?);
        let x = self.area.axes().0.value(self.hair);
        let top = self.area.pixel_from_data(x, height).1;
        let mut value =
            self.value(role, (self.hair, if top.is_nan() { self.area.plot().bottom } else { top }), (x, height));
        let ends = [edges.0[i], edges.0[i + 1]].map(|edge| place_text(&self.figure.x, f64::from(edge)));
        value.y_text = format!("{} from {} to {}", value.y_text, ends[0], ends[1]);
        (!height.is_nan()).then_some(value)
    }

    /// The arrow whose tail is nearest to the pointer.
    fn arrow(&self, role: Role, (x, y): (&Samples, &Samples), (dx, dy): (&Samples, &Samples)) -> Option<HoverValue> {
        let places = self.area.pixels(x, y);
        let far = |i: &usize| (places[*i].0 - self.pointer.0).hypot(places[*i].1 - self.pointer.1);
        let count = places.len().min(dx.len()).min(dy.len());
        let near = (0..count).filter(|i| far(i) < NEAR * self.area.unit);
        let i = near.min_by(|a, b| far(a).total_cmp(&far(b)))?;
        let mut value = self.value(role, places[i], (f64::from(x.0[i]), f64::from(y.0[i])));
        let reach = [dx, dy].map(|d| format_number(f64::from(d.0[i])));
        value.y_text = format!("({}, {})", reach[0], reach[1]);
        Some(value)
    }
}
