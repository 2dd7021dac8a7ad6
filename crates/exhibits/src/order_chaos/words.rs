//! What the page says about order and chaos.

use exhibit::declaration::{Experiment, Formula, Paper};

pub(super) const TO_TRY: &[Experiment] = &[
    Experiment {
        action: "Drag σ_w slowly from 1 to 3 at σ_b = 0.3.",
        observation: "Below 1.396 every line runs to 1: the net forgets which input it saw. Above, all lines meet at a \
                      c* below 1: the net forgets that two inputs were close. The points of real nets follow.",
        preset: "poole_ordered",
    },
    Experiment {
        action: "Put the ring on the critical line.",
        observation: "The depth scale ξ_c diverges: correlations decay like a power of depth, and a signal gets through \
                      a hundred layers. Gradients keep their size there too.",
        preset: "edge",
    },
    Experiment {
        action: "Choose ReLU and raise σ_w beyond √2.",
        observation: "There is no length fixed point: activations grow without bound. At √2, He's choice, lengths are \
                      kept and correlations creep to 1 all the same.",
        preset: "he",
    },
    Experiment {
        action: "Feed in two digits on the ordered side and raise the layer.",
        observation: "Two different images are the same to every layer after a few ξ_c: no training can tell them apart \
                      from there.",
        preset: "two_digits",
    },
    Experiment {
        action: "On the critical line, switch the Jacobian’s weights between Gaussian and orthogonal.",
        observation: "The mean squared singular value is 1 in both, but Gaussian nets spread them over dozens of decades: \
                      nearly all directions die. Orthogonal ones, at small q*, keep all of them near 1.",
        preset: "isometry",
    },
    Experiment {
        action: "Start the training of 168 nets of all depths.",
        observation: "A wedge lights up around the critical σ_w. Nets deeper than 6 ξ_c, the line, stay at chance: no \
                      difference of inputs comes through. After these few steps about half of that depth trains, in chaos less.",
        preset: "trainability",
    },
    Experiment {
        action: "Take Poole’s σ_w = 2.5 and lower the width to 30.",
        observation: "The points scatter, and their mean leaves the line: theory is the limit of large width, and the \
                      error grows with depth over width.",
        preset: "poole_chaotic",
    },
];

