//! The products of a dense layer, for blocks of eight examples.
//!
//! Tiles of four neurons and eight lanes stay in registers: 16 operations of four lanes for each six loads, and sixteen
//! registers suffice; tiles of five and six are slower in WebAssembly. On one core this reaches 40 GFLOP/s there, where
//! candle's products reach 29, and it needs no reductions across lanes.

use crate::lanes::{Eight, Eights, LANES, Lane, Lanes};

/// Neurons in a tile.
const TILE: usize = 4;

/// `z_o = b_o + Σ_i W_oi a_i` for one block: `a` is `[inputs]`, `z` `[outputs]`, `weights` `[outputs, inputs]`.
pub(super) fn forward(weights: &[f32], biases: &[f32], a: &[Lane], z: &mut [Lane]) {
    if a.is_empty() {
        for (z, b) in z.iter_mut().zip(biases) {
            *z = [*b; LANES];
        }
        return;
    }
    let (tiles, rest) = z.as_chunks_mut::<TILE>();
    let (bias_tiles, bias_rest) = biases.as_chunks::<TILE>();
    let mut rows = weights.chunks_exact(a.len());
    let mut row = || rows.next().unwrap_or(&[]);
    for (z, b) in tiles.iter_mut().zip(bias_tiles) {
        *z = forward_tile([row(), row(), row(), row()], *b, a);
    }
    match (rest, bias_rest) {
        ([x, y, z], &[b, c, d]) => [*x, *y, *z] = forward_tile([row(), row(), row()], [b, c, d], a),
        ([x, y], &[b, c]) => [*x, *y] = forward_tile([row(), row()], [b, c], a),
        (rest, biases) => {
            for (z, b) in rest.iter_mut().zip(biases) {
                [*z] = forward_tile([row()], [*b], a);
            }
        }
    }
}

#[inline(always)]
fn forward_tile<const M: usize>(rows: [&[f32]; M], biases: [f32; M], a: &[Lane]) -> [Lane; M] {
    let n = rows.iter().fold(a.len(), |n, row| n.min(row.len()));
    let (rows, a) = (rows.map(|row| &row[..n]), &a[..n]);
    let mut z = biases.map(Eight::splat);
    for k in 0..n {
        let a = Eight::from_lane(&a[k]);
        for m in 0..M {
            z[m] = z[m].plus_product(Eight::splat(rows[m][k]), a);
        }
    }
    z.map(Eight::to_lane)
}

/// `d_i = Σ_o W_oi δ_o` for one block: `delta` is `[outputs]`, `below` `[inputs]`.
pub(super) fn backward(weights: &[f32], delta: &[Lane], below: &mut [Lane]) {
    let inputs = below.len();
    if inputs == 0 {
        return;
    }
    let (tiles, rest) = below.as_chunks_mut::<TILE>();
    let start_of_rest = tiles.len() * TILE;
    for (t, tile) in tiles.iter_mut().enumerate() {
        *tile = backward_tile(weights, inputs, t * TILE, delta);
    }
    for (i, d) in rest.iter_mut().enumerate() {
        [*d] = backward_tile(weights, inputs, start_of_rest + i, delta);
    }
}

#[inline(always)]
fn backward_tile<const M: usize>(weights: &[f32], inputs: usize, first: usize, delta: &[Lane]) -> [Lane; M] {
    let mut below = [Eight::splat(0.0); M];
    for (row, d) in weights.chunks_exact(inputs).zip(delta) {
        let Some(w) = row.get(first..).and_then(<[f32]>::first_chunk::<M>) else { break };
        let d = Eight::from_lane(d);
        for m in 0..M {
            below[m] = below[m].plus_product(Eight::splat(w[m]), d);
        }
    }
    below.map(Eight::to_lane)
}

