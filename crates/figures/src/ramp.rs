//! The colour maps, computed from a few control points in OKLab: they are resampled to constant distance between neighbours,
//! so that equal differences in the data are equal differences to the eye.

use std::sync::OnceLock;

use crate::colour::{Lab, Rgb, distance, is_on_screen, lab_from_rgb, lerp, mix, rgb_from_lab};
use crate::model::{ColourMap, Role};
use crate::small::sin_cos;
use crate::theme::Theme;

/// Number of colours in a map. Odd, so that the middle of the range has a colour of its own.
pub(crate) const RAMP: usize = 257;

/// The colours of a map, from the low end of the range to the high end.
pub(crate) type Ramp = [Rgb; RAMP];

/// Fills `out` with colours at equal distances along the smooth curve (Catmull and Rom 1974) through `controls`.
fn even_steps(controls: &[Lab], out: &mut [Rgb]) {
    const FINE: usize = 2048;
    let last = controls.len() - 1;
    let at = |t: f64| {
        let place = t * last as f64;
        let i = (place as usize).min(last - 1);
        let u = place - i as f64;
        let (p, q) = (controls[i], controls[i + 1]);
        // Beyond the ends the curve goes straight on.
        let before = if i == 0 { lerp(q, p, 2.0) } else { controls[i - 1] };
        let after = if i + 1 == last { lerp(p, q, 2.0) } else { controls[i + 2] };
        [0, 1, 2].map(|k| {
            let (slope_p, slope_q) = ((q[k] - before[k]) / 2.0, (after[k] - p[k]) / 2.0);
            let rise = q[k] - p[k];
            p[k] + u * (slope_p + u * (3.0 * rise - 2.0 * slope_p - slope_q + u * (slope_p + slope_q - 2.0 * rise)))
        })
    };
    let mut travelled = vec![0.0; FINE + 1];
    for i in 1..=FINE {
        let (here, before) = (at(i as f64 / FINE as f64), at((i - 1) as f64 / FINE as f64));
        travelled[i] = travelled[i - 1] + distance(here, before);
    }
    let colours = out.len() - 1;
    let mut i = 0;
    for (k, colour) in out.iter_mut().enumerate() {
        let goal = travelled[FINE] * k as f64 / colours as f64;
        while i + 1 < FINE && travelled[i + 1] < goal {
            i += 1;
        }
        let step = travelled[i + 1] - travelled[i];
        let share = if step > 0.0 { (goal - travelled[i]) / step } else { 0.0 };
        *colour = rgb_from_lab(at((i as f64 + share) / FINE as f64));
    }
}

/// Lightness rises all the way, so the map reads without colour; the hue goes from blue through green to yellow, the axis
/// that red-green colour-blind people see.
const SEQUENTIAL: [Lab; 5] =
    [[0.24, 0.03, -0.12], [0.41, -0.02, -0.10], [0.59, -0.085, -0.02], [0.77, -0.11, 0.10], [0.95, -0.03, 0.13]];

/// Colours of categories.
pub(crate) const N_CATEGORIES: usize = 8;

/// Hues as parts of a turn, neighbours far apart.
const HUES: [f64; N_CATEGORIES] = [0.0, 0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875];

fn build(map: ColourMap, theme: Theme) -> Ramp {
    let mut ramp = [[0; 3]; RAMP];
    match map {
        ColourMap::Sequential => even_steps(&SEQUENTIAL, &mut ramp),
        ColourMap::Diverging => {
            let middle = lab_from_rgb(theme.neutral_middle());
            let (ordered, chaotic) = (theme.colour(Role::Ordered), theme.colour(Role::Chaotic));
            even_steps(&[lab_from_rgb(ordered), middle], &mut ramp[..=RAMP / 2]);
            even_steps(&[middle, lab_from_rgb(chaotic)], &mut ramp[RAMP / 2..]);
        }
        ColourMap::Grey => {
            for (i, colour) in ramp.iter_mut().enumerate() {
                *colour = [(i.min(255)) as u8; 3];
            }
        }
        ColourMap::Tints => {
            let (ramp_of, whole) =
                (|i: usize| (0.6 + i as f64 / (RAMP - 1) as f64) / 2.2, build(ColourMap::Diverging, theme));
            for (i, colour) in ramp.iter_mut().enumerate() {
                *colour = whole[(ramp_of(i) * (RAMP - 1) as f64 + 0.5) as usize];
            }
        }
        ColourMap::Categories => {
            for (i, colour) in ramp.iter_mut().enumerate() {
                *colour = mix(theme.ground(), cyclic(HUES[i % HUES.len()], theme), 0.55);
            }
        }
    }
    ramp
}

