//! How many units a function that is put together from functions of two variables costs, and how many without its structure
//! (Mhaskar, Poggio 2016; Poggio, Mhaskar, Rosasco, Miranda, Liao 2017).
//!
//! A function of d variables with m bounded derivatives needs `N = O(eps^(-d/m))` units of a net with one hidden layer for the
//! error eps, and nothing with as many parameters does better for all of them (theorem 1, after Mhaskar 1996). If it is a
//! binary tree of d - 1 such functions of two variables each, a net with the same tree needs `N = O((d - 1) eps^(-2/m))`
//! (theorem 2): an error of a node reaches the root enlarged by a constant at most, and each node is a case of theorem 1 with
//! two variables.
//!
//! The constants are unknown, and are 1 here: what can be compared with a measurement are the rates.

use crate::TheoryError;

/// Most variables.
pub const MAX_VARIABLES: u32 = 1 << 16;
/// Most derivatives.
pub const MAX_SMOOTHNESS: f64 = 1e6;

/// Functions of d variables, put together from functions of two variables with m bounded derivatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Composition {
    d: f64,
    m: f64,
}

impl Composition {
    /// d variables, m derivatives of each function of two variables.
    ///
    /// # Errors
    /// [`TheoryError::OutOfRange`] unless 2 <= d <= 2^16 and 1 <= m <= 10^6; m may be a fraction (Hölder).
    pub fn new(d: u32, m: f64) -> Result<Self, TheoryError> {
        let d = TheoryError::check("d", d.into(), 2.0, MAX_VARIABLES.into())?;
        Ok(Self { d, m: TheoryError::check("m", m, 1.0, MAX_SMOOTHNESS)? })
    }

    /// `eps^(-d/m)`: units of one hidden layer, up to a constant; infinite where it overflows.
    ///
    /// # Errors
    /// [`TheoryError::OutOfRange`] unless 10^-300 <= eps <= 1.
    pub fn shallow_units(self, epsilon: f64) -> Result<f64, TheoryError> {
        Ok(libm::pow(check_epsilon(epsilon)?, -self.d / self.m))
    }

    /// `(d - 1) eps^(-2/m)`: units of a net with the tree, up to a constant; infinite where it overflows.
    ///
    /// # Errors
    /// [`TheoryError::OutOfRange`] unless 10^-300 <= eps <= 1.
    pub fn tree_units(self, epsilon: f64) -> Result<f64, TheoryError> {
        Ok((self.d - 1.0) * libm::pow(check_epsilon(epsilon)?, -2.0 / self.m))
    }

    /// m: derivatives.
    #[must_use]
    pub fn smoothness(self) -> f64 {
        self.m
    }

    /// `m/d`: the error falls like N to minus this power.
    #[must_use]
    pub fn shallow_rate(self) -> f64 {
        self.m / self.d
    }

    /// `m/2`: the error falls like N to minus this power, whatever d.
    #[must_use]
    pub fn tree_rate(self) -> f64 {
        self.m / 2.0
    }
}

fn check_epsilon(epsilon: f64) -> Result<f64, TheoryError> {
    TheoryError::check("epsilon", epsilon, 1e-300, 1.0)
}

/// Parameters of a binary tree of nets over d inputs, each of r units of its own: `(d - 1)(4 r + 1)`.
#[must_use]
pub fn tree_parameters(d: usize, r: usize) -> usize {
    (d - 1) * (4 * r + 1)
}

/// Parameters of one hidden layer of u units over d inputs: `(d + 2) u + 1`.
#[must_use]
pub fn shallow_parameters(d: usize, u: usize) -> usize {
    (d + 2) * u + 1
}

/// Units of a node of the tree over d inputs whose number of parameters is nearest to this; at least one.
#[must_use]
pub fn nearest_tree(d: usize, parameters: usize) -> usize {
    let nodes = d - 1;
    ((parameters + nodes).saturating_sub(1) / (4 * nodes)).max(1)
}