/// `[examples, panels × 8]` from `[inputs][8]`: the block's activations with a row for each example. Lanes of the last
/// panel beyond `inputs` keep what they had.
pub(super) fn transpose(a: &[Lane], rows: &mut [Lane]) {
    let panels = a.len().div_ceil(LANES);
    for (p, columns) in a.chunks(LANES).enumerate() {
        if let Some(columns) = columns.first_chunk::<LANES>() {
            for l in 0..LANES {
                rows[l * panels + p] = std::array::from_fn(|i| columns[i][l]);
            }
        } else {
            for l in 0..LANES {
                for (i, column) in columns.iter().enumerate() {
                    rows[l * panels + p][i] = column[l];
                }
            }
        }
    }
}

/// The other way: `[inputs][8]` from eight rows `[panels × 8]`.
pub(super) fn transpose_back(rows: &[Lane], a: &mut [Lane]) {
    let panels = a.len().div_ceil(LANES);
    for (p, columns) in a.chunks_mut(LANES).enumerate() {
        if let Some(columns) = columns.first_chunk_mut::<LANES>() {
            for i in 0..LANES {
                columns[i] = std::array::from_fn(|l| rows[l * panels + p][i]);
            }
        } else {
            for (i, column) in columns.iter_mut().enumerate() {
                *column = std::array::from_fn(|l| rows[l * panels + p][i]);
            }
        }
    }
}

/// What the gradient of one layer is made from, for all examples of a chunk.
pub(super) struct GradientOfLayer<'a> {
    /// `[blocks][outputs]`: the loss's derivative with respect to the layer's outputs.
    pub(super) delta: &'a [Lane],
    /// `[examples, panels]`: the layer's inputs, a row for each example.
    pub(super) rows: &'a [Lane],
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// Whether to add to what is there.
    pub(super) is_added: bool,
}

impl GradientOfLayer<'_> {
    /// `∂W_oi = Σ_b δ_ob a_bi`, `∂b_o = Σ_b δ_ob`.
    pub(super) fn write(&self, weights: &mut [f32], biases: &mut [f32]) {
        for (o, bias) in biases.iter_mut().enumerate() {
            let mut sum = Eight::splat(0.0);
            for block in self.delta.chunks_exact(self.outputs) {
                sum = sum.plus(Eight::from_lane(&block[o]));
            }
            let sum = sum.to_lane().iter().sum::<f32>();
            *bias = if self.is_added { *bias + sum } else { sum };
        }
        let panels = self.inputs.div_ceil(LANES);
        for p in 0..panels {
            let mut o = 0;
            while o + TILE <= self.outputs {
                self.write_tile::<TILE>(p, panels, o, weights);
                o += TILE;
            }
            while o < self.outputs {
                self.write_tile::<1>(p, panels, o, weights);
                o += 1;
            }
        }
    }

    #[inline(always)]
    fn write_tile<const M: usize>(&self, p: usize, panels: usize, o: usize, weights: &mut [f32]) {
        let mut tile = [Eight::splat(0.0); M];
        let rows_of_block = panels * LANES;
        for (block, rows) in self.delta.chunks_exact(self.outputs).zip(self.rows.chunks(rows_of_block)) {
            let Some(d) = block.get(o..).and_then(<[Lane]>::first_chunk::<M>) else { break };
            for (l, row) in rows.chunks_exact(panels).enumerate().take(LANES) {
                let a = Eight::from_lane(&row[p]);
                for m in 0..M {
                    tile[m] = tile[m].plus_product(Eight::splat(d[m][l]), a);
                }
            }
        }
        let tile = tile.map(Eight::to_lane);
        let first = p * LANES;
        let valid = (self.inputs - first).min(LANES);
        for m in 0..M {
            let start = (o + m) * self.inputs + first;
            let out = &mut weights[start..start + valid];
            if self.is_added {
                out.iter_mut().zip(&tile[m]).for_each(|(w, t)| *w += t);
            } else if let Some(out) = out.first_chunk_mut::<LANES>() {
                *out = tile[m];
            } else {
                out.copy_from_slice(&tile[m][..valid]);
            }
        }
    }
}
