use super::*;
use crate::checks;

/// (length, rows, nets): 1, around the 64 lanes, no multiple, large; with length 0 there is nothing to divide by.
const SIZES: [(u32, u32, u32); 8] =
    [(1, 1, 1), (2, 3, 2), (63, 2, 1), (64, 2, 2), (65, 2, 1), (100, 12, 1), (500, 64, 1), (10_000, 1, 3)];

fn all_pairs(rows: u32) -> Vec<[u32; 2]> {
    (0..rows).flat_map(|a| (0..rows).map(move |b| [a, b])).collect()
}

fn params((length, rows, _): (u32, u32, u32), n_pairs: usize) -> Params {
    Params { length, rows, n_pairs: n_pairs as u32, ..Params::default() }
}

fn on_gpu(gpu: &crate::Gpu, params: Params, nets: u32, pairs: &[[u32; 2]], x: &[f32]) -> Vec<[f32; 2]> {
    let tiles = params.n_pairs * nets;
    let with = |first_tile, end_tile| Params { first_tile, end_tile, ..params };
    let pairs: Vec<u32> = pairs.iter().flatten().copied().collect();
    let found = checks::run(gpu, &SHADER, tiles, with, &[&pairs, &checks::words(x), &vec![0; 2 * tiles as usize]]);
    bytemuck::cast_slice(&found[2]).to_vec()
}

fn on_cpu(params: Params, nets: u32, pairs: &[[u32; 2]], x: &[f32]) -> Vec<[f32; 2]> {
    let end_tile = params.n_pairs * nets;
    let mut out = vec![[0.0; 2]; end_tile as usize];
    twin::inner_products(&Params { end_tile, ..params }, pairs, x, &mut out);
    out
}

/// Exact value and scale of the rounding of a pair, `(n/64 + 8) ε Σ|x y|/n`.
fn exact(length: usize, rows: usize, pairs: &[[u32; 2]], x: &[f32], k: usize) -> (f64, f64) {
    let (net, [a, b]) = (k / pairs.len(), pairs[k % pairs.len()]);
    let row = |r: u32| &x[(net * rows + r as usize) * length..][..length];
    let products = row(a).iter().zip(row(b)).map(|(x, y)| f64::from(*x) * f64::from(*y));
    let (sum, size) = products.fold((0.0, 0.0), |(sum, size), p| (sum + p, size + p.abs()));
    let n = length as f64;
    (sum / n, (n / 64.0 + 8.0) * 2f64.powi(-24) * size / n)
}

fn check(what: &str, size: (u32, u32, u32), pairs: &[[u32; 2]], x: &[f32], got: &[[f32; 2]]) {
    for (k, got) in got.iter().enumerate() {
        let (want, tolerance) = exact(size.0 as usize, size.1 as usize, pairs, x, k);
        let error = (value(*got) - want).abs();
        assert!(error <= tolerance, "{what} {size:?}, pair {k}: got {got:?}, want {want:e}, off by {error:e}");
    }
}

#[test]
fn the_twin_is_the_formula_at_any_scale() {
    for size in SIZES {
        for scale in [1.0, 1e-33, 1e-25, 1e20, 1e37] {
            let pairs = all_pairs(size.1);
            let x: Vec<f32> =
                checks::drawn("x", (size.0 * size.1 * size.2) as usize).iter().map(|x| x * scale).collect();
            check("twin", size, &pairs, &x, &on_cpu(params(size, pairs.len()), size.2, &pairs, &x));
        }
    }
}

#[test]
fn zero_rows_give_zero() {
    let found = on_cpu(params((100, 2, 1), 4), 1, &all_pairs(2), &[0.0; 200]);
    assert_eq!(found, [[0.0; 2]; 4]);
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_the_formula_and_the_twin() {
    let gpu = checks::gpu();
    for size in SIZES {
        let pairs = all_pairs(size.1);
        // 1e-25: squares are beyond f32.
        for scale in [1.0, 1e-25, 1e20] {
            let x: Vec<f32> =
                checks::drawn("x", (size.0 * size.1 * size.2) as usize).iter().map(|x| x * scale).collect();
            let params = params(size, pairs.len());
            let got = on_gpu(&gpu, params, size.2, &pairs, &x);
            check("device", size, &pairs, &x, &got);
            let twin = on_cpu(params, size.2, &pairs, &x);
            assert!(got.iter().zip(&twin).all(|(g, t)| g[1] == t[1]), "the powers of two are exact");
        }
    }
}

/// Runs are equal, `(a, b)` is `(b, a)`, and a power of two in all elements is a power of two in the result, to the bit.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_runs_are_equal_and_products_symmetric() {
    let gpu = checks::gpu();
    let size = (333, 20, 1);
    let pairs = all_pairs(20);
    let x = checks::drawn("x", 333 * 20);
    let found = on_gpu(&gpu, params(size, pairs.len()), 1, &pairs, &x);
    assert_eq!(found, on_gpu(&gpu, params(size, pairs.len()), 1, &pairs, &x));
    let swapped: Vec<[u32; 2]> = pairs.iter().map(|[a, b]| [*b, *a]).collect();
    assert_eq!(found, on_gpu(&gpu, params(size, pairs.len()), 1, &swapped, &x));
    let larger: Vec<f32> = x.iter().map(|x| x * 1024.0).collect();
    let scaled = on_gpu(&gpu, params(size, pairs.len()), 1, &pairs, &larger);
    assert!(found.iter().zip(&scaled).all(|(a, b)| a[0] == b[0] && a[1] + 20.0 == b[1]));
}
