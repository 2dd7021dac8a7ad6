//! Points of two classes that the user draws, as a text that an address holds: `0.5,-0.2_1,0.3~-1,0` are two points of the
//! first class and one of the second. Those who type may part points by spaces, semicolons and brackets and classes by a bar, or
//! have decimal commas and a semicolon in each point: `0,5;-0,2 1;0,3 | -1;0`.

use crate::prose::shortened;
use crate::typed::{Plain, real};

/// The points of each class.
pub type Drawn = [Vec<[f64; 2]>; 2];

/// Most points in a text.
pub const MOST_POINTS: usize = 120;
/// The characters that so many need when they were clicked.
pub const MOST_CHARS: usize = 2000;
/// Largest coordinate.
const FARTHEST: f64 = 100.0;

/// Why a text is no points; a clause that [`crate::prose::sentence`] makes a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PointsError {
    /// More than two classes.
    #[error("there are two classes, with one ~ between them")]
    Classes,
    /// Something that is no point.
    #[error("“{got}” is no point; write x,y with numbers from −{FARTHEST} to {FARTHEST}")]
    NoPoint {
        /// What was written.
        got: String,
    },
    /// Semicolons between points or in them.
    #[error("“{got}” can be read as the points {first} and as {second}: write one of these")]
    TwoReadings {
        /// What was written.
        got: String,
        /// With semicolons between points.
        first: String,
        /// With semicolons in points, and decimal commas.
        second: String,
    },
    /// More than fit.
    #[error("{got} points, at most {MOST_POINTS}")]
    TooMany {
        /// How many.
        got: usize,
    },
}

/// Reads a text; an empty one has no points. Coordinates are read as [`real`] reads numbers.
///
/// # Errors
/// [`PointsError`] names the first thing that is no point, two readings, or too many.
pub fn points_from_text(text: &str) -> Result<Drawn, PointsError> {
    let plain = Plain::of(text).text();
    let drawn = match readings(&plain) {
        (Ok(first), Ok(second)) if first != second => {
            let [first, second] = [first, second].map(|drawn| shortened(&text_from_points(&drawn)));
            return Err(PointsError::TwoReadings { got: shortened(plain.trim()), first, second });
        }
        (Ok(drawn), _) | (Err(_), Ok(drawn)) => drawn,
        (Err(None), Err(_)) => return Err(PointsError::Classes),
        (Err(Some(got)), Err(_)) => return Err(PointsError::NoPoint { got }),
    };
    let got = drawn[0].len() + drawn[1].len();
    if got > MOST_POINTS { Err(PointsError::TooMany { got }) } else { Ok(drawn) }
}

/// Points, or the first thing that is none, or nothing where there are too many classes.
type Reading = Result<Drawn, Option<String>>;

/// With a comma and with a semicolon between the coordinates, spaces beside it, and brackets around points.
fn readings(plain: &str) -> (Reading, Reading) {
    let read = |parted: char| {
        let tight = plain.split(parted).map(|part| part.trim_matches(' ')).collect::<Vec<_>>();
        read_tight(&without_brackets(&tight.join(&parted.to_string()), parted), parted)
    };
    (read(','), read(';'))
}

fn read_tight(text: &str, parted: char) -> Reading {
    let mut drawn = Drawn::default();
    for (class, point) in written(text, parted) {
        let of_class = drawn.get_mut(class).ok_or(None)?;
        of_class.push(point_from_text(point, parted).ok_or_else(|| Some(point.chars().take(20).collect()))?);
    }
    Ok(drawn)
}

/// A text with spaces for the brackets around points; those of a coordinate, as in (1/2), stay.
fn without_brackets(text: &str, parted: char) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    // The brackets that are open, and whether a whole point is in them.
    let mut open: Vec<(usize, bool)> = Vec::new();
    for at in 0..chars.len() {
        match chars[at] {
            '(' | '[' => open.push((at, false)),
            ')' | ']' => {
                if let Some((start, true)) = open.pop() {
                    (chars[start], chars[at]) = (' ', ' ');
                    // What is in an inner bracket is in the outer one.
                    open.iter_mut().for_each(|outer| outer.1 = true);
                }
            }
            c if c == parted => open.iter_mut().rev().take(1).for_each(|inner| inner.1 = true),
            _ => {}
        }
    }
    chars.into_iter().collect()
}

/// What stands for a point, with the number of its class.
fn written(text: &str, parted: char) -> impl Iterator<Item = (usize, &str)> {
    let is_between = move |c: char| c == '_' || c.is_whitespace() || (c == ';' && parted != ';');
    let classes = text.split(['~', '|']).enumerate();
    let all = classes.flat_map(move |(class, of_class)| of_class.split(is_between).map(move |point| (class, point)));
    // Between points in brackets stands a comma.
    all.filter(|(_, point)| !matches!(*point, "" | "," | ";"))
}

