//! What transfers (Yosinski et al. 2014): nets learn one task, and then another with the layers that the first has taught.

mod compute;
mod found;
mod pictures;
mod settings;
mod trainings;
mod words;

use exhibit::declaration::{Exhibit, FigureSpec, Preset, ReadoutSpec, spoken};

pub use compute::Transfer;

/// The declaration.
pub const EXHIBIT: Exhibit = Exhibit {
    id: "transfer",
    title: "What transfers",
    lecture: "Convolutional nets",
    group: "images",
    claim: "First layers that have learnt a task like the new one, kept as they are, save labelled images. Last layers do so only if they \
            learn on, and layers of an unlike task save next to none.",
    controls: settings::CONTROLS,
    presets: &[
        Preset::new("last", "All layers but the last", "The new task may only read what the old one has taught", &[("layers", "4")]),
        Preset::new("many", "Many images", "1000 labelled images of the new task", &[("examples", "1000"), ("steps", "200")]),
        Preset::new(
            "real",
            "From generated to real digits",
            "Generated digits, then 100 images of MNIST, where there is a pack of it",
            &[("target", "mnist"), ("examples", "100"), ("layers", "4"), ("nets", "5")],
        ),
        Preset::new(
            "clothes",
            "From digits to clothes",
            "MNIST, then 100 images of Fashion-MNIST, where there are packs of both",
            &[("source", "mnist"), ("target", "fashion-mnist"), ("examples", "100"), ("layers", "4"), ("nets", "5")],
        ),
        Preset::new(
            "back",
            "From clothes to digits",
            "Fashion-MNIST, then 100 images of MNIST, where there are packs of both",
            &[("source", "fashion-mnist"), ("target", "mnist"), ("examples", "100")],
        ),
    ],
    figures: &[
        FigureSpec::new(
            "by_layers",
            "How many layers",
            "Test error of the new task against the layers that are taken over, with standard deviations over nets. Drag the \
             ring.",
        )
        .main()
        .aspect(1.25),
        FigureSpec::new(
            "course",
            "How fast it learns",
            "The share of the images of its batches that is named wrongly, in the course of learning the new task.",
        )
        .main()
        .aspect(1.25),
        FigureSpec::new(
            "by_images",
            "How many images",
            "Test error of the new task against its number of labelled images, with the chosen layers taken over and from nothing. Points \
             of one number stand side by side.",
        ),
        FigureSpec::new("images", "Both tasks", "Training images of the old task, and below them of the new one.").aspect(1.6),
    ],
    readouts: &[
        ReadoutSpec::new("test_error", "taken over, frozen", "Test error of the new task, mean over nets"),
        ReadoutSpec::new("tuned_error", "taken over, learning on", "The same where the layers taken over go on learning"),
        ReadoutSpec::new("random_error", "random, frozen", "The same where those layers stay as they are drawn"),
        ReadoutSpec::new("nothing_error", "from nothing", "The same where no layers are taken over"),
        ReadoutSpec::new("transfer_gain", "gain", "Test error from nothing minus test error with layers taken over and frozen"),
        ReadoutSpec::new("source_error", "old task", "Test error of the old task, mean over nets"),
        ReadoutSpec::new("taken", "parameters taken over", "Weights and biases of the layers taken over, of 61,706"),
    ],
    to_try: spoken(words::TO_TRY),
    formulas: spoken(words::FORMULAS),
    assumptions: spoken(words::ASSUMPTIONS),
    papers: spoken(words::PAPERS),
};
