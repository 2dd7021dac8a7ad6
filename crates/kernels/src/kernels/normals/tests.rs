use random::Stream;

use super::*;
use crate::checks;

/// 0, 1, around the workgroup, no multiple of it, large enough for two dimensions of workgroups (65535 · 64 blocks).
const SIZES: [usize; 7] = [0, 1, 63, 64, 65, 1000, 65_535 * 64 + 70];

#[test]
fn the_twin_is_the_stream() {
    let stream = Stream::new(3, "test");
    let mut out = vec![[0; 2]; 100];
    twin::normals(&params(stream, u64::from(u32::MAX) - 50, 100, true).unwrap(), &mut out);
    assert!(out.iter().enumerate().all(|(i, block)| *block == stream.bits(u64::from(u32::MAX) - 50 + i as u64)));

    twin::normals(&params(stream, 0, 100, false).unwrap(), &mut out);
    let mut want = vec![0.0; 200];
    stream.fill_normal_f32(0, &mut want);
    assert!(out.iter().flatten().map(|x| f32::from_bits(*x)).eq(want));
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_bits_are_the_streams() {
    let gpu = checks::gpu();
    let stream = Stream::new(7, "bits");
    // Across a carry into the high word of the counter.
    for first in [0, u64::from(u32::MAX) - 500, 1 << 40] {
        for n in SIZES {
            let got = pollster::block_on(bits(&gpu, stream, first, n)).unwrap();
            let wrong = got.iter().enumerate().find(|(i, block)| **block != stream.bits(first + *i as u64));
            assert_eq!(got.len(), n);
            assert!(wrong.is_none(), "from {first}: {wrong:?}");
        }
    }
}

/// 1.5e-6 of the radius; see the module.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_normals_are_the_twins() {
    let gpu = checks::gpu();
    let stream = Stream::new(7, "normals");
    for n in SIZES {
        let got = pollster::block_on(normals(&gpu, stream, n)).unwrap();
        let mut want = vec![0.0; n];
        stream.fill_normal_f32(0, &mut want);
        let radius = |i: usize| stream.normal(i as u64 & !1).hypot(stream.normal(i as u64 | 1));
        checks::assert_close("normals", &got, &want, |i| 1.5e-6 * radius(i));
    }
}

/// A stream read twice, or in parts, gives the same bits; its mean is 0 and its variance 1.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_runs_are_equal_and_parts_make_the_whole() {
    let gpu = checks::gpu();
    let stream = Stream::new(9, "runs");
    let whole = pollster::block_on(normals(&gpu, stream, 5001)).unwrap();
    let again = pollster::block_on(normals(&gpu, stream, 5001)).unwrap();
    assert_eq!(
        whole.iter().map(|x| x.to_bits()).collect::<Vec<_>>(),
        again.iter().map(|x| x.to_bits()).collect::<Vec<_>>()
    );
    let part = pollster::block_on(normals(&gpu, stream, 77)).unwrap();
    assert_eq!(part, whole[..77]);
    // Within five standard errors.
    let n = whole.len() as f64;
    let mean = whole.iter().map(|x| f64::from(*x)).sum::<f64>() / n;
    let variance = whole.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / n;
    assert!(mean.abs() < 5.0 / n.sqrt() && (variance - 1.0).abs() < 5.0 * (2.0 / n).sqrt(), "{mean} {variance}");
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_refuses_more_than_it_can_hold() {
    let gpu = checks::gpu();
    let error = pollster::block_on(normals(&gpu, Stream::new(1, "x"), 1 << 25)).unwrap_err();
    assert!(matches!(error, KernelError::TooLarge { limit: MOST_BLOCKS, .. }), "{error}");
}
