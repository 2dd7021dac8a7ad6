//! Pieces of lines joined end to end: a picture of a few long lines is painted faster than one of many short ones.

use figures::Samples;

pub(super) type Point = [f64; 2];

/// From one end to the other.
pub(super) type Piece = [Point; 2];

/// Joins each piece to one that begins where it ends, up to about `cell`. A piece that is missed stays a line of its own.
pub(super) fn chains(pieces: &[Piece], cell: f64) -> Vec<Vec<Point>> {
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

/// Abscissae and ordinates of lines, with gaps between them.
pub(super) fn samples(lines: &[Vec<Point>]) -> [Samples; 2] {
    let coordinate = |axis: usize| {
        let of_line = |line: &Vec<Point>| line.iter().map(|p| p[axis]).chain([f64::NAN]).collect::<Vec<_>>();
        Samples::from_f64(lines.iter().flat_map(of_line))
    };
    [coordinate(0), coordinate(1)]
}

/// Where an affine function with these values at the corners of a convex polygon (counterclockwise) is 0: with the positive
/// side on the left.
pub(super) fn zero_line(corners: &[Point], values: &[f64]) -> Option<Piece> {
    let crossing = |is_leaving: bool| {
        let n = corners.len();
        let i = (0..n).find(|&i| (values[i] > 0.0) == is_leaving && (values[(i + 1) % n] > 0.0) != is_leaving)?;
        let (p, q, a, b) = (corners[i], corners[(i + 1) % n], values[i], values[(i + 1) % n]);
        let share = a / (a - b);
        Some([0, 1].map(|k| p[k] + share * (q[k] - p[k])))
    };
    Some([crossing(true)?, crossing(false)?])
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

    #[test]
    fn the_zero_line_has_the_positive_side_on_its_left() {
        let square = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
        // x − 1/4: positive at the right, so the line goes down.
        let line = zero_line(&square, &[-0.25, 0.75, 0.75, -0.25]);
        assert_eq!(line, Some([[0.25, 1.0], [0.25, 0.0]]));
        assert_eq!(zero_line(&square, &[0.0; 4]), None);
        assert_eq!(zero_line(&square, &[1.0; 4]), None);
    }
}
