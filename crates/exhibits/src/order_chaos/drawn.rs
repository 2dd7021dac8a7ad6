//! What a core keeps from one part to the next.

use std::sync::Arc;

use nets::RandomNets;
use nets::mlp::Examples;

use crate::kit::Kept;

/// Nets of a seed and a width, kept up to so many bytes.
type Drawn = Kept<(u64, usize, usize), RandomNets>;

/// The weights that a core has drawn, and the images that it trains on.
#[derive(Debug, Default)]
pub(super) struct CoreState {
    nets: Drawn,
    jacobian_nets: Drawn,
    /// Real images, or generated ones.
    pub(super) examples: Kept<bool, Arc<Examples>>,
}

impl CoreState {
    /// The random nets of a seed and a width, of which this core keeps seven eighths of `kept_bytes`.
    pub(super) fn nets(&mut self, seed: u64, width: usize, kept_bytes: usize) -> &mut RandomNets {
        drawn(&mut self.nets, seed, width, kept_bytes - kept_bytes / 8)
    }

    /// Those whose Jacobians are taken, which are narrower: the last eighth.
    pub(super) fn jacobian_nets(&mut self, seed: u64, width: usize, kept_bytes: usize) -> &mut RandomNets {
        drawn(&mut self.jacobian_nets, seed, width, kept_bytes / 8)
    }
}

fn drawn(kept: &mut Drawn, seed: u64, width: usize, bytes: usize) -> &mut RandomNets {
    kept.get((seed, width, bytes), |_| RandomNets::new(seed, width, bytes))
}
