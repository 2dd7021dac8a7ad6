//! Images, and the patches that are taken from them.

use std::rc::Rc;

use data::Pack;
use data::dead_leaves::dead_leaves;
use nets::sparse::Whitening;
use random::Stream;

use super::settings::{ImageKind, PatchKey};
use crate::job::{Checkpoint as _, JobError};
use crate::kit::{Scene, own_packs};

/// Images of leaves or noise that are learnt from, and beside them for the test.
const IMAGES: [u64; 2] = [8, 2];
/// Sides of theirs; leaves are drawn twice as large and halved, so that their edges are not jagged.
const SIDE: usize = 256;
/// Radii of leaves as they are drawn, in pixels.
const RADII: (f64, f64) = (4.0, 128.0);
/// Patches from which the whitening follows.
const WHITENED: usize = 10_000;
/// Half of what one grey value differs from the next: what differs less is rounding.
const LEAST_CONTRAST: f32 = 0.5 / 255.0;
/// Patches of the test.
pub(super) const TESTED: usize = 500;
/// Patches in a step of learning.
pub(super) const BATCH: usize = 100;

/// Images of one size, for learning and for the test.
#[derive(Debug)]
pub(super) struct Pictures {
    packs: [Pack; 2],
    /// What they are in truth.
    pub(super) kind: ImageKind,
    /// Says that they are not what was asked for, and why.
    pub(super) notice: Option<String>,
}

impl Pictures {
    pub(super) async fn load(kind: ImageKind, files: &str, scene: &mut Scene<'_>) -> Result<Self, JobError> {
        let made = async |kind, notice, scene: &mut Scene<'_>| {
            let [train, test] = IMAGES;
            let packs = [made(kind, 0..train, scene).await?, made(kind, train..train + test, scene).await?];
            Ok(Self { packs, kind, notice })
        };
        if kind != ImageKind::Own {
            return made(kind, None, scene).await;
        }
        let has_contrast = |pack: &Pack| pack.pixels().iter().any(|pixel| Some(pixel) != pack.pixels().first());
        let with_contrast = |packs: [Pack; 2]| match packs.iter().all(has_contrast) {
            true => Ok(packs),
            false => Err("there is nothing to see on them but one grey".to_owned()),
        };
        match own_packs(files, scene).await?.and_then(with_contrast) {
            Ok(packs) => Ok(Self { packs, kind, notice: None }),
            Err(why) => {
                let notice = format!("These are dead leaves, not your own photographs: {why}.");
                made(ImageKind::Leaves, Some(notice), scene).await
            }
        }
    }

    /// The images that are learnt from.
    pub(super) fn train(&self) -> &Pack {
        &self.packs[0]
    }

    /// Patches `[n, side, side]` at random places, in grey values from 0 to 1.
    fn patches(pack: &Pack, side: usize, n: usize, stream: Stream) -> Vec<f32> {
        let mut cursor = stream.cursor();
        let (rows, columns) = (pack.rows(), pack.cols());
        let mut all = Vec::with_capacity(n * side * side);
        for _ in 0..n {
            let image = pack.image(cursor.below(pack.n() as u64) as usize).unwrap_or_default();
            let mut place = |size: usize| cursor.below((size - side + 1) as u64) as usize;
            let (top, left) = (place(rows), place(columns));
            for row in image.chunks_exact(columns).skip(top).take(side) {
                all.extend(row[left..left + side].iter().map(|pixel| f32::from(*pixel) / 255.0));
            }
        }
        all
    }
}

/// Some images of a kind.
async fn made(kind: ImageKind, which: std::ops::Range<u64>, scene: &mut Scene<'_>) -> Result<Pack, JobError> {
    let mut pixels = Vec::new();
    let n = which.end - which.start;
    for index in which {
        scene.checkpoint().await?;
        let stream = Stream::new(1, "images of patches").child(index);
        if kind == ImageKind::Noise {
            let noise = (0..(SIDE * SIDE) as u64).map(|i| (127.5 + 40.0 * stream.normal(i)).clamp(0.0, 255.0) as u8);
            pixels.extend(noise);
        } else {
            let large =
                dead_leaves(2 * SIDE, RADII.0, RADII.1, stream).map_err(|error| JobError::Failed(error.to_string()))?;
            pixels.extend(data::own::photographs::halved(&large, 2 * SIDE).0);
        }
    }
    Ok(Pack::new("images", SIDE, SIDE, vec![0; n as usize], pixels)?)
}

