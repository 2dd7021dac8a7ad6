//! Geometry in pixels: cutting lines and areas to the plot, dashes, fewer points.

/// A point in pixels.
pub(crate) type Point = (f64, f64);

/// A rectangle in pixels: left, top, right, bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Rect {
    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(crate) fn centre(&self) -> Point {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    /// Whether it has an area worth painting on.
    pub(crate) fn is_open(&self) -> bool {
        self.width() >= 1.0 && self.height() >= 1.0
    }

    /// Whether the point lies within, up to a thousandth of a pixel; false for NaN.
    pub(crate) fn contains(&self, (x, y): Point) -> bool {
        const SLACK: f64 = 1e-3;
        x >= self.left - SLACK && x <= self.right + SLACK && y >= self.top - SLACK && y <= self.bottom + SLACK
    }

    /// Moved inwards (outwards for a negative margin).
    pub(crate) fn inset(&self, margin: f64) -> Self {
        Self {
            left: self.left + margin,
            top: self.top + margin,
            right: self.right - margin,
            bottom: self.bottom - margin,
        }
    }

    /// Each side changed.
    pub(crate) fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        Self { left: f(self.left), top: f(self.top), right: f(self.right), bottom: f(self.bottom) }
    }

    pub(crate) fn clamp(&self, (x, y): Point) -> Point {
        (x.min(self.right).max(self.left), y.min(self.bottom).max(self.top))
    }
}

fn is_finite(p: Point) -> bool {
    p.0.is_finite() && p.1.is_finite()
}

/// The part of a segment within the rectangle (Liang and Barsky 1984).
pub(crate) fn clip_segment(p: Point, q: Point, rect: &Rect) -> Option<(Point, Point)> {
    let within = |p: Point| p.0 >= rect.left && p.0 <= rect.right && p.1 >= rect.top && p.1 <= rect.bottom;
    if within(p) && within(q) {
        return Some((p, q));
    }
    let (dx, dy) = (q.0 - p.0, q.1 - p.1);
    let (mut enter, mut leave) = (0.0f64, 1.0f64);
    for (speed, room) in
        [(-dx, p.0 - rect.left), (dx, rect.right - p.0), (-dy, p.1 - rect.top), (dy, rect.bottom - p.1)]
    {
        if speed == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if speed < 0.0 {
            enter = enter.max(room / speed);
        } else {
            leave = leave.min(room / speed);
        }
    }
    let at = |t: f64| rect.clamp((p.0 + t * dx, p.1 + t * dy));
    (enter <= leave).then(|| (at(enter), at(leave)))
}

/// The pieces of a polyline within the rectangle; a point that is not finite breaks the line.
pub(crate) fn clip_line(points: &[Point], rect: &Rect) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    let mut joined = false;
    for pair in points.windows(2) {
        let (p, q) = (pair[0], pair[1]);
        let cut = if is_finite(p) && is_finite(q) { clip_segment(p, q, rect) } else { None };
        match cut {
            Some((start, end)) => {
                match pieces.last_mut().filter(|_| joined) {
                    Some(piece) => piece.push(end),
                    None => pieces.push(vec![start, end]),
                }
                joined = end == q;
            }
            None => joined = false,
        }
    }
    pieces
}

/// The part of a polygon within the rectangle (Sutherland and Hodgman 1974).
pub(crate) fn clip_polygon(points: &[Point], rect: &Rect) -> Vec<Point> {
    if !points.iter().copied().all(is_finite) {
        return Vec::new();
    }
    // One side after the other: how far inside a point is, and its place on the side when a segment crosses it.
    type Side = (fn(Point) -> f64, f64);
    let sides: [Side; 4] =
        [(|p| p.0, rect.left), (|p| -p.0, -rect.right), (|p| p.1, rect.top), (|p| -p.1, -rect.bottom)];
    let mut polygon = points.to_vec();
    for (coordinate, least) in sides {
        let inside = |p: Point| coordinate(p) - least;
        let mut kept = Vec::with_capacity(polygon.len() + 4);
        for (i, &q) in polygon.iter().enumerate() {
            let p = polygon[if i == 0 { polygon.len() - 1 } else { i - 1 }];
            let (from, to) = (inside(p), inside(q));
            if (from < 0.0) != (to < 0.0) {
                let t = from / (from - to);
                kept.push((p.0 + t * (q.0 - p.0), p.1 + t * (q.1 - p.1)));
            }
            if to >= 0.0 {
                kept.push(q);
            }
        }
        polygon = kept;
    }
    polygon.into_iter().map(|p| rect.clamp(p)).collect()
}

