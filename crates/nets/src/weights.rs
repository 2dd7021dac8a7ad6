//! Random nets that are drawn once: standard normal matrices, scaled by `sigma_w` and `sigma_b` when they are used,
//! so that a drag of either draws nothing anew.

use std::collections::BTreeMap;

use candle_core::{Device, Tensor};
use random::Stream;

use crate::error::check_size;
use crate::lanes::LANES;
use crate::{NetError, carried};

/// Bytes of drawn weights that all cores of a page keep together, where each takes [`kept_bytes_of_core`]: a tab may hold
/// 4 GB, on a telephone much less.
pub const KEPT_BYTES: usize = 256 << 20;

/// What each of `cores` may keep of drawn weights.
#[must_use]
pub fn kept_bytes_of_core(cores: usize) -> usize {
    KEPT_BYTES / cores.max(1)
}

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
        Self::filled(width, biases, |start, part| part.copy_from_slice(&weights[start..][..part.len()]))
    }

    fn filled(width: usize, biases: Vec<f32>, rows: impl FnMut(usize, &mut [f32])) -> Result<Self, NetError> {
        Ok(Self {
            panels: carried::panels(width, width, rows)?,
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

    /// Bytes of weights in memory, at most the budget.
    #[must_use]
    pub fn kept_bytes(&self) -> usize {
        self.kept_numbers * size_of::<f32>()
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
        let numbers = self.width.next_multiple_of(LANES) * self.width + self.width;
        if is_next && self.kept_numbers + numbers <= self.budget_numbers {
            self.kept.entry(net).or_default().push(drawn.clone());
            self.kept_numbers += numbers;
        }
        Ok(drawn)
    }

    fn draw(&self, net: usize, layer: usize) -> Result<Layer, NetError> {
        let stream = self.stream.child(net as u64).child(layer as u64);
        let n = self.width;
        let mut biases = vec![0.0; n];
        stream.child(1).fill_normal_f32(0, &mut biases);
        Layer::filled(n, biases, |start, part| stream.child(0).fill_normal_f32(start as u64, part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_come_back_as_they_were() {
        for n in [0, 1, 7, 8, 19] {
            let weights: Vec<f32> = (0..n * n).map(|i| i as f32).collect();
            let biases: Vec<f32> = (0..n).map(|i| -(i as f32)).collect();
            let layer = Layer::new(n, weights.clone(), biases.clone()).unwrap();
            assert_eq!((layer.width(), layer.weights().unwrap(), layer.biases().unwrap()), (n, weights, biases));
        }
    }

    /// So a core holds what it keeps, and the layer in hand once.
    #[test]
    fn a_layer_is_drawn_a_few_rows_at_a_time() {
        let (n, mut next) = (20, 0);
        let layer = Layer::filled(n, vec![0.0; n], |start, part| {
            assert!(start == next && part.len() <= LANES * n, "{start}: {} numbers", part.len());
            next += part.len();
            part.fill(start as f32);
        });
        assert_eq!((layer.unwrap().width(), next), (n, n * n));
    }

    /// All cores together stay within the bound, and what was not kept is drawn again as it was.
    #[test]
    fn what_is_kept_is_bounded_over_all_cores() {
        for cores in [0, 1, 2, 8, 64] {
            assert!(kept_bytes_of_core(cores) * cores.max(1) <= KEPT_BYTES);
        }
        let budget = 3 * 40 * 41 * size_of::<f32>() + 100;
        let (mut nets, mut all) = (RandomNets::new(1, 40, budget), RandomNets::new(1, 40, usize::MAX));
        for _ in 0..2 {
            for layer in 0..6 {
                let [few, many] = [&mut nets, &mut all].map(|nets| nets.layer(0, layer).unwrap().weights().unwrap());
                assert_eq!(few, many);
                assert!(nets.kept_bytes() <= budget);
            }
        }
        assert_eq!(nets.kept_bytes(), 3 * 40 * 41 * size_of::<f32>());
    }
}
