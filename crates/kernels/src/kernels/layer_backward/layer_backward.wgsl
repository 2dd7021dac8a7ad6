// The gradient one layer further down, for several random nets, their weights drawn while they are used.
//   d'[k, r, j] = scale * phi'(path[k, j]) * s_k sum_i d[k, r, i] G_k[i, j],   s_k = 1 / sqrt(mean of d[k]^2)
// k: net, r: direction, i: neuron above, j: neuron below. s_k brings the gradients back to size one at every layer, so that
// no depth over- or underflows; where they vanished or overflowed it is 1.
// Workgroup: 256 invocations, one tile of 64 directions times 64 neurons of one net.
//   binding  what
//   0        Params
//   1        keys [layers, nets]: two words of the weights' stream, two of the biases'
//   2        d [2, nets, rows, width]: reads the half of layer + 1, writes that of layer
//   3        path [layers + 1, nets, width]: pre-activations of input 0
//   4        sizes [layers + 1, nets]: mean square of d as a number in [0, 4) and a power of two, read at layer + 1

struct Params {
    width: u32,
    rows: u32,
    nets: u32,
    layer: u32,
    activation: u32,
    scale: f32,
    first_tile: u32,
    end_tile: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> keys: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> d: array<f32>;
@group(0) @binding(3) var<storage, read> path: array<f32>;
@group(0) @binding(4) var<storage, read> sizes: array<vec2<f32>>;

// Gradient at a neuron above, 0 beyond the directions and the layer.
fn gradient_at(start: u32, row: u32, i: u32) -> f32 {
    if row < params.rows && i < params.width {
        return d[start + row * params.width + i];
    }
    return 0.0;
}

@compute @workgroup_size(256)
fn layer_backward(
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
    let above = ((params.layer + 1u) & 1u) * half + net * rows * width;
    let below = (params.layer & 1u) * half + net * rows * width;
    let key = keys[params.layer * params.nets + net].xy;
    let size = sizes[(params.layer + 1u) * params.nets + net];
    let power = bitcast<f32>(u32(127 - i32(size.y) / 2) << 23u);
    let s = select(1.0, inverseSqrt(size.x) * power, size.x > 0.0 && size.x < 8.0);

    let row_group = local / 16u;
    let column_group = local % 16u;
    let rows_here = min(TILE, rows - first_row);
    var sums = mat4x4<f32>();
    for (var first_step = 0u; first_step < width; first_step += STEPS) {
        // Four directions at one neuron above.
        let i = first_step + local % 16u;
        let row = first_row + row_group * 4u;
        tile_rows[(local % 16u) * 16u + row_group] = s * vec4<f32>(
            gradient_at(above, row, i),
            gradient_at(above, row + 1u, i),
            gradient_at(above, row + 2u, i),
            gradient_at(above, row + 3u, i),
        );
        // The weights of two neurons above to two below.
        let pair = local % 32u;
        let step = 2u * (local / 32u);
        let n = (first_step + step) * width + first_neuron + 2u * pair;
        tile_columns[step * 32u + pair] = normal_pair(key, n);
        tile_columns[(step + 1u) * 32u + pair] = normal_pair(key, n + width);
        workgroupBarrier();
        if row_group * 4u < rows_here {
            sums = accumulated(sums, row_group, column_group);
        }
        workgroupBarrier();
    }

    let first = first_neuron + 4u * column_group;
    for (var c = 0u; c < 4u; c++) {
        let j = first + c;
        if j < width {
            let z = path[(params.layer * params.nets + net) * width + j];
            let slope = params.scale * activation_derivative(params.activation, vec4<f32>(z)).x;
            for (var r = 0u; r < 4u; r++) {
                let row = first_row + row_group * 4u + r;
                if row < rows {
                    d[below + row * width + j] = slope * sums[r][c];
                }
            }
        }
    }
}
