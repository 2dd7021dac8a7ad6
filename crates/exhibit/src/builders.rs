//! Declarations in a line or two each.

use crate::declaration::{FigureSpec, Preset, ReadoutSpec, said};

impl FigureSpec {
    /// A figure below the main ones, half as wide again as it is high.
    #[must_use]
    pub const fn new(id: &'static str, title: &'static str, caption: &'static str) -> Self {
        Self { id, title, caption: said(caption), main: false, aspect: 1.5, when: None }
    }

    /// It stands in the first view.
    #[must_use]
    pub const fn main(mut self) -> Self {
        self.main = true;
        self
    }

    /// Width over height.
    #[must_use]
    pub const fn aspect(mut self, aspect: f64) -> Self {
        self.aspect = aspect;
        self
    }

    /// Shown only when a control has one of these values.
    #[must_use]
    pub const fn when(mut self, key: &'static str, values: &'static [&'static str]) -> Self {
        self.when = Some((key, values));
        self
    }
}

impl ReadoutSpec {
    /// A readout without a symbol.
    #[must_use]
    pub const fn new(key: &'static str, name: &'static str, help: &'static str) -> Self {
        Self { key, symbol: "", name, help: said(help) }
    }

    /// The symbol as MathML presentation markup without the `math` element.
    #[must_use]
    pub const fn symbol(mut self, symbol: &'static str) -> Self {
        self.symbol = symbol;
        self
    }
}

impl Preset {
    /// A named set of values.
    #[must_use]
    pub const fn new(
        key: &'static str,
        name: &'static str,
        help: &'static str,
        values: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { key, name, help: said(help), values }
    }
}
