// Forward pass, cross-entropy and backward pass of many nets of one shape on one batch.
//   z^l = W^l a^(l-1) + b^l,   a^l = phi(z^l),   a^0 = x
//   delta^L = scale (softmax(z^L) - y),   delta^l = phi'(z^l) (W^(l+1))^T delta^(l+1)
// Examples do not meet, so one workgroup takes 32 of them through all layers of a net and back.
// Workgroup: 128 invocations, a tile of 32 examples times 64 neurons at a time; an invocation has four of each.
//   binding  what
//   0        Params
//   1        layers [n_layers]
//   2        parameters [all nets, n_parameters], a layer's from its offset on: W [n_out, n_in], b [n_out]
//   3        x [examples, inputs]
//   4        labels [examples]
//   5        batches: numbers of examples, this batch's from params.first_index on
//   6        a [nets, n_neurons, quads] of four examples, the batch filled up to whole workgroups; written but for classes
//   7        delta, the same; in between it holds the slopes phi'(z)
//   8        diverged [all nets]: the least clock at which a number was no longer finite

struct Params {
    n_layers: u32,
    batch: u32,
    n_parameters: u32,
    n_neurons: u32,
    n_classes: u32,
    activation: u32,
    first_net: u32,
    first_index: u32,
    clock: u32,
    scale: f32,
    first_tile: u32,
    end_tile: u32,
}

