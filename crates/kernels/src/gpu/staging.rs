//! A ring of buffers through which results come back.

use std::sync::{Mutex, PoisonError};

/// Buffers kept for the next read-backs: results of one frame are consumed while the next two are on their way.
const RING: usize = 3;
/// A larger buffer is given back at once: nothing that large comes back every frame.
const LARGEST_KEPT_BYTES: u64 = 16 << 20;

#[derive(Debug, Default)]
pub(super) struct Ring {
    free: Mutex<Vec<wgpu::Buffer>>,
}

impl Ring {
    /// A buffer of at least this size; it comes back into the ring by [`Staged::give_back`], or is destroyed.
    pub(super) fn take(&self, device: &wgpu::Device, bytes: u64) -> Staged<'_> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let fit = (0..free.len()).filter(|i| free[*i].size() >= bytes).min_by_key(|i| free[*i].size());
        let buffer = match fit {
            Some(i) => free.swap_remove(i),
            None => device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("read-back"),
                size: bytes.next_power_of_two(),
                usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
                mapped_at_creation: false,
            }),
        };
        Staged { buffer: Some(buffer), ring: self }
    }

    #[cfg(test)]
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn sizes(&self) -> Vec<u64> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).iter().map(wgpu::Buffer::size).collect()
    }
}

/// A buffer out of the ring. Dropping it, for a cancelled job, destroys it: its mapping may still be on the way.
pub(super) struct Staged<'r> {
    buffer: Option<wgpu::Buffer>,
    ring: &'r Ring,
}

impl Staged<'_> {
    pub(super) fn buffer(&self) -> Option<&wgpu::Buffer> {
        self.buffer.as_ref()
    }

    /// To be called on an unmapped buffer.
    pub(super) fn give_back(mut self) {
        let Some(buffer) = self.buffer.take() else { return };
        let mut free = self.ring.free.lock().unwrap_or_else(PoisonError::into_inner);
        if buffer.size() > LARGEST_KEPT_BYTES {
            buffer.destroy();
            return;
        }
        free.push(buffer);
        // The smallest goes: a larger one serves in its place.
        if free.len() > RING
            && let Some(smallest) = (0..free.len()).min_by_key(|i| free[*i].size())
        {
            free.swap_remove(smallest).destroy();
        }
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        if let Some(buffer) = self.buffer.take() {
            buffer.destroy();
        }
    }
}
