//! The controls, and what the computation makes of their values.

use theory::jacobian::Ensemble;
use theory::{Activation, MeanField};

use crate::controls;
use crate::job::JobError;
use crate::kit::Choices;

const ACTIVATIONS: Choices<Activation, 12> = Choices([
    ("tanh", "tanh", Activation::Tanh),
    ("erf", "erf", Activation::Erf),
    ("erf_unit_slope", "erf, slope 1", Activation::ErfUnitSlope),
    ("relu", "ReLU", Activation::Relu),
    ("leaky_relu", "leaky ReLU", Activation::LeakyRelu),
    ("hard_tanh", "hard tanh", Activation::HardTanh),
    ("sigmoid", "sigmoid", Activation::Sigmoid),
    ("gelu", "GELU", Activation::Gelu),
    ("silu", "SiLU", Activation::Silu),
    ("softplus", "softplus", Activation::Softplus),
    ("sin", "sine", Activation::Sin),
    ("linear", "linear", Activation::Linear),
]);
const INPUTS: Choices<InputKind, 4> = Choices([
    ("circle", "points on a circle", InputKind::Circle),
    ("pair", "a pair at correlation c₀", InputKind::Pair),
    ("two_digits", "two digits", InputKind::TwoDigits),
    ("digits", "digits by class", InputKind::Digits),
]);
const MAPS: Choices<MapKind, 4> = Choices([
    ("log_chi_1", "ln χ₁", MapKind::LogChi1),
    ("xi_c", "depth scale ξ_c", MapKind::XiC),
    ("q_star", "length q*", MapKind::QStar),
    ("c_star", "correlation c*", MapKind::CStar),
]);
const ENSEMBLES: Choices<Ensemble, 2> =
    Choices([("gaussian", "Gaussian", Ensemble::Gaussian), ("orthogonal", "orthogonal", Ensemble::Orthogonal)]);
const NETS: &str = "Simulated nets";
const FED_IN: &str = "Inputs";

controls! {
    /// The control values.
    pub struct Settings {
        sigma_w: f64 = real(0.0..=20.0, 1.5).track(0.0, 5.0).step(0.05).name("weight scale")
            .symbol("<msub><mi>σ</mi><mi>w</mi></msub>").help("Weights are drawn with standard deviation σ_w/√width"),
        sigma_b: f64 = real(0.0..=20.0, 0.3).track(0.0, 2.0).step(0.02).name("bias scale")
            .symbol("<msub><mi>σ</mi><mi>b</mi></msub>").help("Biases are drawn with standard deviation σ_b"),
        activation: Activation = choice(ACTIVATIONS).name("activation").symbol("<mi>φ</mi>")
            .help("The nonlinearity between layers"),
        depth: usize = int(1..=200, 30).step(5.0).name("depth").symbol("<mi>L</mi>").help("Number of layers"),
        width: usize = int(10..=2000, 300).log().step(50.0).name("width").symbol("<mi>N</mi>").group(NETS)
            .help("Neurons in each layer of the simulated nets; theory is the limit of large width"),
        nets: usize = int(1..=50, 10).step(5.0).name("random nets").group(NETS)
            .help("Number of independent nets; points are their mean, bars one standard deviation"),
        seed: u64 = seed(1).group(NETS).help("The same seed draws the same nets"),
        inputs: InputKind = choice(INPUTS).name("inputs").group(FED_IN).help("What is fed into the nets"),
        n_inputs: usize = int(4..=128, 48).step(8.0).name("points").group(FED_IN).when("inputs", &["circle"])
            .help("Number of points on the circle"),
        c_0: f64 = real(-1.0..=1.0, 0.6).step(0.05).name("initial correlation")
            .symbol("<msub><mi>c</mi><mn>0</mn></msub>").group(FED_IN).when("inputs", &["circle", "pair"])
            .help("Correlation of the pair’s pre-activations at layer 0, and the start of the cobweb"),
        q_0: f64 = real(0.001..=100.0, 1.0).track(0.001, 5.0).step(0.1).name("initial length")
            .symbol("<msub><mi>q</mi><mn>0</mn></msub>").group(FED_IN)
            .help("Mean squared pre-activation of each input at layer 0"),
        image_a: usize = int(0..=1999, 0).step(10.0).name("first image").group(FED_IN).when("inputs", &["two_digits"])
            .help("Its number in the data set"),
        image_b: usize = int(0..=1999, 1).step(10.0).name("second image").group(FED_IN).when("inputs", &["two_digits"])
            .help("Its number in the data set"),
        map: MapKind = choice(MAPS).name("map of").on("phase").help("What the phase map shows"),
        layer: usize = int(0..=200, 10).play(4.0).name("layer").symbol("<mi>l</mi>").on("correlation-matrix")
            .help("The layer whose correlations and manifold are shown; beyond the depth, the last one"),
        weights: Ensemble = choice(ENSEMBLES).name("weights").on("jacobian-spectrum")
            .help("How the weights of the nets whose Jacobian is taken are drawn"),
        train: bool = switch(&[("off", "pause"), ("on", "train")]).name("training").on("trainability")
            .help("Trains all nets of the map, about a minute of work on two cores"),
    }
}

/// What is fed into the nets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// Points on a circle.
    Circle,
    /// Two vectors at a correlation.
    Pair,
    /// Two images.
    TwoDigits,
    /// Two images of each class.
    Digits,
}

impl InputKind {
    pub(super) fn is_images(self) -> bool {
        matches!(self, Self::TwoDigits | Self::Digits)
    }
}

/// What the phase map shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapKind {
    /// `ln chi_1`.
    LogChi1,
    /// The depth scale of correlations.
    XiC,
    /// The length fixed point.
    QStar,
    /// The correlation fixed point.
    CStar,
}

impl Settings {
    /// Theory's nets.
    pub(super) fn field(&self) -> Result<MeanField, JobError> {
        Ok(MeanField::new(self.activation, self.sigma_w, self.sigma_b)?)
    }

    /// At most `depth`.
    pub(super) fn shown_layer(&self) -> usize {
        self.layer.min(self.depth)
    }

    /// Numbers of the two images.
    pub(super) fn images(&self) -> [usize; 2] {
        [self.image_a, self.image_b]
    }
}
