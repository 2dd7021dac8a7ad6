//! Are they wavelets? The first filters beside their nearest Gabor functions, and beside those of filters that learnt nothing.

use figures::{Chart, Figure};
use random::Stream;
use theory::gabor::{GaborFit, nearest_gabor};

use super::pictures::{after, filters_in, filters_of};
use super::training::Training;
use crate::job::{Checkpoint as _, JobError};
use crate::kit::{Scene, gabor_pairs, gabor_shares, mean_share};

/// Filters that are fitted at most, of a few pixels and of many.
const MOST_SMALL: usize = 24;
const MOST_LARGE: usize = 8;
/// Pixels of a small filter at most.
const SMALL: usize = 100;
/// Random and shuffled filters beside small ones, at least.
const COMPARED: usize = 60;

/// What Gabor functions explain of filters.
pub(super) struct Wavelets {
    /// The filters and the functions.
    pub(super) gabor: Figure,
    /// The shares of energy.
    pub(super) explained: Figure,
    /// The mean share of the filters, of random ones, and of the filters with shuffled pixels.
    pub(super) means: [Option<f64>; 3],
}

/// How many filters are fitted at most, and how many others beside them.
fn n_fitted(size: usize) -> (usize, usize) {
    if size <= SMALL { (MOST_SMALL, COMPARED) } else { (MOST_LARGE, MOST_LARGE) }
}

fn stream(training: &Training) -> Stream {
    Stream::new(training.session.trainer().recipe().seed, "wavelets")
}

/// Fits first filters as they are drawn, of as many nets as have enough of them.
pub(super) async fn random_fits(training: &Training, scene: &mut Scene<'_>) -> Result<Vec<GaborFit>, JobError> {
    let mut fits = Vec::new();
    for draw in 0_u64.. {
        let drawn = training.net().draw(stream(training).child(draw))?;
        let Some(((rows, columns), weights)) = filters_in(training, &drawn, 0) else { break };
        let size = (rows * columns) as usize;
        let (_, wanted) = n_fitted(size);
        let of_draw: Vec<Vec<f64>> = numbers(weights, size).take(wanted - fits.len()).collect();
        fits.extend(fitted(&of_draw, columns, scene).await?);
        if fits.len() >= wanted || of_draw.is_empty() {
            break;
        }
    }
    Ok(fits)
}

/// Fits the first filters, and those with shuffled pixels; `random` are fits of random ones.
pub(super) async fn wavelets(
    training: &Training,
    random: Vec<GaborFit>,
    scene: &mut Scene<'_>,
) -> Result<Wavelets, JobError> {
    let Some(((rows, columns), weights)) = filters_of(training, training.state(), 0) else {
        let empty = |id: &str| Chart::empty(id, "No filters.").build();
        return Ok(Wavelets { gabor: empty("gabor"), explained: empty("explained"), means: [None; 3] });
    };
    let size = (rows * columns) as usize;
    let (most, n_compared) = n_fitted(size);
    let learnt: Vec<Vec<f64>> = numbers(weights, size).take(most).collect();
    let mut cursor = stream(training).child(u64::MAX).cursor();
    let mut shuffled: Vec<Vec<f64>> = learnt.iter().cycle().take(n_compared).cloned().collect();
    shuffled.iter_mut().for_each(|filter| cursor.shuffle(filter));

    let fits = [fitted(&learnt, columns, scene).await?, random, fitted(&shuffled, columns, scene).await?];
    let means = fits.each_ref().map(|fits| mean_share(fits).filter(|mean| mean.is_finite()));
    let title = format!("{} filters and their nearest Gabor functions, {}", learnt.len(), after(training));
    Ok(Wavelets {
        gabor: gabor_pairs("gabor", (rows, columns), &learnt, &fits[0]).title(title).build(),
        explained: gabor_shares("explained", fits.each_ref().map(Vec::as_slice), means).build(),
        means,
    })
}

async fn fitted(filters: &[Vec<f64>], columns: u32, scene: &mut Scene<'_>) -> Result<Vec<GaborFit>, JobError> {
    let mut fits = Vec::with_capacity(filters.len());
    for filter in filters {
        scene.checkpoint().await?;
        fits.push(nearest_gabor(filter, columns as usize));
    }
    Ok(fits)
}

fn numbers(weights: &[f32], size: usize) -> impl Iterator<Item = Vec<f64>> {
    weights.chunks_exact(size.max(1)).map(|filter| filter.iter().map(|w| f64::from(*w)).collect())
}
