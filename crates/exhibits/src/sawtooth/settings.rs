//! The control values as the computation uses them.

use nets::mlp::Optimiser;
use theory::polynomial::{Polynomial, PolynomialError};

use super::task::Task;
use crate::job::JobError;
use crate::values::Values;

/// The name of the control that holds a polynomial; a notice that starts with it stands beside its field.
pub(super) const POLYNOMIAL: &str = "polynomial";

/// Of a polynomial's coefficients together: pictures are drawn in f32.
const LARGEST: f64 = 1e30;

/// The control values.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// Tents, or steps of an approximation.
    pub(super) k: u32,
    /// Units of the shallow rival.
    pub(super) m: usize,
    /// Or what is wrong with the polynomial.
    pub(super) task: Result<Task, String>,
    pub(super) log_epsilon: f64,
    /// There are 2 to this power of alternating points.
    pub(super) points: u32,
    pub(super) sigma: f64,
    pub(super) seed: u64,
    pub(super) train: bool,
    pub(super) width: usize,
    pub(super) steps: usize,
    pub(super) optimiser: Optimiser,
}

impl Settings {
    /// # Errors
    /// A sentence, should a declared choice not be known here (a test walks through all).
    pub(super) fn from_values(values: &Values) -> Result<Self, JobError> {
        let unknown = |key: &str| JobError::Failed(format!("{key} = “{}” is not known here", values.choice(key)));
        let k = values.size("k") as u32;
        let log_epsilon = values.real("log_epsilon");
        let task = match values.choice("target") {
            "sawtooth" => Ok(Task::Sawtooth { k }),
            "square" => Ok(Task::Square),
            "product" => Ok(Task::Product { y: values.real("y") }),
            "polynomial" => polynomial(&values.text("polynomial")).map(Task::Polynomial),
            "sine" => Ok(Task::Sine { k, epsilon: libm::pow(10.0, log_epsilon) }),
            _ => return Err(unknown("target")),
        };
        Ok(Self {
            k,
            m: values.size("m"),
            task,
            log_epsilon,
            points: values.size("points") as u32,
            sigma: values.real("sigma"),
            seed: values.seed("seed"),
            train: values.choice("train") == "on",
            width: values.size("width"),
            steps: values.size("steps"),
            optimiser: match values.choice("optimiser") {
                "adam" => Optimiser::adam(0.01),
                "sgd" => Optimiser::Sgd { learning_rate: 0.02, momentum: 0.9 },
                _ => return Err(unknown("optimiser")),
            },
        })
    }
}

fn polynomial(text: &str) -> Result<Polynomial, String> {
    let found: Polynomial = text.parse().map_err(|error: PolynomialError| {
        let place = error.position + 1;
        format!("character {place}: {error}")
    })?;
    let size: f64 = found.coefficients().iter().map(|c| c.abs()).sum();
    if size > LARGEST { Err("its values are too large to be drawn".into()) } else { Ok(found) }
}

/// What is wrong with a polynomial as it is typed, with the place.
pub(super) fn check_polynomial(text: &str) -> Result<(), String> {
    polynomial(text).map(drop)
}
