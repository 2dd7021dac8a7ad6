//! A net with the way it was made, as a file.

use nets::engine::{Dims, Net};
use nets::export::{NetFile, Place, Vector, places};
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use crate::{Recipe, Spec, Standard, Trainer, TrainingError};

/// The entry of a file's metadata that says how its net was made.
const ABOUT: &str = "depthscope";

/// What was measured on a net when its training ended, as shares of images that are classified wrongly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Of the images that it was trained on, where that was measured.
    pub train_error: Option<f64>,
    /// Of test images of the same data set.
    pub test_error: Option<f64>,
}

/// How a net was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// Which net.
    pub spec: Spec,
    /// Rows and columns of the images that it takes.
    pub image: [usize; 2],
    /// Classes that it tells apart.
    pub classes: usize,
    /// How it was trained.
    pub recipe: Recipe,
    /// The steps that were made.
    pub steps: u64,
    /// The name of the data set.
    pub data: String,
    /// How its images become numbers.
    pub standard: Standard,
    /// What was measured.
    pub scores: Scores,
}

/// A net with its parameters and how it came to them.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainedNet {
    /// How it was made.
    pub origin: Origin,
    /// Its parameters.
    pub parameters: Vec<f32>,
    /// Running statistics of its batch norms.
    pub statistics: Vec<f32>,
}

/// Why a file is not a net.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is of another format, or damaged.
    #[error("the file is not safetensors: {0}")]
    Format(#[from] safetensors::SafeTensorError),
    /// It does not say which net it holds.
    #[error("the file's metadata have no entry `{ABOUT}`, which would say which net it holds")]
    NoOrigin,
    /// What it says cannot be read.
    #[error("the entry `{ABOUT}` of the file's metadata cannot be read: {0}")]
    Origin(#[from] serde_json::Error),
    /// It says impossible things.
    #[error("the file's recipe is impossible: {0}")]
    Recipe(#[from] TrainingError),
    /// A tensor is missing.
    #[error("the file has no tensor `{name}` of the form {shape:?}")]
    Missing {
        /// Its name.
        name: String,
        /// Its form.
        shape: Vec<usize>,
    },
    /// A tensor is of another form or kind.
    #[error("the tensor `{name}` should be F32 of the form {shape:?}, but is {got_kind:?} of the form {got:?}")]
    Shape {
        /// Its name.
        name: String,
        /// The form it should have.
        shape: Vec<usize>,
        /// The form it has.
        got: Vec<usize>,
        /// Its numbers' kind.
        got_kind: Dtype,
    },
    /// A number is infinite or NaN.
    #[error("the tensor `{name}` holds {got} at place {place}, which is not a finite number")]
    NotFinite {
        /// Its name.
        name: String,
        /// Where, row-major.
        place: usize,
        /// What stands there.
        got: f32,
    },
}

impl Origin {
    /// The net, without its parameters.
    ///
    /// # Errors
    /// What the net says of its sizes.
    pub fn net(&self) -> Result<Net, TrainingError> {
        let [rows, columns] = self.image;
        self.spec.net(Dims::image(1, rows, columns), self.classes)
    }
}

impl TrainedNet {
    /// Where a training has come, of a net of this spec on images of the data set `data`.
    #[must_use]
    pub fn of(trainer: &Trainer, spec: Spec, data: &str, scores: Scores) -> Self {
        let (images, state) = (trainer.images(), trainer.state());
        let origin = Origin {
            spec,
            image: [images.dims().rows, images.dims().columns],
            classes: images.n_classes(),
            recipe: trainer.recipe().clone(),
            steps: state.step(),
            data: data.to_owned(),
            standard: images.standard(),
            scores,
        };
        Self { origin, parameters: state.parameters().to_vec(), statistics: state.statistics().to_vec() }
    }

    /// The file, in the format safetensors with the names that PyTorch expects ([`places`]). The same net gives the same bytes.
    ///
    /// # Errors
    /// For parameters of another net than the origin's.
    pub fn to_file(&self, name: &str) -> Result<NetFile, TrainingError> {
        let file = NetFile::from_net(name, &self.origin.net()?, &self.parameters, &self.statistics)?;
        let about = serde_json::to_string(&self.origin).unwrap_or_default();
        Ok(file.with_metadata(ABOUT, &about))
    }

    /// The net of a file that this lab has written.
    ///
    /// # Errors
    /// [`FileError`], on arbitrary bytes too.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FileError> {
        let (_, header) = SafeTensors::read_metadata(bytes)?;
        let about = header.metadata().as_ref().and_then(|metadata| metadata.get(ABOUT)).ok_or(FileError::NoOrigin)?;
        let origin: Origin = serde_json::from_str(about)?;
        origin.recipe.check()?;
        let (parameters, statistics) = vectors_from_bytes(bytes, &origin.net()?)?;
        Ok(Self { origin, parameters, statistics })
    }
}

/// Parameters and statistics of a net from a file of anybody's that has its tensors.
///
/// # Errors
/// [`FileError`], on arbitrary bytes too.
pub fn vectors_from_bytes(bytes: &[u8], net: &Net) -> Result<(Vec<f32>, Vec<f32>), FileError> {
    let file = SafeTensors::deserialize(bytes)?;
    let mut parameters = vec![0.0; net.n_parameters()];
    let mut statistics = vec![0.0; net.n_statistics()];
    for Place { name, shape, vector, range } in places(net) {
        let Ok(tensor) = file.tensor(&name) else { return Err(FileError::Missing { name, shape }) };
        if tensor.dtype() != Dtype::F32 || tensor.shape() != shape {
            return Err(FileError::Shape { name, shape, got: tensor.shape().to_vec(), got_kind: tensor.dtype() });
        }
        let into = match vector {
            Vector::Parameters => &mut parameters[range],
            Vector::Statistics => &mut statistics[range],
        };
        for (place, (number, four)) in into.iter_mut().zip(tensor.data().as_chunks().0).enumerate() {
            *number = f32::from_le_bytes(*four);
            if !number.is_finite() {
                return Err(FileError::NotFinite { name, place, got: *number });
            }
        }
    }
    Ok((parameters, statistics))
}
