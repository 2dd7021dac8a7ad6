//! An exhibit of no exhibit's, for the tests of the page.

use exhibit::declaration::{Control, Exhibit, FigureSpec, Kind, Place, ReadoutSpec};

const fn control(key: &'static str, place: Place) -> Control {
    let kind = Kind::Real { min: 0.0, max: 2.0, track: (0.0, 1.0), step: 0.1, default: 0.5 };
    Control { key, symbol: "", name: key, help: "", kind, place, when: None }
}

const fn figure(id: &'static str, main: bool) -> FigureSpec {
    FigureSpec { id, title: id, caption: "", main, aspect: 1.5, when: None }
}

const fn readout(key: &'static str) -> ReadoutSpec {
    ReadoutSpec { key, symbol: "", name: key, help: "" }
}

/// Two main figures and one more; a readout has the name of a figure.
pub(crate) const EXHIBIT: Exhibit = Exhibit {
    id: "fixture",
    title: "A fixture",
    lecture: "Tests",
    group: "tests",
    claim: "It is shown",
    controls: &[control("speed", Place::Main), control("grain", Place::Group("Grain"))],
    presets: &[],
    figures: &[figure("map", true), figure("curve", true), figure("details", false)],
    readouts: &[readout("map"), readout("slope")],
    to_try: &[],
    formulas: &[],
    assumptions: &[],
    papers: &[],
};