fn point_from_text(point: &str, parted: char) -> Option<[f64; 2]> {
    let coordinate = |text: &str| {
        // So near to 0 there are no thousands.
        let has_comma = text.matches([',', '.']).count() == 1;
        let text = if has_comma { text.replace(',', ".") } else { text.to_owned() };
        real(&text).ok().filter(|x| x.abs() <= FARTHEST)
    };
    let (x, y) = point.split_once(parted)?;
    if [x, y].iter().any(|part| part.contains(parted)) {
        return None;
    }
    Some([coordinate(x)?, coordinate(y)?])
}

fn text_from_points(drawn: &Drawn) -> String {
    let of_class = |points: &[[f64; 2]]| points.iter().map(|[x, y]| format!("{x},{y}")).collect::<Vec<_>>().join("_");
    text_from_classes([of_class(&drawn[0]), of_class(&drawn[1])])
}

/// A text as clicks can change it: as it is if it has the form that an address holds, or is no points.
fn clickable(text: &str) -> String {
    match readings(&Plain::of(text).text()) {
        (Ok(first), Ok(second)) if first != second => text.to_owned(),
        (Ok(drawn), _) | (_, Ok(drawn)) if read_tight(text, ',').as_ref() != Ok(&drawn) => text_from_points(&drawn),
        _ => text.to_owned(),
    }
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
        let Some([x, y]) = point_from_text(point, ',') else { continue };
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
    fn points_of_all_countries_are_read() {
        let points = vec![[0.5, 0.5], [1.0, 1.0]];
        for text in [
            "0,5;0,5 1;1",
            "0,5; 0,5  1; 1",
            "0,5;0,5_1;1",
            "0.5;0.5 1;1",
            "0.5,0.5 1,1",
            "0.5, 0.5; 1, 1",
            "(0.5, 0.5), (1, 1)",
            "[[0.5,0.5],[1,1]]",
            "0.5,0.5\n1,1",
            "٠٫٥;٠٫٥ ١;١",
            "０．５，０．５；１，１",
            "\u{200b}1/2,1/2 1,1",
            "½,½ 1,1",
        ] {
            assert_eq!(points_from_text(text), Ok([points.clone(), vec![]]), "{text}");
        }
        assert_eq!(points_from_text("–0,5;‐1,25 | 0;1"), Ok([vec![[-0.5, -1.25]], vec![[0.0, 1.0]]]));
        assert_eq!(points_from_text("1,234;0"), Ok([vec![[1.234, 0.0]], vec![]]));
    }

    #[test]
    fn what_can_be_read_in_two_ways_says_both() {
        for (text, sentence) in [
            ("0,5;1,5", "“0,5;1,5” can be read as the points 0,5_1,5 and as 0.5,1.5: write one of these"),
            ("0,5; 1,5", "“0,5; 1,5” can be read as the points 0,5_1,5 and as 0.5,1.5: write one of these"),
            (
                "1,0;0,1 | 2,2;3,3",
                "“1,0;0,1 | 2,2;3,3” can be read as the points 1,0_0,1~2,2_3,3 and as 1,0.1~2.2,3.3: write one of these",
            ),
        ] {
            assert_eq!(points_from_text(text).map_err(|error| error.to_string()), Err(sentence.to_owned()));
        }
        assert!(matches!(points_from_text("0,5;0,5 1,0;1,0"), Err(PointsError::TwoReadings { .. })));
        // Three in a row, and points with decimals, are told apart.
        assert_eq!(points_from_text("1,0;0,1;1,1").map(|drawn| drawn[0].len()), Ok(3));
        assert_eq!(points_from_text("1.5,0;0,1").map(|drawn| drawn[0].len()), Ok(2));
        assert_eq!(points_from_text("1,0_0,1").map(|drawn| drawn[0].len()), Ok(2));
    }

    #[test]
    fn a_click_on_typed_points_writes_them_as_an_address_does() {
        assert_eq!(with_point("0,5;0,5 1;1", 1, [2.0, 2.0]), "0.5,0.5_1,1~2,2");
        assert_eq!(with_point("(0.5, 0.5), (1, 1)", 0, [2.0, 2.0]), "0.5,0.5_1,1_2,2");
        assert_eq!(without_point("0,5;0,5 1;1", [1.0, 1.0], [0.1, 0.1]).as_deref(), Some("0.5,0.5"));
        assert_eq!(with_point("1,2_here", 0, [2.0, 2.0]), "1,2_here_2,2", "what is wrong stays wrong");
    }

    #[test]
    fn what_is_no_point_is_named() {
        for (text, named) in [("1", "“1”"), ("1,2_x,3", "“x,3”"), ("1,inf", "1,inf"), ("0,0~1,1~2,2", "two classes")]
        {
            assert!(points_from_text(text).unwrap_err().to_string().contains(named), "{text}");
        }
        let many = vec!["0,0"; MOST_POINTS + 1].join("_");
        assert!(points_from_text(&many).unwrap_err().to_string().contains("at most"));
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
