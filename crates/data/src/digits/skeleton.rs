//! The strokes of each class, in the ways people write it.
//!
//! Coordinates are a unit box, x to the right, y down; the box's sides are scaled independently later, so proportions here
//! are those of a digit about as wide as high. Strokes are curves through their knots, broken at corners.

/// A point that a stroke runs through.
#[derive(Clone, Copy)]
pub(super) struct Knot {
    pub(super) x: f64,
    pub(super) y: f64,
    /// The pen changes direction here at once.
    pub(super) corner: bool,
}

/// One way of writing a digit.
pub(super) struct Way {
    /// How often, relative to the class's other ways.
    pub(super) weight: f64,
    /// Width over height, on average.
    pub(super) aspect: f64,
    pub(super) strokes: &'static [&'static [Knot]],
}

/// Smooth knot.
const fn s(x: f64, y: f64) -> Knot {
    Knot { x, y, corner: false }
}

/// Corner.
const fn c(x: f64, y: f64) -> Knot {
    Knot { x, y, corner: true }
}

/// The ways of writing `class`; those of 9 for anything above.
pub(super) fn ways_of_writing(class: u8) -> &'static [Way] {
    match class {
        0 => ZERO,
        1 => ONE,
        2 => TWO,
        3 => THREE,
        4 => FOUR,
        5 => FIVE,
        6 => SIX,
        7 => SEVEN,
        8 => EIGHT,
        _ => NINE,
    }
}

const ZERO: &[Way] = &[
    Way {
        weight: 3.0,
        aspect: 0.82,
        strokes: &[&[
            s(0.55, 0.02),
            s(0.25, 0.12),
            s(0.06, 0.5),
            s(0.2, 0.88),
            s(0.5, 1.0),
            s(0.8, 0.86),
            s(0.94, 0.5),
            s(0.8, 0.14),
            s(0.52, 0.02),
        ]],
    },
    // Begun at the upper right, closed with an overlap.
    Way {
        weight: 1.0,
        aspect: 0.75,
        strokes: &[&[
            s(0.75, 0.1),
            s(0.42, 0.03),
            s(0.12, 0.32),
            s(0.1, 0.72),
            s(0.4, 1.0),
            s(0.78, 0.8),
            s(0.92, 0.4),
            s(0.78, 0.08),
            s(0.5, 0.0),
            s(0.36, 0.06),
        ]],
    },
];

const ONE: &[Way] = &[
    Way { weight: 8.0, aspect: 0.3, strokes: &[&[s(0.52, 0.0), s(0.5, 0.5), s(0.5, 1.0)]] },
    Way { weight: 1.2, aspect: 0.45, strokes: &[&[c(0.1, 0.2), c(0.55, 0.0), s(0.52, 0.5), s(0.5, 1.0)]] },
    Way {
        weight: 0.5,
        aspect: 0.6,
        strokes: &[&[c(0.2, 0.2), c(0.52, 0.0), s(0.5, 0.5), s(0.5, 1.0)], &[s(0.1, 1.0), s(0.5, 1.0), s(0.95, 0.98)]],
    },
];

const TWO: &[Way] = &[
    Way {
        weight: 2.0,
        aspect: 0.78,
        strokes: &[&[
            s(0.1, 0.24),
            s(0.26, 0.05),
            s(0.55, 0.0),
            s(0.82, 0.13),
            s(0.84, 0.36),
            s(0.62, 0.65),
            s(0.33, 0.88),
            c(0.06, 1.0),
            s(0.5, 0.98),
            s(0.97, 0.97),
        ]],
    },
    // A loop at the lower left.
    Way {
        weight: 2.0,
        aspect: 0.85,
        strokes: &[&[
            s(0.16, 0.2),
            s(0.36, 0.03),
            s(0.64, 0.03),
            s(0.78, 0.24),
            s(0.66, 0.54),
            s(0.4, 0.86),
            s(0.14, 0.98),
            s(0.04, 0.88),
            s(0.18, 0.79),
            s(0.42, 0.87),
            s(0.7, 0.98),
            s(0.99, 0.88),
        ]],
    },
];

