//! The address of an exhibit: `?sigma_w=1.5&activation=tanh&seed=7`. It holds what differs from the default, and
//! nothing else.

use crate::backend::Backend;
use crate::declaration::Exhibit;
use crate::query::escaped;
use crate::values::Values;

/// Everything an address can say.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The control values.
    pub values: Values,
    /// How the page shows itself.
    pub view: PageView,
    /// What others have written into the address.
    pub kept: Kept,
}

/// Parts of an address that mean nothing here, such as `utm_source=…` of a newsletter or a host's token: they stay in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Parts of the query as they were, with `&` between them.
    pub query: String,
    /// What stood behind `#`.
    pub fragment: String,
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

impl Link {
    /// Every control at its default, the whole page.
    #[must_use]
    pub fn new(exhibit: &'static Exhibit) -> Self {
        Self { values: Values::defaults(exhibit), view: PageView::default(), kept: Kept::default() }
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
        let mut written: Vec<String> = pairs.iter().map(|(k, v)| format!("{k}={}", escaped(v))).collect();
        written.extend(Some(self.kept.query.clone()).filter(|kept| !kept.is_empty()));
        written.join("&")
    }

    /// The address on a page, which is given without query and fragment.
    #[must_use]
    pub fn address(&self, page: &str) -> String {
        let part = |sign: &str, text: &str| if text.is_empty() { String::new() } else { format!("{sign}{text}") };
        format!("{page}{}{}", part("?", &self.to_query()), part("#", &self.kept.fragment))
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
