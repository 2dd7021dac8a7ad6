//! Values of controls from what people type.

mod support;

use exhibit::prose::sentence;
use exhibit::reading::Read;
use exhibit::{Value, ValueError, Values};
use proptest::prelude::*;
use support::EXHIBIT;

fn values() -> Values {
    Values::defaults(const { &EXHIBIT })
}

/// What a control is set to, and whether that was to be seen.
fn read(key: &str, text: &str) -> (String, bool) {
    let mut values = values();
    let read = values.set_text(key, text).unwrap_or_else(|error| panic!("{key}={text}: {error}"));
    assert_eq!(read.value_text, values.text(key), "{key}={text}");
    (read.value_text, read.is_as_typed)
}

#[test]
fn what_was_read_is_told_where_it_is_not_seen() {
    for (key, text, value_text, is_as_typed) in [
        ("sigma_w", "0.3", "0.3", true),
        ("sigma_w", " 0.3 ", "0.3", true),
        ("sigma_w", "0.30", "0.3", true),
        ("sigma_w", "1e-3", "0.001", true),
        ("sigma_w", "−0.5", "-0.5", true),
        ("sigma_w", "–0.5", "-0.5", true),
        ("sigma_w", "\u{200b}0.5", "0.5", true),
        ("sigma_w", "0,3", "0.3", false),
        ("sigma_w", "1.000×10⁻⁴", "0.0001", false),
        ("sigma_w", "sqrt(2)", "1.4142135623730951", false),
        ("sigma_w", "1/3", "0.3333333333333333", false),
        ("sigma_w", "٠٫٣", "0.3", false),
        ("sigma_w", "50%", "0.5", false),
        ("depth", "30", "30", true),
        ("depth", "2^5", "32", false),
        ("depth", "1e2", "100", true),
        ("steps", "2 000", "2000", false),
        ("seed", "4.294.967.295", "4294967295", false),
        ("activation", "tanh", "tanh", true),
        ("activation", "TanH", "tanh", false),
        ("activation", "leaky-ReLU", "leaky_relu", false),
        ("activation", "x²", "square", false),
        ("polynomial", "½x²", "½x²", true),
        ("Sigma-W", "2", "2", true),
    ] {
        if key == "Sigma-W" {
            let mut values = values();
            assert_eq!(values.set_text(key, text), Ok(Read { value_text: "2".into(), is_as_typed: true }));
            assert_eq!(values.real("sigma_w"), 2.0);
        } else {
            assert_eq!(read(key, text), (value_text.to_owned(), is_as_typed), "{key}={text}");
        }
    }
}

#[test]
fn what_is_not_taken_changes_nothing_and_names_the_control() {
    for (key, text, by_key, by_name) in [
        (
            "sigma_w",
            "abc",
            "“abc” is not a number, as sigma_w has to be",
            "“abc” is not a number, as “weight scale” has to be",
        ),
        (
            "sigma_w",
            "1,234",
            "for sigma_w, “1,234” can be read as 1.234 and as 1234: write 1.234 or 1234",
            "for “weight scale”, “1,234” can be read as 1.234 and as 1234: write 1.234 or 1234",
        ),
        (
            "steps",
            "2.000",
            "for steps, “2.000” can be read as 2 and as 2000: write 2 or 2000",
            "for “training steps”, “2.000” can be read as 2 and as 2000: write 2 or 2000",
        ),
        (
            "sigma_w",
            "1/0",
            "“1/0” is not a number, as sigma_w has to be: it divides by zero",
            "“1/0” is not a number, as “weight scale” has to be: it divides by zero",
        ),
        (
            "depth",
            "2.5",
            "“2.5” is not a whole number, as depth has to be",
            "“2.5” is not a whole number, as “depth” has to be",
        ),
        (
            "depth",
            "5/2",
            "“5/2” is not a whole number, as depth has to be: it is 2.5",
            "“5/2” is not a whole number, as “depth” has to be: it is 2.5",
        ),
        (
            "activation",
            "foo",
            "“foo” is no choice of activation; there are tanh, leaky_relu, square",
            "“foo” is no choice of “activation”; there are tanh, leaky_relu, square",
        ),
    ] {
        let mut values = values();
        let error = values.set_text(key, text).unwrap_err();
        assert_eq!(error.to_string(), by_key);
        assert_eq!(error.on_page().to_string(), by_name);
        assert!(values.changed().is_empty(), "{key}={text}");
    }
    let error = values().set_text("sigma_x", "1").unwrap_err().to_string();
    assert!(error.contains("“sigma_x”") && error.contains("sigma_w, sigma_b"), "{error}");
}

#[test]
fn out_of_range_takes_the_nearest_end() {
    for (text, taken) in [("1e9", 20.0), ("10^5", 20.0), ("−∞", -20.0), ("1 000", 20.0), ("1e999", 20.0)] {
        let mut values = values();
        let error = values.set_text("sigma_w", text);
        assert!(matches!(error, Err(ValueError::OutOfRange { .. })), "{text}: {error:?}");
        assert_eq!(values.real("sigma_w"), taken, "{text}");
    }
    let said = sentence(&values().set_text("sigma_w", "sqrt(900)").unwrap_err().to_string());
    assert!(
        said.starts_with("“sqrt(900)” is not in the range of sigma_w"),
        "what was typed is quoted as it was: {said}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// What an address, a message or the kept state of a frame writes.
    #[test]
    fn written_values_read_back_to_the_same_bits(
        bits in any::<u64>(), small in -20.0..20.0_f64, whole in 1_i64..1_000_000, seed in any::<u32>(), text in any::<String>(),
    ) {
        let mut values = values();
        values.set_number("big", f64::from_bits(bits));
        values.set_number("sigma_w", small);
        values.set_number("steps", whole as f64);
        values.set_number("seed", f64::from(seed));
        let _may_be_too_long = values.set_text("polynomial", &text);
        let back = Values::from_changed(values.exhibit(), &values.changed_owned());
        for (key, _) in values.all() {
            let bits = |value: Option<Value>| match value {
                Some(Value::Real(x)) => x.to_bits(),
                _ => 0,
            };
            prop_assert_eq!(back.get(key), values.get(key), "{}", key);
            prop_assert_eq!(bits(back.get(key)), bits(values.get(key)), "{}", key);
        }
    }

    #[test]
    fn no_text_leaves_a_value_out_of_its_range(key in prop::sample::select(vec!["sigma_w", "depth", "seed", "activation"]), text in any::<String>()) {
        let mut values = values();
        let _said = values.set_text(key, &text);
        prop_assert!(values.real("sigma_w").abs() <= 20.0 && (1..=1000).contains(&values.integer("depth")));
    }
}
