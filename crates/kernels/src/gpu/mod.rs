//! The graphics device and how work gets onto it. Nothing outside this folder names wgpu.

mod device;
mod job;
mod oneshot;
mod plan;
mod shader;
mod staging;

pub use device::Gpu;
pub(crate) use job::{Buffer, Job};
pub(crate) use plan::Plan;
pub(crate) use shader::{Access, Field, Shader, params};
