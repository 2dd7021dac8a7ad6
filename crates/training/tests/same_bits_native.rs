//! Natively, with the widest instructions of this machine; `web.rs` does the same in a browser.

mod same_bits;

#[test]
fn training_has_the_same_bits_as_everywhere() {
    let found = same_bits::found().expect("sizes that fit");
    assert_eq!(found, same_bits::EXPECTED, "{found:#x?}");
}
