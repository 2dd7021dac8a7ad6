//! The master equation of the spectrum, in logarithms.
//!
//! With M = lambda G(lambda) - 1 (G the mean of 1/(lambda - lambda_i)) and y the point at which D^2 has the same
//! transform, M = E D^2/(y - D^2), multiplicativity of the S-transform gives
//!
//! ```text
//! lambda = (1 + M)/M S_J(M)^-1 = (1 + M)^c M^(L-1) (sigma_w^2 y)^L
//! c = 1 for Gaussian weights, 1 - L for orthogonal ones
//! ```
//!
//! (Pennington, Schoenholz & Ganguli 2018, with S_D(M) = (1 + M)/(M y), S_WW = 1/(sigma_w^2 (1 + M)) or 1/sigma_w^2.)
//! The unknown is w = ln y: M is explicit in it, and f(w) = ln lambda is analytic in the strip 0 < Im w < pi. For lambda
//! in the upper half plane y is the subordination function; it lies in the upper half plane too, M and 1 + M in the
//! lower one, so all logarithms are principal ones. The density in ln lambda is -Im M/pi. It has a closed integral, because
//! M d ln lambda is made of exact differentials: the mass above lambda is Im F/pi with
//!
//! ```text
//! F = c (M - ln(1 + M)) + (L - 1) M + L E ln(1 - D^2/y)
//! ```

use std::f64::consts::{FRAC_1_PI, PI};

use super::complex::Complex;
use super::ensemble::Ensemble;
use super::slope_law::SlopeLaw;

/// Newton's steps before a guess counts as bad.
const NEWTON_STEPS: usize = 12;
/// Longest of them.
const LONGEST_STEP: f64 = 0.5;

/// ln lambda as a function of w = ln y.
#[derive(Clone, Debug)]
pub(crate) struct Equation {
    pub(crate) law: SlopeLaw,
    pub(crate) ensemble: Ensemble,
    pub(crate) depth: f64,
    /// L ln sigma_w^2.
    pub(crate) ln_gain: f64,
}

/// The equation at one w.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) w: Complex,
    /// ln lambda.
    pub(crate) f: Complex,
    /// d ln lambda/dw.
    pub(crate) slope: Complex,
    /// 1 + M, without cancellation.
    pub(crate) a: Complex,
    pub(crate) m: Complex,
}

impl Point {
    /// Density of ln lambda.
    pub(crate) fn log_density(&self) -> f64 {
        -self.m.im * FRAC_1_PI
    }
}

/// Why there is no solution where one was sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// y is too close to the support of D^2 for the quadrature: the density is too thin there.
    Thin,
    /// Newton's method did not converge from the guess, or left the strip.
    Guess,
}

impl Equation {
    pub(crate) fn at(&self, w: Complex) -> Option<Point> {
        let t = self.law.transform(w)?;
        let (ln_a, ln_m) = (t.a.ln_from_below(), t.m.ln_from_below());
        let inner = self.depth - 1.0;
        let mut f = Complex::real(self.ln_gain) + w.scale(self.depth);
        let mut slope = Complex::real(self.depth);
        match self.ensemble {
            Ensemble::Gaussian => {
                f = f + ln_a;
                slope = slope - t.p.over(t.a);
                // At depth 1 the factor is M^0, whatever M.
                if inner > 0.0 {
                    f = f + ln_m.scale(inner);
                    slope = slope - t.p.over(t.m).scale(inner);
                }
            }
            Ensemble::Orthogonal => {
                if inner > 0.0 {
                    f = f + (ln_m - ln_a).scale(inner);
                    // 1/M - 1/A = 1/(M A)
                    slope = slope - t.p.over(t.m * t.a).scale(inner);
                }
            }
        }
        Some(Point { w, f, slope, a: t.a, m: t.m })
    }

    /// Mass above lambda, atoms included, at a point on the curve; `None` too close to the support.
    pub(crate) fn mass_above(&self, point: &Point) -> Option<f64> {
        let angle = self.depth * self.law.angle(point.w)?;
        let arg_a = point.a.ln_from_below().im;
        let sum = match self.ensemble {
            Ensemble::Gaussian => angle - arg_a + self.depth * point.m.im.min(0.0),
            Ensemble::Orthogonal => angle + (self.depth - 1.0) * arg_a,
        };
        Some(sum * FRAC_1_PI)
    }

    /// On the real axis of y, outside the support: whether lambda lies in a gap of the spectrum there, that is, ln lambda
    /// is real and increases with y.
    pub(crate) fn is_gap(&self, w: f64) -> bool {
        // Half a right angle, where exact arithmetic leaves multiples of pi.
        self.at(Complex::real(w)).is_some_and(|point| point.f.im.abs() < 0.25 * PI && point.slope.re > 0.0)
    }

    /// Newton's method for f(w) = target in the strip.
    pub(crate) fn solve(&self, target: Complex, guess: Complex) -> Result<Point, Failure> {
        let mut w = guess;
        for _ in 0..NEWTON_STEPS {
            if !(w.im > 0.0 && w.im < PI) {
                return Err(Failure::Guess);
            }
            let point = self.at(w).ok_or(Failure::Thin)?;
            let rest = point.f - target;
            // Rounding of the sum of logarithms, some ten times over.
            let rounding = 2e-15 * (self.depth * (1.0 + w.norm() + point.m.norm().max(1.0)) + target.norm());
            let step = rest.over(point.slope);
            if rest.norm() <= rounding || step.norm() <= 1e-14 * w.im {
                return Ok(point);
            }
            let size = step.norm();
            w = w - if size > LONGEST_STEP { step.scale(LONGEST_STEP / size) } else { step };
        }
        Err(Failure::Guess)
    }
}
