//! The controls, and what the computation makes of their values.

use data::digits;
use data::distort::Distortion;
use exhibit::strokes;
use nets::engine::rules::Optimiser;
use serde::{Deserialize, Serialize};
use theory::Activation;
use training::{DataSet, NetKind, Recipe, Spec};

use crate::controls;
use crate::kit::{Choices, OWN_CHARS, Source};

const NETS: Choices<NetKind, 3> = Choices([
    ("lenet-5", "LeNet-5", NetKind::LeNet5),
    ("perceptron", "784-100-10", NetKind::Perceptron),
    ("residual", "residual CNN, depth 8", NetKind::Residual),
]);
/// None is a person's own.
const IMAGES: Choices<Option<DataSet>, 4> = Choices([
    ("digits", "generated digits", Some(DataSet::Digits)),
    ("mnist", "MNIST", Some(DataSet::Mnist)),
    ("fashion-mnist", "Fashion-MNIST", Some(DataSet::FashionMnist)),
    ("own", "your own", None),
]);
const ACTIVATIONS: Choices<Activation, 2> =
    Choices([("relu", "ReLU", Activation::Relu), ("tanh", "tanh", Activation::Tanh)]);
const SHUFFLED: [(&str, &str); 2] = [("off", "as they are"), ("on", "in random order")];
const DISTORTED: [(&str, &str); 2] = [("off", "as they are"), ("on", "distorted anew each time")];
const STAGES: Choices<usize, 4> = Choices([
    ("1", "first filters", 0),
    ("2", "first pooling", 1),
    ("3", "second filters", 2),
    ("4", "second pooling", 3),
]);

/// None is the one that the net names.
const CLASSES: Choices<Option<u8>, 11> = Choices([
    ("named", "that it names", None),
    ("0", "0", Some(0)),
    ("1", "1", Some(1)),
    ("2", "2", Some(2)),
    ("3", "3", Some(3)),
    ("4", "4", Some(4)),
    ("5", "5", Some(5)),
    ("6", "6", Some(6)),
    ("7", "7", Some(7)),
    ("8", "8", Some(8)),
    ("9", "9", Some(9)),
]);

/// Whose wish is shown: that of a hidden layer's units, from 0, or of the classes.
const ASKED: Choices<Option<usize>, 5> = Choices([
    ("classes", "classes", None),
    ("1", "units of layer 1", Some(0)),
    ("2", "units of layer 2", Some(1)),
    ("3", "units of layer 3", Some(2)),
    ("4", "units of layer 4", Some(3)),
]);

/// Images in a step.
const BATCH: usize = 64;
/// Of the momentum.
const MOMENTUM: f64 = 0.9;
/// Weight decay.
const DECAY: f64 = 5e-4;

controls! {
    /// The control values.
    pub struct Settings {
        net: NetKind = choice(NETS).name("net"),
        images: Option<DataSet> = choice(IMAGES).name("images"),
        files: String = text("", OWN_CHARS).name("files").opened().when("images", &["own"])
            .help("IDX files of images and labels, gzipped or not; or pictures whose names, or folders, begin with their class, 0 to 9. \
                   They stay on this device"),
        steps: u64 = int(0..=5000, 300).step(20.0).play(30.0).name("training steps")
            .help("Batches of 64 images; drag to go back and forth in training"),
        image: usize = int(0..=1999, 12).play(1.0).name("test image").help("Which image the net is shown"),
        drawing: String = text("", strokes::MOST_CHARS).name("drawing").drawn_in("pad")
            .help("Strokes, drawn with a mouse, a finger or a pen"),
        unit: u32 = int(0..=99, 0).name("unit").help("Which of the first units is looked at; a click on its filter chooses it"),
        stage: usize = choice(STAGES).name("maps after").on("maps").when("net", &["lenet-5"]),
        class: u8 = int(0..=9, 1).name("true class").on("confusion"),
        read_as: u8 = int(0..=9, 7).name("read as").on("confusion"),
        asked: Option<u8> = choice(CLASSES).name("class").on("why"),
        layer: Option<usize> = choice(ASKED).name("what is wanted by").on("wanted"),
        smoothing: f64 = real(0.0..=0.5, 0.05).name("smoothing").on("wanted")
            .help("The share by which the image is blurred after each step towards what is wanted"),
        activation: Activation = choice(ACTIVATIONS).name("activation").group("Training").when("net", &["lenet-5", "perceptron"]),
        examples: usize = int(100..=60_000, 4000).log().name("training images").group("Training"),
        rate: f64 = real(0.0..=10.0, 0.02).track(0.0, 0.2).step(0.01).name("learning rate").symbol("<mi>η</mi>").group("Training"),
        distortion: bool = switch(&DISTORTED).name("training images are").group("Training"),
        shuffled: bool = switch(&SHUFFLED).name("training labels are").group("Training")
            .help("In random order a label says nothing about its image: all that can be learnt is which image has which"),
        nets: u64 = int(1..=10, 3).name("seeds compared").group("Training")
            .help("So many nets are trained, from this seed and those after it"),
        seed: u64 = seed(1).group("Training"),
    }
}

/// What a training depends on, but for the number of steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct TrainingKey {
    pub(super) spec: Spec,
    pub(super) recipe: Recipe,
    pub(super) images: Source,
    pub(super) examples: usize,
    pub(super) shuffled: bool,
}

impl Settings {
    /// Whether a first unit can give nothing but 0.
    pub(super) fn has_dead_units(&self) -> bool {
        self.net == NetKind::Residual || self.activation == Activation::Relu
    }

    /// What is drawn: as it was drawn, and as the net sees it; none without ink.
    pub(super) fn drawn(&self) -> Option<[[u8; digits::PIXELS]; 2]> {
        digits::drawn(&strokes::strokes_from_text(&self.drawing))
    }

    pub(super) fn training(&self) -> TrainingKey {
        let optimiser = Optimiser { decay: DECAY, ..Optimiser::momentum(self.rate, MOMENTUM) };
        let recipe = Recipe {
            batch: BATCH,
            distortion: self.distortion.then_some(Distortion::ELASTIC),
            ..Recipe::new(optimiser, self.seed)
        };
        let images = self.images.map_or_else(|| Source::Own(self.files.clone()), Source::Named);
        TrainingKey {
            spec: self.net.spec(self.activation),
            recipe,
            images,
            examples: self.examples,
            shuffled: self.shuffled,
        }
    }
}
