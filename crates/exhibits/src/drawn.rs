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
    for (class, points) in text.split(['~', '|']).enumerate() {
        for point in points.split(|c: char| c == '_' || c == ';' || c.is_whitespace()).filter(|p| !p.is_empty()) {
            let of_class = drawn.get_mut(class).ok_or("there are two classes, with one ~ between them")?;
            let coordinate =
                |text: &str| number_from_text(&text.replace('−', "-")).filter(|x| x.is_finite() && x.abs() <= FARTHEST);
            let xy = point.split_once(',').and_then(|(x, y)| Some([coordinate(x)?, coordinate(y)?]));
            of_class.push(xy.ok_or_else(|| {
                let short: String = point.chars().take(20).collect();
                format!("“{short}” is no point; write x,y with numbers from −{FARTHEST} to {FARTHEST}")
            })?);
        }
    }
    let n = drawn[0].len() + drawn[1].len();
    if n > MOST_POINTS { Err(format!("{n} points, at most {MOST_POINTS}")) } else { Ok(drawn) }
}

/// The shortest text of some points.
#[must_use]
pub fn text_from_points(drawn: &Drawn) -> String {
    let class = |points: &Vec<[f64; 2]>| {
        let texts: Vec<String> = points.iter().map(|[x, y]| format!("{x},{y}")).collect();
        texts.join("_")
    };
    let [first, second] = [class(&drawn[0]), class(&drawn[1])];
    if second.is_empty() { first } else { format!("{first}~{second}") }
}

/// A click: removes the points that are nearer to it than `near`, and if there are none adds one, to the hundredth.
///
/// # Errors
/// As [`points_from_text`]; no more than [`MOST_POINTS`] are added.
pub fn clicked(text: &str, class: usize, at: [f64; 2], near: f64) -> Result<String, String> {
    let mut drawn = points_from_text(text)?;
    let count = |drawn: &Drawn| drawn[0].len() + drawn[1].len();
    let before = count(&drawn);
    for points in &mut drawn {
        points.retain(|p| (p[0] - at[0]).hypot(p[1] - at[1]) > near);
    }
    if count(&drawn) == before {
        // Adding 0 makes of −0 a 0.
        let rounded = at.map(|x| (100.0 * x.clamp(-FARTHEST, FARTHEST)).round() / 100.0 + 0.0);
        drawn[class.min(1)].push(rounded);
        if before >= MOST_POINTS {
            return Err(format!("{MOST_POINTS} points are the most"));
        }
    }
    Ok(text_from_points(&drawn))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let drawn = [vec![[0.5, -0.25], [1.0, 0.0]], vec![[-1.0, 2.0]]];
        let text = text_from_points(&drawn);
        assert_eq!(text, "0.5,-0.25_1,0~-1,2");
        assert_eq!(points_from_text(&text), Ok(drawn.clone()));
        assert_eq!(points_from_text(" 0.5,−0.25; 1,0 | -1,2 "), Ok(drawn));
        assert_eq!(points_from_text(""), Ok(Drawn::default()));
        assert_eq!(text_from_points(&[vec![], vec![[1.0, 1.0]]]), "~1,1");
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
    fn a_click_adds_a_point_and_a_click_on_it_removes_it() {
        let one = clicked("", 1, [0.1234, -0.001], 0.05).unwrap();
        assert_eq!(one, "~0.12,0");
        let two = clicked(&one, 0, [1.0, 1.0], 0.05).unwrap();
        assert_eq!(two, "1,1~0.12,0");
        assert_eq!(clicked(&two, 0, [0.13, 0.01], 0.05).unwrap(), "1,1");
        let full = vec!["9,9"; MOST_POINTS].join("_");
        assert!(clicked(&full, 0, [0.0, 0.0], 0.1).is_err());
        // The longest that clicks make.
        assert!(MOST_POINTS * "-100.99,-100.99_".len() <= MOST_CHARS);
    }
}
