//! What the page says about wavelets.

use exhibit::declaration::{Experiment, Formula, Paper};

use crate::kit::{DAUGMAN, GABOR};

pub(super) const TO_TRY: &[Experiment] = &[
    Experiment {
        action: "Take the steps to 0, then play them.",
        observation: "Noise becomes edges of all directions. In the plane of frequencies the dots leave the crosses and gather near the \
                      middle, at waves about as long as a patch. After 300 steps Gabor functions explain nine tenths of the filters’ energy, \
                      but a tenth of that of filters as they were drawn, and a sixth of the same filters with their pixels shuffled.",
        preset: "drawn",
    },
    Experiment {
        action: "Learn from noise.",
        observation: "Nothing is found. Gabor functions explain a tenth of the filters’ energy, as they do of random ones, and the answers \
                      are normally distributed: where pixels know nothing of each other, no filter is better than another.",
        preset: "noise",
    },
    Experiment {
        action: "Let activity be cheap, and then dear.",
        observation: "At a low price many filters are used at once. They look noisy, and after 300 steps Gabor functions explain less than \
                      half of their energy. At a high price most patches use none, and the filters become whole shapes, arcs and disks of \
                      the leaves, of which Gabor functions explain less, too. Wavelets lie between.",
        preset: "cheap",
    },
    Experiment {
        action: "Look at one patch after the other as a sum.",
        observation: "One patch in five uses no filter: its edges are too weak for the price. Where a strong edge runs through a patch, a few \
                      filters along it make up a tenth to half of its energy.",
        preset: "",
    },
    Experiment {
        action: "Let a convolutional net learn them.",
        observation: "Nothing asks for wavelets here. The net is told no more than which patches are noise with their spectrum, and after \
                      800 steps it tells 98 in 100 rightly. Some of its filters become small edges; the others stay noisy, as the net does \
                      without them. Gabor functions explain 0.44 of the filters’ energy (0.42 to 0.48 over five seeds), 0.10 of \
                      random filters and 0.16 of the same with their pixels shuffled.",
        preset: "conv",
    },
    Experiment {
        action: "Open photographs of your own, and learn 2000 steps.",
        observation: "The filters are edges and bars again, longer and finer ones than those of leaves. On eight photographs Gabor functions \
                      explained 0.89 of their energy (0.89 to 0.90 over five seeds), 0.10 of random filters and 0.12 of the same with \
                      their pixels shuffled.",
        preset: "photographs",
    },
];

pub(super) const FORMULAS: &[Formula] = &[
    Formula {
        name: "What a patch costs",
        mathml: "<mrow><munder><mi>min</mi><mi>a</mi></munder><mfrac><mn>1</mn><mn>2</mn></mfrac><msup><mrow><mo>‖</mo><mi>x</mi><mo>−\
                 </mo><munder><mo>∑</mo><mi>j</mi></munder><msub><mi>a</mi><mi>j</mi></msub><msub><mi>φ</mi><mi>j</mi></msub><mo>‖</mo>\
                 </mrow><mn>2</mn></msup><mo>+</mo><mi>λ</mi><munder><mo>∑</mo><mi>j</mi></munder><mo>|</mo><msub><mi>a</mi><mi>j</mi>\
                 </msub><mo>|</mo></mrow>",
        words: "x is a whitened patch and the φ are the filters, each of length 1; those are learnt for which the mean over patches is least",
    },
    Formula {
        name: "Whitening",
        mathml: "<mrow><mi>x</mi><mo>=</mo><msup><mrow><mo>(</mo><mi>C</mi><mo>+</mo><mi>ε</mi><mo>)</mo></mrow><mrow><mo>−</mo><mfrac>\
                 <mn>1</mn><mn>2</mn></mfrac></mrow></msup><mo>(</mo><mi>p</mi><mo>−</mo><mover><mi>p</mi><mo>¯</mo></mover><mo>)</mo>\
                 </mrow>",
        words: "of a patch p without its mean; C is the covariance of patches, and ε a tenth of their mean variance",
    },
    GABOR,
];

pub(super) const ASSUMPTIONS: &[&str] = &[
    "Dead leaves are disks of random place, grey and size that lie over each other: eight images of 256×256 pixels to learn from, two for \
     the test. They have the edges and the spectrum of natural images, and little else.",
    "Photographs stay on this device. They are cut into tiles of 64×64 pixels, of which one in six is kept for the test.",
    "Filters are learnt from whitened patches and shown as they act on those. A step of sparse coding finds the coefficients \
     of 100 new patches, then makes each filter the best beside the others for all patches so far, those of long ago counting less. A filter \
     that nothing uses becomes one of the patches that are explained worst.",
    "The convolutional net has its filters at 2×2 places, four pixels apart, then ReLU, means over the places, and one dense layer for \
     the two classes; its patches have four more pixels a side. The noise is normal and has the covariance of whitened patches, so that no mean \
     and no product of two pixels tells it from them; but the covariance is estimated from 10,000 patches, and where the images are noise \
     themselves the net tells 0.58 rightly after 800 steps, from what that estimate misses. A step is one of Adam at a learning rate of 0.005, on 100 patches and 100 noises.",
    "A Gabor function has eight numbers, so it explains a part of any filter: a tenth of a random one of 12×12 pixels. The nearest \
     function is the best that is found from 75 starts.",
    "The absolute value as a price is one choice. Olshausen and Field took others, and found much the same filters.",
];

pub(super) const PAPERS: &[Paper] = &[
    Paper {
        authors: "B. Olshausen, D. Field (1996)",
        title: "Emergence of simple-cell receptive field properties by learning a sparse code for natural images",
        venue: "Nature 381",
        url: "https://doi.org/10.1038/381607a0",
        used_for: "sparse coding of patches",
    },
    Paper {
        authors: "A. Bell, T. Sejnowski (1997)",
        title: "The “independent components” of natural scenes are edge filters",
        venue: "Vision Research 37",
        url: "https://doi.org/10.1016/S0042-6989(97)00121-1",
        used_for: "whitening, long tails",
    },
    Paper {
        authors: "A. Lee, D. Mumford, J. Huang (2001)",
        title: "Occlusion models for natural images: a statistical study of a scale-invariant dead leaves model",
        venue: "International Journal of Computer Vision 41",
        url: "https://doi.org/10.1023/A:1011109015675",
        used_for: "dead leaves",
    },
    Paper {
        authors: "J. Mairal, F. Bach, J. Ponce, G. Sapiro (2010)",
        title: "Online learning for matrix factorization and sparse coding",
        venue: "JMLR 11",
        url: "https://www.jmlr.org/papers/v11/mairal10a.html",
        used_for: "how filters are learnt",
    },
    Paper {
        authors: "M. Gutmann, A. Hyvärinen (2012)",
        title: "Noise-contrastive estimation of unnormalized statistical models, with applications to natural image statistics",
        venue: "JMLR 13",
        url: "https://www.jmlr.org/papers/v13/gutmann12a.html",
        used_for: "filters that tell patches from noise",
    },
    Paper {
        authors: "A. Beck, M. Teboulle (2009)",
        title: "A fast iterative shrinkage-thresholding algorithm for linear inverse problems",
        venue: "SIAM Journal on Imaging Sciences 2",
        url: "https://doi.org/10.1137/080716542",
        used_for: "coefficients",
    },
    DAUGMAN,
];
