//! What comes in: objects of our namespace, and the two bare strings that reveal.js posts.

use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// What a message asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Command {
    /// Control keys and values as an address writes them.
    Set(Vec<(String, String)>),
    Get,
    Preset(String),
    Play,
    Pause,
    /// The slide is shown, or left.
    Slide(bool),
    Reset,
}

/// A message, read.
pub(super) enum Incoming {
    /// Not for us: other scripts of a page post messages too.
    Foreign,
    /// For us, but wrong; the sender's id and a sentence.
    Malformed(Option<JsValue>, String),
    /// For us, with the sender's id.
    Command(Option<JsValue>, Command),
}

fn field(object: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(object, &key.into()).ok().filter(|v| !v.is_undefined() && !v.is_null())
}

/// Reads a message's data: an object, or the same as JSON text.
pub(super) fn read(data: &JsValue) -> Incoming {
    let parsed = match data.as_string().as_deref() {
        Some("slide:start") => return Incoming::Command(None, Command::Slide(true)),
        Some("slide:stop") => return Incoming::Command(None, Command::Slide(false)),
        Some(text) if text.starts_with('{') => JSON::parse(text).unwrap_or(JsValue::NULL),
        Some(_) => return Incoming::Foreign,
        None => data.clone(),
    };
    if !parsed.is_object() || field(&parsed, "ns").and_then(|ns| ns.as_string()).as_deref() != Some("depthscope") {
        return Incoming::Foreign;
    }
    let id = field(&parsed, "id");
    match command(&parsed) {
        Ok(Some(command)) => Incoming::Command(id, command),
        Ok(None) => Incoming::Foreign,
        Err(sentence) => Incoming::Malformed(id, sentence),
    }
}

fn command(message: &JsValue) -> Result<Option<Command>, String> {
    const KNOWN: &str = "set, get, preset, play, pause, reset";
    let version = field(message, "v").and_then(|v| v.as_f64());
    if version != Some(1.0) {
        return Err("This page understands messages with v: 1.".into());
    }
    let Some(kind) = field(message, "type").and_then(|t| t.as_string()) else {
        return Err(format!("The message has no type; there are {KNOWN}."));
    };
    Ok(Some(match kind.as_str() {
        "get" => Command::Get,
        "play" => Command::Play,
        "pause" => Command::Pause,
        "reset" => Command::Reset,
        "preset" => {
            let name = field(message, "name").or_else(|| field(message, "preset")).and_then(|n| n.as_string());
            Command::Preset(name.ok_or("A preset message needs a name, e.g. {type: \"preset\", name: \"…\"}.")?)
        }
        "set" => Command::Set(pairs(message)?),
        // Our own words, from another exhibit on the same page.
        "ready" | "state" | "data" | "height" | "error" => return Ok(None),
        other => {
            return Err(format!("There is no message of type “{}”; there are {KNOWN}.", short(other)));
        }
    }))
}

/// A stranger's word, short enough to be quoted.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn pairs(message: &JsValue) -> Result<Vec<(String, String)>, String> {
    let wrong = "A set message needs controls, e.g. {type: \"set\", controls: {key: value}}.";
    let controls = field(message, "controls").and_then(|c| c.dyn_into::<Object>().ok()).ok_or(wrong)?;
    let mut pairs = Vec::new();
    for key in Object::keys(&controls).iter() {
        let key = key.as_string().unwrap_or_default();
        let value = Reflect::get(&controls, &key.as_str().into()).unwrap_or(JsValue::UNDEFINED);
        let text = match (value.as_f64(), value.as_string()) {
            (Some(number), _) => format!("{number}"),
            (None, Some(text)) => text,
            (None, None) => return Err(format!("The value of “{}” is neither a number nor a text.", short(&key))),
        };
        pairs.push((key, text));
    }
    Ok(pairs)
}
