// One layer of many nets of one shape at once.
//   z'[p, i, r] = sum_j phi(h[p, j, r]) W_p[i, j] + b_p[i]
// p: net, r: example, i: neuron above, j: neuron below. A net's parameters, and the pre-activations that go in, are
// either a vector of its own or the sum over m of coefficients[p, m] times vector m of a common basis.
// Workgroup: 256 invocations, one tile of 64 examples times 64 neurons of one net.
//   binding  what
//   0        Params
//   1        coefficients [all nets, n_basis]
//   2        parameters [nets or n_basis, n_parameters], this layer's from params.offset on: W [n_out, n_in], b [n_out]
//   3        h [nets or n_basis, n_in, rows]; one for all nets when params.h_stride is 0 and there is no sum
//   4        z [nets, n_out, rows], written

struct Params {
    rows: u32,
    n_in: u32,
    n_out: u32,
    n_basis: u32,
    n_parameters: u32,
    offset: u32,
    // 1 where it is a sum over the basis, else 0.
    sums_parameters: u32,
    sums_h: u32,
    // 1 where each net has its own, 0 where all share.
    parameters_stride: u32,
    h_stride: u32,
    activation: u32,
    first_net: u32,
    first_tile: u32,
    end_tile: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> coefficients: array<f32>;
@group(0) @binding(2) var<storage, read> parameters: array<f32>;
@group(0) @binding(3) var<storage, read> h: array<f32>;
@group(0) @binding(4) var<storage, read_write> z: array<f32>;

// Four inputs from an index on, of net p.
fn inputs(p: u32, at: u32) -> vec4<f32> {
    let size = params.n_in * params.rows;
    if params.sums_h == 0u {
        let k = p * params.h_stride * size + at;
        return vec4<f32>(h[k], h[k + 1u], h[k + 2u], h[k + 3u]);
    }
    var sum = vec4<f32>();
    for (var m = 0u; m < params.n_basis; m++) {
        let k = m * size + at;
        let c = coefficients[(params.first_net + p) * params.n_basis + m];
        sum += c * vec4<f32>(h[k], h[k + 1u], h[k + 2u], h[k + 3u]);
    }
    return sum;
}

// Two parameters `apart` from each other, of net p.
fn two_parameters(p: u32, at: u32, apart: u32) -> vec2<f32> {
    if params.sums_parameters == 0u {
        let k = p * params.parameters_stride * params.n_parameters + params.offset + at;
        return vec2<f32>(parameters[k], parameters[k + apart]);
    }
    var sum = vec2<f32>();
    for (var m = 0u; m < params.n_basis; m++) {
        let k = m * params.n_parameters + params.offset + at;
        let c = coefficients[(params.first_net + p) * params.n_basis + m];
        sum += c * vec2<f32>(parameters[k], parameters[k + apart]);
    }
    return sum;
}

@compute @workgroup_size(256)
fn mlp_layer(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let tile = params.first_tile + group.x + group.y * groups.x;
    if tile >= params.end_tile {
        return;
    }
    let across = (params.n_out + TILE - 1u) / TILE;
    let down = (params.rows + TILE - 1u) / TILE;
    let p = tile / (across * down);
    let first_row = (tile / across % down) * TILE;
    let first_neuron = (tile % across) * TILE;
    let row_group = local / 16u;
    let column_group = local % 16u;

    var sums = mat4x4<f32>();
    for (var first_step = 0u; first_step < params.n_in; first_step += STEPS) {
        // Four examples at one neuron below; neighbours take neighbouring examples.
        let j = first_step + local / 16u;
        let row = first_row + 4u * (local % 16u);
        var four = vec4<f32>();
        if j < params.n_in && row < params.rows {
            four = activation(params.activation, inputs(p, j * params.rows + row));
        }
        tile_rows[(local / 16u) * 16u + local % 16u] = four;
        // Two weights of two neurons above; neighbours take neighbouring weights. Beyond the layer below they are zero, for
        // another net's may be infinite; beyond the layer above their sums are not written.
        let step = 2u * (local % 8u);
        let pair = local / 8u;
        let at = (first_neuron + 2u * pair) * params.n_in + first_step + step;
        let one = two_parameters(p, at, params.n_in);
        let other = two_parameters(p, at + 1u, params.n_in);
        tile_columns[step * 32u + pair] = select(vec2<f32>(), one, first_step + step < params.n_in);
        tile_columns[(step + 1u) * 32u + pair] = select(vec2<f32>(), other, first_step + step + 1u < params.n_in);
        workgroupBarrier();
        sums = accumulated(sums, row_group, column_group);
        workgroupBarrier();
    }

    for (var c = 0u; c < 4u; c++) {
        let i = first_neuron + 4u * column_group + c;
        if i < params.n_out {
            let bias = two_parameters(p, params.n_out * params.n_in + i, 0u).x;
            for (var r = 0u; r < 4u; r++) {
                let row = first_row + 4u * row_group + r;
                if row < params.rows {
                    z[(p * params.n_out + i) * params.rows + row] = sums[r][c] + bias;
                }
            }
        }
    }
}
