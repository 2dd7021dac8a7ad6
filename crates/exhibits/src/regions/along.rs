//! The output along a segment, in the window and beyond.

use figures::{Axis, Chart, Figure, Role};
use theory::sawtooth::{PiecewiseLinear, ReluNet};

use super::picture::LAYER_ROLES;

/// More pieces than a picture has columns are not told apart.
const MOST_PIECES: usize = 1 << 16;

/// What a net does on the segment from a to b, as a function of the way from 0 to 1: a piece for each region that is met.
///
/// # Errors
/// A sentence that says why that is not known.
pub(super) fn along(net: &ReluNet, [a, b]: [[f64; 2]; 2]) -> Result<PiecewiseLinear, String> {
    let restricted = net.on_segment(&a, &b).and_then(|net| PiecewiseLinear::of_net(&net, 0.0, 1.0, MOST_PIECES));
    restricted.map_err(|error| error.to_string())
}

pub(super) fn figure(found: Result<&PiecewiseLinear, &String>, [a, b]: [[f64; 2]; 2], layers: usize) -> Figure {
    let length = (b[0] - a[0]).hypot(b[1] - a[1]);
    let x = Axis::linear("distance from the start of the segment", 0.0, if length > 0.0 { length } else { 1.0 });
    let found = match found {
        Ok(found) => found,
        Err(why) => return Chart::new("line", x, Axis::linear("output f", -1.0, 1.0)).note(why).build(),
    };
    let y = Axis::rounded("output f", found.y().iter().copied());
    let is_on_both_sides = y.range.0 < 0.0 && y.range.1 > 0.0;
    let crossings = |layer: usize| {
        let all = found.breakpoints().iter().zip(found.y().iter().skip(1)).zip(found.makers());
        all.filter(move |(_, maker)| maker.layer == layer).map(|((t, y), _)| (t * length, *y)).collect::<Vec<_>>()
    };
    Chart::new("line", x, y)
        .with(is_on_both_sides.then_some(0.0), |chart, zero| chart.rule_at_y("", Role::Neutral, zero))
        .line("output f", Role::Accent, found.x().iter().map(|t| t * length).zip(found.y().iter().copied()))
        .with_each(1..=layers, |chart, l| {
            chart.points(&format!("line of layer {l}"), LAYER_ROLES[(l - 1) % 4], crossings(l))
        })
        .title(format!("{} regions, {} crossings", found.n_pieces(), found.n_pieces() - 1))
        .alt(format!("The output along the whole segment, which meets {} regions.", found.n_pieces()))
        .build()
}
