//! Correlations and gradients from layer to layer, with each layer's own length.

use crate::correlation::CorrelationMap;
use crate::mean_field::MeanField;

/// Lengths of correlation maps. Beyond the second all are the same for a map, as no bias matters there; a bias matters to
/// lengths however small, down to its own square.
const LENGTHS: (f64, f64) = (1e-150, 1e12);
/// Initial correlations nearer than this are the same: the rounding of cosines.
const SAME_CORRELATION: f64 = 4e-15;

/// Whether two lengths are the same to rounding.
fn agree(q: f64, other: f64) -> bool {
    (q - other).abs() <= 1e-13 * q
}

/// The correlation map of each distinct length, and which of them acts on each layer.
///
/// Unlike the correlation map of the papers, the lengths are those of each layer and not q* from the start, for that is what
/// nets do: `c^l = (sigma_w^2 E phi(u_1) phi(u_2) + sigma_b^2)/q^l`, u of variance `q^{l-1}`.
#[derive(Clone, Debug)]
pub struct LayerMaps {
    maps: Vec<CorrelationMap>,
    map_of_layer: Vec<usize>,
}

impl LayerMaps {
    /// For inputs whose lengths are `lengths`, layer by layer: see [`MeanField::length_trajectory`]. Layers whose lengths agree to
    /// rounding share a map.
    pub fn new(field: &MeanField, lengths: &[f64]) -> Self {
        let mut maps = Vec::new();
        let mut map_of_layer = Vec::with_capacity(lengths.len());
        let mut last_q = f64::NAN;
        for q in lengths.iter().take(lengths.len().saturating_sub(1)) {
            let q = q.clamp(LENGTHS.0, LENGTHS.1);
            if !agree(q, last_q) {
                maps.push(CorrelationMap::new(field, q));
                last_q = q;
            }
            map_of_layer.push(maps.len() - 1);
        }
        Self { maps, map_of_layer }
    }

    /// Correlations of a pair at each layer, as many as lengths, for inputs of the first length and correlation `c0`.
    pub fn correlations(&self, c0: f64) -> Vec<f64> {
        let n = self.map_of_layer.len() + 1;
        let mut correlations = Vec::with_capacity(n);
        correlations.push(c0);
        let (mut c, mut last_map) = (c0, usize::MAX);
        for &map in &self.map_of_layer {
            let next = self.maps[map].map(c);
            // Where length and correlation stand still to rounding, the rest of the layers do too.
            let arrived = map == last_map && (next - c).abs() < 1e-15;
            (c, last_map) = (next, map);
            correlations.push(c);
            if arrived && map + 1 == self.maps.len() {
                break;
            }
        }
        correlations.resize(n, c);
        correlations
    }

    /// The last layer's correlation for each of many initial ones.
    ///
    /// Each distinct one is taken through all layers, for no table between them would do: maps of odd units are as steep at -1 as
    /// at 1, by the product of the slopes of all layers. So this is quick for few distinct ones, like the distances of evenly
    /// spaced points.
    pub fn last_correlations(&self, initial: &[f64]) -> Vec<f64> {
        let mut distinct = initial.to_vec();
        distinct.sort_by(f64::total_cmp);
        distinct.dedup_by(|next, kept| *next - *kept <= SAME_CORRELATION);
        let last: Vec<f64> = distinct.iter().map(|c0| self.correlations(*c0).last().map_or(*c0, |c| *c)).collect();
        let place = |c: f64| distinct.partition_point(|kept| *kept <= c).saturating_sub(1);
        initial.iter().map(|c| last[place(*c)]).collect()
    }
}

