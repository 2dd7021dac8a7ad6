//! The computation: theory at once, then real nets, the first ones and then the rest, their insides, their Jacobians, and
//! trained nets.

use super::cells::Round;
use super::curves;
use super::drawn::CoreState;
use super::inputs::Prepared;
use super::insides::{self, Inside, Insides};
use super::jacobians::{Jacobian, Jacobians};
use super::measurement::{Measured, Measurement};
use super::net::{Net, Nets};
use super::phase_figure::PhaseFigure;
use super::prediction::Prediction;
use super::settings::{InputKind, Settings};
use super::trainability::Training;
use crate::job::JobError;
use crate::kit::{Compute, Images, Scene};
use crate::parts;

/// Nets that are measured before the first is looked into.
const FIRST_NETS: usize = 4;

parts! {
    /// What a core does for this exhibit.
    pub Parts(CoreState): Net, Inside, Jacobian, Round
}

/// What is kept from one request to the next.
#[derive(Debug, Default)]
pub struct OrderChaos {
    phase: PhaseFigure,
    images: Option<Images>,
    /// What the last request wanted images for.
    wanted: Option<(InputKind, bool)>,
    nets: Measured,
    insides: Insides,
    jacobians: Jacobians,
    training: Training,
}

impl Compute for OrderChaos {
    const ID: &'static str = super::EXHIBIT.id;
    type Settings = Settings;
    type Parts = Parts;

    async fn run(&mut self, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        let wanted = (settings.inputs, settings.train);
        if self.wanted.replace(wanted) != Some(wanted) {
            // Generated ones stood in for images that could not be loaded; by now they may be there.
            self.images.take_if(|images| images.notice.is_some());
        }
        if settings.inputs.is_images() {
            Images::loaded(&mut self.images, scene).await?;
        }
        let images = self.images.as_ref().filter(|_| settings.inputs.is_images());
        let inputs = Prepared::followed(settings, images)?;
        let theory = Prediction::sketched(settings, &inputs.pairs)?;
        self.nets.of(&Nets::new(settings, settings.depth, inputs));

        scene.say("theory", theory.notice(settings));
        scene.say("images", images.and_then(|images| images.notice.clone()));
        let two = images.filter(|_| settings.inputs == InputKind::TwoDigits);
        scene.say("blank", two.and_then(|images| images.notice_of_blank(&settings.images())));
        self.phase.show(settings, scene);
        if let Some(images) = two {
            scene.figure("images", || insides::images(settings, images));
        }
        theory.readouts().into_iter().for_each(|(key, readout)| scene.readout(key, readout));
        show_nets(settings, &theory, self.nets.seen(settings.nets), scene);
        self.insides.mute_others(settings, scene);
        self.jacobians.mute_others(settings, scene);
        self.training.mute_others(settings, scene);
        scene.rest().await?;

        let theory = theory.refined(settings);
        let mut show = |measured: Option<Measurement<'_>>, scene: &mut Scene<'_>| {
            show_nets(settings, &theory, measured, scene);
        };
        let first = if self.nets.has(settings.nets) { settings.nets } else { settings.nets.min(FIRST_NETS) };
        self.nets.measure(first, scene, &mut show).await?;
        self.insides.show(settings, &theory, images, scene).await?;
        if first < settings.nets {
            self.nets.measure(settings.nets, scene, &mut show).await?;
        }
        self.jacobians.show(settings, &theory, scene).await?;
        if scene.wants("trainability") {
            let images = Images::loaded(&mut self.images, scene).await?;
            if settings.train {
                scene.say("images", images.notice.clone());
            }
            self.training.show(settings, images, scene).await?;
        }
        Ok(())
    }
}

/// The pictures that hold both theory and nets, and how far they are from each other.
fn show_nets(settings: &Settings, theory: &Prediction, measured: Option<Measurement<'_>>, scene: &mut Scene<'_>) {
    scene.figure("correlation-depth", || curves::correlation_depth(settings, theory, measured));
    scene.figure("length-map", || curves::length_map(settings, theory, measured));
    scene.figure("correlation-map", || curves::correlation_map(settings, theory, measured));
    scene.figure("gradient-depth", || curves::gradient_depth(settings, theory, measured));
    let Some(of) = measured.filter(|of| of.is_current) else {
        scene.undefined(&["gap", "gap_errors"], "the nets are being measured");
        return;
    };
    let [gap, gap_errors] = of.gaps(&theory.correlations);
    scene.readout("gap", gap);
    scene.readout("gap_errors", gap_errors);
    let (n, all) = (of.n_nets(), settings.nets);
    scene.progress(n as f64 / all as f64, format!("{n} of {all} nets"));
    let overflow = |layer| {
        format!(
            "From layer {layer} on the nets’ numbers are beyond single precision; nothing simulated is drawn there."
        )
    };
    scene.say("overflow", of.overflow().map(overflow));
}
