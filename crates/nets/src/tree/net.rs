//! A tree with its parameters.

use random::Stream;

use super::TreeShape;
use crate::NetError;
use crate::error::check_size;
use crate::mlp::shape::draw_layers;

/// A tree of small nets: the parameters of all nodes are one slice, in the order of [`TreeShape`].
#[derive(Clone, Debug, PartialEq)]
pub struct TreeNet {
    shape: TreeShape,
    parameters: Vec<f32>,
}

impl TreeNet {
    /// A net of given parameters.
    ///
    /// # Errors
    /// [`NetError::Size`] when there are not `shape.n_parameters()`.
    pub fn new(shape: TreeShape, parameters: Vec<f32>) -> Result<Self, NetError> {
        check_size("parameters", shape.n_parameters(), parameters.len())?;
        Ok(Self { shape, parameters })
    }

    /// A net whose parameters are all zero.
    #[must_use]
    pub fn zeros(shape: TreeShape) -> Self {
        let parameters = vec![0.0; shape.n_parameters()];
        Self { shape, parameters }
    }

    /// A random net. Node `k` takes its parameters from `stream.child(k)`, as a perceptron of one hidden layer does
    /// ([`Mlp::draw`](crate::mlp::Mlp::draw)).
    #[must_use]
    pub fn random(shape: TreeShape, sigma_w: f64, sigma_b: f64, stream: Stream) -> Self {
        let mut net = Self::zeros(shape);
        net.draw(sigma_w, sigma_b, stream);
        net
    }

    /// Levels, units and wiring.
    #[must_use]
    pub fn shape(&self) -> &TreeShape {
        &self.shape
    }

    /// The parameters of node `node` (0 is the first above the leaves, the root is last); none beyond the last.
    #[must_use]
    pub fn node(&self, node: usize) -> Option<&[f32]> {
        self.parameters.chunks_exact(self.shape.parameters_of_node()).nth(node)
    }

    /// Draws all parameters anew, as [`random`](Self::random) does.
    pub fn draw(&mut self, sigma_w: f64, sigma_b: f64, stream: Stream) {
        let widths = [2, self.shape.units(), 1];
        for (k, node) in self.parameters.chunks_exact_mut(self.shape.parameters_of_node()).enumerate() {
            draw_layers(&widths, node, sigma_w, sigma_b, stream.child(k as u64));
        }
    }

    /// The parameters of all nodes, node after node.
    #[must_use]
    pub fn parameters(&self) -> &[f32] {
        &self.parameters
    }

    /// The parameters of all nodes, to change them in place.
    pub fn parameters_mut(&mut self) -> &mut [f32] {
        &mut self.parameters
    }
}
