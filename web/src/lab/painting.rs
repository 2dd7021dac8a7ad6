//! What an open exhibit asks of a figure on its page.

use exhibit::Values;
use exhibit::declaration::FigureSpec;
use figures::{Figure, Theme};

/// What a figure has to do with paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Paper {
    /// Nothing.
    #[default]
    No,
    /// It will be printed, so it is computed wherever it stands.
    Wanted,
    /// It is being printed.
    Printed,
}

/// A figure on the page.
pub(crate) trait Painting {
    /// What was declared of it.
    fn spec(&self) -> &'static FigureSpec;

    /// Whether it is in view.
    fn in_view(&self) -> bool;

    /// Counts as in view for paper, or is painted for it.
    fn set_paper(&self, paper: Paper);

    /// The generation of what it shows.
    fn generation(&self) -> u32;

    /// Whether there is anything to show.
    fn has_figure(&self) -> bool;

    /// What it shows is the answer to a newer request too.
    fn keep(&self, generation: u32);

    /// Takes new data; it is painted in the next animation frame.
    fn take(&self, figure: Figure, generation: u32);

    /// Moves handles to where the controls are, ahead of the worker's answer.
    fn follow_controls(&self, values: &Values);

    /// Takes what lies under the pointer: names and values.
    fn hear(&self, lines: Vec<(String, String)>);

    /// Says that no numbers will come.
    fn mark_lost(&self);

    /// Paints in other colours from now on.
    fn restyle(&self, theme: Theme);

    /// Reads the size that it has on the page.
    fn measure(&self);

    /// Paints what is due; true while something moves by itself or waits. What changes the page's elements is left to
    /// [`Self::tell`]: letters on a canvas make the browser bring the page's layout up to date first.
    fn paint_if_due(&self) -> bool;

    /// Brings handles, words and the tooltip up to date with the picture.
    fn tell(&self);
}
