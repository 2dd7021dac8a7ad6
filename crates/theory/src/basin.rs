//! What becomes of lengths, and of which starts.

use crate::fixed_point::{LengthFixedPoint, LengthRoot, LengthRoots};
use crate::mean_field::MeanField;

/// A start this near to a fixed point that repels, relative to it, needs the exact one.
const NEAR: f64 = 1e-5;

/// What becomes of a length in very many layers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LengthFate {
    /// It comes to this length above 0, or stays there.
    Settles(f64),
    /// It falls to 0.
    DiesOut,
    /// It grows without bound.
    Grows,
}

impl LengthFate {
    fn at(root: Option<&LengthRoot>) -> Self {
        match root {
            Some(root) if root.q > 0.0 => Self::Settles(root.q),
            Some(_) => Self::DiesOut,
            None => Self::Grows,
        }
    }
}

impl From<LengthFixedPoint> for LengthFate {
    fn from(limit: LengthFixedPoint) -> Self {
        match limit {
            LengthFixedPoint::Finite { q_star } | LengthFixedPoint::Marginal { q_star } => Self::Settles(q_star),
            LengthFixedPoint::Zero => Self::DiesOut,
            LengthFixedPoint::Diverges => Self::Grows,
        }
    }
}

/// The starts that share the fate of a length q0: those between two fixed points that repel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LengthBasin {
    /// Fixed points above 0 that lengths leave, ascending.
    pub unstable: Vec<f64>,
    /// The border below q0, and what becomes of lengths below it; `None` where the basin reaches down to 0.
    pub below: Option<(f64, LengthFate)>,
    /// The border above q0, and what becomes of lengths above it; `None` where the basin has no upper border.
    pub above: Option<(f64, LengthFate)>,
    /// What becomes of lengths that start from 1, where 1 lies in another basin.
    pub from_one: Option<LengthFate>,
}

impl LengthBasin {
    /// The basin of q0 > 0. It is that of `sketch`, the quicker form of `field` (see [`MeanField::coarse`]), except where q0 is
    /// within 1e-5 of one of its borders. Whole where every length is a fixed point.
    pub fn new(q0: f64, sketch: &MeanField, field: &MeanField) -> Self {
        let unstable = |roots: &[LengthRoot]| -> Vec<f64> {
            roots.iter().filter(|root| !root.is_stable && root.q > 0.0).map(|root| root.q).collect()
        };
        let LengthRoots::Of(mut roots) = sketch.length_roots() else { return Self::default() };
        if unstable(&roots).iter().any(|q| (q - q0).abs() < NEAR * q)
            && let LengthRoots::Of(exact) = field.length_roots()
        {
            roots = exact;
        }
        // Stable and unstable ones take turns: the next stable one on either side of a border.
        let stable = || roots.iter().filter(|root| root.is_stable);
        let fate_below = |border: f64| LengthFate::at(stable().rfind(|root| root.q < border));
        let fate_above = |border: f64| LengthFate::at(stable().find(|root| root.q > border));
        let unstable = unstable(&roots);
        let low = unstable.iter().copied().rfind(|q| *q < q0);
        let high = unstable.iter().copied().find(|q| *q > q0);
        let from_one = match (low, high) {
            (Some(low), _) if low > 1.0 => {
                Some(unstable.iter().copied().find(|q| *q > 1.0).map_or(LengthFate::Grows, fate_below))
            }
            (_, Some(high)) if high < 1.0 => {
                Some(unstable.iter().copied().rfind(|q| *q < 1.0).map_or(LengthFate::Grows, fate_above))
            }
            _ => None,
        };
        Self {
            below: low.map(|border| (border, fate_below(border))),
            above: high.map(|border| (border, fate_above(border))),
            unstable,
            from_one,
        }
    }

    /// Whether all starts have the same fate.
    pub fn is_whole(&self) -> bool {
        self.below.is_none() && self.above.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Activation;

    fn fate_by_iteration(field: &MeanField, q0: f64) -> LengthFate {
        let mut q = q0;
        for _ in 0..20_000 {
            q = field.length_map(q);
        }
        match q {
            q if q < 1e-6 => LengthFate::DiesOut,
            q if q > 1e6 => LengthFate::Grows,
            q => LengthFate::Settles(q),
        }
    }

    fn is_same(a: LengthFate, b: LengthFate) -> bool {
        match (a, b) {
            (LengthFate::Settles(a), LengthFate::Settles(b)) => (a - b).abs() < 1e-4 * b,
            _ => a == b,
        }
    }

    /// Against the length map itself, applied many times.
    #[test]
    fn borders_part_starts_of_different_fates() {
        let mut n_borders = 0;
        for (activation, sigma_w, sigma_b) in [
            (Activation::Gelu, 1.7, 0.0),
            (Activation::Silu, 1.7, 0.1),
            (Activation::Softplus, 1.5, 0.0),
            (Activation::Tanh, 2.0, 0.3),
        ] {
            let field = MeanField::new(activation, sigma_w, sigma_b).unwrap();
            for q0 in [0.01, 0.5, 3.0, 30.0] {
                let basin = LengthBasin::new(q0, &field.coarse(), &field);
                let here = fate_by_iteration(&field, q0);
                assert!(is_same(field.fixed_point_from(q0).into(), here), "{activation:?} from {q0}");
                for (border, factor, fate) in basin
                    .below
                    .map(|(border, fate)| (border, 0.9, fate))
                    .into_iter()
                    .chain(basin.above.map(|(border, fate)| (border, 1.1, fate)))
                {
                    n_borders += 1;
                    let beyond = fate_by_iteration(&field, factor * border);
                    assert!(is_same(fate, beyond), "{activation:?} beyond {border}: {fate:?}, found {beyond:?}");
                    assert!(!is_same(fate, here), "{activation:?}: {border} parts nothing");
                }
                if let Some(fate) = basin.from_one {
                    assert!(is_same(fate, fate_by_iteration(&field, 1.0)), "{activation:?} from 1: {fate:?}");
                }
                assert_eq!(basin.is_whole(), basin.below.or(basin.above).is_none());
            }
        }
        assert!(n_borders > 2, "{n_borders} borders");
    }
}
