//! Fixed points of the length map.

use crate::length::{Moments, moments};
use crate::mean_field::{CRITICAL_TOLERANCE, MeanField};

/// Where the lengths q, V(q), V(V(q)), ... go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LengthFixedPoint {
    /// To a length q* > 0.
    Finite {
        /// The limit, V(q*) = q*.
        q_star: f64,
    },
    /// To 0: without bias and with a small sigma_w the signal dies out.
    Zero,
    /// To infinity: there is no fixed point to reach (relu with sigma_w^2 > 2, and its like).
    Diverges,
    /// V is the identity, every length stays as it is (relu with sigma_w^2 = 2 and no bias, and its like).
    Marginal {
        /// The length from which one started.
        q_star: f64,
    },
}

impl LengthFixedPoint {
    /// The length that is kept in every layer, 0 included; `None` where there is none.
    pub const fn q_star(self) -> Option<f64> {
        match self {
            Self::Finite { q_star } | Self::Marginal { q_star } => Some(q_star),
            Self::Zero => Some(0.0),
            Self::Diverges => None,
        }
    }
}

impl MeanField {
    /// Where lengths go: the limit of [`length_trajectory`](Self::length_trajectory) from q0 = 1.
    pub fn fixed_point(&self) -> LengthFixedPoint {
        self.fixed_point_from(1.0)
    }

    /// The limit of the lengths from any q0 >= 0. It depends on q0 where V(q) = q has several roots (gelu, silu), for
    /// softplus and others whose lengths grow without bound from beyond a root, and for relu and its like at their critical
    /// sigma_w.
    pub fn fixed_point_from(&self, q0: f64) -> LengthFixedPoint {
        limit_from(self, q0.max(0.0))
    }

    /// Every q >= 0 with V(q) = q, and which of them lengths come back to.
    pub fn length_roots(&self) -> LengthRoots {
        roots(self)
    }
}

/// A root of V(q) = q.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LengthRoot {
    /// The length that is kept.
    pub q: f64,
    /// Whether lengths beside it come to it. It repels them on both sides otherwise; 0 has one side.
    pub is_stable: bool,
}

/// The roots q >= 0 of V(q) = q.
#[derive(Clone, Debug, PartialEq)]
pub enum LengthRoots {
    /// These, ascending; stable and unstable ones take turns. Beyond the last one, or anywhere if there is none, lengths grow
    /// without bound unless it is stable. Two that are nearer to each other than their rounding count as none.
    Of(Vec<LengthRoot>),
    /// V is the identity.
    EveryLength,
}

/// Beyond this length phi(x) = x for x > 0, 0 for x < 0 to a relative 1e-12, for gelu, silu and softplus.
const ASYMPTOTIC_LENGTH: f64 = 1e9;

/// Where a scan for all roots begins: below, the length maps of gelu, silu and softplus are convex.
const FIRST_SCANNED: f64 = 1e-9;

/// V(q) = q as D(q) = V(q) - q = 0, with D'.
struct Drift<'a> {
    mean_field: &'a MeanField,
}

impl Drift<'_> {
    fn at(&self, q: f64) -> (f64, f64) {
        let Moments { phi2, phi2_slope, .. } = moments(self.mean_field.family(), q);
        let gain = self.mean_field.sigma_w2();
        (gain * phi2 + self.mean_field.sigma_b2() - q, gain * phi2_slope - 1.0)
    }

    /// The root in [low, high], given that D changes sign once there, by Newton's method kept inside a bracket.
    fn root(&self, mut low: f64, mut high: f64, start: f64) -> f64 {
        let rises = self.at(low).0 < 0.0;
        let (mut q, mut last_step) = (start, f64::INFINITY);
        for _ in 0..200 {
            let (value, slope) = self.at(q);
            if value == 0.0 {
                return q;
            }
            if (value < 0.0) == rises {
                low = q;
            } else {
                high = q;
            }
            let newton = q - value / slope;
            // Geometric bisection once both ends are positive: roots may be many orders below the bracket's top.
            let middle = if low > 0.0 { low.sqrt() * high.sqrt() } else { 0.5 * high };
            let next = if newton > low && newton < high { newton } else { middle };
            let step = (next - q).abs();
            // Steps that are tiny and do not shrink are rounding of D divided by a small slope.
            let is_noise = step < 1e-9 * q && step > 0.9 * last_step;
            if step <= f64::EPSILON * q || high - low <= 2.0 * f64::EPSILON * low || is_noise {
                return next;
            }
            (q, last_step) = (next, step);
        }
        q
    }

    /// The extremum of D between `low` and `high` if D' has different signs there, by bisection on D'.
    fn inner_extremum(&self, mut low: f64, slope_at_low: f64, mut high: f64, slope_at_high: f64) -> Option<f64> {
        if slope_at_low * slope_at_high >= 0.0 {
            return None;
        }
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if (self.at(middle).1 < 0.0) == (slope_at_low < 0.0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(low)
    }
}

