//! The computation: images, then filters as they learn, then what Gabor functions make of them.

use std::rc::Rc;

use super::files::Filters;
use super::learning::{FilterKind, FitPart, Fits, Learner, Verdict, fits_of, fitted_filters};
use super::patches::{Patches, Pictures};
use super::pictures::{self, Responses, Waves};
use super::settings::{ImageKind, LearningKey, PatchKey, Settings};
use crate::job::JobError;
use crate::kit::{Compute, Kept, Scene, Shown, mean_share};
use crate::parts;
use figures::{Chart, Figure};

/// Learning, and how many steps of it were made.
type At = (LearningKey, u64);

/// What is kept from one request to the next.
#[derive(Default)]
pub struct Wavelets {
    pictures: Kept<(ImageKind, String), Rc<Pictures>>,
    patches: Kept<PatchKey, Patches>,
    learner: Kept<LearningKey, Learner>,
    /// Of filters that have learnt and of shuffled ones, and of those that were drawn, which no step changes.
    fits: Fits<At>,
    random_fits: Fits<LearningKey>,
    shown_fits: [Shown<At>; 2],
    tested: Kept<At, Tested>,
    shown_tested: [Shown<At>; 2],
}

/// What the filters make of the patches of the test.
struct Tested {
    verdict: Verdict,
    responses: Responses,
    filters: Rc<Filters>,
}

parts!(
    /// What does the parts.
    pub WaveletParts(()): FitPart
);

/// Why a convolutional net has no such numbers.
const NO_SUMS: &str = "a net writes no sums";
const FITS: [&str; 3] = ["gabor_r2", "gabor_r2_random", "gabor_r2_shuffled"];
const TESTED: [&str; 4] = ["explained_share", "active", "told_apart", "kurtosis"];

impl Compute for Wavelets {
    const ID: &'static str = super::EXHIBIT.id;
    type Settings = Settings;
    type Parts = WaveletParts;

    async fn run(&mut self, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        let (patch_key, key) = (settings.patch_key(), settings.learning_key());
        let at = (key.clone(), settings.steps);
        if self.learner.peek(&key).is_none() {
            scene.undefined(&["step", "octaves"], "being computed");
        }
        self.mute(&at, scene);
        let of_images = (patch_key.images, patch_key.files.clone());
        if self.pictures.peek(&of_images).is_none() {
            scene.progress(0.0, "making images");
            scene.flush().await?;
        }
        let load = async |(kind, files): &(ImageKind, String)| Pictures::load(*kind, files, scene).await.map(Rc::new);
        let pictures = self.pictures.get_async(of_images, load).await?;
        scene.say_of("files", pictures.notice.clone());
        let patches = self.patches.try_get(patch_key, |key| Patches::new(key, Rc::clone(pictures)))?;
        let learner = self.learner.try_get(key.clone(), Learner::new)?;
        let beyond = format!(
            "There are {0} filters, from 0 to {1}: the last one is looked at.",
            settings.units,
            settings.units - 1
        );
        scene.say_of("unit", Some(beyond).filter(|_| settings.unit >= settings.units));
        scene.figure("patches", || pictures::patches(settings, patches));

        let mut is_first = true;
        while learner.approach(settings.steps, patches, scene).await? {
            if is_first || scene.is_paint_due() {
                is_first = false;
                let step = learner.steps();
                scene.progress(step as f64 / settings.steps as f64, format!("step {step} of {}", settings.steps));
                show(settings, learner, scene);
                scene.hand_over();
            }
        }
        show(settings, learner, scene);
        scene.flush().await?;
        self.test(&at, settings, scene).await?;
        self.fit(&at, settings, scene).await
    }
}

/// Everything that follows from the filters alone.
fn show(settings: &Settings, learner: &Learner, scene: &mut Scene<'_>) {
    scene.readout("step", learner.steps() as f64);
    scene.measured("filters", || pictures::filters(settings, learner));
    let waves = Waves::of(learner);
    scene.readout_or("octaves", waves.median_octaves(), "no filter has a band");
    scene.measured("plane", || waves.plane(settings));
    scene.measured("bandwidth", || waves.bandwidth(settings));
    scene.measured("spectra", || pictures::spectra(settings, learner));
    scene.measured("learning", || pictures::learning(settings, learner));
}

impl Wavelets {
    /// Says of what stands there that it is of other filters, where it is.
    fn mute(&mut self, at: &At, scene: &mut Scene<'_>) {
        if self.fits.origin() != Some(at) {
            scene.undefined(&FITS, "being computed");
        }
        self.shown_fits.iter_mut().for_each(|shown| shown.mute_unless(at, scene));
        if self.learner.peek(&at.0).is_none_or(|learner| learner.steps() != at.1) {
            scene.undefined(&TESTED, "being computed");
        }
        self.shown_tested.iter_mut().for_each(|shown| shown.mute_unless(at, scene));
    }

