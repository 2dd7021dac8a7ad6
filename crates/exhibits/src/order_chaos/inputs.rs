//! What is fed into the nets.

use data::{inputs, pack};
use nets::Batch;
use random::Stream;
use serde::{Deserialize, Serialize};

use super::settings::{InputKind, Settings};
use crate::job::JobError;
use crate::kit::Images;

/// Images of each class in the correlation matrix.
const PER_CLASS: usize = 3;
/// The starts whose lines are drawn when a circle is fed in, beside `c_0`.
const STARTS: [f64; 5] = [0.0, 0.3, 0.6, 0.9, 0.99];

/// The two chosen images. A blank one has no length that could be scaled: the next one with ink stands in for it.
pub(super) fn chosen(settings: &Settings, images: &Images) -> [usize; 2] {
    settings.images().map(|i| images.with_ink(i))
}

/// Two of the inputs whose correlation is followed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Pair {
    pub(super) a: usize,
    pub(super) b: usize,
    /// Their correlation before the first layer.
    pub(super) c_0: f64,
}

/// Where a net's inputs come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Source {
    /// A vector and others at these correlations to it, drawn anew for each net.
    Correlated(Vec<f64>),
    /// Points on a circle, drawn anew for each net.
    Circle(usize),
    /// Images, `[rows, dim]` with mean square `q_0`; each net has a random projection of its own.
    Images { vectors: Vec<f32>, dim: usize },
}

/// Inputs, ready for any net.
///
/// A net of finite width sees only so many coordinates of an input, and what they are is part of its chance: theory is
/// the mean over them too. So vectors that are drawn are drawn for each net.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Prepared {
    source: Source,
    pub(super) rows: usize,
    /// The pairs whose correlation is followed; the last one is the one in the cobweb.
    pub(super) pairs: Vec<Pair>,
    /// Names of groups of rows with their middle, for the matrix; empty for a circle.
    pub(super) groups: Vec<(f64, String)>,
}

impl Prepared {
    /// The inputs whose correlations are followed through every net.
    pub(super) fn followed(settings: &Settings, images: Option<&Images>) -> Result<Self, JobError> {
        let Some(images) = images else {
            let mut starts = if settings.inputs == InputKind::Circle { STARTS.to_vec() } else { Vec::new() };
            starts.retain(|c| (c - settings.c_0).abs() > 1e-9);
            starts.push(settings.c_0);
            let pairs = starts.iter().enumerate().map(|(i, c)| Pair { a: 0, b: i + 1, c_0: *c }).collect();
            return Ok(Self { rows: starts.len() + 1, source: Source::Correlated(starts), pairs, groups: Vec::new() });
        };
        // Two of a class, and classes that look unlike each other; images of a class stand side by side.
        let (rows, wanted): (_, &[(usize, usize)]) = match settings.inputs {
            InputKind::Digits => {
                (pack::pick_inked_by_class(&images.pack, 2), &[(0, 1), (2, 3), (0, 2), (6, 8), (8, 14)])
            }
            _ => (chosen(settings, images).to_vec(), &[(0, 1)]),
        };
        let vectors = inputs::inputs_from_images(&images.pack, &rows, settings.q_0)?;
        let there = wanted.iter().filter(|(_, b)| *b < vectors.n());
        let pairs = there.map(|&(a, b)| Pair { a, b, c_0: vectors.correlation(a, b) }).collect();
        Ok(Self::from_images(&vectors, pairs, Vec::new()))
    }

    /// Points on a circle of mean square `q_0`.
    pub(super) fn circle(n_points: usize) -> Self {
        Self { source: Source::Circle(n_points), rows: n_points, pairs: Vec::new(), groups: Vec::new() }
    }

    /// A few images of each class, by class.
    pub(super) fn classes(settings: &Settings, images: &Images) -> Result<Self, JobError> {
        let chosen = pack::pick_inked_by_class(&images.pack, PER_CLASS);
        let label = |image: &usize| images.pack.label(*image);
        let mut start = 0.0;
        let group = |of_class: &[usize]| {
            let middle = start + 0.5 * of_class.len() as f64;
            start += of_class.len() as f64;
            (middle, label(&of_class[0]).map_or_else(String::new, |label| label.to_string()))
        };
        let groups = chosen.chunk_by(|a, b| label(a) == label(b)).map(group).collect();
        Ok(Self::from_images(&inputs::inputs_from_images(&images.pack, &chosen, settings.q_0)?, Vec::new(), groups))
    }

    fn from_images(vectors: &inputs::Inputs, pairs: Vec<Pair>, groups: Vec<(f64, String)>) -> Self {
        let source = Source::Images { vectors: vectors.to_f32(), dim: vectors.dim() };
        Self { rows: vectors.n(), source, pairs, groups }
    }

    /// Correlations of all inputs before the first layer, `[rows, rows]`; empty for vectors at set correlations.
    pub(super) fn correlations(&self) -> Vec<f64> {
        let n = self.rows;
        match &self.source {
            Source::Correlated(_) => Vec::new(),
            Source::Circle(_) => {
                let angle = |i: usize| std::f64::consts::TAU * i as f64 / n as f64;
                (0..n * n).map(|k| libm::cos(angle(k / n) - angle(k % n))).collect()
            }
            Source::Images { vectors, dim } => {
                let row = |i: usize| &vectors[i * dim..(i + 1) * dim];
                (0..n * n).map(|k| nets::cosine(row(k / n), row(k % n))).collect()
            }
        }
    }

    /// The pre-activations of mean square `q_0` at layer 0 of net `net` of a seed.
    pub(super) fn at_layer_0(&self, width: usize, q_0: f64, seed: u64, net: usize) -> Result<Batch, JobError> {
        let stream = Stream::new(seed, "order-chaos inputs").child(net as u64);
        let drawn = match &self.source {
            Source::Correlated(starts) => inputs::inputs_at_correlations(width, starts, q_0, stream.child(0)),
            Source::Circle(n_points) => inputs::points_on_circle(*n_points, width, q_0, stream.child(1)),
            Source::Images { vectors, dim } => {
                return Ok(nets::projected(stream.child(2), vectors.clone(), self.rows, *dim, width)?);
            }
        };
        let drawn = drawn?;
        Ok(Batch::new(drawn.n(), drawn.dim(), drawn.to_f32())?)
    }
}

#[cfg(test)]
mod tests {
    use data::Pack;
    use exhibit::Values;

    use super::*;

    fn images(labels: Vec<u8>, pixels: Vec<u8>) -> Images {
        Images { pack: Pack::new("test", 2, 2, labels, pixels).expect("a pack"), notice: None }
    }

    fn settings(controls: &[(&str, &str)]) -> Settings {
        let owned: Vec<_> = controls.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
        Settings::from(&Values::from_changed(&super::super::EXHIBIT, &owned))
    }

    #[test]
    fn an_image_with_ink_stands_in_for_a_blank_one() {
        let images = images(vec![7, 7, 1], [[0; 4], [0, 9, 3, 0], [1; 4]].concat());
        let settings = settings(&[("inputs", "two_digits"), ("image_a", "0"), ("image_b", "2")]);
        assert_eq!(chosen(&settings, &images), [1, 2]);
        let inputs = Prepared::followed(&settings, Some(&images)).expect("inputs");
        assert_eq!((inputs.rows, inputs.pairs.len()), (2, 1));
        assert!(Prepared::classes(&settings, &images).is_ok());
    }
}
