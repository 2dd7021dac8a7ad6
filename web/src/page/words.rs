//! The words of an exhibit, which its page has in a template: what to try, formulas, assumptions, papers, all controls.

use leptos::prelude::*;

use crate::dom;
use crate::lab::Lab;
use crate::ui;

/// All of them.
pub(crate) fn words(lab: Lab) -> AnyView {
    let html = dom::template("words").map(|t| t.inner_html()).unwrap_or_default();
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
