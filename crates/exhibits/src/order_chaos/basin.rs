//! Where lengths go from `q_0`, and from elsewhere.

use figures::format_number;
use theory::{LengthFixedPoint, LengthRoot, LengthRoots, MeanField};

/// A start this near to a fixed point that repels, relative to it, needs the exact one.
const NEAR: f64 = 1e-5;

/// What becomes of lengths.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Settles(f64),
    DiesOut,
    Grows,
}

impl Fate {
    fn at(root: Option<&LengthRoot>) -> Self {
        match root {
            Some(root) if root.q > 0.0 => Self::Settles(root.q),
            Some(_) => Self::DiesOut,
            None => Self::Grows,
        }
    }

    fn said(self) -> String {
        match self {
            Self::Settles(q) => format!("settles at {}", format_number(q)),
            Self::DiesOut => "dies out".into(),
            Self::Grows => "grows without bound".into(),
        }
    }
}

/// The starts that share the fate of `q_0`: those between two fixed points that repel.
#[derive(Clone, Debug, Default)]
pub(super) struct Basin {
    /// Fixed points above 0 that lengths leave, ascending.
    pub(super) unstable: Vec<f64>,
    below: Option<(f64, Fate)>,
    above: Option<(f64, Fate)>,
    /// What becomes of lengths that start from 1, as in the phase map, where that is something else.
    of_map: Option<Fate>,
}

impl Basin {
    /// From `sketch`, the quicker form of `field`, where that will do.
    pub(super) fn new(q_0: f64, sketch: &MeanField, field: &MeanField) -> Self {
        let unstable = |roots: &[LengthRoot]| -> Vec<f64> {
            roots.iter().filter(|root| !root.is_stable && root.q > 0.0).map(|root| root.q).collect()
        };
        let LengthRoots::Of(mut roots) = sketch.length_roots() else { return Self::default() };
        if unstable(&roots).iter().any(|q| (q - q_0).abs() < NEAR * q)
            && let LengthRoots::Of(exact) = field.length_roots()
        {
            roots = exact;
        }
        // Stable and unstable ones take turns: the next stable one on either side of a border.
        let stable = || roots.iter().filter(|root| root.is_stable);
        let fate_below = |border: f64| Fate::at(stable().rfind(|root| root.q < border));
        let fate_above = |border: f64| Fate::at(stable().find(|root| root.q > border));
        let unstable = unstable(&roots);
        let low = unstable.iter().copied().rfind(|q| *q < q_0);
        let high = unstable.iter().copied().find(|q| *q > q_0);
        let of_map = match (low, high) {
            (Some(low), _) if low > 1.0 => {
                Some(unstable.iter().copied().find(|q| *q > 1.0).map_or(Fate::Grows, fate_below))
            }
            (_, Some(high)) if high < 1.0 => {
                Some(unstable.iter().copied().rfind(|q| *q < 1.0).map_or(Fate::Grows, fate_above))
            }
            _ => None,
        };
        Self {
            below: low.map(|border| (border, fate_below(border))),
            above: high.map(|border| (border, fate_above(border))),
            unstable,
            of_map,
        }
    }

    /// Whether all starts have the same fate.
    pub(super) fn is_whole(&self) -> bool {
        self.below.is_none() && self.above.is_none()
    }

    /// What becomes of the length from here and from elsewhere; `None` where all starts have the same fate.
    pub(super) fn sentence(&self, q_0: f64, limit: LengthFixedPoint) -> Option<String> {
        if self.is_whole() {
            return None;
        }
        let here = match limit {
            LengthFixedPoint::Finite { q_star } | LengthFixedPoint::Marginal { q_star } => Fate::Settles(q_star),
            LengthFixedPoint::Zero => Fate::DiesOut,
            LengthFixedPoint::Diverges => Fate::Grows,
        };
        let elsewhere = |word: &str, from: Option<(f64, Fate)>| {
            from.map(|(border, fate)| format!("; from {word} {} it {}", format_number(border), fate.said()))
        };
        let map = self.of_map.map(|fate| format!(" The phase map starts from q = 1, where it {}.", fate.said()));
        Some(format!(
            "Where the length goes depends on where it starts. From q₀ = {} it {}{}{}.{}",
            format_number(q_0),
            here.said(),
            elsewhere("below", self.below).unwrap_or_default(),
            elsewhere("above", self.above).unwrap_or_default(),
            map.unwrap_or_default(),
        ))
    }
}
