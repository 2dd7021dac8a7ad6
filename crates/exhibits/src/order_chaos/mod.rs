//! Order and chaos in random nets (Poole et al. 2016; Schoenholz et al. 2017).

#[cfg(feature = "jobs")]
mod basin;
#[cfg(feature = "jobs")]
mod curves;
#[cfg(feature = "jobs")]
mod inputs;
#[cfg(feature = "jobs")]
mod insides;
#[cfg(feature = "jobs")]
mod jacobian;
#[cfg(feature = "jobs")]
pub mod job;
#[cfg(feature = "jobs")]
mod measurement;
#[cfg(feature = "jobs")]
mod on_gpu;
#[cfg(feature = "jobs")]
mod parts;
#[cfg(feature = "jobs")]
mod phase_figure;
#[cfg(feature = "jobs")]
mod prediction;
#[cfg(feature = "jobs")]
mod settings;
#[cfg(feature = "jobs")]
mod training;
mod words;

use crate::declaration::{Control, Exhibit, FigureSpec, Kind, Place, Preset, ReadoutSpec, said, spoken};

/// The declaration.
pub const EXHIBIT: Exhibit = Exhibit {
    id: "order-chaos",
    title: "Order and chaos in random nets",
    lecture: "Signal propagation at initialisation",
    claim: "A deep random net forgets how alike two inputs were: every pair ends at one correlation c*, exponentially fast. \
            It is 1 in the ordered phase and less in the chaotic one; weight and bias variances and the activation decide.",
    controls: CONTROLS,
    presets: PRESETS,
    figures: FIGURES,
    readouts: READOUTS,
    to_try: spoken(words::TO_TRY),
    formulas: spoken(words::FORMULAS),
    assumptions: spoken(words::ASSUMPTIONS),
    papers: spoken(words::PAPERS),
};

