//! What the page says about depth.

use exhibit::declaration::{Experiment, Formula, Paper};
use figures::format_number;

/// `5 units`, or `1 unit`.
pub(super) fn count(n: u64, what: &str) -> String {
    format!("{} {what}{}", format_number(n as f64), if n == 1 { "" } else { "s" })
}

pub(super) const TO_TRY: &[Experiment] = &[
    Experiment {
        action: "Drag k from 1 to 10.",
        observation: "Each layer of two units doubles the pieces: 2k units draw 2ᵏ of them. The same 2k units in one layer draw \
                      2k + 1 at most.",
        preset: "telgarsky",
    },
    Experiment {
        action: "Choose x² and drag k.",
        observation: "Take from x the sawteeth mˢ, each divided by 4ˢ, and x² is left: the error falls to a quarter with each \
                      layer.",
        preset: "yarotsky",
    },
    Experiment {
        action: "Raise σ slowly.",
        observation: "Each layer doubles what the layers before it got wrong. At σ = 2⁻ᵏ the output is off by about the height \
                      of a tooth or more, while most pieces are still there.",
        preset: "perturbed",
    },
    Experiment {
        action: "Train nets of 8 units a layer, then of 2.",
        observation: "With 8 units the best net finds two teeth, and none finds eight. Two units would do, but with two not \
                      even one tooth is found.",
        preset: "trained",
    },
];

pub(super) const FORMULAS: &[Formula] = &[
    Formula {
        name: "The tent",
        mathml: "<mrow><mi>m</mi><mo>(</mo><mi>x</mi><mo>)</mo><mo>=</mo><mn>2</mn><mi>relu</mi><mo>(</mo><mi>x</mi>\
                 <mo>)</mo><mo>−</mo><mn>4</mn><mi>relu</mi><mo>(</mo><mi>x</mi><mo>−</mo><mfrac><mn>1</mn><mn>2</mn>\
                 </mfrac><mo>)</mo></mrow>",
        words: "k times in a row: 2ᵏ pieces on 0 to 1",
    },
    Formula {
        name: "Shallow nets fail",
        mathml: "<mrow><mi>error</mi><mo>≥</mo><mfrac><mrow><mi>n</mi><mo>−</mo><mn>4</mn><mi>t</mi></mrow><mrow>\
                 <mn>3</mn><mi>n</mi></mrow></mfrac><mo>,</mo><mspace width='1em'/><mi>t</mi><mo>=</mo><mi>m</mi>\
                 <mo>+</mo><mn>1</mn></mrow>",
        words: "for the part of n alternating labels that t pieces get wrong; l layers of m units have at most (2m)ˡ pieces",
    },
    Formula {
        name: "By counting crossings",
        mathml: "<mrow><mi>error</mi><mo>≥</mo><mfrac><mrow><mi>n</mi><mo>−</mo><mi>t</mi><mo>−</mo><mn>1</mn></mrow>\
                 <mrow><mn>2</mn><mi>n</mi></mrow></mfrac></mrow>",
        words: "t pieces cross 1/2 at most t times, so they label t + 1 runs; on each run every other point is wrong",
    },
    Formula {
        name: "The square",
        mathml: "<mrow><msup><mi>x</mi><mn>2</mn></msup><mo>≈</mo><mi>x</mi><mo>−</mo><munderover><mo>∑</mo><mrow>\
                 <mi>s</mi><mo>=</mo><mn>1</mn></mrow><mi>k</mi></munderover><mfrac><mrow><msup><mi>m</mi><mi>s</mi>\
                 </msup><mo>(</mo><mi>x</mi><mo>)</mo></mrow><msup><mn>4</mn><mi>s</mi></msup></mfrac></mrow>",
        words: "off by 2⁻²ᵏ⁻² at most; products follow from squares, polynomials from products",
    },
];

pub(super) const ASSUMPTIONS: &[&str] = &[
    "All nets have one input, and their weights are written down. How they could be learnt is another matter.",
    "Telgarsky’s bound is used for one hidden layer here. It is simple rather than sharp: the best net of one layer gets at \
     least one and a half times as many labels wrong as it says. Counting crossings is nearly sharp.",
    "A net of m units in one layer has m + 1 pieces, but not every function of m + 1 pieces is such a net: the slope left of \
     all kinks is not free.",
    "The cosine is cut into at most 64 pieces a half period, fewer for large k.",
    "The mark σ = 2⁻ᵏ is an estimate: the slope 2ᵏ of a tooth times a shift by σ is the height of a tooth.",
];

pub(super) const PAPERS: &[Paper] = &[
    Paper {
        authors: "M. Telgarsky (2015)",
        title: "Representation benefits of deep feedforward networks",
        venue: "arXiv",
        url: "https://arxiv.org/abs/1509.08101",
        used_for: "tents, alternating points, the bound",
    },
    Paper {
        authors: "M. Telgarsky (2016)",
        title: "Benefits of depth in neural networks",
        venue: "COLT",
        url: "https://arxiv.org/abs/1602.04485",
        used_for: "counting crossings",
    },
    Paper {
        authors: "D. Yarotsky (2017)",
        title: "Error bounds for approximations with deep ReLU networks",
        venue: "Neural Networks 94",
        url: "https://arxiv.org/abs/1610.01145",
        used_for: "squares, products, polynomials",
    },
    Paper {
        authors: "G. Montúfar, R. Pascanu, K. Cho, Y. Bengio (2014)",
        title: "On the number of linear regions of deep neural networks",
        venue: "NeurIPS 27",
        url: "https://arxiv.org/abs/1402.1869",
        used_for: "folding",
    },
];