    /// What the filters make of patches that they have not seen.
    async fn test(&mut self, at: &At, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        let Some(patches) = self.patches.peek(&at.0.patches) else { return Ok(()) };
        let learner = self.learner.try_get(at.0.clone(), Learner::new)?;
        let tested = self.tested.try_get(at.clone(), |_| {
            let verdict = learner.tested(patches)?;
            let filters = Rc::new(Filters::of(settings, learner, patches, &verdict));
            Ok::<_, JobError>(Tested { verdict, responses: Responses::of(learner, patches), filters })
        })?;
        let Tested { verdict, responses, filters } = &*tested;
        let unused =
            "At this price no patch uses a filter: those shown are patches that were put in the place of unused ones.";
        let (coded, right) = match verdict {
            Verdict::Coded(coded) => (Some(coded), None),
            Verdict::Told { right, .. } => (None, Some(*right)),
        };
        scene.say_of("lambda", coded.filter(|coded| coded.active == 0.0).map(|_| unused.to_owned()));
        scene.readout_or("explained_share", coded.map(|coded| coded.explained), NO_SUMS);
        scene.readout_or("active", coded.map(|coded| coded.active), NO_SUMS);
        scene.readout_or("told_apart", right, "sparse coding tells nothing apart");
        scene.offer(Rc::<Filters>::clone(filters));
        scene.readout_or("kurtosis", responses.kurtosis(), "no responses");
        let device = scene.device().clone();
        let [code, tails] = &mut self.shown_tested;
        if let Some(coded) = coded.filter(|_| scene.wants("code")) {
            let figure = pictures::code(settings, coded, learner, patches);
            code.show(at.clone(), Figure { device: device.clone(), ..figure }, scene);
        }
        if scene.wants("responses") {
            tails.show(at.clone(), Figure { device, ..responses.figure() }, scene);
        }
        scene.flush().await
    }

    /// What Gabor functions explain of the filters.
    async fn fit(&mut self, at: &At, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        let Some(learner) = self.learner.peek(&at.0) else { return Ok(()) };
        let side = at.0.side as u32;
        let filters = |kind| fitted_filters(kind, learner, settings.seed);
        let [learnt, random, shuffled] = [FilterKind::Learnt, FilterKind::Random, FilterKind::Shuffled].map(filters);
        let part = |(kind, place): &(FilterKind, usize)| {
            let of = match kind {
                FilterKind::Learnt => &learnt,
                FilterKind::Random => &random,
                FilterKind::Shuffled => &shuffled,
            };
            FitPart { filter: of.get(*place).cloned().unwrap_or_default(), columns: side }
        };
        let keys = |kind, n: usize| (0..n).map(move |place| (kind, place));
        let n = learnt.len();
        self.fits.of(at.clone()).fill(scene, keys(FilterKind::Learnt, n), part, quiet).await?;
        let learnt_fits = fits_of(&self.fits, FilterKind::Learnt);
        scene.readout_or("gabor_r2", mean_share(&learnt_fits), "no filters");
        let device = scene.device().clone();
        let measured = |chart: Chart| Figure { device: device.clone(), ..chart.build() };
        let [gabor, explained] = &mut self.shown_fits;
        if scene.wants("gabor") {
            gabor.show(at.clone(), measured(pictures::gabor(&learnt, &learnt_fits, side)), scene);
        }
        scene.flush().await?;
        self.random_fits.of(drawn_as(&at.0)).fill(scene, keys(FilterKind::Random, n), part, quiet).await?;
        self.fits.fill(scene, keys(FilterKind::Shuffled, n), part, quiet).await?;
        let others = [fits_of(&self.random_fits, FilterKind::Random), fits_of(&self.fits, FilterKind::Shuffled)];
        for (key, fits) in ["gabor_r2_random", "gabor_r2_shuffled"].into_iter().zip(&others) {
            scene.readout_or(key, mean_share(fits), "no filters");
        }
        if scene.wants("explained") {
            let [random, shuffled] = &others;
            explained.show(at.clone(), measured(pictures::explained(&learnt_fits, random, shuffled)), scene);
        }
        Ok(())
    }
}

/// What filters depend on as they are drawn: neither the images nor the price.
fn drawn_as(key: &LearningKey) -> LearningKey {
    let patches = PatchKey { images: ImageKind::Leaves, files: String::new(), ..key.patches.clone() };
    LearningKey { patches, lambda: key.lambda.map(|_| 1.0), ..key.clone() }
}

/// Shows nothing before all is there.
fn quiet<O>(_: &Fits<O>, _: &mut Scene<'_>) -> Result<(), JobError> {
    Ok(())
}
