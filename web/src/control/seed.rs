//! A random seed: a number and a button that draws another.

use exhibit::declaration::Control;
use leptos::prelude::*;

use super::number_field::number_field;
use super::{Said, label, remarks};
use crate::lab::Lab;
use crate::ui;

/// The seed's field and button.
pub(super) fn seed(lab: Lab, control: &'static Control) -> AnyView {
    let key = control.key;
    let said = Said::new();
    let step = move |steps: f64, _fine: bool| {
        let seed = lab.link.try_with_untracked(|l| l.values.real(key)).unwrap_or_default();
        lab.set_number(key, seed + steps);
    };
    let draw = move || {
        said.clear();
        // Four digits are enough to differ, and short enough to be told to a neighbour.
        lab.set_number(key, (js_sys::Math::random() * 10_000.0).floor());
    };
    view! {
        <div class="control seed">
            {label(control)}
            {number_field(lab, control, said, step)}
            {ui::button("quiet", "new-seed", "New seed", "Draw other nets", draw)}
            {remarks(lab, control, said)}
        </div>
    }
    .into_any()
}
