//! Nets that the lab knows by name.

use serde::{Deserialize, Serialize};
use theory::Activation;

use super::{Dims, Init, Net, NetBuilder, NodeId, Window};
use crate::NetError;

/// `W^L φ(… φ(W^1 x + b^1) …) + b^L`; widths are inputs, hidden layers, outputs. The parameters lie as a
/// [`Mlp`](crate::mlp::Mlp)'s do.
///
/// # Errors
/// [`NetError::NoLayers`] for fewer than two widths, [`NetError::TooLarge`] beyond the bounds of a net.
pub fn perceptron(widths: &[usize], activation: Activation, init: Init) -> Result<Net, NetError> {
    let &[inputs, ref layers @ .., outputs] = widths else {
        return Err(NetError::NoLayers { got: widths.len() });
    };
    let mut build = NetBuilder::new(Dims::vector(inputs), init)?;
    let mut x = build.input();
    for &width in layers {
        x = build.dense(x, width)?;
        x = build.activate(x, activation)?;
    }
    let output = build.dense(x, outputs)?;
    build.finish(output)
}

/// How windows are summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Pooling {
    /// By their mean.
    Mean,
    /// By their largest number.
    Max,
}

impl Pooling {
    fn of(self, build: &mut NetBuilder, from: NodeId, window: Window) -> Result<NodeId, NetError> {
        match self {
            Self::Mean => build.mean_pool(from, window),
            Self::Max => build.max_pool(from, window),
        }
    }
}

/// LeNet-5 (LeCun, Bottou, Bengio & Haffner 1998) for 28×28 pixels: 6 filters of 5×5 with padding 2, pooling by 2, 16 filters of
/// 5×5, pooling by 2, then 400-120-84-10. As there but for the last layer, whose ten numbers are for a softmax in place of
/// distances to drawn characters, for poolings without weights, and for the second filters, which see all six channels.
///
/// # Errors
/// [`NetError::Range`] for a scale outside its range.
pub fn lenet_5(activation: Activation, pooling: Pooling, init: Init) -> Result<Net, NetError> {
    let mut build = NetBuilder::new(Dims::image(1, 28, 28), init)?;
    let halved = Window::square(2).stride(2);
    let mut x = build.input();
    for (channels, window) in [(6, Window::square(5).padding(2)), (16, Window::square(5))] {
        x = build.conv(x, channels, window)?;
        x = build.activate(x, activation)?;
        x = pooling.of(&mut build, x, halved)?;
    }
    for width in [120, 84] {
        x = build.dense(x, width)?;
        x = build.activate(x, activation)?;
    }
    let output = build.dense(x, 10)?;
    build.finish(output)
}

/// A convolutional net in three stages, after He, Zhang, Ren & Sun 2016 (section 4.2): filters of 3×3, in each stage twice as many
/// on half the rows and columns, the mean over places, one dense layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cnn {
    /// What it takes.
    pub input: Dims,
    /// What it tells apart.
    pub classes: usize,
    /// Layers with weights on the longest way, `6 k + 2` with k ≥ 1: 8, 14, 20, 26, 32.
    pub depth: usize,
    /// Filters of the first stage.
    pub channels: usize,
    /// Whether every second layer adds what came before it.
    pub is_residual: bool,
    /// Whether every layer of filters ends in a batch norm.
    pub has_norms: bool,
    /// Between the layers.
    pub activation: Activation,
    /// How weights are drawn.
    pub init: Init,
}

