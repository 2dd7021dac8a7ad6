//! The address of an exhibit: `?sigma_w=1.5&activation=tanh&seed=7`. It holds what differs from the default, and
//! nothing else.

use crate::backend::Backend;
use crate::declaration::Exhibit;
use crate::values::{Values, shortened};

/// Everything an address can say.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The control values.
    pub values: Values,
    /// How the page shows itself.
    pub view: PageView,
}

/// How the page shows itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageView {
    /// `light`, `dark`, `projector`, or `system` when not given.
    pub theme: Theme,
    /// Figures and controls only, for a slide.
    pub embed: bool,
    /// Keys of controls, readouts and figures to leave out; `controls` and `readouts` stand for all of them.
    pub hide: Vec<String>,
    /// Keys of controls, readouts and figures to show alone; empty for all.
    pub show: Vec<String>,
    /// The figures to show, whatever is hidden; empty for all.
    pub figure: Vec<String>,
    /// Whether to start what can be started.
    pub autoplay: bool,
    /// Which hardware.
    pub backend: Backend,
    /// `panic`, `panic-in-pool` and `hang` make a worker fail once, so that the recovery can be seen; `bench` times the tasks of the bench
    /// and a drag, `drag` the drag alone.
    pub debug: String,
}

/// The page's colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system is set.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// Black on white, strong lines, large type.
    Projector,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::System, Self::Light, Self::Dark, Self::Projector];

    /// As written in an address.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Projector => "projector",
        }
    }
}

/// The version of the address format.
const VERSION: &str = "1";

impl Link {
    /// Every control at its default, the whole page.
    #[must_use]
    pub fn new(exhibit: &'static Exhibit) -> Self {
        Self { values: Values::defaults(exhibit), view: PageView::default() }
    }

    /// Reads a query string, with or without its question mark. What cannot be read is named in a sentence and
    /// otherwise has no effect; a preset is taken first, whatever its position.
    #[must_use]
    pub fn from_query(exhibit: &'static Exhibit, query: &str) -> (Self, Vec<String>) {
        let mut link = Self::new(exhibit);
        let mut notes = Vec::new();
        let pairs = pairs_from_query(query);
        for (_, key) in pairs.iter().filter(|(k, _)| k == "preset") {
            notes.extend(link.values.set_preset_by_key(key).err().map(|e| e.to_string()));
        }
        for (key, text) in &pairs {
            if let Err(note) = link.take(key, text) {
                notes.push(note);
            }
        }
        (link, notes)
    }

    fn take(&mut self, key: &str, text: &str) -> Result<(), String> {
        let list = || text.split(',').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect::<Vec<_>>();
        let not_one_of = |known: &str| format!("“{}” is no choice of {key}; there are {known}", shortened(text));
        match key {
            "preset" => {}
            // The command line reads it; a page knows which exhibit it is.
            "exhibit" => {}
            "v" if text == VERSION => {}
            "v" => {
                return Err(format!(
                    "this address is of version {}, this page reads version {VERSION}",
                    shortened(text)
                ));
            }
            "theme" => {
                let theme = Theme::ALL.into_iter().find(|t| t.key() == text);
                self.view.theme = theme.ok_or_else(|| not_one_of("light, dark, projector, system"))?;
            }
            "embed" => self.view.embed = flag(text).ok_or_else(|| not_one_of("0, 1"))?,
            "autoplay" => self.view.autoplay = flag(text).ok_or_else(|| not_one_of("0, 1"))?,
            "backend" => self.view.backend = Backend::from_key(text).ok_or_else(|| not_one_of("auto, cpu, gpu"))?,
            "debug" => self.view.debug = text.to_owned(),
            "figure" => {
                let exhibit = self.values.exhibit();
                let (known, unknown): (Vec<_>, Vec<_>) =
                    list().into_iter().partition(|id| exhibit.figure(id).is_some());
                self.view.figure = known;
                if let Some(first) = unknown.first() {
                    let known: Vec<_> = exhibit.figures.iter().map(|f| f.id).collect();
                    return Err(format!(
                        "there is no figure “{}” here; there are {}",
                        shortened(first),
                        known.join(", ")
                    ));
                }
            }
            "hide" | "show" => {
                let is_group = |k: &str| key == "hide" && matches!(k, "controls" | "readouts");
                let (known, unknown): (Vec<_>, Vec<_>) =
                    list().into_iter().partition(|k| is_group(k) || self.is_part(k));
                if key == "hide" {
                    self.view.hide.extend(known);
                } else {
                    self.view.show.extend(known);
                }
                if let Some(first) = unknown.first() {
                    return Err(format!("there is no control, readout or figure “{}” to {key} here", shortened(first)));
                }
            }
            _ => return self.values.set_text(key, text).map_err(|e| e.to_string()),
        }
        Ok(())
    }

