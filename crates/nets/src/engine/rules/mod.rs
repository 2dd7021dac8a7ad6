//! Update rules, outside the net: how parameters follow a gradient, at which rate, and which of them may move.
//!
//! A step is: the gradient is clipped ([`Clip`]), decay is added, the [`Rule`] makes a displacement of it at the rate of a
//! [`Schedule`], frozen and pruned parameters are left out ([`Mask`]), and nothing is done if a parameter would become
//! infinite or NaN. All on plain slices of either precision.

mod mask;
mod rule;
mod schedule;
mod state;

pub use mask::{Fate, Mask};
pub use rule::{Rule, fista_momentum};
pub use schedule::Schedule;
pub use state::{Clip, Optimiser, RuleState, Update};
