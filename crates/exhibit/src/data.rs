//! A declaration as lines of text: a word or number on each, a list after its length, what is one of several after its name.
//! The page that reads it is downloaded, so that this is the smallest reader, not the most general.

use std::str::Split;

use crate::declaration::{Control, Exhibit, FigureSpec, Kind, Place, Preset, ReadoutSpec};
use crate::number::number_from_text;

/// Why a declaration cannot be written, or a text is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// A word of the declaration is two lines.
    #[error("a text of the declaration has a line break")]
    LineBreak,
    /// Not what was written by [`text_from_exhibit`].
    #[error("the declaration in this page cannot be read")]
    Unreadable,
}

/// An exhibit's declaration, but for the words that are markup in its page.
///
/// # Errors
/// [`DataError::LineBreak`].
pub fn text_from_exhibit(exhibit: &Exhibit) -> Result<String, DataError> {
    let mut lines = Vec::new();
    exhibit.write(&mut lines);
    if lines.iter().any(|line| line.contains(['\n', '\r'])) { Err(DataError::LineBreak) } else { Ok(lines.join("\n")) }
}

/// What [`text_from_exhibit`] wrote. It stays for as long as the program runs.
///
/// # Errors
/// [`DataError::Unreadable`] for any other text.
pub fn exhibit_from_text(text: String) -> Result<&'static Exhibit, DataError> {
    let mut lines = String::leak(text).split('\n');
    let exhibit = Exhibit::read(&mut lines).filter(|_| lines.next().is_none()).ok_or(DataError::Unreadable)?;
    Ok(Box::leak(Box::new(exhibit)))
}

type Lines = Split<'static, char>;

/// What is written as lines.
trait Data: Sized + 'static {
    fn write(&self, lines: &mut Vec<String>);
    fn read(lines: &mut Lines) -> Option<Self>;
}

impl Data for &'static str {
    fn write(&self, lines: &mut Vec<String>) {
        lines.push((*self).to_owned());
    }

    fn read(lines: &mut Lines) -> Option<Self> {
        lines.next()
    }
}

impl Data for f64 {
    /// `Display` of an `f64` is the shortest decimal that reads back as the same number.
    fn write(&self, lines: &mut Vec<String>) {
        lines.push(self.to_string());
    }

    fn read(lines: &mut Lines) -> Option<Self> {
        number_from_text(lines.next()?)
    }
}

/// Numbers that a double holds exactly.
macro_rules! whole_number {
    ($($number:ty),*) => {
        $(impl Data for $number {
            fn write(&self, lines: &mut Vec<String>) {
                lines.push(self.to_string());
            }

            fn read(lines: &mut Lines) -> Option<Self> {
                Some(f64::read(lines)? as Self)
            }
        })*
    };
}

whole_number!(i64, u32, usize);

impl Data for bool {
    fn write(&self, lines: &mut Vec<String>) {
        usize::from(*self).write(lines);
    }

    fn read(lines: &mut Lines) -> Option<Self> {
        Some(usize::read(lines)? == 1)
    }
}

impl<A: Data, B: Data> Data for (A, B) {
    fn write(&self, lines: &mut Vec<String>) {
        self.0.write(lines);
        self.1.write(lines);
    }

    fn read(lines: &mut Lines) -> Option<Self> {
        Some((A::read(lines)?, B::read(lines)?))
    }
}

impl<T: Data> Data for &'static [T] {
    fn write(&self, lines: &mut Vec<String>) {
        self.len().write(lines);
        self.iter().for_each(|item| item.write(lines));
    }

    fn read(lines: &mut Lines) -> Option<Self> {
        let length = usize::read(lines)?;
        let mut items = Vec::new();
        for _ in 0..length {
            items.push(T::read(lines)?);
        }
        Some(items.leak())
    }
}

impl<T: Data> Data for Option<T> {
    fn write(&self, lines: &mut Vec<String>) {
        self.is_some().write(lines);
        self.iter().for_each(|item| item.write(lines));
    }

    fn read(lines: &mut Lines) -> Option<Self> {
        if bool::read(lines)? { T::read(lines).map(Some) } else { Some(None) }
    }
}

impl Data for Place {
    fn write(&self, lines: &mut Vec<String>) {
        let (place, name) = match self {
            Self::Main => ("main", ""),
            Self::Group(name) => ("group", *name),
            Self::Figure(id) => ("figure", *id),
            Self::Drawn(id) => ("drawn", *id),
            Self::Files => ("files", ""),
        };
        (place, name).write(lines);
    }