/// The limit of V's iterates from q0 >= 0. V increases in q for every activation here, so iterates move one way, to the
/// nearest root on that side.
fn limit_from(mean_field: &MeanField, q0: f64) -> LengthFixedPoint {
    if q0 == f64::INFINITY && !mean_field.activation().is_bounded() && mean_field.sigma_w() > 0.0 {
        return LengthFixedPoint::Diverges;
    }
    let q0 = crate::kernel::clamp_variance(q0);
    if let Some(gain) = mean_field.family().homogeneous_gain() {
        return homogeneous_limit(mean_field.sigma_w2() * gain, mean_field.sigma_b2(), q0);
    }
    let drift = Drift { mean_field };
    let concave = mean_field.family().is_concave();
    let (at_start, _) = drift.at(q0);
    if at_start == 0.0 && q0 > 0.0 {
        return LengthFixedPoint::Finite { q_star: q0 };
    }
    if at_start > 0.0 {
        if concave {
            // phi^2 <= 1, so V does not exceed this; D is negative there and D's root above q0 is the only one.
            let top = (mean_field.sigma_w2() + mean_field.sigma_b2()).max(q0) * (1.0 + 1e-9);
            return LengthFixedPoint::Finite { q_star: drift.root(q0, top, top) };
        }
        return climb(&drift, q0);
    }
    if q0 == 0.0 {
        return LengthFixedPoint::Zero;
    }
    descend(&drift, q0, concave)
}

/// V(q) = slope q + sigma_b^2.
fn homogeneous_limit(slope: f64, sigma_b2: f64, q0: f64) -> LengthFixedPoint {
    if (slope - 1.0).abs() <= CRITICAL_TOLERANCE {
        return if sigma_b2 == 0.0 { LengthFixedPoint::Marginal { q_star: q0 } } else { LengthFixedPoint::Diverges };
    }
    if slope > 1.0 {
        return if sigma_b2 == 0.0 && q0 == 0.0 { LengthFixedPoint::Zero } else { LengthFixedPoint::Diverges };
    }
    if sigma_b2 == 0.0 { LengthFixedPoint::Zero } else { LengthFixedPoint::Finite { q_star: sigma_b2 / (1.0 - slope) } }
}

/// Growth of the steps with which a length map with inflections is scanned for its next root.
fn scan_step(q: f64) -> f64 {
    // The inflections of gelu's and silu's maps lie below q = 100; further out D is smooth on the scale of q itself.
    if q < 1e3 { 1.25 } else { 2.0 }
}

/// The first root above q0 where D(q0) > 0, for gelu, silu, softplus.
fn climb(drift: &Drift<'_>, q0: f64) -> LengthFixedPoint {
    let mut low = q0.max(1e-3);
    let (at_low, mut slope_at_low) = drift.at(low);
    if at_low <= 0.0 {
        return LengthFixedPoint::Finite { q_star: drift.root(q0, low, low) };
    }
    while low < ASYMPTOTIC_LENGTH {
        let high = low * scan_step(low);
        let (at_high, slope_at_high) = drift.at(high);
        if at_high <= 0.0 {
            return LengthFixedPoint::Finite { q_star: drift.root(low, high, high) };
        }
        if let Some(least) = drift.inner_extremum(low, slope_at_low, high, slope_at_high)
            && drift.at(least).0 <= 0.0
        {
            return LengthFixedPoint::Finite { q_star: drift.root(low, least, low) };
        }
        (low, slope_at_low) = (high, slope_at_high);
    }
    root_beyond(drift.mean_field, low).map_or(LengthFixedPoint::Diverges, |q_star| LengthFixedPoint::Finite { q_star })
}

