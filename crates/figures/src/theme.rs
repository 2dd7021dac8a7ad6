//! Themes: which colour a meaning has, and how strong the strokes are.

use crate::colour::Rgb;
use crate::model::Role;

/// The look of all pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// Dark on white.
    #[default]
    Light,
    /// Bright on near-black.
    Dark,
    /// Black on white with strong strokes, for the last row of a lecture hall.
    Projector,
}

impl Theme {
    /// From its key in an address; `None` for an unknown one (`system` is for the page to resolve).
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        match key {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            "projector" => Some(Self::Projector),
            _ => None,
        }
    }

    /// Its key in an address.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Projector => "projector",
        }
    }

    /// The colour that a figure lies on. Neither canvas layer paints it: the page does (as the background of the figure's
    /// element), and the exports do.
    #[must_use]
    pub fn ground(self) -> Rgb {
        match self {
            Self::Light | Self::Projector => [255, 255, 255],
            Self::Dark => [20, 23, 28],
        }
    }

    /// Axis names, the names of phases and notes.
    #[must_use]
    pub fn ink(self) -> Rgb {
        match self {
            Self::Light => [28, 33, 40],
            Self::Dark => [233, 236, 240],
            Self::Projector => [0, 0, 0],
        }
    }

    /// Tick labels.
    #[must_use]
    pub fn muted(self) -> Rgb {
        match self {
            Self::Light => [82, 90, 101],
            Self::Dark => [168, 176, 187],
            Self::Projector => [25, 25, 25],
        }
    }

    /// The colour of a meaning; at least 3:1 against the ground.
    #[must_use]
    pub fn colour(self, role: Role) -> Rgb {
        match (self, role) {
            (Self::Light, Role::Theory) => [0, 121, 107],
            (Self::Light, Role::Simulation) => [111, 66, 193],
            (Self::Light, Role::Accent) => [209, 0, 108],
            (Self::Light, Role::Ordered) => [31, 109, 181],
            (Self::Light, Role::Chaotic) => [200, 80, 10],
            (Self::Light, Role::Neutral) => [112, 120, 131],
            (Self::Dark, Role::Theory) => [62, 207, 180],
            (Self::Dark, Role::Simulation) => [187, 153, 247],
            (Self::Dark, Role::Accent) => [255, 95, 168],
            (Self::Dark, Role::Ordered) => [100, 169, 240],
            (Self::Dark, Role::Chaotic) => [245, 138, 75],
            (Self::Dark, Role::Neutral) => [137, 146, 158],
            (Self::Projector, Role::Theory) => [0, 102, 88],
            (Self::Projector, Role::Simulation) => [92, 38, 184],
            (Self::Projector, Role::Accent) => [194, 0, 96],
            (Self::Projector, Role::Ordered) => [0, 84, 166],
            (Self::Projector, Role::Chaotic) => [184, 60, 0],
            (Self::Projector, Role::Neutral) => [80, 80, 80],
            (_, Role::Critical) => self.ink(),
        }
    }

    /// The middle of the diverging map: close to the ground, so that the ends stand out.
    pub(crate) fn neutral_middle(self) -> Rgb {
        match self {
            Self::Light | Self::Projector => [244, 243, 241],
            Self::Dark => [40, 43, 48],
        }
    }

    /// Lightness and highest chroma (OKLab) of the cyclic map.
    pub(crate) fn cycle(self) -> (f64, f64) {
        match self {
            Self::Light => (0.56, 0.13),
            Self::Dark => (0.76, 0.14),
            Self::Projector => (0.53, 0.13),
        }
    }

    /// How opaque grid lines are.
    pub(crate) fn grid_alpha(self) -> f64 {
        match self {
            Self::Light => 0.09,
            Self::Dark => 0.10,
            Self::Projector => 0.11,
        }
    }

    /// How opaque the frame and the tick marks are.
    pub(crate) fn frame_alpha(self) -> f64 {
        match self {
            Self::Light => 0.45,
            Self::Dark => 0.5,
            Self::Projector => 0.8,
        }
    }

    /// What the sizes of handles are multiplied by; they are large already.
    pub(crate) fn handle_weight(self) -> f64 {
        match self {
            Self::Light | Self::Dark => 1.0,
            Self::Projector => 1.25,
        }
    }

    /// What line widths and marker sizes are multiplied by.
    pub(crate) fn weight(self) -> f64 {
        match self {
            Self::Light | Self::Dark => 1.0,
            Self::Projector => 1.5,
        }
    }
}

