//! When depth beats dimension: functions that are trees of small functions, learnt with and without their tree (Mhaskar,
//! Poggio 2016; Poggio et al. 2017).

mod compute;
mod cost;
mod curves;
mod experiment;
mod export;
mod graph;
mod settings;
mod training;
mod words;

use exhibit::declaration::{Exhibit, FigureSpec, Preset, ReadoutSpec, spoken};

pub use compute::Composition;

/// The declaration.
pub const EXHIBIT: Exhibit = Exhibit {
    id: "composition",
    title: "Structure beats dimension",
    lecture: "What depth buys",
    group: "depth",
    claim: "A function that is a tree of two-variable functions is learnt by a net with the same tree; a shallow net, or a \
            tree wired wrongly, stays behind at the same number of parameters.",
    controls: settings::CONTROLS,
    presets: &[
        Preset::new(
            "four",
            "Four variables",
            "Half the dimension: every net has it easier, and the shallow one gains from growing",
            &[("dimension", "4")],
        ),
        Preset::new(
            "wrong",
            "The wrong tree",
            "As deep, as many parameters, other pairs",
            &[("wiring", "shuffled")],
        ),
        Preset::new(
            "kink",
            "Kinks",
            "Two ReLUs make a node exactly; the shallow net has to make every fold",
            &[("constituent", "kink"), ("activation", "relu")],
        ),
        Preset::new(
            "additive",
            "Almost additive",
            "A shallow net does as well: there is little structure to miss",
            &[("constituent", "additive")],
        ),
        Preset::new(
            "product",
            "A product of eight",
            "The tree could, but gradient descent does not find it",
            &[("constituent", "product")],
        ),
        Preset::new("few", "Few examples", "Large shallow nets learn them by heart", &[("examples", "1000")]),
    ],
    figures: &[
        FigureSpec::new(
            "error-parameters",
            "Error against parameters",
            "Median over the nets, band from the best to the worst. Dashed: theory’s slopes through the first point. Drag the \
             ring.",
        )
        .main()
        .aspect(1.25),
        FigureSpec::new(
            "tree",
            "Target and net",
            "Above the inputs: which of them the target puts together. Below: which the net does.",
        )
        .main()
        .aspect(1.25),
        FigureSpec::new(
            "error-steps",
            "Error in training",
            "Of the nets at the ring: median, and band from the best to the worst.",
        ),
        FigureSpec::new(
            "slice",
            "From corner to corner",
            "Target and nets on a diagonal of the cube; the seed chooses it.",
        ),
        FigureSpec::new(
            "needed",
            "Units for an error",
            "The curse of dimensionality: ε^{−d/m} without structure, (d − 1) ε^{−2/m} with it; constants left out.",
        ),
    ],
    readouts: &[
        ReadoutSpec::new("error_tree", "error, tree", "Median; a constant has 1"),
        ReadoutSpec::new("error_shuffled", "error, shuffled", "Median; as many parameters"),
        ReadoutSpec::new("error_shallow", "error, shallow", "Median"),
        ReadoutSpec::new("ratio", "shallow ÷ tree", "Of the errors"),
        ReadoutSpec::new("parameters_tree", "parameters, tree", "(d − 1)(4r + 1)"),
        ReadoutSpec::new("parameters_shallow", "parameters, shallow", "(d + 2)u + 1"),
        ReadoutSpec::new("units_tree", "units a node", "").symbol("<mi>r</mi>"),
        ReadoutSpec::new("units_shallow", "shallow units", "").symbol("<mi>u</mi>"),
        ReadoutSpec::new("slope_tree", "slope, tree", "Of log error against log N, measured"),
        ReadoutSpec::new("slope_shallow", "slope, shallow", "Measured"),
        ReadoutSpec::new("theory_tree", "theory, tree", "−m/2"),
        ReadoutSpec::new("theory_shallow", "theory, shallow", "−m/d"),
    ],
    to_try: spoken(words::TO_TRY),
    formulas: spoken(words::FORMULAS),
    assumptions: spoken(words::ASSUMPTIONS),
    papers: spoken(words::PAPERS),
};
