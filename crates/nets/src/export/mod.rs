//! Nets as files that others can read: safetensors with the names that PyTorch expects, a README that says what each net is
//! and what was measured on it, and a program that measures it again.
//!
//! ```
//! use nets::export::{About, Export, Measured, NetFile, Recompute};
//! use nets::mlp::{Mlp, Shape};
//!
//! let net = Mlp::zeros(Shape::new(&[2, 8, 1], theory::Activation::Relu)?);
//! let mut export = Export::new("Linear regions", "Nets whose linear regions were counted.");
//! export.add(
//!     NetFile::from_mlp("net", &net),
//!     About {
//!         what: "The net in the window, after 200 steps.".into(),
//!         recipe: "Weights N(0, 2/fan_in), Adam at rate 0.01, batches of 32.".into(),
//!         seed: Some(1),
//!         data: "Two spirals of 250 points, noise 0.02.".into(),
//!         measured: vec![Measured {
//!             readout: "regions_pixels".into(),
//!             what: "distinct activation patterns at 256×256 points of the window".into(),
//!             value: 1.0,
//!             recompute: Recompute::Patterns { x: (-1.0, 1.0), y: (-1.0, 1.0), side: 256 },
//!         }],
//!     },
//! );
//! for (name, bytes) in export.files() {
//!     println!("{name}: {} bytes", bytes.len());
//! }
//! # Ok::<(), nets::NetError>(())
//! ```

mod engine;
mod file;
mod readme;

pub use engine::{Place, Vector, places, pytorch_class};
pub use file::{NetFile, Numbers, Tensor};
pub use readme::{About, Export, Measured, Recompute};
