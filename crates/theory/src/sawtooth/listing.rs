//! The graph of a large net, found a part of the interval at a time.

use super::error::NetError;
use super::net::ReluNet;
use super::piecewise::{PiecewiseLinear, SAME_SLOPE};

/// About how many multiplications it takes to list the pieces of a net that was built in so many steps: each step of a square
/// doubles its pieces, and there are three squares to a product. A net of at most four units a layer is a tent or a square.
#[must_use]
pub fn listing_work(net: &ReluNet, steps: u32) -> f64 {
    let widest = net.widths().into_iter().max().unwrap_or(1) as f64;
    let depth = net.hidden().len() as f64;
    let products = (depth / f64::from(steps + 1)).max(1.0);
    let pieces = products * if widest > 4.0 { 4.0 } else { 1.0 } * f64::from(steps).exp2();
    // On the way to a piece about a product's layers are passed again.
    pieces * widest * widest * (2.0 + depth / 4.0)
}

/// The affine pieces of a net of one input on an interval, found part by part from left to right, so that a caller can do
/// something else in between.
#[derive(Clone, Debug)]
pub struct GraphSearch {
    interval: (f64, f64),
    n_parts: usize,
    max_pieces: usize,
    found: Vec<PiecewiseLinear>,
}

impl GraphSearch {
    /// Nothing is found yet. There is at least one part.
    #[must_use]
    pub fn new(interval: (f64, f64), n_parts: usize, max_pieces: usize) -> Self {
        Self { interval, n_parts: n_parts.max(1), max_pieces, found: Vec::new() }
    }

    /// Lists one part more of the net's pieces, which is the same net in each call; true when all have been listed.
    ///
    /// # Errors
    /// Those of [`PiecewiseLinear::of_net`]; [`NetError::TooManyPieces`] also when all parts together have more.
    pub fn advance(&mut self, net: &ReluNet) -> Result<bool, NetError> {
        let (low, high) = self.interval;
        let end = |i: usize| low + (high - low) * i as f64 / self.n_parts as f64;
        let i = self.found.len();
        if i < self.n_parts {
            self.found.push(PiecewiseLinear::graph_of(net, (end(i), end(i + 1)), self.max_pieces)?);
        }
        if self.found.iter().map(PiecewiseLinear::n_pieces).sum::<usize>() > self.max_pieces {
            return Err(NetError::TooManyPieces { max: self.max_pieces });
        }
        Ok(self.found.len() == self.n_parts)
    }

    /// What has been listed, as one function.
    ///
    /// # Errors
    /// [`NetError::Shape`] where nothing has been listed.
    pub fn finish(&self) -> Result<PiecewiseLinear, NetError> {
        PiecewiseLinear::joined(&self.found)
    }
}

impl PiecewiseLinear {
    /// The affine pieces of what a net computes on an interval: [`of_net`](Self::of_net), [`merged`](Self::merged) up to
    /// rounding.
    ///
    /// # Errors
    /// As [`of_net`](Self::of_net).
    pub fn graph_of(net: &ReluNet, (low, high): (f64, f64), max_pieces: usize) -> Result<Self, NetError> {
        Ok(Self::of_net(net, low, high, max_pieces)?.merged(SAME_SLOPE))
    }

    /// Functions on neighbouring intervals, from left to right, as one; where two meet, a piece goes on if the slope does, up to
    /// [`SAME_SLOPE`] of the steepest.
    ///
    /// # Errors
    /// [`NetError::Shape`] without functions, [`NetError::NotIncreasing`] where intervals overlap.
    pub fn joined(parts: &[Self]) -> Result<Self, NetError> {
        let steepest = parts.iter().map(Self::max_abs_slope).fold(0.0, f64::max);
        let (mut x, mut y, mut slope) = (Vec::new(), Vec::new(), f64::INFINITY);
        for part in parts {
            let goes_on = (part.slopes()[0] - slope).abs() <= SAME_SLOPE * steepest;
            // The end of the part before, and the start of this one where it is no kink.
            let start = if goes_on { 1 } else { 0 };
            x.pop();
            y.pop();
            x.extend(&part.x()[start..]);
            y.extend(&part.y()[start..]);
            slope = part.slopes()[part.n_pieces() - 1];
        }
        Self::through(&x, &y)
    }
}

#[cfg(test)]
mod tests {
    use super::super::square::square_net;
    use super::super::tent::tent_net;
    use super::*;

    /// A part's ends lie within pieces, at kinks, or both.
    #[test]
    fn parts_together_are_the_graph_of_the_whole() {
        for net in [tent_net(6).unwrap(), square_net(6).unwrap()] {
            let whole = PiecewiseLinear::graph_of(&net, (0.0, 1.0), 1 << 10).unwrap();
            for n_parts in [1, 2, 3, 7, 64, 100] {
                let mut search = GraphSearch::new((0.0, 1.0), n_parts, 1 << 10);
                let mut n_calls = 1;
                while !search.advance(&net).unwrap() {
                    n_calls += 1;
                }
                let joined = search.finish().unwrap();
                assert_eq!((n_calls, joined.n_pieces()), (n_parts, whole.n_pieces()), "{n_parts} parts");
                assert!(
                    joined.points().zip(whole.points()).all(|(a, b)| (a.0 - b.0).abs() + (a.1 - b.1).abs() < 1e-12)
                );
            }
        }
    }

    #[test]
    fn more_pieces_than_wanted_are_an_error_in_one_part_and_in_many() {
        let net = tent_net(6).unwrap();
        for n_parts in [1, 16] {
            let mut search = GraphSearch::new((0.0, 1.0), n_parts, 20);
            let error = loop {
                match search.advance(&net) {
                    Ok(is_done) => assert!(!is_done),
                    Err(error) => break error,
                }
            };
            assert_eq!(error, NetError::TooManyPieces { max: 20 });
        }
        assert!(GraphSearch::new((0.0, 1.0), 1, 20).finish().is_err());
    }
}
