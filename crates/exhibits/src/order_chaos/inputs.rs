//! What is fed into the nets.

use data::{Pack, digits, inputs, pack};
use nets::{Batch, NetError};
use random::Stream;

use super::settings::{InputKind, Settings};
use crate::job::{Host, JobError};

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
    pub(super) async fn load(host: &mut dyn Host) -> Result<Self, JobError> {
        let real = match host.pack(PACK).await {
            Ok(bytes) => Pack::decode(&bytes).map_err(|e| e.to_string()),
            Err(reason) => Err(reason),
        };
        match real {
            Ok(pack) => Ok(Self { pack, notice: None }),
            Err(reason) => {
                let pack = digits::generate_pack(GENERATED_SEED, N_GENERATED);
                let pack = pack.map_err(|e| JobError::Failed(e.to_string()))?;
                let notice = format!("These are generated digits, not MNIST: {reason}.");
                Ok(Self { pack, notice: Some(notice) })
            }
        }
    }

    fn clamped(&self, index: usize) -> usize {
        index.min(self.pack.n().saturating_sub(1))
    }

    /// The two chosen images.
    pub(super) fn chosen(&self, settings: &Settings) -> [usize; 2] {
        settings.images.map(|i| self.clamped(i))
    }
}

/// Two of the inputs whose correlation is followed.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) a: usize,
    pub(super) b: usize,
    /// Their correlation before the first layer.
    pub(super) c_0: f64,
}

/// Inputs, ready for any net.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    /// `[rows, dim]`, mean square `q_0`.
    vectors: Vec<f32>,
    rows: usize,
    dim: usize,
    /// The pairs whose correlation is followed; the last one is the one in the cobweb.
    pub(super) pairs: Vec<Pair>,
    /// For the matrix: the names of groups of rows with their middle; empty when it is a circle.
    pub(super) groups: Vec<(f64, String)>,
}

impl Prepared {
    /// The inputs whose correlations are followed through every net.
    pub(super) fn followed(settings: &Settings, images: Option<&Images>) -> Result<Self, JobError> {
        let stream = Stream::new(settings.seed, "order-chaos inputs");
        let (drawn, pairs) = match (settings.inputs, images) {
            (InputKind::Circle, _) | (InputKind::Pair, _) | (_, None) => {
                let mut starts = if settings.inputs == InputKind::Circle { STARTS.to_vec() } else { Vec::new() };
                starts.retain(|c| (c - settings.c_0).abs() > 1e-9);
                starts.push(settings.c_0);
                let drawn = inputs::inputs_at_correlations(settings.width, &starts, settings.q_0, stream);
                let pairs = starts.iter().enumerate().map(|(i, c)| Pair { a: 0, b: i + 1, c_0: *c }).collect();
                (drawn, pairs)
            }
            (InputKind::TwoDigits, Some(images)) => {
                let drawn = inputs::inputs_from_images(&images.pack, &images.chosen(settings), settings.q_0);
                (drawn, vec![Pair { a: 0, b: 1, c_0: f64::NAN }])
            }
            (InputKind::Digits, Some(images)) => {
                let chosen = pack::pick_by_class(&images.pack, 2);
                let drawn = inputs::inputs_from_images(&images.pack, &chosen, settings.q_0);
                // Two of a class, and classes that look unlike each other; a pair has its class's images side by side.
                let pairs = [(0, 1), (2, 3), (0, 2), (6, 8), (8, 14)];
                let there = pairs.into_iter().filter(|(_, b)| *b < chosen.len());
                (drawn, there.map(|(a, b)| Pair { a, b, c_0: f64::NAN }).collect())
            }
        };
        let drawn = drawn.map_err(|e| JobError::Failed(e.to_string()))?;
        let rows: Vec<&[f64]> = drawn.rows().collect();
        let measured = |pair: Pair| {
            let c_0 = if pair.c_0.is_nan() { correlation(rows[pair.a], rows[pair.b]) } else { pair.c_0 };
            Pair { c_0, ..pair }
        };
        let pairs = pairs.into_iter().map(measured).collect();
        Ok(Self { rows: drawn.n(), dim: drawn.dim(), vectors: drawn.to_f32(), pairs, groups: Vec::new() })
    }

    /// Points on a circle of mean square `q_0`.
    pub(super) fn circle(settings: &Settings, n_points: usize) -> Result<Self, JobError> {
        let stream = Stream::new(settings.seed, "order-chaos circle");
        let drawn = inputs::points_on_circle(n_points, settings.width, settings.q_0, stream);
        let drawn = drawn.map_err(|e| JobError::Failed(e.to_string()))?;
        Ok(Self { rows: drawn.n(), dim: drawn.dim(), vectors: drawn.to_f32(), pairs: Vec::new(), groups: Vec::new() })
    }

    /// A few images of each class, by class.
    pub(super) fn classes(settings: &Settings, images: &Images) -> Result<Self, JobError> {
        let chosen = pack::pick_by_class(&images.pack, PER_CLASS);
        let drawn = inputs::inputs_from_images(&images.pack, &chosen, settings.q_0);
        let drawn = drawn.map_err(|e| JobError::Failed(e.to_string()))?;
        let mut groups: Vec<(f64, String)> = Vec::new();
        let labels: Vec<_> = chosen.iter().filter_map(|i| images.pack.label(*i)).collect();
        for label in 0..=9u8 {
            let at: Vec<_> = labels.iter().enumerate().filter(|(_, l)| **l == label).map(|(i, _)| i as f64).collect();
            if let (Some(first), Some(last)) = (at.first(), at.last()) {
                groups.push(((first + last + 1.0) / 2.0, label.to_string()));
            }
        }
        Ok(Self { rows: drawn.n(), dim: drawn.dim(), vectors: drawn.to_f32(), pairs: Vec::new(), groups })
    }

    /// Correlations of all inputs before the first layer, `[rows, rows]`.
    pub(super) fn correlations(&self) -> Vec<f64> {
        let row = |i: usize| &self.vectors[i * self.dim..(i + 1) * self.dim];
        let n = self.rows;
        (0..n * n).map(|k| nets::cosine(row(k / n), row(k % n))).collect()
    }

    /// The pre-activations at layer 0 of net `net`: the inputs themselves when they have the net's width, else a
    /// random projection of them, which is the net's own.
    pub(super) fn at_layer_0(&self, settings: &Settings, net: usize) -> Result<Batch, NetError> {
        if self.dim == settings.width {
            return Batch::new(self.rows, self.dim, self.vectors.clone());
        }
        let stream = Stream::new(settings.seed, "order-chaos projection").child(net as u64);
        nets::projected(stream, self.vectors.clone(), self.rows, self.dim, settings.width)
    }
}

fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let inner = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(a, b)| a * b).sum::<f64>();
    (inner(x, y) / (inner(x, x) * inner(y, y)).sqrt()).clamp(-1.0, 1.0)
}
