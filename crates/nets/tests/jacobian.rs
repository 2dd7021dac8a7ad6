//! Singular values of real nets: against determinants, plain products and theory at infinite width, and every simulated
//! case of the reference values `jacobian.json`.

#[path = "../../theory/tests/support/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use nets::jacobian::{JacobianProduct, orthogonal_layer};
use nets::{Layer, NetParameters, RandomNets};
use random::Stream;
use theory::jacobian::{Ensemble, JacobianTheory};
use theory::{Activation, MeanField};

/// Pre-activations of variance q, exactly.
fn inputs(seed: u64, width: usize, q: f64) -> Vec<f32> {
    let mut z = vec![0.0_f32; width];
    Stream::new(seed, "inputs").fill_normal_f32(0, &mut z);
    let scale = (q / nets::mean_square(&z)).sqrt() as f32;
    z.iter().map(|z| z * scale).collect()
}

/// Layers 0..depth of a net.
fn layers(nets: &mut RandomNets, net: usize, depth: usize, ensemble: Ensemble) -> Vec<Layer> {
    let mut layer = |l| {
        let gaussian = nets.layer(net, l).expect("memory");
        match ensemble {
            Ensemble::Gaussian => gaussian,
            Ensemble::Orthogonal => orthogonal_layer(&gaussian).expect("independent rows"),
        }
    };
    (0..depth).map(&mut layer).collect()
}

fn jacobian(z0: Vec<f32>, layers: &[Layer], parameters: &NetParameters) -> JacobianProduct {
    let mut product = JacobianProduct::new(z0).expect("memory");
    for layer in layers {
        product.push(layer, parameters).expect("the same width");
    }
    product
}

fn ln_singular_values(product: &JacobianProduct) -> Vec<f64> {
    let mut svd = product.svd();
    while !svd.advance(5_000) {}
    assert!(svd.sweeps() < 30, "{} sweeps", svd.sweeps());
    svd.ln_singular_values()
}

/// Every simulated case: the mean over draws of the mean and the variance of squared singular values, and of the largest.
#[test]
fn golden_simulations() {
    let (width, draws) = (256, 16);
    let mut count = 0;
    for mut case in support::read_cases("jacobian.json").into_iter().filter(|case| case.kind() == "simulation") {
        let activation = Activation::from_key(&case.text("activation")).expect("a known activation");
        let ensemble = Ensemble::from_key(&case.text("weights")).expect("a known ensemble");
        let (sigma_w, sigma_b) = (case.number("sigma_w"), case.number("sigma_b"));
        let (depth, q_star) = (case.number("L") as usize, case.number("q_star"));
        let parameters = NetParameters { activation, sigma_w, sigma_b };
        let mut nets = RandomNets::new(5, width, 0);
        let (mut mean, mut variance, mut largest) = (0.0, 0.0, 0.0);
        for draw in 0..draws {
            let layers = layers(&mut nets, draw, depth, ensemble);
            let product = jacobian(inputs(draw as u64, width, q_star), &layers, &parameters);
            let squares: Vec<f64> = ln_singular_values(&product).iter().map(|ln| (2.0 * ln).exp()).collect();
            let m = squares.iter().sum::<f64>() / width as f64;
            // The mean from all elements of J, without singular values.
            let direct = *product.mean_squares().last().expect("at least one layer");
            assert!((m / direct - 1.0).abs() < 1e-9, "{}: mean {m} against {direct}", case.name());
            mean += m / draws as f64;
            variance += squares.iter().map(|s| (s - m).powi(2)).sum::<f64>() / (width * draws) as f64;
            largest += squares[0] / draws as f64;
        }
        // One draw of width 1000 scatters by up to 11 % in the mean and 22 % in the variance; 16 draws of width 256 by
        // half of that. The tolerance is the case's, 0.3.
        case.check("theory_mean", Some(mean));
        case.check("theory_variance", Some(variance));
        case.check("simulated_mean", Some(mean));
        case.check("simulated_variance", Some(variance));
        case.check("theory_lambda_max", Some(largest));
        case.check("simulated_lambda_max", Some(largest));
        for unused in ["width", "n_draws", "simulated_mean_per_draw", "simulated_variance_per_draw"] {
            assert!(case.numbers(unused).is_some(), "{}: no `{unused}`", case.name());
        }
        case.finish();
        println!("{}: worst relative error {:.2}", case.name(), case.worst);
        assert!(case.failures.is_empty(), "{}", case.failures.join("\n"));
        count += 1;
    }
    println!("simulation: {count} cases");
    assert!(count > 0, "no simulated cases");
}

