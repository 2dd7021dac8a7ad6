//! How many linear regions a relu net can have, and how many it has on average.

use super::count::Count;
use crate::sawtooth::NetError;

/// Most inputs and most hidden units of a net for which bounds are computed: beyond, sums of large numbers get slow.
pub const MAX_NEURONS: usize = 2048;

/// The bounds of nets with the same widths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionBounds {
    /// [`montufar_2014_lower`].
    pub montufar_2014_lower: Option<Count>,
    /// [`serra_2018_lower`].
    pub serra_2018_lower: Option<Count>,
    /// [`serra_2018_upper`], the least of the upper bounds here.
    pub serra_2018_upper: Count,
    /// [`montufar_2017_upper`].
    pub montufar_2017_upper: Count,
    /// 2^N: every unit is on or off.
    pub trivial_upper: Count,
    /// [`zaslavsky`], the number itself for one layer in general position; `None` for other depths.
    pub one_layer_exact: Option<Count>,
    /// [`zaslavsky_bounded`]; `None` for other depths than one.
    pub one_layer_bounded: Option<Count>,
}

/// All bounds for n_0 inputs and hidden layers of the widths n_1, ..., n_L.
///
/// # Errors
/// [`NetError::Range`] unless 1 <= n_0 <= 2048, there is a layer, no width is 0, and the widths sum to at most 2048.
pub fn region_bounds(n_0: usize, widths: &[usize]) -> Result<RegionBounds, NetError> {
    let n = check_widths(n_0, widths)?;
    let single = match *widths {
        [n_1] => Some((zaslavsky(n_1, n_0)?, zaslavsky_bounded(n_1, n_0)?)),
        _ => None,
    };
    let (one_layer_exact, one_layer_bounded) = single.unzip();
    Ok(RegionBounds {
        montufar_2014_lower: montufar_2014_lower(n_0, widths)?,
        serra_2018_lower: serra_2018_lower(n_0, widths)?,
        serra_2018_upper: serra_2018_upper(n_0, widths)?,
        montufar_2017_upper: montufar_2017_upper(n_0, widths)?,
        trivial_upper: Count::power_of_two(n),
        one_layer_exact,
        one_layer_bounded,
    })
}

/// The number of hidden units, if all is in range.
fn check_widths(n_0: usize, widths: &[usize]) -> Result<usize, NetError> {
    NetError::check_count("n_0", n_0, 1, MAX_NEURONS)?;
    NetError::check_count("depth", widths.len(), 1, MAX_NEURONS)?;
    for &width in widths {
        NetError::check_count("width", width, 1, MAX_NEURONS)?;
    }
    NetError::check_count("N", widths.iter().sum(), 1, MAX_NEURONS)
}

fn sum(counts: &[Count]) -> Count {
    counts.iter().fold(Count::zero(), |mut sum, count| {
        sum.add(count);
        sum
    })
}

fn power(base: usize, exponent: usize) -> Count {
    let base = u32::try_from(base).unwrap_or(u32::MAX);
    (0..exponent).fold(Count::one(), |product, _| product.times_small(base))
}

/// C(n, 0), ..., C(n, k_max); n is in range by now.
fn binomials(n: usize, k_max: usize) -> Vec<Count> {
    Count::binomials(u32::try_from(n).unwrap_or(u32::MAX), k_max)
}

/// sum_{j <= n_0} C(n, j): the regions into which n hyperplanes in general position cut R^n_0, and the most they can.
///
/// # Errors
/// [`NetError::Range`] unless 1 <= n, n_0 <= 2048.
///
/// # Source
/// Zaslavsky 1975, Facing up to arrangements; Schläfli 1901.
pub fn zaslavsky(n: usize, n_0: usize) -> Result<Count, NetError> {
    check_widths(n_0, &[n])?;
    Ok(sum(&binomials(n, n_0.min(n))))
}

/// C(n - 1, n_0): how many of the regions of [`zaslavsky`] are bounded.
///
/// # Errors
/// [`NetError::Range`] unless 1 <= n, n_0 <= 2048.
///
/// # Source
/// Zaslavsky 1975, Facing up to arrangements.
pub fn zaslavsky_bounded(n: usize, n_0: usize) -> Result<Count, NetError> {
    check_widths(n_0, &[n])?;
    Ok(binomials(n - 1, n_0).pop().unwrap_or_else(Count::zero))
}

/// prod_{i<L} floor(n_i/n_0)^n_0 sum_{j<=n_0} C(n_L, j): some net has that many. `None` unless all n_i >= n_0.
///
/// # Errors
/// As for [`region_bounds`].
///
/// # Source
/// Montufar, Pascanu, Cho, Bengio 2014, arXiv 1402.1869, lower bound for rectifier nets.
pub fn montufar_2014_lower(n_0: usize, widths: &[usize]) -> Result<Option<Count>, NetError> {
    check_widths(n_0, widths)?;
    if widths.iter().any(|&width| width < n_0) {
        return Ok(None);
    }
    Ok(Some(folded_layers(n_0, widths, |width| width / n_0)))
}