/// The first root below q0 where D(q0) < 0.
fn descend(drift: &Drift<'_>, q0: f64, concave: bool) -> LengthFixedPoint {
    let mut high = q0;
    if !concave {
        let mut slope_at_high = drift.at(high).1;
        while high > 1.0 {
            let low = (high / scan_step(high)).max(1.0);
            let (at_low, slope_at_low) = drift.at(low);
            if at_low >= 0.0 {
                return LengthFixedPoint::Finite { q_star: drift.root(low, high, low) };
            }
            if let Some(most) = drift.inner_extremum(low, slope_at_low, high, slope_at_high)
                && drift.at(most).0 >= 0.0
            {
                return LengthFixedPoint::Finite { q_star: drift.root(most, high, most) };
            }
            (high, slope_at_high) = (low, slope_at_low);
        }
    }
    let (at_zero, slope_at_zero) = drift.at(0.0);
    if at_zero > 0.0 {
        // Convex: Newton's method from 0 stays below the root. Concave: from the top it stays above it.
        return LengthFixedPoint::Finite { q_star: drift.root(0.0, high, if concave { high } else { 0.0 }) };
    }
    // No bias and phi(0) = 0. A convex V that is below q at `high` is below it all the way to 0.
    if !concave || slope_at_zero <= CRITICAL_TOLERANCE {
        return LengthFixedPoint::Zero;
    }
    // D > 0 on (0, q*): a point there is small beside the slope's excess over 1.
    let mut low = (0.01 * slope_at_zero).min(0.5 * high);
    while low > 0.0 && drift.at(low).0 <= 0.0 {
        low *= 0.1;
    }
    if low == 0.0 {
        return LengthFixedPoint::Zero;
    }
    LengthFixedPoint::Finite { q_star: drift.root(low, high, high) }
}

/// The roots of V(q) = q with q >= 0.
fn roots(mean_field: &MeanField) -> LengthRoots {
    let family = mean_field.family();
    if let Some(gain) = family.homogeneous_gain() {
        return homogeneous_roots(mean_field.sigma_w2() * gain, mean_field.sigma_b2());
    }
    let drift = Drift { mean_field };
    let fixes_zero = drift.at(0.0).0 == 0.0;
    if family.is_concave() {
        // At most one root above 0, and then 0 is not stable.
        let above = match limit_from(mean_field, 1.0) {
            LengthFixedPoint::Finite { q_star } => Some(q_star),
            _ => None,
        };
        let zero = fixes_zero.then_some(LengthRoot { q: 0.0, is_stable: above.is_none() });
        let above = above.map(|q| LengthRoot { q, is_stable: true });
        return LengthRoots::Of(zero.into_iter().chain(above).collect());
    }
    let mut found = Vec::new();
    let mut rises = if fixes_zero { drift.at(FIRST_SCANNED).0 > 0.0 } else { true };
    if fixes_zero {
        found.push(LengthRoot { q: 0.0, is_stable: !rises });
    }
    let mut see = |from: f64, to: f64, at_to: f64| {
        if (at_to > 0.0) != rises {
            found.push(LengthRoot { q: drift.root(from, to, if from > 0.0 { from } else { 0.0 }), is_stable: rises });
            rises = !rises;
        }
    };
    let (mut low, mut slope_at_low, mut high) = (0.0, drift.at(0.0).1, FIRST_SCANNED);
    while high < ASYMPTOTIC_LENGTH {
        let (at_high, slope_at_high) = drift.at(high);
        if let Some(extremum) = drift.inner_extremum(low, slope_at_low, high, slope_at_high) {
            see(low, extremum, drift.at(extremum).0);
            low = extremum;
        }
        see(low, high, at_high);
        (low, slope_at_low) = (high, slope_at_high);
        high *= scan_step(high);
    }
    if rises && let Some(q) = root_beyond(mean_field, low) {
        found.push(LengthRoot { q, is_stable: true });
    }
    LengthRoots::Of(found)
}