/// Patches of one size, whitened.
#[derive(Debug)]
pub(super) struct Patches {
    pub(super) pictures: Rc<Pictures>,
    key: PatchKey,
    whitening: Whitening,
    /// Of the test, `[n, side, side]`: as they are, and whitened.
    pub(super) test: [Vec<f32>; 2],
    /// What but one in two hundred whitened pixels of the test stays below.
    pub(super) contrast: f32,
}

impl Patches {
    pub(super) fn new(key: &PatchKey, pictures: Rc<Pictures>) -> Result<Self, JobError> {
        let [train, test] = &pictures.packs;
        let side = key.side;
        if train.rows().min(train.cols()).min(test.rows()).min(test.cols()) < side || train.n() == 0 || test.n() == 0 {
            let size = format!("{}×{}", train.rows(), train.cols());
            return Err(JobError::Failed(format!(
                "the images have {size} pixels, and patches of {side}×{side} do not fit"
            )));
        }
        let stream = |purpose| Stream::new(key.seed, purpose);
        let whitened = centred(Pictures::patches(train, side, WHITENED, stream("whitened patches")), side * side);
        if whitened.iter().all(|pixel| pixel.abs() < LEAST_CONTRAST) {
            return Err(JobError::Failed("nothing can be learnt from these images: each is of one grey".into()));
        }
        let nothing = |error| JobError::Failed(format!("nothing can be learnt from these images: {error}"));
        let whitening = Whitening::of(&whitened, side * side).map_err(nothing)?;
        let test = Pictures::patches(test, side, TESTED, stream("test patches"));
        let white = whitening.apply(&centred(test.clone(), side * side))?;
        let mut sizes: Vec<f32> = white.iter().map(|x| x.abs()).collect();
        sizes.sort_by(f32::total_cmp);
        let contrast = sizes.get(sizes.len() - 1 - sizes.len() / 200).copied().unwrap_or(1.0).max(f32::MIN_POSITIVE);
        Ok(Self { pictures, key: key.clone(), whitening, test: [test, white], contrast })
    }

    /// The whitened patches of a step of learning.
    pub(super) fn batch(&self, step: u64) -> Result<Vec<f32>, JobError> {
        let stream = Stream::new(self.key.seed, "patches").child(step);
        let patches = Pictures::patches(self.pictures.train(), self.key.side, BATCH, stream);
        Ok(self.whitening.apply(&centred(patches, self.dim()))?)
    }

    /// As many noises of their covariance.
    pub(super) fn noise(&self, step: u64) -> Vec<f32> {
        self.whitening.noise(BATCH, Stream::new(self.key.seed, "noise").child(step))
    }

    /// As many noises as patches of the test.
    pub(super) fn test_noise(&self) -> Vec<f32> {
        self.whitening.noise(TESTED, Stream::new(self.key.seed, "test noise"))
    }

    /// The corners, `[n, side, side]`, of the whitened patches of the test.
    pub(super) fn corners(&self, side: usize) -> Vec<f32> {
        let corner = |patch: &[f32]| {
            patch.chunks_exact(self.key.side).take(side).flat_map(|row| row[..side].to_vec()).collect::<Vec<_>>()
        };
        self.test[1].chunks_exact(self.dim()).flat_map(corner).collect()
    }

    pub(super) fn side(&self) -> usize {
        self.key.side
    }

    /// Pixels of a patch.
    pub(super) fn dim(&self) -> usize {
        self.key.side * self.key.side
    }
}

/// Patches without their means.
fn centred(mut patches: Vec<f32>, dim: usize) -> Vec<f32> {
    for patch in patches.chunks_exact_mut(dim) {
        let mean = patch.iter().sum::<f32>() / dim as f32;
        patch.iter_mut().for_each(|pixel| *pixel -= mean);
    }
    patches
}
