//! Labelled points in the plane: two classes that no straight line separates.
//!
//! All lie in about the square [−1, 1]². Point `i` depends on the stream and `i` alone, so raising the number of points keeps
//! those there were; classes take turns.

use random::{Cursor, Stream};

/// Most points in a set.
pub const MAX_POINTS: usize = 1 << 22;

/// A shape of two classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Toy {
    /// Two circles around the origin: class 0 of radius 0.4, class 1 of radius 0.8.
    Circles,
    /// Two spiral arms of 1.75 turns, each the other turned by half a turn.
    Spirals,
    /// Two half circles that reach into each other.
    Moons,
    /// The fields of a 4×4 board.
    Checkerboard,
}

impl Toy {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Circles, Self::Spirals, Self::Moons, Self::Checkerboard];

    /// Name in links and menus: `circles`, `spirals`, `moons`, `checkerboard`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Circles => "circles",
            Self::Spirals => "spirals",
            Self::Moons => "moons",
            Self::Checkerboard => "checkerboard",
        }
    }
}

/// Why no points were made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ToyError {
    /// Not a standard deviation.
    #[error("noise {got}, needs a number from 0 to 1")]
    Noise {
        /// Value asked for.
        got: f64,
    },
    /// More than [`MAX_POINTS`].
    #[error("{got} points, at most {limit}")]
    TooMany {
        /// Points asked for.
        got: usize,
        /// [`MAX_POINTS`].
        limit: usize,
    },
}

/// Points and their classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// `[n, 2]`, row-major: x to the right, y up.
    pub xy: Vec<f32>,
    /// 0 or 1 for each point.
    pub labels: Vec<u8>,
}

impl Points {
    /// From the places of both classes, one class after the other.
    #[must_use]
    pub fn of_classes(classes: &[Vec<[f64; 2]>; 2]) -> Self {
        let labels = classes.iter().zip([0, 1]).flat_map(|(places, label)| vec![label; places.len()]).collect();
        Self { xy: classes.iter().flatten().flatten().map(|x| *x as f32).collect(), labels }
    }

    /// The places of one class.
    pub fn of_class(&self, class: u8) -> impl Iterator<Item = (f64, f64)> {
        let all = self.xy.as_chunks::<2>().0.iter().zip(&self.labels);
        all.filter(move |(_, label)| **label == class).map(|([x, y], _)| (f64::from(*x), f64::from(*y)))
    }
}

/// `n` points of a shape, each moved by a normal of standard deviation `noise` in both coordinates after it got its class.
///
/// # Errors
/// `Noise` outside [0, 1], `TooMany`.
pub fn points(toy: Toy, n: usize, noise: f64, stream: Stream) -> Result<Points, ToyError> {
    if !(0.0..=1.0).contains(&noise) {
        return Err(ToyError::Noise { got: noise });
    }
    if n > MAX_POINTS {
        return Err(ToyError::TooMany { got: n, limit: MAX_POINTS });
    }
    let mut points = Points { xy: Vec::with_capacity(2 * n), labels: Vec::with_capacity(n) };
    for i in 0..n {
        let mut cursor = stream.child(i as u64).cursor();
        let label = (i % 2) as u8;
        for coordinate in place(toy, label, &mut cursor) {
            points.xy.push((coordinate + noise * cursor.next_normal()) as f32);
        }
        points.labels.push(label);
    }
    Ok(points)
}

fn place(toy: Toy, label: u8, cursor: &mut Cursor) -> [f64; 2] {
    use core::f64::consts::{PI, TAU};
    let first = label == 0;
    let polar = |r: f64, angle: f64| [r * libm::cos(angle), r * libm::sin(angle)];
    match toy {
        Toy::Circles => polar(if first { 0.4 } else { 0.8 }, TAU * cursor.next_f64()),
        Toy::Spirals => {
            let t = cursor.next_f64();
            polar(0.08 + 0.87 * t, TAU * (1.75 * t + if first { 0.0 } else { 0.5 }))
        }
        Toy::Moons => {
            // Unit half circles about (0, 0) and (1, 1/2), their box [−1, 2]×[−1/2, 1] moved to the origin and shrunk.
            let [x, y] = polar(1.0, PI * cursor.next_f64());
            let [x, y] = if first { [x, y] } else { [1.0 - x, 0.5 - y] };
            [0.6 * (x - 0.5), 0.6 * (y - 0.25)]
        }
        Toy::Checkerboard => {
            // Eight fields of each class: any row, every other column.
            let row = cursor.below(4);
            let col = 2 * cursor.below(2) + (row + u64::from(label)) % 2;
            [col, row].map(|field| 0.5 * (field as f64 + cursor.next_f64()) - 1.0)
        }
    }
}
