//! Pieces of lines joined end to end: a picture of a few long lines is painted faster than one of many short ones.

type Point = [f64; 2];

/// Joins each piece, given by both its ends, to one that begins where it ends, up to about `cell`. A piece that is missed stays
/// a line of its own. Takes as long as sorting the pieces.
#[must_use]
pub fn chains(pieces: &[[Point; 2]], cell: f64) -> Vec<Vec<Point>> {
    let key = |p: Point| p.map(|x| (x / cell + 0.5).floor() as i64);
    // Sorted lists: a picture has thousands of pieces, and a map of small lists would take most of its time.
    let mut from: Vec<([i64; 2], usize)> = pieces.iter().enumerate().map(|(i, piece)| (key(piece[0]), i)).collect();
    from.sort_unstable();
    let mut ends: Vec<[i64; 2]> = pieces.iter().map(|piece| key(piece[1])).collect();
    ends.sort_unstable();
    // Lines with a beginning first; what is left are closed ones.
    let begins: Vec<bool> = pieces.iter().map(|piece| ends.binary_search(&key(piece[0])).is_err()).collect();
    let order = (0..pieces.len()).filter(|i| begins[*i]).chain((0..pieces.len()).filter(|i| !begins[*i]));
    let mut is_used = vec![false; pieces.len()];
    let unused_from = |place: [i64; 2], is_used: &[bool]| {
        let there = from[from.partition_point(|at| at.0 < place)..].iter().take_while(|at| at.0 == place);
        there.map(|at| at.1).find(|i| !is_used[*i])
    };
    let mut lines = Vec::new();
    for first in order {
        let mut line = Vec::new();
        let mut next = Some(first).filter(|i| !is_used[*i]);
        while let Some(i) = next {
            is_used[i] = true;
            if line.is_empty() {
                line.push(pieces[i][0]);
            }
            line.push(pieces[i][1]);
            next = unused_from(key(pieces[i][1]), &is_used);
        }
        if !line.is_empty() {
            lines.push(line);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_to_lines_whatever_their_order() {
        let p = |i: i32| [f64::from(i), 0.5 * f64::from(i)];
        // An open line of three, and a closed one of two.
        let pieces = [[p(1), p(2)], [p(7), p(8)], [p(0), p(1)], [p(8), p(7)], [p(2), p(3)]];
        assert_eq!(chains(&pieces, 1e-6), [vec![p(0), p(1), p(2), p(3)], vec![p(7), p(8), p(7)]]);
        assert!(chains(&[], 1.0).is_empty());
    }
}
