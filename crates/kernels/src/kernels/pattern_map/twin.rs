//! The CPU's version of `pattern_map`, 64 pixels at a time so that the compiler takes several with one instruction.

use random::threefry::threefry_2x32;

use super::{BLOCK, Params};

/// Pixels that go through the net together.
const LANES: usize = 64;

type Lanes = [f32; LANES];

/// Pixels from `first` on, as many as `out` has room for.
pub(crate) fn pattern_map(
    params: &Params,
    layers: &[[u32; 4]],
    parameters: &[[f32; 4]],
    first: usize,
    out: &mut [[u32; 3]],
) {
    let room = params.room as usize;
    let (mut below, mut above) = (vec![[0.0; LANES]; room], vec![[0.0; LANES]; room]);
    // Neurons that are not off at all of the pixels: the others add nothing.
    let (mut on_below, mut on_above) = (Vec::with_capacity(room), Vec::with_capacity(room));
    for (chunk, out) in out.chunks_mut(LANES).enumerate() {
        for lane in 0..LANES {
            let pixel = (first + chunk * LANES + lane) as u32;
            below[0][lane] = params.x_0 + ((pixel % params.columns) as f32 + 0.5) * params.dx;
            below[1][lane] = params.y_0 + ((pixel / params.columns) as f32 + 0.5) * params.dy;
        }
        on_below.clear();
        on_below.extend([0, 1]);
        // Each word in lanes of its own, so that the hash, too, is made for several pixels with one instruction.
        let mut hash = [[0_u32; LANES]; 2];
        let mut number = 0;
        let Some(([_, _, last, _], hidden)) = layers.split_last() else { return };
        for [inputs, outputs, at, _] in hidden {
            let (inputs, mut at) = (*inputs as usize, *at as usize);
            on_above.clear();
            for first in (0..*outputs as usize).step_by(BLOCK) {
                let mut words = [0_u32; LANES];
                for i in (0..BLOCK).step_by(TILE) {
                    let parameter = |row: usize| parameters[at + row * BLOCK / 4 + i / 4];
                    let z = sums_of_tile(&below, &on_below, parameter);
                    for (k, z) in z.iter().enumerate() {
                        let above = &mut above[first + i + k];
                        for lane in 0..LANES {
                            words[lane] |= u32::from(z[lane] > 0.0) << (i + k);
                            // On WebAssembly `f32::max` is a call of a function.
                            above[lane] = if z[lane] > 0.0 { z[lane] } else { 0.0 };
                        }
                    }
                }
                let [h_0, h_1] = &mut hash;
                for lane in 0..LANES {
                    [h_0[lane], h_1[lane]] = threefry_2x32([h_0[lane], h_1[lane]], [words[lane], number]);
                }
                let any = words.iter().fold(0, |any, word| any | word);
                on_above.extend((0..BLOCK).filter(|i| any >> i & 1 == 1).map(|i| first + i));
                number += 1;
                at += (inputs + 1) * BLOCK / 4;
            }
            std::mem::swap(&mut below, &mut above);
            std::mem::swap(&mut on_below, &mut on_above);
        }
        let mut output = [parameters[*last as usize][0]; LANES];
        for &i in &on_below {
            let w = parameters[*last as usize + i + 1][0];
            for lane in 0..LANES {
                output[lane] += below[i][lane] * w;
            }
        }
        for (lane, out) in out.iter_mut().enumerate() {
            *out = [hash[0][lane], hash[1][lane], output[lane].to_bits()];
        }
    }
}

/// Neurons whose sums are made together, as many as a vector of parameters has: an activation that is loaded serves all.
const TILE: usize = 4;

/// Of four neurons, parameters 0 plus those inputs that are on times the parameters after it, in order.
fn sums_of_tile(inputs: &[Lanes], on: &[usize], parameter: impl Fn(usize) -> [f32; TILE]) -> [Lanes; TILE] {
    let mut sums = parameter(0).map(|bias| [bias; LANES]);
    let (fours, rest) = on.as_chunks::<4>();
    for four in fours {
        sums = plus_products(sums, four.map(|i| &inputs[i]), four.map(|i| parameter(i + 1)));
    }
    for &i in rest {
        sums = plus_products(sums, [&inputs[i]], [parameter(i + 1)]);
    }
    sums
}

/// The sums are taken and given back by value: what nothing else points to may stay in registers.
#[inline(always)]
fn plus_products<const J: usize>(
    mut sums: [Lanes; TILE],
    inputs: [&Lanes; J],
    weights: [[f32; TILE]; J],
) -> [Lanes; TILE] {
    for lane in 0..LANES {
        for k in 0..TILE {
            for j in 0..J {
                sums[k][lane] += inputs[j][lane] * weights[j][k];
            }
        }
    }
    sums
}
