//! Which hardware does a piece of work: what was measured to be faster, or what the user asked for.

use std::collections::BTreeMap;
use std::rc::Rc;

use figures::Device;
use kernels::{Gpu, KernelError};
use protocol::Backend;

use super::scene::{DEVICE, Scene};
use crate::job::{JobError, NoGpu, give_gpu_up, name_of_gpu, unless};

/// Why work on a graphics device ended.
#[derive(Debug, thiserror::Error)]
pub enum GpuFailure {
    /// The device's: the CPU computes instead.
    #[error(transparent)]
    Device(#[from] KernelError),
    /// The work's own.
    #[error(transparent)]
    Job(#[from] JobError),
}

/// Kinds of work, with their size to the next lower power of two.
type Kind = (&'static str, u32);

/// How long one piece of work took.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Times {
    cpu_millis: f64,
    /// Infinite where the device failed.
    gpu_millis: f64,
}

/// How long CPU and graphics device took for the first piece of each kind of work, as long as the exhibit is open.
#[derive(Debug, Default)]
pub struct DeviceTimes {
    times: BTreeMap<Kind, Times>,
    /// Why no graphics device computes, though one was asked for.
    no_gpu: Option<String>,
}

impl DeviceTimes {
    /// The sentence that says why no graphics device computes, where one may be expected.
    pub(super) fn why_no_gpu(&self, backend: Backend) -> Option<String> {
        self.no_gpu.clone().filter(|_| backend != Backend::Cpu)
    }
}

impl Scene<'_> {
    /// Does a piece of work on the graphics device or on the CPU, whichever is right.
    ///
    /// The user's choice is done: the CPU, or the device where there is one. With [`Backend::Auto`] the first piece of this kind
    /// and size (to the next power of two) is done by both, the CPU first, and those that follow by the faster one. A device
    /// that fails gives the work to the CPU, with a sentence. What is shown meanwhile as [`measured`](Self::measured) names the
    /// device, and both times.
    ///
    /// # Errors
    /// [`JobError`] of the work, or when a newer request came.
    pub async fn on_device<T>(
        &mut self,
        kind: &'static str,
        size: usize,
        gpu: impl AsyncFnOnce(Rc<Gpu>, &mut Self) -> Result<T, GpuFailure>,
        mut cpu: impl AsyncFnMut(&mut Self) -> Result<T, JobError>,
    ) -> Result<T, JobError> {
        let kind = (kind, size.max(1).ilog2());
        let device = match self.host.gpu().await? {
            Ok(device) => device,
            Err(why) => {
                if let NoGpu::Because(why) = why {
                    self.times.no_gpu = Some(why.clone());
                    self.say(DEVICE, Some(why));
                }
                return cpu(self).await;
            }
        };
        let mut done = None;
        if self.backend() == Backend::Auto {
            let times = self.times.times.get(&kind).copied();
            if times.is_some_and(|times| times.cpu_millis <= times.gpu_millis) {
                return cpu(self).await;
            }
            if times.is_none() {
                let begun = self.host.now_millis();
                let answer = cpu(self).await?;
                done = Some((answer, self.host.now_millis() - begun));
            }
        }
        let named = self.named(&device, kind);
        let of_cpu = std::mem::replace(&mut self.device, named);
        let begun = self.host.now_millis();
        let result =
            unless(self.host.cancellation(), gpu(Rc::clone(&device), self)).await.ok_or(JobError::Cancelled)?;
        let gpu_millis = if result.is_ok() { self.host.now_millis() - begun } else { f64::INFINITY };
        self.device = of_cpu;
        match (result, done) {
            (Ok(answer), None) => {
                self.times.no_gpu = None;
                Ok(answer)
            }
            // The answers are equal but for rounding; what the CPU has shown stays.
            (Ok(_) | Err(GpuFailure::Device(_)), Some((answer, cpu_millis))) => {
                self.times.times.insert(kind, Times { cpu_millis, gpu_millis });
                Ok(answer)
            }
            (Err(GpuFailure::Device(error)), None) => {
                let why = give_gpu_up(self.host, &error);
                self.times.no_gpu = Some(why.clone());
                self.say(DEVICE, Some(why));
                cpu(self).await
            }
            (Err(GpuFailure::Job(error)), _) => Err(error),
        }
    }

    /// The device, with both times where they were measured.
    fn named(&self, gpu: &Gpu, kind: Kind) -> Device {
        match self.times.times.get(&kind) {
            Some(Times { cpu_millis, gpu_millis }) => {
                Device::Gpu(format!("{}, {gpu_millis:.0} ms (CPU {cpu_millis:.0} ms)", gpu.name()))
            }
            None => name_of_gpu(gpu),
        }
    }
}
