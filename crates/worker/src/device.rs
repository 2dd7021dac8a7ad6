//! The graphics device of this worker, asked for once, and again when the user chooses a backend again.

use std::cell::RefCell;
use std::rc::Rc;

use exhibits::job::{NoGpu, gpu_for};
use kernels::Gpu;
use protocol::Backend;

/// What came of the last time that it was asked for, and for which backend.
pub(crate) type SharedDevice = Rc<RefCell<Option<(Backend, Result<Rc<Gpu>, NoGpu>)>>>;

/// The device for a backend.
pub(crate) async fn get(device: &SharedDevice, backend: Backend) -> Result<Rc<Gpu>, NoGpu> {
    let kept = device.borrow().clone();
    if let Some((for_backend, result)) = kept
        && for_backend == backend
    {
        return result;
    }
    let result = gpu_for(backend).await;
    *device.borrow_mut() = Some((backend, result.clone()));
    result
}

/// Gives it up until another backend is chosen.
pub(crate) fn lose(device: &SharedDevice, backend: Backend, why: &str) {
    *device.borrow_mut() = Some((backend, Err(NoGpu::Because(why.to_owned()))));
}