const CONTROLS: &[Control] = &[
    Control {
        key: "sigma_w",
        symbol: "<msub><mi>σ</mi><mi>w</mi></msub>",
        name: "weight scale",
        help: said("Weights are drawn with standard deviation σ_w/√width"),
        kind: Kind::Real { min: 0.0, max: 20.0, track: (0.0, 5.0), step: 0.05, default: 1.5 },
        place: Place::Main,
        when: None,
    },
    Control {
        key: "sigma_b",
        symbol: "<msub><mi>σ</mi><mi>b</mi></msub>",
        name: "bias scale",
        help: said("Biases are drawn with standard deviation σ_b"),
        kind: Kind::Real { min: 0.0, max: 20.0, track: (0.0, 2.0), step: 0.02, default: 0.3 },
        place: Place::Main,
        when: None,
    },
    Control {
        key: "activation",
        symbol: "<mi>φ</mi>",
        name: "activation",
        help: said("The nonlinearity between layers"),
        kind: Kind::Choice {
            options: &[
                ("tanh", "tanh"),
                ("erf", "erf"),
                ("erf_unit_slope", "erf, slope 1"),
                ("relu", "ReLU"),
                ("leaky_relu", "leaky ReLU"),
                ("hard_tanh", "hard tanh"),
                ("sigmoid", "sigmoid"),
                ("gelu", "GELU"),
                ("silu", "SiLU"),
                ("softplus", "softplus"),
                ("sin", "sine"),
                ("linear", "linear"),
            ],
        },
        place: Place::Main,
        when: None,
    },
    Control {
        key: "depth",
        symbol: "<mi>L</mi>",
        name: "depth",
        help: said("Number of layers"),
        kind: Kind::Integer { min: 1, max: 200, step: 5, default: 30, log: false, play: 0.0 },
        place: Place::Main,
        when: None,
    },
    Control {
        key: "width",
        symbol: "<mi>N</mi>",
        name: "width",
        help: said("Neurons in each layer of the simulated nets; theory is the limit of large width"),
        kind: Kind::Integer { min: 10, max: 2000, step: 50, default: 300, log: true, play: 0.0 },
        place: Place::Group("Simulated nets"),
        when: None,
    },
    Control {
        key: "nets",
        symbol: "",
        name: "random nets",
        help: said("Number of independent nets; points are their mean, bars their spread"),
        kind: Kind::Integer { min: 1, max: 50, step: 5, default: 10, log: false, play: 0.0 },
        place: Place::Group("Simulated nets"),
        when: None,
    },
    Control {
        key: "seed",
        symbol: "",
        name: "seed",
        help: said("The same seed draws the same nets"),
        kind: Kind::Seed { default: 1 },
        place: Place::Group("Simulated nets"),
        when: None,
    },
    Control {
        key: "inputs",
        symbol: "",
        name: "inputs",
        help: said("What is fed into the nets"),
        kind: Kind::Choice {
            options: &[
                ("circle", "points on a circle"),
                ("pair", "a pair at correlation c₀"),
                ("two_digits", "two digits"),
                ("digits", "digits by class"),
            ],
        },
        place: Place::Group("Inputs"),
        when: None,
    },
    Control {
        key: "n_inputs",
        symbol: "",
        name: "points",
        help: said("Number of points on the circle"),
        kind: Kind::Integer { min: 4, max: 128, step: 8, default: 48, log: false, play: 0.0 },
        place: Place::Group("Inputs"),
        when: Some(("inputs", &["circle"])),
    },
    Control {
        key: "c_0",
        symbol: "<msub><mi>c</mi><mn>0</mn></msub>",
        name: "initial correlation",
        help: said("Correlation of the pair's pre-activations at layer 0, and the start of the cobweb"),
        kind: Kind::Real { min: -1.0, max: 1.0, track: (-1.0, 1.0), step: 0.05, default: 0.6 },
        place: Place::Group("Inputs"),
        when: Some(("inputs", &["circle", "pair"])),
    },
    Control {
        key: "q_0",
        symbol: "<msub><mi>q</mi><mn>0</mn></msub>",
        name: "initial length",
        help: said("Mean squared pre-activation of each input at layer 0"),
        kind: Kind::Real { min: 0.001, max: 100.0, track: (0.001, 5.0), step: 0.1, default: 1.0 },
        place: Place::Group("Inputs"),
        when: None,
    },
    Control {
        key: "image_a",
        symbol: "",
        name: "first image",
        help: said("Its number in the data set"),
        kind: Kind::Integer { min: 0, max: 1999, step: 10, default: 0, log: false, play: 0.0 },
        place: Place::Group("Inputs"),
        when: Some(("inputs", &["two_digits"])),
    },
    Control {
        key: "image_b",
        symbol: "",
        name: "second image",
        help: said("Its number in the data set"),
        kind: Kind::Integer { min: 0, max: 1999, step: 10, default: 1, log: false, play: 0.0 },
        place: Place::Group("Inputs"),
        when: Some(("inputs", &["two_digits"])),
    },
    Control {
        key: "map",
        symbol: "",
        name: "map of",
        help: said("What the phase map shows"),
        kind: Kind::Choice {
            options: &[
                ("log_chi_1", "log χ₁"),
                ("xi_c", "depth scale ξ_c"),
                ("q_star", "length q*"),
                ("c_star", "correlation c*"),
            ],
        },
        place: Place::Figure("phase"),
        when: None,
    },
    Control {
        key: "layer",
        symbol: "<mi>l</mi>",
        name: "layer",
        help: said("The layer whose correlations and manifold are shown; beyond the depth, the last one"),
        kind: Kind::Integer { min: 0, max: 200, step: 1, default: 10, log: false, play: 4.0 },
        place: Place::Figure("correlation-matrix"),
        when: None,
    },
    Control {
        key: "weights",
        symbol: "",
        name: "weights",
        help: said("How the weights of the nets whose Jacobian is taken are drawn"),
        kind: Kind::Choice { options: &[("gaussian", "Gaussian"), ("orthogonal", "orthogonal")] },
        place: Place::Figure("jacobian-spectrum"),
        when: None,
    },
    Control {
        key: "train",
        symbol: "",
        name: "training",
        help: said("Trains all nets of the map, a minute of work on two cores"),
        kind: Kind::Choice { options: &[("off", "pause"), ("on", "train")] },
        place: Place::Figure("trainability"),
        when: None,
    },
];

