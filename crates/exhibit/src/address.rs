//! Reading addresses, also those that mails, decks, trackers and hands have changed on the way.

use crate::backend::Backend;
use crate::complaint::ValueError;
use crate::declaration::{Exhibit, Kind};
use crate::foreign::is_foreign;
use crate::link::{Kept, Link, Theme};
use crate::prose::shortened;
use crate::query::{Part, parts};
use crate::reading::{self, Read};

/// The version of the address format.
const VERSION: &str = "1";
/// What an address says besides the values of controls. The command line reads `exhibit`; a page knows which one it is.
const OF_VIEW: [&str; 11] =
    ["preset", "exhibit", "v", "theme", "embed", "autoplay", "backend", "debug", "figure", "hide", "show"];
/// What sentences and markup leave at the end of an address that is pasted.
const JUNK: &str = ")]}>.,;:!?*|_/'\"`”’»…\\";
/// Most characters of it.
const MOST_JUNK: usize = 8;
/// Most characters of others in an address that stay there.
const MOST_KEPT: usize = 2000;
/// Unknown keys that are named; the others are counted.
const MOST_NAMED: usize = 3;

/// Why a part of an address was not taken; a clause that [`crate::prose::sentence`] makes a sentence.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AddressError {
    /// Of another version.
    #[error("this address is of version {got}, this page reads version {VERSION}")]
    Version {
        /// The version.
        got: String,
    },
    /// Not one of a few words.
    #[error("“{got}” is no choice of {key}; there are {known}")]
    Choice {
        /// The key.
        key: &'static str,
        /// What was written.
        got: String,
        /// The words that there are.
        known: &'static str,
    },
    /// A figure that is not there.
    #[error("there is no figure “{got}” here; there are {known}")]
    Figure {
        /// What was written.
        got: String,
        /// The ids of the figures that there are.
        known: String,
    },
    /// A part of the page that is not there.
    #[error("there is no control, readout or figure “{got}” to {key} here")]
    PartOfPage {
        /// `hide` or `show`.
        key: &'static str,
        /// What was written.
        got: String,
    },
    /// Keys that mean nothing here.
    #[error("there is no control {keys} here")]
    Unknown {
        /// The first of them, in quotes, and how many more there are.
        keys: String,
    },
    /// A control's value.
    #[error("{0}")]
    Value(#[from] ValueError),
}

/// An address that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// What it says.
    pub link: Link,
    /// What of it was not taken.
    pub errors: Vec<AddressError>,
    /// What was read where that is not to be seen: `sigma_b: read “0,3” as 0.3`.
    pub echoes: Vec<String>,
}

impl Link {
    /// Reads a query string, with or without its question mark, and the fragment behind it. What cannot be read is named in
    /// a clause and otherwise has no effect.
    #[must_use]
    pub fn from_query(exhibit: &'static Exhibit, query: &str) -> (Self, Vec<String>) {
        let opened = Self::open(exhibit, query);
        (opened.link, opened.errors.iter().map(ToString::to_string).collect())
    }

    /// Reads a query string and the fragment behind it. A preset is taken first, whatever its position; of a key that is
    /// there twice the last one counts. Keys may be typed freely ([`Exhibit::control_typed`]); what a sentence has left at
    /// the end of a value is passed over. What belongs to others is kept: in silence if its key is one of
    /// those that trackers and hosts are known to write, else named, but not on a slide.
    #[must_use]
    pub fn open(exhibit: &'static Exhibit, query: &str) -> Opened {
        let mut opened = Opened { link: Self::new(exhibit), errors: Vec::new(), echoes: Vec::new() };
        let (mut parts, of_fragment, fragment) = parts(query);
        if of_fragment.iter().any(|part| meaning(exhibit, &part.key).is_some()) {
            parts.extend(of_fragment);
        } else {
            opened.link.kept.fragment = fragment;
        }
        let mut meant: Vec<(&'static str, &Part)> = Vec::new();
        let mut others = Vec::new();
        for part in &parts {
            match meaning(exhibit, &part.key) {
                Some(key) => {
                    // Both of two lists are meant.
                    meant.retain(|(before, _)| *before != key || matches!(key, "hide" | "show"));
                    meant.push((key, part));
                }
                None => others.push(part),
            }
        }
        for is_preset in [true, false] {
            for (key, part) in meant.iter().filter(|(key, _)| (*key == "preset") == is_preset) {
                opened.take(key, part);
            }
        }
        opened.keep(&others);
        opened
    }
}

impl Opened {
    fn take(&mut self, key: &'static str, part: &Part) {
        let link = &mut self.link;
        let control = link.values.exhibit().control(key).filter(|_| !OF_VIEW.contains(&key));
        let text = match control.map(|control| &control.kind) {
            None | Some(Kind::Choice { .. }) => part.text(),
            Some(Kind::Text { .. }) => part.formula(),
            Some(Kind::Real { .. } | Kind::Integer { .. } | Kind::Seed { .. }) => part.number(),
        };
        let mut result = link.take(key, &text);
        let mut shorter = text.as_str();
        for _ in 0..MOST_JUNK {
            let cut = shorter.trim_end().strip_suffix(|c| JUNK.contains(c));
            let Some(cut) = cut.filter(|_| result.as_ref().is_err_and(|error| !is_taken(error))) else { break };
            shorter = cut;
            match link.take(key, shorter) {
                Err(error) if !is_taken(&error) => {}
                better => result = better,
            }
        }
        match result {
            Ok(Some(read)) => self.echoes.extend(read.echo(shorter).map(|echo| format!("{key}: {echo}"))),
            Ok(None) => {}
            Err(error) => self.errors.push(error),
        }
    }

