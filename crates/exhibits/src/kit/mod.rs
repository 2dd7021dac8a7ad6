//! What an exhibit is written with, so that it is its science and its pictures: typed `controls!`, [`Part`]s that
//! any core can do, [`Sweep`]s that keep what is finished, a [`Scene`] to show results in, training [`Session`]s.
//!
//! ```text
//! controls! ──▶ Settings ──▶ Compute::run(settings, scene)
//!                              ├─ Kept::get      what follows from few settings, once
//!                              ├─ Sweep::fill    Part ▶ any core ▶ answer, kept by key
//!                              ├─ Scene::on_device   graphics device or CPU, as measured
//!                              └─ Scene::figure, readout, say, flush ──▶ Frame
//! ```

pub mod as_key;
mod controls;
mod dataset;
mod device;
mod gabor;
mod grid;
mod images;
mod kept;
mod part;
mod rounds;
mod rule;
mod run;
mod scene;
mod search;
mod session;
mod shown;
mod sweep;
mod track;

pub use exhibit::Values;
pub use exhibit::declaration::Control;

pub use controls::{Choices, FromInteger, Spec, choice, int, real, seed, switch, text};
pub use dataset::{LoadedSet, Loader, OWN_CHARS, Source, own_packs};
pub use device::{DeviceTimes, GpuFailure};
pub use gabor::{DAUGMAN, GABOR, gabor_pairs, gabor_shares, mean_share};
pub use grid::output_cells;
pub use images::{Images, grey};
pub use kept::Kept;
pub use part::{NoParts, Part, Tagged, run_part};
pub use rounds::{Rounds, rms_error, train_round};
pub use rule::Rule;
pub use run::{Compute, JobOf};
pub use scene::Scene;
pub use search::finished;
pub use session::{Session, train_to};
pub use shown::Shown;
pub use sweep::Sweep;
pub use track::Track;