/// ln |det| by Gaussian elimination with partial pivoting.
fn ln_determinant(mut a: Vec<f64>, n: usize) -> f64 {
    let mut ln = 0.0;
    for k in 0..n {
        let pivot = (k..n).max_by(|&i, &j| a[i * n + k].abs().total_cmp(&a[j * n + k].abs())).expect("rows");
        for j in 0..n {
            a.swap(k * n + j, pivot * n + j);
        }
        ln += a[k * n + k].abs().ln();
        for i in k + 1..n {
            let factor = a[i * n + k] / a[k * n + k];
            for j in k..n {
                a[i * n + j] -= factor * a[k * n + j];
            }
        }
    }
    ln
}

/// The weights of a layer in f64, read off a linear net: each unit vector through it.
fn weights(layer: &Layer, width: usize) -> Vec<f64> {
    let mut eye = vec![0.0_f32; width * width];
    eye.iter_mut().step_by(width + 1).for_each(|x| *x = 1.0);
    let mut batch = nets::Batch::new(width, width, eye).expect("square");
    let unit = NetParameters { activation: Activation::Linear, sigma_w: (width as f64).sqrt(), sigma_b: 0.0 };
    batch.forward(layer, &unit).expect("the same width");
    // Row i is column i of the weights.
    (0..width * width).map(|k| f64::from(batch.numbers()[(k % width) * width + k / width])).collect()
}

/// At depth 40 the singular values of a Gaussian net span some 60 decades; their product is still the product of the
/// determinants, which sees the smallest ones as much as the largest.
#[test]
fn small_singular_values_are_kept() {
    for (activation, ensemble) in [(Activation::Linear, Ensemble::Gaussian), (Activation::Tanh, Ensemble::Orthogonal)] {
        let (width, depth) = (48, 40);
        let parameters = NetParameters { activation, sigma_w: 1.1, sigma_b: 0.2 };
        let layers = layers(&mut RandomNets::new(2, width, 0), 0, depth, ensemble);
        let product = jacobian(inputs(1, width, 0.5), &layers, &parameters);
        let ln = ln_singular_values(&product);
        assert!(ln.windows(2).all(|pair| pair[0] >= pair[1]), "descending");

        let mut batch = nets::Batch::new(1, width, inputs(1, width, 0.5)).expect("one row");
        let scale = parameters.sigma_w / (width as f64).sqrt();
        let mut expected = 0.0;
        // The plain product, rescaled, for the largest.
        let mut plain: Vec<f64> = (0..width * width).map(|k| f64::from(k % (width + 1) == 0)).collect();
        let mut ln_plain = 0.0;
        let mut means = Vec::new();
        for layer in &layers {
            batch.forward(layer, &parameters).expect("the same width");
            let w = weights(layer, width);
            let dw: Vec<f64> = (0..width * width)
                .map(|k| scale * activation.dphi(f64::from(batch.row(0)[k / width])) * w[k])
                .collect();
            expected += ln_determinant(dw.clone(), width);
            let entry = |i: usize, j: usize| (0..width).map(|k| dw[i * width + k] * plain[k * width + j]).sum::<f64>();
            plain = (0..width * width).map(|k| entry(k / width, k % width)).collect();
            let size = plain.iter().map(|x| x * x).sum::<f64>().sqrt();
            plain.iter_mut().for_each(|x| *x /= size);
            ln_plain += size.ln();
            means.push((2.0 * ln_plain).exp() / width as f64);
        }
        // Each layer's determinant is good to rounding times its condition, 1e-13; 40 layers of 48 logarithms.
        let sum: f64 = ln.iter().sum();
        assert!((sum - expected).abs() < 1e-7, "{activation}: sum of logarithms {sum} against {expected}");
        if activation == Activation::Linear {
            assert!(ln[0] - ln[width - 1] > 100.0, "the span is {}", ln[0] - ln[width - 1]);
        }
        // Largest: power iteration on the plain product.
        let mut x = vec![1.0; width];
        let mut rayleigh = 0.0;
        for _ in 0..3000 {
            let y: Vec<f64> =
                plain.chunks_exact(width).map(|row| row.iter().zip(&x).map(|(a, b)| a * b).sum()).collect();
            x = (0..width).map(|j| (0..width).map(|i| plain[i * width + j] * y[i]).sum()).collect();
            rayleigh = x.iter().map(|x| x * x).sum::<f64>().sqrt();
            x.iter_mut().for_each(|x| *x /= rayleigh);
        }
        let largest = ln_plain + 0.5 * rayleigh.ln();
        assert!((ln[0] - largest).abs() < 1e-8, "{activation}: largest {} against {largest}", ln[0]);
        for (mean, plain) in product.mean_squares().iter().zip(&means) {
            assert!((mean / plain - 1.0).abs() < 1e-10, "{activation}: mean square {mean} against {plain}");
        }
    }
}