/// prod_{i<L} (floor(n_i/n_0) + 1)^n_0 sum_{j<=n_0} C(n_L, j): some net has that many. `None` unless all n_i >= 3 n_0.
///
/// # Errors
/// As for [`region_bounds`].
///
/// # Source
/// Serra, Tjandraatmadja, Ramalingam 2018, arXiv 1711.02114, lower bound for rectifier nets.
pub fn serra_2018_lower(n_0: usize, widths: &[usize]) -> Result<Option<Count>, NetError> {
    check_widths(n_0, widths)?;
    if widths.iter().any(|&width| width < 3 * n_0) {
        return Ok(None);
    }
    Ok(Some(folded_layers(n_0, widths, |width| width / n_0 + 1)))
}

fn folded_layers(n_0: usize, widths: &[usize], folds: impl Fn(usize) -> usize) -> Count {
    let (before, last) = widths.split_at(widths.len() - 1);
    let folded = before.iter().fold(Count::one(), |product, &width| product.times(&power(folds(width), n_0)));
    folded.times(&sum(&binomials(last[0], n_0)))
}

/// sum over (j_1, ..., j_L) of prod_l C(n_l, j_l), where 0 <= j_l <= min(n_0, n_1 - j_1, ..., n_{l-1} - j_{l-1}, n_l): no
/// net has more.
///
/// # Errors
/// As for [`region_bounds`].
///
/// # Source
/// Serra, Tjandraatmadja, Ramalingam 2018, arXiv 1711.02114, Theorem 1.
pub fn serra_2018_upper(n_0: usize, widths: &[usize]) -> Result<Count, NetError> {
    check_widths(n_0, widths)?;
    // d_l is the bound left for j_l, at most the least of n_0 and the widths before.
    let limits: Vec<usize> = widths.iter().scan(n_0, |d, &width| Some(std::mem::replace(d, (*d).min(width)))).collect();
    // from[d]: the sum over the layers from l on, given d_l = d.
    let mut from = vec![Count::one(); limits[limits.len() - 1].min(widths[widths.len() - 1]) + 1];
    for (&width, &limit) in widths.iter().zip(&limits).rev() {
        let choose = binomials(width, limit.min(width));
        // While j <= n_l - d the rest keeps d_{l+1} = d, so a sum of the first binomials is all that is needed.
        let sums: Vec<Count> = choose
            .iter()
            .scan(Count::zero(), |sum, count| {
                sum.add(count);
                Some(sum.clone())
            })
            .collect();
        from = (0..=limit)
            .map(|d| {
                let most = d.min(width);
                let kept = (width - most).min(most);
                let mut total = sums[kept].times(&from[most]);
                for j in kept + 1..=most {
                    total.add(&choose[j].times(&from[d.min(width - j)]));
                }
                total
            })
            .collect();
    }
    Ok(from.pop().unwrap_or_else(Count::zero))
}

/// prod_l sum_{j <= d_l} C(n_l, j), d_l = min(n_0, n_1, ..., n_l): no net has more.
///
/// # Errors
/// As for [`region_bounds`].
///
/// # Source
/// Montufar 2017, Notes on the number of linear regions of deep neural networks.
pub fn montufar_2017_upper(n_0: usize, widths: &[usize]) -> Result<Count, NetError> {
    check_widths(n_0, widths)?;
    let mut d = n_0;
    let layers = widths.iter().map(|&width| {
        d = d.min(width);
        sum(&binomials(width, d))
    });
    Ok(layers.fold(Count::one(), |product, layer| product.times(&layer)))
}

/// N^n_0/n_0!, the growth of the number of regions of a random net with N hidden units in all, whatever their arrangement
/// in layers; for N < n_0 it is 2^N.
///
/// Hanin and Rolnick prove that the mean number of regions in a cube of R^n_0 is at most (T N)^n_0/n_0! times its volume,
/// T depending on the laws of weights and biases and not on depth, and that the boundaries have on average at most a
/// constant times N of (n_0 - 1)-volume for each unit of volume: each unit adds about the same length. They observe that
/// the numbers themselves stay near N^n_0/n_0! at initialisation and in training. So this is a scale to compare with, no
/// bound.
///
/// # Errors
/// [`NetError::Range`] unless 1 <= n_0, N <= 2048.
///
/// # Source
/// Hanin, Rolnick 2019, Deep ReLU networks have surprisingly few activation patterns, arXiv 1906.00904, Theorem 5; Complexity
/// of linear regions in deep networks, arXiv 1901.09021 (density of the boundaries).
pub fn hanin_rolnick_growth(n_0: usize, n: usize) -> Result<f64, NetError> {
    check_widths(n_0, &[n])?;
    if n < n_0 {
        return Ok(libm::exp2(n as f64));
    }
    Ok((1..=n_0).fold(1.0, |product, j| product * n as f64 / j as f64))
}