pub(super) const FORMULAS: &[Formula] = &[
    Formula {
        name: "The net",
        mathml: "<mrow><msubsup><mi>z</mi><mi>i</mi><mi>l</mi></msubsup><mo>=</mo><munder><mo>∑</mo><mi>j</mi></munder>\
                 <msubsup><mi>W</mi><mrow><mi>i</mi><mi>j</mi></mrow><mi>l</mi></msubsup><mi>φ</mi><mo>(</mo>\
                 <msubsup><mi>z</mi><mi>j</mi><mrow><mi>l</mi><mo>−</mo><mn>1</mn></mrow></msubsup><mo>)</mo><mo>+</mo>\
                 <msubsup><mi>b</mi><mi>i</mi><mi>l</mi></msubsup><mo>,</mo><mspace width='1em'/>\
                 <msub><mi>W</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub><mo>∼</mo><mi mathvariant='normal'>N</mi><mo>(</mo>\
                 <mn>0</mn><mo>,</mo><msubsup><mi>σ</mi><mi>w</mi><mn>2</mn></msubsup><mo>/</mo><mi>N</mi><mo>)</mo><mo>,</mo>\
                 <mspace width='0.5em'/><msub><mi>b</mi><mi>i</mi></msub><mo>∼</mo><mi mathvariant='normal'>N</mi><mo>(</mo>\
                 <mn>0</mn><mo>,</mo><msubsup><mi>σ</mi><mi>b</mi><mn>2</mn></msubsup><mo>)</mo></mrow>",
        words: "z: pre-activations of layer l, N neurons wide",
    },
    Formula {
        name: "Length map",
        mathml: "<mrow><msup><mi>q</mi><mi>l</mi></msup><mo>=</mo><msubsup><mi>σ</mi><mi>w</mi><mn>2</mn></msubsup>\
                 <mi mathvariant='normal'>E</mi><mo>[</mo><mi>φ</mi><msup><mrow><mo>(</mo><msqrt><msup><mi>q</mi><mrow>\
                 <mi>l</mi><mo>−</mo><mn>1</mn></mrow></msup></msqrt><mi>z</mi><mo>)</mo></mrow><mn>2</mn></msup><mo>]</mo>\
                 <mo>+</mo><msubsup><mi>σ</mi><mi>b</mi><mn>2</mn></msubsup></mrow>",
        words: "q: mean squared pre-activation, z a standard normal number; q* is the fixed point that is reached from q₀, in the phase map from q = 1",
    },
    Formula {
        name: "Correlation map",
        mathml: "<mrow><msup><mi>c</mi><mi>l</mi></msup><mo>=</mo><mfrac><mrow><msubsup><mi>σ</mi><mi>w</mi><mn>2</mn>\
                 </msubsup><mi mathvariant='normal'>E</mi><mo>[</mo><mi>φ</mi><mo>(</mo><msub><mi>u</mi><mn>1</mn></msub>\
                 <mo>)</mo><mi>φ</mi><mo>(</mo><msub><mi>u</mi><mn>2</mn></msub><mo>)</mo><mo>]</mo><mo>+</mo>\
                 <msubsup><mi>σ</mi><mi>b</mi><mn>2</mn></msubsup></mrow><msup><mi>q</mi><mo>*</mo></msup></mfrac></mrow>",
        words: "u₁, u₂: normal with variance q* and the correlation of the layer below",
    },
    Formula {
        name: "Order or chaos",
        mathml: "<mrow><msub><mi>χ</mi><mn>1</mn></msub><mo>=</mo><msub><mrow><mfrac><mrow><mo>∂</mo><msup><mi>c</mi><mi>l\
                 </mi></msup></mrow><mrow><mo>∂</mo><msup><mi>c</mi><mrow><mi>l</mi><mo>−</mo><mn>1</mn></mrow></msup></mrow>\
                 </mfrac><mo>|</mo></mrow><mrow><mi>c</mi><mo>=</mo><mn>1</mn></mrow></msub><mo>=</mo>\
                 <msubsup><mi>σ</mi><mi>w</mi><mn>2</mn></msubsup><mi mathvariant='normal'>E</mi><mo>[</mo>\
                 <msup><mi>φ</mi><mo>′</mo></msup><msup><mrow><mo>(</mo><msqrt><msup><mi>q</mi><mo>*</mo></msup></msqrt>\
                 <mi>z</mi><mo>)</mo></mrow><mn>2</mn></msup><mo>]</mo></mrow>",
        words: "below 1 two nearby inputs converge, above 1 they separate (where lengths grow without bound, as for ReLU beyond √2, \
                they converge all the same); the mean squared gradient changes by the same factor",
    },
    Formula {
        name: "Depth scale",
        mathml: "<mrow><mo>|</mo><msup><mi>c</mi><mi>l</mi></msup><mo>−</mo><msup><mi>c</mi><mo>*</mo></msup><mo>|</mo>\
                 <mo>∼</mo><msup><mi>e</mi><mrow><mo>−</mo><mi>l</mi><mo>/</mo><msub><mi>ξ</mi><mi>c</mi></msub></mrow></msup>\
                 <mo>,</mo><mspace width='1em'/><msubsup><mi>ξ</mi><mi>c</mi><mrow><mo>−</mo><mn>1</mn></mrow></msubsup><mo>=</mo>\
                 <mo>−</mo><mi>ln</mi><mo>(</mo><msubsup><mi>σ</mi><mi>w</mi><mn>2</mn></msubsup><mi mathvariant='normal'>E</mi>\
                 <mo>[</mo><msup><mi>φ</mi><mo>′</mo></msup><mo>(</mo><msub><mi>u</mi><mn>1</mn></msub><mo>)</mo>\
                 <msup><mi>φ</mi><mo>′</mo></msup><mo>(</mo><msub><mi>u</mi><mn>2</mn></msub><mo>)</mo><mo>]</mo><mo>)</mo></mrow>",
        words: "taken at c*; it diverges on the critical line, and a net trains only when its depth is a small multiple of it",
    },
    Formula {
        name: "Jacobian",
        mathml: "<mrow><mi>J</mi><mo>=</mo><munderover><mo>∏</mo><mrow><mi>l</mi><mo>=</mo><mn>1</mn></mrow><mi>L</mi>\
                 </munderover><msup><mi>D</mi><mi>l</mi></msup><msup><mi>W</mi><mi>l</mi></msup><mo>,</mo>\
                 <mspace width='1em'/><mfrac><mn>1</mn><mi>N</mi></mfrac><mi mathvariant='normal'>E</mi><mo>[</mo>\
                 <mi mathvariant='normal'>tr</mi><mi>J</mi><msup><mi>J</mi><mi mathvariant='normal'>T</mi></msup><mo>]</mo>\
                 <mo>=</mo><msubsup><mi>χ</mi><mn>1</mn><mi>L</mi></msubsup></mrow>",
        words: "D: slopes φ′ on the diagonal; the spread of the squared singular values grows with L, and far slower for \
                orthogonal weights",
    },
];

