//! Labelled images, as bytes until a net takes them.

use std::ops::Range;

use data::Pack;
use nets::NetError;
use nets::engine::{Dims, LANES, Objective, Pass, zeros};
use random::Stream;
use serde::{Deserialize, Serialize};

use crate::{Loss, TrainingError};

/// How bytes become a net's numbers: `(p/255 − mean)/deviation`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standard {
    /// Of pixels between 0 and 1.
    pub mean: f64,
    /// The same; above 0.
    pub deviation: f64,
}

impl Standard {
    /// Of these pixels, which then have mean 0 and variance 1; without two different ones the deviation is 1.
    #[must_use]
    pub fn of(pixels: &[u8]) -> Self {
        let mut counts = [0_u64; 256];
        pixels.iter().for_each(|p| counts[usize::from(*p)] += 1);
        let n = pixels.len().max(1) as f64;
        let mean_of = |f: &dyn Fn(f64) -> f64| {
            counts.iter().enumerate().map(|(p, count)| *count as f64 * f(p as f64 / 255.0)).sum::<f64>() / n
        };
        let mean = mean_of(&|p| p);
        let deviation = mean_of(&|p| (p - mean) * (p - mean)).sqrt();
        Self { mean, deviation: if deviation > 0.0 { deviation } else { 1.0 } }
    }

    /// From a pixel between 0 and 255.
    #[must_use]
    pub fn number_from_pixel(&self, pixel: f64) -> f32 {
        ((pixel / 255.0 - self.mean) / self.deviation) as f32
    }
}

/// Labelled images of one size.
#[derive(Clone, Debug, PartialEq)]
pub struct Images {
    rows: usize,
    cols: usize,
    labels: Vec<u8>,
    pixels: Vec<u8>,
    standard: Standard,
    numbers: Vec<f32>,
}

impl Images {
    /// A pack's images, standardised by their own mean and deviation.
    #[must_use]
    pub fn new(pack: &Pack) -> Self {
        Self::with_standard(pack, Standard::of(pack.pixels()))
    }

    /// The same by those of others: test images are seen as the training images are.
    #[must_use]
    pub fn with_standard(pack: &Pack, standard: Standard) -> Self {
        let numbers = (0..=u8::MAX).map(|p| standard.number_from_pixel(f64::from(p))).collect();
        let (labels, pixels) = (pack.labels().to_vec(), pack.pixels().to_vec());
        Self { rows: pack.rows(), cols: pack.cols(), labels, pixels, standard, numbers }
    }

    /// The images of another pack after these: a data set that comes in pieces. The standard stays.
    ///
    /// # Errors
    /// [`TrainingError::Size`] for images of another size, which changes nothing.
    pub fn append(&mut self, pack: &Pack) -> Result<(), TrainingError> {
        let (rows, cols) = (self.rows, self.cols);
        if (pack.rows(), pack.cols()) != (rows, cols) {
            return Err(TrainingError::Size { rows, cols, got_rows: pack.rows(), got_cols: pack.cols() });
        }
        self.labels.extend(pack.labels());
        self.pixels.extend(pack.pixels());
        Ok(())
    }

    /// At most the first `n` of them.
    #[must_use]
    pub fn first(mut self, n: usize) -> Self {
        self.labels.truncate(n);
        self.pixels.truncate(self.labels.len() * self.rows * self.cols);
        self
    }

    /// Those whose class is kept, in their order.
    #[must_use]
    pub fn of_classes(&self, keeps: impl Fn(u8) -> bool) -> Self {
        let of_image = self.pixels.chunks_exact((self.rows * self.cols).max(1));
        let kept: Vec<(u8, &[u8])> =
            self.labels.iter().copied().zip(of_image).filter(|(label, _)| keeps(*label)).collect();
        let labels = kept.iter().map(|(label, _)| *label).collect();
        let pixels = kept.iter().flat_map(|(_, pixels)| pixels.iter().copied()).collect();
        Self { labels, pixels, numbers: self.numbers.clone(), ..*self }
    }

    /// With the same labels in another order, so that an image's label says nothing about it.
    #[must_use]
    pub fn with_shuffled_labels(mut self, stream: Stream) -> Self {
        stream.cursor().shuffle(&mut self.labels);
        self
    }

    /// How many.
    #[must_use]
    pub fn n(&self) -> usize {
        self.labels.len()
    }

    /// What a net takes of one.
    #[must_use]
    pub fn dims(&self) -> Dims {
        Dims::image(1, self.rows, self.cols)
    }

    /// One more than the largest class.
    #[must_use]
    pub fn n_classes(&self) -> usize {
        self.labels.iter().max().map_or(0, |largest| usize::from(*largest) + 1)
    }

    /// The class of each.
    #[must_use]
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// How bytes become numbers.
    #[must_use]
    pub fn standard(&self) -> Standard {
        self.standard
    }

    /// Pixels `[rows, cols]`; none beyond the last image.
    #[must_use]
    pub fn pixels(&self, index: usize) -> Option<&[u8]> {
        let n = self.rows * self.cols;
        self.pixels.get(index.checked_mul(n)?..index.checked_add(1)?.checked_mul(n)?)
    }

    /// Sets a pass's inputs to these images, each written by `write(which, numbers)`.
    pub(crate) fn gather<const N: usize>(
        &self,
        pass: &mut Pass<f32, N>,
        which: &[u32],
        mut write: impl FnMut(usize, &mut [f32]),
    ) -> Result<(), NetError> {
        let (expected, got) = (pass.net().input().features(), self.dims().features());
        if expected != got || got == 0 {
            return Err(NetError::Size { op: "pixels of an image", expected, got });
        }
        let inputs = pass.inputs_mut(which.len())?;
        let mut numbers = vec![0.0; got];
        for (block, inputs) in which.chunks(LANES).zip(inputs.chunks_exact_mut(got)) {
            if block.len() < LANES || N > 1 {
                inputs.fill(zeros());
            }
            for (l, index) in block.iter().enumerate() {
                write(*index as usize, &mut numbers);
                inputs.iter_mut().zip(&numbers).for_each(|(lanes, x)| lanes[0][l] = *x);
            }
        }
        Ok(())
    }

    /// The numbers of one image; zeros beyond the last.
    pub(crate) fn write(&self, index: usize, numbers: &mut [f32]) {
        match self.pixels(index) {
            Some(pixels) => numbers.iter_mut().zip(pixels).for_each(|(x, p)| *x = self.numbers[usize::from(*p)]),
            None => numbers.fill(0.0),
        }
    }

    pub(crate) fn classes(&self, which: &[u32]) -> Vec<u32> {
        which.iter().map(|i| self.labels.get(*i as usize).map_or(0, |label| u32::from(*label))).collect()
    }
}

/// The mean loss of some images, as they are.
pub(crate) struct Chosen<'a> {
    pub(crate) images: &'a Images,
    pub(crate) which: &'a [u32],
    pub(crate) loss: Loss,
}

impl Objective<f32> for Chosen<'_> {
    fn n(&self) -> usize {
        self.which.len()
    }

    fn set_inputs<const N: usize>(&self, pass: &mut Pass<f32, N>, examples: Range<usize>) -> Result<(), NetError> {
        self.images.gather(pass, &self.which[examples], |i, numbers| self.images.write(i, numbers))
    }

    fn loss<const N: usize>(&self, pass: &mut Pass<f32, N>, examples: Range<usize>) -> Result<[f64; N], NetError> {
        self.loss.write_seed(pass, &self.images.classes(&self.which[examples]), 1.0 / self.n() as f64)
    }
}
