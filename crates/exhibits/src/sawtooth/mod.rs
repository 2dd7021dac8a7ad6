//! What depth buys: the sawtooth and what follows from it (Telgarsky 2015, 2016; Yarotsky 2017).

#[cfg(feature = "jobs")]
mod counts;
#[cfg(feature = "jobs")]
mod curves;
#[cfg(feature = "jobs")]
mod draw;
#[cfg(feature = "jobs")]
mod graph;
#[cfg(feature = "jobs")]
pub mod job;
#[cfg(feature = "jobs")]
mod parts;
#[cfg(feature = "jobs")]
mod perturbation;
#[cfg(feature = "jobs")]
mod settings;
#[cfg(feature = "jobs")]
mod task;
#[cfg(feature = "jobs")]
mod teeth;
#[cfg(feature = "jobs")]
mod training;
mod words;

use crate::declaration::{Control, Exhibit, FigureSpec, Kind, Place, Preset, ReadoutSpec, said, spoken};

/// The declaration.
pub const EXHIBIT: Exhibit = Exhibit {
    id: "sawtooth",
    title: "What depth buys",
    lecture: "What depth buys",
    group: "depth",
    claim: "Two units a layer make 2ᵏ pieces in k layers; side by side, 2ᵏ pieces take 2ᵏ − 1 units.",
    controls: CONTROLS,
    presets: PRESETS,
    figures: FIGURES,
    readouts: READOUTS,
    to_try: spoken(words::TO_TRY),
    formulas: spoken(words::FORMULAS),
    assumptions: spoken(words::ASSUMPTIONS),
    papers: spoken(words::PAPERS),
};

const RIVAL: Place = Place::Group("Shallow rival");
const WEIGHTS: Place = Place::Group("Perturbed weights");
const TRAINING: Place = Place::Group("Training");
const TRAINED: Option<(&str, &[&str])> = Some(("train", &["on"]));

const fn integer(min: i64, max: i64, step: i64, default: i64, log: bool) -> Kind {
    Kind::Integer { min, max, step, default, log, play: 0.0 }
}

const CONTROLS: &[Control] = &[
    Control {
        key: "k",
        symbol: "<mi>k</mi>",
        name: "depth",
        help: said("Tents in a row, or steps of the approximation"),
        kind: Kind::Integer { min: 1, max: 14, step: 1, default: 5, log: false, play: 1.0 },
        place: Place::Main,
        when: None,
    },
    Control {
        key: "target",
        symbol: "<mi>f</mi>",
        name: "target",
        help: said("What the deep net is built for"),
        kind: Kind::Choice {
            options: &[
                ("sawtooth", "sawtooth"),
                ("square", "x²"),
                ("product", "product x·y"),
                ("polynomial", "polynomial"),
                ("sine", "cos 2ᵏπx"),
            ],
        },
        place: Place::Main,
        when: None,
    },
    Control {
        key: "polynomial",
        symbol: "",
        name: "polynomial",
        help: said("In x, on −1 to 1, of degree up to 20"),
        kind: Kind::Text {
            default: "x^3 - 2x + 0.5",
            max_chars: 120,
            #[cfg(feature = "jobs")]
            check: settings::check_polynomial,
        },
        place: Place::Main,
        when: Some(("target", &["polynomial"])),
    },
    Control {
        key: "y",
        symbol: "<mi>y</mi>",
        name: "second factor",
        help: said("The net has both as inputs; this one is held"),
        kind: Kind::Real { min: -1.0, max: 1.0, track: (-1.0, 1.0), step: 0.05, default: 0.6 },
        place: Place::Main,
        when: Some(("target", &["product"])),
    },
    Control {
        key: "m",
        symbol: "<mi>m</mi>",
        name: "shallow units",
        help: said("Units of the net with one hidden layer"),
        kind: integer(1, 4096, 1, 5, true),
        place: RIVAL,
        when: None,
    },
    Control {
        key: "points",
        symbol: "<msup><mi>k</mi><mo>′</mo></msup>",
        name: "alternating points, log₂",
        help: said("2 to this power of points with labels 0, 1, 0, 1, …"),
        kind: integer(1, 14, 1, 5, false),
        place: RIVAL,
        when: None,
    },
    Control {
        key: "log_epsilon",
        symbol: "<msub><mi>log</mi><mn>10</mn></msub><mi>ε</mi>",
        name: "tolerance",
        help: said("The error that is allowed, as a power of ten"),
        kind: Kind::Real { min: -12.0, max: -0.5, track: (-12.0, -0.5), step: 0.5, default: -3.0 },
        place: Place::Figure("cost"),
        when: None,
    },
    Control {
        key: "sigma",
        symbol: "<mi>σ</mi>",
        name: "perturbation",
        help: said("Every weight w becomes w(1 + σz), z standard normal"),
        kind: Kind::Real { min: 0.0, max: 1.0, track: (0.0, 0.3), step: 0.01, default: 0.0 },
        place: WEIGHTS,
        when: None,
    },
    Control {
        key: "seed",
        symbol: "",
        name: "seed",
        help: said("Of the perturbations and of the nets that are trained"),
        kind: Kind::Seed { default: 1 },
        place: WEIGHTS,
        when: None,
    },
    Control {
        key: "train",
        symbol: "",
        name: "train nets",
        help: said("Whether gradient descent from random weights finds the sawtooth"),
        kind: Kind::Choice { options: &[("off", "off"), ("on", "on")] },
        place: TRAINING,
        when: None,
    },
    Control {
        key: "optimiser",
        symbol: "",
        name: "optimiser",
        help: said("Adam at rate 0.01, or SGD at 0.02 with momentum 0.9"),
        kind: Kind::Choice { options: &[("adam", "Adam"), ("sgd", "SGD")] },
        place: TRAINING,
        when: TRAINED,
    },
    Control {
        key: "width",
        symbol: "",
        name: "units a layer",
        help: said("2 is the width of the net that does it"),
        kind: integer(2, 64, 2, 2, true),
        place: TRAINING,
        when: TRAINED,
    },
    Control {
        key: "steps",
        symbol: "",
        name: "steps",
        help: said("Of 64 examples each"),
        kind: integer(100, 20000, 500, 4000, true),
        place: TRAINING,
        when: TRAINED,
    },
];

