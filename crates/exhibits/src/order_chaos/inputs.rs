//! What is fed into the nets.

use data::{Pack, digits, inputs, pack};
use nets::Batch;
use random::Stream;
use serde::{Deserialize, Serialize};

use super::settings::{InputKind, Settings};
use crate::job::{Core, JobError};

/// The pack of real images; generated digits serve in its place.
const PACK: &str = "mnist-test";
/// Generated digits in place of the pack.
const N_GENERATED: usize = 2000;
const GENERATED_SEED: u64 = 1;
/// Images of each class in the correlation matrix.
const PER_CLASS: usize = 3;
/// The starts whose lines are drawn when a circle is fed in, beside `c_0`.
const STARTS: [f64; 5] = [0.0, 0.3, 0.6, 0.9, 0.99];

/// Images, and whether they are real.
#[derive(Debug)]
pub(super) struct Images {
    pub(super) pack: Pack,
    pub(super) notice: Option<String>,
}

impl Images {
    /// The real images where there is a pack of them, else generated ones with the reason.
    pub(super) async fn load(core: &mut dyn Core) -> Result<Self, JobError> {
        match real(core).await? {
            Ok(pack) => Ok(Self { pack, notice: None }),
            Err(reason) => {
                let notice = format!("These are generated digits, not MNIST: {reason}.");
                Ok(Self { pack: generated(N_GENERATED)?, notice: Some(notice) })
            }
        }
    }

    fn clamped(&self, index: usize) -> usize {
        index.min(self.pack.n().saturating_sub(1))
    }

    /// The two chosen images. A blank one has no length that could be scaled: the next one with ink stands in for it.
    pub(super) fn chosen(&self, settings: &Settings) -> [usize; 2] {
        settings.images().map(|i| self.with_ink_from(self.clamped(i)))
    }

    fn with_ink_from(&self, index: usize) -> usize {
        let n = self.pack.n();
        (index..n).chain(0..index).find(|i| self.pack.has_ink(*i)).unwrap_or(index)
    }

    /// Says that an image stands in for a blank one.
    pub(super) fn notice_of_blank(&self, settings: &Settings) -> Option<String> {
        let chosen = settings.images().map(|i| self.clamped(i)).into_iter().zip(self.chosen(settings));
        let mut blank: Vec<(usize, usize)> = chosen.filter(|(i, other)| i != other).collect();
        blank.dedup();
        let sentence = |(i, other): &(usize, usize)| {
            format!("Image {i} is blank and has no length to be scaled: image {other} stands in for it.")
        };
        (!blank.is_empty()).then(|| blank.iter().map(sentence).collect::<Vec<_>>().join(" "))
    }
}

/// At most the first `n` images, loaded or drawn on a core as they were on that which found out whether there are real ones.
///
/// # Errors
/// Why there are no real ones on this core.
pub(super) async fn first_images(n: usize, is_real: bool, core: &mut dyn Core) -> Result<Pack, JobError> {
    if is_real { real(core).await?.map_err(JobError::Failed) } else { generated(n.min(N_GENERATED)) }
}

/// The real images, or why there are none.
async fn real(core: &mut dyn Core) -> Result<Result<Pack, String>, JobError> {
    let bytes = core.pack(PACK).await?;
    Ok(bytes.and_then(|bytes| Pack::decode(&bytes).map_err(|e| e.to_string()).and_then(with_ink)))
}

fn generated(n: usize) -> Result<Pack, JobError> {
    digits::generate_pack(GENERATED_SEED, n).map_err(|e| JobError::Failed(e.to_string()))
}

/// A pack that has something to show.
fn with_ink(pack: Pack) -> Result<Pack, String> {
    match (pack.n(), (0..pack.n()).any(|i| pack.has_ink(i))) {
        (_, true) => Ok(pack),
        (0, _) => Err(format!("the pack {} has no images", pack.name())),
        _ => Err(format!("all images of the pack {} are blank", pack.name())),
    }
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
        let (chosen, wanted): (_, &[(usize, usize)]) = match settings.inputs {
            InputKind::Digits => {
                (pack::pick_inked_by_class(&images.pack, 2), &[(0, 1), (2, 3), (0, 2), (6, 8), (8, 14)])
            }
            _ => (images.chosen(settings).to_vec(), &[(0, 1)]),
        };
        let vectors = vectors(images, &chosen, settings.q_0)?;
        let row = |i: usize| &vectors.values()[i * vectors.dim()..(i + 1) * vectors.dim()];
        let there = wanted.iter().filter(|(_, b)| *b < vectors.n());
        let pairs = there.map(|&(a, b)| Pair { a, b, c_0: correlation(row(a), row(b)) }).collect();
        Ok(Self::from_images(&vectors, pairs, Vec::new()))
    }

    /// Points on a circle of mean square `q_0`.
    pub(super) fn circle(n_points: usize) -> Self {
        Self { source: Source::Circle(n_points), rows: n_points, pairs: Vec::new(), groups: Vec::new() }
    }

    /// A few images of each class, by class.
    pub(super) fn classes(settings: &Settings, images: &Images) -> Result<Self, JobError> {
        let chosen = pack::pick_inked_by_class(&images.pack, PER_CLASS);
        let labels: Vec<_> = chosen.iter().filter_map(|i| images.pack.label(*i)).collect();
        let mut groups: Vec<(f64, String)> = Vec::new();
        for label in 0..=9u8 {
            let at: Vec<_> = labels.iter().enumerate().filter(|(_, l)| **l == label).map(|(i, _)| i as f64).collect();
            if let (Some(first), Some(last)) = (at.first(), at.last()) {
                groups.push(((first + last + 1.0) / 2.0, label.to_string()));
            }
        }
        Ok(Self::from_images(&vectors(images, &chosen, settings.q_0)?, Vec::new(), groups))
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
        let drawn = drawn.map_err(failed)?;
        Ok(Batch::new(drawn.n(), drawn.dim(), drawn.to_f32())?)
    }
}

fn vectors(images: &Images, chosen: &[usize], q_0: f64) -> Result<inputs::Inputs, JobError> {
    inputs::inputs_from_images(&images.pack, chosen, q_0).map_err(failed)
}

fn failed(error: inputs::InputError) -> JobError {
    JobError::Failed(error.to_string())
}

fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let inner = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(a, b)| a * b).sum::<f64>();
    (inner(x, y) / (inner(x, x) * inner(y, y)).sqrt()).clamp(-1.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use exhibit::Values;

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
        assert_eq!(images.chosen(&settings), [1, 2]);
        let said = images.notice_of_blank(&settings).expect("a sentence");
        assert_eq!(said, "Image 0 is blank and has no length to be scaled: image 1 stands in for it.");
        let inputs = Prepared::followed(&settings, Some(&images)).expect("inputs");
        assert_eq!((inputs.rows, inputs.pairs.len()), (2, 1));
        assert!(Prepared::classes(&settings, &images).is_ok());
    }

    #[test]
    fn a_pack_without_ink_gives_way_to_generated_digits() {
        for (labels, says) in [(Vec::new(), "has no images"), (vec![1, 2], "are blank")] {
            let pixels = vec![0; 4 * labels.len()];
            let said = with_ink(images(labels, pixels).pack).expect_err("no ink");
            assert!(said.contains(says), "{said}");
        }
    }
}
