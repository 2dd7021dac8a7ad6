//! Trainings that the lab knows by name: those of the literature, and those whose nets the lab ships.

use data::distort::Distortion;
use nets::engine::rules::{Optimiser, Schedule};
use theory::Activation;

use crate::{DataSet, NetKind, Recipe, Spec};

/// A training with everything that it depends on but the seed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Named {
    /// Its name on the command line and of its file.
    pub key: &'static str,
    /// What it is.
    pub what: &'static str,
    /// The net.
    pub net: NetKind,
    /// Between its layers.
    pub activation: Activation,
    /// The images it is trained on.
    pub data: DataSet,
    /// The images it is tested on.
    pub test: DataSet,
    /// How often every image is seen.
    pub epochs: u64,
    /// At the first step; it falls to zero along a cosine.
    pub learning_rate: f64,
    /// Weight decay.
    pub decay: f64,
    /// How images are distorted anew each time.
    pub distortion: Option<Distortion>,
    /// The largest test error that it is to have.
    pub bar: &'static str,
}

/// All of them.
pub const CATALOGUE: [Named; 6] = [
    Named {
        key: "784-100-10",
        what: "a perceptron with one hidden layer of 100 tanh on MNIST; LeCun et al. 1998 have 4.7 % for 300 units",
        net: NetKind::Perceptron,
        activation: Activation::Tanh,
        data: DataSet::Mnist,
        test: DataSet::Mnist,
        epochs: 10,
        learning_rate: 0.05,
        decay: 0.0,
        distortion: None,
        bar: "4.7 %",
    },
    Named {
        key: "lenet-5",
        what: "LeNet-5 on MNIST; LeCun et al. 1998 have 0.95 %",
        net: NetKind::LeNet5,
        activation: Activation::Tanh,
        data: DataSet::Mnist,
        test: DataSet::Mnist,
        epochs: 20,
        learning_rate: 0.05,
        decay: 5e-4,
        distortion: None,
        bar: "0.95 %",
    },
    Named {
        key: "lenet-5-distorted",
        what: "LeNet-5 on MNIST with distortions; LeCun et al. 1998 have 0.8 %",
        net: NetKind::LeNet5,
        activation: Activation::Relu,
        data: DataSet::Mnist,
        test: DataSet::Mnist,
        epochs: 20,
        learning_rate: 0.01,
        decay: 5e-4,
        distortion: Some(Distortion::ELASTIC),
        bar: "0.8 %",
    },
    Named {
        key: "lenet-5-digits",
        what: "LeNet-5 on generated digits with distortions, tested on MNIST's",
        net: NetKind::LeNet5,
        activation: Activation::Relu,
        data: DataSet::Digits,
        test: DataSet::Mnist,
        epochs: 8,
        learning_rate: 0.02,
        decay: 5e-4,
        distortion: Some(Distortion::ELASTIC),
        bar: "8 %",
    },
    Named {
        key: "lenet-5-fashion",
        what: "LeNet-5 on Fashion-MNIST",
        net: NetKind::LeNet5,
        activation: Activation::Relu,
        data: DataSet::FashionMnist,
        test: DataSet::FashionMnist,
        epochs: 20,
        learning_rate: 0.05,
        decay: 5e-4,
        distortion: None,
        bar: "12 %",
    },
    Named {
        key: "residual-8",
        what: "a residual CNN of depth 8 with batch norm on MNIST",
        net: NetKind::Residual,
        activation: Activation::Relu,
        data: DataSet::Mnist,
        test: DataSet::Mnist,
        epochs: 4,
        learning_rate: 0.05,
        decay: 5e-4,
        distortion: None,
        bar: "1.5 %",
    },
];

impl Named {
    /// The training of this name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<&'static Self> {
        CATALOGUE.iter().find(|named| named.key == key)
    }

    /// The net, as it is drawn.
    #[must_use]
    pub fn spec(&self) -> Spec {
        self.net.spec(self.activation)
    }

    /// The recipe for so many images.
    #[must_use]
    pub fn recipe(&self, images: usize, seed: u64) -> Recipe {
        let optimiser = Optimiser { decay: self.decay, ..Optimiser::momentum(self.learning_rate, 0.9) };
        let recipe = Recipe { distortion: self.distortion, ..Recipe::new(optimiser, seed) };
        let steps = self.epochs * recipe.steps_of_an_epoch(images);
        Recipe { schedule: Schedule::Cosine { steps, last: 0.0 }, ..recipe }
    }
}
