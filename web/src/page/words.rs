//! The words of an exhibit: what to try, formulas, assumptions, papers, and a table of all controls.

use exhibits::declaration::{Control, Experiment, Formula, Kind, Paper};
use leptos::prelude::*;

use crate::lab::Lab;
use crate::math::{block, inline, prose};

/// All of them.
pub(crate) fn words(lab: Lab) -> AnyView {
    let exhibit = lab.exhibit;
    view! {
        <section class="words" aria-label="Explanations">
            {(!exhibit.to_try.is_empty()).then(|| to_try(lab))}
            {(!exhibit.formulas.is_empty()).then(|| formulas(exhibit.formulas))}
            {(!exhibit.assumptions.is_empty()).then(|| assumptions(exhibit.assumptions))}
            {(!exhibit.papers.is_empty()).then(|| papers(exhibit.papers))}
            {keys(exhibit.controls)}
        </section>
    }
    .into_any()
}

fn to_try(lab: Lab) -> AnyView {
    let card = move |experiment: &'static Experiment| {
        let preset = lab.exhibit.preset(experiment.preset);
        let button = preset.map(|preset| {
            let go = move |_| {
                lab.take_preset(preset);
                scroll_to_top();
            };
            view! {
                <button type="button" class="quiet" on:click=go title=preset.help>
                    "Set it up: "
                    <span inner_html=prose(preset.name)></span>
                </button>
            }
        });
        view! {
            <li class="card">
                <p class="action" inner_html=prose(experiment.action)></p>
                <p inner_html=prose(experiment.observation)></p>
                {button}
            </li>
        }
    };
    view! {
        <h2>"What to try"</h2>
        <ol class="cards">{lab.exhibit.to_try.iter().map(card).collect::<Vec<_>>()}</ol>
    }
    .into_any()
}

/// So that what was set up is in view; without motion for those who want none.
fn scroll_to_top() {
    if let Some(window) = crate::dom::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

fn formulas(formulas: &'static [Formula]) -> AnyView {
    let one = |formula: &'static Formula| {
        view! {
            <div class="formula">
                <h3>{formula.name}</h3>
                <div class="formula-body" tabindex="0" role="group" aria-label=formula.name inner_html=block(formula.mathml)></div>
                <p inner_html=prose(formula.words)></p>
            </div>
        }
    };
    view! {
        <h2>"Formulas"</h2>
        <div class="formulas">{formulas.iter().map(one).collect::<Vec<_>>()}</div>
    }
    .into_any()
}

fn assumptions(assumptions: &'static [&'static str]) -> AnyView {
    let one = |text: &'static str| view! { <li inner_html=prose(text)></li> };
    view! {
        <h2>"What is assumed"</h2>
        <ul class="plain">{assumptions.iter().copied().map(one).collect::<Vec<_>>()}</ul>
    }
    .into_any()
}

fn papers(papers: &'static [Paper]) -> AnyView {
    let one = |paper: &'static Paper| {
        view! {
            <li>
                {paper.authors}
                ". "
                <a href=paper.url rel="noopener" target="_blank">{paper.title}</a>
                ". "
                <em>{paper.venue}</em>
                ". "
                <span class="used-for">{format!("Here: {}.", paper.used_for)}</span>
            </li>
        }
    };
    view! {
        <h2>"Papers"</h2>
        <ul class="plain papers">{papers.iter().map(one).collect::<Vec<_>>()}</ul>
    }
    .into_any()
}

fn keys(controls: &'static [Control]) -> AnyView {
    let one = |control: &'static Control| {
        view! {
            <tr>
                <th scope="row">
                    <span inner_html=inline(control.symbol)></span>
                    " "
                    {control.name}
                </th>
                <td><code>{control.key}</code></td>
                <td>{range(&control.kind)}</td>
                <td inner_html=prose(control.help)></td>
            </tr>
        }
    };
    view! {
        <details class="keys">
            <summary>"All controls, their keys in an address, and what they do"</summary>
            <p>
                "An address names what differs from the default, e.g. "
                <code>{example(controls)}</code>
                ". Keys: arrows step a slider, with shift finely; Home and End go to its ends; a double-click resets it. \
                 In a figure, arrows read values; on its ring they move it."
            </p>
            <div class="scroll">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Control"</th>
                            <th scope="col">"Key"</th>
                            <th scope="col">"Values"</th>
                            <th scope="col">"What it does"</th>
                        </tr>
                    </thead>
                    <tbody>{controls.iter().map(one).collect::<Vec<_>>()}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
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
        Kind::Seed { default } => format!("0 to {}; default {default}", u32::MAX),
    }
}