pub(super) const ASSUMPTIONS: &[&str] = &[
    "Theory is the limit of infinite width. At width N correlations scatter by about 1/√N, and the deviation grows with \
     depth over width.",
    "The correlation map and ξ_c take the length to be q* in every layer. The simulated nets start at q₀ and take about \
     ξ_q layers to get there; the thick lines follow theory from q₀ itself, the thin one keeps q = q* throughout.",
    "Gradients are predicted as if forward and backward weights were independent, which is exact only at large width.",
    "Everything but the map of trainable depth is at initialisation; training moves the weights.",
];

pub(super) const PAPERS: &[Paper] = &[
    Paper {
        authors: "B. Poole, S. Lahiri, M. Raghu, J. Sohl-Dickstein, S. Ganguli (2016)",
        title: "Exponential expressivity in deep neural networks through transient chaos",
        venue: "NeurIPS 29",
        url: "https://arxiv.org/abs/1606.05340",
        used_for: "length and correlation maps, phases, the circle inside the net",
    },
    Paper {
        authors: "S. S. Schoenholz, J. Gilmer, S. Ganguli, J. Sohl-Dickstein (2017)",
        title: "Deep information propagation",
        venue: "ICLR",
        url: "https://arxiv.org/abs/1611.01232",
        used_for: "depth scales, gradients with depth, trainability",
    },
    Paper {
        authors: "J. Pennington, S. S. Schoenholz, S. Ganguli (2017, 2018)",
        title: "Resurrecting the sigmoid in deep learning through dynamical isometry; The emergence of spectral universality \
                in deep networks",
        venue: "NeurIPS 30, AISTATS",
        url: "https://arxiv.org/abs/1711.04735",
        used_for: "singular values of the Jacobian",
    },
    Paper {
        authors: "Y. Cho, L. K. Saul (2009)",
        title: "Kernel methods for deep learning",
        venue: "NeurIPS 22",
        url: "https://papers.nips.cc/paper/3628-kernel-methods-for-deep-learning",
        used_for: "the closed form for ReLU",
    },
    Paper {
        authors: "C. K. I. Williams (1997)",
        title: "Computing with infinite networks",
        venue: "NeurIPS 9",
        url: "https://papers.nips.cc/paper/1197-computing-with-infinite-networks",
        used_for: "the closed form for erf",
    },
    Paper {
        authors: "K. He, X. Zhang, S. Ren, J. Sun (2015)",
        title: "Delving deep into rectifiers",
        venue: "ICCV",
        url: "https://arxiv.org/abs/1502.01852",
        used_for: "variance 2/n for ReLU",
    },
    Paper {
        authors: "X. Glorot, Y. Bengio (2010)",
        title: "Understanding the difficulty of training deep feedforward neural networks",
        venue: "AISTATS",
        url: "https://proceedings.mlr.press/v9/glorot10a.html",
        used_for: "variance 2/(n_in + n_out)",
    },
];