impl MeanField {
    /// `log10 prod_{k=l}^{L-1} chi_1(q^k)` for l = 0 ..= L: the base-10 logarithms of what
    /// [`gradient_norms_from`](Self::gradient_norms_from) gives, for layers of these lengths. They stay numbers however deep the
    /// net is; a layer that passes nothing on takes 300 decades.
    pub fn log10_gradient_norms(&self, lengths: &[f64]) -> Vec<f64> {
        let mut logs = vec![0.0; lengths.len()];
        let (mut last_q, mut log_chi) = (f64::NAN, 0.0);
        for l in (0..lengths.len().saturating_sub(1)).rev() {
            let q = lengths[l].clamp(LENGTHS.0, LENGTHS.1);
            if !agree(q, last_q) {
                (last_q, log_chi) = (q, libm::log10(self.chi_1_at(q).max(1e-300)));
            }
            logs[l] = logs[l + 1] + log_chi;
        }
        logs
    }
}

/// `limit + A e^{-l/scale}` for l = 0, 1, ..., as many numbers as the trajectory has, with A such that it meets the trajectory where
/// that has come within a tenth of its way to the limit, or at its end: a predicted rate beside the exact line, not a fit. Empty
/// for no trajectory.
pub fn exponential_approach(trajectory: &[f64], limit: f64, scale: f64) -> Vec<f64> {
    let Some(first) = trajectory.first() else { return Vec::new() };
    let near = trajectory.iter().position(|c| (c - limit).abs() < 0.1 * (first - limit).abs());
    let meets = near.unwrap_or(trajectory.len() - 1);
    let amplitude = (trajectory[meets] - limit) * libm::exp(meets as f64 / scale);
    (0..trajectory.len()).map(|l| limit + amplitude * libm::exp(-(l as f64) / scale)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Activation;

    fn field() -> MeanField {
        MeanField::new(Activation::Tanh, 1.8, 0.4).unwrap()
    }

    /// The second route computes both lengths and the correlation together, layer by layer.
    #[test]
    fn correlations_are_those_of_the_joint_trajectory() {
        let lengths = field().length_trajectory(0.3, 40);
        let maps = LayerMaps::new(&field(), &lengths);
        for c0 in [-0.9, 0.0, 0.4, 0.99] {
            let joint = field().joint_trajectory(0.3, 0.3, c0, 40);
            let found = maps.correlations(c0);
            assert_eq!(found.len(), joint.len());
            assert!(found.iter().zip(&joint).all(|(c, (_, _, exact))| (c - exact).abs() < 1e-11), "from {c0}");
        }
    }

    #[test]
    fn many_initial_correlations_are_taken_to_the_end_one_by_one() {
        let maps = LayerMaps::new(&field(), &field().length_trajectory(1.0, 7));
        let initial: Vec<f64> =
            (0..40).map(|i| libm::cos(f64::from(i * i))).chain([0.5, 0.5 + 1e-16, -1.0, 1.0]).collect();
        let last = maps.last_correlations(&initial);
        for (c0, found) in initial.iter().zip(&last) {
            assert!((found - maps.correlations(*c0)[7]).abs() < 1e-13, "from {c0}");
        }
        assert!(maps.last_correlations(&[]).is_empty());
    }

    #[test]
    fn logarithms_of_gradients_are_those_of_their_norms() {
        let logs = field().log10_gradient_norms(&field().length_trajectory(0.3, 25));
        let norms = field().gradient_norms_from(0.3, 25);
        assert!(logs.iter().zip(&norms).all(|(log, norm)| (log - norm.log10()).abs() < 1e-10));
        let dead = MeanField::new(Activation::Tanh, 0.0, 0.0).unwrap();
        assert_eq!(dead.log10_gradient_norms(&[1.0, 0.0, 0.0]), [-600.0, -300.0, 0.0]);
    }

    #[test]
    fn an_approach_meets_what_it_is_an_approach_of() {
        let exact: Vec<f64> = (0..30).map(|l| 0.2 + 0.5 * (-f64::from(l) / 3.0).exp()).collect();
        let found = exponential_approach(&exact, 0.2, 3.0);
        assert!(found.iter().zip(&exact).all(|(a, b)| (a - b).abs() < 1e-14));
        // Too short to come near: it meets the last one.
        assert!((exponential_approach(&[1.0, 0.9], 0.0, 2.0)[1] - 0.9).abs() < 1e-15);
        assert!(exponential_approach(&[], 0.0, 2.0).is_empty());
    }
}
