//! In a browser: the bits are those of the native test.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

mod same_bits;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn training_has_the_same_bits_as_everywhere() {
    let found = same_bits::found().unwrap();
    assert_eq!(found, same_bits::EXPECTED, "{found:#x?}");
}