/// Units of the hidden layer over d inputs whose number of parameters is nearest to this; at least one.
#[must_use]
pub fn nearest_shallow(d: usize, parameters: usize) -> usize {
    // To the nearest: half a unit is added before the division; one parameter is the output's bias.
    ((parameters.saturating_sub(1) + (d + 2) / 2) / (d + 2)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(d: u32, m: f64) -> Composition {
        Composition::new(d, m).unwrap()
    }

    /// The first route, for m = 1: a function with slopes of at most 1 is constant up to 1/k on cubes of side 1/k. There are
    /// k^d of them for d variables, and k² for each of the d - 1 nodes of a tree: counted in whole numbers.
    #[test]
    fn with_one_derivative_it_is_the_number_of_cubes() {
        for d in 2..=16_u32 {
            for k in [1_u64, 2, 3, 8, 10] {
                let epsilon = 1.0 / k as f64;
                let (shallow, tree) = (u128::from(k).pow(d), u128::from(k).pow(2) * u128::from(d - 1));
                let close = |got: f64, expected: u128| (got / expected as f64 - 1.0).abs() < 1e-13;
                assert!(close(of(d, 1.0).shallow_units(epsilon).unwrap(), shallow), "d = {d}, k = {k}");
                assert!(close(of(d, 1.0).tree_units(epsilon).unwrap(), tree), "d = {d}, k = {k}");
            }
        }
    }

    /// The second: so many units have the error that the rates give back, for any m.
    #[test]
    fn rates_turn_units_back_into_the_error() {
        for d in [2, 4, 8, 16] {
            for m in [1.0, 1.5, 2.0, 6.0] {
                for epsilon in [1.0, 0.3, 1e-2, 1e-5] {
                    let c = of(d, m);
                    let shallow = c.shallow_units(epsilon).unwrap().powf(-c.shallow_rate());
                    let tree = (c.tree_units(epsilon).unwrap() / f64::from(d - 1)).powf(-c.tree_rate());
                    assert!((shallow / epsilon - 1.0).abs() < 1e-12 && (tree / epsilon - 1.0).abs() < 1e-12, "{c:?}");
                }
            }
        }
    }

    /// With two variables the tree is one node and both nets are the same; with more, smaller errors favour the tree.
    #[test]
    fn two_variables_have_no_structure() {
        assert_eq!(of(2, 1.7).shallow_units(0.01), of(2, 1.7).tree_units(0.01));
        for d in 3..20 {
            assert!(of(d, 2.0).shallow_units(1e-3).unwrap() > of(d, 2.0).tree_units(1e-3).unwrap(), "d = {d}");
        }
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        for (d, m) in [(1, 1.0), (0, 1.0), (70_000, 1.0), (4, 0.5), (4, f64::NAN), (4, f64::INFINITY)] {
            assert!(matches!(Composition::new(d, m), Err(TheoryError::OutOfRange { .. })), "{d} {m}");
        }
        for epsilon in [0.0, -1.0, 1.1, f64::NAN] {
            assert!(of(4, 1.0).shallow_units(epsilon).is_err() && of(4, 1.0).tree_units(epsilon).is_err());
        }
        assert_eq!(of(MAX_VARIABLES, 1.0).shallow_units(0.5), Ok(f64::INFINITY));
    }

    #[test]
    fn the_nearest_nets_are_found() {
        for d in [4, 8] {
            for parameters in 1..1300 {
                let gap = |got: usize| got.abs_diff(parameters);
                let tree = gap(tree_parameters(d, nearest_tree(d, parameters)));
                let best = (1..200).map(|r| gap(tree_parameters(d, r))).min().unwrap();
                // Halfway between two it is either of them, up to the rounding of the half.
                assert!(tree <= best + 1, "{parameters}: {tree}");
                let shallow = gap(shallow_parameters(d, nearest_shallow(d, parameters)));
                let best = (1..400).map(|u| gap(shallow_parameters(d, u))).min().unwrap();
                assert!(shallow <= best, "{parameters}: {shallow}");
            }
        }
    }
}