const THREE: &[Way] = &[
    Way {
        weight: 4.0,
        aspect: 0.72,
        strokes: &[&[
            s(0.12, 0.12),
            s(0.38, 0.0),
            s(0.72, 0.06),
            s(0.76, 0.28),
            s(0.56, 0.43),
            c(0.34, 0.47),
            s(0.66, 0.5),
            s(0.88, 0.68),
            s(0.78, 0.91),
            s(0.44, 1.0),
            s(0.08, 0.92),
        ]],
    },
    // Round all the way: the pen turns in a small loop in the middle.
    Way {
        weight: 1.0,
        aspect: 0.72,
        strokes: &[&[
            s(0.1, 0.06),
            s(0.45, 0.0),
            s(0.78, 0.12),
            s(0.7, 0.34),
            s(0.46, 0.46),
            s(0.4, 0.5),
            s(0.5, 0.49),
            s(0.8, 0.58),
            s(0.9, 0.78),
            s(0.66, 0.97),
            s(0.3, 1.0),
            s(0.05, 0.88),
        ]],
    },
    // A flat top.
    Way {
        weight: 0.6,
        aspect: 0.74,
        strokes: &[&[
            c(0.12, 0.04),
            c(0.8, 0.02),
            c(0.42, 0.42),
            s(0.72, 0.46),
            s(0.9, 0.68),
            s(0.74, 0.94),
            s(0.4, 1.0),
            s(0.06, 0.9),
        ]],
    },
];

const FOUR: &[Way] = &[
    // Open at the top.
    Way {
        weight: 3.0,
        aspect: 0.76,
        strokes: &[
            &[s(0.16, 0.06), s(0.1, 0.32), s(0.14, 0.5), s(0.36, 0.55), s(0.66, 0.5), s(0.88, 0.44)],
            &[s(0.86, 0.0), s(0.8, 0.45), s(0.74, 1.0)],
        ],
    },
    Way {
        weight: 2.0,
        aspect: 0.8,
        strokes: &[
            &[c(0.24, 0.02), s(0.14, 0.3), c(0.08, 0.55), s(0.5, 0.54), s(0.98, 0.5)],
            &[s(0.74, 0.06), s(0.68, 0.5), s(0.62, 1.0)],
        ],
    },
    // Closed at the top.
    Way {
        weight: 1.2,
        aspect: 0.8,
        strokes: &[
            &[c(0.66, 0.0), s(0.36, 0.36), c(0.04, 0.66), s(0.5, 0.65), s(0.98, 0.62)],
            &[s(0.67, 0.0), s(0.66, 0.5), s(0.64, 1.0)],
        ],
    },
];

const FIVE: &[Way] = &[
    // Body first, then the bar.
    Way {
        weight: 2.5,
        aspect: 0.8,
        strokes: &[
            &[
                c(0.32, 0.06),
                s(0.27, 0.24),
                c(0.2, 0.44),
                s(0.48, 0.38),
                s(0.76, 0.52),
                s(0.8, 0.76),
                s(0.58, 0.97),
                s(0.28, 1.0),
                s(0.05, 0.9),
            ],
            &[s(0.3, 0.06), s(0.6, 0.04), s(0.95, 0.0)],
        ],
    },
    // In one go from the end of the bar.
    Way {
        weight: 2.0,
        aspect: 0.8,
        strokes: &[&[
            c(0.9, 0.0),
            s(0.6, 0.03),
            c(0.32, 0.05),
            s(0.26, 0.24),
            c(0.2, 0.42),
            s(0.52, 0.4),
            s(0.8, 0.56),
            s(0.78, 0.82),
            s(0.5, 1.0),
            s(0.06, 0.94),
        ]],
    },
];

