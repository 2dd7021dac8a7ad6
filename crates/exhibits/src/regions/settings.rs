//! The control values as the computation uses them.

use std::rc::Rc;

use data::toys::Toy;
use exhibit::Values;
use exhibit::drawn::{Drawn, points_from_text};
use exhibit::prose::sentence;
use nets::mlp::Optimiser;
use protocol::Notice;
use theory::regions::Window;

use crate::job::JobError;

/// What the regions' colours say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    Pattern,
    Layer,
    Output,
}

/// What a net is trained on.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Data {
    Toy(Toy),
    /// What the user has drawn.
    Drawn(Rc<Drawn>),
}

/// What a net in training depends on, but for the number of steps.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NetKey {
    pub(super) layers: usize,
    pub(super) width: usize,
    pub(super) sigma_w: f64,
    pub(super) sigma_b: f64,
    pub(super) seed: u64,
    pub(super) data: Data,
    pub(super) optimiser: Optimiser,
}

impl NetKey {
    /// Units of each hidden layer.
    pub(super) fn widths(&self) -> Vec<usize> {
        vec![self.width; self.layers]
    }
}

/// The control values.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) net: NetKey,
    pub(super) steps: u64,
    pub(super) centre: [f64; 2],
    pub(super) half_width: f64,
    pub(super) segment: [[f64; 2]; 2],
    pub(super) colour: Colour,
    /// What is wrong with the points that were drawn, or that there are none.
    pub(super) notice: Option<Notice>,
}

impl Settings {
    /// # Errors
    /// A sentence, should a declared choice not be known here (a test walks through all).
    pub(super) fn from_values(values: &Values) -> Result<Self, JobError> {
        let unknown = |key: &str| JobError::Failed(format!("{key} = “{}” is not known here", values.choice(key)));
        let (data, notice) = data(values).ok_or_else(|| unknown("data"))?;
        let learning_rate = values.real("rate");
        let point = |x: &str, y: &str| [values.real(x), values.real(y)];
        Ok(Self {
            net: NetKey {
                layers: values.size("layers").max(1),
                width: values.size("width").max(1),
                sigma_w: values.real("sigma_w"),
                sigma_b: values.real("sigma_b"),
                seed: values.seed("seed"),
                data,
                optimiser: match values.choice("optimiser") {
                    "adam" => Optimiser::adam(learning_rate),
                    "sgd" => Optimiser::Sgd { learning_rate, momentum: 0.9 },
                    _ => return Err(unknown("optimiser")),
                },
            },
            steps: values.size("steps") as u64,
            centre: point("centre_x", "centre_y"),
            half_width: values.real("half_width"),
            segment: [point("a_x", "a_y"), point("b_x", "b_y")],
            colour: match values.choice("colour") {
                "pattern" => Colour::Pattern,
                "layer" => Colour::Layer,
                "output" => Colour::Output,
                _ => return Err(unknown("colour")),
            },
            notice,
        })
    }

    pub(super) fn window(&self) -> Window {
        let ([x, y], r) = (self.centre, self.half_width);
        Window { x_min: x - r, x_max: x + r, y_min: y - r, y_max: y + r }
    }
}

/// The chosen data, and what is to be said of them.
fn data(values: &Values) -> Option<(Data, Option<Notice>)> {
    if values.choice("data") != "drawn" {
        let toy = Toy::ALL.into_iter().find(|toy| toy.name() == values.choice("data"))?;
        return Some((Data::Toy(toy), None));
    }
    let (drawn, notice) = match points_from_text(&values.text("points")) {
        Ok(drawn) => {
            let is_empty = drawn.iter().all(Vec::is_empty);
            (
                drawn,
                is_empty.then(|| {
                    "Click in the output to draw points, with shift of the other class; a click on a point removes it."
                        .to_owned()
                        .into()
                }),
            )
        }
        Err(reason) => (Drawn::default(), Some(Notice::about("points", sentence(&reason)))),
    };
    Some((Data::Drawn(Rc::new(drawn)), notice))
}
