//! Products and polynomials by relu nets (Yarotsky 2017).

use super::builder::{Builder, Wire};
use super::error::NetError;
use super::net::{NetCost, ReluNet};
use super::square::{MAX_SQUARE_STEPS, check_steps, least_steps, square, square_error, squares};
use crate::TheoryError;

/// Largest |number| that may be multiplied.
const M_MAX: f64 = 1e9;
/// Most coefficients: degree 20.
const MAX_COEFFICIENTS: usize = 21;

/// x y on \[-M, M\]^2 by three squares:
///
/// ```text
/// 2 M^2 (f_m(|x + y|/2M) - f_m(|x|/2M) - f_m(|y|/2M))
/// ```
///
/// Exactly 0 where x or y is 0.
///
/// # Errors
/// [`NetError::Range`] unless 0 < M <= 1e9, |x|, |y| <= M, m <= 50.
///
/// # Source
/// Yarotsky 2017, arXiv 1610.01145, Proposition 3.
pub fn product(m: u32, m_bound: f64, x: f64, y: f64) -> Result<f64, NetError> {
    check_bound(m_bound)?;
    TheoryError::check("x", x, -m_bound, m_bound)?;
    TheoryError::check("y", y, -m_bound, m_bound)?;
    let f = |u: f64| square(m, u.abs() / (2.0 * m_bound));
    Ok(2.0 * m_bound * m_bound * (f(x + y)? - f(x)? - f(y)?))
}

/// 4 M^2 2^(-2m-2), the largest error of [`product`]: f_m errs upwards by at most 2^(-2m-2), so the bracket errs by between
/// -2 and 1 of that. It is attained at x = y = M 2^-m.
///
/// # Errors
/// [`NetError::Range`] unless 0 < M <= 1e9, m <= 50.
pub fn product_error(m: u32, m_bound: f64) -> Result<f64, NetError> {
    check_bound(m_bound)?;
    Ok(4.0 * m_bound * m_bound * square_error(m)?)
}

/// The least m with 4 M^2 2^(-2m-2) <= epsilon.
///
/// # Errors
/// [`NetError::Range`] unless 0 < M <= 1e9 and epsilon lies in \[1e-30, 1\] and is within reach of m = 50.
pub fn product_steps(epsilon: f64, m_bound: f64) -> Result<u32, NetError> {
    check_bound(m_bound)?;
    least_steps(epsilon, m_bound * m_bound)
}

fn check_bound(m_bound: f64) -> Result<f64, NetError> {
    Ok(TheoryError::check("M", m_bound, 1.0 / M_MAX, M_MAX)?)
}

/// [`product`] as a net of two inputs: one layer of 6 units for the absolute values, then three [`square_net`]s side by side.
///
/// [`square_net`]: super::square_net
///
/// # Errors
/// [`NetError::Range`] unless 0 < M <= 1e9, m <= 50.
pub fn product_net(m: u32, m_bound: f64) -> Result<ReluNet, NetError> {
    check_steps(m)?;
    check_bound(m_bound)?;
    let mut builder = Builder::new(2);
    let factors = [Wire::unit(0), Wire::unit(1)].map(|wire| Factor { wire, bound: m_bound });
    let (xy, _) = multiply(&mut builder, m, &factors, Vec::new());
    builder.finish(&xy)
}

/// Cost of [`product_net`]: 9m + 3 units (6 for m = 0) in m + 1 layers.
///
/// # Errors
/// [`NetError::Range`] unless m <= 50.
pub fn product_cost(m: u32) -> Result<NetCost, NetError> {
    Ok(product_net(m, 1.0)?.cost())
}

/// A signed wire and a bound of its size.
struct Factor {
    wire: Wire,
    bound: f64,
}

/// The product of two factors, and the wires of `carry` (values >= 0), m + 1 layers on. With both factors scaled to
/// \[-1, 1\] the error is at most 4 B C 2^(-2m-2), B and C their bounds.
fn multiply(builder: &mut Builder, m: u32, factors: &[Factor; 2], carry: Vec<Wire>) -> (Wire, Vec<Wire>) {
    let [x, y] = [0, 1].map(|i| factors[i].wire.clone().scaled(1.0 / factors[i].bound));
    let sum = x.clone().plus(&y);
    let mut wires: Vec<Wire> = [sum, x, y].into_iter().flat_map(|wire| [wire.clone(), wire.scaled(-1.0)]).collect();
    wires.extend(carry);
    let units = builder.layer(&wires);
    let halves = (0..3).map(|i| units[2 * i].clone().plus(&units[2 * i + 1]).scaled(0.5)).collect();
    let (squares, carry) = squares(builder, m, halves, units[6..].to_vec());
    let bracket = squares[0].clone().plus(&squares[1].clone().plus(&squares[2]).scaled(-1.0));
    (bracket.scaled(2.0 * factors[0].bound * factors[1].bound), carry)
}

