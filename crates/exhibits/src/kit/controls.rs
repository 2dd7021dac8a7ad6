//! One table makes an exhibit's declared controls and the struct that its computation reads.

use exhibit::declaration::{Control, Kind, Place, said};

/// The options of a choice: key, label, and what each means to the computation. The first is the default.
#[derive(Clone, Copy, Debug)]
pub struct Choices<T, const N: usize>(pub [(&'static str, &'static str, T); N]);

impl<T: Copy, const N: usize> Choices<T, N> {
    /// Keys and labels, as a declaration holds them.
    #[must_use]
    pub const fn pairs(&self) -> [(&'static str, &'static str); N] {
        let mut pairs = [("", ""); N];
        let mut i = 0;
        while i < N {
            pairs[i] = (self.0[i].0, self.0[i].1);
            i += 1;
        }
        pairs
    }

    /// What a key means; the default for a key that is none, which a valid value never is.
    #[must_use]
    pub fn chosen(&self, key: &str) -> T {
        self.0.iter().find(|option| option.0 == key).unwrap_or(&self.0[0]).2
    }

    /// The key of what an option means.
    #[must_use]
    pub fn key_of(&self, wanted: T) -> &'static str
    where
        T: PartialEq,
    {
        self.0.iter().find(|option| option.2 == wanted).map_or("", |option| option.0)
    }
}

/// A control that is being declared.
#[derive(Clone, Copy, Debug)]
pub struct Spec(Control);

/// A real number in a range, with a default; the slider spans the range and an arrow key moves a hundredth of it, unless
/// [`Spec::track`] and [`Spec::step`] say otherwise.
#[must_use]
pub const fn real(range: std::ops::RangeInclusive<f64>, default: f64) -> Spec {
    let (min, max) = (*range.start(), *range.end());
    Spec::of(Kind::Real { min, max, track: (min, max), step: (max - min) / 100.0, default })
}

/// A whole number in a range, with a default.
#[must_use]
pub const fn int(range: std::ops::RangeInclusive<i64>, default: i64) -> Spec {
    Spec::of(Kind::Integer { min: *range.start(), max: *range.end(), step: 1, default, log: false, play: 0.0 })
}

/// One of several options; in [`controls!`](crate::controls) the argument is a [`Choices`].
#[must_use]
pub const fn choice(options: &'static [(&'static str, &'static str)]) -> Spec {
    Spec::of(Kind::Choice { options })
}

/// Off or on, off at first; the labels say what that means.
#[must_use]
pub const fn switch(options: &'static [(&'static str, &'static str); 2]) -> Spec {
    Spec::of(Kind::Choice { options })
}

/// A line of text.
#[must_use]
pub const fn text(default: &'static str, max_chars: usize) -> Spec {
    Spec::of(Kind::Text { default, max_chars })
}

/// A random seed.
#[must_use]
pub const fn seed(default: u32) -> Spec {
    Spec::of(Kind::Seed { default }).name("seed")
}

impl Spec {
    const fn of(kind: Kind) -> Self {
        Self(Control { key: "", symbol: "", name: "", help: "", kind, place: Place::Main, when: None })
    }

    /// The name in words.
    #[must_use]
    pub const fn name(mut self, name: &'static str) -> Self {
        self.0.name = name;
        self
    }

    /// The symbol as MathML presentation markup without the `math` element.
    #[must_use]
    pub const fn symbol(mut self, symbol: &'static str) -> Self {
        self.0.symbol = symbol;
        self
    }

    /// One sentence of help.
    #[must_use]
    pub const fn help(mut self, help: &'static str) -> Self {
        self.0.help = said(help);
        self
    }

    /// Below the main controls, under a heading.
    #[must_use]
    pub const fn group(mut self, heading: &'static str) -> Self {
        self.0.place = Place::Group(heading);
        self
    }

    /// On the figure with this id.
    #[must_use]
    pub const fn on(mut self, figure: &'static str) -> Self {
        self.0.place = Place::Figure(figure);
        self
    }

    /// Drawn by hand in the picture of the figure with this id.
    #[must_use]
    pub const fn drawn_in(mut self, figure: &'static str) -> Self {
        self.0.place = Place::Drawn(figure);
        self
    }

    /// Opened from files, as a data set of one's own ([`Source`](crate::kit::Source)); the choice that it depends on is made
    /// when files are opened.
    #[must_use]
    pub const fn opened(mut self) -> Self {
        self.0.place = Place::Files;
        self
    }

