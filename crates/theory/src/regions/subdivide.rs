//! Cuts a window layer by layer along the lines where units change between on and off.
//!
//! On a polygon where all earlier units keep their state, a layer's pre-activations are affine, so each unit cuts it along a
//! line or not at all. The walk goes down to the last layer on one part before it takes the next, so that it needs room for
//! one chain of polygons only. It keeps its place, so that it can be done in slices.

use super::exact::{Double, ExactAffine, least_value, value_at_crossing};
use super::plane::Plane;
use super::polygon::{Polygons, WINDOW_EDGE, area};
use super::result::Regions;
use super::tree::Tree;
use super::window::Window;
use crate::sawtooth::{Layer, MAX_WIDTH, NetError, ReluNet};

/// Vertices are known to this part of the window's diagonal: they are crossings of lines known to 1e-16 of their terms, and
/// this leaves a factor 1e5 for lines that are nearly parallel.
pub const SAME_PLACE: f64 = 1e-11;
/// On which side of a line a vertex lies is decided in numbers of 32 digits where it is nearer than this part of the diagonal.
const NEAR: f64 = 10.0 * SAME_PLACE;
/// A pre-activation is wrong by less than this part of the sum of sizes that it was added up from.
const ROUNDING: f64 = 16.0 * f64::EPSILON;
/// Most regions: some 200 MB.
pub const MAX_REGIONS: usize = 1 << 20;

/// Layer and unit of an edge's maker in one word: a net has at most 2^9 layers of 2^12 units.
pub(super) fn packed(layer: usize, unit: usize) -> u32 {
    u32::try_from(layer * MAX_WIDTH + unit).unwrap_or(WINDOW_EDGE)
}

/// An affine function on the window, g . (x, y) + c.
pub(super) type Affine = [f64; 3];

/// Where regions are looked for: a convex polygon, and what a net takes in on it.
pub(super) struct Domain {
    /// A rectangle around it.
    pub(super) window: Window,
    /// Counterclockwise.
    pub(super) corners: Vec<[f64; 2]>,
    /// Functions that are 0 on the sides, the first on that from the first corner to the second.
    pub(super) sides: Vec<Affine>,
    /// The inputs of the net.
    pub(super) inputs: Vec<Affine>,
    /// What biases are multiplied by: 1, but in homogeneous coordinates.
    pub(super) one: Affine,
}

/// Room for one layer, used again for each polygon of the layer before.
#[derive(Default)]
struct Level {
    z: Vec<Affine>,
    /// How large a value of z is only rounding.
    rounding: Vec<f64>,
    /// z in 32 digits, once a vertex near a line has asked for it.
    exact: Vec<ExactAffine>,
    polygons: Polygons,
    /// One bit a unit, `words` words a polygon.
    bits: Vec<u64>,
    words: usize,
    /// The units that are on, and their values.
    active: Vec<u32>,
    h: Vec<Affine>,
    /// The units that have cut.
    n_cut: usize,
    /// The polygons that have been gone down to.
    n_entered: usize,
}

/// The search for the regions of a net, in slices: a caller can do something else in between, or give up.
///
/// The regions and their order do not depend on the slices.
pub struct Subdivision<'a> {
    walk: Walk<'a>,
    levels: Vec<Level>,
    /// How many levels have a polygon above them that is being cut; 0 when all is done.
    depth: usize,
}

struct Walk<'a> {
    net: &'a ReluNet,
    domain: Domain,
    reach: [f64; 2],
    diagonal: f64,
    max_regions: usize,
    /// The states of all units on the way down.
    pattern: Vec<u64>,
    /// Where each layer's bits begin.
    first_bits: Vec<usize>,
    values: Vec<f64>,
    /// Visits of polygons by units, and what takes about as long.
    work: usize,
    out: Regions,
}

impl<'a> Subdivision<'a> {
    /// The search in a plane of the net's input space; nothing is cut yet.
    ///
    /// # Errors
    /// As for [`Regions::in_plane`].
    pub fn new(net: &'a ReluNet, plane: &Plane, window: Window, max_regions: usize) -> Result<Self, NetError> {
        window.check()?;
        let Window { x_min, x_max, y_min, y_max } = window;
        let domain = Domain {
            window,
            corners: window.corners().to_vec(),
            sides: vec![[0.0, 1.0, -y_min], [1.0, 0.0, -x_max], [0.0, 1.0, -y_max], [1.0, 0.0, -x_min]],
            inputs: plane.inputs(net.n_inputs())?,
            one: [0.0, 0.0, 1.0],
        };
        Self::on(net, domain, max_regions)
    }

