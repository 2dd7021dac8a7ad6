//! The font of exported pictures, so that they look the same on machines with other fonts or none.

use std::sync::OnceLock;

use ab_glyph::{Font, FontRef, PxScale, ScaleFont};

use crate::error::PaintError;

/// A subset of DejaVu Sans; its licence lies beside it.
static BYTES: &[u8] = include_bytes!("../../../../assets/fonts/figures-sans.ttf");

/// The font, read once.
pub(crate) fn font() -> Result<&'static FontRef<'static>, PaintError> {
    static FONT: OnceLock<Option<FontRef<'static>>> = OnceLock::new();
    let font = FONT.get_or_init(|| FontRef::try_from_slice(BYTES).ok()).as_ref();
    font.ok_or_else(|| PaintError::Encode { format: "PNG", reason: "the built-in font cannot be read".into() })
}

/// The scale at which an em is `px` pixels.
pub(crate) fn scale_from_em(font: &FontRef<'_>, px: f32) -> PxScale {
    PxScale::from(px * font.height_unscaled() / font.units_per_em().unwrap_or(2048.0))
}

/// The width of a text whose em is `px` pixels.
pub(crate) fn text_width(font: &FontRef<'_>, text: &str, px: f32) -> f32 {
    let scaled = font.as_scaled(scale_from_em(font, px));
    let mut before = None;
    let mut width = 0.0;
    for c in text.chars() {
        let id = font.glyph_id(c);
        width += before.map_or(0.0, |b| scaled.kern(b, id)) + scaled.h_advance(id);
        before = Some(id);
    }
    width
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_the_signs_of_the_theory() {
        let font = font().expect("a font");
        let signs = "σχξμφθπλαβγδε∞×−²³⁰¹⁴⁵⁶⁷⁸⁹⁻₀₁₂₃√≤≥≈±·…—→∂∑∫‖⟨⟩ℓéüß°½";
        let missing: String = signs.chars().filter(|c| font.glyph_id(*c).0 == 0).collect();
        assert_eq!(missing, "", "signs without a glyph");
    }

    /// The layout reserves room by estimates; a label that is wider than its estimate may be cut off.
    #[test]
    fn estimates_are_not_far_below_the_widths_of_the_font() {
        let font = font().expect("a font");
        for text in
            ["layer", "weight scale σ", "0.001", "−1.235×10⁻⁴", "correlation c", "gradient norm ratio", "Ordered phase"]
        {
            let (estimate, width) = (crate::text::run_width(text, 13.0), f64::from(text_width(font, text, 13.0)));
            assert!(estimate >= 0.97 * width && estimate <= 1.2 * width, "{text}: {estimate} for {width}");
        }
    }
}