const SIX: &[Way] = &[
    Way {
        weight: 3.0,
        aspect: 0.68,
        strokes: &[&[
            s(0.72, 0.0),
            s(0.4, 0.2),
            s(0.16, 0.52),
            s(0.1, 0.82),
            s(0.34, 1.0),
            s(0.7, 0.94),
            s(0.86, 0.74),
            s(0.68, 0.57),
            s(0.38, 0.64),
            s(0.16, 0.86),
        ]],
    },
    // A straighter stem and a small bowl.
    Way {
        weight: 1.5,
        aspect: 0.6,
        strokes: &[&[
            s(0.48, 0.0),
            s(0.24, 0.3),
            s(0.1, 0.68),
            s(0.2, 0.94),
            s(0.52, 1.0),
            s(0.84, 0.86),
            s(0.78, 0.66),
            s(0.46, 0.62),
            s(0.16, 0.78),
        ]],
    },
];

const SEVEN: &[Way] = &[
    Way {
        weight: 4.0,
        aspect: 0.84,
        strokes: &[&[s(0.06, 0.1), s(0.46, 0.07), c(0.9, 0.03), s(0.68, 0.42), s(0.5, 0.72), s(0.42, 1.0)]],
    },
    // A hook at the start of the bar.
    Way {
        weight: 1.5,
        aspect: 0.76,
        strokes: &[&[
            c(0.1, 0.26),
            c(0.12, 0.07),
            s(0.5, 0.06),
            s(0.86, 0.04),
            s(0.84, 0.16),
            s(0.6, 0.55),
            s(0.46, 1.0),
        ]],
    },
    // Crossed.
    Way {
        weight: 1.0,
        aspect: 0.86,
        strokes: &[
            &[s(0.08, 0.08), s(0.46, 0.06), c(0.88, 0.02), s(0.64, 0.46), s(0.44, 1.0)],
            &[s(0.3, 0.52), s(0.56, 0.5), s(0.86, 0.48)],
        ],
    },
];

const EIGHT: &[Way] = &[
    Way {
        weight: 2.0,
        aspect: 0.68,
        strokes: &[&[
            s(0.82, 0.14),
            s(0.5, 0.0),
            s(0.18, 0.14),
            s(0.3, 0.36),
            s(0.6, 0.52),
            s(0.82, 0.76),
            s(0.62, 0.98),
            s(0.3, 0.98),
            s(0.16, 0.78),
            s(0.38, 0.53),
            s(0.68, 0.34),
            s(0.84, 0.14),
        ]],
    },
    // An S, and a straight way back up through it.
    Way {
        weight: 3.0,
        aspect: 0.72,
        strokes: &[&[
            s(0.86, 0.16),
            s(0.6, 0.0),
            s(0.24, 0.06),
            s(0.2, 0.27),
            s(0.48, 0.45),
            s(0.74, 0.66),
            s(0.68, 0.93),
            s(0.38, 1.0),
            s(0.2, 0.84),
            s(0.4, 0.56),
            s(0.64, 0.34),
            s(0.9, 0.06),
        ]],
    },
    // Two rings.
    Way {
        weight: 0.5,
        aspect: 0.64,
        strokes: &[
            &[s(0.56, 0.47), s(0.22, 0.36), s(0.24, 0.1), s(0.52, 0.0), s(0.8, 0.12), s(0.8, 0.36), s(0.54, 0.48)],
            &[s(0.5, 0.47), s(0.14, 0.62), s(0.14, 0.88), s(0.5, 1.0), s(0.86, 0.88), s(0.84, 0.62), s(0.52, 0.47)],
        ],
    },
];

const NINE: &[Way] = &[
    // A straight stem.
    Way {
        weight: 3.0,
        aspect: 0.66,
        strokes: &[&[
            s(0.82, 0.12),
            s(0.52, 0.01),
            s(0.2, 0.14),
            s(0.12, 0.36),
            s(0.36, 0.49),
            s(0.68, 0.36),
            c(0.84, 0.1),
            s(0.81, 0.5),
            s(0.74, 1.0),
        ]],
    },
    // A curved tail.
    Way {
        weight: 0.7,
        aspect: 0.68,
        strokes: &[&[
            s(0.78, 0.1),
            s(0.48, 0.01),
            s(0.18, 0.16),
            s(0.2, 0.42),
            s(0.5, 0.48),
            s(0.78, 0.32),
            c(0.84, 0.08),
            s(0.86, 0.45),
            s(0.76, 0.8),
            s(0.5, 1.0),
            s(0.18, 0.94),
        ]],
    },
];