impl Cnn {
    /// Where a stage halves the image a residual net adds filters of 1×1 (option B of the paper).
    ///
    /// # Errors
    /// [`NetError::Range`] for a depth that is not `6 k + 2` or beyond 98, and what the bounds of a net say.
    pub fn net(&self) -> Result<Net, NetError> {
        let blocks = self.depth.saturating_sub(2) / 6;
        if blocks == 0 || 6 * blocks + 2 != self.depth || self.depth > 98 {
            return Err(NetError::Range { name: "depth", got: self.depth as f64, allowed: "{8, 14, 20, …, 98}" });
        }
        let mut build = NetBuilder::new(self.input, self.init)?;
        let same = Window::square(3).padding(1);
        let input = build.input();
        let mut x = self.filters(&mut build, input, self.channels, same)?;
        x = build.activate(x, self.activation)?;
        for stage in 0..3_u32 {
            let channels = self.channels.saturating_mul(1 << stage);
            for block in 0..blocks {
                let stride = if stage > 0 && block == 0 { 2 } else { 1 };
                let mut y = self.filters(&mut build, x, channels, same.stride(stride))?;
                y = build.activate(y, self.activation)?;
                y = self.filters(&mut build, y, channels, same)?;
                if self.is_residual {
                    let past = if stride == 1 {
                        x
                    } else {
                        self.filters(&mut build, x, channels, Window::square(1).stride(2))?
                    };
                    y = build.sum(&[y, past])?;
                }
                x = build.activate(y, self.activation)?;
            }
        }
        let Dims { rows, columns, .. } = build.dims(x)?;
        let mean = Window { kernel: [rows, columns], stride: [1, 1], padding: [0, 0] };
        x = build.mean_pool(x, mean)?;
        let output = build.dense(x, self.classes)?;
        build.finish(output)
    }

    fn filters(
        &self,
        build: &mut NetBuilder,
        from: NodeId,
        channels: usize,
        window: Window,
    ) -> Result<NodeId, NetError> {
        let x = build.conv_with(from, channels, window, !self.has_norms)?;
        if self.has_norms { build.batch_norm(x) } else { Ok(x) }
    }
}

/// `x → code → x`: hidden layers down to the code and, in reverse, up again; the code and the output are linear (Hinton &
/// Salakhutdinov 2006). The second value is the code.
///
/// # Errors
/// [`NetError::TooLarge`] beyond the bounds of a net.
pub fn autoencoder(
    inputs: usize,
    hidden: &[usize],
    code: usize,
    activation: Activation,
    init: Init,
) -> Result<(Net, NodeId), NetError> {
    let mut build = NetBuilder::new(Dims::vector(inputs), init)?;
    let mut x = build.input();
    for &width in hidden {
        x = build.dense(x, width)?;
        x = build.activate(x, activation)?;
    }
    let middle = build.dense(x, code)?;
    x = middle;
    for &width in hidden.iter().rev() {
        x = build.dense(x, width)?;
        x = build.activate(x, activation)?;
    }
    let output = build.dense(x, inputs)?;
    Ok((build.finish(output)?, middle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let net = perceptron(&[784, 100, 10], Activation::Tanh, Init::LeCun).unwrap();
        assert_eq!(net.n_parameters(), 785 * 100 + 101 * 10);
        assert!(matches!(perceptron(&[3], Activation::Tanh, Init::LeCun), Err(NetError::NoLayers { got: 1 })));
        let net = lenet_5(Activation::Tanh, Pooling::Mean, Init::LeCun).unwrap();
        // 156 + 2416 + 48120 + 10164 + 850; 61,706 is the number that is commonly given.
        assert_eq!((net.n_parameters(), net.output()), (61_706, Dims::vector(10)));
        let (net, code) = autoencoder(784, &[100, 30], 2, Activation::Tanh, Init::Glorot).unwrap();
        assert_eq!((net.output(), net.node(code).unwrap().dims), (Dims::vector(784), Dims::vector(2)));
    }

    #[test]
    fn depths_are_layers_with_weights() {
        let cnn = Cnn {
            input: Dims::image(1, 28, 28),
            classes: 10,
            depth: 20,
            channels: 8,
            is_residual: false,
            has_norms: true,
            activation: Activation::Relu,
            init: Init::He,
        };
        for depth in [8, 14, 20, 26, 32] {
            let with_weights = |net: &Net| {
                let is = |op: &super::super::Op| matches!(op, super::super::Op::Conv(_) | super::super::Op::Dense(_));
                net.nodes().iter().filter(|node| is(&node.op)).count()
            };
            let net = Cnn { depth, ..cnn }.net().unwrap();
            assert_eq!(with_weights(&net), depth);
            assert_eq!(net.output(), Dims::vector(10));
            // Two ways past the halving of the image have filters of their own.
            let residual = Cnn { depth, is_residual: true, ..cnn }.net().unwrap();
            assert_eq!(with_weights(&residual), depth + 2);
        }
        for depth in [0, 2, 9, 104, usize::MAX] {
            assert!(matches!(Cnn { depth, ..cnn }.net(), Err(NetError::Range { .. })), "{depth}");
        }
    }
}
