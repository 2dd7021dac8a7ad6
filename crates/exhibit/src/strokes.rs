//! Strokes that a hand draws on a pad, as a text that an address holds: `10201525.4012` are a stroke from (0.10, 0.20) to
//! (0.15, 0.25) of the pad's sides, from the left and from the top, and a dot.

/// Steps of a side: two digits.
const STEPS: f64 = 99.0;
/// Digits of a point.
const DIGITS: usize = 4;
/// Points at most, so that an address stays one that all hosts take.
const MOST_POINTS: usize = 500;
/// Characters of the longest text.
pub const MOST_CHARS: usize = (DIGITS + 1) * MOST_POINTS;
/// A point nearer to the one before, in steps, is left out.
const LEAST_STEPS: i32 = 2;

/// A point, as shares of the pad's width and height, from the upper left corner.
pub type Point = [f64; 2];

/// The strokes of a text. What is no point ends the reading of its stroke, so that any text gives some.
#[must_use]
pub fn strokes_from_text(text: &str) -> Vec<Vec<Point>> {
    let stroke = |of: &str| steps(of).map(|point| point.map(|steps| f64::from(steps) / STEPS)).collect::<Vec<_>>();
    text.split('.').map(stroke).filter(|stroke| !stroke.is_empty()).collect()
}

fn steps(stroke: &str) -> impl Iterator<Item = [i32; 2]> {
    let number = |pair: &[u8]| match pair {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(i32::from((tens - b'0') * 10 + (ones - b'0'))),
        _ => None,
    };
    stroke.as_bytes().chunks(DIGITS).map_while(move |point| Some([number(point.get(..2)?)?, number(point.get(2..)?)?]))
}

/// A text with one more point, of a stroke of its own or of the last one; none where the pad is full, or for a point that lies on the
/// last one.
#[must_use]
pub fn with_point(text: &str, begins: bool, at: Point) -> Option<String> {
    let at = at.map(|share| (STEPS * share.clamp(0.0, 1.0)).round() as i32);
    let last = text.rsplit('.').next().and_then(|stroke| steps(stroke).last());
    let is_near = |last: [i32; 2]| (0..2).all(|i| (last[i] - at[i]).abs() < LEAST_STEPS);
    if text.len() + 1 + DIGITS > MOST_CHARS || !begins && last.is_some_and(is_near) {
        return None;
    }
    let pause = if begins && !text.is_empty() { "." } else { "" };
    Some(format!("{text}{pause}{:02}{:02}", at[0], at[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_read() {
        let mut text = String::new();
        for (begins, at) in [(true, [0.1, 0.2]), (false, [0.15, 0.25]), (true, [1.7, -3.0]), (false, [0.5, f64::NAN])] {
            text = with_point(&text, begins, at).unwrap();
        }
        assert_eq!(text, "10201525.99005000");
        let strokes = strokes_from_text(&text);
        assert_eq!(strokes.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
        assert!((strokes[0][1][0] - 15.0 / 99.0).abs() < 1e-12 && strokes[1][0] == [1.0, 0.0]);
    }

    #[test]
    fn a_hand_that_rests_adds_nothing_and_a_full_pad_takes_no_more() {
        assert_eq!(with_point("5050", false, [0.505, 0.5]), None);
        assert_eq!(with_point("5050", true, [0.505, 0.5]).as_deref(), Some("5050.5050"), "a dot");
        let full = "1234".repeat(MOST_CHARS / DIGITS);
        assert_eq!(with_point(&full, false, [0.9, 0.9]), None);
    }

    #[test]
    fn any_text_gives_strokes() {
        for text in ["", ".", "..12", "x", "1", "12345", "12é4", "−1-2", "99999999.x.0000"] {
            assert!(strokes_from_text(text).iter().flatten().flatten().all(|x| (0.0..=1.0).contains(x)), "{text}");
        }
        assert_eq!(strokes_from_text("0000x111.1212").len(), 2);
    }
}
