//! Convex polygons in one flat list, and cutting them along a line.

/// Marks the edges of the window among the makers of edges: this one is the lower one, and then counterclockwise.
pub(super) const WINDOW_EDGE: u32 = u32::MAX - 3;

/// Polygons over shared lists; a polygon that is cut leaves its old vertices behind unused.
#[derive(Default)]
pub(super) struct Polygons {
    pub(super) points: Vec<[f64; 2]>,
    /// What made the edge that starts at the point of the same place.
    pub(super) edges: Vec<u32>,
    pub(super) list: Vec<Polygon>,
}

#[derive(Clone, Copy)]
pub(super) struct Polygon {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where in the tree of cuts this polygon hangs.
    pub(super) slot: u32,
}

impl Polygons {
    pub(super) fn reset(&mut self, points: &[[f64; 2]], edges: &[u32], slot: u32) {
        self.points.clear();
        self.edges.clear();
        self.list.clear();
        self.points.extend_from_slice(points);
        self.edges.extend_from_slice(edges);
        self.list.push(Polygon { start: 0, end: points.len(), slot });
    }

    pub(super) fn points_of(&self, index: usize) -> &[[f64; 2]] {
        let polygon = self.list[index];
        &self.points[polygon.start..polygon.end]
    }

    /// What made the edges that start at the points.
    pub(super) fn edges_of(&self, index: usize) -> &[u32] {
        let polygon = self.list[index];
        &self.edges[polygon.start..polygon.end]
    }

    /// Cuts a polygon along z = 0: it keeps its place in the list with its part z >= 0, and the part z <= 0 is added at the
    /// end. `z` holds the values at its vertices, with 0 for those on the line; there must be values of both signs.
    pub(super) fn cut(&mut self, index: usize, z: &[f64], maker: u32) {
        let Polygon { start, end, slot } = self.list[index];
        let first = self.points.len();
        self.part(start, end, z, maker, 1.0);
        let middle = self.points.len();
        self.part(start, end, z, maker, -1.0);
        self.list[index] = Polygon { start: first, end: middle, slot };
        self.list.push(Polygon { start: middle, end: self.points.len(), slot });
    }

    /// Adds the vertices of the part where sign z >= 0.
    fn part(&mut self, start: usize, end: usize, z: &[f64], maker: u32, sign: f64) {
        let n = end - start;
        for i in 0..n {
            let j = if i + 1 == n { 0 } else { i + 1 };
            let (here, next) = (sign * z[i], sign * z[j]);
            let (point, edge) = (self.points[start + i], self.edges[start + i]);
            if here >= 0.0 {
                // From a vertex on the line the part goes along the line if the polygon goes beyond it.
                let leaves = here == 0.0 && next < 0.0;
                self.push(point, if leaves { maker } else { edge });
            }
            if here * next < 0.0 {
                let other = self.points[start + j];
                // The same expression for both parts: z[i] and z[j] change sign together.
                let part = z[i] / (z[i] - z[j]);
                let crossing = [point[0] + part * (other[0] - point[0]), point[1] + part * (other[1] - point[1])];
                self.push(crossing, if here > 0.0 { maker } else { edge });
            }
        }
    }

    fn push(&mut self, point: [f64; 2], edge: u32) {
        self.points.push(point);
        self.edges.push(edge);
    }
}

/// Area of a polygon, positive counterclockwise.
pub(super) fn area(points: &[[f64; 2]]) -> f64 {
    let Some((&[x_0, y_0], rest)) = points.split_first() else { return 0.0 };
    // Relative to a vertex, so that far windows lose nothing.
    let doubled: f64 = rest
        .windows(2)
        .map(|pair| (pair[0][0] - x_0) * (pair[1][1] - y_0) - (pair[1][0] - x_0) * (pair[0][1] - y_0))
        .sum();
    0.5 * doubled
}
