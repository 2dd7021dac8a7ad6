//! Order and chaos in random nets (Poole et al. 2016; Schoenholz et al. 2017).

mod cells;
mod compute;
mod curves;
mod drawn;
mod inputs;
mod insides;
mod jacobians;
mod measurement;
mod net;
mod on_gpu;
mod phase_figure;
mod prediction;
mod rows_on_gpu;
mod settings;
mod trainability;
mod words;

use exhibit::declaration::{Exhibit, FigureSpec, Preset, ReadoutSpec, spoken};

pub use compute::OrderChaos;

/// The declaration.
pub const EXHIBIT: Exhibit = Exhibit {
    id: "order-chaos",
    title: "Order and chaos in random nets",
    lecture: "Signal propagation at initialisation",
    group: "propagation",
    claim: "A deep random net forgets how alike two inputs were: every pair ends at one correlation c*, exponentially fast. \
            It is 1 in the ordered phase and less in the chaotic one; weight and bias variances and the activation decide.",
    controls: settings::CONTROLS,
    presets: PRESETS,
    figures: FIGURES,
    readouts: READOUTS,
    to_try: spoken(words::TO_TRY),
    formulas: spoken(words::FORMULAS),
    assumptions: spoken(words::ASSUMPTIONS),
    papers: spoken(words::PAPERS),
};

const PRESETS: &[Preset] = &[
    Preset::new(
        "lecun",
        "LeCun",
        "Variance 1/n, tanh: critical at zero length, so signals shrink slowly",
        &[("activation", "tanh"), ("sigma_w", "1"), ("sigma_b", "0"), ("depth", "50")],
    ),
    Preset::new(
        "glorot",
        "Glorot",
        "Variance 2/(n_in + n_out), derived for the linear regime, where it keeps everything",
        &[("activation", "linear"), ("sigma_w", "1"), ("sigma_b", "0"), ("depth", "50")],
    ),
    Preset::new(
        "he",
        "He",
        "Variance 2/n, ReLU: lengths are kept, correlations still creep to one",
        &[("activation", "relu"), ("sigma_w", "1.4142135623730951"), ("sigma_b", "0"), ("depth", "50")],
    ),
    Preset::new(
        "edge",
        "Edge of chaos",
        "tanh on the critical line: correlations move only algebraically, gradients neither vanish nor explode",
        &[("sigma_w", "1.3955839751549"), ("sigma_b", "0.3"), ("depth", "100")],
    ),
    Preset::new(
        "poole_ordered",
        "Poole: σ_w 1.3",
        "Figure 2 of Poole et al.: the ordered side, every pair converges",
        &[("sigma_w", "1.3"), ("sigma_b", "0.3"), ("depth", "30")],
    ),
    Preset::new(
        "poole_chaotic",
        "Poole: σ_w 2.5",
        "Figure 2 of Poole et al.: chaos, nearby inputs separate",
        &[("sigma_w", "2.5"), ("sigma_b", "0.3"), ("depth", "15"), ("layer", "5")],
    ),
    Preset::new(
        "poole_wild",
        "Poole: σ_w 4",
        "Figure 2 of Poole et al.: strong chaos, all inputs are nearly orthogonal after about ten layers",
        &[("sigma_w", "4"), ("sigma_b", "0.3"), ("depth", "15"), ("layer", "3")],
    ),
    Preset::new(
        "deep_chaos",
        "Deep chaos",
        "Gradients grow by many orders of magnitude over 100 layers",
        &[("sigma_w", "2.5"), ("sigma_b", "0.05"), ("depth", "100"), ("layer", "20")],
    ),
    Preset::new(
        "isometry",
        "Dynamical isometry",
        "Orthogonal weights on the critical line at small length: every direction nearly keeps its size",
        &[
            ("sigma_w", "1.0667830925420233"),
            ("sigma_b", "0.02"),
            ("q_0", "0.0758551385"),
            ("depth", "20"),
            ("weights", "orthogonal"),
        ],
    ),
    Preset::new(
        "trainability",
        "Trainable depth",
        "Schoenholz et al., figure 5: the bias variance is 0.05; start the training in the last figure",
        &[("sigma_w", "1.3"), ("sigma_b", "0.2236068"), ("depth", "30")],
    ),
    Preset::new(
        "two_digits",
        "Two digits become one",
        "Two different images, drawn below, become the same to every layer after a few depth scales",
        &[("sigma_w", "1.2"), ("sigma_b", "0.3"), ("depth", "50"), ("inputs", "two_digits"), ("layer", "20")],
    ),
];

