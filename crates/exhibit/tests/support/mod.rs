//! An exhibit of every kind of control.

use exhibit::declaration::{Control, Exhibit, FigureSpec, Kind, Place, Preset, ReadoutSpec};

const fn control(key: &'static str, name: &'static str, kind: Kind) -> Control {
    Control { key, symbol: "", name, help: "", kind, place: Place::Main, when: None }
}

const fn real(max: f64, default: f64) -> Kind {
    Kind::Real { min: -max, max, track: (0.0, max), step: 0.1, default }
}

const fn int(max: i64, default: i64) -> Kind {
    Kind::Integer { min: 1, max, step: 1, default, log: false, play: 0.0 }
}

/// With keys and names as exhibits have them.
pub(crate) const EXHIBIT: Exhibit = Exhibit {
    id: "fixture",
    title: "A fixture",
    lecture: "Tests",
    group: "tests",
    claim: "It is read",
    controls: &[
        control("sigma_w", "weight scale", real(20.0, 1.5)),
        control("sigma_b", "bias scale", real(20.0, 0.25)),
        control("big", "a number of any size", real(f64::MAX, 1.0)),
        control("depth", "depth", int(1000, 30)),
        control("steps", "training steps", int(1_000_000, 4000)),
        control(
            "activation",
            "activation",
            Kind::Choice { options: &[("tanh", "tanh"), ("leaky_relu", "leaky ReLU"), ("square", "x²")] },
        ),
        control("polynomial", "polynomial", Kind::Text { default: "x^3", max_chars: 200 }),
        control("seed", "weights", Kind::Seed { default: 1 }),
    ],
    presets: &[Preset::new("he", "He", "", &[("sigma_w", "1.4142135623730951"), ("activation", "leaky_relu")])],
    figures: &[FigureSpec::new("phase", "Phases", "").main(), FigureSpec::new("length-map", "Lengths", "")],
    readouts: &[ReadoutSpec::new("chi_1", "slope", "")],
    to_try: &[],
    formulas: &[],
    assumptions: &[],
    papers: &[],
};
