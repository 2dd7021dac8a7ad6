//! The largest curvature of the loss, which bounds the learning rate.

use nets::engine::{Norms, Pass, hessian_vector_product, lanczos};
use random::Stream;

use crate::images::Chosen;
use crate::{Trainer, TrainingError};

/// Images that pass through together.
const AT_ONCE: usize = 64;

/// The largest eigenvalue of the Hessian of the mean loss over some images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sharpness {
    /// The eigenvalue, by the method of Lanczos with exact Hessian-vector products.
    pub lambda_max: f64,
    /// There is an eigenvalue within this distance of it.
    pub error: f64,
    /// The learning rate above which the rule is unstable along it: `2/lambda_max` for gradient descent; none for
    /// rules that scale the gradient themselves, and where the loss curves downwards everywhere.
    pub largest_stable_rate: Option<f64>,
}

impl Trainer {
    /// At the parameters as they are, over the first `images` training images and with so many products, 16 commonly. Batch norms
    /// take the statistics of 64 images at a time. NaN where the net overflows.
    ///
    /// # Errors
    /// What passes say of their sizes.
    pub fn sharpness(&self, images: usize, products: usize) -> Result<Sharpness, TrainingError> {
        let which: Vec<u32> = (0..self.images().n().min(images) as u32).collect();
        let chosen = Chosen { images: self.images(), which: &which, loss: self.recipe().loss };
        let mut pass = Pass::<f32, 2>::new(self.net(), AT_ONCE.min(which.len().max(1)))?;
        let parameters = self.state().parameters();
        let start = Stream::new(self.recipe().seed, "sharpness");
        let found = lanczos(parameters.len(), products, start, |v| {
            let v: Vec<f32> = v.iter().map(|x| *x as f32).collect();
            let product = hessian_vector_product(&mut pass, &chosen, parameters, &v, Norms::OfBatch)?;
            Ok(product.into_iter().map(f64::from).collect())
        })?;
        let (lambda_max, error) = found.largest().unwrap_or((0.0, 0.0));
        let rule = &self.recipe().optimiser.rule;
        let largest_stable_rate = rule.largest_stable_rate(lambda_max).filter(|rate| *rate > 0.0);
        Ok(Sharpness { lambda_max, error, largest_stable_rate })
    }
}
