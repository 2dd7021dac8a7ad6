// The twelve nonlinearities and their derivatives on four numbers, formula by formula those of activation.rs.
// `id` is the place in theory's list; it comes from a uniform, so that all invocations take one way.

fn exponential(at: vec4<f32>) -> vec4<f32> {
    let x = clamp(at, vec4<f32>(-87.0), vec4<f32>(88.0));
    let n = round(x * 1.442695);
    let r = (x - n * 0.6933594) - n * -2.1219444e-4;
    var p = r * 1.3948581e-3 + 8.375129e-3;
    p = p * r + 4.166622e-2;
    p = p * r + 1.6666415e-1;
    p = p * r + 0.5;
    p = (p * r) * r + r + 1.0;
    return p * bitcast<vec4<f32>>((vec4<i32>(n) + 127) << vec4<u32>(23u));
}

fn with_sign_of(size: vec4<f32>, x: vec4<f32>) -> vec4<f32> {
    return select(size, -size, x < vec4<f32>(0.0));
}

fn tangent(x: vec4<f32>) -> vec4<f32> {
    let u = x * x;
    var p = u * -5.664775e-3 + 2.059568e-2;
    p = p * u - 5.372268e-2;
    p = p * u + 1.333115e-1;
    p = p * u - 3.333326e-1;
    let near = x + x * (p * u);
    let far = with_sign_of(1.0 - 2.0 / (exponential(2.0 * abs(x)) + 1.0), x);
    return select(far, near, u < vec4<f32>(0.390625));
}

fn logistic(x: vec4<f32>) -> vec4<f32> {
    return 1.0 / (1.0 + exponential(-x));
}

fn error_function(x: vec4<f32>) -> vec4<f32> {
    let u = x * x;
    var p = u * 7.882497e-5 - 8.018855e-4;
    p = p * u + 5.189312e-3;
    p = p * u - 2.685433e-2;
    p = p * u + 1.1283597e-1;
    p = p * u - 3.7612627e-1;
    let near = x * (p * u + 1.1283792);
    let a = min(abs(x), vec4<f32>(4.2));
    let t = 1.0 / (1.0 + 0.5 * a);
    var q = t * 1.7141659e-2 + 5.1429687e-2;
    q = q * t - 3.544715e-1;
    q = q * t + 4.4962222e-1;
    q = q * t - 3.5056927e-2;
    q = q * t + 3.2156436e-1;
    q = q * t + 2.6591066e-1;
    q = q * t + 2.8407622e-1;
    q = q * t - 1.0541604e-4;
    let far = with_sign_of(1.0 - q * exponential(-a * a), x);
    return select(far, near, u < vec4<f32>(1.0));
}

fn gaussian_cdf(x: vec4<f32>) -> vec4<f32> {
    return 0.5 + 0.5 * error_function(x * 0.70710677);
}

// ln(1 + e^x) = max(x, 0) + ln(1 + u), u = e^-|x|, the logarithm as 2 artanh(u / (2 + u)).
fn soft_plus(x: vec4<f32>) -> vec4<f32> {
    let u = exponential(-abs(x));
    let s = u / (2.0 + u);
    let s2 = s * s;
    var p = s2 * (1.0 / 13.0) + 1.0 / 11.0;
    p = p * s2 + 1.0 / 9.0;
    p = p * s2 + 1.0 / 7.0;
    p = p * s2 + 1.0 / 5.0;
    p = p * s2 + 1.0 / 3.0;
    return max(x, vec4<f32>(0.0)) + 2.0 * s * (1.0 + p * s2);
}

// sin(x - n pi) for a remainder within +-pi/2.
fn sin_of_remainder(x: vec4<f32>, n: vec4<f32>) -> vec4<f32> {
    let r = ((x - n * 3.140625) - n * 9.6702576e-4) - n * 6.2771144e-7;
    let u = r * r;
    var p = u * -2.38895e-8 + 2.7525287e-6;
    p = p * u - 1.9840862e-4;
    p = p * u + 8.333331e-3;
    p = p * u - 1.6666667e-1;
    return r + r * (p * u);
}

fn is_odd(n: vec4<f32>) -> vec4<bool> {
    return (vec4<i32>(n) & vec4<i32>(1)) == vec4<i32>(1);
}

fn sine(x: vec4<f32>) -> vec4<f32> {
    let n = round(x * 0.31830987);
    let s = sin_of_remainder(x, n);
    return select(s, -s, is_odd(n));
}

fn cosine(x: vec4<f32>) -> vec4<f32> {
    let k = round(x * 0.31830987 - 0.5);
    let s = sin_of_remainder(x, k + 0.5);
    return select(-s, s, is_odd(k));
}

fn activation(id: u32, x: vec4<f32>) -> vec4<f32> {
    let zero = vec4<f32>(0.0);
    switch id {
        case 0u: { return tangent(x); }
        case 1u: { return error_function(x); }
        case 2u: { return error_function(x * 0.8862269); }
        case 3u: { return max(x, zero); }
        case 4u: { return max(x, zero) + 0.1 * min(x, zero); }
        case 5u: { return clamp(x, vec4<f32>(-1.0), vec4<f32>(1.0)); }
        case 6u: { return logistic(x); }
        case 7u: { return x * gaussian_cdf(x); }
        case 8u: { return x * logistic(x); }
        case 9u: { return soft_plus(x); }
        case 10u: { return sine(x); }
        default: { return x; }
    }
}

fn activation_derivative(id: u32, x: vec4<f32>) -> vec4<f32> {
    let zero = vec4<f32>(0.0);
    let one = vec4<f32>(1.0);
    switch id {
        case 0u: {
            let t = tangent(x);
            return 1.0 - t * t;
        }
        case 1u: { return 1.1283792 * exponential(-x * x); }
        case 2u: {
            let u = x * 0.8862269;
            return exponential(-u * u);
        }
        case 3u: { return select(zero, one, x > zero); }
        case 4u: { return select(vec4<f32>(0.1), one, x > zero); }
        case 5u: { return select(zero, one, abs(x) < one); }
        case 6u: {
            let s = logistic(x);
            return s * (1.0 - s);
        }
        case 7u: { return gaussian_cdf(x) + x * 0.3989423 * exponential(-0.5 * x * x); }
        case 8u: {
            let s = logistic(x);
            return s * (1.0 + x * (1.0 - s));
        }
        case 9u: { return logistic(x); }
        case 10u: { return cosine(x); }
        default: { return one; }
    }
}
