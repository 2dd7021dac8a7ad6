//! The reader of what people type, as the page calls it: three functions of text. The page reads plain numbers and keys itself
//! and loads this module when something else is typed or stands in its address (`exhibit::reading`).

use exhibit::typed;
use js_sys::Array;
use wasm_bindgen::prelude::*;

fn main() {}

/// A real or whole number: the number, and whether it is to be seen in the text; or why it is none, and whether it can be read
/// in two ways.
#[wasm_bindgen]
pub fn number(text: &str, is_whole: bool) -> Array {
    match typed::number(text, is_whole) {
        Ok(number) => Array::of2(&number.value.into(), &number.is_as_typed.into()),
        Err(refusal) => Array::of2(&refusal.why.into(), &refusal.has_two_readings.into()),
    }
}

/// A text in signs of ASCII.
#[wasm_bindgen]
pub fn plain(text: &str) -> String {
    typed::plain(text)
}

/// Points as an address writes them.
#[wasm_bindgen]
pub fn clickable(text: &str) -> String {
    typed::clickable(text)
}
