//! Linear regions of ReLU nets of two inputs: how many there can be, and how many there are.

#[cfg(feature = "jobs")]
mod chain;
#[cfg(feature = "jobs")]
mod counts;
#[cfg(feature = "jobs")]
mod cut;
#[cfg(feature = "jobs")]
pub mod job;
#[cfg(feature = "jobs")]
mod on_gpu;
#[cfg(feature = "jobs")]
mod output;
#[cfg(feature = "jobs")]
mod parts;
#[cfg(feature = "jobs")]
mod picture;
#[cfg(feature = "jobs")]
mod settings;
#[cfg(feature = "jobs")]
mod told;
#[cfg(feature = "jobs")]
mod training;
mod words;

use crate::declaration::{Control, Exhibit, FigureSpec, Kind, Place, Preset, ReadoutSpec, said, spoken};

/// The declaration.
pub const EXHIBIT: Exhibit = Exhibit {
    id: "regions",
    title: "Linear regions",
    lecture: "What depth buys",
    group: "regions",
    claim: "Depth can make exponentially many linear regions, but random nets have about N²/2 of them, however deep they \
            are, and trained ones are of the same order.",
    controls: CONTROLS,
    presets: PRESETS,
    figures: FIGURES,
    readouts: READOUTS,
    to_try: spoken(words::TO_TRY),
    formulas: spoken(words::FORMULAS),
    assumptions: spoken(words::ASSUMPTIONS),
    papers: spoken(words::PAPERS),
};

const fn coordinate(key: &'static str, name: &'static str, default: f64, place: Place) -> Control {
    Control {
        key,
        symbol: "",
        name,
        help: "",
        kind: Kind::Real { min: -100.0, max: 100.0, track: (-2.0, 2.0), step: 0.05, default },
        place,
        when: None,
    }
}

const fn scale(
    key: &'static str,
    symbol: &'static str,
    name: &'static str,
    help: &'static str,
    default: f64,
) -> Control {
    Control {
        key,
        symbol,
        name,
        help: said(help),
        kind: Kind::Real { min: 0.0, max: 20.0, track: (0.0, 3.0), step: 0.05, default },
        place: Place::Group("Net"),
        when: None,
    }
}

const WINDOW: Place = Place::Group("Window");
const DRAWN: Option<(&str, &[&str])> = Some(("data", &["drawn"]));

const CONTROLS: &[Control] = &[
    Control {
        key: "width",
        symbol: "<mi>n</mi>",
        name: "width",
        help: said("Neurons in each hidden layer"),
        kind: Kind::Integer { min: 1, max: 64, step: 4, default: 16, log: false, play: 0.0 },
        place: Place::Main,
        when: None,
    },
    Control {
        key: "layers",
        symbol: "<mi>L</mi>",
        name: "hidden layers",
        help: "",
        kind: Kind::Integer { min: 1, max: 4, step: 1, default: 3, log: false, play: 0.0 },
        place: Place::Main,
        when: None,
    },
    Control {
        key: "steps",
        symbol: "",
        name: "training steps",
        help: said("0 is the random net; drag to scrub through training"),
        kind: Kind::Integer { min: 0, max: 2000, step: 50, default: 0, log: false, play: 60.0 },
        place: Place::Main,
        when: None,
    },
    Control {
        key: "data",
        symbol: "",
        name: "data",
        help: said("Two classes of points"),
        kind: Kind::Choice {
            options: &[
                ("circles", "circles"),
                ("spirals", "spirals"),
                ("moons", "moons"),
                ("checkerboard", "checkerboard"),
                ("drawn", "drawn by you"),
            ],
        },
        place: Place::Main,
        when: None,
    },
    Control {
        key: "pen",
        symbol: "",
        name: "a click draws",
        help: said("With shift the other class"),
        kind: Kind::Choice { options: &[("first", "blue"), ("second", "orange")] },
        place: Place::Figure("output"),
        when: DRAWN,
    },
    Control {
        key: "points",
        symbol: "",
        name: "points",
        help: said("x,y of each point with _ between them, and ~ between the classes"),
        kind: Kind::Text {
            default: "-0.6,-0.5_0.5,0.6_-0.4,-0.7_0.7,0.5~-0.5,0.6_0.6,-0.5_-0.7,0.4_0.4,-0.6",
            max_chars: crate::drawn::MOST_CHARS,
            #[cfg(feature = "jobs")]
            check: settings::check_points,
        },
        place: Place::Figure("output"),
        when: DRAWN,
    },
    Control {
        key: "colour",
        symbol: "",
        name: "colour",
        help: "",
        kind: Kind::Choice {
            options: &[("pattern", "activation pattern"), ("layer", "cutting layer"), ("output", "output")],
        },
        place: Place::Figure("regions"),
        when: None,
    },
    scale("sigma_w", "<msub><mi>σ</mi><mi>w</mi></msub>", "weight scale", "Standard deviation σ_w/√fan-in", 1.4),
    scale("sigma_b", "<msub><mi>σ</mi><mi>b</mi></msub>", "bias scale", "", 0.5),
    Control {
        key: "seed",
        symbol: "",
        name: "seed",
        help: "",
        kind: Kind::Seed { default: 1 },
        place: Place::Group("Net"),
        when: None,
    },
    Control {
        key: "optimiser",
        symbol: "",
        name: "optimiser",
        help: "",
        kind: Kind::Choice { options: &[("adam", "Adam"), ("sgd", "SGD, momentum 0.9")] },
        place: Place::Group("Training"),
        when: None,
    },
    Control {
        key: "rate",
        symbol: "<mi>η</mi>",
        name: "learning rate",
        help: "",
        kind: Kind::Real { min: 0.0, max: 10.0, track: (0.0, 0.1), step: 0.005, default: 0.01 },
        place: Place::Group("Training"),
        when: None,
    },
    Control {
        key: "half_width",
        symbol: "",
        name: "half-width",
        help: said("Smaller zooms in"),
        kind: Kind::Real { min: 0.001, max: 1000.0, track: (0.02, 2.0), step: 0.1, default: 1.5 },
        place: WINDOW,
        when: None,
    },
    coordinate("centre_x", "centre x", 0.0, WINDOW),
    coordinate("centre_y", "centre y", 0.0, WINDOW),
    coordinate("a_x", "start x", -1.0, Place::Figure("line")),
    coordinate("a_y", "start y", -0.6, Place::Figure("line")),
    coordinate("b_x", "end x", 1.0, Place::Figure("line")),
    coordinate("b_y", "end y", 0.7, Place::Figure("line")),
];

