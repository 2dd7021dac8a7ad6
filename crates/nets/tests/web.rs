//! In a browser: the bits are those of the native test.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

mod same_bits;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn nets_have_the_same_bits_as_everywhere() {
    let found = same_bits::found().unwrap();
    assert_eq!(found, same_bits::EXPECTED, "{found:#x?}");
}

/// What the page reads from typed arithmetic by `std`'s functions, the binary reads by `libm`'s (`exhibit::typed`).
#[wasm_bindgen_test]
fn the_functions_of_std_are_those_of_libm() {
    let mut x = 1.0e-3_f64;
    while x < 700.0 {
        let pairs = [
            (x.exp(), libm::exp(x)),
            ((-x).exp(), libm::exp(-x)),
            (x.ln(), libm::log(x)),
            (x.log2(), libm::log2(x)),
            (x.log10(), libm::log10(x)),
            (x.powf(0.37), libm::pow(x, 0.37)),
            (x.powf(-21.5), libm::pow(x, -21.5)),
        ];
        for (i, (std, libm)) in pairs.into_iter().enumerate() {
            assert_eq!(std.to_bits(), libm.to_bits(), "function {i} at {x}: {std:e} and {libm:e}");
        }
        x *= 1.0173;
    }
}