    fn read(lines: &mut Lines) -> Option<Self> {
        match (lines.next()?, lines.next()?) {
            ("main", _) => Some(Self::Main),
            ("group", name) => Some(Self::Group(name)),
            ("figure", id) => Some(Self::Figure(id)),
            ("drawn", id) => Some(Self::Drawn(id)),
            ("files", _) => Some(Self::Files),
            _ => None,
        }
    }
}

/// Fields in their order, and those that are left out.
macro_rules! record {
    ($name:ident { $($field:ident),* } $(without $($left_out:ident),*)?) => {
        impl Data for $name {
            fn write(&self, lines: &mut Vec<String>) {
                $(self.$field.write(lines);)*
            }

            fn read(lines: &mut Lines) -> Option<Self> {
                Some(Self { $($field: Data::read(lines)?,)* $($($left_out: &[],)*)? })
            }
        }
    };
}

/// The name of a variant, then its fields.
macro_rules! choice {
    ($name:ident { $($variant:ident $key:literal { $($field:ident),* }),* $(,)? }) => {
        impl Data for $name {
            fn write(&self, lines: &mut Vec<String>) {
                match self {
                    $(Self::$variant { $($field),* } => {
                        lines.push($key.to_owned());
                        $($field.write(lines);)*
                    })*
                }
            }

            fn read(lines: &mut Lines) -> Option<Self> {
                match lines.next()? {
                    $($key => Some(Self::$variant { $($field: Data::read(lines)?),* }),)*
                    _ => None,
                }
            }
        }
    };
}

record!(Exhibit { id, title, lecture, group, claim, controls, presets, figures, readouts }
    without to_try, formulas, assumptions, papers);
record!(Control { key, symbol, name, help, kind, place, when });
record!(Preset { key, name, help, values });
record!(FigureSpec { id, title, caption, main, aspect, when });
record!(ReadoutSpec { key, symbol, name, help });
choice!(Kind {
    Real "real" { min, max, track, step, default },
    Integer "integer" { min, max, step, default, log, play },
    Choice "choice" { options },
    Text "text" { default, max_chars },
    Seed "seed" { default },
});

#[cfg(test)]
mod tests {
    use super::*;

    const CONTROL: Control = Control {
        key: "sigma_w",
        symbol: "<msub><mi>σ</mi><mi>w</mi></msub>",
        name: "weight scale",
        help: "",
        kind: Kind::Real { min: 0.0, max: 1e-300, track: (-0.5, 0.1), step: 0.05, default: 1.0 / 3.0 },
        place: Place::Main,
        when: Some(("activation", &["erf", "tanh"])),
    };

    const EXHIBIT: Exhibit = Exhibit {
        id: "an-id",
        title: "Order & chaos",
        lecture: "",
        group: "tests",
        claim: "“a” < b",
        controls: &[
            CONTROL,
            Control {
                kind: Kind::Integer { min: -3, max: 1 << 52, step: 1, default: 7, log: true, play: 2.5 },
                place: Place::Group("Nets"),
                when: None,
                ..CONTROL
            },
            Control { kind: Kind::Choice { options: &[("erf", "erf"), ("tanh", "")] }, ..CONTROL },
            Control { kind: Kind::Text { default: "x^2", max_chars: 80 }, place: Place::Figure("map"), ..CONTROL },
            Control { kind: Kind::Seed { default: u32::MAX }, place: Place::Drawn("map"), ..CONTROL },
            Control { kind: Kind::Text { default: "", max_chars: 16 }, place: Place::Files, ..CONTROL },
        ],
        presets: &[Preset { key: "he", name: "He", help: "h", values: &[("sigma_w", "1.4142135623730951")] }],
        figures: &[FigureSpec { id: "map", title: "Map", caption: "c", main: true, aspect: 1.25, when: None }],
        readouts: &[],
        to_try: &[],
        formulas: &[],
        assumptions: &[],
        papers: &[],
    };

    #[test]
    fn what_is_written_is_read() {
        let text = text_from_exhibit(&EXHIBIT).expect("no line breaks");
        let read = exhibit_from_text(text).expect("what was written");
        assert_eq!(format!("{read:?}"), format!("{EXHIBIT:?}"));
    }

    #[test]
    fn what_is_cut_or_longer_is_refused() {
        let text = text_from_exhibit(&EXHIBIT).expect("no line breaks");
        let lines: Vec<&str> = text.split('\n').collect();
        for n_lines in 0..lines.len() {
            assert_eq!(exhibit_from_text(lines[..n_lines].join("\n")).err(), Some(DataError::Unreadable), "{n_lines}");
        }
        assert_eq!(exhibit_from_text(format!("{text}\n")).err(), Some(DataError::Unreadable));
        let broken = Exhibit { claim: "two\nlines", ..EXHIBIT };
        assert_eq!(text_from_exhibit(&broken), Err(DataError::LineBreak));
    }
}
