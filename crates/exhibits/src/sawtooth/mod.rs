//! What depth buys: the sawtooth and what follows from it (Telgarsky 2015, 2016; Yarotsky 2017).

mod compute;
mod counts;
mod curves;
mod files;
mod graph;
mod perturbation;
mod settings;
mod target;
mod teeth;
mod training;
mod words;

use exhibit::declaration::{Exhibit, FigureSpec, Preset, ReadoutSpec, spoken};

pub use compute::Sawtooth;

/// The declaration.
pub const EXHIBIT: Exhibit = Exhibit {
    id: "sawtooth",
    title: "What depth buys",
    lecture: "What depth buys",
    group: "depth",
    claim: "k layers of two ReLUs draw 2ᵏ straight pieces; one hidden layer needs 2ᵏ − 1 units for as many.",
    controls: settings::CONTROLS,
    presets: &[
        Preset::new(
            "telgarsky",
            "Telgarsky",
            "14 units in 7 layers label all of 128 alternating points rightly; the best 14 units in one layer get 56 wrong",
            &[("k", "7"), ("points", "7"), ("m", "14")],
        ),
        Preset::new(
            "yarotsky",
            "Yarotsky’s square",
            "x² from sawteeth: each further layer of the deep net divides its error by 4",
            &[("target", "square"), ("k", "5"), ("m", "14"), ("log_epsilon", "-6")],
        ),
        Preset::new(
            "typed",
            "A typed polynomial",
            "Horner’s rule with a net for each product; at so large an error one layer is cheaper",
            &[("target", "polynomial"), ("polynomial", "8x^4 - 8x^2 + 1"), ("k", "5"), ("m", "16")],
        ),
        Preset::new(
            "wave",
            "A fast wave",
            "Folding makes a wave of 32 half periods from one half period",
            &[("target", "sine"), ("k", "5"), ("m", "64"), ("log_epsilon", "-2")],
        ),
        Preset::new(
            "perturbed",
            "Perturbed",
            "Three percent on every weight: most pieces are left, but the output is off by about the height of a tooth or more",
            &[("sigma", "0.03")],
        ),
        Preset::new(
            "rival",
            "Enough width",
            "62 units in one layer label all 64 points rightly: two units fewer than points are enough",
            &[("k", "6"), ("points", "6"), ("m", "62")],
        ),
        Preset::new(
            "trained",
            "Trained",
            "What Adam finds where a perfect net exists",
            &[("k", "4"), ("points", "4"), ("train", "on"), ("width", "8")],
        ),
    ],
    figures: &[
        FigureSpec::new(
            "sawtooth",
            "The net’s output",
            "Thin: the same net with a smaller k. Each step of k folds once more, which doubles the teeth of a sawtooth. Few \
             pieces are drawn in two colours by turns.",
        )
        .main(),
        FigureSpec::new(
            "pieces",
            "Pieces against units",
            "Lines are theory, points were counted on nets. Drag the ring to change the number of shallow units.",
        )
        .main()
        .aspect(1.25),
        FigureSpec::new(
            "classification",
            "Alternating points",
            "The best net of one layer of m units follows the labels as far as its pieces go.",
        ),
        FigureSpec::new(
            "shallow-error",
            "Wrong labels against units",
            "No net of one layer lies below the lines. The points are nets that were built and tried.",
        ),
        FigureSpec::new(
            "approximation",
            "Distance from the target",
            "For x², and for fewer units than teeth can be followed with, no net of one layer of m units is nearer than the \
             one that is drawn. Elsewhere it is the nearest that is known, and none lies below the dashed line.",
        ),
        FigureSpec::new(
            "cost",
            "Units for an error",
            "For x², products and polynomials deep nets need units like log 1/ε, shallow ones like 1/√ε. The sawtooth costs \
             the same at any ε. For the wave both grow like 1/√ε, and depth saves a factor. Drag the ring to change ε.",
        ),
        FigureSpec::new(
            "perturbation",
            "The sawtooth perturbed",
            "Near σ = 2⁻ᵏ the largest error reaches the height of a tooth. Crossings of 1/2 last longer.",
        ),
        FigureSpec::new(
            "training",
            "Trained from random weights",
            "Nets of k layers learn the sawtooth mᵏ. With the right weights each of them would be it exactly.",
        )
        .when("train", &["on"]),
        FigureSpec::new(
            "trained",
            "What the best one learnt",
            "Of the nets with the most layers in the figure before, that with the least error.",
        )
        .when("train", &["on"]),
    ],
    readouts: &[
        ReadoutSpec::new("pieces", "straight pieces", "Of the deep net’s output, counted"),
        ReadoutSpec::new("crossings", "crossings of 1/2", "Of the deep net’s output, counted"),
        ReadoutSpec::new("units", "hidden units", "Of the deep net"),
        ReadoutSpec::new("parameters", "parameters", "Weights and biases of the deep net, zeros included"),
        ReadoutSpec::new("depth", "hidden layers", "Of the deep net"),
        ReadoutSpec::new("sup_error", "largest error", "The deep net’s distance from the target, measured"),
        ReadoutSpec::new("sup_error_bound", "bound on the error", "What theory allows the net without perturbation"),
        ReadoutSpec::new(
            "telgarsky_bound",
            "wrong labels, lower bound",
            "Telgarsky’s bound: no m units in one layer label a smaller part of the points wrongly",
        ),
        ReadoutSpec::new(
            "shallow_error",
            "wrong labels, one layer",
            "Part of the alternating points, by the best net of m units",
        ),
        ReadoutSpec::new("deep_error", "wrong labels, deep", "Part of the same points, by the net of k tents"),
    ],
    to_try: spoken(words::TO_TRY),
    formulas: spoken(words::FORMULAS),
    assumptions: spoken(words::ASSUMPTIONS),
    papers: spoken(words::PAPERS),
};