const PRESETS: &[Preset] = &[
    Preset {
        key: "lecun",
        name: "LeCun",
        help: said("Variance 1/n, tanh: critical at zero length, so signals shrink slowly"),
        values: &[("activation", "tanh"), ("sigma_w", "1"), ("sigma_b", "0"), ("depth", "50")],
    },
    Preset {
        key: "glorot",
        name: "Glorot",
        help: said("Variance 2/(n_in + n_out), derived for the linear regime, where it keeps everything"),
        values: &[("activation", "linear"), ("sigma_w", "1"), ("sigma_b", "0"), ("depth", "50")],
    },
    Preset {
        key: "he",
        name: "He",
        help: said("Variance 2/n, ReLU: lengths are kept, correlations still creep to one"),
        values: &[("activation", "relu"), ("sigma_w", "1.4142135623730951"), ("sigma_b", "0"), ("depth", "50")],
    },
    Preset {
        key: "edge",
        name: "Edge of chaos",
        help: said(
            "tanh on the critical line: correlations move only algebraically, gradients neither vanish nor explode",
        ),
        values: &[("sigma_w", "1.3955839751549"), ("sigma_b", "0.3"), ("depth", "100")],
    },
    Preset {
        key: "poole_ordered",
        name: "Poole: σ_w 1.3",
        help: said("Figure 2 of Poole et al.: the ordered side, every pair converges"),
        values: &[("sigma_w", "1.3"), ("sigma_b", "0.3"), ("depth", "30")],
    },
    Preset {
        key: "poole_chaotic",
        name: "Poole: σ_w 2.5",
        help: said("Figure 2 of Poole et al.: chaos, nearby inputs separate"),
        values: &[("sigma_w", "2.5"), ("sigma_b", "0.3"), ("depth", "15"), ("layer", "5")],
    },
    Preset {
        key: "poole_wild",
        name: "Poole: σ_w 4",
        help: said("Figure 2 of Poole et al.: strong chaos, everything is nearly orthogonal after a few layers"),
        values: &[("sigma_w", "4"), ("sigma_b", "0.3"), ("depth", "15"), ("layer", "3")],
    },
    Preset {
        key: "deep_chaos",
        name: "Deep chaos",
        help: said("Gradients grow by many orders of magnitude over 100 layers"),
        values: &[("sigma_w", "2.5"), ("sigma_b", "0.05"), ("depth", "100"), ("layer", "20")],
    },
    Preset {
        key: "isometry",
        name: "Dynamical isometry",
        help: said("Orthogonal weights on the critical line at small length: every direction keeps its size"),
        values: &[
            ("sigma_w", "1.0667830925420233"),
            ("sigma_b", "0.02"),
            ("q_0", "0.0758551385"),
            ("depth", "20"),
            ("weights", "orthogonal"),
        ],
    },
    Preset {
        key: "trainability",
        name: "Trainable depth",
        help: said("Schoenholz et al., figure 5: σ_b² = 0.05; start the training in the last figure"),
        values: &[("sigma_w", "1.3"), ("sigma_b", "0.2236068"), ("depth", "30")],
    },
    Preset {
        key: "two_digits",
        name: "Two digits become one",
        help: said("Two different images, drawn below, become the same to every layer after a few depth scales"),
        values: &[("sigma_w", "1.2"), ("sigma_b", "0.3"), ("depth", "50"), ("inputs", "two_digits"), ("layer", "20")],
    },
];

