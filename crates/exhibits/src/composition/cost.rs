//! The curse of dimensionality, by theory alone.

use figures::{Axis, Chart, Figure, Role, format_number};
use theory::composition::Composition;

use super::settings::Settings;
use crate::job::JobError;
use crate::statistics::two_digits;

/// Dimensions at the ends.
const DIMENSIONS: (u32, u32) = (2, 16);
/// No computer has so many units; the axis ends at most here.
const MOST: f64 = 1e30;

/// Units that an error needs, against the dimension.
pub(super) fn needed(settings: &Settings) -> Result<Figure, JobError> {
    let (m, epsilon) = (settings.theory()?.smoothness(), settings.epsilon());
    let of = |d: u32, pick: fn(Composition, f64) -> f64| {
        (f64::from(d), Composition::new(d, m).map_or(f64::NAN, |c| pick(c, epsilon)))
    };
    let shallow = |c: Composition, epsilon: f64| c.shallow_units(epsilon).unwrap_or(f64::NAN);
    let tree = |c: Composition, epsilon: f64| c.tree_units(epsilon).unwrap_or(f64::NAN);
    let all = DIMENSIONS.0..=DIMENSIONS.1;
    let here = settings.dimension as u32;
    let [(x, few), (_, many)] = [of(here, tree), of(here, shallow)];
    let highest = of(DIMENSIONS.1, shallow).1.max(of(DIMENSIONS.1, tree).1);
    // To a whole number of steps of three decades, so that the axis stands still while the error is dragged.
    let top = 10_f64.powf(3.0 * (highest.clamp(1e3, MOST).log10() / 3.0).ceil());
    let word = |n: f64| format_number(if n < 1e4 { n.round() } else { n });
    let units = Axis::log("units, up to a constant", 1.0, top);
    let chart = Chart::new("needed", Axis::linear("variables d", 1.5, 16.5), units)
        .line("shallow, ε^{−d/m}", Role::Ordered, all.clone().map(|d| of(d, shallow)))
        .line("tree, (d − 1) ε^{−2/m}", Role::Theory, all.map(|d| of(d, tree)))
        .points("this target", Role::Accent, [(x, few), (x, many)].into_iter().filter(|(_, n)| *n <= top))
        .title(format!("d = {here}, ε = {}: {} or {}", two_digits(epsilon), word(few), word(many)))
        .alt("Units against the number of variables: exponential for shallow nets, linear for trees.");
    Ok(chart.build())
}
