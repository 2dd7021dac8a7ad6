//! The device and what is done with it: loss, refusals, read-backs, jobs side by side.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use random::Stream;
use theory::Activation;

use crate::checks;
use crate::gpu::Plan;
use crate::kernels::inner_products;
use crate::{Batch, Gpu, KernelError, RandomNets, normals, propagate};

const NETS: RandomNets = RandomNets {
    seed: 1,
    width: 200,
    depth: 60,
    activation: Activation::Tanh,
    sigma_w: 1.5,
    sigma_b: 0.1,
    first_net: 0,
    n_nets: 8,
};

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_named() {
    let gpu = checks::gpu();
    assert!(!gpu.name().is_empty());
    // Mesa's software adapter calls itself llvmpipe.
    assert_eq!(gpu.is_software(), gpu.name().contains("llvmpipe") || gpu.name().contains("SwiftShader"));
    assert_eq!(gpu.lost(), None);
    assert!(gpu.most_buffer_bytes() >= 128 << 20, "WebGPU's default");
}

/// The device goes while a job of many submissions is under way: the job ends with the reason, all later ones too, and a
/// new device does the same work.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_destroyed_within_a_job_is_an_error_and_a_new_one_works() {
    let gpu = checks::gpu();
    let z = checks::drawn("z", 64 * NETS.width);
    let batch = Batch { rows: 64, z: &z, pairs: &[[0, 1]], first_layer: 0, cotangents: &[] };
    {
        let mut job = pin!(propagate(&gpu, &NETS, &batch));
        let mut context = Context::from_waker(Waker::noop());
        assert!(job.as_mut().poll(&mut context).is_pending(), "the job is too small for this test");
        gpu.destroy();
        let error = pollster::block_on(job).unwrap_err();
        assert!(matches!(error, KernelError::Lost { .. }), "{error}");
    }
    let error = pollster::block_on(normals(&gpu, Stream::new(1, "x"), 10)).unwrap_err();
    assert_eq!(error.to_string(), "The graphics device was lost: it was given up");
    assert_eq!(pollster::block_on(gpu.until_lost()), "it was given up");
    let next = checks::gpu();
    assert!(pollster::block_on(propagate(&next, &NETS, &batch)).is_ok());
}

/// A newer request drops the older future: what was under way disturbs nothing.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_jobs_can_be_dropped_at_any_point() {
    let gpu = checks::gpu();
    let z = checks::drawn("z", 64 * NETS.width);
    let batch = Batch { rows: 64, z: &z, pairs: &[[0, 1]], first_layer: 0, cotangents: &[] };
    let small = Batch { rows: 2, z: &z[..2 * NETS.width], ..batch };
    let want = pollster::block_on(propagate(&gpu, &NETS, &small)).unwrap();
    for _drop in 0..3 {
        let mut job = Box::pin(propagate(&gpu, &NETS, &batch));
        let mut context = Context::from_waker(Waker::noop());
        assert!(job.as_mut().poll(&mut context).is_pending(), "the job is too small for this test");
        drop(job);
        assert_eq!(pollster::block_on(propagate(&gpu, &NETS, &small)).unwrap(), want);
    }
}

/// Read-backs reuse a few buffers; a drag does not grow the memory.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_read_backs_share_a_bounded_ring() {
    let gpu = checks::gpu();
    for n in [1000, 64, 3000, 500, 100_000, 20, 1000, 64, 3000] {
        assert_eq!(pollster::block_on(normals(&gpu, Stream::new(1, "ring"), n)).unwrap().len(), n);
    }
    let sizes = gpu.read_back_bytes();
    assert!(sizes.len() <= 3 && sizes.contains(&(1 << 19)), "{sizes:?}: the largest serves in place of the others");
}

/// A mistake in the bindings is an error of the job, not a panic, and the device goes on.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_refusals_are_errors() {
    let gpu = checks::gpu();
    let result = pollster::block_on(async {
        let mut job = gpu.job("a test")?;
        let only = job.upload("only", &[1.0_f32; 8])?;
        let mut plan = Plan::default();
        let params = |first_tile, end_tile| inner_products::Params { first_tile, end_tile, ..Default::default() };
        plan.push(&inner_products::SHADER, 0, 1, 1.0, params);
        job.run(&plan, &[(&inner_products::SHADER, &[&only])]).await?;
        job.read::<f32>(&only, 8).await?;
        job.finish().await
    });
    assert!(matches!(&result, Err(KernelError::Refused { op: "a test", .. })), "{result:?}");
    let too_large = pollster::block_on(async { gpu.job("a test")?.buffer("huge", 1 << 40).map(drop) });
    assert!(matches!(too_large, Err(KernelError::TooLarge { got: 0x100_0000_0000, .. })), "{too_large:?}");
    assert_eq!(pollster::block_on(normals(&gpu, Stream::new(1, "x"), 3)).unwrap().len(), 3);
}

/// Two jobs at a time on one device, each polled in turn.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_jobs_can_overlap() {
    let gpu: Gpu = checks::gpu();
    let one = |seed| normals(&gpu, Stream::new(seed, "overlap"), 100_000);
    let (mut a, mut b) = (pin!(one(1)), pin!(one(2)));
    // Both are begun before either is waited for.
    let (mut of_a, mut of_b) = (None, None);
    pollster::block_on(poll_fn(|context| {
        if of_a.is_none()
            && let Poll::Ready(done) = a.as_mut().poll(context)
        {
            of_a = Some(done);
        }
        if of_b.is_none()
            && let Poll::Ready(done) = b.as_mut().poll(context)
        {
            of_b = Some(done);
        }
        if of_a.is_some() && of_b.is_some() { Poll::Ready(()) } else { Poll::Pending }
    }));
    let (a, b) = (of_a.unwrap().unwrap(), of_b.unwrap().unwrap());
    assert_eq!(a, pollster::block_on(one(1)).unwrap());
    assert_eq!(b, pollster::block_on(one(2)).unwrap());
}
