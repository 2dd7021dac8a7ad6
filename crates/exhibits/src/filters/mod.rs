//! What a convolutional net sees (LeCun et al. 1998; Zeiler & Fergus 2014): a net that learns images while one looks into it.

mod compute;
mod insights;
mod looking;
mod pictures;
mod seeds;
mod settings;
mod training;
mod units;
mod wavelets;
mod words;

use exhibit::declaration::{Exhibit, FigureSpec, Preset, ReadoutSpec, spoken};

pub use compute::Filters;

/// The declaration.
pub const EXHIBIT: Exhibit = Exhibit {
    id: "filters",
    title: "What a convolutional net sees",
    lecture: "Convolutional nets",
    group: "images",
    claim: "A convolutional net learns to name images within a few hundred steps, long before its first filters have moved far \
            from the random ones that they were drawn as.",
    controls: settings::CONTROLS,
    presets: &[
        Preset::new("random", "Before training", "Random filters, and a net that guesses", &[("steps", "0")]),
        Preset::new(
            "perceptron",
            "Without convolution",
            "Each of the 100 units sees the whole image, and its weights are an image themselves",
            &[("net", "perceptron")],
        ),
        Preset::new(
            "distorted",
            "Distorted images",
            "Every image is shifted, turned and warped anew each time it is seen",
            &[("distortion", "on"), ("steps", "400")],
        ),
        Preset::new("mnist", "People’s digits", "MNIST, where there is a pack of it", &[("images", "mnist"), ("steps", "600")]),
        Preset::new("fashion", "Clothes", "Fashion-MNIST, where there is a pack of it", &[("images", "fashion-mnist")]),
        Preset::new(
            "residual",
            "A residual net",
            "Depth 8, batch norm, filters of 3×3; its steps take longer",
            &[("net", "residual"), ("steps", "120"), ("rate", "0.05")],
        ),
        Preset::new(
            "memory",
            "Labels in random order",
            "500 images whose labels say nothing about them",
            &[("shuffled", "on"), ("examples", "500"), ("steps", "2000")],
        ),
        Preset::new("too_fast", "Too fast", "A learning rate at which training fails", &[("rate", "1")]),
    ],
    figures: &[
        FigureSpec::new(
            "filters",
            "First filters",
            "The weights of the first layer: blue is negative, orange positive. A click chooses a unit.",
        )
        .main()
        .aspect(1.25),
        FigureSpec::new(
            "maps",
            "An image and its maps",
            "The test image or the drawing, and what each unit of a layer makes of it at each place.",
        )
        .main()
        .aspect(1.25),
        FigureSpec::new(
            "pad",
            "Draw a digit",
            "What is drawn is scaled and centred as the digits of MNIST are, and is what the net sees until Clear.",
        )
        .aspect(1.0),
        FigureSpec::new(
            "probabilities",
            "What it is taken for",
            "The probabilities that the net gives to the classes.",
        ),
        FigureSpec::new(
            "error",
            "Error in training",
            "The share of images that are classified wrongly; below 0.001 it stands at the bottom. The band lies between the least and the \
             greatest share of test images over the seeds that are compared. Drag the ring to go back and forth in training.",
        ),
        FigureSpec::new(
            "loss",
            "Loss in training",
            "The mean cross-entropy of batches, averaged over a few steps. The band lies between the least and the greatest over seeds.",
        ),
        FigureSpec::new(
            "excites",
            "What excites a unit",
            "The nine test images to which the chosen first unit responds most anywhere, with its response.",
        ),
        FigureSpec::new(
            "why",
            "Why it says so",
            "Which pixels speak for a class, each map in shares of its largest: the size of the output’s derivative; the parts by \
             which the output has risen from a black image; and by how much the class’s probability falls when a square of 6×6 \
             pixels there is black, with the largest fall.",
        )
        .aspect(1.25),
        FigureSpec::new(
            "wanted",
            "What units want",
            "Images that raise the output of a class, with the probability that the net gives it; and in the same order the training \
             images of those classes that are closest, with their correlation. Or images that excite hidden units, and the test images that \
             excite them most, anywhere, with what the units give.",
        )
        .aspect(1.25),
        FigureSpec::new(
            "gabor",
            "Are they wavelets?",
            "First filters, each over the Gabor function (a wave under a bell) that is nearest to it, with the share of the filter’s energy \
             that is explained.",
        )
        .aspect(1.25),
        FigureSpec::new(
            "explained",
            "As well as random ones?",
            "The shares of energy that Gabor functions explain, from the least to the greatest: of these filters, of filters as they are \
             drawn, and of these with their pixels shuffled.",
        ),
        FigureSpec::new(
            "confusion",
            "What is confused",
            "Test images by true class and by what they are read as. Drag the ring.",
        )
        .aspect(1.0),
        FigureSpec::new(
            "cell",
            "The images in that cell",
            "Test images at the ring, with their number and the probability of what they are read as.",
        ),
        FigureSpec::new(
            "wrong",
            "What it gets wrong",
            "Test images with what they are read as, after their true class where there is room; those first that the net is surest of.",
        ),
        FigureSpec::new(
            "second",
            "Second filters",
            "The weights of the second layer: one image for each pair of maps, or of the perceptron one for each class.",
        ),
    ],
    readouts: &[
        ReadoutSpec::new("test_error", "test error", "Share of 2000 test images that are classified wrongly"),
        ReadoutSpec::new(
            "deviation",
            "deviation over seeds",
            "Standard deviation over the nets that are compared of the share of the first 500 test images that is classified wrongly, at \
             the last of their tests",
        ),
        ReadoutSpec::new("train_error", "training error", "Mean over the last 50 batches, before each step"),
        ReadoutSpec::new("loss", "loss", "Mean cross-entropy of the last 50 batches"),
        ReadoutSpec::new(
            "likeness",
            "filters, now and at first",
            "Mean cosine of the first filters with the ones that were drawn",
        ),
        ReadoutSpec::new(
            "memory_distance",
            "distance to memory",
            "1 minus the correlation of what a class wants with the closest training image of it, mean over the classes that have training images",
        ),
        ReadoutSpec::new(
            "gabor_r2",
            "energy that Gabors explain",
            "Mean share over the first filters of what their nearest Gabor functions explain",
        ),
        ReadoutSpec::new("gabor_r2_random", "the same of random filters", "Mean over 60 filters as they are drawn, or over 8 large ones"),
        ReadoutSpec::new("step", "step", "Of training, that the pictures show"),
        ReadoutSpec::new("parameters", "parameters", "Weights and biases"),
        ReadoutSpec::new("named", "read as", "The class that the net names for the image or the drawing"),
        ReadoutSpec::new("probability", "probability", "That it gives to that class"),
    ],
    to_try: spoken(words::TO_TRY),
    formulas: spoken(words::FORMULAS),
    assumptions: spoken(words::ASSUMPTIONS),
    papers: spoken(words::PAPERS),
};
