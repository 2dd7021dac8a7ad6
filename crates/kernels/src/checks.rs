//! Helpers of the tests.

use crate::gpu::{Gpu, Plan, Shader};

/// A device for a test; without an adapter the test must not be run.
pub(crate) fn gpu() -> Gpu {
    pollster::block_on(Gpu::request()).expect("a test named gpu_ needs an adapter")
}

/// Runs one kernel on buffers of words and returns what they hold then.
pub(crate) fn run<P: bytemuck::Pod>(
    gpu: &Gpu,
    shader: &'static Shader,
    tiles: u32,
    params: impl Fn(u32, u32) -> P,
    buffers: &[&[u32]],
) -> Vec<Vec<u32>> {
    pollster::block_on(async {
        let mut job = gpu.job(shader.name).unwrap();
        let held: Vec<_> = buffers.iter().map(|words| job.upload("test", words).unwrap()).collect();
        let mut plan = Plan::default();
        plan.push(shader, 0, tiles, 1.0, params);
        job.run(&plan, &[(shader, &held.iter().collect::<Vec<_>>())]).await.unwrap();
        let mut found = Vec::new();
        for (buffer, words) in held.iter().zip(buffers) {
            found.push(job.read(buffer, words.len()).await.unwrap());
        }
        job.finish().await.unwrap();
        found
    })
}

/// Numbers as the words of a buffer.
pub(crate) fn words(numbers: &[f32]) -> Vec<u32> {
    bytemuck::cast_slice(numbers).to_vec()
}

/// The words of a buffer as numbers.
pub(crate) fn numbers(words: &[u32]) -> Vec<f32> {
    bytemuck::cast_slice(words).to_vec()
}

/// Normals, for inputs.
pub(crate) fn drawn(purpose: &str, n: usize) -> Vec<f32> {
    let mut out = vec![0.0; n];
    random::Stream::new(1, purpose).fill_normal_f32(0, &mut out);
    out
}

/// Compares element by element and names the worst.
pub(crate) fn assert_close(what: &str, got: &[f32], want: &[f32], tolerance: impl Fn(usize) -> f64) {
    assert_eq!(got.len(), want.len(), "{what}");
    let share = |i: usize| {
        let difference = (f64::from(got[i]) - f64::from(want[i])).abs();
        if difference == 0.0 { 0.0 } else { difference / tolerance(i) }
    };
    let Some(worst) = (0..got.len()).max_by(|i, j| share(*i).total_cmp(&share(*j))) else { return };
    let (got, want, allowed) = (got[worst], want[worst], tolerance(worst));
    assert!(share(worst) <= 1.0, "{what}, element {worst}: got {got}, want {want}, allowed {allowed:e}");
}
