//! The CPU's version of `mlp_layer`, a few examples at a time so that the compiler takes several with one instruction.

use super::Params;
use crate::activation::{apply, of_id};

/// Examples that go through a layer together.
pub(crate) const LANES: usize = 32;

/// Where a net's numbers come from.
pub(crate) struct Source<'a> {
    /// Of this net, when its numbers are sums over a basis.
    pub(crate) coefficients: Option<&'a [f32]>,
    /// The vectors, or matrices.
    pub(crate) numbers: &'a [f32],
    /// Size of one of them.
    pub(crate) size: usize,
    /// The net's own, when there is no sum.
    pub(crate) index: usize,
}

impl Source<'_> {
    /// Numbers from `at` on.
    pub(crate) fn read(&self, at: usize, out: &mut [f32]) {
        let vector = |m: usize| &self.numbers[m * self.size + at..][..out.len()];
        let Some(coefficients) = self.coefficients else { return out.copy_from_slice(vector(self.index)) };
        let mut sums = vec![0.0; out.len()];
        for (m, c) in coefficients.iter().enumerate() {
            for (sum, x) in sums.iter_mut().zip(vector(m)) {
                *sum += c * x;
            }
        }
        out.copy_from_slice(&sums);
    }
}

/// Where net `p` of the call has its parameters and its inputs from.
pub(crate) fn sources<'a>(
    params: &Params,
    p: usize,
    coefficients: &'a [f32],
    parameters: &'a [f32],
    h: &'a [f32],
) -> [Source<'a>; 2] {
    let n_basis = params.n_basis as usize;
    let own = |sums: u32| (sums == 1).then(|| &coefficients[(params.first_net as usize + p) * n_basis..][..n_basis]);
    let own_parameters = Source {
        coefficients: own(params.sums_parameters),
        numbers: parameters,
        size: params.n_parameters as usize,
        index: p * params.parameters_stride as usize,
    };
    let inputs = Source {
        coefficients: own(params.sums_h),
        numbers: h,
        size: (params.n_in * params.rows) as usize,
        index: p * params.h_stride as usize,
    };
    [own_parameters, inputs]
}

/// Inputs of a net at the `n` examples from `first` on, after the activation: `[n_in][LANES]`.
pub(crate) fn activations(
    source: &Source<'_>,
    activation: u32,
    n_in: usize,
    rows: usize,
    first: usize,
    n: usize,
) -> Vec<[f32; LANES]> {
    let activation = of_id(activation);
    let of = |j: usize| {
        let mut lanes = [0.0; LANES];
        let at = j * rows + first;
        match source.coefficients {
            None => lanes[..n].copy_from_slice(&source.numbers[source.index * source.size + at..][..n]),
            Some(coefficients) => {
                for (m, c) in coefficients.iter().enumerate() {
                    let x = &source.numbers[m * source.size + at..][..n];
                    lanes.iter_mut().zip(x).for_each(|(sum, x)| *sum += c * x);
                }
            }
        }
        lanes
    };
    let mut inputs: Vec<[f32; LANES]> = (0..n_in).map(of).collect();
    apply(activation, inputs.as_flattened_mut());
    inputs
}

/// Neurons above that are computed together, so that an input serves four sums.
const FOUR: usize = 4;
/// Examples whose four sums stay in registers.
const NARROW: usize = 8;

/// A layer's weights `[n_out, n_in]` and biases, four neurons together.
pub(crate) struct Packed {
    /// `[n_out / 4][n_in]`.
    weights: Vec<[f32; FOUR]>,
    biases: Vec<f32>,
    n_in: usize,
}

impl Packed {
    /// Reads the layer of a net.
    pub(crate) fn read(source: &Source<'_>, at: usize, n_in: usize, n_out: usize) -> Self {
        let mut layer = vec![0.0; n_out * (n_in + 1)];
        source.read(at, &mut layer);
        let biases = layer.split_off(n_out * n_in);
        let of = |k: usize| {
            let (quad, j) = (k / n_in, k % n_in);
            std::array::from_fn(|c| layer.get((FOUR * quad + c) * n_in + j).copied().unwrap_or(0.0))
        };
        Self { weights: (0..n_out.div_ceil(FOUR) * n_in).map(of).collect(), biases, n_in }
    }

    /// `Σ_j h_j w_ij + b_i` for each example, the sum in order; `each` gets i and the sums.
    pub(crate) fn sums(&self, h: &[[f32; LANES]], mut each: impl FnMut(usize, &[f32; LANES])) {
        for (quad, weights) in self.weights.chunks_exact(self.n_in).enumerate() {
            let mut wide = [[0.0; LANES]; FOUR];
            for first in (0..LANES).step_by(NARROW) {
                let mut sums = [[0.0; NARROW]; FOUR];
                for (h, w) in h.iter().zip(weights) {
                    for c in 0..FOUR {
                        for lane in 0..NARROW {
                            sums[c][lane] += h[first + lane] * w[c];
                        }
                    }
                }
                for c in 0..FOUR {
                    wide[c][first..first + NARROW].copy_from_slice(&sums[c]);
                }
            }
            for (sums, (i, bias)) in wide.iter().zip(self.biases.iter().enumerate().skip(FOUR * quad)) {
                each(i, &sums.map(|sum| sum + bias));
            }
        }
    }
}

/// Nets `nets` of the call, into `z` `[nets, n_out, rows]`.
pub(crate) fn mlp_layer(
    params: &Params,
    n_nets: usize,
    coefficients: &[f32],
    parameters: &[f32],
    h: &[f32],
    z: &mut [f32],
) {
    let (rows, n_in, n_out) = (params.rows as usize, params.n_in as usize, params.n_out as usize);
    for p in 0..n_nets {
        let [own_parameters, inputs] = sources(params, p, coefficients, parameters, h);
        let layer = Packed::read(&own_parameters, params.offset as usize, n_in, n_out);
        for first in (0..rows).step_by(LANES) {
            let n = LANES.min(rows - first);
            let h = activations(&inputs, params.activation, n_in, rows, first, n);
            layer.sums(&h, |i, sums| z[(p * n_out + i) * rows + first..][..n].copy_from_slice(&sums[..n]));
        }
    }
}
