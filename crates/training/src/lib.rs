//! Training of nets of the engine on labelled images, from a recipe, in sessions that go back and forth.
//!
//! 1. A [`Spec`] says which net, a [`Recipe`] how it is trained; together with [`Images`] they determine every number: all that
//!    is random is drawn from streams of the recipe's seed.
//! 2. A [`Trainer`] makes one step after the other; its [`State`] is all that a step depends on.
//! 3. A [`Session`] keeps states on the way, within a bound of memory, and goes to any step and on again with the same bits.
//! 4. [`Trainer::score`] and [`Trainer::sharpness`] look at where training has come.
//! 5. A [`TrainedNet`] is a net with the way it was made, as a file that PyTorch's users can open.
//! 6. [`DataSet`]s and trainings ([`Named`]) have names; `depthscope train NAME` repeats one.

mod catalogue;
mod dataset;
mod error;
mod images;
mod readme;
mod recipe;
mod session;
mod sharpness;
mod spec;
mod trained;

mod trainer;

pub use catalogue::{CATALOGUE, Named};
pub use dataset::{DataSet, IN_A_PIECE, Piece};
pub use error::TrainingError;
pub use images::{Images, Standard};
pub use recipe::{Loss, Recipe};
pub use session::{Curve, Session};
pub use sharpness::Sharpness;
pub use spec::{Model, NetKind, Spec};
pub use trained::{FileError, Origin, Scores, TrainedNet, vectors_from_bytes};

pub use trainer::{Part, PartAnswer, Score, State, Step, Trainer};
