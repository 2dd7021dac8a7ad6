//! Closed forms, quadrature, fixed points and bounds of the theory of deep learning, in double precision.
//!
//! Everything here is a pure function of its arguments: no I/O, no clock, no threads, no random numbers. Transcendental
//! functions come from `libm`, so results are the same bits natively and in WebAssembly.
//!
//! The present subject is the mean field of wide random networks (Poole et al. 2016; Schoenholz et al. 2017):
//!
//! 1. [`MeanField`] holds an activation, sigma_w and sigma_b, and gives the length map, the correlation map, their fixed
//!    points, slopes and depth scales. [`CorrelationMap`] is the same map prepared for many values of c.
//!    [`LayerMaps`] follows each layer's own length, and [`LengthBasin`] says which lengths share a fate.
//! 2. [`critical_line`] is where chi_1 = 1, between order and chaos.
//! 3. [`PhaseTable`] makes pictures of the plane (sigma_w, sigma_b), some 100 nanoseconds a pixel.
//! 4. [`jacobian`] has the singular values of the input-output Jacobian (Pennington et al. 2017, 2018).
//! 5. [`composition`] has the rates of deep and shallow nets for functions with the structure of a tree.
//! 6. [`e_phi_phi`] and its like are the Gaussian expectations behind them; [`quadrature`] is the independent slow route
//!    to the same numbers.
//!
//! ```
//! use theory::{Activation, MeanField, Phase};
//!
//! let summary = MeanField::new(Activation::Tanh, 2.5, 0.3)?.summary();
//! assert_eq!(summary.phase, Phase::Chaotic);
//! assert!((summary.q_star.unwrap_or(f64::NAN) - 4.079123875282).abs() < 1e-9);
//! # Ok::<(), theory::TheoryError>(())
//! ```

mod activation;
mod basin;
pub mod composition;
mod constituent;
mod correlation;
mod critical;
mod error;
mod expectation;
mod family;
mod fixed_point;
pub mod fourier;
pub mod gabor;
mod hard_tanh;
pub mod jacobian;
mod kernel;
mod layer_maps;
mod length;
mod mean_field;
mod mixture;
mod phase_table;
pub mod polynomial;
pub mod quadrature;
pub mod regions;
pub mod sawtooth;
mod summary;
mod trajectory;

pub use activation::Activation;
pub use basin::{LengthBasin, LengthFate};
pub use constituent::Constituent;
pub use correlation::CorrelationMap;
pub use critical::{CriticalPoint, critical_line, critical_line_points, ordinate_at};
pub use error::TheoryError;
pub use expectation::{e_dphi, e_dphi_dphi, e_dphi2, e_dphi4, e_phi, e_phi_phi, e_phi2, e_phi2_slope};
pub use fixed_point::{LengthFixedPoint, LengthRoot, LengthRoots};
pub use layer_maps::{LayerMaps, exponential_approach};
pub use mean_field::{MeanField, SIGMA_MAX};
pub use phase_table::{PhaseGrid, PhaseMap, PhaseTable, RuleTable};
pub use summary::{DepthScale, Phase, Summary};
