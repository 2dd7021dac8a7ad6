//! WebGPU compute kernels with CPU twins.
//!
//! | what | where |
//! | --- | --- |
//! | a device, its loss, its name | [`Gpu`] |
//! | normal numbers of a stream | [`normals`], [`bits`] |
//! | random nets: lengths, correlations, gradients by layer | [`propagate()`] |
//! | loss and accuracy of many MLPs: loss slices, ensembles | [`mlp_batch()`] |
//! | many MLPs trained at once: the map of what depth can be trained | [`MlpTraining`] |
//! | linear regions of a relu net in a plane | [`pattern_map`] |
//!
//! A kernel is a folder in `kernels/`: the shader, its typed host and its twin, which does the same in the same order in
//! `f32` on the CPU. Nothing outside `gpu/` names wgpu, and this crate's interface has slices and [`KernelError`] only.
//!
//! There is no kernel for the phase map: `theory`'s tables over q make a map of 300×250 points a matter of
//! milliseconds on one core, less than the way to a device and back.
//!
//! Every function is async and returns to the event loop while the device works. Work is cut into submissions of 10 to
//! 20 ms, of which two are under way at a time, so that dropping a future ends its work soon after. Natively a
//! short-lived thread waits for the device; in a browser its event loop does.

mod activation;
mod error;
mod gpu;
mod kernels;
mod mlp_batch;
mod mlp_train;
mod propagate;

pub use error::{KernelError, Unsupported};
pub use gpu::Gpu;
pub use kernels::normals::{bits, normals};
pub use kernels::pattern_map::{
    PatternMap, PixelGrid, ReluNet, n_parameters, pattern_map, pattern_map_on_cpu, pattern_name,
};
pub use mlp_batch::{Examples, Members, Mlp, MlpBatchOnCpu, Score, mlp_batch};
pub use mlp_train::{MlpTraining, MlpTrainingOnCpu, Sgd, TrainingScore};
pub use propagate::{Batch, Propagation, RandomNets, layer_streams, propagate, propagate_on_cpu};

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod checks;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod device_tests;
