//! The words of an exhibit, which its page has in a template: what to try, formulas, assumptions, papers, all controls.

use leptos::prelude::*;

use crate::dom;
use crate::lab::Lab;
use crate::ui;

/// All of them.
pub(crate) fn words(lab: Lab) -> AnyView {
    let template = dom::document().and_then(|d| d.get_element_by_id("words")).map(|t| t.inner_html());
    let id = lab.exhibit.id;
    // The root page can show an exhibit too, and has no words.
    let html = template.unwrap_or_else(|| format!("<p><a href=\"{id}/\">What to try, formulas, papers</a></p>"));
    ui::live_clicked(
        "words",
        "",
        move || html.clone(),
        move |hit| {
            let preset = hit.get_attribute("data-setup").and_then(|key| lab.exhibit.preset(&key));
            if let Some(preset) = preset {
                lab.take_preset(preset);
                // So that what was set up is in view.
                if let Some(window) = dom::window() {
                    window.scroll_to_with_x_and_y(0.0, 0.0);
                }
            }
        },
    )
}
