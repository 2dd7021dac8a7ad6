//! Filters beside the Gabor functions that are nearest to them.

use exhibit::declaration::{Formula, Paper};
use figures::{Axis, Chart, ColourScale, Pixels, Role, Samples};
use theory::gabor::GaborFit;

/// What a Gabor function is.
pub const GABOR: Formula = Formula {
    name: "A Gabor function",
    mathml: "<mrow><msup><mi>e</mi><mrow><mo>−</mo><mfrac><mn>1</mn><mn>2</mn></mfrac><mo>(</mo><msup><mi>u</mi><mn>2</mn></msup><mo>/\
             </mo><msubsup><mi>σ</mi><mi>u</mi><mn>2</mn></msubsup><mo>+</mo><msup><mi>v</mi><mn>2</mn></msup><mo>/</mo><msubsup>\
             <mi>σ</mi><mi>v</mi><mn>2</mn></msubsup><mo>)</mo></mrow></msup><mo>(</mo><mi>a</mi><mi>cos</mi><mn>2</mn><mi>π</mi><mi>f\
             </mi><mi>u</mi><mo>+</mo><mi>b</mi><mi>sin</mi><mn>2</mn><mi>π</mi><mi>f</mi><mi>u</mi><mo>)</mo></mrow>",
    words: "a wave of f cycles a pixel under a bell; u runs along the wave and v across it, from the bell’s middle",
};

/// Where it is from.
pub const DAUGMAN: Paper = Paper {
    authors: "J. Daugman (1985)",
    title: "Uncertainty relation for resolution in space, spatial frequency, and orientation optimized by two-dimensional visual \
            cortical filters",
    venue: "Journal of the Optical Society of America A 2",
    url: "https://doi.org/10.1364/JOSAA.2.001160",
    used_for: "Gabor functions",
};

/// Filters of `size` rows and columns, each over its function, with the share of energy that that explains.
pub fn gabor_pairs(id: &str, size: (u32, u32), filters: &[Vec<f64>], fits: &[GaborFit]) -> Chart {
    let columns = size.1 as usize;
    let pixels = filters.first().map_or(0, Vec::len);
    let drawn = |fit: &GaborFit| {
        let gabor = fit.gabor;
        (0..pixels).map(move |i| gabor.value((i % columns) as f64, (i / columns) as f64) as f32)
    };
    // A row of nothing lies between.
    let pair = |(filter, fit): (&Vec<f64>, &GaborFit)| {
        let above = filter.iter().map(|w| *w as f32).chain(std::iter::repeat_n(0.0, columns));
        above.chain(drawn(fit)).collect::<Vec<_>>()
    };
    let pairs: Vec<f32> = filters.iter().zip(fits).flat_map(pair).collect();
    let given: Vec<f32> = filters.iter().flatten().map(|w| *w as f32).collect();
    let scale = ColourScale::diverging("weight", &given);
    let captions = fits.iter().map(|fit| format!("{:.2}", fit.r2));
    Chart::images(id)
        .image_grid((2 * size.0 + 1, size.1), Pixels::Numbers(Samples(pairs)), scale, captions)
        .alt("Filters, each over its nearest Gabor function, with the share of energy that that explains.")
}

/// The shares of energy that Gabor functions explain, from the least to the greatest: of filters that were learnt, of filters as they
/// are drawn, and of the first with their pixels shuffled. `means` are said in the title.
pub fn gabor_shares(id: &str, fits: [&[GaborFit]; 3], means: [Option<f64>; 3]) -> Chart {
    let sorted = |fits: &[GaborFit]| {
        let mut shares: Vec<f64> = fits.iter().map(|fit| fit.r2).collect();
        shares.sort_by(f64::total_cmp);
        let n = shares.len() as f64;
        shares.into_iter().enumerate().map(move |(i, share)| ((i as f64 + 0.5) / n, share)).collect::<Vec<_>>()
    };
    let [learnt, random, shuffled] = fits.map(sorted);
    let said = means.map(|mean| mean.map_or_else(|| "none".to_owned(), |mean| format!("{mean:.3}")));
    Chart::new(
        id,
        Axis::linear("share of filters, from the worst fit", 0.0, 1.0),
        Axis::linear("energy explained", 0.0, 1.0),
    )
    .line("random filters", Role::Neutral, random)
    .dashed("pixels shuffled", Role::Theory, shuffled)
    .points("these filters", Role::Simulation, learnt)
    .title(format!("means: {}, random {}, shuffled {}", said[0], said[1], said[2]))
    .alt("How much of filters’ energy Gabor functions explain: of these, of random ones, and of these with shuffled pixels.")
}

/// The mean share of energy that is explained; none of no filters.
#[must_use]
pub fn mean_share(fits: &[GaborFit]) -> Option<f64> {
    (!fits.is_empty()).then(|| fits.iter().map(|fit| fit.r2).sum::<f64>() / fits.len() as f64)
}
