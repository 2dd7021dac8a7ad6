//! What every kernel is checked for.

use naga::valid::{Capabilities, ValidationFlags, Validator};
use naga::{AddressSpace, ScalarKind, StorageAccess, TypeInner};

use super::ALL;
use crate::gpu::{Access, Shader};

fn parsed(shader: &Shader) -> naga::Module {
    naga::front::wgsl::parse_str(shader.source)
        .unwrap_or_else(|error| panic!("{}", error.emit_to_string_with_path(shader.source, shader.name)))
}

#[test]
fn every_shader_is_valid() {
    for shader in ALL {
        let module = parsed(shader);
        // No capability beyond those of WebGPU's defaults.
        Validator::new(ValidationFlags::all(), Capabilities::empty())
            .validate(&module)
            .unwrap_or_else(|error| panic!("{}", error.emit_to_string_with_path(shader.source, shader.name)));
    }
    assert!(ALL.len() >= 4);
}

/// Offsets, sizes, bindings and workgroup sizes of the WGSL are those that the host uses.
#[test]
fn every_layout_is_the_hosts() {
    for shader in ALL {
        let (module, name) = (parsed(shader), shader.name);
        let [entry] = module.entry_points.as_slice() else { panic!("{name} has not one entry point") };
        assert_eq!(entry.name, name);
        assert_eq!(entry.workgroup_size, [shader.workgroup, 1, 1], "{name}");

        let mut n_bindings = 0;
        for (_, variable) in module.global_variables.iter() {
            let Some(binding) = &variable.binding else { continue };
            n_bindings += 1;
            assert_eq!(binding.group, 0, "{name}");
            let want = match binding.binding {
                0 => AddressSpace::Uniform,
                k => AddressSpace::Storage {
                    access: match shader.storage.get(k as usize - 1) {
                        Some(Access::Read) => StorageAccess::LOAD,
                        Some(Access::ReadWrite) => StorageAccess::LOAD | StorageAccess::STORE,
                        None => panic!("{name} has a binding {k} that the host does not know"),
                    },
                },
            };
            assert_eq!(variable.space, want, "{name}, binding {}", binding.binding);
            if binding.binding == 0 {
                check_params(shader, &module, variable.ty);
            }
        }
        assert_eq!(n_bindings, 1 + shader.storage.len(), "{name}");
    }
}

fn check_params(shader: &Shader, module: &naga::Module, ty: naga::Handle<naga::Type>) {
    let TypeInner::Struct { members, span } = &module.types[ty].inner else { panic!("Params is no struct") };
    assert_eq!(*span as usize, shader.params_bytes, "{}", shader.name);
    let field = |member: &naga::StructMember| {
        let TypeInner::Scalar(scalar) = module.types[member.ty].inner else { panic!("Params holds no scalar") };
        let scalar = match scalar.kind {
            ScalarKind::Uint => "u32",
            ScalarKind::Sint => "i32",
            ScalarKind::Float => "f32",
            other => panic!("{other:?}"),
        };
        (member.name.clone().unwrap_or_default(), member.offset as usize, scalar)
    };
    let wgsl: Vec<_> = members.iter().map(field).collect();
    let rust: Vec<_> = shader.params_fields.iter().map(|f| (f.name.to_owned(), f.offset, f.scalar)).collect();
    assert_eq!(wgsl, rust, "{}", shader.name);
}

/// Workgroup memory within WebGPU's default of 16 KiB, storage buffers within its eight.
#[test]
fn every_shader_is_within_the_default_limits() {
    for shader in ALL {
        let module = parsed(shader);
        let mut layouter = naga::proc::Layouter::default();
        layouter.update(module.to_ctx()).unwrap();
        let shared = module.global_variables.iter().filter(|(_, v)| v.space == AddressSpace::WorkGroup);
        let bytes: u32 = shared.map(|(_, v)| layouter[v.ty].size).sum();
        assert!(bytes <= 16 << 10, "{} takes {bytes} bytes of workgroup memory", shader.name);
        assert!(shader.storage.len() <= 8 && shader.workgroup <= 256, "{}", shader.name);
    }
}
