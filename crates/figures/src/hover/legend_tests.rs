//! The names that the pointer reads are names that the picture shows.

use proptest::prelude::*;

use super::{hair_at, values_at};
use crate::chart::Chart;
use crate::legend;
use crate::model::{Axis, Cells, ColourMap, ColourScale, Figure, Role};
use crate::picture::Picture;
use crate::theme::Style;

const THEORY: &str = "theory N^{−1/2}";

fn figure() -> Figure {
    let cells = || Cells::from_fn((8, 8), (0.0, 1.0), (0.0, 1.0), |x, y| x + y);
    let wave = |a: f64| (0..40).map(move |i| (f64::from(i) / 39.0, 0.5 + a * (f64::from(i) / 5.0).sin()));
    let circle = (0..60).map(|i| (0.5 + 0.3 * (f64::from(i) / 9.5).cos(), 0.5 + 0.3 * (f64::from(i) / 9.5).sin()));
    let chart = Chart::new("f", Axis::linear("x", 0.0, 1.0), Axis::linear("y", 0.0, 1.0))
        .heat(cells(), ColourScale::new("loss", ColourMap::Sequential, (0.0, 2.0)))
        .heat(cells(), ColourScale::new("", ColourMap::Tints, (0.0, 1.0)))
        .contours("level", Role::Neutral, cells(), [0.5, 1.0])
        .contours("", Role::Neutral, cells(), [1.5])
        .line(THEORY, Role::Theory, wave(0.2))
        .line("", Role::Theory, wave(0.3))
        .line("", Role::Neutral, wave(0.1))
        .line("round", Role::Accent, circle.clone())
        .path("way", Role::Accent, circle)
        .points("nets", Role::Simulation, wave(0.4).step_by(4))
        .points("", Role::Simulation, wave(0.4))
        .band("spread", Role::Simulation, wave(0.1).map(|(x, y)| (x, y - 0.1, y)))
        .band("", Role::Simulation, wave(0.1).map(|(x, y)| (x, y - 0.1, y)))
        .bars("bars", Role::Ordered, (0..5).map(|k| (0.1 + 0.2 * f64::from(k), 0.5)))
        .bars("", Role::Ordered, (0..5).map(|k| (0.1 + 0.2 * f64::from(k), 0.5)))
        .histogram("bins", Role::Chaotic, [0.0, 0.4, 0.7], [0.2, 0.3])
        .histogram("", Role::Chaotic, [0.0, 0.4, 0.7], [0.2, 0.3])
        .arrows("field", Role::Neutral, [((0.5, 0.5), (0.1, 0.1))])
        .rule_at_x("rule", Role::Critical, 0.5)
        .text("word", Role::Ordered, 0.2, 0.2);
    chart.build()
}

proptest! {
    #[test]
    fn names_under_the_pointer_are_in_the_legend_and_on_the_hair(x in 0.0..1.0f64, y in 0.0..1.0f64) {
        let figure = figure();
        let area = Picture::new(&figure, (700, 500), &Style::default()).area();
        let pointer = area.pixel_from_data(x, y);
        let hair = hair_at(&figure, &area, pointer.0);
        let mut shown: Vec<String> = legend::entries(&figure).into_iter().map(|entry| entry.name).collect();
        shown.push("loss".into());
        let values = values_at(&figure, &area, pointer, hair);
        prop_assert!(values.iter().any(|value| value.name == THEORY), "the theory is read everywhere");
        for value in &values {
            prop_assert!(shown.contains(&value.name), "{value:?}");
            prop_assert!(area.plot().contains(value.at), "{value:?}");
            // One row a series.
            prop_assert_eq!(values.iter().filter(|other| other.name == value.name).count(), 1);
            if [THEORY, "nets", "spread", "bins"].contains(&value.name.as_str()) {
                prop_assert!((value.at.0 - hair).abs() < 0.51, "{value:?} beside the hair at {hair}");
            }
        }
    }
}