const WIDTH: usize = 200;

/// ln of the singular values of six nets, descending, and q* of theory.
fn sample(activation: Activation, sigmas: (f64, f64), depth: usize, ensemble: Ensemble) -> (Vec<f64>, f64) {
    let mean_field = MeanField::new(activation, sigmas.0, sigmas.1).expect("valid");
    let q_star = mean_field.summary().q_star.unwrap_or(1.0);
    let parameters = NetParameters { activation, sigma_w: sigmas.0, sigma_b: sigmas.1 };
    let mut nets = RandomNets::new(9, WIDTH, 0);
    let mut all = Vec::new();
    for draw in 0..6 {
        let layers = layers(&mut nets, draw, depth, ensemble);
        all.extend(ln_singular_values(&jacobian(inputs(draw as u64, WIDTH, q_star), &layers, &parameters)));
    }
    all.sort_by(|left, right| right.total_cmp(left));
    (all, q_star)
}

/// Largest distance between the distribution functions of ln lambda of nets and of theory. Where theory has zeros, over
/// the upper four fifths of what is not zero: at finite width the layer with the fewest active units sets the rank, and
/// with it the smallest values, which moves the lower end by about 0.05 (eight layers of relu at width 200).
fn distance(ln_values: &[f64], theory: &JacobianTheory) -> f64 {
    let spectrum = theory.spectrum().expect("resolved");
    let zeros = theory.atom_at_zero();
    let limit = if zeros > 0.0 { 0.8 * (1.0 - zeros) } else { 1.0 };
    let share = |k: usize| k as f64 / ln_values.len() as f64;
    let gap = |(k, ln): (usize, &f64)| {
        // Beside an atom the step of theory lies between.
        let above = [0.0, 1e-3, -1e-3].map(|step| spectrum.mass_above(2.0 * ln + step));
        let gap = above.iter().map(|above| (share(k) - above).abs()).fold(f64::INFINITY, f64::min);
        (above[0].min(share(k)) <= limit).then_some(gap)
    };
    ln_values.iter().enumerate().filter_map(gap).fold(0.0, f64::max)
}

