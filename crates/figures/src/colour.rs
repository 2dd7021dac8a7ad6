//! Colour arithmetic in OKLab.
//!
//! OKLab (Björn Ottosson, 2020, "A perceptual color space for image processing") is used because equal distances in it
//! look about equal.

/// A colour in sRGB, eight bits a channel.
pub type Rgb = [u8; 3];

/// Lightness and the two axes of hue and chroma.
pub(crate) type Lab = [f64; 3];

fn linear_from_srgb(channel: u8) -> f64 {
    let c = f64::from(channel) / 255.0;
    if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

fn srgb_from_linear(c: f64) -> u8 {
    let c = c.clamp(0.0, 1.0);
    let s = if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
    (s * 255.0).round() as u8
}

/// OKLab from sRGB.
pub(crate) fn lab_from_rgb(colour: Rgb) -> Lab {
    let [r, g, b] = colour.map(linear_from_srgb);
    // The power is linked anyway; a cube root would be one more.
    let cube_root = |x: f64| x.powf(1.0 / 3.0);
    let l = cube_root(0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b);
    let m = cube_root(0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b);
    let s = cube_root(0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b);
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

/// Linear sRGB from OKLab, each channel in [0, 1] if a screen can show it.
fn linear_from_lab([lightness, a, b]: Lab) -> [f64; 3] {
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ]
}

pub(crate) fn is_on_screen(colour: Lab) -> bool {
    linear_from_lab(colour).iter().all(|channel| (0.0..=1.0).contains(channel))
}

/// sRGB from OKLab; colours beyond what a screen shows are cut off channel by channel.
pub(crate) fn rgb_from_lab(colour: Lab) -> Rgb {
    linear_from_lab(colour).map(srgb_from_linear)
}

/// `ground` and `over` mixed evenly to the eye; `share` of `over` in [0, 1].
pub(crate) fn mix(ground: Rgb, over: Rgb, share: f64) -> Rgb {
    let (g, o) = (lab_from_rgb(ground), lab_from_rgb(over));
    rgb_from_lab(lerp(g, o, share.clamp(0.0, 1.0)))
}

pub(crate) fn lerp(from: Lab, to: Lab, share: f64) -> Lab {
    [0, 1, 2].map(|i| from[i] + share * (to[i] - from[i]))
}

pub(crate) fn distance(p: Lab, q: Lab) -> f64 {
    (0..3).map(|i| (p[i] - q[i]).powi(2)).sum::<f64>().sqrt()
}

/// The contrast ratio of two colours, 1 to 21.
///
/// # Source
/// W3C, Web Content Accessibility Guidelines 2.2, "contrast ratio" and "relative luminance".
#[must_use]
pub fn contrast(p: Rgb, q: Rgb) -> f64 {
    let luminance = |colour: Rgb| {
        let [r, g, b] = colour.map(linear_from_srgb);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (p, q) = (luminance(p), luminance(q));
    (p.max(q) + 0.05) / (p.min(q) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oklab_goes_there_and_back() {
        for colour in [[0, 0, 0], [255, 255, 255], [31, 109, 181], [200, 80, 10], [1, 254, 128]] {
            assert_eq!(rgb_from_lab(lab_from_rgb(colour)), colour);
        }
        let white = lab_from_rgb([255; 3]);
        assert!((white[0] - 1.0).abs() < 1e-6 && white[1].abs() < 1e-4 && white[2].abs() < 1e-4, "{white:?}");
    }

    #[test]
    fn contrast_of_black_on_white_is_21() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    }
}
