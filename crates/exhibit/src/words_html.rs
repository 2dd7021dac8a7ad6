//! The words of an exhibit: what to try, formulas, assumptions, papers, and a table of all controls. They do not change, so
//! they are markup in the exhibit's page.

use crate::declaration::{Control, Exhibit, Experiment, Formula, Kind, Paper};
use crate::prose::{block, escaped, inline, prose};

/// All of them.
#[must_use]
pub(crate) fn words_html(exhibit: &Exhibit) -> String {
    let mut html = String::new();
    let mut part = |heading: &str, opening: &str, items: Vec<String>, closing: &str| {
        if !items.is_empty() {
            html += &format!("<h2>{heading}</h2>{opening}{}{closing}", items.concat());
        }
    };
    let cards = exhibit.to_try.iter().map(|e| card(exhibit, e)).collect();
    part("What to try", "<ol class=\"cards\">", cards, "</ol>");
    part("Formulas", "<div class=\"formulas\">", exhibit.formulas.iter().map(formula).collect(), "</div>");
    let assumptions = exhibit.assumptions.iter().map(|text| format!("<li>{}</li>", prose(text)));
    part("What is assumed", "<ul class=\"plain\">", assumptions.collect(), "</ul>");
    part("Papers", "<ul class=\"plain\">", exhibit.papers.iter().map(paper).collect(), "</ul>");
    html + &keys(exhibit.controls)
}

fn card(exhibit: &Exhibit, experiment: &Experiment) -> String {
    let button = exhibit.preset(experiment.preset).map(|preset| {
        format!(
            "<button type=\"button\" class=\"quiet\" data-click data-setup=\"{}\" title=\"{}\">Set it up: {}</button>",
            preset.key,
            escaped(preset.help),
            prose(preset.name)
        )
    });
    format!(
        "<li class=\"card\"><p class=\"action\">{}</p><p>{}</p>{}</li>",
        prose(experiment.action),
        prose(experiment.observation),
        button.unwrap_or_default()
    )
}

fn formula(formula: &Formula) -> String {
    let name = escaped(formula.name);
    // A formula wider than the page scrolls, which the keyboard must reach.
    format!(
        "<div class=\"formula\"><h3>{name}</h3><div class=\"formula-body\" tabindex=\"0\" role=\"group\" aria-label=\"{name}\">\
         {}</div><p>{}</p></div>",
        block(formula.mathml),
        prose(formula.words)
    )
}

fn paper(paper: &Paper) -> String {
    format!(
        "<li>{}. <a href=\"{}\" rel=\"noopener\" target=\"_blank\">{}</a>. <em>{}</em>. <span class=\"used-for\">Here: {}.</span></li>",
        escaped(paper.authors),
        escaped(paper.url),
        escaped(paper.title),
        escaped(paper.venue),
        prose(paper.used_for)
    )
}

fn keys(controls: &[Control]) -> String {
    let row = |control: &Control| {
        format!(
            "<tr><th scope=\"row\">{} {}</th><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
            inline(control.symbol),
            prose(control.name),
            control.key,
            escaped(&range(&control.kind)),
            prose(control.help)
        )
    };
    format!(
        "<details class=\"keys\"><summary>All controls, their keys in an address, and what they do</summary>\
         <p>An address names what differs from the default, e.g. <code>{}</code>. Arrow keys step a slider, with shift finely; \
         Home and End go to its ends, a double-click resets it. A number may be typed as 0.5, 0,5, 1/3, √2, 10^-3, \
         pi/2 or 50%. In a figure the arrows read values; on its ring they move it.</p>\
         <div class=\"scroll\"><table><thead><tr><th scope=\"col\">Control</th><th scope=\"col\">Key</th>\
         <th scope=\"col\">Values</th><th scope=\"col\">What it does</th></tr></thead><tbody>{}</tbody></table></div></details>",
        escaped(&example(controls)),
        controls.iter().map(row).collect::<String>()
    )
}

fn example(controls: &[Control]) -> String {
    let value = |c: &Control| match c.kind {
        Kind::Real { track, .. } => Some(format!("{}={}", c.key, track.1 / 2.0)),
        _ => None,
    };
    format!("?{}", controls.iter().filter_map(value).take(2).collect::<Vec<_>>().join("&"))
}

fn range(kind: &Kind) -> String {
    match kind {
        Kind::Real { min, max, default, .. } => format!("{min} to {max}; default {default}"),
        Kind::Integer { min, max, default, .. } => format!("{min} to {max}; default {default}"),
        Kind::Choice { options } => options.iter().map(|o| o.0).collect::<Vec<_>>().join(", "),
        Kind::Text { default, .. } => format!("text; default {default}"),
        Kind::Seed { default } => format!("0 to {}; default {default}", u32::MAX),
    }
}
