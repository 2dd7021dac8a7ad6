//! Gaps of the spectrum and the edges of its bands.
//!
//! Where lambda is outside the spectrum, y is real and outside the support of D^2, and lambda increases with y. An edge
//! is where d lambda/dy = 0. With finitely many values of D^2 there can be gaps for y between them.

use super::complex::Complex;
use super::equation::Equation;

/// One end of a gap, where the density starts as a square root.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    /// ln y.
    pub(crate) w: f64,
    /// ln lambda.
    pub(crate) x: f64,
    /// d^2 ln lambda/dw^2: positive at the upper edge of a band, negative at its lower edge.
    pub(crate) curvature: f64,
}

/// A band of the spectrum: an interval of ln lambda.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Band {
    pub(crate) top: Edge,
    /// `None`: the band reaches down to lambda = 0.
    pub(crate) bottom: Option<Edge>,
}

/// A gap; its ends are missing where it reaches lambda = 0 or infinity.
#[derive(Clone, Copy, Debug)]
struct Gap {
    bottom: Option<Edge>,
    top: Option<Edge>,
    x: (f64, f64),
}

/// Points of the search on each interval.
const POINTS: usize = 800;
/// Closest approach to the ends of an interval, e^-CLOSEST in ln y.
const CLOSEST: f64 = 25.0;

/// Slope of ln lambda over ln y that counts as 0, e^-CLOSEST away from where it is.
const STATIONARY: f64 = 1e-8;

/// The bands, from above, or `None` if the density has no clean upper edge (the law of D^2 then has a thin upper tail).
pub(crate) fn bands(equation: &Equation) -> Option<Vec<Band>> {
    if equation.law.smooth().is_some() {
        smooth_band(equation).map(|band| vec![band])
    } else {
        Some(bands_of_atoms(equation))
    }
}

/// The uppermost y at which lambda stops to increase, above a smooth law's support.
fn smooth_band(equation: &Equation) -> Option<Band> {
    let support = libm::log(equation.law.largest());
    // From far above downwards; 1e-4 is as close as the quadrature goes without strain.
    let far = libm::log(20.0 + libm::log(equation.depth));
    let (near, steps) = (libm::log(1e-4), 80);
    let mut outside = support + libm::exp(far);
    for k in 1..=steps {
        let w = support + libm::exp(far + (near - far) * f64::from(k) / f64::from(steps));
        if !equation.is_gap(w) {
            equation.at(Complex::real(w))?;
            return Some(Band { top: edge_between(equation, w, outside), bottom: None });
        }
        outside = w;
    }
    None
}

fn bands_of_atoms(equation: &Equation) -> Vec<Band> {
    let positions: Vec<f64> =
        equation.law.atoms().iter().filter(|node| node.d2 > 0.0).map(|node| libm::log(node.d2)).collect();
    let (Some(&first), Some(&last)) = (positions.first(), positions.last()) else { return Vec::new() };
    // Intervals of ln y between the values of D^2, each with points that crowd at its finite ends.
    let far = libm::log(60.0 + libm::log(equation.depth));
    let at = |k: usize, low: f64, high: f64| low + (high - low) * k as f64 / (POINTS - 1) as f64;
    let mut intervals: Vec<Vec<f64>> = vec![(0..POINTS).map(|k| first - libm::exp(at(k, far, -CLOSEST))).collect()];
    for pair in positions.windows(2) {
        let share = |k: usize| 1.0 / (1.0 + libm::exp(-at(k, -CLOSEST, CLOSEST)));
        intervals.push((0..POINTS).map(|k| pair[0] + (pair[1] - pair[0]) * share(k)).collect());
    }
    intervals.push((0..POINTS).map(|k| last + libm::exp(at(k, -CLOSEST, far))).collect());
    let mut gaps: Vec<Gap> =
        intervals.iter().enumerate().flat_map(|(k, points)| gaps_of(equation, points, k == 0)).collect();
    gaps.sort_by(|left, right| left.x.0.total_cmp(&right.x.0));
    let bands = gaps.windows(2).filter_map(|pair| {
        let (below, above) = (pair[0], pair[1]);
        // An eigenvalue that stands alone parts a gap in two without a band.
        let is_band = above.x.0 - below.x.1 > 1e-9 * (1.0 + below.x.1.abs());
        above.bottom.filter(|_| is_band).map(|top| Band { top, bottom: below.top })
    });
    let mut bands: Vec<Band> = bands.collect();
    if let Some(lowest) = gaps.first().filter(|gap| gap.x.0 > f64::NEG_INFINITY) {
        bands.extend(lowest.bottom.map(|top| Band { top, bottom: None }));
    }
    bands.sort_by(|left, right| right.top.x.total_cmp(&left.top.x));
    bands
}

/// Runs of points, ascending, that lie in gaps.
fn gaps_of(equation: &Equation, points: &[f64], starts_at_zero: bool) -> Vec<Gap> {
    let inside: Vec<bool> = points.iter().map(|&w| equation.is_gap(w)).collect();
    let mut gaps = Vec::new();
    let mut k = 0;
    while k < points.len() {
        if !inside[k] {
            k += 1;
            continue;
        }
        let start = k;
        while k < points.len() && inside[k] {
            k += 1;
        }
        let bottom = match start {
            0 => edge_at(equation, points[0]),
            _ => Some(edge_between(equation, points[start - 1], points[start])),
        };
        let top = match points.get(k) {
            None => edge_at(equation, points[k - 1]),
            Some(&outside) => Some(edge_between(equation, outside, points[k - 1])),
        };
        // Without an edge, a gap beside a value of D^2 ends at an eigenvalue that stands alone.
        let low = match bottom {
            Some(edge) => edge.x,
            None if starts_at_zero => f64::NEG_INFINITY,
            None => equation.x_at(points[start]),
        };
        let high = top.map_or_else(|| equation.x_at(points[k - 1]), |edge| edge.x);
        gaps.push(Gap { bottom, top, x: (low, high) });
    }
    gaps
}

/// The edge beside a value of D^2, if lambda is stationary there: an eigenvalue of mass 0 is about to part from the band,
/// which starts with an inverse square root.
fn edge_at(equation: &Equation, w: f64) -> Option<Edge> {
    let slope = equation.at(Complex::real(w))?.slope.re;
    (slope < STATIONARY).then(|| edge(equation, w))
}

/// The stationary point between a point outside the gap and one in it.
fn edge_between(equation: &Equation, outside: f64, inside: f64) -> Edge {
    let (mut outside, mut inside) = (outside, inside);
    for _ in 0..80 {
        let middle = 0.5 * (outside + inside);
        if middle == outside || middle == inside {
            break;
        }
        if equation.is_gap(middle) { inside = middle } else { outside = middle }
    }
    edge(equation, inside)
}

fn edge(equation: &Equation, w: f64) -> Edge {
    // The slope is analytic and real on the axis: a step of i e turns it by i e times its derivative, without cancellation.
    let step = 1e-8;
    let curvature = equation.at(Complex::new(w, step)).map_or(f64::NAN, |point| point.slope.im / step);
    Edge { w, x: equation.x_at(w), curvature }
}

impl Equation {
    fn x_at(&self, w: f64) -> f64 {
        self.at(Complex::real(w)).map_or(f64::NAN, |point| point.f.re)
    }
}
