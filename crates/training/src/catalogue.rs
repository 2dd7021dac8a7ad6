//! Trainings that the lab knows by name: those of the literature, and those whose nets the lab ships.

use data::distort::Distortion;
use nets::engine::Init;
use nets::engine::models::Pooling;
use nets::engine::rules::{Optimiser, Schedule};
use theory::Activation;

use crate::{DataSet, Model, Recipe, Spec};

/// A training with everything that it depends on but the seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name on the command line and of its file.
    pub key: &'static str,
    /// What it is.
    pub what: &'static str,
    /// The images it is trained on.
    pub data: DataSet,
    /// The images it is tested on.
    pub test: DataSet,
    /// How often every image is seen.
    pub epochs: u64,
    /// The largest test error that it is to have.
    pub bar: &'static str,
}

/// All of them.
pub const CATALOGUE: [Named; 6] = [
    Named {
        key: "784-100-10",
        what: "a perceptron with one hidden layer of 100 tanh on MNIST; LeCun et al. 1998 have 4.7 % for 300 units",
        data: DataSet::Mnist,
        test: DataSet::Mnist,
        epochs: 10,
        bar: "4.7 %",
    },
    Named {
        key: "lenet-5",
        what: "LeNet-5 on MNIST; LeCun et al. 1998 have 0.95 %",
        data: DataSet::Mnist,
        test: DataSet::Mnist,
        epochs: 20,
        bar: "0.95 %",
    },
    Named {
        key: "lenet-5-distorted",
        what: "LeNet-5 on MNIST with distortions; LeCun et al. 1998 have 0.8 %",
        data: DataSet::Mnist,
        test: DataSet::Mnist,
        epochs: 20,
        bar: "0.8 %",
    },
    Named {
        key: "lenet-5-digits",
        what: "LeNet-5 on generated digits with distortions, tested on MNIST's",
        data: DataSet::Digits,
        test: DataSet::Mnist,
        epochs: 8,
        bar: "8 %",
    },
    Named {
        key: "lenet-5-fashion",
        what: "LeNet-5 on Fashion-MNIST",
        data: DataSet::FashionMnist,
        test: DataSet::FashionMnist,
        epochs: 20,
        bar: "12 %",
    },
    Named {
        key: "residual-8",
        what: "a residual CNN of depth 8 with batch norm on MNIST",
        data: DataSet::Mnist,
        test: DataSet::Mnist,
        epochs: 4,
        bar: "1.5 %",
    },
];

impl Named {
    /// The training of this name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<&'static Self> {
        CATALOGUE.iter().find(|named| named.key == key)
    }

    /// The net.
    #[must_use]
    pub fn spec(&self) -> Spec {
        let lenet = |activation| Model::LeNet5 { activation, pooling: Pooling::Max };
        match self.key {
            "784-100-10" => {
                Spec { model: Model::Perceptron { hidden: vec![100], activation: Activation::Tanh }, init: Init::LeCun }
            }
            "residual-8" => Spec {
                model: Model::Cnn {
                    depth: 8,
                    channels: 8,
                    is_residual: true,
                    has_norms: true,
                    activation: Activation::Relu,
                },
                init: Init::He,
            },
            "lenet-5" => Spec { model: lenet(Activation::Tanh), init: Init::LeCun },
            _ => Spec { model: lenet(Activation::Relu), init: Init::He },
        }
    }

    /// The recipe for so many images.
    #[must_use]
    pub fn recipe(&self, images: usize, seed: u64) -> Recipe {
        let (learning_rate, decay) = match self.key {
            "784-100-10" => (0.05, 0.0),
            "lenet-5-distorted" => (0.01, 5e-4),
            "lenet-5-digits" => (0.02, 5e-4),
            _ => (0.05, 5e-4),
        };
        let mut recipe = Recipe::new(Optimiser { decay, ..Optimiser::momentum(learning_rate, 0.9) }, seed);
        recipe.schedule = Schedule::Cosine { steps: self.epochs * recipe.steps_of_an_epoch(images), last: 0.0 };
        let is_distorted = matches!(self.key, "lenet-5-distorted" | "lenet-5-digits");
        recipe.distortion = is_distorted.then_some(Distortion::ELASTIC);
        recipe
    }
}
