// Inner products of pairs of rows, over their length, as a number in (-4, 4) and a power of two.
//   out[k, p] = (m, e),  m 2^e = 1/length sum_i x[k, a_p, i] x[k, b_p, i]
// Each row is first scaled by the power of two of its largest element, so that squares neither over- nor underflow.
// Workgroup: 64 invocations, one pair of one net; the order of the sum is fixed: each invocation takes every 64th
// element, then the invocations are summed as a tree.
//   binding  what
//   0        Params
//   1        pairs [n_pairs]: the two rows
//   2        x: matrices [nets, rows, length] from params.start on
//   3        out [.., nets, n_pairs] from params.out_start on, written

struct Params {
    length: u32,
    rows: u32,
    n_pairs: u32,
    start: u32,
    out_start: u32,
    first_tile: u32,
    end_tile: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> pairs: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<vec2<f32>>;

var<workgroup> lanes: array<vec2<f32>, 64>;

@compute @workgroup_size(64)
fn inner_products(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let tile = params.first_tile + group.x + group.y * groups.x;
    if tile >= params.end_tile {
        return;
    }
    let pair = pairs[tile % params.n_pairs];
    let net = params.start + (tile / params.n_pairs) * params.rows * params.length;
    let a = net + pair.x * params.length;
    let b = net + pair.y * params.length;

    var largest = vec2<f32>();
    for (var i = local; i < params.length; i += 64u) {
        largest = max(largest, abs(vec2<f32>(x[a + i], x[b + i])));
    }
    lanes[local] = largest;
    workgroupBarrier();
    for (var half = 32u; half > 0u; half /= 2u) {
        if local < half {
            lanes[local] = max(lanes[local], lanes[local + half]);
        }
        workgroupBarrier();
    }
    // Exponent bits of the largest; zero is left as it is.
    let bits = (bitcast<vec2<u32>>(lanes[0]) >> vec2<u32>(23u)) & vec2<u32>(255u);
    let exponents = select(clamp(vec2<i32>(bits), vec2<i32>(1), vec2<i32>(252)), vec2<i32>(127), bits == vec2<u32>(0u));
    let scales = bitcast<vec2<f32>>(vec2<u32>(254 - exponents) << vec2<u32>(23u));
    workgroupBarrier();

    var sum = 0.0;
    for (var i = local; i < params.length; i += 64u) {
        sum += (scales.x * x[a + i]) * (scales.y * x[b + i]);
    }
    lanes[local].x = sum;
    workgroupBarrier();
    for (var half = 32u; half > 0u; half /= 2u) {
        if local < half {
            lanes[local].x += lanes[local + half].x;
        }
        workgroupBarrier();
    }
    if local == 0u {
        let power = exponents.x + exponents.y - 254;
        out[params.out_start + tile] = vec2<f32>(lanes[0].x / f32(params.length), f32(power));
    }
}
