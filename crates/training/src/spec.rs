//! Which net.

use std::fmt;

use nets::engine::models::{Cnn, Pooling, autoencoder, lenet_5, perceptron};
use nets::engine::{Dims, Init, Net};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use theory::Activation;

use crate::TrainingError;

/// The form of a net, apart from what it takes and how many classes it tells apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Model {
    /// See [`perceptron`].
    Perceptron {
        /// Widths between input and output.
        hidden: Vec<usize>,
        /// Between the layers.
        #[serde(serialize_with = "write_key", deserialize_with = "read_key")]
        activation: Activation,
    },
    /// See [`lenet_5`].
    LeNet5 {
        /// Between the layers.
        #[serde(serialize_with = "write_key", deserialize_with = "read_key")]
        activation: Activation,
        /// Of its two poolings.
        pooling: Pooling,
    },
    /// See [`Cnn`].
    Cnn {
        /// Layers with weights: 8, 14, 20, 26, 32.
        depth: usize,
        /// Filters of the first stage.
        channels: usize,
        /// Whether every second layer adds what came before it.
        is_residual: bool,
        /// Whether filters end in a batch norm.
        has_norms: bool,
        /// Between the layers.
        #[serde(serialize_with = "write_key", deserialize_with = "read_key")]
        activation: Activation,
    },
    /// See [`autoencoder`].
    Autoencoder {
        /// Widths down to the code, and in reverse up again.
        hidden: Vec<usize>,
        /// Width of the code.
        code: usize,
        /// Between the layers.
        #[serde(serialize_with = "write_key", deserialize_with = "read_key")]
        activation: Activation,
    },
}

/// A net before it is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// Its form.
    pub model: Model,
    /// How its weights are drawn.
    pub init: Init,
}

impl Spec {
    /// The net for inputs of this form and so many classes.
    ///
    /// # Errors
    /// What the model says of its sizes, and [`TrainingError::Size`] for images that it does not take.
    pub fn net(&self, input: Dims, classes: usize) -> Result<Net, TrainingError> {
        let init = self.init;
        Ok(match &self.model {
            Model::Perceptron { hidden, activation } => {
                let widths = [&[input.features()], hidden.as_slice(), &[classes]].concat();
                perceptron(&widths, *activation, init)?
            }
            Model::LeNet5 { activation, pooling } => {
                let net = lenet_5(*activation, *pooling, init)?;
                if net.input() != input {
                    let Dims { rows, columns: cols, .. } = net.input();
                    return Err(TrainingError::Size { rows, cols, got_rows: input.rows, got_cols: input.columns });
                }
                if net.output().features() < classes {
                    return Err(nets::NetError::NoClass { got: classes - 1, classes: net.output().features() }.into());
                }
                net
            }
            Model::Cnn { depth, channels, is_residual, has_norms, activation } => Cnn {
                input,
                classes,
                depth: *depth,
                channels: *channels,
                is_residual: *is_residual,
                has_norms: *has_norms,
                activation: *activation,
                init,
            }
            .net()?,
            Model::Autoencoder { hidden, code, activation } => {
                autoencoder(input.features(), hidden, *code, *activation, init)?.0
            }
        })
    }
}

/// A net that the lab's exhibits and named trainings share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NetKind {
    /// LeNet-5 with max pooling (LeCun et al. 1998).
    LeNet5,
    /// One hidden layer of 100.
    Perceptron,
    /// A residual CNN of depth 8 and 8 channels, with batch norm; always with ReLU.
    Residual,
}

impl NetKind {
    /// The net, drawn after He for ReLU and after LeCun for other activations.
    #[must_use]
    pub fn spec(self, activation: Activation) -> Spec {
        let activation = if self == Self::Residual { Activation::Relu } else { activation };
        let model = match self {
            Self::LeNet5 => Model::LeNet5 { activation, pooling: Pooling::Max },
            Self::Perceptron => Model::Perceptron { hidden: vec![100], activation },
            Self::Residual => Model::Cnn { depth: 8, channels: 8, is_residual: true, has_norms: true, activation },
        };
        Spec { model, init: if activation == Activation::Relu { Init::He } else { Init::LeCun } }
    }
}

/// What students call it: `perceptron with hidden layers of 100 and 50 (tanh)`, `LeNet-5 (relu, max pooling)`.
impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |widths: &[usize]| widths.iter().map(usize::to_string).collect::<Vec<_>>().join("-");
        match self {
            Self::Perceptron { hidden, .. } if hidden.is_empty() => {
                write!(f, "linear classifier")
            }
            Self::Perceptron { hidden, activation } => {
                write!(f, "perceptron with hidden widths {} ({})", list(hidden), activation.label())
            }
            Self::LeNet5 { activation, pooling } => {
                let pooling = match pooling {
                    Pooling::Mean => "average",
                    Pooling::Max => "max",
                };
                write!(f, "LeNet-5 ({}, {pooling} pooling)", activation.label())
            }
            Self::Cnn { depth, channels, is_residual, has_norms, activation } => {
                let kind = if *is_residual { "residual" } else { "plain" };
                let norms = if *has_norms { "with" } else { "without" };
                let phi = activation.label();
                write!(f, "{kind} CNN of depth {depth} and {channels} channels ({phi}, {norms} batch norm)")
            }
            Self::Autoencoder { hidden, code, activation } => {
                write!(f, "autoencoder with widths {} and a code of {code} ({})", list(hidden), activation.label())
            }
        }
    }
}

fn write_key<S: Serializer>(activation: &Activation, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(activation.key())
}

fn read_key<'de, D: Deserializer<'de>>(from: D) -> Result<Activation, D::Error> {
    let key = String::deserialize(from)?;
    Activation::from_key(&key).ok_or_else(|| serde::de::Error::custom(format!("there is no activation {key}")))
}
