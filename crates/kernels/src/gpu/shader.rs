//! What the host knows of a shader, so that tests can compare it with the WGSL, and the pipeline made from it.

/// How a kernel uses a storage buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Reads it.
    Read,
    /// Reads and writes it.
    ReadWrite,
}

/// A field of the parameters.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "the layout test reads it")]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) offset: usize,
    /// `u32`, `i32` or `f32`.
    pub(crate) scalar: &'static str,
}

/// One kernel: a WGSL file with one entry point of the shader's name. Group 0 holds the parameters, a uniform
/// buffer with a dynamic offset, at binding 0, and the storage buffers from binding 1 on.
#[derive(Debug)]
pub(crate) struct Shader {
    pub(crate) name: &'static str,
    pub(crate) source: &'static str,
    /// Invocations of a workgroup, along x.
    #[allow(dead_code, reason = "the layout test reads it")]
    pub(crate) workgroup: u32,
    pub(crate) params_bytes: usize,
    #[allow(dead_code, reason = "the layout test reads it")]
    pub(crate) params_fields: &'static [Field],
    pub(crate) storage: &'static [Access],
}

/// Declares a kernel's parameters: four-byte scalars, in the order of the WGSL struct `Params`.
macro_rules! params {
    ($($(#[$doc:meta])* $field:ident: $scalar:ident,)+) => {
        /// The kernel's parameters, laid out as its WGSL struct `Params`.
        #[repr(C)]
        #[derive(Clone, Copy, Debug, Default, bytemuck::Pod, bytemuck::Zeroable)]
        pub(crate) struct Params {
            $($(#[$doc])* pub(crate) $field: $scalar,)+
        }

        impl Params {
            pub(crate) const FIELDS: &[crate::gpu::Field] = &[$(crate::gpu::Field {
                name: stringify!($field),
                offset: core::mem::offset_of!(Params, $field),
                scalar: stringify!($scalar),
            }),+];
        }
    };
}
pub(crate) use params;

/// A compiled kernel.
#[derive(Debug)]
pub(super) struct Pipeline {
    pub(super) pipeline: wgpu::ComputePipeline,
    pub(super) layout: wgpu::BindGroupLayout,
}

impl Pipeline {
    pub(super) fn new(device: &wgpu::Device, shader: &Shader) -> Self {
        let entry = |binding, ty, has_dynamic_offset, bytes: usize| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer {
                ty,
                has_dynamic_offset,
                min_binding_size: std::num::NonZeroU64::new(bytes as u64),
            },
            count: None,
        };
        let params = entry(0, wgpu::BufferBindingType::Uniform, true, shader.params_bytes);
        let storage = shader.storage.iter().zip(1..).map(|(access, binding)| {
            let read_only = *access == Access::Read;
            entry(binding, wgpu::BufferBindingType::Storage { read_only }, false, 0)
        });
        let entries: Vec<_> = std::iter::once(params).chain(storage).collect();
        let label = Some(shader.name);
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label, entries: &entries });
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label,
            source: wgpu::ShaderSource::Wgsl(shader.source.into()),
        });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label,
            layout: Some(&device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label,
                bind_group_layouts: &[Some(&layout)],
                immediate_size: 0,
            })),
            module: &module,
            entry_point: Some(shader.name),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        });
        Self { pipeline, layout }
    }
}
