//! The controls.

use super::discriminator::patch_side;
use crate::controls;
use crate::kit::{Choices, OWN_CHARS};

/// Where patches come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    /// Disks that lie over each other.
    Leaves,
    /// Pixels that know nothing of each other.
    Noise,
    /// A person's own.
    Own,
}

const IMAGES: Choices<ImageKind, 3> = Choices([
    ("leaves", "dead leaves", ImageKind::Leaves),
    ("noise", "noise", ImageKind::Noise),
    ("own", "your own photographs", ImageKind::Own),
]);

/// What learns the filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LearnerKind {
    /// The filters are those of which few make up a patch.
    Sparse,
    /// They are the first ones of a net that tells patches from noise.
    Conv,
}

const LEARNERS: Choices<LearnerKind, 2> =
    Choices([("sparse", "sparse coding", LearnerKind::Sparse), ("conv", "a convolutional net", LearnerKind::Conv)]);

controls! {
    /// The control values.
    pub struct Settings {
        images: ImageKind = choice(IMAGES).name("images"),
        files: String = text("", OWN_CHARS).name("files").opened().when("images", &["own"])
            .help("Photographs of 64×64 pixels or more, which are cut into tiles; or the images of any data set. They stay on this device"),
        learner: LearnerKind = choice(LEARNERS).name("learnt by")
            .help("A convolutional net learns to tell patches from noise that has their spectrum"),
        steps: u64 = int(0..=2000, 300).step(10.0).play(30.0).name("steps of learning")
            .help("Batches of 100 patches; drag to go back and forth in learning"),
        lambda: f64 = real(0.05..=8.0, 2.0).track(0.5, 4.0).step(0.1).name("price of activity").symbol("<mi>λ</mi>").when("learner", &["sparse"])
            .help("What each unit of a coefficient costs, beside the squared error"),
        unit: usize = int(0..=143, 0).name("filter looked at").on("filters"),
        patch: usize = int(0..=499, 20).play(1.0).name("patch").on("code").when("learner", &["sparse"]),
        units: usize = int(16..=144, 64).step(16.0).name("number of filters").group("Learning"),
        side: usize = int(6..=16, 12).name("side of a filter").group("Learning").help("In pixels"),
        seed: u64 = seed(1).group("Learning"),
    }
}

/// What patches depend on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PatchKey {
    pub(super) images: ImageKind,
    pub(super) files: String,
    /// Of a patch.
    pub(super) side: usize,
    pub(super) seed: u64,
}

/// What learning depends on, but for the number of steps.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LearningKey {
    pub(super) patches: PatchKey,
    /// The price of activity; none of a convolutional net.
    pub(super) lambda: Option<f64>,
    pub(super) units: usize,
    /// Of a filter.
    pub(super) side: usize,
}

impl Settings {
    pub(super) fn patch_key(&self) -> PatchKey {
        let files = if self.images == ImageKind::Own { self.files.clone() } else { String::new() };
        let side = match self.learner {
            LearnerKind::Sparse => self.side,
            LearnerKind::Conv => patch_side(self.side),
        };
        PatchKey { images: self.images, files, side, seed: self.seed }
    }

    pub(super) fn learning_key(&self) -> LearningKey {
        let lambda = self.has_price().then_some(self.lambda);
        LearningKey { patches: self.patch_key(), lambda, units: self.units, side: self.side }
    }

    /// Whether activity has a price: of sparse coding.
    pub(super) fn has_price(&self) -> bool {
        self.learner == LearnerKind::Sparse
    }

    /// The filter that is looked at.
    pub(super) fn unit(&self) -> usize {
        self.unit.min(self.units - 1)
    }
}
