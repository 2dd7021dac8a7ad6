//! Trained nets as nets of the theory.

use theory::sawtooth::{NetError, ReluNet};

use crate::mlp::Mlp;

/// The same net in double precision, whose pieces and regions `theory` lists exactly. Its hidden units are taken as relu, whatever
/// the activation.
///
/// # Errors
/// [`NetError`] for a net of several outputs, too wide or too deep, or with numbers that are not finite.
pub fn relu_net(net: &Mlp) -> Result<ReluNet, NetError> {
    let wide = |entries: &[f32]| entries.iter().copied().map(f64::from).collect::<Vec<_>>();
    let layers = || (0..net.shape().n_layers()).filter_map(|l| net.layer(l));
    let weights: Vec<f64> = layers().flat_map(|(weights, _)| wide(weights)).collect();
    let biases: Vec<f64> = layers().flat_map(|(_, biases)| wide(biases)).collect();
    let widths = net.shape().widths();
    ReluNet::from_flat(widths[0], &widths[1..widths.len() - 1], &weights, &biases)
}
