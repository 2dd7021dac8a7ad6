//! Numbers as people read them.

/// Four significant digits with a typographic minus; powers of ten beyond what is easily read; `∞` for infinity, `—` for NaN.
///
/// Integers below a million are written in full (`50`, `100000`); other numbers keep their trailing zeros (`1.500`), so
/// that a number that changes while dragging does not jump in length.
#[must_use]
pub fn format_number(value: f64) -> String {
    if let Some(word) = not_finite(value) {
        return word.into();
    }
    if value.abs() < 1e6 && value.fract() == 0.0 {
        return signed(value < 0.0, &format!("{:.0}", value.abs()));
    }
    // The exponent after rounding to four digits: 9999.6 is 1.000e4.
    let rounded = format!("{:.3e}", value.abs());
    let (mantissa, exponent) = split(&rounded);
    let text = match exponent {
        -3..=3 => format!("{:.*}", (3 - exponent) as usize, value.abs()),
        _ => times_power(mantissa, exponent),
    };
    signed(value < 0.0, &text)
}

/// [`format_number`] without trailing zeros: for numbers that stand still.
pub(crate) fn short_number(value: f64) -> String {
    let text = format_number(value);
    if !text.contains('.') {
        return text;
    }
    match text.split_once('×') {
        Some((mantissa, power)) => format!("{}×{power}", mantissa.trim_end_matches('0').trim_end_matches('.')),
        None => text.trim_end_matches('0').trim_end_matches('.').into(),
    }
}

/// The number with `decimals` digits after the point, or as a multiple of a power of ten if it is too long or too small.
pub(crate) fn tick_label(value: f64, step: f64) -> String {
    if let Some(word) = not_finite(value) {
        return word.into();
    }
    // A tick that should be zero but is a rounding error of the step.
    if value.abs() < step.abs() * 1e-9 {
        return "0".into();
    }
    let decimals = (-step.abs().log10() - 1e-9).ceil().clamp(0.0, 300.0) as usize;
    let text = if value.abs() < 1e5 && decimals <= 4 {
        format!("{:.*}", decimals, value.abs())
    } else {
        let digits = (value.abs().log10().floor() - step.abs().log10().floor()).clamp(0.0, 12.0) as usize;
        let scientific = format!("{:.*e}", digits, value.abs());
        let (mantissa, exponent) = split(&scientific);
        let mantissa =
            if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
        times_power(mantissa, exponent)
    };
    signed(value < 0.0, &text)
}

/// `0.01`, `1`, `100` near one, `10⁻⁵` elsewhere; `digit` times that for ticks between decades.
pub(crate) fn decade_label(digit: u32, exponent: i32) -> String {
    match exponent {
        0..=3 => format!("{digit}{}", "0".repeat(exponent as usize)),
        -3..=-1 => format!("0.{}{digit}", "0".repeat((-exponent - 1) as usize)),
        _ if digit == 1 => format!("10{}", superscript(exponent)),
        _ => times_power(&digit.to_string(), exponent),
    }
}

fn not_finite(value: f64) -> Option<&'static str> {
    match value {
        v if v.is_nan() => Some("—"),
        f64::INFINITY => Some("∞"),
        f64::NEG_INFINITY => Some("−∞"),
        _ => None,
    }
}

fn signed(negative: bool, text: &str) -> String {
    // What rounds to zero has no sign.
    let nonzero = text.chars().any(|c| ('1'..='9').contains(&c));
    if negative && nonzero { format!("−{text}") } else { text.into() }
}

/// Mantissa and exponent of Rust's `1.234e-5`.
fn split(scientific: &str) -> (&str, i32) {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    (mantissa, exponent.parse().unwrap_or(0))
}

fn times_power(mantissa: &str, exponent: i32) -> String {
    match (mantissa, exponent) {
        (_, 0) => mantissa.into(),
        ("1", _) => format!("10{}", superscript(exponent)),
        _ => format!("{mantissa}×10{}", superscript(exponent)),
    }
}

fn superscript(number: i32) -> String {
    number
        .to_string()
        .chars()
        .map(|c| match c {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '0' => '⁰',
            // Four to nine lie side by side in Unicode.
            digit => char::from_u32(u32::from('⁴') + u32::from(digit) - u32::from('4')).unwrap_or(digit),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_significant_digits() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (50.0, "50"),
            (-3.0, "−3"),
            (1.5, "1.500"),
            (123.456, "123.5"),
            (0.012_345_6, "0.01235"),
            (0.001_234_56, "0.001235"),
            (0.000_123_456, "1.235×10⁻⁴"),
            (9999.96, "1.000×10⁴"),
            (999.96, "1000"),
            (123_456.7, "1.235×10⁵"),
            (100_000.0, "100000"),
            (-6.022e23, "−6.022×10²³"),
            (f64::INFINITY, "∞"),
            (f64::NEG_INFINITY, "−∞"),
            (f64::NAN, "—"),
            (f64::MIN_POSITIVE, "2.225×10⁻³⁰⁸"),
        ] {
            assert_eq!(format_number(value), text, "{value}");
        }
    }

    #[test]
    fn short_numbers_have_no_trailing_zeros() {
        for (value, text) in [(0.5, "0.5"), (0.25, "0.25"), (100.0, "100"), (-1.5e-5, "−1.5×10⁻⁵"), (2e-7, "2×10⁻⁷")]
        {
            assert_eq!(short_number(value), text);
        }
    }

    #[test]
    fn tick_labels_share_their_decimals() {
        for (value, step, text) in [
            (0.0, 0.2, "0"),
            (0.2, 0.2, "0.2"),
            (1.0, 0.2, "1.0"),
            (1e-17, 0.2, "0"),
            (-0.05, 0.05, "−0.05"),
            (1000.0, 500.0, "1000"),
            (2e5, 1e5, "2×10⁵"),
            (2.5e5, 0.5e5, "2.5×10⁵"),
            (1e5, 1e5, "10⁵"),
            (2e-6, 1e-6, "2×10⁻⁶"),
        ] {
            assert_eq!(tick_label(value, step), text, "{value} by {step}");
        }
    }

    #[test]
    fn decades_are_plain_near_one_and_powers_elsewhere() {
        for (digit, exponent, text) in [
            (1, 0, "1"),
            (1, 3, "1000"),
            (5, -1, "0.5"),
            (2, -3, "0.002"),
            (1, -5, "10⁻⁵"),
            (2, 6, "2×10⁶"),
            (1, 17, "10¹⁷"),
        ] {
            assert_eq!(decade_label(digit, exponent), text);
        }
    }
}
