//! The graphics device of this worker, asked for once, and again when the user chooses a backend again. A group of exhibits
//! without kernels has none, and links none.

use std::cell::RefCell;
use std::future;
use std::rc::Rc;

use exhibits::job::{NoGpu, gpu_from, unless};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use js_sys::{Function, Reflect};
use kernels::Gpu;
use protocol::Backend;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::scope;

/// A browser that has not given a device by then is taken to have none. A cold driver takes about a second.
const PATIENCE_MILLIS: i32 = 8_000;

/// Where nobody has asked for one, the CPU computes meanwhile.
const AUTO_PATIENCE_MILLIS: i32 = 1_500;

/// The graphics devices that jobs may have.
pub trait Devices {
    /// The device for a backend, or why there is none.
    fn get(&self, backend: Backend) -> LocalBoxFuture<'static, Found>;

    /// Gives it up until another backend is chosen.
    fn lose(&self, backend: Backend, why: &str);
}

/// A device, or why there is none.
pub type Found = Result<Rc<Gpu>, NoGpu>;

/// For exhibits that have no kernels.
#[derive(Clone, Copy, Debug)]
pub struct NoDevice;

impl Devices for NoDevice {
    fn get(&self, _backend: Backend) -> LocalBoxFuture<'static, Found> {
        future::ready(Err(NoGpu::NotWanted)).boxed_local()
    }

    fn lose(&self, _backend: Backend, _why: &str) {}
}

/// The browser's: what comes of the last time that it was asked for, and for which backend.
#[derive(Default)]
pub struct WebGpu(RefCell<Option<(Backend, Asked)>>);

/// Asked once, however often it is waited for.
type Asked = Shared<LocalBoxFuture<'static, Found>>;

impl Devices for WebGpu {
    fn get(&self, backend: Backend) -> LocalBoxFuture<'static, Found> {
        let asked = {
            let mut device = self.0.borrow_mut();
            let kept = device.take().filter(|(for_backend, _)| *for_backend == backend);
            let asked = kept.unwrap_or_else(|| (backend, gpu_from(request(), backend).boxed_local().shared()));
            device.insert(asked).1.clone()
        };
        if backend != Backend::Auto {
            return asked.boxed_local();
        }
        let patient = unless(scope::sleep(AUTO_PATIENCE_MILLIS), asked);
        patient.map(|found| found.unwrap_or(Err(NoGpu::NotWanted))).boxed_local()
    }

    fn lose(&self, backend: Backend, why: &str) {
        let lost = Err(NoGpu::Because(why.to_owned()));
        *self.0.borrow_mut() = Some((backend, future::ready(lost).boxed_local().shared()));
    }
}

/// Asks a browser that may throw, or never answer.
async fn request() -> Result<Gpu, String> {
    if adapter_throws() {
        return Err("This browser fails when it is asked for a GPU".into());
    }
    let answer = unless(scope::sleep(PATIENCE_MILLIS), Gpu::request()).await;
    answer.ok_or("This browser does not answer when it is asked for a GPU")?.map_err(|error| error.to_string())
}

/// Whether `navigator.gpu.requestAdapter` throws, where wgpu expects a promise: that would end the worker.
fn adapter_throws() -> bool {
    let get = |of: &JsValue, key: &str| Reflect::get(of, &key.into()).ok().filter(|value| !value.is_undefined());
    let gpu = get(&js_sys::global(), "navigator").and_then(|navigator| get(&navigator, "gpu"));
    let Some((gpu, request)) = gpu.and_then(|gpu| Some((gpu.clone(), get(&gpu, "requestAdapter")?))) else {
        return false;
    };
    match request.dyn_ref::<Function>().map(|request| request.call0(&gpu)) {
        Some(Ok(promise)) => {
            // What it comes to does not matter here, but a rejection that nobody hears of is an error of the page.
            wasm_bindgen_futures::spawn_local(async move {
                let _either = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&promise)).await;
            });
            false
        }
        Some(Err(_)) | None => true,
    }
}
