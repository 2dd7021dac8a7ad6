//! One node on one block of eight examples.

use theory::Activation;

use crate::elementwise;
use crate::lanes::{Eight, Eights, Lane, Lanes};

/// The parameters of a node, by their place.
struct Parts<'a> {
    /// `[units]` pairs.
    weights: &'a [[f32; 2]],
    /// `[units]`.
    biases: &'a [f32],
    /// `[units]`: the weights of the output.
    outward: &'a [f32],
    /// The output's bias.
    bias: f32,
}

impl<'a> Parts<'a> {
    fn of(parameters: &'a [f32], units: usize) -> Self {
        let (weights, rest) = parameters.split_at(2 * units);
        let (biases, rest) = rest.split_at(units);
        let (outward, bias) = rest.split_at(units);
        Self { weights: weights.as_chunks().0, biases, outward, bias: bias.first().copied().unwrap_or(0.0) }
    }
}

/// The node's output for its two inputs. Leaves the activations in `hidden`, `[units]`, and the pre-activations in `kept`
/// unless that is empty.
pub(super) fn forward(
    parameters: &[f32],
    activation: Activation,
    inputs: [Lane; 2],
    hidden: &mut [Lane],
    kept: &mut [Lane],
) -> Lane {
    let parts = Parts::of(parameters, hidden.len());
    let [a, b] = inputs.map(|lane| Eight::from_lane(&lane));
    for ((z, [w_a, w_b]), bias) in hidden.iter_mut().zip(parts.weights).zip(parts.biases) {
        let sum = Eight::splat(*bias).plus_product(Eight::splat(*w_a), a);
        *z = sum.plus_product(Eight::splat(*w_b), b).to_lane();
    }
    if !kept.is_empty() {
        kept.copy_from_slice(hidden);
    }
    elementwise::apply(activation, hidden.as_flattened_mut());
    let mut output = Eight::splat(parts.bias);
    for (v, h) in parts.outward.iter().zip(&*hidden) {
        output = output.plus_product(Eight::splat(*v), Eight::from_lane(h));
    }
    output.to_lane()
}

/// What the backward pass of a node starts from.
pub(super) struct Backward<'a> {
    pub(super) parameters: &'a [f32],
    pub(super) activation: Activation,
    pub(super) inputs: [Lane; 2],
    /// The activations that [`forward`] left, `[units]`.
    pub(super) hidden: &'a [Lane],
    /// The pre-activations; empty where the slope is a function of the activation. Used up.
    pub(super) kept: &'a mut [Lane],
    /// The loss's derivative with respect to the node's output.
    pub(super) delta: Lane,
}

impl Backward<'_> {
    /// Adds the derivatives with respect to the parameters to `gradient`, lane by lane, and gives those with respect to the
    /// inputs. `slopes`, `[units]`, is scratch space.
    pub(super) fn run(self, slopes: &mut [Lane], gradient: &mut [Lane]) -> [Lane; 2] {
        let units = self.hidden.len();
        let parts = Parts::of(self.parameters, units);
        let delta = Eight::from_lane(&self.delta);
        for (slope, v) in slopes.iter_mut().zip(parts.outward) {
            *slope = Eight::splat(*v).times(delta).to_lane();
        }
        if self.kept.is_empty() {
            let values = self.hidden.as_flattened();
            elementwise::times_derivative_of_value(self.activation, values, slopes.as_flattened_mut());
        } else {
            elementwise::apply_derivative(self.activation, self.kept.as_flattened_mut());
            let pairs = slopes.as_flattened_mut().iter_mut().zip(self.kept.as_flattened());
            pairs.for_each(|(d, slope)| *d *= slope);
        }

        let (of_weights, rest) = gradient.split_at_mut(2 * units);
        let (of_biases, rest) = rest.split_at_mut(units);
        let (outward, bias) = rest.split_at_mut(units);
        for (g, h) in outward.iter_mut().zip(self.hidden) {
            *g = Eight::from_lane(g).plus_product(delta, Eight::from_lane(h)).to_lane();
        }
        for g in bias {
            *g = Eight::from_lane(g).plus(delta).to_lane();
        }
        let [a, b] = self.inputs.map(|lane| Eight::from_lane(&lane));
        let mut below = [Eight::splat(0.0); 2];
        let pairs = of_weights.as_chunks_mut::<2>().0.iter_mut().zip(of_biases).zip(slopes).zip(parts.weights);
        for ((([g_a, g_b], g), slope), [w_a, w_b]) in pairs {
            let slope = Eight::from_lane(slope);
            *g = Eight::from_lane(g).plus(slope).to_lane();
            *g_a = Eight::from_lane(g_a).plus_product(slope, a).to_lane();
            *g_b = Eight::from_lane(g_b).plus_product(slope, b).to_lane();
            below[0] = below[0].plus_product(Eight::splat(*w_a), slope);
            below[1] = below[1].plus_product(Eight::splat(*w_b), slope);
        }
        below.map(Eight::to_lane)
    }
}
