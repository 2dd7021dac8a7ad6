//! Normal numbers of a stream, drawn on the device.
//!
//! Bits are equal to those of [`random::Stream`]. Normals agree with its `f32` ones within 1.5e-6 of the radius
//! `√(−2 ln u)` ≤ 6.67: both are within 4e-7 of the exact formula by the polynomials and their rounding, and WGSL allows
//! a square root another 5 ulp (6e-7).

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod twin;

use random::Stream;

use crate::gpu::{Access, Gpu, Plan, Shader, params};
use crate::{KernelError, error};

params! {
    /// Low word of the stream's key.
    key_0: u32,
    /// High word of it.
    key_1: u32,
    /// Low word of the first block's number.
    first_block: u32,
    /// High word of it.
    first_block_high: u32,
    /// Blocks to write.
    n_blocks: u32,
    /// 1 for bits, 0 for normals.
    raw: u32,
    /// First workgroup of this dispatch.
    first_tile: u32,
    /// The one past its last.
    end_tile: u32,
}

pub(crate) const WORKGROUP: u32 = 64;

pub(crate) const SHADER: Shader = Shader {
    name: "normals",
    source: concat!(
        include_str!("../../wgsl/threefry.wgsl"),
        include_str!("../../wgsl/normal.wgsl"),
        include_str!("normals.wgsl")
    ),
    workgroup: WORKGROUP,
    params_bytes: size_of::<Params>(),
    params_fields: Params::FIELDS,
    storage: &[Access::ReadWrite],
};

/// Most blocks of one call: 64 MiB of them.
const MOST_BLOCKS: u64 = 8 << 20;

/// Blocks `first..first + n` of a stream: two words of random bits each.
///
/// # Errors
/// [`KernelError`] of the device, or when `n` is beyond 2^23.
pub async fn bits(gpu: &Gpu, stream: Stream, first: u64, n: usize) -> Result<Vec<[u32; 2]>, KernelError> {
    draw(gpu, params(stream, first, n, true)?).await
}

/// The first `n` normals of a stream; within 1.5e-6 of the radius of [`Stream::fill_normal_f32`].
///
/// # Errors
/// [`KernelError`] of the device, or when `n` is beyond 2^24.
pub async fn normals(gpu: &Gpu, stream: Stream, n: usize) -> Result<Vec<f32>, KernelError> {
    let pairs = draw(gpu, params(stream, 0, n.div_ceil(2), false)?).await?;
    Ok(pairs.into_iter().flatten().map(f32::from_bits).take(n).collect())
}

fn params(stream: Stream, first: u64, n: usize, raw: bool) -> Result<Params, KernelError> {
    error::check_limit("normals", "blocks", MOST_BLOCKS, n as u64)?;
    let [key_0, key_1] = stream.key();
    Ok(Params {
        key_0,
        key_1,
        first_block: first as u32,
        first_block_high: (first >> 32) as u32,
        n_blocks: n as u32,
        raw: u32::from(raw),
        ..Params::default()
    })
}

async fn draw(gpu: &Gpu, params: Params) -> Result<Vec<[u32; 2]>, KernelError> {
    let n = params.n_blocks as usize;
    let mut job = gpu.job("drawing normal numbers")?;
    let out = job.buffer("out", size_of::<[u32; 2]>() as u64 * n as u64)?;
    let mut plan = Plan::default();
    // 160 operations a block.
    plan.push(&SHADER, 0, params.n_blocks.div_ceil(WORKGROUP), f64::from(WORKGROUP) * 160.0, |first, end| Params {
        first_tile: first,
        end_tile: end,
        ..params
    });
    job.run(&plan, &[(&SHADER, &[&out])]).await?;
    let drawn = job.read(&out, n).await?;
    job.finish().await?;
    Ok(drawn)
}
