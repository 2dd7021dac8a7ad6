//! Readouts: four digits to read, all of them to copy.

use exhibits::declaration::ReadoutSpec;
use leptos::prelude::*;
use protocol::Readout;

use crate::dom;
use crate::lab::Lab;
use crate::math;

/// All readouts that the address does not leave out.
pub(crate) fn readouts(lab: Lab) -> AnyView {
    let one = |spec: &'static ReadoutSpec| {
        let shown = Memo::new(move |_| lab.link.with(|l| crate::page::part::shows_readout(l, spec)));
        move || shown.get().then(|| readout(lab, spec))
    };
    view! {
        <div class="readouts" role="group" aria-label="Readouts">
            {lab.exhibit.readouts.iter().map(one).collect::<Vec<_>>()}
        </div>
    }
    .into_any()
}

fn readout(lab: Lab, spec: &'static ReadoutSpec) -> AnyView {
    let value = Memo::new(move |_| lab.readouts.with(|all| all.iter().find(|r| r.0 == spec.key).map(|r| r.1.clone())));
    let copy = move |_| {
        let full = value.get_untracked().as_ref().map(full).unwrap_or_default();
        if !full.is_empty() {
            dom::copy(&full.clone(), move |done| {
                lab.say(&if done { format!("Copied {full}") } else { format!("The browser forbids copying; it is {full}") });
            });
        }
    };
    let reason = Memo::new(move |_| match value.get() {
        Some(Readout::Undefined(reason)) => reason,
        _ => String::new(),
    });
    view! {
        <button
            type="button"
            class="readout"
            data-readout=spec.key
            data-value=move || value.get().as_ref().map(full).unwrap_or_default()
            title=move || title(spec, value.get().as_ref())
            on:click=copy
        >
            <span class="readout-name">
                <span class="symbol" inner_html=math::inline(spec.symbol)></span>
                <span class="name" inner_html=math::prose(spec.name)></span>
            </span>
            <output class="readout-value">{move || value.get().as_ref().map_or_else(|| "…".into(), short)}</output>
            <span class="readout-reason" hidden=move || reason.with(String::is_empty) inner_html=move || {
                math::prose(&reason.get())
            }></span>
        </button>
    }
    .into_any()
}

fn title(spec: &ReadoutSpec, value: Option<&Readout>) -> String {
    match value {
        Some(Readout::Undefined(reason)) => format!("{} — {reason}", spec.help),
        Some(_) => format!("{}. Click to copy all digits.", spec.help),
        None => spec.help.to_owned(),
    }
}

/// As it is read.
fn short(value: &Readout) -> String {
    match value {
        Readout::Number(x) => figures::format_number(*x),
        Readout::Infinite => "∞".into(),
        Readout::Undefined(_) => "—".into(),
        Readout::Text(text) => text.clone(),
    }
}

/// As scripts read it: all digits, `inf`, or nothing.
pub(crate) fn full(value: &Readout) -> String {
    match value {
        Readout::Number(x) => format!("{x}"),
        Readout::Infinite => "inf".into(),
        Readout::Undefined(_) => String::new(),
        Readout::Text(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_read_all_digits() {
        assert_eq!(full(&Readout::Number(1.0 / 3.0)).parse::<f64>().unwrap(), 1.0 / 3.0);
        assert_eq!((full(&Readout::Infinite), full(&Readout::Undefined("x".into()))), ("inf".into(), String::new()));
    }

    #[test]
    fn people_read_four_digits() {
        assert_eq!(short(&Readout::Number(1.395_583_975)), "1.396");
        assert_eq!((short(&Readout::Infinite), short(&Readout::Undefined("x".into()))), ("∞".into(), "—".into()));
    }
}
