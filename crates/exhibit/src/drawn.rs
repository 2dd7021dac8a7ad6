//! Points of two classes that the user draws, as a text that an address holds: `0.5,-0.2_1,0.3~-1,0` are two points of the
//! first class and one of the second. Those who type may write them in other ways ([`typed`](crate::typed)).

use crate::number::number_from_text;
pub use crate::points::{Drawn, MOST_CHARS, MOST_POINTS};
use crate::points::{FARTHEST, text_from_classes, written};
use crate::reading;

/// A point as an address writes it.
fn point_from_text(point: &str) -> Option<[f64; 2]> {
    let coordinate = |text| number_from_text(text).filter(|x| x.abs() <= FARTHEST);
    let (x, y) = point.split_once(',')?;
    Some([coordinate(x)?, coordinate(y)?])
}

/// A text as clicks can change it.
fn clickable(text: &str) -> String {
    let is_as_written = written(text, ',').all(|(class, point)| class < 2 && point_from_text(point).is_some());
    if is_as_written { text.to_owned() } else { reading::clickable(text) }
}

/// A text with one more point, to the hundredth, at the end of its class. It takes no pains to read the text: what is wrong
/// with it stays as wrong.
#[must_use]
pub fn with_point(text: &str, class: usize, at: [f64; 2]) -> String {
    // Adding 0 makes of −0 a 0.
    let [x, y] = at.map(|x| (100.0 * x).round() / 100.0 + 0.0);
    let mut classes = [String::new(), String::new()];
    let mut here = 0;
    for c in clickable(text).chars() {
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
    let text = clickable(text);
    for (class, point) in written(&text, ',') {
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

#[cfg(all(test, feature = "typed"))]
mod tests {
    use super::*;
    use crate::typed::points_from_text;

    #[test]
    fn a_click_on_typed_points_writes_them_as_an_address_does() {
        assert_eq!(with_point("0,5;0,5 1;1", 1, [2.0, 2.0]), "0.5,0.5_1,1~2,2");
        assert_eq!(with_point("(0.5, 0.5), (1, 1)", 0, [2.0, 2.0]), "0.5,0.5_1,1_2,2");
        assert_eq!(without_point("0,5;0,5 1;1", [1.0, 1.0], [0.1, 0.1]).as_deref(), Some("0.5,0.5"));
        assert_eq!(with_point("1,2_here", 0, [2.0, 2.0]), "1,2_here_2,2", "what is wrong stays wrong");
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
        assert_eq!(
            without_point("0,−0.2 1,1", [1.0, 1.0], [0.1, 0.1]).as_deref(),
            Some("0,-0.2"),
            "as an address writes it"
        );
        // The longest that clicks make.
        assert!(MOST_POINTS * "-100.99,-100.99_".len() <= MOST_CHARS);
    }
}
