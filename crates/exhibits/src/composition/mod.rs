//! When depth beats dimension: functions that are trees of small functions, learnt with and without their tree (Mhaskar,
//! Poggio 2016; Poggio et al. 2017).

#[cfg(feature = "jobs")]
mod cost;
#[cfg(feature = "jobs")]
mod curves;
#[cfg(feature = "jobs")]
mod experiment;
#[cfg(feature = "jobs")]
mod graph;
#[cfg(feature = "jobs")]
pub mod job;
#[cfg(feature = "jobs")]
mod parts;
#[cfg(feature = "jobs")]
mod settings;
#[cfg(feature = "jobs")]
mod target;
#[cfg(feature = "jobs")]
mod training;
mod words;

use crate::declaration::{Control, Exhibit, FigureSpec, Kind, Place, Preset, ReadoutSpec, said, spoken};

/// The declaration.
pub const EXHIBIT: Exhibit = Exhibit {
    id: "composition",
    title: "Structure beats dimension",
    lecture: "What depth buys",
    group: "depth",
    claim: "A function that is a tree of two-variable functions is learnt by a net with the same tree; a shallow net, or a \
            tree wired wrongly, stays behind at the same number of parameters.",
    controls: CONTROLS,
    presets: PRESETS,
    figures: FIGURES,
    readouts: READOUTS,
    to_try: spoken(words::TO_TRY),
    formulas: spoken(words::FORMULAS),
    assumptions: spoken(words::ASSUMPTIONS),
    papers: spoken(words::PAPERS),
};

const TRAINING: Place = Place::Group("Training");

const fn integer(min: i64, max: i64, step: i64, default: i64, log: bool) -> Kind {
    Kind::Integer { min, max, step, default, log, play: 0.0 }
}

const CONTROLS: &[Control] = &[
    Control {
        key: "dimension",
        symbol: "<mi>d</mi>",
        name: "variables",
        help: said("Of the target, each uniform on −1 to 1"),
        kind: Kind::Choice { options: &[("8", "8"), ("4", "4")] },
        place: Place::Main,
        when: None,
    },
    Control {
        key: "constituent",
        symbol: "<mi>h</mi>",
        name: "function at each node",
        help: said("Of two variables; the target is made of it alone"),
        kind: Kind::Choice {
            options: &[
                ("sine", "sin(3a/2 + b + ab)"),
                ("kink", "1 − |a + b|"),
                ("additive", "(a + b + ab)/3"),
                ("product", "ab"),
            ],
        },
        place: Place::Main,
        when: None,
    },
    Control {
        key: "parameters",
        symbol: "<mi>N</mi>",
        name: "parameters",
        help: said("Of the nets that are shown one by one: the nearest tree, and the shallow net nearest to it"),
        kind: integer(30, 1200, 100, 450, true),
        place: Place::Main,
        when: None,
    },
    Control {
        key: "wiring",
        symbol: "",
        name: "wiring of the net",
        help: said("Shuffled: the tree’s leaves take the inputs in another order than the target’s"),
        kind: Kind::Choice { options: &[("matched", "matched"), ("shuffled", "shuffled")] },
        place: Place::Figure("tree"),
        when: None,
    },
    Control {
        key: "activation",
        symbol: "<mi>φ</mi>",
        name: "activation",
        help: "",
        kind: Kind::Choice { options: &[("tanh", "tanh"), ("relu", "ReLU")] },
        place: TRAINING,
        when: None,
    },
    Control {
        key: "examples",
        symbol: "<mi>n</mi>",
        name: "examples",
        help: said("That the nets are trained on; the error is measured on 2048 others"),
        kind: integer(64, 16384, 1000, 8192, true),
        place: TRAINING,
        when: None,
    },
    Control {
        key: "steps",
        symbol: "",
        name: "steps",
        help: said("Of Adam, on 64 examples each"),
        kind: integer(100, 10000, 500, 4000, true),
        place: TRAINING,
        when: None,
    },
    Control {
        key: "rate",
        symbol: "<mi>η</mi>",
        name: "learning rate",
        help: said("For the first half of the steps; then it falls to 0"),
        kind: Kind::Real { min: 0.0, max: 10.0, track: (0.0, 0.1), step: 0.005, default: 0.02 },
        place: TRAINING,
        when: None,
    },
    Control {
        key: "nets",
        symbol: "",
        name: "nets of each kind",
        help: said("They differ in their first weights and in the order of the examples"),
        kind: integer(1, 6, 1, 3, false),
        place: TRAINING,
        when: None,
    },
    Control {
        key: "seed",
        symbol: "",
        name: "seed",
        help: "",
        kind: Kind::Seed { default: 1 },
        place: TRAINING,
        when: None,
    },
    Control {
        key: "smoothness",
        symbol: "<mi>m</mi>",
        name: "smoothness",
        help: said("Derivatives that theory counts on"),
        kind: integer(1, 6, 1, 1, false),
        place: Place::Figure("needed"),
        when: None,
    },
    Control {
        key: "log_epsilon",
        symbol: "<msub><mi>log</mi><mn>10</mn></msub><mi>ε</mi>",
        name: "error",
        help: said("That is allowed, as a power of ten"),
        kind: Kind::Real { min: -6.0, max: -0.1, track: (-3.0, -0.1), step: 0.1, default: -1.0 },
        place: Place::Figure("needed"),
        when: None,
    },
];

