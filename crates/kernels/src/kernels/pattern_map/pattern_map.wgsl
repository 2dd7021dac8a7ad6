// Activation pattern and output of a relu net of two inputs and one output, at the pixels of a grid.
//   h_0 = (x, y),  z_l = W_l h_{l-1} + b_l,  h_l = max(z_l, 0),  output = w h_L + b
//   pattern: starting from (0, 0), for each 32 neurons hash = threefry(key: hash, counter: (bits of z > 0, number))
// Pixel (column, row) lies at x_0 + (column + 1/2) dx, y_0 + (row + 1/2) dy.
// Workgroup: 128 invocations, one pixel each; as many as fit with their state into 16 KiB. No barriers: the workgroup's
// memory is only an array for each invocation that may be indexed by a variable.
//   binding  what
//   0        Params
//   1        layers [hidden + 1]: inputs, outputs, where the layer's parameters begin, unused
//   2        parameters, four outputs together: for each 32 outputs the biases, then for each input the weights, padded
//            with zeros; for the last layer the bias and then a weight for each input, in the first of four
//   3        out [pixels, 3]: two words of the pattern, the bits of the output, written

struct Params {
    columns: u32,
    n_pixels: u32,
    n_layers: u32,
    // Invocations that work, and room for the activations of each.
    per_group: u32,
    room: u32,
    x_0: f32,
    y_0: f32,
    dx: f32,
    dy: f32,
    first_tile: u32,
    end_tile: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> layers: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> out: array<u32>;

var<workgroup> states: array<f32, 4096>;

fn bits(z: vec4<f32>) -> u32 {
    let which = select(vec4<u32>(), vec4<u32>(1u, 2u, 4u, 8u), z > vec4<f32>());
    return which.x | which.y | which.z | which.w;
}

// Activations of neurons i .. i + 3.
fn keep(place: u32, i: u32, z: vec4<f32>) {
    let h = max(z, vec4<f32>());
    states[place + i * params.per_group] = h.x;
    states[place + (i + 1u) * params.per_group] = h.y;
    states[place + (i + 2u) * params.per_group] = h.z;
    states[place + (i + 3u) * params.per_group] = h.w;
}

@compute @workgroup_size(128)
fn pattern_map(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let tile = params.first_tile + group.x + group.y * groups.x;
    let pixel = tile * params.per_group + local;
    if tile >= params.end_tile || local >= params.per_group || pixel >= params.n_pixels {
        return;
    }
    // Two halves: a layer reads one and writes the other.
    var below = local;
    var above = local + params.room * params.per_group;
    states[below] = params.x_0 + (f32(pixel % params.columns) + 0.5) * params.dx;
    states[below + params.per_group] = params.y_0 + (f32(pixel / params.columns) + 0.5) * params.dy;

    var hash = vec2<u32>();
    var number = 0u;
    for (var l = 0u; l + 1u < params.n_layers; l++) {
        let layer = layers[l];
        var at = layer.z;
        for (var first = 0u; first < layer.y; first += 32u) {
            var low = mat4x4<f32>(parameters[at], parameters[at + 1u], parameters[at + 2u], parameters[at + 3u]);
            var high = mat4x4<f32>(parameters[at + 4u], parameters[at + 5u], parameters[at + 6u], parameters[at + 7u]);
            at += 8u;
            for (var j = 0u; j < layer.x; j++) {
                let h = states[below + j * params.per_group];
                low[0] += h * parameters[at];
                low[1] += h * parameters[at + 1u];
                low[2] += h * parameters[at + 2u];
                low[3] += h * parameters[at + 3u];
                high[0] += h * parameters[at + 4u];
                high[1] += h * parameters[at + 5u];
                high[2] += h * parameters[at + 6u];
                high[3] += h * parameters[at + 7u];
                at += 8u;
            }
            let word = bits(low[0]) | (bits(low[1]) << 4u) | (bits(low[2]) << 8u) | (bits(low[3]) << 12u)
                | (bits(high[0]) << 16u) | (bits(high[1]) << 20u) | (bits(high[2]) << 24u) | (bits(high[3]) << 28u);
            hash = threefry(hash, vec2<u32>(word, number));
            number += 1u;
            keep(above, first, low[0]);
            keep(above, first + 4u, low[1]);
            keep(above, first + 8u, low[2]);
            keep(above, first + 12u, low[3]);
            keep(above, first + 16u, high[0]);
            keep(above, first + 20u, high[1]);
            keep(above, first + 24u, high[2]);
            keep(above, first + 28u, high[3]);
        }
        let other = below;
        below = above;
        above = other;
    }

    let last = layers[params.n_layers - 1u];
    var output = parameters[last.z].x;
    for (var j = 0u; j < last.x; j++) {
        output += states[below + j * params.per_group] * parameters[last.z + 1u + j].x;
    }
    out[3u * pixel] = hash.x;
    out[3u * pixel + 1u] = hash.y;
    out[3u * pixel + 2u] = bitcast<u32>(output);
}
