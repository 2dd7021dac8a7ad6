//! The number of regions in the whole plane.
//!
//! Multiply the biases of a relu net of the inputs x and y by a third input w: its pre-activations then grow with (x, y, w), so
//! that a ray with w > 0 has one activation pattern, that of the point (x/w, y/w). A pyramid whose base has w = 0 meets each
//! of these rays once. Its four faces are triangles, on which regions are cut as in a window; nothing is far away there.
//!
//! A region is open and convex. Of a triangle it has a polygon or nothing, of an edge between two triangles an interval or
//! nothing, and the tip is in one region. By Euler's formula polygons − intervals + tips is 1 for each region.

use super::subdivide::{Domain, Subdivision};
use super::window::Window;
use crate::sawtooth::{NetError, ReluNet};

/// Whither an edge of the pyramid goes; the others are a quarter of a turn apart. That a line of a net runs along an edge, or
/// through the tip, is as good as impossible. Few bits, so that sums of such numbers are exact.
const EDGE: [f64; 2] = [1.0, 20_817.0 / 65_536.0];
/// The point of the plane in which the edges meet.
const TIP: [f64; 2] = [347.0 / 65_536.0, 211.0 / 65_536.0];

/// The search for all regions of a net in the plane, in slices.
pub struct PlaneSearch<'a> {
    quarters: Vec<Subdivision<'a>>,
}

impl<'a> PlaneSearch<'a> {
    /// Nothing is cut yet.
    ///
    /// # Errors
    /// As for [`plane_regions`].
    pub fn new(net: &'a ReluNet, max_regions: usize) -> Result<Self, NetError> {
        if net.n_inputs() != 2 {
            return Err(NetError::Shape { what: "inputs", layer: 0, expected: 2, got: net.n_inputs() });
        }
        let [a, b] = EDGE;
        let edges = [[a, b], [-b, a], [-a, -b], [b, -a], [a, b]];
        let quarter = |pair: &[[f64; 2]]| {
            let domain = Domain {
                window: Window { x_min: 0.0, x_max: 1.0, y_min: 0.0, y_max: 1.0 },
                corners: vec![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]],
                sides: vec![[0.0, 1.0, 0.0], [1.0, 1.0, -1.0], [1.0, 0.0, 0.0]],
                // s times the first edge, t times the second, and 1 - s - t times the tip.
                inputs: (0..2).map(|i| [pair[0][i] - TIP[i], pair[1][i] - TIP[i], TIP[i]]).collect(),
                one: [-1.0, -1.0, 1.0],
            };
            Subdivision::on(net, domain, max_regions)
        };
        Ok(Self { quarters: edges.windows(2).map(quarter).collect::<Result<_, _>>()? })
    }

    /// Goes on for about `work` visits, as [`Subdivision::advance`]; true when all regions have been found.
    ///
    /// # Errors
    /// As for [`plane_regions`].
    pub fn advance(&mut self, work: usize) -> Result<bool, NetError> {
        for quarter in &mut self.quarters {
            if !quarter.advance(work)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How many there are; does what is left of the search.
    ///
    /// # Errors
    /// As for [`plane_regions`].
    pub fn finish(self) -> Result<usize, NetError> {
        let mut count = 1;
        for quarter in self.quarters {
            let regions = quarter.finish()?;
            // Each edge is the first side of one triangle.
            count += regions.iter().filter(|region| !region.is_on_side(0)).count();
        }
        Ok(count)
    }
}

/// How many regions a net of two inputs has in the whole plane, however thin and however far away: as exact as
/// [`Regions::of_net`](super::Regions::of_net).
///
/// # Errors
/// [`NetError::Shape`] for another number of inputs; [`NetError::TooManyPieces`] when a quarter of the plane has more than
/// `max_regions`; [`NetError::NotFinite`] if numbers overflow.
pub fn plane_regions(net: &ReluNet, max_regions: usize) -> Result<usize, NetError> {
    PlaneSearch::new(net, max_regions)?.finish()
}