const FIGURES: &[FigureSpec] = &[
    FigureSpec {
        id: "phase",
        title: "Phase map",
        caption: said(
            "Every point is a choice of σ_w and σ_b, for lengths that start from q = 1; drag the ring, or move it with the \
                  arrow keys. On the critical line χ₁ = 1.",
        ),
        main: true,
        aspect: 1.25,
        when: None,
    },
    FigureSpec {
        id: "correlation-depth",
        title: "Correlation with depth",
        caption: said(
            "Lines: theory from several starts. Points: mean over random nets, bars: one standard deviation.",
        ),
        main: true,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "images",
        title: "What goes in",
        caption: said("The two images that are fed into the nets, scaled to the initial length."),
        main: false,
        aspect: 2.0,
        when: Some(("inputs", &["two_digits"])),
    },
    FigureSpec {
        id: "length-map",
        title: "Length map",
        caption: said("Mean squared pre-activation of the next layer against this one; the cobweb follows q₀ to q*."),
        main: false,
        aspect: 1.0,
        when: None,
    },
    FigureSpec {
        id: "correlation-map",
        title: "Correlation map",
        caption: said(
            "Correlation of two inputs in the next layer against this one, at length q*; its slope at 1 is χ₁.",
        ),
        main: false,
        aspect: 1.0,
        when: None,
    },
    FigureSpec {
        id: "gradient-depth",
        title: "Gradients with depth",
        caption: said("Mean squared gradient at each layer relative to the last; theory changes by χ₁ a layer."),
        main: false,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "correlation-matrix",
        title: "Correlations between all inputs",
        caption: said(
            "Each cell is the correlation of two inputs at the chosen layer: of the first net below the diagonal, as predicted above it.",
        ),
        main: false,
        aspect: 1.15,
        when: None,
    },
    FigureSpec {
        id: "manifold",
        title: "The inputs inside the net",
        caption: said("The chosen layer's pre-activations in their first three principal components; drag to turn."),
        main: false,
        aspect: 1.15,
        when: None,
    },
    FigureSpec {
        id: "jacobian-spectrum",
        title: "Singular values of the Jacobian",
        caption: said(
            "How the whole net stretches small changes of its input, in all directions: few are kept unless weights \
                  are orthogonal and χ₁ = 1. Spread: standard deviation of s² over its mean.",
        ),
        main: false,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "jacobian-depth",
        title: "Jacobian with depth",
        caption: said(
            "Mean squared singular value of the Jacobian from the input to each layer; theory changes by χ₁ a layer.",
        ),
        main: false,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "trainability",
        title: "What depth can be trained",
        caption: said(
            "Accuracy on digits of nets of width 48, one in each cell, as SGD trains them all. Beyond about 6 ξ_c no \
                  signal gets through, and nothing is learned.",
        ),
        main: false,
        aspect: 1.5,
        when: None,
    },
];

const READOUTS: &[ReadoutSpec] = &[
    ReadoutSpec {
        key: "phase", symbol: "", name: "phase", help: said("Ordered when χ₁ < 1, chaotic when χ₁ > 1")
    },
    ReadoutSpec {
        key: "chi_1",
        symbol: "<msub><mi>χ</mi><mn>1</mn></msub>",
        name: "slope at c = 1",
        help: said("Factor by which a small difference between two inputs, and a gradient, grows in one layer"),
    },
    ReadoutSpec {
        key: "q_star",
        symbol: "<msup><mi>q</mi><mo>*</mo></msup>",
        name: "length fixed point",
        help: said("Mean squared pre-activation far down the net"),
    },
    ReadoutSpec {
        key: "c_star",
        symbol: "<msup><mi>c</mi><mo>*</mo></msup>",
        name: "correlation fixed point",
        help: said("Correlation of any two inputs far down the net"),
    },
    ReadoutSpec {
        key: "xi_c",
        symbol: "<msub><mi>ξ</mi><mi>c</mi></msub>",
        name: "depth scale of correlations",
        help: said("Layers in which the distance to c* falls by e"),
    },
    ReadoutSpec {
        key: "xi_q",
        symbol: "<msub><mi>ξ</mi><mi>q</mi></msub>",
        name: "depth scale of lengths",
        help: said("Layers in which the distance to q* falls by e"),
    },
    ReadoutSpec {
        key: "gap",
        symbol: "",
        name: "theory − simulation",
        help: said(
            "Root mean square over layers and starts of the difference between predicted and simulated correlation",
        ),
    },
    ReadoutSpec {
        key: "gap_errors",
        symbol: "",
        name: "in standard errors",
        help: said("The same difference in units of the simulation's standard error; about 1 when theory is exact"),
    },
];