    fn is_part(&self, key: &str) -> bool {
        let exhibit = self.values.exhibit();
        exhibit.control(key).is_some() || exhibit.figure(key).is_some() || exhibit.readouts.iter().any(|r| r.key == key)
    }

    /// The query string without its question mark; empty when everything is at its default.
    #[must_use]
    pub fn to_query(&self) -> String {
        let mut pairs: Vec<(&str, String)> = self.values.changed();
        let view = &self.view;
        let mut push = |key, wanted: bool, text: &str| {
            if wanted {
                pairs.push((key, text.to_owned()));
            }
        };
        push("theme", view.theme != Theme::System, view.theme.key());
        push("embed", view.embed, "1");
        push("autoplay", view.autoplay, "1");
        push("backend", view.backend != Backend::Auto, view.backend.key());
        push("figure", !view.figure.is_empty(), &view.figure.join(","));
        push("hide", !view.hide.is_empty(), &view.hide.join(","));
        push("show", !view.show.is_empty(), &view.show.join(","));
        let written: Vec<String> = pairs.iter().map(|(k, v)| format!("{k}={}", escaped(v))).collect();
        written.join("&")
    }

    /// Whether a control, readout or figure is shown.
    #[must_use]
    pub fn shows(&self, key: &str) -> bool {
        let figure = self.values.exhibit().figure(key);
        let is_chosen = figure.is_some() && self.view.figure.iter().any(|id| id == key);
        let alone = figure.is_none() || self.view.figure.is_empty() || is_chosen;
        let listed = self.view.show.is_empty()
            || self.view.show.iter().any(|k| k == key)
            || !self.view.show.iter().any(|k| self.same_kind(k, key));
        let holds = figure.is_none_or(|f| self.values.holds(f.when));
        let group = if self.values.exhibit().control(key).is_some() { "controls" } else { "" };
        let is_hidden = self.view.hide.iter().any(|k| k == key || k == group);
        alone && holds && (is_chosen || (listed && !is_hidden))
    }

    /// `show=sigma_w` leaves out the other controls, and no figure.
    fn same_kind(&self, a: &str, b: &str) -> bool {
        let exhibit = self.values.exhibit();
        let kind = |key: &str| (exhibit.control(key).is_some(), exhibit.figure(key).is_some());
        kind(a) == kind(b)
    }
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "1" | "true" | "" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}

/// The keys and values of a query string, unescaped.
#[must_use]
pub fn pairs_from_query(query: &str) -> Vec<(String, String)> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let query = query.split('#').next().unwrap_or("");
    let parts = query.split('&').filter(|p| !p.is_empty());
    parts
        .map(|p| match p.split_once('=') {
            Some((key, value)) => (unescaped(key), unescaped(value)),
            None => (unescaped(p), String::new()),
        })
        .collect()
}

fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = bytes.get(i + 1..i + 3).and_then(|h| std::str::from_utf8(h).ok());
        match (bytes[i], hex.and_then(|h| u8::from_str_radix(h, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                i += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~,".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _infallible = write!(out, "%{byte:02X}");
        }
    }
    out
}