    /// Shown only when another control has one of these values.
    #[must_use]
    pub const fn when(mut self, key: &'static str, values: &'static [&'static str]) -> Self {
        self.0.when = Some((key, values));
        self
    }

    /// The part of the range that the slider spans.
    #[must_use]
    pub const fn track(mut self, low: f64, high: f64) -> Self {
        if let Kind::Real { track, .. } = &mut self.0.kind {
            *track = (low, high);
            return self;
        }
        panic!("only a real number has a track of its own");
    }

    /// What an arrow key adds.
    #[must_use]
    pub const fn step(mut self, by: f64) -> Self {
        match &mut self.0.kind {
            Kind::Real { step, .. } => *step = by,
            Kind::Integer { step, .. } => *step = by as i64,
            _ => panic!("only a number has a step"),
        }
        self
    }

    /// A logarithmic track.
    #[must_use]
    pub const fn log(mut self) -> Self {
        if let Kind::Integer { log, .. } = &mut self.0.kind {
            *log = true;
            return self;
        }
        panic!("only a whole number has a logarithmic track");
    }

    /// It can be played, and then grows by so much in a second.
    #[must_use]
    pub const fn play(mut self, a_second: f64) -> Self {
        if let Kind::Integer { play, .. } = &mut self.0.kind {
            *play = a_second;
            return self;
        }
        panic!("only a whole number can be played");
    }

    /// The declaration.
    #[must_use]
    pub const fn keyed(mut self, key: &'static str) -> Control {
        self.0.key = key;
        self.0
    }
}

/// What a whole number is read as.
pub trait FromInteger: Sized {
    /// The number; 0 for one that does not fit, which a declared range rules out.
    fn from_integer(number: i64) -> Self;
}

macro_rules! from_integer {
    ($($number:ty),+) => {$(
        impl FromInteger for $number {
            fn from_integer(number: i64) -> Self {
                Self::try_from(number).unwrap_or(0)
            }
        }
    )+};
}

from_integer!(u8, u32, u64, usize, i64);

impl FromInteger for f64 {
    fn from_integer(number: i64) -> Self {
        number as Self
    }
}

/// Declares controls, and the struct that holds their values for the computation.
///
/// ```text
/// controls! {
///     /// The control values.
///     pub(super) struct Settings {
///         sigma_w: f64 = real(0.0..=20.0, 1.5).track(0.0, 4.0).step(0.05).name("weight scale").symbol("<mi>σ</mi>"),
///         depth: usize = int(1..=200, 20).log().play(4.0).name("layers"),
///         map: MapKind = choice(MAPS).name("the map shows").on("phase"),
///         train: bool = switch(&[("off", "off"), ("on", "on")]).name("training"),
///         target: String = text("x^2", 80).name("polynomial").when("map", &["xi_c"]),
///         seed: u64 = seed(1),
///     }
/// }
/// ```
///
/// makes `CONTROLS: &[Control]`, in this order, with the fields' names as keys, and `impl From<&Values> for Settings`, which
/// cannot fail: values are always valid. A [`Part`](crate::kit::Part) can carry such a struct to another core.
#[macro_export]
macro_rules! controls {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($key:ident: $kind:ty = $maker:ident($($argument:expr),*) $(.$method:ident($($more:expr),*))*),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[allow(unreachable_pub, reason = "an exhibit's own, named by its trait")]
        $vis struct $name {
            $(#[allow(missing_docs, reason = "the declaration says it")] $vis $key: $kind,)+
        }

        /// Every control, in the order of the page.
        #[allow(unreachable_pub, reason = "as visible as the struct")]
        $vis const CONTROLS: &[$crate::kit::Control] = &[
            $($crate::controls!(@spec $maker($($argument),*))$(.$method($($more),*))*.keyed(stringify!($key))),+
        ];

        impl From<&$crate::kit::Values> for $name {
            fn from(values: &$crate::kit::Values) -> Self {
                Self { $($key: $crate::controls!(@read values, stringify!($key), $kind, $maker($($argument),*))),+ }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let texts = [$($crate::controls!(@write self.$key, $maker($($argument),*))),+];
                serde::Serialize::serialize(&texts[..], serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let texts = <Vec<String> as serde::Deserialize>::deserialize(deserializer)?;
                let mut texts = texts.into_iter();
                $(
                    let text = texts.next().unwrap_or_default();
                    let $key = $crate::controls!(@parse text, $kind, $maker($($argument),*));
                )+
                Ok(Self { $($key),+ })
            }
        }
    };
    (@write $value:expr, choice($table:expr)) => { $table.key_of($value).to_owned() };
    (@write $value:expr, switch($options:expr)) => { $options[usize::from($value)].0.to_owned() };
    (@write $value:expr, $maker:ident($($argument:expr),*)) => { $value.to_string() };
    (@parse $text:ident, $kind:ty, choice($table:expr)) => { $table.chosen(&$text) };
    (@parse $text:ident, $kind:ty, switch($options:expr)) => { $text == $options[1].0 };
    (@parse $text:ident, $kind:ty, text($($argument:expr),*)) => { $text };
    (@parse $text:ident, $kind:ty, $maker:ident($($argument:expr),*)) => { $text.parse::<$kind>().unwrap_or_default() };
    (@spec choice($table:expr)) => {{
        const PAIRS: &[(&str, &str)] = &$table.pairs();
        $crate::kit::choice(PAIRS)
    }};
    (@spec $maker:ident($($argument:expr),*)) => { $crate::kit::$maker($($argument),*) };
    (@read $values:ident, $key:expr, $kind:ty, choice($table:expr)) => { $table.chosen($values.choice($key)) };
    (@read $values:ident, $key:expr, $kind:ty, real($($argument:expr),*)) => { $values.real($key) };
    (@read $values:ident, $key:expr, $kind:ty, text($($argument:expr),*)) => { $values.text($key) };
    (@read $values:ident, $key:expr, $kind:ty, switch($options:expr)) => { $values.choice($key) == $options[1].0 };
    (@read $values:ident, $key:expr, $kind:ty, $maker:ident($($argument:expr),*)) => {
        <$kind as $crate::kit::FromInteger>::from_integer($values.integer($key))
    };
}
