//! The page on paper: all its figures, in ink on white, the values of its controls, and its address.

use exhibit::declaration::{Control, Kind, Place};
use exhibit::prose;
use leptos::prelude::*;

use super::painting::Paper;
use super::store::Lab;
use crate::dom;
use crate::visible;

/// How often it is looked whether all figures are there, in milliseconds, and how many times.
const LOOK_MILLIS: i32 = 100;
const MOST_LOOKS: u32 = 600;

impl Lab {
    /// Computes all figures, and opens the browser's dialogue when they are there.
    pub(crate) fn print(self) {
        self.say("Computing all figures for paper…");
        self.repaint(|painting| painting.set_paper(Paper::Wanted));
        self.print_when_done(MOST_LOOKS);
    }

    fn print_when_done(self, looks: u32) {
        dom::after(LOOK_MILLIS, move || {
            if looks > 0 && !self.is_up_to_date() {
                self.print_when_done(looks - 1);
            } else if let Some(window) = dom::window() {
                // A frame without leave to open dialogues opens none.
                let _opened = window.print();
            }
        });
    }

    /// The browser is about to print, or has.
    pub(crate) fn set_on_paper(self, is_on_paper: bool) {
        self.repaint(|painting| painting.set_paper(if is_on_paper { Paper::Printed } else { Paper::No }));
        if let Some(values) = dom::document().and_then(|d| d.get_element_by_id("paper")) {
            values.set_inner_html(&if is_on_paper { self.paper_html() } else { String::new() });
        }
    }

    /// The controls that the page shows, and its address.
    fn paper_html(self) -> String {
        let html = self.link.try_with_untracked(|link| {
            let is_told =
                |control: &&Control| !matches!(control.place, Place::Drawn(_)) && visible::shows(link, control);
            let shown = self.exhibit.controls.iter().filter(is_told);
            let item = |c: &Control| {
                let text = link.values.text(c.key);
                let value = match c.kind {
                    Kind::Choice { options } => options.iter().find(|o| o.0 == text).map_or("", |o| o.1).to_owned(),
                    Kind::Text { .. } => text,
                    _ => text.replace('-', "−"),
                };
                let name = format!("{} {}", prose::prose(c.name), prose::inline(c.symbol));
                format!("<li>{}: {}</li>", name.trim_end(), prose::escaped(&value))
            };
            shown.map(item).collect::<String>()
        });
        format!("<ul>{}</ul><p>{}</p>", html.unwrap_or_default(), prose::escaped(&self.address()))
    }
}