    /// The search on a polygon of at most four sides.
    pub(super) fn on(net: &'a ReluNet, domain: Domain, max_regions: usize) -> Result<Self, NetError> {
        let widths = net.widths();
        let n_units: usize = widths.iter().sum();
        let (window, corners, inputs) = (domain.window, domain.corners.clone(), domain.inputs.clone());
        let walk = Walk {
            net,
            domain,
            reach: window.reach(),
            diagonal: window.diagonal(),
            max_regions: max_regions.min(MAX_REGIONS),
            pattern: vec![0; n_units.div_ceil(64)],
            first_bits: widths.iter().scan(0, |sum, &width| Some(std::mem::replace(sum, *sum + width))).collect(),
            values: Vec::new(),
            work: 0,
            out: Regions::empty(window, widths),
        };
        let levels = net.hidden().iter().map(|_| Level::default()).collect();
        let mut search = Self { walk, levels, depth: 0 };
        let all: Vec<u32> = (0..u32::try_from(inputs.len()).unwrap_or(u32::MAX)).collect();
        let edges: Vec<u32> = (WINDOW_EDGE..=u32::MAX).take(corners.len()).collect();
        search.walk.enter(0, (&corners, &edges, Tree::ROOT), (&all, &inputs), &mut search.levels)?;
        search.depth = usize::from(!search.levels.is_empty());
        Ok(search)
    }

    /// How many regions have been found.
    #[must_use]
    pub fn n_found(&self) -> usize {
        self.walk.out.len()
    }

    /// Goes on for about `work` visits of a polygon by a unit, each some ten nanoseconds on a fast core; true when all
    /// regions have been found.
    ///
    /// # Errors
    /// As for [`Regions::in_plane`].
    pub fn advance(&mut self, work: usize) -> Result<bool, NetError> {
        let end = self.walk.work.saturating_add(work);
        while self.depth > 0 && self.walk.work < end {
            let (above, below) = self.levels.split_at_mut(self.depth);
            let Some((level, ancestors)) = above.split_last_mut() else { break };
            let layer = self.depth - 1;
            if level.n_cut < level.z.len() {
                self.walk.cut_by(level.n_cut, level, ancestors)?;
                level.n_cut += 1;
                if level.n_cut == level.z.len() {
                    self.walk.out.n_by_layer[layer] += level.polygons.list.len();
                }
            } else if level.n_entered < level.polygons.list.len() {
                let index = level.n_entered;
                level.n_entered += 1;
                self.walk.take_states(layer, index, level);
                let polygon = level.polygons.list[index];
                let shape = (
                    &level.polygons.points[polygon.start..polygon.end],
                    &level.polygons.edges[polygon.start..polygon.end],
                    polygon.slot,
                );
                self.walk.enter(layer + 1, shape, (&level.active, &level.h), below)?;
                self.depth += usize::from(!below.is_empty());
            } else {
                self.depth -= 1;
            }
        }
        Ok(self.depth == 0)
    }

    /// All regions; does what is left of the search.
    ///
    /// # Errors
    /// As for [`Regions::in_plane`].
    pub fn finish(mut self) -> Result<Regions, NetError> {
        self.advance(usize::MAX)?;
        let out = self.walk.out;
        NetError::check_finite("outputs", self.levels.len() + 1, out.maps.as_flattened())?;
        Ok(out)
    }
}

impl Regions {
    /// The regions of a net of two inputs, all at once; [`Subdivision`] finds them in slices.
    ///
    /// # Numerics
    /// The regions of the net with these very weights, however thin: where a vertex is within 1e-10 of the window's diagonal of a
    /// line, its side is decided in 32 digits. Regions thinner than some 1e-26 of the diagonal are not counted. Corners are
    /// known to [`SAME_PLACE`], so that thinner regions may have no area. The areas sum to the window's.
    ///
    /// # Errors
    /// [`NetError::Shape`] for another number of inputs; [`NetError::Range`], [`NetError::NotIncreasing`] for a window that
    /// is empty or beyond 1e9; [`NetError::TooManyPieces`] beyond `max_regions` or [`MAX_REGIONS`];
    /// [`NetError::NotFinite`] if numbers overflow.
    pub fn of_net(net: &ReluNet, window: Window, max_regions: usize) -> Result<Self, NetError> {
        Self::in_plane(net, &Plane::of_two_inputs(), window, max_regions)
    }

    /// The regions of a net of any number of inputs in a plane of its input space.
    ///
    /// # Errors
    /// As for [`Regions::of_net`].
    pub fn in_plane(net: &ReluNet, plane: &Plane, window: Window, max_regions: usize) -> Result<Self, NetError> {
        Subdivision::new(net, plane, window, max_regions)?.finish()
    }
}

