//! What an exhibit declares about itself. Sliders, addresses, command-line flags, help and lists all come from it.
//!
//! A declaration is a constant where it is written, and read from its page's HTML where it is shown ([`crate::data`]): what
//! is read lives as long as the page.

/// One exhibit.
#[derive(Clone, Copy, Debug)]
pub struct Exhibit {
    /// The id in addresses and on the command line, e.g. `order-chaos`.
    pub id: &'static str,
    /// The name on its page.
    pub title: &'static str,
    /// The part of the course it belongs to.
    pub lecture: &'static str,
    /// The group whose worker computes it.
    pub group: &'static str,
    /// The claim in one sentence.
    pub claim: &'static str,
    /// Every control, in the order of the page.
    pub controls: &'static [Control],
    /// Named sets of control values.
    pub presets: &'static [Preset],
    /// Every figure; the first ones are the main ones.
    pub figures: &'static [FigureSpec],
    /// Every readout.
    pub readouts: &'static [ReadoutSpec],
    /// What to try, and what one sees then.
    pub to_try: &'static [Experiment],
    /// The formulas behind the pictures.
    pub formulas: &'static [Formula],
    /// Where this picture leaves the theorem's assumptions.
    pub assumptions: &'static [&'static str],
    /// The papers.
    pub papers: &'static [Paper],
}

/// One control.
#[derive(Clone, Copy, Debug)]
pub struct Control {
    /// The key in addresses and on the command line.
    pub key: &'static str,
    /// The symbol as MathML presentation markup without the `math` element; empty for none.
    pub symbol: &'static str,
    /// The name in words.
    pub name: &'static str,
    /// One sentence of help, as [`said`].
    pub help: &'static str,
    /// Values, range and default.
    pub kind: Kind,
    /// Where on the page it stands.
    pub place: Place,
    /// Shown only when another control has one of these values.
    pub when: When,
}

/// A control, and the choices of it at which something is shown; `None` for always.
pub type When = Option<(&'static str, &'static [&'static str])>;

/// Where a control stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Beside the main figure, always in view.
    Main,
    /// Under a heading with others of its group, below the main ones.
    Group(&'static str),
    /// On the figure with this id.
    Figure(&'static str),
    /// In the picture of the figure with this id, where it is drawn by hand: it has no field of its own.
    Drawn(&'static str),
    /// Among the main controls, as a button that opens files: its text names those that were opened, or is empty.
    Files,
}

/// The kind of a control.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A real number.
    Real {
        /// The least value.
        min: f64,
        /// The greatest value.
        max: f64,
        /// The part of the range that the slider's track spans; values beyond it can be typed.
        track: (f64, f64),
        /// The step of an arrow key; a tenth of it with shift.
        step: f64,
        /// The value without a choice.
        default: f64,
    },
    /// A whole number.
    Integer {
        /// The least value.
        min: i64,
        /// The greatest value.
        max: i64,
        /// The step of an arrow key; one with shift.
        step: i64,
        /// The value without a choice.
        default: i64,
        /// Whether the slider's track is logarithmic.
        log: bool,
        /// What an animation adds in a second; 0 for a control that is not played.
        play: f64,
    },
    /// One of several words.
    Choice {
        /// Keys and their labels; the first is the default.
        options: &'static [(&'static str, &'static str)],
    },
    /// A line of text that the exhibit reads, such as a formula. What is wrong with it, the job says in a notice of this
    /// control.
    Text {
        /// The value without a choice.
        default: &'static str,
        /// Most characters.
        max_chars: usize,
    },
    /// A random seed: any whole number from 0 to 4294967295.
    Seed {
        /// The value without a choice.
        default: u32,
    },
}

impl Kind {
    /// What an animation adds in a second; `None` for a control that is not played.
    #[must_use]
    pub fn play_rate(&self) -> Option<f64> {
        match self {
            Self::Integer { play, .. } if *play > 0.0 => Some(*play),
            _ => None,
        }
    }
}

/// A named set of control values; controls that are not named keep their default.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// The key in addresses.
    pub key: &'static str,
    /// The name on its button.
    pub name: &'static str,
    /// What one sees there, in one sentence, as [`said`].
    pub help: &'static str,
    /// Control keys and values as in an address.
    pub values: &'static [(&'static str, &'static str)],
}

/// One figure.
#[derive(Clone, Copy, Debug)]
pub struct FigureSpec {
    /// The id in addresses (`figure=`) and in the page's markup.
    pub id: &'static str,
    /// The heading above it.
    pub title: &'static str,
    /// How to read it, in one or two sentences, as [`said`].
    pub caption: &'static str,
    /// Whether it stands in the first view.
    pub main: bool,
    /// Width over height.
    pub aspect: f64,
    /// Shown only when a control has one of these values.
    pub when: When,
}

/// One readout.
#[derive(Clone, Copy, Debug)]
pub struct ReadoutSpec {
    /// The key in the page's markup and in JSON.
    pub key: &'static str,
    /// The symbol as MathML presentation markup without the `math` element; empty for none.
    pub symbol: &'static str,
    /// The name in words.
    pub name: &'static str,
    /// One sentence of help, as [`said`].
    pub help: &'static str,
}

/// Something to try.
#[derive(Clone, Copy, Debug)]
pub struct Experiment {
    /// What to do.
    pub action: &'static str,
    /// What one sees and why.
    pub observation: &'static str,
    /// The preset that does it; empty for none.
    pub preset: &'static str,
}

/// A formula with its name.
#[derive(Clone, Copy, Debug)]
pub struct Formula {
    /// What it is.
    pub name: &'static str,
    /// MathML presentation markup without the `math` element.
    pub mathml: &'static str,
    /// Its symbols in words, and where it holds.
    pub words: &'static str,
}

/// A paper.
#[derive(Clone, Copy, Debug)]
pub struct Paper {
    /// Authors and year.
    pub authors: &'static str,
    /// Title.
    pub title: &'static str,
    /// Where it appeared.
    pub venue: &'static str,
    /// The address, for those who are online.
    pub url: &'static str,
    /// What of it is used here.
    pub used_for: &'static str,
}

/// Words that are part of the built page's HTML: nothing without the feature `words`, which only the native binary has.
#[must_use]
pub const fn spoken<T>(words: &'static [T]) -> &'static [T] {
    if cfg!(feature = "words") { words } else { &[] }
}

/// The same for one text.
#[must_use]
pub const fn said(text: &'static str) -> &'static str {
    if cfg!(feature = "words") { text } else { "" }
}

impl Exhibit {
    /// The control with this key.
    #[must_use]
    pub fn control(&self, key: &str) -> Option<&'static Control> {
        self.controls.iter().find(|c| c.key == key)
    }

    /// The control that stands for a person's own files, where the exhibit takes some.
    #[must_use]
    pub fn files(&self) -> Option<&'static Control> {
        self.controls.iter().find(|c| c.place == Place::Files)
    }

    /// The control that a typed key means: as [`Exhibit::control`], or with capitals, dashes or spaces for underscores, or what
    /// cannot be seen.
    #[must_use]
    pub fn control_typed(&self, key: &str) -> Option<&'static Control> {
        self.control(key).or_else(|| self.control(&crate::reading::key(key)))
    }

    /// The preset with this key.
    #[must_use]
    pub fn preset(&self, key: &str) -> Option<&'static Preset> {
        self.presets.iter().find(|p| p.key == key)
    }

    /// The figure with this id.
    #[must_use]
    pub fn figure(&self, id: &str) -> Option<&'static FigureSpec> {
        self.figures.iter().find(|f| f.id == id)
    }
}
