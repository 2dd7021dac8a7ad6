//! The curse of dimensionality, by theory alone.

use figures::{Axis, Figure, Layer, Role, Stroke, format_number};
use theory::composition::Composition;

use super::curves::two_digits;
use super::settings::Settings;

/// Dimensions at the ends.
const DIMENSIONS: (u32, u32) = (2, 16);
/// No computer has so many units; the axis ends at most here.
const MOST: f64 = 1e30;

/// Units that an error needs, against the dimension.
pub(super) fn needed(settings: &Settings) -> Figure {
    let m = settings.theory.smoothness();
    let of = |d: u32, pick: fn(Composition, f64) -> f64| {
        (f64::from(d), Composition::new(d, m).map_or(f64::NAN, |c| pick(c, settings.epsilon)))
    };
    let shallow = |c: Composition, epsilon: f64| c.shallow_units(epsilon).unwrap_or(f64::NAN);
    let tree = |c: Composition, epsilon: f64| c.tree_units(epsilon).unwrap_or(f64::NAN);
    let all = DIMENSIONS.0..=DIMENSIONS.1;
    let here = settings.task.dimension() as u32;
    let [(x, few), (_, many)] = [of(here, tree), of(here, shallow)];
    let highest = of(DIMENSIONS.1, shallow).1.max(of(DIMENSIONS.1, tree).1);
    // To a whole number of steps of three decades, so that the axis stands still while the error is dragged.
    let top = 10_f64.powf(3.0 * (highest.clamp(1e3, MOST).log10() / 3.0).ceil());
    let mut figure =
        Figure::blank("needed", Axis::linear("variables d", 1.5, 16.5), Axis::log("units, up to a constant", 1.0, top));
    figure.layers = vec![
        Layer::line("shallow, ε^{−d/m}", Role::Ordered, Stroke::Solid, all.clone().map(|d| of(d, shallow))),
        Layer::line("tree, (d − 1) ε^{−2/m}", Role::Theory, Stroke::Solid, all.map(|d| of(d, tree))),
        Layer::points("this target", Role::Accent, [(x, few), (x, many)].into_iter().filter(|(_, n)| *n <= top)),
    ];
    let word = |n: f64| format_number(if n < 1e4 { n.round() } else { n });
    figure.title = format!("d = {here}, ε = {}: {} or {}", two_digits(settings.epsilon), word(few), word(many));
    figure.alt = "Units against the number of variables: exponential for shallow nets, linear for trees.".into();
    figure
}