impl Walk<'_> {
    /// Begins to cut one polygon by layer `layer` (from 0), whose inputs are 0 but for those in `active`; after the last layer
    /// the polygon is a region.
    fn enter(
        &mut self,
        layer: usize,
        (points, edges, slot): (&[[f64; 2]], &[u32], u32),
        (active, h): (&[u32], &[Affine]),
        below: &mut [Level],
    ) -> Result<(), NetError> {
        let (Some(level), Some(map)) = (below.first_mut(), self.net.hidden().get(layer)) else {
            return self.finish_region(points, edges, slot, active, h);
        };
        self.evaluate(map, active, h, level);
        NetError::check_finite("pre-activations", layer + 1, &level.rounding)?;
        level.exact.clear();
        level.polygons.reset(points, edges, slot);
        level.words = map.n_out().div_ceil(64);
        level.bits.clear();
        level.bits.resize(level.words, 0);
        (level.n_cut, level.n_entered) = (0, 0);
        // A product of the sums below takes a tenth of a visit.
        self.work += map.n_out() * active.len() / 10;
        Ok(())
    }

    /// Notes which units of a layer are on on one of its polygons.
    fn take_states(&mut self, layer: usize, index: usize, level: &mut Level) {
        level.active.clear();
        level.h.clear();
        for unit in 0..level.z.len() {
            let on = level.bits[index * level.words + unit / 64] >> (unit % 64) & 1 == 1;
            let bit = self.first_bits[layer] + unit;
            let mask = 1_u64 << (bit % 64);
            if on {
                level.active.push(u32::try_from(unit).unwrap_or(u32::MAX));
                level.h.push(level.z[unit]);
                self.pattern[bit / 64] |= mask;
            } else {
                self.pattern[bit / 64] &= !mask;
            }
        }
        self.work += 1 + level.z.len() / 8;
    }

    /// The pre-activations of a layer, and how exact they are.
    fn evaluate(&self, map: &Layer, active: &[u32], h: &[Affine], level: &mut Level) {
        level.z.clear();
        level.rounding.clear();
        let [x, y] = self.reach;
        let one = self.domain.one;
        for (row, bias) in map.rows() {
            let mut z = one.map(|entry| bias * entry);
            let mut size = bias.abs() * (one[0].abs() * x + one[1].abs() * y + one[2].abs());
            for (&unit, value) in active.iter().zip(h) {
                let weight = row[unit as usize];
                z[0] += weight * value[0];
                z[1] += weight * value[1];
                z[2] += weight * value[2];
                size += weight.abs() * (value[0].abs() * x + value[1].abs() * y + value[2].abs());
            }
            level.z.push(z);
            level.rounding.push(ROUNDING * size);
        }
    }

    /// Cuts every polygon of the level that the unit's line crosses, and notes the unit's state on each.
    fn cut_by(&mut self, unit: usize, level: &mut Level, ancestors: &mut [Level]) -> Result<(), NetError> {
        let (z, words, layer) = (level.z[unit], level.words, ancestors.len());
        self.work += level.polygons.list.len();
        let gradient = (z[0] * z[0] + z[1] * z[1]).sqrt();
        let near = (NEAR * self.diagonal * gradient).max(NEAR / SAME_PLACE * level.rounding[unit]);
        let (word, bit) = (unit / 64, 1_u64 << (unit % 64));
        for index in 0..level.polygons.list.len() {
            let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
            self.values.clear();
            for &[x, y] in level.polygons.points_of(index) {
                let value = z[0] * x + z[1] * y + z[2];
                // On WebAssembly `f64::min` is a call of a function, in what most of the time goes to.
                least = if value < least { value } else { least };
                most = if value > most { value } else { most };
                self.values.push(value);
            }
            // Without any terms a pre-activation is 0, and off.
            if least > near || most < -near || level.rounding[unit] == 0.0 {
                if least > near {
                    level.bits[index * words + word] |= bit;
                }
                continue;
            }
            if self.values.iter().any(|value| value.abs() <= near) || self.is_along_an_edge(index, level, unit) {
                self.sharpen(index, unit, level, ancestors);
            }
            let cuts = |sign: f64| self.values.iter().any(|value| sign * value > 0.0);
            let (is_on, is_off) = (cuts(1.0), cuts(-1.0));
            if !(is_on && is_off) {
                // Uncut; a unit that is 0 is off.
                if is_on {
                    level.bits[index * words + word] |= bit;
                }
                continue;
            }
            if self.out.len() + level.polygons.list.len() >= self.max_regions {
                return Err(NetError::TooManyPieces { max: self.max_regions });
            }
            let maker = packed(layer, unit);
            level.polygons.cut(index, &self.values, maker);
            let [positive, negative] = self.out.tree.grow(level.polygons.list[index].slot, z, maker);
            level.polygons.list[index].slot = positive;
            if let Some(added) = level.polygons.list.last_mut() {
                added.slot = negative;
            }
            level.bits.extend_from_within(index * words..(index + 1) * words);
            level.bits[index * words + word] |= bit;
        }
        Ok(())
    }

    /// Whether an edge is crossed at so small an angle that 16 digits do not give the crossing to half of [`SAME_PLACE`].
    fn is_along_an_edge(&self, index: usize, level: &Level, unit: usize) -> bool {
        let points = level.polygons.points_of(index);
        let wrong = 2.0 * level.rounding[unit] / (SAME_PLACE * self.diagonal);
        let n = points.len();
        (0..n).any(|i| {
            let j = if i + 1 == n { 0 } else { i + 1 };
            let (here, next) = (self.values[i], self.values[j]);
            let way = (points[j][0] - points[i][0]).abs() + (points[j][1] - points[i][1]).abs();
            (here > 0.0) != (next > 0.0) && (here - next).abs() < wrong * way
        })
    }

    /// Replaces the unit's values at a polygon's vertices, the crossings of its edges' lines, by those of 32 digits.
    #[cold]
    fn sharpen(&mut self, index: usize, unit: usize, level: &mut Level, ancestors: &mut [Level]) {
        for layer in 0..ancestors.len() {
            let (before, from) = ancestors.split_at_mut(layer);
            self.evaluate_exactly(&mut from[0], before);
        }
        self.evaluate_exactly(level, ancestors);
        let line = |maker: u32| match maker.checked_sub(WINDOW_EDGE) {
            Some(side) => self.domain.sides[side as usize % self.domain.sides.len()].map(Double::from),
            None => {
                let (layer, unit) = (maker as usize / MAX_WIDTH, maker as usize % MAX_WIDTH);
                ancestors.get(layer).unwrap_or(&*level).exact[unit]
            }
        };
        let edges = level.polygons.edges_of(index);
        let least = least_value(level.rounding[unit] / ROUNDING);
        let mut before = edges.last().copied().unwrap_or(WINDOW_EDGE);
        for (value, &edge) in self.values.iter_mut().zip(edges) {
            *value = value_at_crossing(&level.exact[unit], &line(before), &line(edge), least);
            before = edge;
        }
        self.work += edges.len();
    }

    /// The pre-activations of a level in 32 digits, unless they are there; the levels before have them.
    fn evaluate_exactly(&mut self, level: &mut Level, before: &[Level]) {
        let Some(map) = self.net.hidden().get(before.len()).filter(|_| level.exact.is_empty()) else { return };
        let inputs: Vec<(usize, ExactAffine)> = match before.last() {
            None => self.domain.inputs.iter().map(|input| input.map(Double::from)).enumerate().collect(),
            Some(above) => above.active.iter().map(|&unit| (unit as usize, above.exact[unit as usize])).collect(),
        };
        level.exact.extend(map.rows().map(|(row, bias)| {
            let mut z = self.domain.one.map(|entry| Double::from(bias * entry));
            for (unit, value) in &inputs {
                let weight = Double::from(row[*unit]);
                for (sum, entry) in z.iter_mut().zip(value) {
                    *sum = sum.plus(weight.times(*entry));
                }
            }
            z
        }));
        self.work += map.n_out() * inputs.len();
    }

    fn finish_region(
        &mut self,
        points: &[[f64; 2]],
        edges: &[u32],
        slot: u32,
        active: &[u32],
        h: &[Affine],
    ) -> Result<(), NetError> {
        if self.out.len() >= self.max_regions {
            return Err(NetError::TooManyPieces { max: self.max_regions });
        }
        let output = self.net.output();
        // Adding 0 makes of −0 a 0.
        let mut map = self.domain.one.map(|entry| output.biases()[0] * entry + 0.0);
        for (&unit, value) in active.iter().zip(h) {
            let weight = output.weights()[unit as usize];
            for (sum, entry) in map.iter_mut().zip(value) {
                *sum += weight * entry;
            }
        }
        self.out.tree.hang(slot, self.out.len());
        self.out.push(points, edges, &self.pattern, map, area(points).max(0.0));
        Ok(())
    }
}