const FIGURES: &[FigureSpec] = &[
    FigureSpec::new(
        "phase",
        "Phase map",
        "Every point is a choice of σ_w and σ_b, for lengths that start from q = 1; drag the ring, or move it with the arrow \
         keys. On the critical line χ₁ = 1.",
    )
    .main()
    .aspect(1.25),
    FigureSpec::new(
        "correlation-depth",
        "Correlation with depth",
        "Lines: theory from several starts. Points: mean over random nets, bars: one standard deviation.",
    )
    .main(),
    FigureSpec::new("images", "What goes in", "The two images that are fed into the nets, scaled to the initial length.")
        .aspect(2.0)
        .when("inputs", &["two_digits"]),
    FigureSpec::new(
        "length-map",
        "Length map",
        "Mean squared pre-activation of the next layer against this one; the cobweb follows the length from q₀ on.",
    )
    .aspect(1.0),
    FigureSpec::new(
        "correlation-map",
        "Correlation map",
        "Correlation of two inputs in the next layer against this one, at length q*, or at the last layer’s where there is \
         none; its slope at 1 is χ₁.",
    )
    .aspect(1.0),
    FigureSpec::new(
        "gradient-depth",
        "Gradients with depth",
        "Mean squared gradient at each layer relative to the last; theory changes by χ₁ a layer.",
    ),
    FigureSpec::new(
        "correlation-matrix",
        "Correlations between all inputs",
        "Each cell is the correlation of two inputs at the chosen layer: of the first net below the diagonal, as predicted \
         above it.",
    )
    .aspect(1.15),
    FigureSpec::new(
        "manifold",
        "The inputs inside the net",
        "The chosen layer’s pre-activations in their first three principal components; drag to turn.",
    )
    .aspect(1.15),
    FigureSpec::new(
        "jacobian-spectrum",
        "Singular values of the Jacobian",
        "How the whole net stretches small changes of its input, in all directions: few are kept unless weights are orthogonal \
         and χ₁ = 1. Spread: standard deviation of s² over its mean.",
    ),
    FigureSpec::new(
        "jacobian-depth",
        "Jacobian with depth",
        "Mean squared singular value of the Jacobian from the input to each layer; theory changes by χ₁ a layer.",
    ),
    FigureSpec::new(
        "trainability",
        "What depth can be trained",
        "Accuracy on digits of nets of width 48, one in each cell, as SGD trains them all. Beyond about 6 ξ_c no signal gets \
         through, and nothing is learned.",
    ),
];

const READOUTS: &[ReadoutSpec] = &[
    ReadoutSpec::new(
        "phase",
        "phase",
        "Ordered when χ₁ < 1, chaotic when χ₁ > 1, unbounded when lengths grow for ever",
    ),
    ReadoutSpec::new(
        "chi_1",
        "slope at c = 1",
        "Factor by which the squared distance of two close inputs, and the mean squared gradient, grow in one layer",
    )
    .symbol("<msub><mi>χ</mi><mn>1</mn></msub>"),
    ReadoutSpec::new("q_star", "length fixed point", "Mean squared pre-activation far down the net")
        .symbol("<msup><mi>q</mi><mo>*</mo></msup>"),
    ReadoutSpec::new("c_star", "correlation fixed point", "Correlation of any two different inputs far down the net")
        .symbol("<msup><mi>c</mi><mo>*</mo></msup>"),
    ReadoutSpec::new(
        "xi_c",
        "depth scale of correlations",
        "Layers in which the distance to c* falls by a factor of e",
    )
    .symbol("<msub><mi>ξ</mi><mi>c</mi></msub>"),
    ReadoutSpec::new("xi_q", "depth scale of lengths", "Layers in which the distance to q* falls by a factor of e")
        .symbol("<msub><mi>ξ</mi><mi>q</mi></msub>"),
    ReadoutSpec::new(
        "gap",
        "deviation of nets from theory",
        "Root mean square over layers and starts of the difference between predicted and simulated correlation",
    ),
    ReadoutSpec::new(
        "gap_errors",
        "deviation in standard errors",
        "The same difference in units of the simulation’s standard error; about 1 when theory is exact",
    ),
];
