//! As many points of a curve as a picture can show.

/// Strips of a picture; a curve has at most two points in each.
const STRIPS: usize = 900;

/// A curve of ascending abscissae with at most some 2,000 points that looks the same: where it has more than 3,600, of each of
/// 900 strips of as many points the lowest and the highest, in their order, and both ends.
#[must_use]
pub fn outline(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    if points.len() <= 4 * STRIPS {
        return points;
    }
    let mut kept = Vec::with_capacity(2 * STRIPS + 2);
    kept.extend(points.first());
    for strip in points.chunks(points.len().div_ceil(STRIPS)) {
        let lowest = strip.iter().min_by(|a, b| a.1.total_cmp(&b.1));
        let highest = strip.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        if let (Some(a), Some(b)) = (lowest, highest) {
            kept.extend(if a.0 <= b.0 { [*a, *b] } else { [*b, *a] });
        }
    }
    kept.extend(points.last());
    kept
}

/// The highest point of each of at most `strips` strips of as many points: the upper edge of a curve of very many arches.
#[must_use]
pub fn crests(points: &[(f64, f64)], strips: usize) -> Vec<(f64, f64)> {
    let highest = |strip: &[(f64, f64)]| strip.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1));
    points.chunks(points.len().div_ceil(strips.max(1)).max(1)).filter_map(highest).collect()
}

/// Every so many points that at most `most` are left, the first among them: more marks would hide the line below.
pub fn every_few(n: usize, most: usize) -> impl Iterator<Item = usize> + Clone {
    (0..n).step_by(n.div_ceil(most.max(1)).max(1))
}

/// Several lines as one whose gaps are NaN, which is painted faster.
pub fn with_gaps<L: IntoIterator<Item = [f64; 2]>>(
    lines: impl IntoIterator<Item = L>,
) -> impl Iterator<Item = (f64, f64)> {
    lines.into_iter().flat_map(|line| line.into_iter().chain([[f64::NAN; 2]])).map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(n: usize) -> Vec<(f64, f64)> {
        (0..n).map(|i| (i as f64, (i as f64 * 0.7).sin())).collect()
    }

    #[test]
    fn an_outline_keeps_ends_extremes_and_order() {
        assert_eq!(outline(wave(3_000)), wave(3_000));
        let (all, few) = (wave(100_000), outline(wave(100_000)));
        assert!(few.len() < 2_100, "{} points", few.len());
        assert!(few.windows(2).all(|pair| pair[0].0 <= pair[1].0));
        assert_eq!((few.first(), few.last()), (all.first(), all.last()));
        let highest = |points: &[(f64, f64)]| points.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
        assert_eq!(highest(&few), highest(&all));
    }

    #[test]
    fn lines_have_gaps_behind_them() {
        let all: Vec<_> = with_gaps([vec![[0.0, 1.0], [2.0, 3.0]], vec![[4.0, 5.0]]]).collect();
        assert_eq!((all.len(), all[0], all[1], all[3]), (5, (0.0, 1.0), (2.0, 3.0), (4.0, 5.0)));
        assert!(all[2].0.is_nan() && all[4].1.is_nan());
    }

    #[test]
    fn crests_are_the_highest_of_their_strips() {
        assert_eq!(crests(&[(0.0, 1.0), (1.0, 3.0), (2.0, 2.0), (3.0, 0.0)], 2), [(1.0, 3.0), (2.0, 2.0)]);
        assert!(crests(&[], 3).is_empty() && crests(&wave(9), 0).len() == 1);
    }

    #[test]
    fn a_few_of_many_places_begin_with_the_first() {
        assert!(every_few(5, 16).eq(0..5) && every_few(0, 16).eq(0..0));
        assert!(every_few(33, 16).eq((0..33).step_by(3)));
    }
}