const PRESETS: &[Preset] = &[
    Preset {
        key: "one_layer",
        name: "One layer",
        help: said("Straight lines: an arrangement, as Zaslavsky counts it"),
        values: &[("layers", "1"), ("width", "24")],
    },
    Preset {
        key: "deep",
        name: "Four layers of 32",
        help: said("Lines of deeper layers bend where they meet earlier ones"),
        values: &[("layers", "4"), ("width", "32")],
    },
    Preset {
        key: "trained",
        name: "Trained on moons",
        help: said("Regions move to the boundary between the classes"),
        values: &[("data", "moons"), ("steps", "600")],
    },
    Preset {
        key: "spirals",
        name: "Trained on spirals",
        help: said("The count grows by about a third, and stays far below what depth allows"),
        values: &[("data", "spirals"), ("width", "32"), ("steps", "2000"), ("colour", "output")],
    },
];

const FIGURES: &[FigureSpec] = &[
    FigureSpec {
        id: "regions",
        title: "Regions",
        caption: said(
            "Each patch has one activation pattern, and the net is linear on it. Drag to move, + and − zoom; drag the ends of the segment.",
        ),
        main: true,
        aspect: 1.1,
        when: None,
    },
    FigureSpec {
        id: "output",
        title: "Output",
        caption: said("Line: f = 0, the decision boundary. Drag the ring to move the window."),
        main: true,
        aspect: 1.1,
        when: None,
    },
    FigureSpec {
        id: "line",
        title: "Along the segment",
        caption: said("The output is linear between crossings."),
        main: false,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "count-training",
        title: "Regions in training",
        caption: said(
            "Counted in the window; other seeds for nets of up to 96 neurons. Bounds beyond the axis are among the numbers above.",
        ),
        main: false,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "count-depth",
        title: "Regions against depth",
        caption: said("Random nets of one width, at most 16, in almost the whole plane; bars: one standard deviation."),
        main: false,
        aspect: 1.5,
        when: None,
    },
    FigureSpec {
        id: "count-width",
        title: "Regions of random nets",
        caption: said("Counted in almost the whole plane, |x| < 1000; bars: one standard deviation over 8 nets."),
        main: false,
        aspect: 1.5,
        when: None,
    },
];

const READOUTS: &[ReadoutSpec] = &[
    ReadoutSpec { key: "regions", symbol: "", name: "regions", help: said("Exact, in the window") },
    ReadoutSpec { key: "regions_pixels", symbol: "", name: "on pixels", help: said("Patterns at 256 × 256 points") },
    ReadoutSpec { key: "regions_line", symbol: "", name: "along the segment", help: "" },
    ReadoutSpec {
        key: "bound_zaslavsky",
        symbol: "",
        name: "one layer (Zaslavsky)",
        help: said("In the whole plane, of all N neurons in one layer"),
    },
    ReadoutSpec {
        key: "hanin_rolnick",
        symbol: "",
        name: "typical, N²/2",
        help: said("In the whole plane, after Hanin and Rolnick"),
    },
    ReadoutSpec {
        key: "bound_montufar_lower",
        symbol: "",
        name: "some net has (Montúfar)",
        help: said("In the whole plane some net of this shape has as many, or more"),
    },
    ReadoutSpec {
        key: "bound_serra_upper",
        symbol: "",
        name: "no net has more (Serra)",
        help: said("In the whole plane, of this shape"),
    },
    ReadoutSpec { key: "accuracy", symbol: "", name: "accuracy", help: said("On the points shown") },
];
