//! Running a plan: buffers that are freed, submissions that leave room for the desktop, errors that are caught.

use std::collections::VecDeque;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

use super::device::Gpu;
use super::oneshot::{Receiver, oneshot};
use super::plan::{PARAMS_ALIGNMENT, Plan, Step};
use super::shader::Shader;
use crate::KernelError;
use crate::error::check_limit;

/// Submissions under way at a time: one that runs and one that waits keep the device busy; more would only make a
/// cancelled job go on for longer.
const IN_FLIGHT: usize = 2;

/// A storage buffer that is freed with its owner: in a browser a dropped handle frees nothing by itself.
#[derive(Debug)]
pub(crate) struct Buffer(wgpu::Buffer);

impl Deref for Buffer {
    type Target = wgpu::Buffer;

    fn deref(&self) -> &wgpu::Buffer {
        &self.0
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // Work that was submitted before still finds it.
        self.0.destroy();
    }
}

type CaughtError = Pin<Box<dyn Future<Output = Option<wgpu::Error>>>>;

/// One use of the device, from buffers to results. Dropping it, or the future that holds it, cancels what has not been
/// submitted.
pub(crate) struct Job<'g> {
    gpu: &'g Gpu,
    op: &'static str,
    caught: Vec<CaughtError>,
    in_flight: VecDeque<(wgpu::SubmissionIndex, Receiver<()>)>,
}

/// A set of bindings: a shader and its buffers from binding 1 on.
type Set<'a> = (&'static Shader, &'a [&'a Buffer]);

