// One layer of several random nets, its weights drawn while they are used.
//   z'[k, r, i] = scale * sum_j phi(z[k, r, j]) G_k[i, j] + sigma_b * g_k[i]
// k: net, r: input, i: neuron above, j: neuron below; G_k, g_k: the normals of the layer's streams, G row-major.
// Workgroup: 256 invocations, one tile of 64 inputs times 64 neurons of one net.
//   binding  what
//   0        Params
//   1        keys [layers, nets]: two words of the weights' stream, two of the biases'
//   2        z [2, nets, rows, width]: reads one half, writes the other
//   3        path [layers + 1, nets, width]: z' of input 0, written when params.n_followed is 1

struct Params {
    width: u32,
    rows: u32,
    nets: u32,
    layer: u32,
    activation: u32,
    scale: f32,
    sigma_b: f32,
    n_followed: u32,
    first_tile: u32,
    end_tile: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> keys: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> z: array<f32>;
@group(0) @binding(3) var<storage, read_write> path: array<f32>;

// Pre-activation of a neuron below, 0 beyond the inputs and the layer.
fn input_at(start: u32, row: u32, j: u32) -> f32 {
    if row < params.rows && j < params.width {
        return z[start + row * params.width + j];
    }
    return 0.0;
}

@compute @workgroup_size(256)
fn layer_forward(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let tile = params.first_tile + group.x + group.y * groups.x;
    if tile >= params.end_tile {
        return;
    }
    let width = params.width;
    let rows = params.rows;
    let across = (width + TILE - 1u) / TILE;
    let down = (rows + TILE - 1u) / TILE;
    let net = tile / (across * down);
    let first_row = (tile / across % down) * TILE;
    let first_neuron = (tile % across) * TILE;
    let half = params.nets * rows * width;
    let below = (params.layer & 1u) * half + net * rows * width;
    let above = ((params.layer + 1u) & 1u) * half + net * rows * width;
    let key = keys[params.layer * params.nets + net];

    let row_group = local / 16u;
    let column_group = local % 16u;
    let rows_here = min(TILE, rows - first_row);
    var sums = mat4x4<f32>();
    for (var first_step = 0u; first_step < width; first_step += STEPS) {
        // Four inputs at one neuron below.
        let j = first_step + local % 16u;
        let row = first_row + row_group * 4u;
        let four = vec4<f32>(
            input_at(below, row, j),
            input_at(below, row + 1u, j),
            input_at(below, row + 2u, j),
            input_at(below, row + 3u, j),
        );
        // What is beyond the layer must add nothing to the sums, whatever the activation of zero is.
        let seen = select(vec4<f32>(), activation(params.activation, four), j < width);
        tile_rows[(local % 16u) * 16u + row_group] = seen;
        // Two weights of two neurons above.
        let pair = local % 32u;
        let step = 2u * (local / 32u);
        let n = (first_neuron + 2u * pair) * width + first_step + step;
        let one = normal_pair(key.xy, n);
        let other = normal_pair(key.xy, n + width);
        tile_columns[step * 32u + pair] = vec2<f32>(one.x, other.x);
        tile_columns[(step + 1u) * 32u + pair] = vec2<f32>(one.y, other.y);
        workgroupBarrier();
        if row_group * 4u < rows_here {
            sums = accumulated(sums, row_group, column_group);
        }
        workgroupBarrier();
    }

    let i = first_neuron + 4u * column_group;
    let bias = params.sigma_b * vec4<f32>(normal_pair(key.zw, i), normal_pair(key.zw, i + 2u));
    for (var r = 0u; r < 4u; r++) {
        let row = first_row + row_group * 4u + r;
        let next = params.scale * sums[r] + bias;
        for (var c = 0u; c < 4u; c++) {
            if row < rows && i + c < width {
                z[above + row * width + i + c] = next[c];
                if row < params.n_followed {
                    path[((params.layer + 1u) * params.nets + net) * width + i + c] = next[c];
                }
            }
        }
    }
}
