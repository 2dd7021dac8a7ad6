//! What marks mean and how they are drawn.

use serde::{Deserialize, Serialize};

/// What a mark means; the same meaning has the same look in every figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// A prediction.
    Theory,
    /// A measurement on simulated or trained nets.
    Simulation,
    /// The state that the controls are at.
    Accent,
    /// The ordered phase.
    Ordered,
    /// The chaotic phase.
    Chaotic,
    /// Where something is critical.
    Critical,
    /// Help lines: a diagonal, an asymptote.
    Neutral,
}

/// How a line is stroked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stroke {
    /// Unbroken.
    Solid,
    /// Dashes: a second theory, an approximation, an asymptote.
    Dashed,
    /// Thin and unbroken: cobwebs, help lines.
    Thin,
}

/// The shape of the points of a series: series are told apart by it, never by moving their data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// A filled circle.
    Disc,
    /// A filled square.
    Square,
    /// A filled triangle, its tip up.
    Triangle,
    /// A filled square on its corner.
    Diamond,
    /// Two crossed strokes.
    Cross,
    /// A filled triangle, its tip down.
    Wedge,
}

impl Shape {
    /// In the order in which the named series of a figure take them.
    pub(crate) const ALL: [Self; 6] =
        [Self::Disc, Self::Square, Self::Triangle, Self::Diamond, Self::Cross, Self::Wedge];

    /// Its word in exported files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Disc => "disc",
            Self::Square => "square",
            Self::Triangle => "triangle",
            Self::Diamond => "diamond",
            Self::Cross => "cross",
            Self::Wedge => "wedge",
        }
    }
}

impl Role {
    /// Its word in exported files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Theory => "theory",
            Self::Simulation => "simulation",
            Self::Accent => "accent",
            Self::Ordered => "ordered",
            Self::Chaotic => "chaotic",
            Self::Critical => "critical",
            Self::Neutral => "neutral",
        }
    }
}