/// How a figure is painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Colours and strokes.
    pub theme: Theme,
    /// Backend pixels per CSS pixel, > 0. From [`crate::FINE`] on the backend is taken to have fine coordinates.
    pub scale: f64,
    /// Base text size in CSS pixels: about 13 on a page, more in an embed or on a projector.
    pub text_px: f64,
    /// Yaw and pitch in radians, for [`crate::View::Orbit`].
    pub orbit: (f64, f64),
}

impl Default for Style {
    fn default() -> Self {
        Self { theme: Theme::Light, scale: 1.0, text_px: 13.0, orbit: (0.6, 0.4) }
    }
}

impl Style {
    /// Backend pixels per CSS pixel, made usable.
    pub(crate) fn unit(&self) -> f64 {
        if self.scale.is_finite() && self.scale > 0.0 { self.scale.min(1000.0) } else { 1.0 }
    }

    /// Base text size in backend pixels, made usable.
    pub(crate) fn text(&self) -> f64 {
        let px = if self.text_px.is_finite() && self.text_px > 0.0 { self.text_px.clamp(4.0, 200.0) } else { 13.0 };
        px * self.unit()
    }

    /// Size of tick labels and legend entries in backend pixels.
    pub(crate) fn small_text(&self) -> f64 {
        0.92 * self.text()
    }

    /// Backend pixels per pixel of the screen or image.
    fn grain(&self) -> f64 {
        let fine = f64::from(crate::FINE);
        if self.unit() >= fine { fine } else { 1.0 }
    }

    /// The nearest edge between pixels of the screen.
    pub(crate) fn edge(&self, at: f64) -> f64 {
        (at / self.grain()).round() * self.grain()
    }

    /// An axis-parallel line at `at` of about `width`, moved and widened to fill whole pixels of the screen: place and width.
    pub(crate) fn crisp(&self, at: f64, width: f64) -> (f64, f64) {
        let grain = self.grain();
        let pixels = (width / grain).round().max(1.0);
        let centre =
            if pixels % 2.0 == 1.0 && grain > 1.0 { ((at / grain).floor() + 0.5) * grain } else { self.edge(at) };
        (centre, pixels * grain)
    }

    /// Width of a line in backend pixels, from its width in CSS pixels in the light theme.
    pub(crate) fn stroke(&self, css_px: f64) -> f64 {
        css_px * self.theme.weight() * self.unit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::contrast;

    const THEMES: [Theme; 3] = [Theme::Light, Theme::Dark, Theme::Projector];
    const ROLES: [Role; 7] =
        [Role::Theory, Role::Simulation, Role::Accent, Role::Ordered, Role::Chaotic, Role::Critical, Role::Neutral];

    /// WCAG 2.2: 3:1 for graphics (1.4.11), 4.5:1 for text (1.4.3). Text takes the ink, the muted ink or a role's colour.
    #[test]
    fn lines_and_text_stand_out_from_the_ground() {
        for theme in THEMES {
            for role in ROLES {
                let ratio = contrast(theme.colour(role), theme.ground());
                assert!(ratio >= 3.0, "{role:?} in {theme:?}: {ratio:.2}");
                let named = !matches!(role, Role::Neutral);
                assert!(!named || ratio >= 4.5, "{role:?} in {theme:?} as text: {ratio:.2}");
            }
            for text in [theme.ink(), theme.muted()] {
                assert!(contrast(text, theme.ground()) >= 4.5, "text in {theme:?}");
            }
        }
    }

    #[test]
    fn ink_stands_out_on_the_middle_of_the_diverging_map() {
        for theme in THEMES {
            assert!(contrast(theme.ink(), theme.neutral_middle()) >= 4.5);
        }
    }

    #[test]
    fn keys_go_there_and_back() {
        for theme in THEMES {
            assert_eq!(Theme::from_key(theme.key()), Some(theme));
        }
        assert_eq!(Theme::from_key("sepia"), None);
    }

    #[test]
    fn an_unusable_style_is_made_usable() {
        let style = Style { scale: f64::NAN, text_px: -1.0, ..Style::default() };
        assert_eq!((style.unit(), style.text()), (1.0, 13.0));
    }
}
