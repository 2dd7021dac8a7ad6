//! What the page has to say: bad addresses, failures, things to know about the picture.

use leptos::prelude::*;

use crate::lab::Lab;
use crate::math;

/// What of the address was not taken, until it is dismissed.
pub(crate) fn address_notes(lab: Lab) -> AnyView {
    let shown = Memo::new(move |_| lab.address_notes.with(|n| !n.is_empty()));
    // The element that is announced must be there before its text is.
    view! {
        <div role="status" class="notice-slot">
            {move || {
                shown.get().then(|| {
                    view! {
                        <div class="notice address-notes" data-notes="">
                            <div>
                                <strong>"Not all of this address could be taken."</strong>
                                <ul>
                                    {move || {
                                        let notes = lab.address_notes.get();
                                        notes.into_iter().map(|note| view! { <li>{sentence(&note)}</li> }).collect::<Vec<_>>()
                                    }}
                                </ul>
                            </div>
                            {dismiss(move || {
                                let _kept = lab.address_notes.try_set(Vec::new());
                            })}
                        </div>
                    }
                })
            }}
        </div>
    }
    .into_any()
}

/// Failures of the worker, and of the last request.
pub(crate) fn faults(lab: Lab) -> AnyView {
    let panel = move |signal: RwSignal<String>, kind: &'static str| {
        let shown = Memo::new(move |_| signal.with(|s| !s.is_empty()));
        move || {
            shown.get().then(|| {
                view! {
                    <div class="notice fault" data-fault=kind>
                        <p>{move || signal.get()}</p>
                        {dismiss(move || {
                            let _kept = signal.try_set(String::new());
                        })}
                    </div>
                }
            })
        }
    };
    view! { <div role="alert" class="notice-slot">{panel(lab.fault, "worker")} {panel(lab.failure, "run")}</div> }.into_any()
}

/// Sentences that belong to what is shown now.
pub(crate) fn notices(lab: Lab) -> AnyView {
    view! {
        <div role="status" class="remarks" data-notices="">
            {move || {
                let all = lab.notices.get();
                all.into_iter().map(|n| view! { <p inner_html=math::prose(&n)></p> }).collect::<Vec<_>>()
            }}
        </div>
    }
    .into_any()
}

/// A short confirmation at the lower edge.
pub(crate) fn toast(lab: Lab) -> AnyView {
    view! {
        <div class="toast" role="status" class:shown=move || lab.toast.with(|t| !t.is_empty())>
            {move || lab.toast.get()}
        </div>
    }
    .into_any()
}

/// What the bench mode measured (`debug=bench`).
pub(crate) fn bench(lab: Lab) -> AnyView {
    let shown = Memo::new(move |_| lab.bench.with(|b| !b.is_empty()));
    (move || {
        shown.get().then(|| {
            view! {
                <table class="bench" data-bench="">
                    <caption>"Measured in this browser"</caption>
                    <tbody>
                        {move || {
                            let row = |(task, line): (String, String)| view! { <tr><th scope="row">{task}</th><td>{line}</td></tr> };
                            lab.bench.get().into_iter().map(row).collect::<Vec<_>>()
                        }}
                    </tbody>
                </table>
            }
        })
    })
    .into_any()
}

fn dismiss(call: impl Fn() + 'static) -> AnyView {
    view! { <button type="button" class="dismiss" aria-label="Dismiss" on:click=move |_| call()>"×"</button> }.into_any()
}

/// With a capital letter and a full stop, unless it starts with a key.
fn sentence(note: &str) -> String {
    let starts_with_key = note.split(' ').nth(1).is_some_and(|w| w == "=");
    let mut chars = note.chars();
    match chars.next() {
        Some(first) if !starts_with_key => format!("{}{}.", first.to_uppercase(), chars.as_str()),
        _ => format!("{note}."),
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn notes_become_sentences_but_keys_keep_their_case() {
        assert_eq!(sentence("there is no figure “x” here"), "There is no figure “x” here.");
        assert_eq!(sentence("sigma_w = “abc” is not a number"), "sigma_w = “abc” is not a number.");
    }
}
