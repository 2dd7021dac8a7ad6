//! The reader of what people type, a module of its own: loaded when something is met that is no plain number or key.

use std::cell::RefCell;

use exhibit::reading::{Elsewhere, Number, Refusal, install, take_wish};
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::dom;

/// What the module's glue puts its functions into, the event that says so, and the `<meta>` that names the glue.
const NAME: &str = "depthscope-reader";

/// Calls `then` with what `read` makes of a text: at once if that is plain, else when the reader has come, or could not.
pub(crate) fn reading<T>(read: impl Fn() -> T + 'static, then: impl FnOnce(T) + 'static) {
    let _of_others = take_wish();
    let first = read();
    if take_wish() {
        load(move || then(read()));
    } else {
        then(first);
    }
}

/// Who waits for the reader; `None` once it has come, or could not.
type Waiting = Option<Vec<Box<dyn FnOnce()>>>;

thread_local! {
    static WAITING: RefCell<Waiting> = const { RefCell::new(Some(Vec::new())) };
}

/// Loads the reader, if nobody has yet, and calls `then` when it has come or could not.
pub(crate) fn load(then: impl FnOnce() + 'static) {
    let then: Box<dyn FnOnce()> = Box::new(then);
    let place = WAITING.with_borrow_mut(|waiting| match waiting {
        Some(all) => {
            all.push(then);
            Ok(all.len())
        }
        None => Err(then),
    });
    match place {
        // An element that cannot be made loads nothing.
        Ok(1) if append_script().is_none() => loaded(),
        Ok(_) => {}
        Err(then) => then(),
    }
}

/// Ends the waiting; a module that comes later serves those who ask then.
fn loaded() {
    if functions().is_some() {
        install(Elsewhere {
            number,
            plain: |text| text_by("plain", text),
            clickable: |text| text_by("clickable", text),
        });
    }
    let all = WAITING.take();
    all.into_iter().flatten().for_each(|then| then());
}

/// How long a text waits for the module.
const PATIENCE_MILLIS: i32 = 15_000;

/// Asks for the module. Its glue says on the window that it runs, and when it has started or failed, which a script's `load` does
/// not wait for. What does not run (an empty file, a part of one) says nothing.
fn append_script() -> Option<()> {
    let document = dom::document()?;
    let script = document.create_element("script").ok()?;
    script.set_attribute("type", "module").ok()?;
    script.set_attribute("src", &dom::resolved(&dom::meta(NAME)?)).ok()?;
    let done: Function = Closure::<dyn FnMut()>::new(loaded).into_js_value().unchecked_into();
    let came = || {
        if on_window().is_none() {
            loaded();
        }
    };
    let came: Function = Closure::once_into_js(came).unchecked_into();
    script.add_event_listener_with_callback("error", &done).ok()?;
    script.add_event_listener_with_callback("load", &came).ok()?;
    dom::window()?.add_event_listener_with_callback(NAME, &done).ok()?;
    dom::after(PATIENCE_MILLIS, loaded);
    document.head()?.append_child(&script).ok().map(drop)
}

/// What the glue has left.
fn on_window() -> Option<JsValue> {
    Reflect::get(dom::window()?.as_ref(), &NAME.into()).ok().filter(|left| !left.is_undefined())
}

fn functions() -> Option<JsValue> {
    on_window().filter(JsValue::is_object)
}

/// What a function of the module makes of a text.
fn called(name: &str, text: &str, is_whole: bool) -> Option<JsValue> {
    let function: Function = Reflect::get(&functions()?, &name.into()).ok()?.dyn_into().ok()?;
    function.call2(&JsValue::NULL, &text.into(), &is_whole.into()).ok()
}

fn number(text: &str, is_whole: bool) -> Result<Number, Refusal> {
    let pair: Array = called("number", text, is_whole).map(JsCast::unchecked_into).unwrap_or_default();
    let (first, second) = (pair.get(0), pair.get(1).is_truthy());
    match first.as_f64() {
        Some(value) => Ok(Number { value, is_as_typed: second }),
        None => Err(Refusal { why: first.as_string().unwrap_or_default(), has_two_readings: second }),
    }
}

fn text_by(name: &str, text: &str) -> String {
    called(name, text, false).and_then(|text| text.as_string()).unwrap_or_else(|| text.to_owned())
}
