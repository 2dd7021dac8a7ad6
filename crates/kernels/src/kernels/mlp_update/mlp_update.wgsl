// Gradient and step of plain SGD, all layers of many nets of one shape at once; no gradient is stored.
//   W^l[i, j] -= learning_rate sum_r delta^l[i, r] a^(l-1)[j, r],   b^l[i] -= learning_rate sum_r delta^l[i, r]
// r: example of the batch, i: neuron above, j: neuron below. A net that has diverged before its step stays as it is.
// Workgroup: 256 invocations, one tile of 64 x 64 weights of one layer of one net.
//   binding  what
//   0        Params
//   1        layers [n_layers], as in mlp_pass
//   2        tiles of a net [n_tiles]: layer, first neuron above, first neuron below, 0
//   3        x [examples, inputs]
//   4        batches, as in mlp_pass
//   5        a [nets, n_neurons, quads], as in mlp_pass
//   6        delta, the same
//   7        diverged [all nets]: the least clock at which a number was no longer finite
//   8        parameters [all nets, n_parameters], moved

struct Params {
    batch: u32,
    n_parameters: u32,
    n_neurons: u32,
    n_tiles: u32,
    first_net: u32,
    first_index: u32,
    clock: u32,
    learning_rate: f32,
    first_tile: u32,
    end_tile: u32,
}

struct Layer {
    n_in: u32,
    n_out: u32,
    offset: u32,
    before: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> layers: array<Layer>;
@group(0) @binding(2) var<storage, read> tiles: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> x: array<f32>;
@group(0) @binding(4) var<storage, read> batches: array<u32>;
@group(0) @binding(5) var<storage, read> a: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> delta: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> diverged: array<atomic<u32>>;
@group(0) @binding(8) var<storage, read_write> parameters: array<f32>;

const TILE: u32 = 64u;
// Quads of examples that are summed at a time.
const QUADS: u32 = 4u;
// Two more than a tile: neighbours that write one neuron at different quads do not meet in a memory bank.
const PITCH: u32 = 66u;
// The bits of 2^120, from which on a number counts as infinite: compilers may fold comparisons with infinity itself.
const LIMIT: u32 = 0x7b800000u;

// 64 neurons at each quad.
var<workgroup> tile_above: array<vec4<f32>, 264>;
var<workgroup> tile_below: array<vec4<f32>, 264>;

// Moves a parameter, or marks the net. The mark is later than this step's clock, so that the whole step is made or left out,
// whichever workgroup comes first.
fn move_parameter(net: u32, at: u32, gradient: f32) {
    let k = net * params.n_parameters + at;
    let moved = parameters[k] - params.learning_rate * gradient;
    if (bitcast<u32>(moved) & 0x7fffffffu) >= LIMIT {
        atomicMin(&diverged[net], params.clock + 1u);
    } else {
        parameters[k] = moved;
    }
}

fn move_four(net: u32, layer: Layer, i: u32, j: u32, gradient: vec4<f32>) {
    if i >= layer.n_out {
        return;
    }
    let at = layer.offset + i * layer.n_in;
    for (var c = 0u; c < 4u && j + 16u * c < layer.n_in; c++) {
        move_parameter(net, at + j + 16u * c, gradient[c]);
    }
}

@compute @workgroup_size(256)
fn mlp_update(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let tile = params.first_tile + group.x + group.y * groups.x;
    if tile >= params.end_tile {
        return;
    }
    let p = tile / params.n_tiles;
    let place = tiles[tile % params.n_tiles];
    let layer = layers[place.x];
    let stride = (params.batch + 31u) / 32u * 8u;
    let origin = p * params.n_neurons * stride;
    let above = place.y + local / 4u;
    let below = place.z + local / 4u;
    let i = local / 16u;
    let j = local % 16u;

    var sums = mat4x4<f32>();
    var of_bias = 0.0;
    for (var first_row = 0u; first_row < params.batch; first_row += 4u * QUADS) {
        let row = first_row + 4u * (local % QUADS) + vec4<u32>(0u, 1u, 2u, 3u);
        let is_seen = row < vec4<u32>(params.batch);
        var d = vec4<f32>();
        if above < layer.n_out {
            d = delta[origin + (layer.before + above) * stride + row.x / 4u];
        }
        var h = vec4<f32>();
        if below < layer.n_in {
            if place.x == 0u {
                let at = params.first_index + min(row, vec4<u32>(params.batch - 1u));
                let k = vec4<u32>(batches[at.x], batches[at.y], batches[at.z], batches[at.w]) * layer.n_in + below;
                h = vec4<f32>(x[k.x], x[k.y], x[k.z], x[k.w]);
            } else {
                h = a[origin + (layer.before - layer.n_in + below) * stride + row.x / 4u];
            }
        }
        tile_above[local % QUADS * PITCH + local / 4u] = select(vec4<f32>(), d, is_seen);
        tile_below[local % QUADS * PITCH + local / 4u] = select(vec4<f32>(), h, is_seen);
        workgroupBarrier();
        for (var q = 0u; q < QUADS; q++) {
            let k = q * PITCH;
            let d0 = tile_above[k + i];
            let d1 = tile_above[k + i + 16u];
            let d2 = tile_above[k + i + 32u];
            let d3 = tile_above[k + i + 48u];
            for (var c = 0u; c < 4u; c++) {
                let h = tile_below[k + j + 16u * c];
                sums[c] += vec4<f32>(dot(d0, h), dot(d1, h), dot(d2, h), dot(d3, h));
            }
        }
        if place.z == 0u && local < TILE {
            for (var q = 0u; q < QUADS; q++) {
                let d = tile_above[q * PITCH + local];
                of_bias += (d.x + d.y) + (d.z + d.w);
            }
        }
        workgroupBarrier();
    }

    let net = params.first_net + p;
    if atomicLoad(&diverged[net]) <= params.clock {
        return;
    }
    // Rows of neurons above, for neighbours to write neighbouring weights.
    let rows = transpose(sums);
    move_four(net, layer, place.y + i, place.z + j, rows[0]);
    move_four(net, layer, place.y + i + 16u, place.z + j, rows[1]);
    move_four(net, layer, place.y + i + 32u, place.z + j, rows[2]);
    move_four(net, layer, place.y + i + 48u, place.z + j, rows[3]);
    if place.z == 0u && local < TILE && place.y + local < layer.n_out {
        move_parameter(net, layer.offset + layer.n_out * layer.n_in + place.y + local, of_bias);
    }
}