const PRESETS: &[Preset] = &[
    Preset {
        key: "telgarsky",
        name: "Telgarsky",
        help: said("128 alternating points: 14 units in 7 layers get all of them, 14 side by side a tenth"),
        values: &[("k", "7"), ("points", "7"), ("m", "14")],
    },
    Preset {
        key: "yarotsky",
        name: "Yarotsky’s square",
        help: said("x² by the sawtooth: each layer divides the error by 4"),
        values: &[("target", "square"), ("k", "5"), ("m", "14"), ("log_epsilon", "-6")],
    },
    Preset {
        key: "typed",
        name: "A typed polynomial",
        help: said("Horner’s rule with nets for products"),
        values: &[("target", "polynomial"), ("polynomial", "8x^4 - 8x^2 + 1"), ("k", "5"), ("m", "16")],
    },
    Preset {
        key: "wave",
        name: "A fast wave",
        help: said("Folding makes a wave of 32 half periods from one"),
        values: &[("target", "sine"), ("k", "5"), ("m", "64"), ("log_epsilon", "-2")],
    },
    Preset {
        key: "perturbed",
        name: "Perturbed",
        help: said("Three percent on every weight: the pieces are nearly all there, the values are lost"),
        values: &[("sigma", "0.03")],
    },
    Preset {
        key: "rival",
        name: "Enough width",
        help: said("Shallow, and all right: 2 units fewer than points"),
        values: &[("k", "6"), ("points", "6"), ("m", "62")],
    },
    Preset {
        key: "trained",
        name: "Trained",
        help: said("What Adam finds where a perfect net exists"),
        values: &[("k", "4"), ("points", "4"), ("train", "on"), ("width", "8")],
    },
];

const FIGURES: &[FigureSpec] = &[
    FigureSpec {
        id: "sawtooth",
        title: "The net’s output",
        caption: said(
            "Thin: after fewer layers. Each layer folds what it gets once more, and doubles the pieces, drawn in two colours by turns.",
        ),
        main: true,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "pieces",
        title: "Pieces against units",
        caption: said("Lines: theory. Points: counted on real nets. Drag the ring to change the rival."),
        main: true,
        aspect: 1.25,
        when: None,
    },
    FigureSpec {
        id: "classification",
        title: "Alternating points",
        caption: said("The best shallow net of m units follows the labels as far as its pieces go."),
        main: false,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "shallow-error",
        title: "Wrong labels against units",
        caption: said("No shallow net lies below the lines; points: nets that were built and tried."),
        main: false,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "approximation",
        title: "Distance from the target",
        caption: said("The deep net, its bound, and the shallow net of m units that comes nearest to the target."),
        main: false,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "cost",
        title: "Units for an error",
        caption: said(
            "x² and polynomials: deep like log 1/ε, shallow like 1/√ε. The sawtooth has a fixed cost; for a wave depth saves pieces, not accuracy. Drag the ring to change ε.",
        ),
        main: false,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "perturbation",
        title: "The sawtooth perturbed",
        caption: said("At σ = 2⁻ᵏ the output is off by a whole tooth, and it was bad before; crossings last longer."),
        main: false,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "training",
        title: "Trained from random weights",
        caption: said("Nets of k layers learn mᵏ, which they can be exactly."),
        main: false,
        aspect: 1.5,
        when: TRAINED,
    },
    FigureSpec {
        id: "trained",
        title: "What the best one learnt",
        caption: said("The greatest depth of the figure before, at most 8."),
        main: false,
        aspect: 1.5,
        when: TRAINED,
    },
];

const READOUTS: &[ReadoutSpec] = &[
    ReadoutSpec { key: "pieces", symbol: "", name: "affine pieces", help: said("Counted on the net") },
    ReadoutSpec { key: "crossings", symbol: "", name: "crossings of 1/2", help: said("Counted on the net") },
    ReadoutSpec { key: "units", symbol: "", name: "hidden units", help: said("Of the deep net") },
    ReadoutSpec { key: "parameters", symbol: "", name: "parameters", help: said("Weights and biases, zeros included") },
    ReadoutSpec { key: "depth", symbol: "", name: "hidden layers", help: said("Of the deep net") },
    ReadoutSpec {
        key: "sup_error",
        symbol: "",
        name: "largest error",
        help: said("Distance from the target, measured"),
    },
    ReadoutSpec { key: "sup_error_bound", symbol: "", name: "its bound", help: said("What theory allows") },
    ReadoutSpec {
        key: "telgarsky_bound",
        symbol: "",
        name: "labels wrong, at least",
        help: said("Telgarsky’s bound: no m shallow units label a smaller part of the points wrongly"),
    },
    ReadoutSpec {
        key: "shallow_error",
        symbol: "",
        name: "labels wrong, shallow",
        help: said("Part of the alternating points, by the best net of m units"),
    },
    ReadoutSpec {
        key: "deep_error",
        symbol: "",
        name: "labels wrong, deep",
        help: said("Of k tents on the same points"),
    },
];
