//! Sums over the values of D^2 = phi'(u)^2 of which the transforms of its law are made.

use super::complex::Complex;

/// A value of D^2 and its probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) d2: f64,
    pub(crate) weight: f64,
}

/// Terms of an expectation that are summed over the nodes: a transform of the law.
pub(crate) trait Terms {
    fn add(&mut self, nodes: &[Node], y: Complex);
    /// Adds mass at D^2 far below y, or far above it.
    fn add_far(&mut self, mass: f64, is_below: bool, y: Complex);
}

/// Transforms of the law of D^2 at a point y of the upper half plane (or of the real axis outside the support).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transform {
    /// A = E y/(y - D^2) = 1 + M.
    pub(crate) a: Complex,
    /// M = E D^2/(y - D^2), the moment generating function of D^2 in 1/y.
    pub(crate) m: Complex,
    /// P = E D^2 y/(y - D^2)^2 = -dM/d ln y.
    pub(crate) p: Complex,
}

/// E arg(1 - D^2/y), in [0, pi].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Angle(pub(crate) f64);

impl Terms for Transform {
    fn add(&mut self, nodes: &[Node], y: Complex) {
        for node in nodes {
            // 1/(y - d2)
            let distance = y.re - node.d2;
            let scale = 1.0 / (distance * distance + y.im * y.im);
            let (re, im) = (distance * scale, -y.im * scale);
            let (a_re, a_im) = (y.re * re - y.im * im, y.re * im + y.im * re);
            let (weight, slope) = (node.weight, node.weight * node.d2);
            self.a.re += weight * a_re;
            self.a.im += weight * a_im;
            self.m.re += slope * re;
            self.m.im += slope * im;
            self.p.re += slope * (a_re * re - a_im * im);
            self.p.im += slope * (a_re * im + a_im * re);
        }
    }

    fn add_far(&mut self, mass: f64, is_below: bool, _: Complex) {
        if is_below { self.a.re += mass } else { self.m.re -= mass }
    }
}

impl Terms for Angle {
    fn add(&mut self, nodes: &[Node], y: Complex) {
        for node in nodes {
            // The argument of (y - d2)/y.
            let (re, im) = (y.norm_squared() - node.d2 * y.re, node.d2 * y.im.max(0.0));
            self.0 += node.weight * libm::atan2(im, re);
        }
    }

    fn add_far(&mut self, mass: f64, is_below: bool, y: Complex) {
        if !is_below {
            // arg(-1/y)
            self.0 += mass * (std::f64::consts::PI - libm::atan2(y.im, y.re));
        }
    }
}
