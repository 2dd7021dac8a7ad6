//! When the page itself fails: a sentence in place of silence.

use crate::dom;

/// Shows panics in the panel that `index.html` holds for failures; it also shows what scripts throw.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|info| {
        let what = info.to_string();
        // For those who look into the console.
        if let Ok(error) = js_sys::Reflect::get(&js_sys::global(), &"console".into())
            .and_then(|console| Ok((js_sys::Reflect::get(&console, &"error".into())?, console)))
        {
            let (function, console) = error;
            let function: Result<js_sys::Function, _> = wasm_bindgen::JsCast::dyn_into(function);
            let _logged = function.map(|f| f.call1(&console, &what.as_str().into()));
        }
        show(&format!("The page has failed and stands still: {what}. Load it again; the address holds its state."));
    }));
}

/// Shows a sentence.
pub(crate) fn show(sentence: &str) {
    let panel = dom::document().and_then(|d| d.get_element_by_id("fault"));
    if let Some(panel) = panel {
        panel.set_text_content(Some(sentence));
        let _shown = panel.remove_attribute("hidden");
    }
}
