//! Points of two classes as a text: the form that an address holds.

/// The points of each class.
pub type Drawn = [Vec<[f64; 2]>; 2];

/// Most points in a text.
pub const MOST_POINTS: usize = 120;
/// The characters that so many need when they were clicked.
pub const MOST_CHARS: usize = 2000;
/// Largest coordinate.
pub(crate) const FARTHEST: f64 = 100.0;

/// What stands for a point, with the number of its class.
pub(crate) fn written(text: &str, parted: char) -> impl Iterator<Item = (usize, &str)> {
    let is_between = move |c: char| c == '_' || c.is_whitespace() || (c == ';' && parted != ';');
    let classes = text.split(['~', '|']).enumerate();
    let all = classes.flat_map(move |(class, of_class)| of_class.split(is_between).map(move |point| (class, point)));
    // Between points in brackets stands a comma.
    all.filter(|(_, point)| !matches!(*point, "" | "," | ";"))
}

pub(crate) fn text_from_classes([mut first, second]: [String; 2]) -> String {
    if !second.is_empty() {
        first.push('~');
        first.push_str(&second);
    }
    first
}
