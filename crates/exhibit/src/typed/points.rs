//! Points of two classes as people write them. They may part points by spaces, semicolons and brackets and classes by a bar,
//! or have decimal commas and a semicolon in each point: `0,5;-0,2 1;0,3 | -1;0`.

use super::{Plain, real};
use crate::points::{Drawn, FARTHEST, MOST_POINTS, text_from_classes, written};
use crate::prose::shortened;

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

/// A text as clicks can change it: as an address writes it, or as it is if it is no points or two readings of them.
#[must_use]
pub fn clickable(text: &str) -> String {
    match readings(&Plain::of(text).text()) {
        (Ok(first), Ok(second)) if first != second => text.to_owned(),
        (Ok(drawn), _) | (_, Ok(drawn)) => text_from_points(&drawn),
        _ => text.to_owned(),
    }
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
    fn what_is_no_point_is_named() {
        for (text, named) in [("1", "“1”"), ("1,2_x,3", "“x,3”"), ("1,inf", "1,inf"), ("0,0~1,1~2,2", "two classes")]
        {
            assert!(points_from_text(text).unwrap_err().to_string().contains(named), "{text}");
        }
        let many = vec!["0,0"; MOST_POINTS + 1].join("_");
        assert!(points_from_text(&many).unwrap_err().to_string().contains("at most"));
    }
}