    /// Keeps what means nothing here.
    fn keep(&mut self, others: &[&Part]) {
        let Kept { query, .. } = &mut self.link.kept;
        let mut unknown: Vec<&str> = Vec::new();
        let mut n_more = 0;
        for part in others {
            let raw = part.kept();
            if query.len() + raw.len() < MOST_KEPT {
                query.push_str(if query.is_empty() { "" } else { "&" });
                query.push_str(&raw);
            }
            let is_new = !part.key.is_empty() && !is_foreign(&part.key) && !unknown.contains(&part.key.as_str());
            if is_new && unknown.len() < MOST_NAMED {
                unknown.push(&part.key);
            } else {
                n_more += usize::from(is_new);
            }
        }
        // On a slide nobody can mend it.
        if !unknown.is_empty() && !self.link.view.embed {
            let quoted = unknown.iter().map(|key| format!("“{}”", shortened(key)));
            let more = Some(format!("{n_more} more")).filter(|_| n_more > 0);
            let keys = quoted.chain(more).collect::<Vec<_>>().join(" or ");
            self.errors.push(AddressError::Unknown { keys });
        }
    }
}

/// The key of the view or of a control that a typed key means.
fn meaning(exhibit: &'static Exhibit, key: &str) -> Option<&'static str> {
    let of_view = |wanted: &str| OF_VIEW.into_iter().find(|known| *known == wanted);
    of_view(key)
        .or_else(|| exhibit.control_typed(key).map(|control| control.key))
        .or_else(|| of_view(&reading::key(key)))
}

/// Whether a value was taken all the same.
fn is_taken(error: &AddressError) -> bool {
    matches!(error, AddressError::Value(ValueError::OutOfRange { .. }))
}

impl Link {
    fn take(&mut self, key: &'static str, text: &str) -> Result<Option<Read>, AddressError> {
        let not_one_of = |known| AddressError::Choice { key, got: shortened(text), known };
        let exhibit = self.values.exhibit();
        let word = || reading::key(text);
        match key {
            "preset" => self.values.set_preset_by_key(text)?,
            "exhibit" => {}
            "v" if text == VERSION => {}
            "v" => return Err(AddressError::Version { got: shortened(text) }),
            "theme" => {
                let word = word();
                let theme = Theme::ALL.into_iter().find(|t| t.key() == word);
                self.view.theme = theme.ok_or_else(|| not_one_of("light, dark, projector, system"))?;
            }
            "embed" => self.view.embed = flag(&word()).ok_or_else(|| not_one_of("0, 1"))?,
            "autoplay" => self.view.autoplay = flag(&word()).ok_or_else(|| not_one_of("0, 1"))?,
            "backend" => self.view.backend = Backend::from_key(&word()).ok_or_else(|| not_one_of("auto, cpu, gpu"))?,
            "debug" => self.view.debug = text.to_owned(),
            "figure" => {
                let (known, unknown) = listed(text, |id| exhibit.figure(id).is_some());
                self.view.figure = known;
                if let Some(got) = unknown {
                    let known: Vec<_> = exhibit.figures.iter().map(|f| f.id).collect();
                    return Err(AddressError::Figure { got, known: known.join(", ") });
                }
            }
            "hide" | "show" => {
                let is_group = |k: &str| key == "hide" && matches!(k, "controls" | "readouts");
                let (known, unknown) = listed(text, |k| is_group(k) || is_part(exhibit, k));
                let list = if key == "hide" { &mut self.view.hide } else { &mut self.view.show };
                for part in known {
                    if !list.contains(&part) {
                        list.push(part);
                    }
                }
                if let Some(got) = unknown {
                    return Err(AddressError::PartOfPage { key, got });
                }
            }
            _ => return Ok(Some(self.values.set_text(key, text)?)),
        }
        Ok(None)
    }
}

/// The items of a list that are known, without what a sentence left behind them, and the first one that is not.
fn listed(text: &str, is_known: impl Fn(&str) -> bool) -> (Vec<String>, Option<String>) {
    let (mut known, mut unknown) = (Vec::new(), None);
    for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
        let cut = item.trim_end_matches(|c| JUNK.contains(c));
        if let Some(found) = [item, cut].into_iter().find(|item| is_known(item)) {
            known.push(found.to_owned());
        } else if !cut.is_empty() {
            unknown.get_or_insert_with(|| shortened(item));
        }
    }
    (known, unknown)
}

fn is_part(exhibit: &Exhibit, key: &str) -> bool {
    exhibit.control(key).is_some() || exhibit.figure(key).is_some() || exhibit.readouts.iter().any(|r| r.key == key)
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "1" | "true" | "" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}
