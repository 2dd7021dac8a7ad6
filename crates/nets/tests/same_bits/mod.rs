//! A fingerprint of what random and trained nets give, to the bit. The native test and the one in a browser expect the same.

use nets::engine::rules::Optimiser;
use nets::jacobian::{JacobianProduct, orthogonal_layer};
use nets::mlp::{Examples, Loss, Recipe, Shape, Trainer};
use nets::principal::three_components;
use nets::{Batch, NetError, NetParameters, RandomNets, correlations, cosine, mean_square, projected};
use random::Stream;
use theory::Activation;

/// What [`found`] gives everywhere.
pub(crate) const EXPECTED: [(&str, u64); 5] = [
    ("correlations and lengths", 0xc34c_e0e0_c272_c2a9),
    ("gradients", 0xb0d7_9481_9d62_b7b6),
    ("singular values", 0x0b55_61d6_4d17_d046),
    ("principal components", 0x71a6_52fb_c10e_851f),
    ("training", 0xf3fb_7c38_cc32_cf41),
];

/// FNV-1a over the bits of numbers.
struct Fingerprint(u64);

impl Fingerprint {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// The bits of a NaN are the machine's own affair: there must be none.
    fn add(&mut self, numbers: impl IntoIterator<Item = f64>) {
        for number in numbers {
            assert!(!number.is_nan(), "a NaN has no bits that are the same everywhere");
            for byte in number.to_bits().to_le_bytes() {
                self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }

    fn add_f32(&mut self, numbers: &[f32]) {
        self.add(numbers.iter().copied().map(f64::from));
    }
}

/// The fingerprints, with the names of [`EXPECTED`].
pub(crate) fn found() -> Result<[(&'static str, u64); 5], NetError> {
    let (forward, backward) = passes()?;
    let found = [forward, backward, singular_values()?, components()?, training()?];
    Ok(std::array::from_fn(|i| (EXPECTED[i].0, found[i].0)))
}

/// Widths that fill no panel and rows that fill no tile; every activation; images projected to the width.
fn passes() -> Result<(Fingerprint, Fingerprint), NetError> {
    let (mut forward, mut backward) = (Fingerprint::new(), Fingerprint::new());
    for (i, activation) in Activation::ALL.into_iter().enumerate() {
        let (width, rows, depth) = ([70, 33, 128][i % 3], [7, 13, 2][i % 3], 6);
        let parameters = NetParameters { activation, sigma_w: 1.3, sigma_b: 0.2 };
        let mut nets = RandomNets::new(3, width, 1 << 20);
        let mut x = vec![0.0; rows * 40];
        Stream::new(i as u64, "inputs").fill_normal_f32(0, &mut x);
        let mut batch = projected(Stream::new(4, "projection"), x, rows, 40, width)?;
        let mut path = Vec::new();
        for layer in 0..depth {
            path.push(batch.row(0).to_vec());
            batch.forward(&nets.layer(1, layer)?, &parameters)?;
            forward.add([mean_square(batch.row(0)), cosine(batch.row(0), batch.row(1))]);
            forward.add_f32(&correlations(&batch.gram()?, rows));
        }
        forward.add_f32(batch.numbers());
        let mut delta = vec![0.0; 4 * width];
        Stream::new(5, "cotangents").fill_normal_f32(0, &mut delta);
        let mut delta = Batch::new(4, width, delta)?;
        for (layer, below) in path.iter().enumerate().rev() {
            delta.backward(&nets.layer(1, layer)?, &parameters, below)?;
            backward.add([mean_square(delta.numbers())]);
        }
        backward.add_f32(delta.numbers());
    }
    Ok((forward, backward))
}

fn singular_values() -> Result<Fingerprint, NetError> {
    let mut found = Fingerprint::new();
    for (is_orthogonal, activation) in [(false, Activation::Tanh), (true, Activation::Erf), (false, Activation::Relu)] {
        let width = 37;
        let mut z = vec![0.0; width];
        Stream::new(6, "inputs").fill_normal_f32(0, &mut z);
        let mut product = JacobianProduct::new(z)?;
        let mut nets = RandomNets::new(7, width, 0);
        for layer in 0..9 {
            let layer = nets.layer(0, layer)?;
            let layer = if is_orthogonal { orthogonal_layer(&layer)? } else { layer };
            product.push(&layer, &NetParameters { activation, sigma_w: 1.6, sigma_b: 0.1 })?;
        }
        let mut svd = product.svd();
        while !svd.advance(1000) {}
        found.add(product.mean_squares());
        found.add(svd.ln_singular_values());
    }
    Ok(found)
}

fn components() -> Result<Fingerprint, NetError> {
    let mut found = Fingerprint::new();
    let mut z = vec![0.0; 12 * 50];
    Stream::new(8, "points").fill_normal_f32(0, &mut z);
    let start: Vec<[f64; 3]> = (0..12).map(|i| [1.0, f64::from(i), f64::from(i * i % 7)]).collect();
    for point in three_components(&Batch::new(12, 50, z)?.gram()?, 12, &start) {
        found.add_f32(&point);
    }
    Ok(found)
}

fn training() -> Result<Fingerprint, NetError> {
    let mut found = Fingerprint::new();
    let mut inputs = vec![0.0; 60 * 5];
    Stream::new(9, "inputs").fill_normal_f32(0, &mut inputs);
    let examples = Examples::with_classes(5, inputs, (0..60).map(|i| i % 3).collect())?;
    for (loss, optimiser, activation) in [
        (Loss::CrossEntropy, Optimiser::adam(0.01), Activation::Gelu),
        (Loss::SquaredError, Optimiser::momentum(0.05, 0.9), Activation::Tanh),
    ] {
        let recipe = Recipe { sigma_w: 1.4, sigma_b: 0.1, loss, optimiser, batch: 20 };
        let shape = Shape::new(&[5, 11, 9, 3], activation)?;
        let mut trainer = Trainer::new(shape, recipe, Stream::new(10, "training"))?;
        for _ in 0..40 {
            let _moved = trainer.step(&examples)?;
        }
        found.add_f32(trainer.net().parameters());
        found.add([trainer.score(&examples)?.loss]);
    }
    Ok(found)
}