impl Gpu {
    /// Begins a job; `op` names it in errors.
    pub(crate) fn job(&self, op: &'static str) -> Result<Job<'_>, KernelError> {
        match self.lost() {
            Some(reason) => Err(KernelError::Lost { reason }),
            None => Ok(Job { gpu: self, op, caught: Vec::new(), in_flight: VecDeque::new() }),
        }
    }
}

impl<'g> Job<'g> {
    /// Does something whose errors come out of [`Self::finish`].
    pub(super) fn guard<T>(&mut self, work: impl FnOnce(&'g Gpu) -> T) -> T {
        let scopes = [wgpu::ErrorFilter::Internal, wgpu::ErrorFilter::Validation, wgpu::ErrorFilter::OutOfMemory]
            .map(|filter| self.gpu.device.push_error_scope(filter));
        let done = work(self.gpu);
        // Scopes are a stack, and lack of memory is the cause where it is the first of several errors.
        for scope in scopes.into_iter().rev() {
            self.caught.push(Box::pin(scope.pop()));
        }
        done
    }

    /// A buffer of zeros.
    pub(crate) fn buffer(&mut self, label: &'static str, bytes: u64) -> Result<Buffer, KernelError> {
        check_limit(self.op, "bytes in a buffer", self.gpu.most_buffer_bytes(), bytes)?;
        let usage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST;
        Ok(self.create(label, bytes, usage))
    }

    /// A buffer with these numbers.
    pub(crate) fn upload<T: bytemuck::Pod>(
        &mut self,
        label: &'static str,
        numbers: &[T],
    ) -> Result<Buffer, KernelError> {
        let buffer = self.buffer(label, size_of_val(numbers) as u64)?;
        self.write(&buffer, 0, numbers);
        Ok(buffer)
    }

    /// Writes numbers from an offset in bytes on.
    pub(crate) fn write<T: bytemuck::Pod>(&mut self, buffer: &Buffer, offset: u64, numbers: &[T]) {
        if !numbers.is_empty() {
            self.guard(|gpu| gpu.queue.write_buffer(buffer, offset, bytemuck::cast_slice(numbers)));
        }
    }

    fn create(&mut self, label: &'static str, bytes: u64, usage: wgpu::BufferUsages) -> Buffer {
        // A binding of no bytes is invalid, and sizes are multiples of four.
        let size = bytes.max(16).next_multiple_of(4);
        let descriptor = wgpu::BufferDescriptor { label: Some(label), size, usage, mapped_at_creation: false };
        Buffer(self.guard(|gpu| gpu.device.create_buffer(&descriptor)))
    }

    /// Runs a plan, whose steps name one of `sets` each. Returns when the last submission is on its way.
    pub(crate) async fn run(&mut self, plan: &Plan, sets: &[Set<'_>]) -> Result<(), KernelError> {
        if plan.steps.is_empty() {
            return Ok(());
        }
        let usage = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
        // Room behind the last parameters: a set is bound as if its shader's were there.
        let params = self.create("params", (plan.params.len() + PARAMS_ALIGNMENT) as u64, usage);
        let groups: Vec<wgpu::BindGroup> = self.guard(|gpu| {
            gpu.queue.write_buffer(&params, 0, &plan.params);
            sets.iter().map(|set| bind_group(gpu, &params, *set)).collect()
        });
        for steps in plan.submissions() {
            while self.in_flight.len() >= IN_FLIGHT {
                self.wait_for_oldest().await?;
            }
            let submitted = self.guard(|gpu| {
                let index = gpu.queue.submit([commands(gpu, steps, &groups)]);
                let (sender, receiver) = oneshot();
                gpu.queue.on_submitted_work_done(move || sender.send(()));
                (index, receiver)
            });
            self.in_flight.push_back(submitted);
        }
        Ok(())
    }

    /// Waits until everything submitted is done.
    pub(crate) async fn settle(&mut self) -> Result<(), KernelError> {
        while !self.in_flight.is_empty() {
            self.wait_for_oldest().await?;
        }
        Ok(())
    }

    /// The first numbers of a buffer.
    pub(crate) async fn read<T: bytemuck::Pod>(&mut self, from: &Buffer, n: usize) -> Result<Vec<T>, KernelError> {
        let bytes = (n * size_of::<T>()) as u64;
        if bytes == 0 {
            return Ok(Vec::new());
        }
        let size = bytes.next_multiple_of(4);
        let staged = self.guard(|gpu| gpu.ring.take(&gpu.device, size));
        let Some(buffer) = staged.buffer() else { return Err(self.failure().await) };
        let (sender, receiver) = oneshot();
        let index = self.guard(|gpu| {
            let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            encoder.copy_buffer_to_buffer(from, 0, buffer, 0, size);
            let index = gpu.queue.submit([encoder.finish()]);
            buffer.map_async(wgpu::MapMode::Read, ..size, move |result| sender.send(result.is_ok()));
            index
        });
        if self.wait(index, receiver).await != Some(true) {
            return Err(self.failure().await);
        }
        let mapped = buffer.get_mapped_range(..size).map(|view| {
            let mut numbers = vec![T::zeroed(); n];
            bytemuck::cast_slice_mut(&mut numbers).copy_from_slice(&view[..bytes as usize]);
            numbers
        });
        let Ok(numbers) = mapped else { return Err(self.failure().await) };
        buffer.unmap();
        staged.give_back();
        Ok(numbers)
    }

    /// The end of a job: any error that one of its parts met.
    pub(crate) async fn finish(mut self) -> Result<(), KernelError> {
        match self.first_error().await {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    async fn first_error(&mut self) -> Option<KernelError> {
        let mut first = None;
        for caught in std::mem::take(&mut self.caught) {
            first = first.or(caught.await);
        }
        if let Some(reason) = self.gpu.lost() {
            return Some(KernelError::Lost { reason });
        }
        let (op, error) = (self.op, first?);
        let message = error.to_string();
        Some(match error {
            wgpu::Error::OutOfMemory { .. } => KernelError::OutOfMemory { op, message },
            wgpu::Error::Validation { .. } | wgpu::Error::Internal { .. } => KernelError::Refused { op, message },
        })
    }

    /// Why results did not come.
    async fn failure(&mut self) -> KernelError {
        let silent = KernelError::Refused { op: self.op, message: "its results can't be read".to_owned() };
        self.first_error().await.unwrap_or(silent)
    }

    async fn wait_for_oldest(&mut self) -> Result<(), KernelError> {
        let Some((index, receiver)) = self.in_flight.pop_front() else { return Ok(()) };
        match self.wait(index, receiver).await {
            Some(()) => Ok(()),
            None => Err(self.failure().await),
        }
    }

    /// Waits for the callback of a submission. A browser calls it from its event loop.
    #[cfg(target_arch = "wasm32")]
    async fn wait<T>(&self, _index: wgpu::SubmissionIndex, receiver: Receiver<T>) -> Option<T> {
        receiver.await
    }

    /// Waits for the callback of a submission. Natively someone must poll: a thread that ends with the wait.
    #[cfg(not(target_arch = "wasm32"))]
    async fn wait<T: Send + 'static>(&self, index: wgpu::SubmissionIndex, receiver: Receiver<T>) -> Option<T> {
        let (device, is_lost, watch) = (self.gpu.device.clone(), self.gpu.is_lost(), receiver.watch());
        std::thread::spawn(move || {
            let wait = wgpu::PollType::Wait { submission_index: Some(index), timeout: None };
            let mut is_alive = device.poll(wait).is_ok();
            // The callback may be in the hands of another thread that polls.
            while is_alive && !is_lost() && !watch.is_closed() {
                std::thread::sleep(std::time::Duration::from_millis(1));
                is_alive = device.poll(wgpu::PollType::Poll).is_ok();
            }
            watch.give_up();
        });
        receiver.await
    }
}

fn bind_group(gpu: &Gpu, params: &Buffer, (shader, buffers): Set<'_>) -> wgpu::BindGroup {
    let size = std::num::NonZeroU64::new(shader.params_bytes as u64);
    let params = wgpu::BindingResource::Buffer(wgpu::BufferBinding { buffer: params, offset: 0, size });
    let storage = buffers.iter().map(|buffer| buffer.as_entire_binding());
    let resources = std::iter::once(params).chain(storage);
    let entries: Vec<_> =
        resources.zip(0..).map(|(resource, binding)| wgpu::BindGroupEntry { binding, resource }).collect();
    let layout = &gpu.pipeline(shader).layout;
    gpu.device.create_bind_group(&wgpu::BindGroupDescriptor { label: Some(shader.name), layout, entries: &entries })
}

fn commands(gpu: &Gpu, steps: &[Step], groups: &[wgpu::BindGroup]) -> wgpu::CommandBuffer {
    let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
    let most = gpu.most_groups_per_dimension();
    for step in steps {
        pass.set_pipeline(&gpu.pipeline(step.shader).pipeline);
        pass.set_bind_group(0, &groups[step.set], &[step.offset]);
        let x = step.groups.min(most);
        pass.dispatch_workgroups(x, step.groups.div_ceil(x), 1);
    }
    drop(pass);
    encoder.finish()
}
