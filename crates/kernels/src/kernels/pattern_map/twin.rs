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
    for (chunk, out) in out.chunks_mut(LANES).enumerate() {
        for lane in 0..LANES {
            let pixel = (first + chunk * LANES + lane) as u32;
            below[0][lane] = params.x_0 + ((pixel % params.columns) as f32 + 0.5) * params.dx;
            below[1][lane] = params.y_0 + ((pixel / params.columns) as f32 + 0.5) * params.dy;
        }
        let mut hash = [[0; 2]; LANES];
        let mut number = 0;
        let Some(([inputs, _, last, _], hidden)) = layers.split_last() else { return };
        for [inputs, outputs, at, _] in hidden {
            let (inputs, mut at) = (*inputs as usize, *at as usize);
            for first in (0..*outputs as usize).step_by(BLOCK) {
                let mut words = [0_u32; LANES];
                let inputs_here = &below[..inputs];
                for i in 0..BLOCK {
                    let parameter = |row: usize| parameters[at + row * BLOCK / 4 + i / 4][i % 4];
                    let z = sums(inputs_here, parameter);
                    for lane in 0..LANES {
                        words[lane] |= u32::from(z[lane] > 0.0) << i;
                        above[first + i][lane] = z[lane].max(0.0);
                    }
                }
                for lane in 0..LANES {
                    hash[lane] = threefry_2x32(hash[lane], [words[lane], number]);
                }
                number += 1;
                at += (inputs + 1) * BLOCK / 4;
            }
            std::mem::swap(&mut below, &mut above);
        }
        let output = sums(&below[..*inputs as usize], |row| parameters[*last as usize + row][0]);
        for (lane, out) in out.iter_mut().enumerate() {
            *out = [hash[lane][0], hash[lane][1], output[lane].to_bits()];
        }
    }
}

/// Parameter 0 plus inputs times the following ones, in order.
fn sums(inputs: &[Lanes], parameter: impl Fn(usize) -> f32) -> Lanes {
    let mut sums = [parameter(0); LANES];
    for (j, h) in inputs.iter().enumerate() {
        let w = parameter(j + 1);
        for lane in 0..LANES {
            sums[lane] += h[lane] * w;
        }
    }
    sums
}
