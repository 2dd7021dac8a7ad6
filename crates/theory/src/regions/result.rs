//! The regions of a net in a window.

use super::polygon::WINDOW_EDGE;
use super::tree::Tree;
use super::window::Window;
use crate::sawtooth::{MAX_WIDTH, UnitAt};

/// All activation regions of a relu net in a window of the plane: convex polygons, one for each activation pattern that
/// occurs there, on each of which the net is affine.
#[derive(Clone, Debug, PartialEq)]
pub struct Regions {
    window: Window,
    widths: Vec<usize>,
    points: Vec<[f64; 2]>,
    edges: Vec<u32>,
    /// Where each region's points end.
    ends: Vec<usize>,
    patterns: Vec<u64>,
    pub(super) maps: Vec<[f64; 3]>,
    areas: Vec<f64>,
    pub(super) n_by_layer: Vec<usize>,
    pub(super) tree: Tree,
}

/// One region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region<'a> {
    /// Its corners, counterclockwise.
    pub vertices: &'a [[f64; 2]],
    /// One bit a unit, 1 if it is on: layer by layer, the first unit in the lowest bit of the first word.
    pub pattern: &'a [u64],
    /// The net is gradient . (x, y) + offset here.
    pub gradient: [f64; 2],
    /// See `gradient`.
    pub offset: f64,
    /// Its area.
    pub area: f64,
    edges: &'a [u32],
}

impl Region<'_> {
    /// The unit whose line is the edge from vertex `i` to the next; `None` for an edge of the window.
    #[must_use]
    pub fn maker(&self, i: usize) -> Option<UnitAt> {
        self.edges.get(i).and_then(|&edge| unpacked(edge))
    }

    /// Whether it has an edge on a side of what was cut up.
    pub(super) fn is_on_side(&self, side: u32) -> bool {
        self.edges.contains(&(WINDOW_EDGE + side))
    }

    /// Whether unit number `index`, counted through all layers from 0, is on.
    #[must_use]
    pub fn is_on(&self, index: usize) -> bool {
        self.pattern.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }
}

/// A piece of the line where one unit changes between on and off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Boundary {
    /// The unit.
    pub maker: UnitAt,
    /// One end.
    pub from: [f64; 2],
    /// The other; the unit is on at the left of the way there.
    pub to: [f64; 2],
}

/// A region on a segment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SegmentPart {
    /// The region's number.
    pub region: usize,
    /// Where the segment enters it, as a part of the whole way, from 0 to 1.
    pub t_from: f64,
    /// Where it leaves it.
    pub t_to: f64,
    /// Whose line is crossed at `t_from`; `None` at the start.
    pub maker: Option<UnitAt>,
}

fn unpacked(edge: u32) -> Option<UnitAt> {
    let index = edge as usize;
    (edge < WINDOW_EDGE).then_some(UnitAt { layer: index / MAX_WIDTH + 1, unit: index % MAX_WIDTH })
}

impl Regions {
    pub(super) fn empty(window: Window, widths: Vec<usize>) -> Self {
        Self {
            window,
            n_by_layer: vec![0; widths.len()],
            widths,
            points: Vec::new(),
            edges: Vec::new(),
            ends: Vec::new(),
            patterns: Vec::new(),
            maps: Vec::new(),
            areas: Vec::new(),
            tree: Tree::new(),
        }
    }

    pub(super) fn push(&mut self, points: &[[f64; 2]], edges: &[u32], pattern: &[u64], map: [f64; 3], area: f64) {
        self.points.extend_from_slice(points);
        self.edges.extend_from_slice(edges);
        self.ends.push(self.points.len());
        self.patterns.extend_from_slice(pattern);
        self.maps.push(map);
        self.areas.push(area);
    }

    /// How many regions there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is always a region")]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// How many regions the first 1, 2, ..., L layers alone make.
    #[must_use]
    pub fn n_by_layer(&self) -> &[usize] {
        &self.n_by_layer
    }

    /// The window.
    #[must_use]
    pub fn window(&self) -> Window {
        self.window
    }

    /// Units of each hidden layer.
    #[must_use]
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// Region number `index`, if there is one.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Region<'_>> {
        let end = *self.ends.get(index)?;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        let words = self.patterns.len() / self.len();
        let [x, y, offset] = self.maps[index];
        Some(Region {
            vertices: &self.points[start..end],
            pattern: &self.patterns[index * words..(index + 1) * words],
            gradient: [x, y],
            offset,
            area: self.areas[index],
            edges: &self.edges[start..end],
        })
    }

    /// All regions.
    pub fn iter(&self) -> impl Iterator<Item = Region<'_>> {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// Every border between two regions once, in the order of the regions on whose side its unit is on.
    pub fn boundaries(&self) -> impl Iterator<Item = Boundary> {
        let first_units: Vec<usize> =
            self.widths.iter().scan(0, |sum, &width| Some(std::mem::replace(sum, *sum + width))).collect();
        self.iter().flat_map(move |region| {
            let n = region.vertices.len();
            let borders: Vec<Boundary> = (0..n)
                .filter_map(|i| {
                    let maker = region.maker(i)?;
                    let is_on = region.is_on(first_units[maker.layer - 1] + maker.unit);
                    let (from, to) = (region.vertices[i], region.vertices[(i + 1) % n]);
                    is_on.then_some(Boundary { maker, from, to })
                })
                .collect();
            borders
        })
    }

    /// Length of all borders made by each layer.
    #[must_use]
    pub fn boundary_length_by_layer(&self) -> Vec<f64> {
        let mut lengths = vec![0.0; self.widths.len()];
        for Boundary { maker, from, to } in self.boundaries() {
            let (x, y) = (to[0] - from[0], to[1] - from[1]);
            lengths[maker.layer - 1] += (x * x + y * y).sqrt();
        }
        lengths
    }

    /// The region that a point is in; `None` outside the window. On a border the unit is off.
    #[must_use]
    pub fn locate(&self, point: [f64; 2]) -> Option<usize> {
        self.window.contains(point).then(|| self.tree.locate(point))
    }

    /// The net's output at a point of the window.
    #[must_use]
    pub fn eval(&self, [x, y]: [f64; 2]) -> Option<f64> {
        let map = self.maps[self.locate([x, y])?];
        Some(map[0] * x + map[1] * y + map[2])
    }

    /// The regions that the segment from a to b meets, in order; its part outside the window is left out. Regions of less
    /// than 1e-12 of the way are left out too. The number of crossings is one less than that of the parts.
    #[must_use]
    pub fn along_segment(&self, a: [f64; 2], b: [f64; 2]) -> Vec<SegmentPart> {
        let is_finite = a.iter().chain(&b).all(|entry| entry.is_finite());
        let Some(part) = self.window.clip(a, b).filter(|_| is_finite) else { return Vec::new() };
        let met = self.tree.along(a, b, part, 1e-12);
        met.into_iter()
            .enumerate()
            .map(|(i, met)| SegmentPart {
                region: met.region,
                t_from: met.from,
                t_to: met.to,
                maker: met.maker.filter(|_| i > 0).and_then(unpacked),
            })
            .collect()
    }
}
