//! Pictures of measurements, which come late.

use figures::{Figure, Layer, Role};

use super::Scene;

/// The picture of a figure that the page was given last, with what it was measured for, so that it can be said of it that it is
/// one of before.
#[derive(Debug)]
pub struct Shown<O>(Option<(O, Figure)>);

impl<O> Default for Shown<O> {
    fn default() -> Self {
        Self(None)
    }
}

impl<O: PartialEq> Shown<O> {
    /// Shows a picture of what is measured now.
    pub fn show(&mut self, of: O, figure: Figure, scene: &mut Scene<'_>) {
        if scene.wants(&figure.id) {
            scene.figure(&figure.id, || figure.clone());
            self.0 = Some((of, figure));
        }
    }

    /// Mutes the picture if it is of anything else.
    pub fn mute_unless(&mut self, of: &O, scene: &mut Scene<'_>) {
        if let Some((_, figure)) = self.0.take_if(|(old, figure)| old != of && scene.wants(&figure.id)) {
            let id = figure.id.clone();
            scene.figure(&id, || muted(figure));
        }
    }
}

fn muted(mut figure: Figure) -> Figure {
    figure.title = format!("before this change: {}", figure.title);
    for layer in &mut figure.layers {
        if let Layer::Points { role, .. } | Layer::Line { role, .. } | Layer::Histogram { role, .. } = layer
            && *role == Role::Simulation
        {
            *role = Role::Neutral;
        }
    }
    figure
}
