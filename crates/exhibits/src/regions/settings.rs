//! The controls, and what the computation makes of their values.

use data::toys::Toy;
use exhibit::drawn::{Drawn, MOST_CHARS};
use exhibit::prose::sentence;
use exhibit::typed::points_from_text;
use nets::engine::rules::Optimiser;
use theory::regions::Window;

use crate::controls;
use crate::kit::{Choices, Rule};

/// `None` is what the user draws.
const DATA: Choices<Option<Toy>, 5> = Choices([
    ("circles", "circles", Some(Toy::Circles)),
    ("spirals", "spirals", Some(Toy::Spirals)),
    ("moons", "moons", Some(Toy::Moons)),
    ("checkerboard", "checkerboard", Some(Toy::Checkerboard)),
    ("drawn", "drawn by you", None),
]);
const PENS: Choices<usize, 2> = Choices([("first", "blue", 0), ("second", "orange", 1)]);
const COLOURS: Choices<Colour, 4> = Choices([
    ("slope", "slope of the output", Colour::Slope),
    ("pattern", "activation pattern", Colour::Pattern),
    ("layer", "none, lines alone", Colour::None),
    ("output", "output", Colour::Output),
]);
const RULES: Choices<Rule, 2> = Choices([("adam", "Adam", Rule::Adam), ("sgd", "SGD, momentum 0.9", Rule::Sgd)]);
const DRAWN: &[&str] = &["drawn"];
const POINTS: &str = "-0.6,-0.5_0.5,0.6_-0.4,-0.7_0.7,0.5~-0.5,0.6_0.6,-0.5_-0.7,0.4_0.4,-0.6";

controls! {
    /// The control values.
    pub struct Settings {
        width: usize = int(1..=64, 16).step(4.0).name("width").symbol("<mi>n</mi>").help("Neurons in each hidden layer"),
        layers: usize = int(1..=4, 3).name("hidden layers").symbol("<mi>L</mi>"),
        steps: u64 = int(0..=2000, 0).step(50.0).play(60.0).name("training steps")
            .help("0 is the random net; drag to go back and forth in training"),
        data: Option<Toy> = choice(DATA).name("data").help("Two classes of points"),
        pen: usize = choice(PENS).name("class of new points").on("output").when("data", DRAWN)
            .help("A click draws a point of this class, and with shift of the other one"),
        points: String = text(POINTS, MOST_CHARS).name("points").on("output").when("data", DRAWN)
            .help("Each point as x,y; a _ stands between points, a ~ between the classes"),
        colour: Colour = choice(COLOURS).name("colour of regions").on("regions"),
        sigma_w: f64 = real(0.0..=20.0, 1.4).track(0.0, 3.0).step(0.05).name("weight scale").group("Net")
            .symbol("<msub><mi>σ</mi><mi>w</mi></msub>")
            .help("First weights have the standard deviation σ_w divided by the root of the number of inputs"),
        sigma_b: f64 = real(0.0..=20.0, 0.5).track(0.0, 3.0).step(0.05).name("bias scale").group("Net")
            .symbol("<msub><mi>σ</mi><mi>b</mi></msub>").help("First biases have this standard deviation"),
        seed: u64 = seed(1).group("Net"),
        optimiser: Rule = choice(RULES).name("optimiser").group("Training"),
        rate: f64 = real(0.0..=10.0, 0.01).track(0.0, 0.1).step(0.005).name("learning rate").symbol("<mi>η</mi>")
            .group("Training"),
        half_width: f64 = real(0.001..=1000.0, 1.5).track(0.02, 2.0).step(0.1).name("half-width").group("Window")
            .help("Half the side of the window: a smaller one zooms in"),
        centre_x: f64 = real(-100.0..=100.0, 0.0).track(-2.0, 2.0).step(0.05).name("centre x").group("Window"),
        centre_y: f64 = real(-100.0..=100.0, 0.0).track(-2.0, 2.0).step(0.05).name("centre y").group("Window"),
        a_x: f64 = real(-100.0..=100.0, -1.0).track(-2.0, 2.0).step(0.05).name("start x").on("line"),
        a_y: f64 = real(-100.0..=100.0, -0.6).track(-2.0, 2.0).step(0.05).name("start y").on("line"),
        b_x: f64 = real(-100.0..=100.0, 1.0).track(-2.0, 2.0).step(0.05).name("end x").on("line"),
        b_y: f64 = real(-100.0..=100.0, 0.7).track(-2.0, 2.0).step(0.05).name("end y").on("line"),
    }
}

/// What the regions' colours say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// How steep the output is.
    Slope,
    /// Which units are on.
    Pattern,
    /// Nothing.
    None,
    /// The output.
    Output,
}

/// What a net is trained on.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Data {
    Toy(Toy),
    /// What the user has drawn.
    Drawn(Drawn),
}

/// What a net in training depends on, but for the number of steps.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NetKey {
    pub(super) layers: usize,
    pub(super) width: usize,
    pub(super) sigmas: (f64, f64),
    pub(super) seed: u64,
    pub(super) data: Data,
    pub(super) optimiser: Optimiser,
}

impl NetKey {
    /// Units of each hidden layer.
    pub(super) fn widths(&self) -> Vec<usize> {
        vec![self.width; self.layers]
    }

    pub(super) fn n_units(&self) -> usize {
        self.width * self.layers
    }
}

impl Settings {
    pub(super) fn net(&self) -> NetKey {
        let data = self.data.map_or_else(|| Data::Drawn(points_from_text(&self.points).unwrap_or_default()), Data::Toy);
        NetKey {
            layers: self.layers.max(1),
            width: self.width.max(1),
            sigmas: (self.sigma_w, self.sigma_b),
            seed: self.seed,
            data,
            optimiser: self.optimiser.optimiser(self.rate),
        }
    }

    /// What is wrong with the points that were drawn.
    pub(super) fn complaint(&self) -> Option<String> {
        let error = self.data.is_none().then(|| points_from_text(&self.points).err()).flatten();
        error.map(|error| sentence(&error.to_string()))
    }

    /// How points are drawn, while there are none.
    pub(super) fn hint(&self) -> Option<String> {
        let is_empty = self.data.is_none() && points_from_text(&self.points).is_ok_and(|d| d.iter().all(Vec::is_empty));
        let hint = "Click in the output to draw points, with shift of the other class. A click on a point removes it.";
        is_empty.then(|| hint.to_owned())
    }

    pub(super) fn segment(&self) -> [[f64; 2]; 2] {
        [[self.a_x, self.a_y], [self.b_x, self.b_y]]
    }

    /// Left, right, lower and upper edge of the window.
    pub(super) fn edges(&self) -> [f64; 4] {
        let (x, y, r) = (self.centre_x, self.centre_y, self.half_width);
        [x - r, x + r, y - r, y + r]
    }

    pub(super) fn window(&self) -> Window {
        window(self.edges())
    }
}

/// The window with these edges.
pub(super) fn window([x_min, x_max, y_min, y_max]: [f64; 4]) -> Window {
    Window { x_min, x_max, y_min, y_max }
}
