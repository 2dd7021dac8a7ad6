//! The products as operations on candle's tensors: candle carries the numbers, and its own product, which sums in another
//! order on each target, is not used.

use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor, bail};

use crate::lanes::{Eight, LANES, Lane};
use crate::product::{times_panels, times_transposed};

/// The weights of a layer, `[outputs, inputs]`, row-major, as a tensor of panels, `[panels, inputs, 8]`.
///
/// `rows(start, part)` fills a few rows of the `[outputs, inputs]` numbers, from number `start` on: they are never all there twice.
pub(crate) fn panels(outputs: usize, inputs: usize, mut rows: impl FnMut(usize, &mut [f32])) -> Result<Tensor> {
    let mut lanes = Vec::with_capacity(outputs.div_ceil(LANES) * inputs);
    let mut part = vec![0.0; LANES * inputs];
    for first in (0..outputs).step_by(LANES) {
        let n = LANES.min(outputs - first);
        rows(first * inputs, &mut part[..n * inputs]);
        lanes.extend(crate::product::Panels::<Eight>::transposed(&part[..n * inputs], n, inputs).into_lanes());
    }
    Tensor::from_vec(lanes.into_flattened(), (outputs.div_ceil(LANES), inputs, LANES), &candle_core::Device::Cpu)
}

/// `x Wᵀ` of `[rows, inputs]` and the panels of `W`.
pub(crate) fn forward(x: &Tensor, panels: &Tensor, outputs: usize) -> Result<Tensor> {
    x.apply_op2_no_bwd(panels, &Product { outputs, direction: Direction::Forward })
}

/// `δ W` of `[rows, outputs]` and the panels of `W`.
pub(crate) fn backward(delta: &Tensor, panels: &Tensor, outputs: usize) -> Result<Tensor> {
    delta.apply_op2_no_bwd(panels, &Product { outputs, direction: Direction::Backward })
}

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Forward,
    Backward,
}

struct Product {
    outputs: usize,
    direction: Direction,
}

impl CustomOp2 for Product {
    fn name(&self) -> &'static str {
        "product in a fixed order"
    }

    fn cpu_fwd(&self, x: &CpuStorage, of_x: &Layout, w: &CpuStorage, of_w: &Layout) -> Result<(CpuStorage, Shape)> {
        let ((rows, width), (_, inputs, _)) = (of_x.shape().dims2()?, of_w.shape().dims3()?);
        let (from, to) = match self.direction {
            Direction::Forward => (inputs, self.outputs),
            Direction::Backward => (self.outputs, inputs),
        };
        if width != from {
            bail!("{} of {width} numbers where there are {from}", self.name());
        }
        let (x, w) = (numbers(x, of_x)?, lanes(w, of_w)?);
        let out = match self.direction {
            Direction::Forward => times_panels::<Eight>(x, w, inputs, self.outputs),
            Direction::Backward => times_transposed(x, w, inputs, self.outputs),
        };
        Ok((CpuStorage::F32(out), Shape::from((rows, to))))
    }
}

fn numbers<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let numbers = storage.as_slice::<f32>()?;
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&numbers[start..end]),
        None => bail!("the product takes numbers that lie side by side"),
    }
}

fn lanes<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [Lane]> {
    Ok(numbers(storage, layout)?.as_chunks().0)
}
