//! What is asked of a net once it stands still: why it names a class, what its classes want, whether its filters are wavelets.

use figures::Figure;
use theory::gabor::GaborFit;

use super::looking::{self, WhatClassesWant};
use super::pictures::Seen;
use super::settings::{Settings, TrainingKey};
use super::training::Training;
use super::units;
use super::wavelets::{self, Wavelets};
use crate::job::JobError;
use crate::kit::{Kept, Scene, Shown};

/// A training, and how many steps of it were made.
pub(super) type At = (TrainingKey, u64);
/// A net, an image or a drawing that it sees, and the class that is asked about.
type OfOne = (At, usize, String, Option<u8>);
/// A net, and how much is smoothed.
type Smoothed = (At, f64);
/// The same and the layer that is asked; none for the classes.
type OfLayer = (Smoothed, Option<usize>);

/// The answers, with what they are answers to.
#[derive(Default)]
pub(super) struct Insights {
    why: Kept<OfOne, Figure>,
    wanted: Kept<Smoothed, WhatClassesWant>,
    wanted_by_units: Kept<OfLayer, Figure>,
    wavelets: Kept<At, Wavelets>,
    /// Filters as they are drawn do not depend on the step.
    random_fits: Kept<TrainingKey, Vec<GaborFit>>,
    shown_why: Shown<OfOne>,
    shown_wanted: Shown<OfLayer>,
    shown_wavelets: [Shown<At>; 2],
}

fn of_one(at: &At, settings: &Settings) -> OfOne {
    (at.clone(), settings.image, settings.drawing.clone(), settings.asked)
}

impl Insights {
    /// Says of what stands there that it is of another net or another question, where it is.
    pub(super) fn mute_unless(&mut self, at: &At, settings: &Settings, scene: &mut Scene<'_>) {
        self.shown_why.mute_unless(&of_one(at, settings), scene);
        let smoothed = (at.clone(), settings.smoothing);
        if self.wanted.peek(&smoothed).is_none() {
            scene.undefined(&["memory_distance"], "being computed");
        }
        self.shown_wanted.mute_unless(&(smoothed, settings.layer), scene);
        if self.wavelets.peek(at).is_none() {
            scene.undefined(&["gabor_r2", "gabor_r2_random"], "being computed");
        }
        self.shown_wavelets.iter_mut().for_each(|shown| shown.mute_unless(at, scene));
    }

    /// Finds the answers and shows them, those first that come quickly.
    pub(super) async fn show(
        &mut self,
        at: &At,
        settings: &Settings,
        seen: &Seen,
        training: &mut Training,
        scene: &mut Scene<'_>,
    ) -> Result<(), JobError> {
        // A training that has diverged stands at another step than the one that was asked for.
        self.mute_unless(at, settings, scene);
        let measured = |figure: &Figure, scene: &Scene<'_>| Figure { device: scene.device().clone(), ..figure.clone() };
        if scene.wants("why") {
            let of = of_one(at, settings);
            let why = self.why.try_get(of.clone(), |_| looking::why(settings, seen, training))?;
            self.shown_why.show(of, measured(why, scene), scene);
        }
        let of = (at.clone(), settings.smoothing);
        if self.wanted.peek(&of).is_none() || self.wavelets.peek(at).is_none() {
            scene.flush().await?;
            scene.rest().await?;
        }
        let climb = async |_: &_| looking::wanted(settings, training, scene).await;
        let wanted = self.wanted.get_async(of.clone(), climb).await?;
        scene.readout_or("memory_distance", wanted.memory_distance, "no image to compare with");
        let of_layer = (of, settings.layer);
        match settings.layer {
            None => self.shown_wanted.show(of_layer, measured(&wanted.figure, scene), scene),
            Some(layer) if scene.wants("wanted") => {
                let climb = async |_: &_| units::wanted(settings, layer, training, scene).await;
                let wanted = self.wanted_by_units.get_async(of_layer.clone(), climb).await?;
                self.shown_wanted.show(of_layer, measured(wanted, scene), scene);
            }
            Some(_) => {}
        }
        if self.wavelets.peek(at).is_none() {
            scene.flush().await?;
        }
        let random_fits = &mut self.random_fits;
        let fit = async |_: &_| {
            let draw = async |_: &_| wavelets::random_fits(training, scene).await;
            let random = random_fits.get_async(at.0.clone(), draw).await?.clone();
            wavelets::wavelets(training, random, scene).await
        };
        let Wavelets { gabor, explained, means } = self.wavelets.get_async(at.clone(), fit).await?;
        for (key, mean) in ["gabor_r2", "gabor_r2_random"].into_iter().zip(*means) {
            scene.readout_or(key, mean, "no filters");
        }
        for (shown, figure) in self.shown_wavelets.iter_mut().zip([gabor, explained]) {
            shown.show(at.clone(), measured(figure, scene), scene);
        }
        Ok(())
    }
}
