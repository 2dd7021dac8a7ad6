//! Points of two classes that the user draws, as a text that an address holds: `0.5,-0.2_1,0.3~-1,0` are two points of the
//! first class and one of the second. Spaces, semicolons and a bar separate as well, for those who type.

use crate::number::number_from_text;

/// The points of each class.
pub type Drawn = [Vec<[f64; 2]>; 2];

/// Most points in a text.
pub const MOST_POINTS: usize = 120;
/// The characters that so many need when they were clicked.
pub const MOST_CHARS: usize = 2000;
/// Largest coordinate.
const FARTHEST: f64 = 100.0;

/// Reads a text; an empty one has no points.
///
/// # Errors
/// A sentence that names the first thing that is no point, or too many.
pub fn points_from_text(text: &str) -> Result<Drawn, String> {
    let mut drawn = Drawn::default();
    for (class, point) in written(text) {
        let of_class = drawn.get_mut(class).ok_or("there are two classes, with one ~ between them")?;
        of_class.push(point_from_text(point).ok_or_else(|| {
            let short: String = point.chars().take(20).collect();
            format!("“{short}” is no point; write x,y with numbers from −{FARTHEST} to {FARTHEST}")
        })?);
    }
    let n = drawn[0].len() + drawn[1].len();
    if n > MOST_POINTS { Err(format!("{n} points, at most {MOST_POINTS}")) } else { Ok(drawn) }
}

/// What stands for a point, with the number of its class.
fn written(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_between = |c: char| c == '_' || c == ';' || c.is_whitespace();
    let classes = text.split(['~', '|']).enumerate();
    let all = classes.flat_map(move |(class, of_class)| of_class.split(is_between).map(move |point| (class, point)));
    all.filter(|(_, point)| !point.is_empty())
}

fn point_from_text(point: &str) -> Option<[f64; 2]> {
    let coordinate =
        |text: &str| number_from_text(&text.replace('−', "-")).filter(|x| x.is_finite() && x.abs() <= FARTHEST);
    let (x, y) = point.split_once(',')?;
    Some([coordinate(x)?, coordinate(y)?])
}

fn text_from_classes([mut first, second]: [String; 2]) -> String {
    if !second.is_empty() {
        first.push('~');
        first.push_str(&second);
    }
    first
}

/// A text with one more point, to the hundredth, at the end of its class. It takes no pains to read the text: what is wrong
/// with it stays as wrong.
#[must_use]
pub fn with_point(text: &str, class: usize, at: [f64; 2]) -> String {
    // Adding 0 makes of −0 a 0.
    let [x, y] = at.map(|x| (100.0 * x).round() / 100.0 + 0.0);
    let mut classes = [String::new(), String::new()];
    let mut here = 0;
    for c in text.chars() {
        if here == 0 && matches!(c, '~' | '|') {
            here = 1;
        } else {
            classes[here].push(c);
        }
    }
    let own = &mut classes[class.min(1)];
    if !own.is_empty() {
        own.push('_');
    }
    own.push_str(&format!("{x},{y}"));
    text_from_classes(classes)
}

/// A text without the point that is nearest to a place, if one is near: in the ellipse with these half axes. What is no point
/// is left out, too.
#[must_use]
pub fn without_point(text: &str, at: [f64; 2], reach: [f64; 2]) -> Option<String> {
    let mut points: Vec<(usize, &str)> = Vec::new();
    let mut nearest = (1.0, None);
    for (class, point) in written(text) {
        let Some([x, y]) = point_from_text(point) else { continue };
        let distance = ((x - at[0]) / reach[0]).powi(2) + ((y - at[1]) / reach[1]).powi(2);
        if distance <= nearest.0 {
            nearest = (distance, Some(points.len()));
        }
        points.push((class, point));
    }
    points.remove(nearest.1?);
    let of_class = |class| points.iter().filter(|p| p.0 == class).map(|p| p.1).collect::<Vec<_>>().join("_");
    Some(text_from_classes([0, 1].map(of_class)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let drawn = [vec![[0.5, -0.25], [1.0, 0.0]], vec![[-1.0, 2.0]]];
        assert_eq!(points_from_text("0.5,-0.25_1,0~-1,2"), Ok(drawn.clone()));
        assert_eq!(points_from_text(" 0.5,−0.25; 1,0 | -1,2 "), Ok(drawn));
        assert_eq!(points_from_text(""), Ok(Drawn::default()));
        assert_eq!(points_from_text("~1,1"), Ok([vec![], vec![[1.0, 1.0]]]));
    }

    #[test]
    fn what_is_no_point_is_named() {
        for (text, named) in [("1", "“1”"), ("1,2_x,3", "“x,3”"), ("1,inf", "1,inf"), ("0,0~1,1~2,2", "two classes")]
        {
            assert!(points_from_text(text).unwrap_err().contains(named), "{text}");
        }
        let many = vec!["0,0"; MOST_POINTS + 1].join("_");
        assert!(points_from_text(&many).unwrap_err().contains("at most"));
    }

    #[test]
    fn a_point_is_added_to_its_class_and_removed() {
        let one = with_point("", 1, [0.1234, -0.001]);
        assert_eq!(one, "~0.12,0");
        let two = with_point(&one, 0, [1.0, -1.006]);
        assert_eq!(two, "1,-1.01~0.12,0");
        let three = with_point(&with_point(&two, 1, [2.0, 2.0]), 0, [3.0, 0.5]);
        assert_eq!(three, "1,-1.01_3,0.5~0.12,0_2,2");
        assert_eq!(points_from_text(&three).map(|drawn| drawn.map(|of_class| of_class.len())), Ok([2, 2]));
        assert_eq!(without_point(&three, [2.02, 1.97], [0.05, 0.05]).as_deref(), Some("1,-1.01_3,0.5~0.12,0"));
        assert_eq!(without_point(&three, [1.1, -1.0], [0.2, 0.02]).as_deref(), Some("3,0.5~0.12,0_2,2"));
        assert_eq!(without_point(&three, [2.06, 2.0], [0.05, 0.05]), None, "too far");
        assert_eq!(without_point("~1,1", [1.0, 1.0], [0.1, 0.1]).as_deref(), Some(""));
        assert_eq!(without_point("0,0_0.04,0", [0.03, 0.0], [0.1, 0.1]).as_deref(), Some("0,0"), "the nearest");
        assert_eq!(without_point("0,−0.2 1,1", [1.0, 1.0], [0.1, 0.1]).as_deref(), Some("0,−0.2"), "as it was typed");
        // The longest that clicks make.
        assert!(MOST_POINTS * "-100.99,-100.99_".len() <= MOST_CHARS);
    }
}
