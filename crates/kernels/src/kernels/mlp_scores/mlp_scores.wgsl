// Last layer, cross-entropy and accuracy of many nets of one shape at once.
//   l_c = sum_j phi(h[p, j, r]) W_p[c, j] + b_p[c],  loss = ln sum_c exp(l_c) - l_y,  right: no class above y, none before it equal
// Inputs and parameters are those of mlp_layer: a net's own, or sums over a basis.
// Workgroup: 128 invocations, one example each; the sum over them is a tree of fixed order.
//   binding  what
//   0        Params
//   1        coefficients [all nets, n_basis]
//   2        parameters [nets or n_basis, n_parameters], this layer's from params.offset on: W [classes, n_in], b [classes]
//   3        h [nets or n_basis, n_in, rows]; one for all nets when params.h_stride is 0 and there is no sum
//   4        labels [rows]
//   5        scores [all nets, blocks of 128 examples]: sum of the losses, number right; written

struct Params {
    rows: u32,
    n_in: u32,
    n_out: u32,
    n_basis: u32,
    n_parameters: u32,
    offset: u32,
    sums_parameters: u32,
    sums_h: u32,
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
@group(0) @binding(4) var<storage, read> labels: array<u32>;
@group(0) @binding(5) var<storage, read_write> scores: array<vec2<f32>>;

// Weights of 64 neurons below to 16 classes, four together.
var<workgroup> weights: array<vec4<f32>, 256>;
var<workgroup> lanes: array<vec2<f32>, 128>;

// Pre-activations j .. j + 3 of an example; beyond the layer its last, which meets weights of zero.
fn four_inputs(p: u32, j: u32, row: u32) -> vec4<f32> {
    let size = params.n_in * params.rows;
    let at = min(vec4<u32>(j, j + 1u, j + 2u, j + 3u), vec4<u32>(params.n_in - 1u)) * params.rows + row;
    if params.sums_h == 0u {
        let k = p * params.h_stride * size + at;
        return vec4<f32>(h[k.x], h[k.y], h[k.z], h[k.w]);
    }
    var sum = vec4<f32>();
    for (var m = 0u; m < params.n_basis; m++) {
        let k = m * size + at;
        let c = coefficients[(params.first_net + p) * params.n_basis + m];
        sum += c * vec4<f32>(h[k.x], h[k.y], h[k.z], h[k.w]);
    }
    return sum;
}

// A parameter of net p.
fn parameter(p: u32, at: u32) -> f32 {
    if params.sums_parameters == 0u {
        return parameters[p * params.parameters_stride * params.n_parameters + params.offset + at];
    }
    var sum = 0.0;
    for (var m = 0u; m < params.n_basis; m++) {
        let c = coefficients[(params.first_net + p) * params.n_basis + m];
        sum += c * parameters[m * params.n_parameters + params.offset + at];
    }
    return sum;
}

// Weight of neuron j below to a class, 0 beyond both.
fn weight(p: u32, id: u32, j: u32) -> f32 {
    if id >= params.n_out || j >= params.n_in {
        return 0.0;
    }
    return parameter(p, id * params.n_in + j);
}

fn four_weights(p: u32, id: u32, j: u32) -> vec4<f32> {
    return vec4<f32>(weight(p, id, j), weight(p, id + 1u, j), weight(p, id + 2u, j), weight(p, id + 3u, j));
}

fn bias(p: u32, id: u32) -> f32 {
    if id >= params.n_out {
        return 0.0;
    }
    return parameter(p, params.n_out * params.n_in + id);
}

// The logits with one neuron more, whose weights are at a place.
fn added(logits: mat4x4<f32>, x: f32, at: u32) -> mat4x4<f32> {
    return mat4x4<f32>(
        logits[0] + x * weights[at],
        logits[1] + x * weights[at + 1u],
        logits[2] + x * weights[at + 2u],
        logits[3] + x * weights[at + 3u],
    );
}

fn largest(x: vec4<f32>) -> f32 {
    return max(max(x.x, x.y), max(x.z, x.w));
}

fn total(x: vec4<f32>) -> f32 {
    return (x.x + x.y) + (x.z + x.w);
}

// (loss, 1 if right) of the logits of 16 classes.
fn score(logits: mat4x4<f32>, label: u32) -> vec2<f32> {
    var masked = logits;
    var of_label = vec4<f32>();
    for (var q = 0u; q < 4u; q++) {
        let id = 4u * q + vec4<u32>(0u, 1u, 2u, 3u);
        masked[q] = select(vec4<f32>(-3e38), masked[q], id < vec4<u32>(params.n_out));
        of_label += select(vec4<f32>(), masked[q], id == vec4<u32>(label));
    }
    let wanted = total(of_label);
    let top = max(max(largest(masked[0]), largest(masked[1])), max(largest(masked[2]), largest(masked[3])));
    var sum = vec4<f32>();
    var is_beaten = false;
    for (var q = 0u; q < 4u; q++) {
        let id = 4u * q + vec4<u32>(0u, 1u, 2u, 3u);
        let seen = id < vec4<u32>(params.n_out);
        // 0 beyond the classes, and where 1e-38 would be.
        sum += select(vec4<f32>(), exponential(masked[q] - top), seen);
        is_beaten = is_beaten || any(masked[q] > vec4<f32>(wanted));
        is_beaten = is_beaten || any((masked[q] == vec4<f32>(wanted)) & (id < vec4<u32>(label)));
    }
    return vec2<f32>(log(total(sum)) + (top - wanted), select(1.0, 0.0, is_beaten));
}

@compute @workgroup_size(128)
fn mlp_scores(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let tile = params.first_tile + group.x + group.y * groups.x;
    if tile >= params.end_tile {
        return;
    }
    let blocks = (params.rows + 127u) / 128u;
    let p = tile / blocks;
    let row = (tile % blocks) * 128u + local;

    var logits = mat4x4<f32>();
    for (var first = 0u; first < params.n_in; first += 64u) {
        weights[local] = four_weights(p, 4u * (local % 4u), first + local / 4u);
        weights[local + 128u] = four_weights(p, 4u * (local % 4u), first + 32u + local / 4u);
        workgroupBarrier();
        if row < params.rows {
            for (var k = 0u; k < 64u && first + k < params.n_in; k += 4u) {
                let x = activation(params.activation, four_inputs(p, first + k, row));
                logits = added(logits, x.x, 4u * k);
                logits = added(logits, x.y, 4u * k + 4u);
                logits = added(logits, x.z, 4u * k + 8u);
                logits = added(logits, x.w, 4u * k + 12u);
            }
        }
        workgroupBarrier();
    }

    var own = vec2<f32>();
    if row < params.rows {
        for (var q = 0u; q < 4u; q++) {
            let id = 4u * q;
            logits[q] += vec4<f32>(bias(p, id), bias(p, id + 1u), bias(p, id + 2u), bias(p, id + 3u));
        }
        own = score(logits, labels[row]);
    }
    lanes[local] = own;
    workgroupBarrier();
    for (var half = 64u; half > 0u; half /= 2u) {
        if local < half {
            lanes[local] += lanes[local + half];
        }
        workgroupBarrier();
    }
    if local == 0u {
        scores[params.first_net * blocks + tile] = lanes[0];
    }
}