/// A net and how far it may be from what it stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct ApproximateNet {
    /// The net.
    pub net: ReluNet,
    /// No error on the interval is larger, rounding apart.
    pub error_bound: f64,
}

/// The polynomial sum_i c_i x^i on \[-B, B\] by Horner's rule with [`product_net`]s: (degree - 1)(m + 1) layers.
///
/// With h_{d-1} = c_{d-1} + c_d x exact and h_i = c_i + x h_{i+1}, the error of h_i is at most
///
/// ```text
/// e_i = 4 B H_{i+1} 2^(-2m-2) + B e_{i+1},  H_i >= |h_i| + e_i on [-B, B]
/// ```
///
/// # Errors
/// [`NetError::Shape`] unless there are 1 to 21 coefficients; [`NetError::NotFinite`]; [`NetError::Range`] unless
/// 1e-9 <= B <= 1e9, m <= 50, or if there are more layers than a net can have.
///
/// # Source
/// Yarotsky 2017, arXiv 1610.01145, Section 3; the bound by Horner's rule is ours.
pub fn polynomial_net(coefficients: &[f64], radius: f64, m: u32) -> Result<ApproximateNet, NetError> {
    let coefficients = checked_polynomial(coefficients, radius)?;
    let product_error = product_error(m, 1.0)?;
    let mut builder = Builder::new(1);
    let degree = coefficients.len() - 1;
    let depth = degree.saturating_sub(1) * (m as usize + 1);
    NetError::check_count("layers", depth, 0, super::MAX_DEPTH)?;
    let mut x = Wire::unit(0);
    let mut h = match degree {
        0 => Wire::constant(coefficients[0]),
        _ => x.clone().scaled(coefficients[degree]).offset(coefficients[degree - 1]),
    };
    let bounds = horner_bounds(coefficients, radius, product_error);
    // The last entry belongs to h_{d-1}, the first to h_0.
    for i in (0..degree.saturating_sub(1)).rev() {
        // The bound is positive unless h is 0 everywhere, and then any will do.
        let bound = if bounds[i + 1].size > 0.0 { bounds[i + 1].size } else { 1.0 };
        let carried = x.clone().offset(radius);
        let factors = [Factor { wire: x, bound: radius }, Factor { wire: h, bound }];
        let (xh, mut kept) = multiply(&mut builder, m, &factors, vec![carried]);
        x = kept.swap_remove(0).offset(-radius);
        h = xh.offset(coefficients[i]);
    }
    Ok(ApproximateNet { net: builder.finish(&h)?, error_bound: bounds[0].error })
}

/// The least m for which the bound of [`polynomial_net`] is at most epsilon.
///
/// # Errors
/// As there; [`NetError::Range`] also if no m <= 50 will do.
pub fn polynomial_steps(coefficients: &[f64], radius: f64, epsilon: f64) -> Result<u32, NetError> {
    let coefficients = checked_polynomial(coefficients, radius)?;
    TheoryError::check("epsilon", epsilon, super::MIN_EPSILON, f64::MAX)?;
    let mut least = 0.0;
    for m in 0..=MAX_SQUARE_STEPS {
        least = horner_bounds(coefficients, radius, product_error(m, 1.0)?)[0].error;
        if least <= epsilon {
            return Ok(m);
        }
    }
    Err(TheoryError::OutOfRange { name: "epsilon", min: least, max: f64::MAX, got: epsilon }.into())
}

fn checked_polynomial(coefficients: &[f64], radius: f64) -> Result<&[f64], NetError> {
    check_bound(radius)?;
    if coefficients.is_empty() || coefficients.len() > MAX_COEFFICIENTS {
        let (what, got) = ("coefficients", coefficients.len());
        return Err(NetError::Shape { what, layer: 0, expected: got.clamp(1, MAX_COEFFICIENTS), got });
    }
    NetError::check_finite("coefficients", 0, coefficients)?;
    let degree = coefficients.iter().rposition(|&c| c != 0.0).unwrap_or(0);
    Ok(&coefficients[..=degree])
}

/// Bounds of h_i on \[-B, B\].
#[derive(Clone, Copy)]
struct Bounds {
    /// Of |h_i| as the net computes it.
    size: f64,
    error: f64,
}

/// Bounds of h_0, ..., h_{d-1}.
fn horner_bounds(coefficients: &[f64], radius: f64, product_error: f64) -> Vec<Bounds> {
    let degree = coefficients.len() - 1;
    let mut exact = coefficients[degree].abs();
    let mut error = 0.0;
    let mut bounds = vec![Bounds { size: exact, error }; degree.max(1)];
    for i in (0..degree).rev() {
        if i + 1 < degree {
            error = product_error * radius * (exact + error) + radius * error;
        }
        exact = coefficients[i].abs() + radius * exact;
        bounds[i] = Bounds { size: exact + error, error };
    }
    bounds
}
