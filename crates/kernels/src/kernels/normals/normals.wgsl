// Normal numbers of one stream, or the bits they are made from.
//   out[i] = block number first_block + i of the stream of the key: its two words, or the bits of its two normals
// Workgroup: 64 invocations, one block each.
//   binding  what
//   0        Params
//   1        out [blocks, 2], written

struct Params {
    key_0: u32,
    key_1: u32,
    first_block: u32,
    first_block_high: u32,
    n_blocks: u32,
    raw: u32,
    first_tile: u32,
    end_tile: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> out: array<vec2<u32>>;

@compute @workgroup_size(64)
fn normals(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let i = (params.first_tile + group.x + group.y * groups.x) * 64u + local;
    if i >= params.n_blocks {
        return;
    }
    let low = params.first_block + i;
    let high = params.first_block_high + select(0u, 1u, low < i);
    let block = threefry(vec2<u32>(params.key_0, params.key_1), vec2<u32>(low, high));
    if params.raw == 1u {
        out[i] = block;
    } else {
        out[i] = bitcast<vec2<u32>>(normals_of_block(block));
    }
}