/// The roots of slope q + sigma_b^2 = q.
fn homogeneous_roots(slope: f64, sigma_b2: f64) -> LengthRoots {
    if (slope - 1.0).abs() <= CRITICAL_TOLERANCE {
        return if sigma_b2 == 0.0 { LengthRoots::EveryLength } else { LengthRoots::Of(Vec::new()) };
    }
    let q = if sigma_b2 == 0.0 { 0.0 } else { sigma_b2 / (1.0 - slope) };
    let root = (q >= 0.0).then_some(LengthRoot { q, is_stable: slope < 1.0 });
    LengthRoots::Of(root.into_iter().collect())
}

/// The root above `low`, at or beyond [`ASYMPTOTIC_LENGTH`] with D(low) > 0, where D falls along a line if sigma_w^2 < 2.
fn root_beyond(mean_field: &MeanField, low: f64) -> Option<f64> {
    let slope_at_infinity = 0.5 * mean_field.sigma_w2();
    if slope_at_infinity >= 1.0 - CRITICAL_TOLERANCE {
        return None;
    }
    // D(q) = sigma_b^2 - (1 - slope) q up to terms that vanish as q grows.
    let guess = (mean_field.sigma_b2() / (1.0 - slope_at_infinity)).max(low);
    Some(Drift { mean_field }.root(low, 2.0 * guess, guess))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::Activation;
    use crate::family::Family;

    #[test]
    fn without_bias_nothing_is_left_up_to_the_critical_sigma_w() {
        // phi'(0) is 1 for the first five and 2/sqrt(pi) for erf; phi^2(x) < phi'(0)^2 x^2.
        for (activation, critical) in [
            (Activation::Tanh, 1.0),
            (Activation::ErfUnitSlope, 1.0),
            (Activation::HardTanh, 1.0),
            (Activation::Sin, 1.0),
            (Activation::Erf, 0.5 * std::f64::consts::PI.sqrt()),
        ] {
            for sigma_w in [0.9 * critical, critical * (1.0 - 1e-15), critical] {
                let field = MeanField::new(activation, sigma_w, 0.0).unwrap();
                assert_eq!(limit_from(&field, 1.0), LengthFixedPoint::Zero, "{activation:?} {sigma_w}");
                assert_eq!(
                    roots(&field),
                    LengthRoots::Of(vec![LengthRoot { q: 0.0, is_stable: true }]),
                    "{activation:?} {sigma_w}"
                );
            }
            let above = MeanField::new(activation, critical * (1.0 + 1e-10), 0.0).unwrap();
            let q_star = limit_from(&above, 1.0).q_star().unwrap();
            // V(q) = sigma_w^2 phi'(0)^2 (q - a q^2), a of order 1: hard tanh has no such term.
            let is_smooth = activation != Activation::HardTanh;
            assert!(!is_smooth || (1e-11..1e-9).contains(&q_star), "{activation:?}: {q_star}");
        }
    }

    #[test]
    fn shape_of_the_length_map_is_as_stated() {
        // Concavity on a geometric grid over [1e-4, 1e4], to rounding.
        for activation in Activation::ALL {
            let family = Family::of(activation);
            let mut previous = moments(family, 1e-4).phi2_slope;
            let mut q = 1e-4;
            let mut falls = true;
            while q < 1e4 {
                q *= 1.1;
                let slope = moments(family, q).phi2_slope;
                falls &= slope <= previous * (1.0 + 1e-12);
                previous = slope;
            }
            assert_eq!(falls, family.is_concave(), "{activation}");
            assert_eq!(moments(family, 0.0).phi2 == 0.0, activation.phi(0.0) == 0.0, "{activation}");
        }
    }

    #[test]
    fn convex_maps_are_convex_up_to_1() {
        for activation in [Activation::Gelu, Activation::Silu, Activation::Softplus] {
            let slopes: Vec<f64> =
                (0..=100).map(|k| moments(Family::of(activation), 0.01 * f64::from(k)).phi2_slope).collect();
            assert!(slopes.windows(2).all(|pair| pair[1] > pair[0]), "{activation}");
        }
    }
}
