//! The linear regions of relu nets: how many there can be, and which there are.
//!
//! 1. [`region_bounds`] has the bounds by Montufar and by Serra and others for given widths, as whole numbers of any size.
//! 2. [`Regions`] lists all regions of a net in a window of the plane as polygons, with the unit that made each edge, the
//!    activation pattern and the affine map on each, and finds the region of a point and those along a segment.
//! 3. [`plane_regions`] counts those of the whole plane, far ones too.
//!
//! A unit is on where its pre-activation is > 0. A region is the set of points with one activation pattern: a convex
//! polygon. The net is affine on it, so there are at least as many regions as affine pieces.

mod bounds;
mod chains;
mod count;
mod drawing;
mod exact;
mod pixels;
mod plane;
mod polygon;
mod result;
mod subdivide;
mod tree;
mod whole_plane;
mod window;

pub use bounds::{
    MAX_NEURONS, RegionBounds, hanin_rolnick_growth, montufar_2014_lower, montufar_2017_upper, region_bounds,
    serra_2018_lower, serra_2018_upper, zaslavsky, zaslavsky_bounded,
};
pub use chains::chains;
pub use count::Count;
pub use pixels::PixelSearch;
pub use plane::Plane;
pub use result::{Boundary, Region, Regions, SegmentPart};
pub use subdivide::{MAX_REGIONS, SAME_PLACE, Subdivision};
pub use whole_plane::{PlaneSearch, plane_regions};
pub use window::Window;
