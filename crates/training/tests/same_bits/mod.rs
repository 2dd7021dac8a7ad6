//! A fingerprint of training curves and trained parameters, to the bit. The native test and the one in a browser expect the same.

use std::sync::Arc;

use data::distort::Distortion;
use nets::engine::Init;
use nets::engine::models::Pooling;
use nets::engine::rules::{Optimiser, Rule, Schedule};
use theory::Activation;
use training::{Images, Loss, Model, Recipe, Spec, Step, Trainer, TrainingError};

/// What [`found`] gives everywhere.
pub(crate) const EXPECTED: [(&str, u64); 3] = [
    ("LeNet-5, distorted images", 0xe1a8_bc1e_1e37_ff03),
    ("residual CNN, batch norm, parts", 0x95da_db19_f03e_b321),
    ("autoencoder, Adam", 0x9e0f_dfb6_b720_e22a),
];

pub(crate) fn found() -> Result<[(&'static str, u64); 3], TrainingError> {
    let lenet = Model::LeNet5 { activation: Activation::Tanh, pooling: Pooling::Max };
    let distorted = Recipe {
        distortion: Some(Distortion::ELASTIC),
        schedule: Schedule::Cosine { steps: 8, last: 0.0 },
        warm_up: 2,
        batch: 20,
        ..Recipe::new(Optimiser::momentum(0.05, 0.9), 11)
    };
    let cnn = Model::Cnn { depth: 8, channels: 2, is_residual: true, has_norms: true, activation: Activation::Gelu };
    let in_parts = Recipe { batch: 21, parts: 2, ..Recipe::new(Optimiser::new(Rule::nesterov(0.9), 0.02), 12) };
    let autoencoder = Model::Autoencoder { hidden: vec![30], code: 3, activation: Activation::Silu };
    let adam = Recipe { loss: Loss::Reconstruction, batch: 12, ..Recipe::new(Optimiser::new(Rule::ADAM, 0.01), 13) };
    let found = [
        (lenet, Init::LeCun, distorted),
        (cnn, Init::He, in_parts),
        (autoencoder, Init::Orthogonal { gain: 1.0 }, adam),
    ];
    let mut fingerprints = EXPECTED;
    for (fingerprint, (model, init, recipe)) in fingerprints.iter_mut().zip(found) {
        fingerprint.1 = curve(&Spec { model, init }, recipe)?;
    }
    Ok(fingerprints)
}

/// FNV-1a over the bits of ten losses, of the parameters after them, and of a score and a curvature there.
fn curve(spec: &Spec, recipe: Recipe) -> Result<u64, TrainingError> {
    let pack = data::digits::generate_pack(9, 60).map_err(|_too_large| TrainingError::NoImages)?;
    let images = Arc::new(Images::new(&pack));
    let mut trainer = Trainer::new(spec, Arc::clone(&images), recipe)?;
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |number: f64| {
        assert!(!number.is_nan(), "a NaN has no bits that are the same everywhere");
        for byte in number.to_bits().to_le_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for _ in 0..10 {
        if let Step::Done { loss, right } = trainer.step()? {
            add(loss);
            add(right);
        }
    }
    let state = trainer.state();
    state.parameters().iter().chain(state.statistics()).for_each(|p| add(f64::from(*p)));
    add(trainer.score(&images, 0..60)?.loss);
    add(trainer.sharpness(16, 4)?.lambda_max);
    Ok(hash)
}