/// The colours of a map in a theme.
pub(crate) fn ramp(map: ColourMap, theme: Theme) -> &'static Ramp {
    static RAMPS: [[OnceLock<Ramp>; 3]; 5] = [const { [const { OnceLock::new() }; 3] }; 5];
    RAMPS[map as usize][theme as usize].get_or_init(|| build(map, theme))
}

/// The colour of a value; `None` for NaN, the end colours beyond the range.
pub(crate) fn colour_at(ramp: &Ramp, value: f32, (low, high): (f32, f32)) -> Option<Rgb> {
    if value.is_nan() {
        return None;
    }
    let t = (f64::from(value) - f64::from(low)) / (f64::from(high) - f64::from(low));
    // A degenerate range has 0/0 at its only value: the middle is as good as any.
    let t = if t.is_nan() { 0.5 } else { t.clamp(0.0, 1.0) };
    // Adding a half and cutting off is an instruction; rounding is a call of a function on WebAssembly.
    Some(ramp[(t * (RAMP - 1) as f64 + 0.5) as usize])
}

/// The colour at `turn` (one turn is the whole circle) of the cyclic map: one lightness and chroma, all hues.
pub(crate) fn cyclic(turn: f64, theme: Theme) -> Rgb {
    let (lightness, most) = theme.cycle();
    let (sin, cos) = sin_cos(std::f64::consts::TAU * (turn + 0.08));
    let at = |chroma: f64| [lightness, chroma * cos, chroma * sin];
    // The screen has less chroma in some hues than in others: lower it there, never the lightness.
    let (mut low, mut high) = (0.0, most);
    for _ in 0..12 {
        let middle = (low + high) / 2.0;
        if is_on_screen(at(middle)) { low = middle } else { high = middle }
    }
    rgb_from_lab(at(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEMES: [Theme; 3] = [Theme::Light, Theme::Dark, Theme::Projector];

    #[test]
    fn the_sequential_map_gets_steadily_brighter_in_even_steps() {
        let ramp = ramp(ColourMap::Sequential, Theme::Light);
        // Over 16 entries the rounding to eight bits (about 0.003 a colour) is small against the step.
        let steps: Vec<f64> =
            (0..16).map(|i| distance(lab_from_rgb(ramp[16 * i]), lab_from_rgb(ramp[16 * i + 16]))).collect();
        let mean = steps.iter().sum::<f64>() / 16.0;
        for (i, step) in steps.iter().enumerate() {
            assert!((step / mean - 1.0).abs() < 0.15, "step {i}: {step} of mean {mean}");
        }
        for i in 0..RAMP - 4 {
            assert!(lab_from_rgb(ramp[i + 4])[0] > lab_from_rgb(ramp[i])[0], "lightness falls at {i}");
        }
    }

    #[test]
    fn the_diverging_map_ends_in_the_colours_of_the_phases_and_is_neutral_between() {
        for theme in THEMES {
            let ramp = ramp(ColourMap::Diverging, theme);
            assert_eq!(ramp[0], theme.colour(Role::Ordered));
            assert_eq!(ramp[RAMP - 1], theme.colour(Role::Chaotic));
            let [_, a, b] = lab_from_rgb(ramp[RAMP / 2]);
            assert!(a.hypot(b) < 0.012, "the middle of {theme:?} has chroma {}", a.hypot(b));
        }
    }

    #[test]
    fn the_cyclic_map_is_of_one_lightness_and_joins_up() {
        for theme in THEMES {
            for k in 0..64 {
                let [lightness, ..] = lab_from_rgb(cyclic(f64::from(k) / 64.0, theme));
                // Eight bits a channel are about 0.002 of lightness.
                assert!((lightness - theme.cycle().0).abs() < 0.004, "{theme:?} {k}: {lightness}");
            }
            assert_eq!(cyclic(0.0, theme), cyclic(1.0, theme));
        }
    }

    #[test]
    fn values_beyond_the_range_take_the_end_colours_and_nan_takes_none() {
        let ramp = ramp(ColourMap::Sequential, Theme::Light);
        assert_eq!(colour_at(ramp, f32::NEG_INFINITY, (0.0, 1.0)), Some(ramp[0]));
        assert_eq!(colour_at(ramp, 7.0, (0.0, 1.0)), Some(ramp[RAMP - 1]));
        assert_eq!(colour_at(ramp, f32::NAN, (0.0, 1.0)), None);
        assert_eq!(colour_at(ramp, 3.0, (3.0, 3.0)), Some(ramp[RAMP / 2]));
    }
}
