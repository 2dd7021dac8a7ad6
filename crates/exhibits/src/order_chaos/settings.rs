//! The control values as the computation uses them.

use exhibit::Values;
use theory::jacobian::Ensemble;
use theory::{Activation, MeanField};

use crate::job::JobError;

/// What is fed into the nets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InputKind {
    Circle,
    Pair,
    TwoDigits,
    Digits,
}

/// What the phase map shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MapKind {
    LogChi1,
    XiC,
    QStar,
    CStar,
}

/// The control values.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) activation: Activation,
    pub(super) sigma_w: f64,
    pub(super) sigma_b: f64,
    pub(super) field: MeanField,
    /// The same, quicker, for curves that are drawn.
    pub(super) sketch: MeanField,
    pub(super) depth: usize,
    pub(super) width: usize,
    pub(super) nets: usize,
    pub(super) seed: u64,
    pub(super) inputs: InputKind,
    pub(super) n_inputs: usize,
    pub(super) c_0: f64,
    pub(super) q_0: f64,
    pub(super) images: [usize; 2],
    pub(super) map: MapKind,
    /// Of the nets whose Jacobian is taken; all others are Gaussian.
    pub(super) ensemble: Ensemble,
    /// Whether the nets of the trainability map are to be trained.
    pub(super) train: bool,
    /// At most `depth`.
    pub(super) layer: usize,
}

impl Settings {
    /// # Errors
    /// A sentence, should a declared choice not be known here (a test walks through all).
    pub(super) fn from_values(values: &Values) -> Result<Self, JobError> {
        let unknown = |key: &str| JobError::Failed(format!("{key} = “{}” is not known here", values.choice(key)));
        let activation = Activation::from_key(values.choice("activation")).ok_or_else(|| unknown("activation"))?;
        let (sigma_w, sigma_b) = (values.real("sigma_w"), values.real("sigma_b"));
        let field = MeanField::new(activation, sigma_w, sigma_b).map_err(|e| JobError::Failed(e.to_string()))?;
        let depth = values.size("depth");
        Ok(Self {
            activation,
            sigma_w,
            sigma_b,
            sketch: field.coarse(),
            field,
            depth,
            width: values.size("width"),
            nets: values.size("nets"),
            seed: values.seed("seed"),
            inputs: match values.choice("inputs") {
                "circle" => InputKind::Circle,
                "pair" => InputKind::Pair,
                "two_digits" => InputKind::TwoDigits,
                "digits" => InputKind::Digits,
                _ => return Err(unknown("inputs")),
            },
            n_inputs: values.size("n_inputs"),
            c_0: values.real("c_0"),
            q_0: values.real("q_0"),
            images: [values.size("image_a"), values.size("image_b")],
            map: match values.choice("map") {
                "log_chi_1" => MapKind::LogChi1,
                "xi_c" => MapKind::XiC,
                "q_star" => MapKind::QStar,
                "c_star" => MapKind::CStar,
                _ => return Err(unknown("map")),
            },
            ensemble: Ensemble::from_key(values.choice("weights")).ok_or_else(|| unknown("weights"))?,
            train: values.choice("train") == "on",
            layer: values.size("layer").min(depth),
        })
    }
}