struct Layer {
    n_in: u32,
    n_out: u32,
    offset: u32,
    // Neurons above the inputs and below this layer's outputs.
    before: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> layers: array<Layer>;
@group(0) @binding(2) var<storage, read> parameters: array<f32>;
@group(0) @binding(3) var<storage, read> x: array<f32>;
@group(0) @binding(4) var<storage, read> labels: array<u32>;
@group(0) @binding(5) var<storage, read> batches: array<u32>;
@group(0) @binding(6) var<storage, read_write> a: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> delta: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> diverged: array<atomic<u32>>;

const STEPS: u32 = 16u;
const NEURONS: u32 = 64u;
// Quads of examples in a workgroup.
const QUADS: u32 = 8u;
// The bits of 2^120, from which on a number counts as infinite: compilers may fold comparisons with infinity itself.
const LIMIT: u32 = 0x7b800000u;

// Eight quads of examples at each of the 16 steps of a sum, and 16 quads of neurons at each.
var<workgroup> tile_examples: array<vec4<f32>, 128>;
var<workgroup> tile_neurons: array<vec4<f32>, 256>;

// Rotated from step to step, so that neighbours that write one quad at different steps do not meet in a memory bank.
fn slot(step: u32, quad: u32) -> u32 {
    return step * 16u + (quad + step) % 16u;
}

// The sums so far: column k of the matrix is neuron 4 neurons + k, its rows are examples.
fn accumulated(sums: mat4x4<f32>, quad: u32, neurons: u32) -> mat4x4<f32> {
    var acc = sums;
    for (var k = 0u; k < STEPS; k++) {
        let examples = tile_examples[k * QUADS + quad];
        let weights = tile_neurons[slot(k, neurons)];
        acc[0] += weights.x * examples;
        acc[1] += weights.y * examples;
        acc[2] += weights.z * examples;
        acc[3] += weights.w * examples;
    }
    return acc;
}

// Four parameters `apart` from each other.
fn four_parameters(k: u32, apart: u32) -> vec4<f32> {
    return vec4<f32>(parameters[k], parameters[k + apart], parameters[k + 2u * apart], parameters[k + 3u * apart]);
}

// Softmax of the logits in tile_examples [classes][QUADS], minus the labels.
fn cross_entropy(id: u32, quad: u32, label: vec4<u32>) -> vec4<f32> {
    var top = tile_examples[quad];
    for (var c = 1u; c < params.n_classes; c++) {
        top = max(top, tile_examples[c * QUADS + quad]);
    }
    var sum = vec4<f32>();
    for (var c = 0u; c < params.n_classes; c++) {
        sum += exponential(tile_examples[c * QUADS + quad] - top);
    }
    let own = exponential(tile_examples[id * QUADS + quad] - top);
    return params.scale * (own * (1.0 / sum) - select(vec4<f32>(), vec4<f32>(1.0), label == vec4<u32>(id)));
}

@compute @workgroup_size(128)
fn mlp_pass(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let tile = params.first_tile + group.x + group.y * groups.x;
    if tile >= params.end_tile {
        return;
    }
    let blocks = (params.batch + 4u * QUADS - 1u) / (4u * QUADS);
    let p = tile / blocks;
    let quad = local % QUADS;
    // This invocation's neurons in a tile, its step while the tile is filled, and its class.
    let neurons = local / QUADS;
    let row = 4u * (tile % blocks * QUADS + quad) + vec4<u32>(0u, 1u, 2u, 3u);
    let is_seen = row < vec4<u32>(params.batch);
    let at = params.first_index + min(row, vec4<u32>(params.batch - 1u));
    let example = vec4<u32>(batches[at.x], batches[at.y], batches[at.z], batches[at.w]);
    // Place of this invocation's quad of a neuron: the neuron's number times `stride`, from `origin` on.
    let stride = blocks * QUADS;
    let origin = p * params.n_neurons * stride + tile % blocks * QUADS + quad;
    let of_net = (params.first_net + p) * params.n_parameters;

    for (var l = 0u; l < params.n_layers; l++) {
        let layer = layers[l];
        let is_last = l + 1u == params.n_layers;
        for (var first_neuron = 0u; first_neuron < layer.n_out; first_neuron += NEURONS) {
            var sums = mat4x4<f32>();
            for (var first_step = 0u; first_step < layer.n_in; first_step += STEPS) {
                let j = first_step + neurons;
                var inputs = vec4<f32>();
                if j < layer.n_in {
                    if l == 0u {
                        let k = example * layer.n_in + j;
                        inputs = select(vec4<f32>(), vec4<f32>(x[k.x], x[k.y], x[k.z], x[k.w]), is_seen);
                    } else {
                        inputs = a[origin + (layer.before - layer.n_in + j) * stride];
                    }
                }
                tile_examples[neurons * QUADS + quad] = inputs;
                // Neighbours take neighbouring weights. Beyond the layer below they are zero, for another layer's may be
                // infinite; beyond the layer above their sums are not written.
                let step = local % STEPS;
                let is_in = first_step + step < layer.n_in;
                for (var q = local / STEPS; q < NEURONS / 4u; q += 8u) {
                    let k = of_net + layer.offset + (first_neuron + 4u * q) * layer.n_in + first_step + step;
                    tile_neurons[slot(step, q)] = select(vec4<f32>(), four_parameters(k, layer.n_in), is_in);
                }
                workgroupBarrier();
                sums = accumulated(sums, quad, neurons);
                workgroupBarrier();
            }
            let first = first_neuron + 4u * neurons;
            let biases = four_parameters(of_net + layer.offset + layer.n_out * layer.n_in + first, 1u);
            for (var c = 0u; c < 4u && first + c < layer.n_out; c++) {
                let z = sums[c] + biases[c];
                if is_last {
                    // No more than 16 classes, so that one tile has them all, and its sums are done.
                    tile_examples[(first + c) * QUADS + quad] = z;
                } else {
                    let k = origin + (layer.before + first + c) * stride;
                    a[k] = activation(params.activation, z);
                    delta[k] = activation_derivative(params.activation, z);
                }
            }
        }
        storageBarrier();
    }

    workgroupBarrier();
    let last = layers[params.n_layers - 1u];
    if neurons < last.n_out {
        let label = vec4<u32>(labels[example.x], labels[example.y], labels[example.z], labels[example.w]);
        let d = cross_entropy(neurons, quad, label);
        delta[origin + (last.before + neurons) * stride] = select(vec4<f32>(), d, is_seen);
        let size = bitcast<vec4<u32>>(tile_examples[neurons * QUADS + quad]) & vec4<u32>(0x7fffffffu);
        if any((size >= vec4<u32>(LIMIT)) & is_seen) {
            atomicMin(&diverged[params.first_net + p], params.clock);
        }
    }

    workgroupBarrier();
    for (var l = params.n_layers - 1u; l > 0u; l--) {
        let layer = layers[l];
        storageBarrier();
        for (var first_neuron = 0u; first_neuron < layer.n_in; first_neuron += NEURONS) {
            var sums = mat4x4<f32>();
            for (var first_step = 0u; first_step < layer.n_out; first_step += STEPS) {
                let i = first_step + neurons;
                var above = vec4<f32>();
                if i < layer.n_out {
                    above = delta[origin + (layer.before + i) * stride];
                }
                tile_examples[neurons * QUADS + quad] = above;
                let q = local % 16u;
                for (var step = local / 16u; step < STEPS; step += 8u) {
                    let k = of_net + layer.offset + (first_step + step) * layer.n_in + first_neuron + 4u * q;
                    let is_in = first_step + step < layer.n_out;
                    tile_neurons[slot(step, q)] = select(vec4<f32>(), four_parameters(k, 1u), is_in);
                }
                workgroupBarrier();
                sums = accumulated(sums, quad, neurons);
                workgroupBarrier();
            }
            let first = first_neuron + 4u * neurons;
            for (var c = 0u; c < 4u && first + c < layer.n_in; c++) {
                let k = origin + (layer.before - layer.n_in + first + c) * stride;
                delta[k] = delta[k] * sums[c];
            }
        }
    }
}