/// Drops points that lie within about `tolerance` of the line through the kept ones; linear in their number.
///
/// From a kept point one looks through a cone that all dropped points allow; a point outside of the cone ends it (Williams
/// 1978). So thousands of samples become the few vertices that a screen can show, and the rounding of vertices to whole
/// units does not turn a smooth curve into stairs.
pub(crate) fn simplify(points: &[Point], tolerance: f64) -> Vec<Point> {
    if points.len() <= 2 {
        return points.to_vec();
    }
    let cross = |p: Point, q: Point| p.0 * q.1 - p.1 * q.0;
    let mut kept = vec![points[0]];
    let mut anchor = points[0];
    // The directions of the rims of the cone, the second to the left of the first.
    let mut cone: Option<(Point, Point)> = None;
    let mut farthest = 0.0f64;
    for i in 1..points.len() {
        let p = points[i];
        let mut d = (p.0 - anchor.0, p.1 - anchor.1);
        let mut length = (d.0 * d.0 + d.1 * d.1).sqrt();
        let allowed = cone.is_none_or(|(right, left)| {
            let ahead = (right.0 + left.0) * d.0 + (right.1 + left.1) * d.1 > 0.0;
            ahead && cross(right, d) >= 0.0 && cross(d, left) >= 0.0 && length >= farthest - tolerance
        });
        if !allowed {
            anchor = points[i - 1];
            kept.push(anchor);
            (cone, farthest) = (None, 0.0);
            d = (p.0 - anchor.0, p.1 - anchor.1);
            length = (d.0 * d.0 + d.1 * d.1).sqrt();
        }
        farthest = farthest.max(length);
        // A point this near to the kept one leaves all directions open.
        if length > 2.0 * tolerance {
            let sin = tolerance / length;
            let cos = (1.0 - sin * sin).sqrt();
            let right = (d.0 * cos + d.1 * sin, d.1 * cos - d.0 * sin);
            let left = (d.0 * cos - d.1 * sin, d.1 * cos + d.0 * sin);
            cone = Some(cone.map_or((right, left), |(old_right, old_left)| {
                let right = if cross(old_right, right) > 0.0 { right } else { old_right };
                let left = if cross(left, old_left) > 0.0 { left } else { old_left };
                (right, left)
            }));
        }
    }
    kept.push(points[points.len() - 1]);
    kept
}

