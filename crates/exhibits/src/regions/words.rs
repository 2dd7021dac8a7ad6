//! What the page says about linear regions.

use exhibit::declaration::{Experiment, Formula, Paper};

pub(super) const TO_TRY: &[Experiment] = &[
    Experiment {
        action: "Drag the width with one layer, then add layers.",
        observation: "One layer cuts along straight lines. Lines of later layers bend at earlier ones. Yet at the same N \
                      the plane has about as many regions, far fewer than the upper bound allows.",
        preset: "one_layer",
    },
    Experiment {
        action: "Drag the training steps up and down.",
        observation: "Lines gather where the classes meet. The number of regions in the plane stays of the order of N²/2.",
        preset: "trained",
    },
];

pub(super) const FORMULAS: &[Formula] = &[
    Formula {
        name: "One layer (Zaslavsky)",
        mathml: "<mrow><mi>R</mi><mo>=</mo><mn>1</mn><mo>+</mo><mi>N</mi><mo>+</mo><mfrac><mrow><mi>N</mi><mo>(</mo>\
                 <mi>N</mi><mo>−</mo><mn>1</mn><mo>)</mo></mrow><mn>2</mn></mfrac></mrow>",
        words: "regions of N lines in general position",
    },
    Formula {
        name: "Bounds",
        mathml: "<mrow><msup><mrow><mo>⌊</mo><mi>n</mi><mo>/</mo><mn>2</mn><mo>⌋</mo></mrow><mrow><mn>2</mn><mo>(</mo>\
                 <mi>L</mi><mo>−</mo><mn>1</mn><mo>)</mo></mrow></msup><munder><mo>∑</mo><mrow><mi>j</mi><mo>≤</mo><mn>2</mn>\
                 </mrow></munder><mrow><mo>(</mo><mfrac linethickness='0'><mi>n</mi><mi>j</mi></mfrac><mo>)</mo></mrow>\
                 <mo>≤</mo><mo>max</mo><mi>R</mi><mo>≤</mo><munder><mo>∑</mo><mi>j</mi></munder><munder><mo>∏</mo><mi>l</mi>\
                 </munder><mrow><mo>(</mo><mfrac linethickness='0'><mi>n</mi><msub><mi>j</mi><mi>l</mi></msub></mfrac>\
                 <mo>)</mo></mrow></mrow>",
        words: "The lower bound is that of Montúfar and others, the upper bound that of Serra and others; its sum is over all j_l ≤ 2 with \
                j_l ≤ n − j_k for each k < l",
    },
];

pub(super) const ASSUMPTIONS: &[&str] = &[
    "The bounds and N²/2 are about the whole plane. Compare the regions in the plane with them; the window shows some of these.",
    "Regions are counted by their activation patterns: a unit is on where its pre-activation is above 0. Counts are exact for \
     the weights as they are, in single precision.",
    "Hanin and Rolnick bound the mean by N² times a constant; that it is near N²/2 is their observation.",
];

pub(super) const PAPERS: &[Paper] = &[
    Paper {
        authors: "T. Zaslavsky (1975)",
        title: "Facing up to arrangements",
        venue: "Memoirs of the AMS 154",
        url: "https://bookstore.ams.org/memo-1-154",
        used_for: "one layer",
    },
    Paper {
        authors: "G. Montúfar, R. Pascanu, K. Cho, Y. Bengio (2014)",
        title: "On the number of linear regions of deep neural networks",
        venue: "NeurIPS 27",
        url: "https://arxiv.org/abs/1402.1869",
        used_for: "lower bound",
    },
    Paper {
        authors: "T. Serra, C. Tjandraatmadja, S. Ramalingam (2018)",
        title: "Bounding and counting linear regions of deep neural networks",
        venue: "ICML",
        url: "https://arxiv.org/abs/1711.02114",
        used_for: "upper bound",
    },
    Paper {
        authors: "B. Hanin, D. Rolnick (2019)",
        title: "Deep ReLU networks have surprisingly few activation patterns",
        venue: "NeurIPS 32",
        url: "https://arxiv.org/abs/1906.00904",
        used_for: "typical number",
    },
];
