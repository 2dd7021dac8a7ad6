//! Readouts: four digits to read, all of them to copy.

use exhibit::declaration::ReadoutSpec;
use exhibit::prose;
use leptos::ev;
use leptos::prelude::*;
use protocol::Readout;

use crate::lab::Lab;
use crate::ui;
use crate::visible;

/// All readouts that the address does not leave out.
pub(crate) fn readouts(lab: Lab) -> AnyView {
    let one = |spec: &'static ReadoutSpec| {
        let shown = move || lab.link.with(|l| visible::shows_readout(l, spec));
        ui::when(shown, move || readout(lab, spec))
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
    let copy = move |_: ev::MouseEvent| {
        let full = value.get_untracked().as_ref().map(full).unwrap_or_default();
        if !full.is_empty() {
            lab.copy(full.clone(), format!("Copied {full}"));
        }
    };
    let name = format!(
        "<span class=\"symbol\">{}</span><span class=\"name\">{}</span>",
        prose::inline(spec.symbol),
        prose::prose(spec.name)
    );
    let shown = move || match value.get() {
        None => "…".into(),
        Some(Readout::Undefined(reason)) if !reason.is_empty() => {
            format!("—<small>{}</small>", prose::prose(&reason))
        }
        Some(value) => prose::prose(&short(&value)),
    };
    view! {
        <button
            type="button"
            class="readout"
            data-readout=spec.key
            data-value=move || value.get().as_ref().map(full).unwrap_or_default()
            title=move || title(spec.help, value.get().as_ref())
            on:click=ui::boxed(copy)
        >
            <span class="readout-name" inner_html=name></span>
            <output class="readout-value" inner_html=shown></output>
        </button>
    }
    .into_any()
}

fn title(help: &str, value: Option<&Readout>) -> String {
    match value {
        Some(Readout::Undefined(reason)) => format!("{help} — {reason}"),
        Some(_) => format!("{help}. Click to copy all digits."),
        None => help.to_owned(),
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
