//! Random nets that are drawn once: standard normal matrices, scaled by `sigma_w` and `sigma_b` when they are used,
//! so that a drag of either draws nothing anew.

use std::collections::BTreeMap;

use candle_core::{Device, Tensor};
use random::Stream;

use crate::error::check_size;
use crate::lanes::LANES;
use crate::{NetError, carried};

/// One layer before scaling. A clone shares its numbers.
#[derive(Clone, Debug)]
pub struct Layer {
    /// `[width, width]`, standard normal, a row for each neuron of the upper layer: eight rows side by side,
    /// `[panels, width, 8]`.
    pub(crate) panels: Tensor,
    /// `[width]`, standard normal.
    pub(crate) biases: Tensor,
}

impl Layer {
    /// A layer from its standard normal numbers: `weights` is `[width, width]`, row-major, a row for each neuron of
    /// the upper layer; `biases` is `[width]`.
    ///
    /// # Errors
    /// [`NetError::Size`] when there are not as many numbers.
    pub fn new(width: usize, weights: Vec<f32>, biases: Vec<f32>) -> Result<Self, NetError> {
        check_size("weights", width * width, weights.len())?;
        check_size("biases", width, biases.len())?;
        Ok(Self {
            panels: carried::panels(&weights, width, width)?,
            biases: Tensor::from_vec(biases, (1, width), &Device::Cpu)?,
        })
    }

    /// Number of neurons.
    #[must_use]
    pub fn width(&self) -> usize {
        self.biases.elem_count()
    }

    /// The standard normal weights `[width, width]`, row-major, a row for each neuron of the upper layer.
    ///
    /// # Errors
    /// [`NetError::Candle`] when there is no memory.
    pub fn weights(&self) -> Result<Vec<f32>, NetError> {
        let (n, lanes) = (self.width(), self.panels.flatten_all()?.to_vec1::<f32>()?);
        let mut weights = vec![0.0; n * n];
        for (o, row) in weights.chunks_exact_mut(n.max(1)).enumerate() {
            let column = lanes[o / LANES * n * LANES..].iter().skip(o % LANES).step_by(LANES);
            row.iter_mut().zip(column).for_each(|(weight, number)| *weight = *number);
        }
        Ok(weights)
    }

    /// The standard normal biases `[width]`.
    ///
    /// # Errors
    /// [`NetError::Candle`] when there is no memory.
    pub fn biases(&self) -> Result<Vec<f32>, NetError> {
        Ok(self.biases.flatten_all()?.to_vec1()?)
    }
}

/// Several independent random nets of one shape.
///
/// Layer `l` of net `k` depends on the seed, the width, `k` and `l` alone: more nets or more layers leave the others
/// as they are. Layers are kept up to a memory budget and drawn again beyond it.
#[derive(Debug)]
pub struct RandomNets {
    stream: Stream,
    width: usize,
    /// The first layers of each net.
    kept: BTreeMap<usize, Vec<Layer>>,
    kept_numbers: usize,
    budget_numbers: usize,
}

impl RandomNets {
    /// Nets of this width, of which at most `budget_bytes` of weights are kept in memory.
    #[must_use]
    pub fn new(seed: u64, width: usize, budget_bytes: usize) -> Self {
        let stream = Stream::new(seed, "random nets").child(width as u64);
        Self { stream, width, kept: BTreeMap::new(), kept_numbers: 0, budget_numbers: budget_bytes / size_of::<f32>() }
    }

    /// Neurons in each layer.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Layer `layer` (0 is the first after the inputs) of net `net`.
    ///
    /// # Errors
    /// [`NetError::Candle`] when there is no memory for it.
    pub fn layer(&mut self, net: usize, layer: usize) -> Result<Layer, NetError> {
        let kept = self.kept.get(&net).map_or(&[][..], Vec::as_slice);
        if let Some(layer) = kept.get(layer) {
            return Ok(layer.clone());
        }
        let is_next = kept.len() == layer;
        let drawn = self.draw(net, layer)?;
        let numbers = self.width * (self.width + 1);
        if is_next && self.kept_numbers + numbers <= self.budget_numbers {
            self.kept.entry(net).or_default().push(drawn.clone());
            self.kept_numbers += numbers;
        }
        Ok(drawn)
    }

    fn draw(&self, net: usize, layer: usize) -> Result<Layer, NetError> {
        let stream = self.stream.child(net as u64).child(layer as u64);
        let n = self.width;
        let mut weights = vec![0.0; n * n];
        stream.child(0).fill_normal_f32(0, &mut weights);
        let mut biases = vec![0.0; n];
        stream.child(1).fill_normal_f32(0, &mut biases);
        Layer::new(n, weights, biases)
    }
}
