//! Filters that make images sparse (Olshausen & Field 1996): what is learnt from images without any labels, and whether it is wavelets.

mod compute;
mod discriminator;
mod files;
mod learning;
mod patches;
mod pictures;
mod settings;
mod words;

use exhibit::declaration::{Exhibit, FigureSpec, Preset, ReadoutSpec, spoken};

pub use compute::Wavelets;

/// The declaration.
pub const EXHIBIT: Exhibit = Exhibit {
    id: "wavelets",
    title: "Why first filters are wavelets",
    lecture: "Convolutional nets",
    group: "images",
    claim: "Filters of which few are enough to write a patch of an image come out as edges and bars of all directions: wavelets. Nobody has \
            to name what is in the images.",
    controls: settings::CONTROLS,
    presets: &[
        Preset::new("drawn", "Before learning", "Filters as they are drawn", &[("steps", "0")]),
        Preset::new(
            "conv",
            "By a convolutional net",
            "It is told no more than which patches are noise",
            &[("learner", "conv"), ("steps", "800")],
        ),
        Preset::new("noise", "Nothing to learn", "Images of noise, in which no pixel knows of another", &[("images", "noise")]),
        Preset::new("cheap", "Activity is cheap", "Each patch uses four filters in ten", &[("lambda", "0.5")]),
        Preset::new("dear", "Activity is dear", "Most patches use no filter at all", &[("lambda", "4"), ("steps", "1000")]),
        Preset::new("many", "As many filters as pixels", "144 filters of 12×12 pixels", &[("units", "144")]),
        Preset::new("small", "Smaller patches", "8×8 pixels", &[("side", "8"), ("lambda", "1.5")]),
        Preset::new(
            "photographs",
            "Your photographs",
            "2000 steps on what you open, and dead leaves before",
            &[("images", "own"), ("steps", "2000")],
        ),
    ],
    figures: &[
        FigureSpec::new(
            "filters",
            "What was learnt",
            "Filters by which patches are written as sums of few, or told from noise. Blue is negative, orange positive. A click chooses one.",
        )
        .main()
        .aspect(1.1),
        FigureSpec::new(
            "plane",
            "Which waves they answer to",
            "For each filter the plane wave to which it responds most: the way from the middle is the wave’s direction, its length the \
             number of cycles in a pixel. A wave and the same run the other way are one, so each filter is there twice.",
        )
        .main()
        .aspect(1.1),
        FigureSpec::new(
            "gabor",
            "Are they wavelets?",
            "The first twelve filters, each over the Gabor function (a wave under a bell) that is nearest to it, with the share of the \
             filter’s energy that is explained.",
        )
        .aspect(1.25),
        FigureSpec::new(
            "explained",
            "More than by chance?",
            "The shares of energy that Gabor functions explain, from the least to the greatest: of these filters (the first 64), of filters \
             as they are drawn, and of these with their pixels shuffled.",
        ),
        FigureSpec::new(
            "code",
            "A patch as a sum",
            "A whitened patch that the filters have not learnt from, what they make of it, and the parts of that sum with their \
             coefficients, the largest first.",
        )
        .when("learner", &["sparse"])
        .aspect(1.25),
        FigureSpec::new(
            "responses",
            "Why it is sparse",
            "How often a filter answers how strongly to a patch, in deviations of its answers. Sparse means a high peak and long tails.",
        ),
        FigureSpec::new(
            "bandwidth",
            "How wide their bands are",
            "The band of frequencies, along a filter’s own direction, to which it answers at least half as strongly as to its best one. An \
             octave is a factor of 2. An edge, the slope of a bell, has 2.6 of them. Filters whose band does not end within what pixels can \
             show are left out.",
        ),
        FigureSpec::new(
            "spectra",
            "Their spectra",
            "How strongly each filter answers to plane waves of every frequency and direction; frequency 0 is in the middle.",
        )
        .aspect(1.25),
        FigureSpec::new(
            "learning",
            "In learning",
            "The share of the energy of new patches that is explained, and the share of coefficients that are not 0; or the share of patches \
             and noise that a net tells rightly. Drag the ring to go back and forth.",
        ),
        FigureSpec::new(
            "patches",
            "What is learnt from",
            "Patches of the images, and below them in the same order the same whitened: coarse differences no longer drown the fine ones. \
             A net has to tell these from the noise below.",
        )
        .aspect(1.25),
    ],
    readouts: &[
        ReadoutSpec::new(
            "gabor_r2",
            "Gabor share, learnt",
            "Mean share over the filters, at most the first 64, of what their nearest Gabor functions explain",
        ),
        ReadoutSpec::new("gabor_r2_random", "Gabor share, random", "Mean over as many filters as they are drawn"),
        ReadoutSpec::new("gabor_r2_shuffled", "Gabor share, shuffled", "Mean over the same filters, each with its pixels in random order"),
        ReadoutSpec::new(
            "octaves",
            "bandwidth in octaves",
            "Median over the filters whose band ends within what pixels can show: log₂ of the highest over the lowest frequency to which \
             one answers at least half as strongly as to its best",
        ),
        ReadoutSpec::new(
            "explained_share",
            "patches explained",
            "Share of the energy of 500 whitened patches that they have not learnt from",
        ),
        ReadoutSpec::new("active", "filters in use", "Share of coefficients that are not 0, over those patches"),
        ReadoutSpec::new("told_apart", "told from noise", "Share of those patches and as many noises that a convolutional net tells rightly"),
        ReadoutSpec::new("kurtosis", "excess kurtosis", "Of the filters’ answers to those patches; 0 for a normal distribution"),
        ReadoutSpec::new("step", "step", "Of learning, that the pictures show"),
    ],
    to_try: spoken(words::TO_TRY),
    formulas: spoken(words::FORMULAS),
    assumptions: spoken(words::ASSUMPTIONS),
    papers: spoken(words::PAPERS),
};
