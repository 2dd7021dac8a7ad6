//! The controls, and what the computation makes of their values.

use exhibit::typed::formula;
use nets::engine::rules::Optimiser;
use theory::polynomial::{Polynomial, PolynomialError};
use theory::sawtooth::Target;

use crate::controls;
use crate::kit::{Choices, Rule};

/// Of a polynomial's coefficients together: pictures are drawn in f32.
const LARGEST: f64 = 1e30;
const TARGETS: Choices<TargetKind, 5> = Choices([
    ("sawtooth", "sawtooth", TargetKind::Sawtooth),
    ("square", "x²", TargetKind::Square),
    ("product", "product x·y", TargetKind::Product),
    ("polynomial", "polynomial", TargetKind::Polynomial),
    ("sine", "cos 2ᵏπx", TargetKind::Sine),
]);
const RULES: Choices<Rule, 2> = Choices([("adam", "Adam", Rule::Adam), ("sgd", "SGD", Rule::Sgd)]);
const RIVAL: &str = "Shallow rival";
const WEIGHTS: &str = "Perturbed weights";
const TRAINING: &str = "Training";

/// What the deep net is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// m^k.
    Sawtooth,
    /// x^2.
    Square,
    /// x y.
    Product,
    /// As typed.
    Polynomial,
    /// cos(2^k pi x).
    Sine,
}

controls! {
    /// The control values.
    pub struct Settings {
        k: u32 = int(1..=14, 5).play(1.0).name("depth").symbol("<mi>k</mi>")
            .help("Tents in a row, or steps of the approximation"),
        target: TargetKind = choice(TARGETS).name("target").symbol("<mi>f</mi>").help("What the deep net is built for"),
        polynomial: String = text("x^3 - 2x + 0.5", 120).name("polynomial").when("target", &["polynomial"])
            .help("In x, on −1 to 1, of degree up to 20"),
        y: f64 = real(-1.0..=1.0, 0.6).step(0.05).name("second factor").symbol("<mi>y</mi>").when("target", &["product"])
            .help("The net has both as inputs; this one is held"),
        m: usize = int(1..=4096, 5).log().name("shallow units").symbol("<mi>m</mi>").group(RIVAL)
            .help("Units of the net with one hidden layer"),
        points: u32 = int(1..=14, 5).name("alternating points, log₂").symbol("<msup><mi>k</mi><mo>′</mo></msup>")
            .group(RIVAL).help("2 to this power of points with labels 0, 1, 0, 1, …"),
        log_epsilon: f64 = real(-12.0..=-0.5, -3.0).step(0.5).name("tolerance")
            .symbol("<msub><mi>log</mi><mn>10</mn></msub><mi>ε</mi>").on("cost")
            .help("The error that is allowed, as a power of ten"),
        sigma: f64 = real(0.0..=1.0, 0.0).track(0.0, 0.3).step(0.01).name("perturbation").symbol("<mi>σ</mi>")
            .group(WEIGHTS).help("Every weight w becomes w(1 + σz), z standard normal"),
        seed: u64 = seed(1).group(WEIGHTS).help("Of the perturbations and of the nets that are trained"),
        train: bool = switch(&[("off", "off"), ("on", "on")]).name("train nets").group(TRAINING)
            .help("Whether gradient descent from random weights finds the sawtooth"),
        optimiser: Rule = choice(RULES).name("optimiser").group(TRAINING).when("train", &["on"])
            .help("Adam at rate 0.01, or SGD at 0.02 with momentum 0.9"),
        width: usize = int(2..=64, 2).log().step(2.0).name("units a layer").group(TRAINING).when("train", &["on"])
            .help("2 is the width of the net that does it"),
        steps: u64 = int(100..=20000, 4000).log().step(500.0).name("steps").group(TRAINING).when("train", &["on"])
            .help("Of 64 examples each"),
    }
}

impl Settings {
    /// What is to be computed, or what is wrong with the polynomial.
    pub(super) fn target(&self) -> Result<Target, String> {
        Ok(match self.target {
            TargetKind::Sawtooth => Target::Sawtooth { k: self.k },
            TargetKind::Square => Target::Square,
            TargetKind::Product => Target::Product { y: self.y },
            TargetKind::Polynomial => Target::Polynomial(polynomial(&self.polynomial)?),
            TargetKind::Sine => Target::Cosine { k: self.k, epsilon: libm::pow(10.0, self.log_epsilon) },
        })
    }

    /// The perturbation and what it is drawn from; the same for every seed where there is none.
    pub(super) fn perturbation(&self) -> (f64, u64) {
        (self.sigma, if self.is_perturbed() { self.seed } else { 0 })
    }

    pub(super) fn is_perturbed(&self) -> bool {
        self.sigma > 0.0
    }
}

/// A rule with its rate.
pub(super) fn optimiser(rule: Rule) -> Optimiser {
    rule.optimiser(if rule == Rule::Adam { 0.01 } else { 0.02 })
}

/// Reads a polynomial, as people type or paste them ([`formula`]).
///
/// # Errors
/// What is wrong with it, with the place in what was typed.
pub(super) fn polynomial(text: &str) -> Result<Polynomial, String> {
    let at = |place: usize, why: &dyn std::fmt::Display| format!("character {}: {why}", place + 1);
    let plain = formula(text).map_err(|error| at(error.position, &error))?;
    let read = plain.text().parse();
    let found: Polynomial = read.map_err(|error: PolynomialError| at(plain.place(error.position), &error))?;
    let size: f64 = found.coefficients().iter().map(|c| c.abs()).sum();
    if size > LARGEST { Err("its values are too large to be drawn".into()) } else { Ok(found) }
}
