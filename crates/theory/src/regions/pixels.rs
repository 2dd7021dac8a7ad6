//! The region of each point of a grid.

use super::{Region, Regions, Window};

/// The region of a point that has none yet.
const NOBODY: u32 = u32::MAX;

/// The number of the region at each of `side × side` points of the window, the middles of as many equal cells, row-major from
/// below; found region by region, so that a caller can do something else in between.
#[derive(Clone, Debug)]
pub struct PixelSearch<'a> {
    regions: &'a Regions,
    side: usize,
    pixels: Vec<u32>,
    n_done: usize,
}

impl<'a> PixelSearch<'a> {
    /// Nothing is found yet.
    #[must_use]
    pub fn new(regions: &'a Regions, side: usize) -> Self {
        Self { regions, side, pixels: vec![NOBODY; side * side], n_done: 0 }
    }

    /// Goes on for so many regions; true when all have been done.
    pub fn advance(&mut self, n_regions: usize) -> bool {
        let end = self.regions.len().min(self.n_done + n_regions);
        for index in self.n_done..end {
            if let Some(region) = self.regions.get(index) {
                fill(&mut self.pixels, self.side, index, &region, self.regions.window());
            }
        }
        self.n_done = end;
        end == self.regions.len()
    }

    /// The numbers; does what is left of the search.
    #[must_use]
    pub fn finish(mut self) -> Vec<u32> {
        self.advance(usize::MAX - self.n_done);
        // Two neighbours may differ in the last bit of their border, and a point on it then be nobody's.
        for (at, pixel) in self.pixels.iter_mut().enumerate().filter(|(_, pixel)| **pixel == NOBODY) {
            *pixel = self.regions.at_pixel(at, self.side);
        }
        self.pixels
    }
}

impl Regions {
    /// The region of point `at` of the grid of `side × side` points, by the tree of cuts: see [`PixelSearch`].
    #[must_use]
    pub fn at_pixel(&self, at: usize, side: usize) -> u32 {
        self.locate(self.window().pixel(at, side)).and_then(|index| u32::try_from(index).ok()).unwrap_or(0)
    }
}

impl Window {
    /// Point `at` of `side × side`, the middles of as many equal cells, row-major from below.
    #[must_use]
    pub fn pixel(&self, at: usize, side: usize) -> [f64; 2] {
        let place = |k: usize, low: f64, high: f64| low + (high - low) * (k as f64 + 0.5) / side as f64;
        [place(at % side, self.x_min, self.x_max), place(at / side, self.y_min, self.y_max)]
    }
}

/// Notes the region at its points of the grid. It is convex: of a row it has what is between two of its borders.
fn fill(pixels: &mut [u32], side: usize, index: usize, region: &Region<'_>, window: Window) {
    let Window { x_min, x_max, y_min, y_max } = window;
    let per_unit = [side as f64 / (x_max - x_min), side as f64 / (y_max - y_min)];
    // The first point at or beyond a place, in points: each is in the middle of its cell.
    let first_from = |place: f64| (((place - 0.5).ceil() as isize).max(0) as usize).min(side);
    let corner = |p: &[f64; 2]| [(p[0] - x_min) * per_unit[0], (p[1] - y_min) * per_unit[1]];
    let corners: Vec<[f64; 2]> = region.vertices.iter().map(corner).collect();
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for [_, y] in &corners {
        low = if *y < low { *y } else { low };
        high = if *y > high { *y } else { high };
    }
    for row in first_from(low)..first_from(high) {
        let y = row as f64 + 0.5;
        let (mut left, mut right) = (f64::INFINITY, f64::NEG_INFINITY);
        for (i, p) in corners.iter().enumerate() {
            let q = corners[(i + 1) % corners.len()];
            if (p[1] > y) != (q[1] > y) {
                let x = p[0] + (y - p[1]) / (q[1] - p[1]) * (q[0] - p[0]);
                left = if x < left { x } else { left };
                right = if x > right { x } else { right };
            }
        }
        let (first, end) = (first_from(left), first_from(right));
        if first < end {
            pixels[row * side + first..row * side + end].fill(u32::try_from(index).unwrap_or(NOBODY));
        }
    }
}
