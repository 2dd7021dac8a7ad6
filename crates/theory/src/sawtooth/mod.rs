//! Depth separation on one variable: teeth that depth makes cheaply and width cannot.
//!
//! 1. [`tent_power`] is the k-fold tent m^k with its 2^k pieces, [`tent_net`] the net of 2k units that computes it.
//! 2. [`PiecewiseLinear::of_net`] lists the pieces of any net of one input exactly, whatever its weights.
//! 3. [`lemma_2_1_error`], [`theorem_1_1_error`] and [`crossing_error`] bound from below how many of 2^k alternating labels a
//!    net of few pieces gets wrong (Telgarsky 2015, 2016); [`best_shallow_net`] is a net that attains the last.
//! 4. [`square_net`], [`product_net`] and [`polynomial_net`] compute x^2, x y and polynomials within a given error
//!    (Yarotsky 2017); [`SquareFit`] says what a shallow net needs for x^2, [`folded_cosine_net`] does the same for a cosine.
//! 5. [`Target`] is any of these with its interval, its deep net, the nearest net of one layer and what errors cost;
//!    [`GraphSearch`] lists a large net's pieces a part of the interval at a time.
//!
//! All nets are [`ReluNet`]s with their weights written out, so that they can be evaluated, counted and perturbed.

mod bounds;
mod builder;
mod error;
mod fit;
mod listing;
mod needs;
mod net;
mod piecewise;
mod product;
mod shallow;
mod square;
mod target;
mod tent;
mod wave;

pub use bounds::{
    MAX_DP_STEPS, alternating_errors, alternating_points, crossing_error, crossing_intervals, lemma_2_1_error,
    min_errors, min_errors_dp, sawtooth_pieces, shallow_pieces, theorem_1_1_error,
};
pub use error::NetError;
pub use fit::{ShallowFit, shallow_fit};
pub use listing::{GraphSearch, listing_work};
pub use needs::{ShallowRival, UnitsNeeded};
pub use net::{Layer, MAX_DEPTH, MAX_WIDTH, NetCost, ReluNet};
pub use piecewise::{PiecewiseLinear, SAME_POINT, SAME_SLOPE, UnitAt};
pub use product::{
    ApproximateNet, polynomial_net, polynomial_steps, product, product_cost, product_error, product_net, product_steps,
};
pub use shallow::{best_shallow_errors, best_shallow_function, best_shallow_net, interpolating_net, shallow_net};
pub use square::{
    MAX_SQUARE_STEPS, MIN_EPSILON, SquareFit, distance_from_square, shallow_square, shallow_square_error, square,
    square_cost, square_error, square_net, square_steps,
};
pub use target::Target;
pub use tent::{MAX_TENT_POWER, TentCounts, tent, tent_counts, tent_net, tent_orbit, tent_power, tent_power_exact};
pub use wave::{
    folded_cosine_net, interpolation, interpolation_error, interpolation_pieces, least_pieces, shallow_cosine_net,
};
