// Box-Muller in single precision: normal numbers of a stream, formula by formula those of crates/random normal_f32.
//   u = (floor(x.x / 2) + 1/2) / 2^31,  r = sqrt(-2 ln u),  theta = 2 pi (x.y + 1/2) / 2^32,  (r cos theta, r sin theta)
// Needs threefry.wgsl.

const SQRT_HALF_BITS: i32 = 0x3F3504F3;

// sqrt(-2 ln u) of a word.
fn radius(x: u32) -> f32 {
    let k = i32(x >> 1u);
    // u < sqrt(1/2): u = m 2^e with m in [sqrt(1/2), sqrt 2), ln u = e ln 2 + ln(1 + (m - 1)).
    let y = f32(k) + 0.5;
    let offset_bits = bitcast<i32>(y) - SQRT_HALF_BITS;
    let m = bitcast<f32>((offset_bits & 0x007FFFFF) + SQRT_HALF_BITS);
    let e_far = f32((offset_bits >> 23u) - 31);
    // u >= sqrt(1/2): u = 1 - t, with t from the integer complement.
    let f_near = -(f32(0x7FFFFFFF - k) + 0.5) * 4.656612873077393e-10;
    let is_near = k >= 0x5A82799A;
    let f = select(m - 1.0, f_near, is_near);
    let e = select(e_far, 0.0, is_near);

    let ff = f * f;
    var p = -0.07634513;
    p = p * f + 0.12761578;
    p = p * f - 0.13160177;
    p = p * f + 0.14201757;
    p = p * f - 0.16623358;
    p = p * f + 0.20001227;
    p = p * f - 0.2500082;
    p = p * f + 0.3333333;
    let ln_u = e * 0.6931472 + (f + ff * (f * p - 0.5));
    return sqrt(-2.0 * ln_u);
}

// (cos theta, sin theta) of a word, reduced exactly in integers to the nearest quarter turn.
fn cos_sin_turn(x: u32) -> vec2<f32> {
    let shifted = x + 0x20000000u;
    let quarter = shifted >> 30u;
    let rest = i32(shifted & 0x3FFFFFFFu) - 0x20000000;
    let t = (f32(rest) + 0.5) * 1.4629180792671596e-9;
    let z = t * t;
    let s = t + t * z * (-0.16666655 + z * (0.008332178 + z * -0.000195173));
    let c = 1.0 - 0.5 * z + z * z * (0.041666646 + z * (-0.0013887368 + z * 0.000024438452));
    let is_swapped = (quarter & 1u) == 1u;
    let cos_sign = select(1.0, -1.0, ((quarter ^ (quarter >> 1u)) & 1u) == 1u);
    let sin_sign = select(1.0, -1.0, quarter > 1u);
    return vec2<f32>(cos_sign * select(c, s, is_swapped), sin_sign * select(s, c, is_swapped));
}

// The two normals of a block.
fn normals_of_block(x: vec2<u32>) -> vec2<f32> {
    return radius(x.x) * cos_sin_turn(x.y);
}

// Normals number n and n + 1 of the stream of a key; n < 2^32 - 1.
fn normal_pair(key: vec2<u32>, n: u32) -> vec2<f32> {
    let block = n >> 1u;
    let pair = normals_of_block(threefry(key, vec2<u32>(block, 0u)));
    if (n & 1u) == 0u {
        return pair;
    }
    return vec2<f32>(pair.y, normals_of_block(threefry(key, vec2<u32>(block + 1u, 0u))).x);
}
