//! Linear regions of ReLU nets of two inputs: how many there can be, and how many there are.

mod along;
mod compute;
mod counts;
mod nets;
mod parts;
mod picture;
mod region_explainer;
mod settings;
mod training;
mod window_regions;
mod words;

use exhibit::declaration::{Exhibit, FigureSpec, Preset, ReadoutSpec, spoken};

pub use compute::Regions;

/// The declaration.
pub const EXHIBIT: Exhibit = Exhibit {
    id: "regions",
    title: "Linear regions",
    lecture: "What depth buys",
    group: "regions",
    claim: "Depth can make exponentially many linear regions, but random nets have about N²/2 of them, however deep they \
            are, and trained ones are of the same order.",
    controls: settings::CONTROLS,
    presets: &[
        Preset::new(
            "one_layer",
            "One layer",
            "Straight lines cut the plane into as many regions as Zaslavsky’s formula says",
            &[("layers", "1"), ("width", "24")],
        ),
        Preset::new(
            "deep",
            "Four layers of 32",
            "Lines of deeper layers bend where they meet earlier ones",
            &[("layers", "4"), ("width", "32")],
        ),
        Preset::new(
            "trained",
            "Trained on moons",
            "Regions move to the boundary between the classes",
            &[("data", "moons"), ("steps", "600")],
        ),
        Preset::new(
            "spirals",
            "Trained on spirals",
            "The count stays of the order of N²/2, far below the upper bound for three layers",
            &[("data", "spirals"), ("width", "32"), ("steps", "2000"), ("colour", "output")],
        ),
    ],
    figures: &[
        FigureSpec::new(
            "regions",
            "Regions in the window",
            "Each patch has one activation pattern, and the net is linear on it. Drag the picture to move the window, zoom with \
             + and −, and drag the ends of the segment.",
        )
        .main()
        .aspect(1.1),
        FigureSpec::new(
            "output",
            "Output",
            "The line f = 0 is the decision boundary between the classes. Drag the ring to move the window.",
        )
        .main()
        .aspect(1.1),
        FigureSpec::new(
            "line",
            "Along the segment",
            "The output is linear between two crossings. The whole segment is shown and counted, also where it leaves the \
             window.",
        ),
        FigureSpec::new(
            "count-training",
            "Regions in training",
            "Bounds and N²/2 hold for the plane, so compare the counts in the plane with them; the count in the window is \
             smaller. Nets of up to 96 neurons are trained for four other seeds, too. Bounds beyond the axis are among the \
             numbers above.",
        ),
        FigureSpec::new(
            "count-depth",
            "Regions against depth",
            "Random nets of one width, at most 16, counted in the whole plane; bars: one standard deviation over 8 nets. The \
             bounds are those of the same nets.",
        ),
        FigureSpec::new(
            "count-width",
            "Regions of random nets",
            "Counted in the whole plane; bars: one standard deviation over 8 nets. Each colour is a depth, with the bounds of \
             nets of that depth.",
        ),
    ],
    readouts: &[
        ReadoutSpec::new("regions_plane", "regions in the plane", "Exact, in the whole plane: what the bounds are about"),
        ReadoutSpec::new("regions", "regions in the window", "Exact, in the window that is shown"),
        ReadoutSpec::new(
            "regions_pixels",
            "regions seen by pixels",
            "Activation patterns that occur at 256 × 256 points of the window",
        ),
        ReadoutSpec::new("regions_line", "regions on the segment", "On the whole segment, also outside of the window"),
        ReadoutSpec::new(
            "bound_zaslavsky",
            "one layer (Zaslavsky)",
            "In the plane, of all N neurons in one layer: 1 + N + N(N − 1)/2",
        ),
        ReadoutSpec::new("hanin_rolnick", "N²/2 (Hanin, Rolnick)", "In the plane, what is typical of random nets"),
        ReadoutSpec::new(
            "bound_montufar_lower",
            "lower bound on the maximum (Montúfar)",
            "In the plane, some net of this shape has at least as many",
        ),
        ReadoutSpec::new("bound_serra_upper", "upper bound (Serra)", "In the plane, no net of this shape has more"),
        ReadoutSpec::new("accuracy", "accuracy", "Share of the points shown that are classified correctly"),
    ],
    to_try: spoken(words::TO_TRY),
    formulas: spoken(words::FORMULAS),
    assumptions: spoken(words::ASSUMPTIONS),
    papers: spoken(words::PAPERS),
};
