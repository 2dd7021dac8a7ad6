//! What goes out: `ready`, `state`, `height`, `error`.

use exhibit::Value;
use js_sys::{Object, Reflect};
use leptos::prelude::*;
use protocol::Readout;
use wasm_bindgen::JsValue;
use web_sys::Window;

use crate::dom;
use crate::lab::Lab;

/// The page around this one, if there is one.
pub(super) fn host() -> Option<Window> {
    let window = dom::window()?;
    let parent = window.parent().ok().flatten()?;
    (parent != window).then_some(parent)
}

struct Message(Object);

impl Message {
    fn new(kind: &str) -> Self {
        let message = Self(Object::new());
        message.with("ns", "depthscope").with("v", 1.0).with("type", kind)
    }

    fn with(self, key: &str, value: impl Into<JsValue>) -> Self {
        // Setting a field of a fresh object cannot fail.
        let _set = Reflect::set(&self.0, &key.into(), &value.into());
        self
    }

    fn with_id(self, id: Option<&JsValue>) -> Self {
        match id {
            Some(id) => self.with("id", id.clone()),
            None => self,
        }
    }

    /// To a window of whatever origin: nothing in these messages is secret.
    fn send(self, to: Option<&Window>) {
        if let Some(to) = to {
            let _posted = to.post_message(&self.0, "*");
        }
    }
}

pub(super) fn ready(lab: Lab) {
    let controls = js_sys::Array::new();
    for control in lab.exhibit.controls {
        controls.push(&control.key.into());
    }
    Message::new("ready").with("exhibit", lab.exhibit.id).with("controls", controls).send(host().as_ref());
}

pub(super) fn height(height: f64) {
    Message::new("height").with("height", height).send(host().as_ref());
}

pub(super) fn error(to: Option<&Window>, id: Option<&JsValue>, sentence: &str) {
    Message::new("error").with_id(id).with("message", sentence).send(to);
}

/// The controls, and the readouts that belong to them: none while those are being computed or wait to be.
pub(super) fn state(lab: Lab, to: Option<&Window>, id: Option<&JsValue>) {
    let set = |object: &Object, key: &str, value: JsValue| {
        // Setting a field of a fresh object cannot fail.
        let _set = Reflect::set(object, &key.into(), &value);
    };
    let controls = Object::new();
    let query = lab.link.try_with_untracked(|link| {
        for control in lab.exhibit.controls {
            let value = match link.values.get(control.key) {
                Some(Value::Real(x)) => x.into(),
                Some(Value::Integer(n)) => (n as f64).into(),
                Some(Value::Choice(c)) => c.into(),
                Some(Value::Text(text)) => text.into(),
                None => JsValue::NULL,
            };
            set(&controls, control.key, value);
        }
        link.to_query()
    });
    let readouts = Object::new();
    let _read = lab.readouts.try_with_untracked(|all| {
        for (key, value) in all.iter().filter(|_| lab.is_up_to_date()) {
            let value = match value {
                Readout::Number(x) => (*x).into(),
                Readout::Infinite => "inf".into(),
                Readout::Undefined(_) => JsValue::NULL,
                Readout::Text(text) => text.as_str().into(),
            };
            set(&readouts, key, value);
        }
    });
    Message::new("state")
        .with_id(id)
        .with("exhibit", lab.exhibit.id)
        .with("controls", controls)
        .with("readouts", readouts)
        .with("query", query.unwrap_or_default())
        .send(to);
}
