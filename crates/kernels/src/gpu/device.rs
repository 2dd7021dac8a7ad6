//! Getting a device, and losing it.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

use super::shader::{Pipeline, Shader};
use super::staging::Ring;
use crate::{KernelError, Unsupported};

/// Device memory that one job may take, whatever the device would give: a lecturer's laptop shares it with the
/// browser and the slides.
const MOST_JOB_BYTES: u64 = 256 << 20;

/// A graphics device, with the kernels compiled for it so far.
///
/// It lives in the thread, or the worker, that asked for it.
#[derive(Debug)]
pub struct Gpu {
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    pub(super) ring: Ring,
    name: String,
    is_software: bool,
    limits: wgpu::Limits,
    loss: Arc<Mutex<Loss>>,
    pipelines: Mutex<HashMap<&'static str, Arc<Pipeline>>>,
}

#[derive(Debug, Default)]
struct Loss {
    reason: Option<String>,
    wakers: Vec<Waker>,
}

impl Gpu {
    /// Asks for the fastest adapter and a device on it. No canvas is touched.
    ///
    /// The limits are WebGPU's defaults, but for the largest buffer, which is what the adapter offers.
    ///
    /// # Errors
    /// [`Unsupported`] when there is no adapter or it gives no device.
    pub async fn request() -> Result<Self, KernelError> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
            backends: wgpu::Backends::VULKAN | wgpu::Backends::BROWSER_WEBGPU,
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        });
        // A browser's null, its rejection and its missing `navigator.gpu` all come out as an error here.
        let adapter = instance
            .request_adapter(&wgpu::RequestAdapterOptions {
                power_preference: wgpu::PowerPreference::HighPerformance,
                ..wgpu::RequestAdapterOptions::default()
            })
            .await
            .map_err(|_no_adapter| Unsupported::NoAdapter)?;
        let info = adapter.get_info();
        let offered = adapter.limits();
        let limits = wgpu::Limits {
            max_buffer_size: offered.max_buffer_size,
            max_storage_buffer_binding_size: offered.max_storage_buffer_binding_size,
            ..wgpu::Limits::defaults()
        };
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("depthscope"),
            required_limits: limits.clone(),
            ..wgpu::DeviceDescriptor::default()
        };
        let (device, queue) = adapter
            .request_device(&descriptor)
            .await
            .map_err(|error| Unsupported::NoDevice { adapter: info.name.clone(), message: error.to_string() })?;
        let loss = Arc::new(Mutex::new(Loss::default()));
        device.set_device_lost_callback({
            let loss = Arc::clone(&loss);
            move |reason, message| {
                let why = match (reason, message.as_str()) {
                    (wgpu::DeviceLostReason::Destroyed, _) => "it was given up",
                    (wgpu::DeviceLostReason::Unknown, "") => "neither the driver nor the browser says why",
                    (wgpu::DeviceLostReason::Unknown, message) => message,
                };
                set_lost(&loss, why);
            }
        });
        // Errors outside a job's scopes would otherwise panic; a job whose work is invalid sees it in its own.
        device.on_uncaptured_error(Arc::new(|_error| {}));
        let name = if info.name.is_empty() { info.driver.clone() } else { info.name.clone() };
        Ok(Self {
            device,
            queue,
            ring: Ring::default(),
            name: if name.is_empty() { "a WebGPU adapter".to_owned() } else { name },
            is_software: info.device_type == wgpu::DeviceType::Cpu,
            limits,
            loss,
            pipelines: Mutex::default(),
        })
    }

    /// The adapter's name, as far as the browser or the driver tells.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the adapter is a program on the CPU, which is slower than the CPU's own path.
    #[must_use]
    pub fn is_software(&self) -> bool {
        self.is_software
    }

    /// Why the device is gone, when it is. All later jobs fail with [`KernelError::Lost`].
    #[must_use]
    pub fn lost(&self) -> Option<String> {
        self.loss.lock().unwrap_or_else(PoisonError::into_inner).reason.clone()
    }

    /// A question that another thread can ask.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn is_lost(&self) -> impl Fn() -> bool + Send + use<> {
        let loss = Arc::clone(&self.loss);
        move || loss.lock().unwrap_or_else(PoisonError::into_inner).reason.is_some()
    }

    /// Waits until the device is gone and says why.
    pub async fn until_lost(&self) -> String {
        poll_fn(|context| {
            let mut loss = self.loss.lock().unwrap_or_else(PoisonError::into_inner);
            match &loss.reason {
                Some(reason) => Poll::Ready(reason.clone()),
                None => {
                    loss.wakers.push(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// Gives the device up, with all that it holds. Jobs under way fail with [`KernelError::Lost`].
    pub fn destroy(&self) {
        self.device.destroy();
        set_lost(&self.loss, "it was given up");
    }

    /// The most bytes of one storage buffer, which is what kernels size their batches by.
    pub(crate) fn most_buffer_bytes(&self) -> u64 {
        self.limits.max_storage_buffer_binding_size.min(self.limits.max_buffer_size).min(MOST_JOB_BYTES)
    }

    /// Bytes of the buffers that read-backs share.
    #[cfg(test)]
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn read_back_bytes(&self) -> Vec<u64> {
        self.ring.sizes()
    }

    pub(super) fn most_groups_per_dimension(&self) -> u32 {
        self.limits.max_compute_workgroups_per_dimension
    }

    /// The kernel compiled for this device.
    pub(super) fn pipeline(&self, shader: &'static Shader) -> Arc<Pipeline> {
        let mut pipelines = self.pipelines.lock().unwrap_or_else(PoisonError::into_inner);
        let compiled = pipelines.entry(shader.name).or_insert_with(|| Arc::new(Pipeline::new(&self.device, shader)));
        Arc::clone(compiled)
    }
}

impl Drop for Gpu {
    /// In a browser a dropped handle frees nothing until garbage is collected.
    fn drop(&mut self) {
        self.device.destroy();
    }
}

fn set_lost(loss: &Mutex<Loss>, why: &str) {
    let mut loss = loss.lock().unwrap_or_else(PoisonError::into_inner);
    loss.reason.get_or_insert_with(|| why.to_owned());
    let wakers = std::mem::take(&mut loss.wakers);
    drop(loss);
    wakers.into_iter().for_each(Waker::wake);
}