const PRESETS: &[Preset] = &[
    Preset {
        key: "four",
        name: "Four variables",
        help: said("Half the dimension: every net has it easier, and the shallow one gains from growing"),
        values: &[("dimension", "4")],
    },
    Preset {
        key: "wrong",
        name: "The wrong tree",
        help: said("As deep, as many parameters, other pairs"),
        values: &[("wiring", "shuffled")],
    },
    Preset {
        key: "kink",
        name: "Kinks",
        help: said("Two ReLUs make a node exactly; the shallow net has to make every fold"),
        values: &[("constituent", "kink"), ("activation", "relu")],
    },
    Preset {
        key: "additive",
        name: "Almost additive",
        help: said("A shallow net does as well: there is little structure to miss"),
        values: &[("constituent", "additive")],
    },
    Preset {
        key: "product",
        name: "A product of eight",
        help: said("The tree could, but gradient descent does not find it"),
        values: &[("constituent", "product")],
    },
    Preset {
        key: "few",
        name: "Few examples",
        help: said("Large shallow nets learn them by heart"),
        values: &[("examples", "1000")],
    },
];

const FIGURES: &[FigureSpec] = &[
    FigureSpec {
        id: "error-parameters",
        title: "Error against parameters",
        caption: said(
            "Median over the nets, band from the best to the worst. Dashed: theory’s slopes through the first point. \
                  Drag the ring.",
        ),
        main: true,
        aspect: 1.25,
        when: None,
    },
    FigureSpec {
        id: "tree",
        title: "Target and net",
        caption: said("Above the inputs: which of them the target puts together. Below: which the net does."),
        main: true,
        aspect: 1.25,
        when: None,
    },
    FigureSpec {
        id: "error-steps",
        title: "Error in training",
        caption: said("Of the nets at the ring: median, and band from the best to the worst."),
        main: false,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "slice",
        title: "From corner to corner",
        caption: said("Target and nets on a diagonal of the cube; the seed chooses it."),
        main: false,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "needed",
        title: "Units for an error",
        caption: said(
            "The curse of dimensionality: ε^{−d/m} without structure, (d − 1) ε^{−2/m} with it; constants left out.",
        ),
        main: false,
        aspect: 1.5,
        when: None,
    },
];

const READOUTS: &[ReadoutSpec] = &[
    ReadoutSpec { key: "error_tree", symbol: "", name: "error, tree", help: said("Median; a constant has 1") },
    ReadoutSpec {
        key: "error_shuffled",
        symbol: "",
        name: "error, shuffled",
        help: said("Median; as many parameters"),
    },
    ReadoutSpec { key: "error_shallow", symbol: "", name: "error, shallow", help: said("Median") },
    ReadoutSpec { key: "ratio", symbol: "", name: "shallow ÷ tree", help: said("Of the errors") },
    ReadoutSpec { key: "parameters_tree", symbol: "", name: "parameters, tree", help: said("(d − 1)(4r + 1)") },
    ReadoutSpec { key: "parameters_shallow", symbol: "", name: "parameters, shallow", help: said("(d + 2)u + 1") },
    ReadoutSpec { key: "units_tree", symbol: "<mi>r</mi>", name: "units a node", help: "" },
    ReadoutSpec { key: "units_shallow", symbol: "<mi>u</mi>", name: "shallow units", help: "" },
    ReadoutSpec {
        key: "slope_tree",
        symbol: "",
        name: "slope, tree",
        help: said("Of log error against log N, measured"),
    },
    ReadoutSpec { key: "slope_shallow", symbol: "", name: "slope, shallow", help: said("Measured") },
    ReadoutSpec { key: "theory_tree", symbol: "", name: "theory, tree", help: said("−m/2") },
    ReadoutSpec { key: "theory_shallow", symbol: "", name: "theory, shallow", help: said("−m/d") },
];