/// The whole spectrum at width 200, not only its moments.
///
/// Distribution functions of eigenvalues are rigid, to some 1/width = 0.005. What is left is the scatter of the lengths q
/// and of the active units over finite layers, which shifts ln lambda by some 0.1 and the distribution function by that
/// times a density of up to 0.3: 0.03.
#[test]
fn spectra_of_real_nets_follow_theory() {
    use Activation::{Gelu, HardTanh, Linear, Relu, Tanh};
    let root_2 = std::f64::consts::SQRT_2;
    for (activation, sigmas, depth, ensemble) in [
        (Linear, (1.0, 0.0), 1, Ensemble::Gaussian),
        (Linear, (1.0, 0.0), 30, Ensemble::Gaussian),
        (Relu, (root_2, 0.0), 3, Ensemble::Gaussian),
        (Relu, (root_2, 0.0), 8, Ensemble::Orthogonal),
        (Tanh, (1.3, 0.2), 10, Ensemble::Gaussian),
        (Tanh, (1.05, 0.02), 20, Ensemble::Orthogonal),
        (HardTanh, (1.07, 0.2), 12, Ensemble::Orthogonal),
        (Gelu, (1.5, 0.3), 4, Ensemble::Gaussian),
    ] {
        let (values, q_star) = sample(activation, sigmas, depth, ensemble);
        let theory =
            |ensemble| JacobianTheory::new(activation, q_star, sigmas.0, depth as u32, ensemble).expect("valid");
        let right = theory(ensemble);
        let gap = distance(&values, &right);
        // The test can tell the ensembles apart.
        let other = if ensemble == Ensemble::Gaussian { Ensemble::Orthogonal } else { Ensemble::Gaussian };
        let wrong = distance(&values, &theory(other));
        let what = format!("{activation} {} depth {depth}: {gap:.4}", ensemble.key());
        println!("{what}, as {} {wrong:.4}", other.key());
        assert!(gap < 0.03, "{what}");
        assert!(wrong > 0.06, "{what}, but {wrong} as {}", other.key());
    }
}

/// More than the range of f64: 60 layers at sigma_w = 1e-8 and at 1e8.
#[test]
fn scales_neither_overflow_nor_vanish() {
    for sigma_w in [1e-8, 1e8_f64] {
        let width = 20;
        let parameters = NetParameters { activation: Activation::Linear, sigma_w, sigma_b: 0.0 };
        let layers = layers(&mut RandomNets::new(1, width, 0), 0, 4, Ensemble::Gaussian);
        // The same layers again and again; lengths in f32 would not survive, a length of 0 does.
        let repeated: Vec<Layer> = (0..60).map(|l| layers[l % 4].clone()).collect();
        let product = jacobian(vec![0.0; width], &repeated, &parameters);
        let unit = jacobian(vec![0.0; width], &repeated, &NetParameters { sigma_w: 1.0, ..parameters });
        let (ln, ln_unit) = (ln_singular_values(&product), ln_singular_values(&unit));
        for (ln, ln_unit) in ln.iter().zip(&ln_unit) {
            // 60 logarithms of size 18.
            assert!((ln - ln_unit - 60.0 * sigma_w.ln()).abs() < 1e-9, "{ln} {ln_unit}");
        }
        assert!((product.ln_mean_square() - unit.ln_mean_square() - 120.0 * sigma_w.ln()).abs() < 1e-9);
    }
}

#[test]
fn degenerate_nets_are_harmless() {
    let relu = NetParameters { activation: Activation::Relu, sigma_w: 1.0, sigma_b: 0.0 };
    // All units off.
    let dead = Layer::new(3, vec![-1.0; 9], vec![0.0; 3]).expect("3 x 3");
    let product = jacobian(vec![1.0; 3], &[dead.clone(), dead], &relu);
    assert_eq!(product.rank(), 0);
    assert_eq!(product.mean_squares(), [0.0, 0.0]);
    assert!(ln_singular_values(&product).iter().all(|ln| *ln == f64::NEG_INFINITY));
    // No units at all.
    let none = Layer::new(0, Vec::new(), Vec::new()).expect("empty");
    assert!(ln_singular_values(&jacobian(Vec::new(), &[none], &relu)).is_empty());
    // Numbers that are none.
    let nan = Layer::new(2, vec![f32::NAN; 4], vec![0.0; 2]).expect("2 x 2");
    let product = jacobian(vec![1.0; 2], &[nan], &relu);
    assert_eq!(ln_singular_values(&product).len(), 2);
    // Another width.
    let narrow = Layer::new(2, vec![1.0; 4], vec![0.0; 2]).expect("2 x 2");
    assert!(JacobianProduct::new(vec![1.0; 3]).expect("memory").push(&narrow, &relu).is_err());
}
