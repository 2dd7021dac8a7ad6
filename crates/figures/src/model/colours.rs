//! Which number has which colour.

use serde::{Deserialize, Serialize};

/// A colour map over values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColourScale {
    /// Name, symbol and unit of what is coloured.
    pub label: String,
    /// Which map.
    pub map: ColourMap,
    /// Values at the ends; values beyond are painted as the ends.
    pub range: (f32, f32),
    /// Marked positions on the colour bar with their names; empty for numbers.
    pub names: Vec<(f32, String)>,
    /// Whether the colours are explained by a bar. One without a label is left out in any case.
    pub bar: bool,
    /// What NaN means: its cells are hatched, and the legend says so. Empty: they are left blank.
    pub undefined: String,
}

impl ColourScale {
    /// A scale of numbers with a bar.
    #[must_use]
    pub fn new(label: &str, map: ColourMap, range: (f32, f32)) -> Self {
        Self { label: label.into(), map, range, names: Vec::new(), bar: true, undefined: String::new() }
    }

    /// A diverging scale whose ends are those of the largest size among some numbers, so that 0 is in its middle. NaN counts for
    /// nothing.
    #[must_use]
    pub fn diverging<'a>(label: &str, numbers: impl IntoIterator<Item = &'a f32>) -> Self {
        let most = numbers.into_iter().fold(1e-6_f32, |most, x| most.max(x.abs()));
        Self::new(label, ColourMap::Diverging, (-most, most))
    }

    /// With names on the bar in place of numbers.
    #[must_use]
    pub fn named<'a>(self, names: impl IntoIterator<Item = (f32, &'a str)>) -> Self {
        Self { names: names.into_iter().map(|(at, name)| (at, name.into())).collect(), ..self }
    }

    /// Without a bar: the label is read by the pointer only.
    #[must_use]
    pub fn without_bar(self) -> Self {
        Self { bar: false, ..self }
    }

    /// With cells that are NaN hatched and named, e.g. `not defined`.
    #[must_use]
    pub fn hatched(self, undefined: &str) -> Self {
        Self { undefined: undefined.into(), ..self }
    }

    pub(crate) fn has_bar(&self) -> bool {
        self.bar && !self.label.is_empty()
    }
}

/// Colour maps that colour-blind people can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColourMap {
    /// Dark to bright, in even steps.
    Sequential,
    /// From the ordered to the chaotic colour through a neutral one at the middle of the range, in even steps.
    Diverging,
    /// Black to white, as photographs are.
    Grey,
    /// The pale middle of the diverging map, so that lines are seen on it: tells patches apart, is never blended.
    Tints,
    /// Pale colours of eight hues for the categories 0, 1, 2, …, which are whole numbers: the ninth has the first colour
    /// again. The range says nothing here. Never blended.
    Categories,
}

impl ColourMap {
    /// Its word in exported files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Diverging => "diverging",
            Self::Grey => "grey",
            Self::Tints => "tints",
            Self::Categories => "categories",
        }
    }

    /// Whether there is a colour between two of its colours.
    pub(crate) fn blends(self) -> bool {
        matches!(self, Self::Sequential | Self::Diverging | Self::Grey)
    }
}