/// Cuts a polyline into dashes of length `on` with gaps of length `off`.
pub(crate) fn dashes(points: &[Point], on: f64, off: f64) -> Vec<Vec<Point>> {
    // A line of a million dashes is a solid line.
    let length: f64 = points.windows(2).map(|p| (p[1].0 - p[0].0).hypot(p[1].1 - p[0].1)).sum();
    if !(on > 0.0 && off > 0.0) || length / (on + off) > 2000.0 {
        return vec![points.to_vec()];
    }
    let mut out: Vec<Vec<Point>> = Vec::new();
    let (mut pen_down, mut left) = (true, on);
    let mut piece: Vec<Point> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let (mut p, q) = (pair[0], pair[1]);
        loop {
            let rest = (q.0 - p.0).hypot(q.1 - p.1);
            if rest < left {
                left -= rest;
                if pen_down {
                    piece.push(q);
                }
                break;
            }
            let t = if rest > 0.0 { left / rest } else { 0.0 };
            p = (p.0 + t * (q.0 - p.0), p.1 + t * (q.1 - p.1));
            if pen_down {
                piece.push(p);
                out.push(std::mem::take(&mut piece));
            } else {
                piece = vec![p];
            }
            pen_down = !pen_down;
            left = if pen_down { on } else { off };
        }
    }
    // Not the empty dash where the line ends with a gap.
    if pen_down && piece.iter().any(|p| *p != piece[0]) {
        out.push(piece);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECT: Rect = Rect { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };

    #[test]
    fn a_line_through_is_cut_at_both_sides() {
        assert_eq!(clip_line(&[(-5.0, 5.0), (15.0, 5.0)], &RECT), [[(0.0, 5.0), (10.0, 5.0)]]);
        assert!(clip_line(&[(-5.0, -5.0), (-1.0, 20.0)], &RECT).is_empty());
    }

    #[test]
    fn a_line_that_leaves_and_returns_is_two_pieces() {
        let line = [(5.0, 5.0), (5.0, 15.0), (7.0, 15.0), (7.0, 5.0)];
        assert_eq!(clip_line(&line, &RECT), [[(5.0, 5.0), (5.0, 10.0)], [(7.0, 10.0), (7.0, 5.0)]]);
    }

    #[test]
    fn nan_and_infinity_break_a_line() {
        for gap in [f64::NAN, f64::INFINITY] {
            let line = [(1.0, 1.0), (2.0, 2.0), (3.0, gap), (4.0, 4.0), (5.0, 5.0)];
            assert_eq!(clip_line(&line, &RECT), [[(1.0, 1.0), (2.0, 2.0)], [(4.0, 4.0), (5.0, 5.0)]]);
        }
    }

    #[test]
    fn a_polygon_around_the_rectangle_becomes_the_rectangle() {
        let around = [(-5.0, -5.0), (15.0, -5.0), (15.0, 15.0), (-5.0, 15.0)];
        let mut cut = clip_polygon(&around, &RECT);
        cut.sort_by(|p, q| p.partial_cmp(q).expect("finite"));
        cut.dedup();
        assert_eq!(cut, [(0.0, 0.0), (0.0, 10.0), (10.0, 0.0), (10.0, 10.0)]);
        assert!(clip_polygon(&[(20.0, 0.0), (30.0, 0.0), (25.0, 5.0)], &RECT).is_empty());
    }

    #[test]
    fn simplified_lines_stay_within_the_tolerance_and_get_short() {
        let points: Vec<Point> = (0..1000).map(|i| f64::from(i) * 0.7).map(|x| (x, 100.0 * (x / 90.0).sin())).collect();
        let kept = simplify(&points, 0.25);
        assert!(kept.len() < 120, "{}", kept.len());
        for p in &points {
            let near = kept.windows(2).map(|s| distance_to_segment(*p, s[0], s[1])).fold(f64::INFINITY, f64::min);
            // The cone bounds the distance of each dropped point to the ray through the *last* one by twice the tolerance.
            assert!(near <= 0.5, "{p:?} is {near} away");
        }
        assert_eq!((kept[0], kept[kept.len() - 1]), (points[0], points[999]));
    }

    #[test]
    fn simplifying_keeps_turning_points() {
        let line = [(0.0, 0.0), (10.0, 0.0), (5.0, 0.0), (20.0, 0.0)];
        assert_eq!(simplify(&line, 0.25), line);
    }

    fn distance_to_segment(p: Point, a: Point, b: Point) -> f64 {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let t = (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
        (p.0 - a.0 - t * dx).hypot(p.1 - a.1 - t * dy)
    }

    #[test]
    fn dashes_cover_their_share() {
        let cut = dashes(&[(0.0, 0.0), (50.0, 0.0), (100.0, 0.0)], 6.0, 4.0);
        let inked: f64 = cut.iter().flat_map(|d| d.windows(2)).map(|p| p[1].0 - p[0].0).sum();
        assert!((inked - 60.0).abs() < 1e-9, "{inked}");
        assert_eq!(cut.len(), 10);
        assert_eq!(dashes(&[], 6.0, 4.0), Vec::<Vec<Point>>::new());
    }
}
