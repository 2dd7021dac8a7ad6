//! Regions as they are drawn: long lines, values at pixels, and numbers that tell neighbours apart.

use std::collections::BTreeMap;

use super::chains::chains;
use super::result::{Region, Regions};

/// Borders that are looked at between two checkpoints.
const BORDERS_AT_ONCE: usize = 4096;

impl Regions {
    /// The borders that each layer makes, as few long lines: those of a unit are joined end to end where their ends are nearer than
    /// about `same_end`. `checkpoint` is awaited every few milliseconds.
    ///
    /// # Shapes
    /// A list of lines for each hidden layer.
    ///
    /// # Errors
    /// Those of `checkpoint`, which end it.
    pub async fn border_lines<E>(
        &self,
        same_end: f64,
        mut checkpoint: impl AsyncFnMut() -> Result<(), E>,
    ) -> Result<Vec<Vec<Vec<[f64; 2]>>>, E> {
        let mut of_unit: BTreeMap<(usize, usize), Vec<[[f64; 2]; 2]>> = BTreeMap::new();
        for (i, border) in self.boundaries().enumerate() {
            if i % BORDERS_AT_ONCE == 0 {
                checkpoint().await?;
            }
            of_unit.entry((border.maker.layer, border.maker.unit)).or_default().push([border.from, border.to]);
        }
        let mut of_layer = vec![Vec::new(); self.widths().len()];
        for ((layer, _), pieces) in &of_unit {
            checkpoint().await?;
            of_layer[layer - 1].extend(chains(pieces, same_end));
        }
        Ok(of_layer)
    }

    /// The net's output at each of `side × side` points of the window, whose regions are `pixels`: see
    /// [`PixelSearch`](super::PixelSearch). NaN for a number that is no region's.
    #[must_use]
    pub fn values_at_pixels(&self, pixels: &[u32], side: usize) -> Vec<f32> {
        let value = |(at, region): (usize, &u32)| {
            let [x, y] = self.window().pixel(at, side);
            let map = self.maps.get(*region as usize);
            map.map_or(f32::NAN, |[slope_x, slope_y, offset]| (slope_x * x + slope_y * y + offset) as f32)
        };
        pixels.iter().enumerate().map(value).collect()
    }

    /// A number in \[0, 1) for each region, such that those of two regions on both sides of a line differ by at least 0.2, around
    /// the circle of numbers modulo 1: each unit that is on adds 0.2 to 0.8.
    #[must_use]
    pub fn shades(&self) -> Vec<f32> {
        // Multiples of roots: sums of different ones hardly ever agree, as those of multiples of one number do.
        let spread = |i: usize| (0.618_033_988_749_895 * ((i + 1) as f64).sqrt()).fract();
        let shares: Vec<f64> = (0..self.widths().iter().sum()).map(|i| 0.2 + 0.6 * spread(i)).collect();
        let of_region = |region: Region<'_>| {
            let sum: f64 = shares.iter().enumerate().filter(|(i, _)| region.is_on(*i)).map(|(_, share)| share).sum();
            sum.fract() as f32
        };
        self.iter().map(of_region).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::super::{PixelSearch, Window};
    use super::*;
    use crate::sawtooth::ReluNet;

    /// Numbers in \[-1, 1\] that look random.
    fn numbers(n: usize, start: usize) -> Vec<f64> {
        (0..n).map(|i| libm::sin(12.9898 * (start + i * i) as f64 + i as f64)).collect()
    }

    fn regions() -> Regions {
        let net = ReluNet::from_flat(2, &[7, 6], &numbers(14 + 42 + 6, 1), &numbers(14, 3)).unwrap();
        Regions::of_net(&net, Window::square(1.5), 10_000).unwrap()
    }

    fn length(line: &[[f64; 2]]) -> f64 {
        line.windows(2).map(|p| libm::hypot(p[1][0] - p[0][0], p[1][1] - p[0][1])).sum()
    }

    #[test]
    fn lines_are_as_long_as_all_borders_and_fewer() {
        let regions = regions();
        let mut n_checkpoints = 0;
        let lines = {
            let mut future = pin!(regions.border_lines(1e-7, async || {
                n_checkpoints += 1;
                Ok::<_, ()>(())
            }));
            match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(lines) => lines.unwrap(),
                Poll::Pending => panic!("nothing was waited for"),
            }
        };
        assert!(n_checkpoints > 2);
        for (lines, exact) in lines.iter().zip(regions.boundary_length_by_layer()) {
            let found: f64 = lines.iter().map(|line| length(line)).sum();
            assert!((found - exact).abs() < 1e-9 * exact, "{found} of {exact}");
        }
        let n: usize = lines.iter().map(Vec::len).sum();
        assert!(n < regions.boundaries().count() / 2, "{n} lines of {} regions", regions.len());
    }

    #[test]
    fn values_are_the_net_s_and_shades_tell_neighbours_apart() {
        let (regions, side) = (regions(), 40);
        let pixels = PixelSearch::new(&regions, side).finish();
        for (at, value) in regions.values_at_pixels(&pixels, side).into_iter().enumerate() {
            let exact = regions.eval(regions.window().pixel(at, side)).unwrap();
            assert!((exact - f64::from(value)).abs() < 1e-6, "{exact}, {value}");
        }
        assert!(regions.values_at_pixels(&[u32::MAX], side)[0].is_nan());
        let shades = regions.shades();
        let mut n = 0;
        for border in regions.boundaries() {
            let middle = [0, 1].map(|i| 0.5 * (border.from[i] + border.to[i]));
            let across = [border.from[1] - border.to[1], border.to[0] - border.from[0]].map(|x| 1e-6 * x);
            let side = |sign: f64| regions.locate([middle[0] + sign * across[0], middle[1] + sign * across[1]]);
            if let (Some(a), Some(b)) = (side(1.0), side(-1.0)) {
                let apart = f64::from((shades[a] - shades[b]).abs());
                assert!((0.199..=0.801).contains(&apart), "regions {a} and {b} are {apart} apart");
                n += 1;
            }
        }
        assert!(n > 20, "{n} borders");
    }
}
