//! What the page says about compositional functions.

use exhibit::declaration::{Experiment, Formula, Paper};

pub(super) const TO_TRY: &[Experiment] = &[
    Experiment {
        action: "Let the training end, and compare eight variables with four.",
        observation: "With eight the shallow net hardly gains from more parameters, as theory says; the tree does. With four \
                      variables every net has it easier, and the shallow one gains too; the tree gains more.",
        preset: "four",
    },
    Experiment {
        action: "Shuffle the wiring.",
        observation: "A tree of the same depth and size that puts other pairs together stops early, and more units do not \
                      help: it is not depth that counts but the right structure.",
        preset: "wrong",
    },
    Experiment {
        action: "Choose 1 − |a + b| and ReLU.",
        observation: "Two units make a node without any error. Trees come near to that; shallow nets have to make every fold of \
                      the target by itself.",
        preset: "kink",
    },
    Experiment {
        action: "Choose (a + b + ab)/3.",
        observation: "This target is nearly a sum. A shallow net needs no structure to learn it, and does as well as the \
                      tree: the theorem is about the hardest target, not about each.",
        preset: "additive",
    },
    Experiment {
        action: "Choose the product of eight variables.",
        observation: "Nothing is learnt, although a small tree can multiply. Every node alone says nothing about the \
                      product, so the gradient is almost zero where training begins: to approximate is one thing, to find the \
                      approximation another.",
        preset: "product",
    },
    Experiment {
        action: "Take the examples down to 1000.",
        observation: "The tree stays ahead, but no net gets much better by growing: it is examples that are missing now. \
                      Large shallow nets learn them by heart, and their errors rise.",
        preset: "few",
    },
];

pub(super) const FORMULAS: &[Formula] = &[
    Formula {
        name: "The target",
        mathml: "<mrow><mi>f</mi><mo>=</mo><mi>h</mi><mo>(</mo><mi>h</mi><mo>(</mo><mi>h</mi><mo>(</mo><msub><mi>x</mi>\
                 <mn>1</mn></msub><mo>,</mo><msub><mi>x</mi><mn>2</mn></msub><mo>)</mo><mo>,</mo><mi>h</mi><mo>(</mo><msub>\
                 <mi>x</mi><mn>3</mn></msub><mo>,</mo><msub><mi>x</mi><mn>4</mn></msub><mo>)</mo><mo>)</mo><mo>,</mo><mi>h</mi>\
                 <mo>(</mo><mo>…</mo><mo>)</mo><mo>)</mo></mrow>",
        words: "less its mean and divided by its standard deviation over the cube, so that a constant has the error 1",
    },
    Formula {
        name: "A node of the net",
        mathml: "<mrow><mi>g</mi><mo>(</mo><mi>a</mi><mo>,</mo><mi>b</mi><mo>)</mo><mo>=</mo><mi>c</mi><mo>+</mo><munderover>\
                 <mo>∑</mo><mrow><mi>u</mi><mo>=</mo><mn>1</mn></mrow><mi>r</mi></munderover><msub><mi>v</mi><mi>u</mi></msub>\
                 <mi>φ</mi><mo>(</mo><msub><mi>w</mi><mi>u</mi></msub><mi>a</mi><mo>+</mo><msubsup><mi>w</mi><mi>u</mi><mo>′</mo>\
                 </msubsup><mi>b</mi><mo>+</mo><msub><mi>θ</mi><mi>u</mi></msub><mo>)</mo></mrow>",
        words: "its own weights in each of the d − 1 nodes: (d − 1)(4r + 1) parameters; a shallow net of u units has (d + 2)u + 1",
    },
    Formula {
        name: "Without structure (theorem 1)",
        mathml: "<mrow><mi>N</mi><mo>=</mo><mi>O</mi><mo>(</mo><msup><mi>ε</mi><mrow><mo>−</mo><mi>d</mi><mo>/</mo><mi>m</mi>\
                 </mrow></msup><mo>)</mo></mrow>",
        words: "units for the error ε, for every function with m derivatives, and in general not fewer; the error falls like \
                N to the power −m/d",
    },
    Formula {
        name: "With the tree (theorem 2)",
        mathml: "<mrow><mi>N</mi><mo>=</mo><mi>O</mi><mo>(</mo><mo>(</mo><mi>d</mi><mo>−</mo><mn>1</mn><mo>)</mo><msup><mi>ε</mi>\
                 <mrow><mo>−</mo><mn>2</mn><mo>/</mo><mi>m</mi></mrow></msup><mo>)</mo></mrow>",
        words: "if each node of the target has m derivatives; the error falls like N to the power −m/2, whatever d",
    },
];

pub(super) const ASSUMPTIONS: &[&str] = &[
    "The theorems say what the best net could do, in the largest error, for the hardest target with m derivatives. Measured \
     here is what Adam finds, in the mean square, for one target: agreement of slopes is no proof, and disagreement no \
     refutation.",
    "The sine, the sum and the product have all derivatives, so theory promises steeper slopes than m = 1; training and its \
     noise end them. The kink has m = 1.",
    "Theory’s constants are unknown: the dashed lines go through the first measurement, and only their slopes mean something.",
    "Trees of many units are sometimes caught where they do worse than smaller ones: the band shows it. More steps help.",
    "A product is the same for every wiring, so that a shuffled tree is no wrong tree for it.",
    "Weights are drawn with σ_w = 1.5 and σ_b = 0.5; all nets of one seed see the same examples.",
];

pub(super) const PAPERS: &[Paper] = &[
    Paper {
        authors: "T. Poggio, H. Mhaskar, L. Rosasco, B. Miranda, Q. Liao (2017)",
        title: "Why and when can deep – but not shallow – networks avoid the curse of dimensionality: a review",
        venue: "International Journal of Automation and Computing 14",
        url: "https://arxiv.org/abs/1611.00740",
        used_for: "theorems 1 and 2, trees",
    },
    Paper {
        authors: "H. Mhaskar, T. Poggio (2016)",
        title: "Deep vs. shallow networks: an approximation theory perspective",
        venue: "Analysis and Applications 14",
        url: "https://arxiv.org/abs/1608.03287",
        used_for: "compositional functions",
    },
    Paper {
        authors: "H. Mhaskar (1996)",
        title: "Neural networks for optimal approximation of smooth and analytic functions",
        venue: "Neural Computation 8",
        url: "https://doi.org/10.1162/neco.1996.8.1.164",
        used_for: "the rate of shallow nets",
    },
    Paper {
        authors: "S. Shalev-Shwartz, O. Shamir, S. Shammah (2017)",
        title: "Failures of gradient-based deep learning",
        venue: "ICML",
        url: "https://arxiv.org/abs/1703.07950",
        used_for: "why the product is not found",
    },
];
