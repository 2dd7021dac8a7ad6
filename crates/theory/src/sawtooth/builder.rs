//! Nets put together layer by layer from affine combinations of units.

use super::error::NetError;
use super::net::ReluNet;

/// An affine combination of the units of the newest layer.
#[derive(Clone, Debug)]
pub(super) struct Wire {
    terms: Vec<(usize, f64)>,
    constant: f64,
}

impl Wire {
    pub(super) fn unit(index: usize) -> Self {
        Self { terms: vec![(index, 1.0)], constant: 0.0 }
    }

    pub(super) fn constant(constant: f64) -> Self {
        Self { terms: Vec::new(), constant }
    }

    #[must_use]
    pub(super) fn scaled(mut self, factor: f64) -> Self {
        for term in &mut self.terms {
            term.1 *= factor;
        }
        self.constant *= factor;
        self
    }

    #[must_use]
    pub(super) fn plus(mut self, other: &Self) -> Self {
        self.terms.extend(&other.terms);
        self.constant += other.constant;
        self
    }

    #[must_use]
    pub(super) fn offset(mut self, constant: f64) -> Self {
        self.constant += constant;
        self
    }

    fn write(&self, row: &mut [f64]) -> f64 {
        for &(index, factor) in &self.terms {
            row[index] += factor;
        }
        self.constant
    }
}

/// A net in the making. Wires of an older layer are void once a new one is added: carry on what is still needed.
pub(super) struct Builder {
    n_inputs: usize,
    width: usize,
    hidden: Vec<(Vec<f64>, Vec<f64>)>,
}

impl Builder {
    pub(super) fn new(n_inputs: usize) -> Self {
        Self { n_inputs, width: n_inputs, hidden: Vec::new() }
    }

    /// Adds the layer of units relu(w), one for each wire, and returns them.
    pub(super) fn layer(&mut self, wires: &[Wire]) -> Vec<Wire> {
        let mut weights = vec![0.0; wires.len() * self.width];
        let biases =
            wires.iter().zip(weights.chunks_exact_mut(self.width)).map(|(wire, row)| wire.write(row)).collect();
        self.hidden.push((weights, biases));
        self.width = wires.len();
        (0..wires.len()).map(Wire::unit).collect()
    }

    pub(super) fn finish(self, output: &Wire) -> Result<ReluNet, NetError> {
        let mut weights = vec![0.0; self.width];
        let bias = output.write(&mut weights);
        ReluNet::new(self.n_inputs, self.hidden, weights, bias)
    }
}
