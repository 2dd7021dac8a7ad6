//! Numbers as people type them.

use exhibit::typed::{Fault, Plain, real, whole};
use proptest::prelude::*;

#[test]
fn all_ways_to_write_a_number_are_read() {
    let root = std::f64::consts::SQRT_2;
    let pi = std::f64::consts::PI;
    for (text, value) in [
        // The page's own notation.
        ("1.000×10⁻⁴", 1e-4),
        ("1.235×10⁵", 1.235e5),
        ("−6.022×10²³", -6.022e23),
        ("10⁻⁵", 1e-5),
        ("−0.5", -0.5),
        ("1.500", 1.5),
        ("2.225×10⁻³⁰⁸", 2.225e-308),
        // Dashes, and what cannot be seen.
        ("–0.5", -0.5),
        ("‐0.5", -0.5),
        ("－0.5", -0.5),
        ("—0.5", -0.5),
        ("\u{2011}0.5", -0.5),
        ("\u{200b}0.5", 0.5),
        ("\u{feff}\u{202d}0.5\u{202c}", 0.5),
        ("0\u{ad}.5\u{200e}", 0.5),
        ("\u{a0}0.5\u{2009}", 0.5),
        ("- 0.5", -0.5),
        // Digits of other scripts.
        ("٠٫٥", 0.5),
        ("०.५", 0.5),
        ("０．５", 0.5),
        ("𝟘.𝟝", 0.5),
        ("１，５", 1.5),
        // Powers of ten.
        ("10^-3", 1e-3),
        ("10**-3", 1e-3),
        ("10^{-3}", 1e-3),
        ("1e-3", 1e-3),
        ("1E−3", 1e-3),
        ("1е-3", 1e-3),
        ("2·10^-3", 2e-3),
        ("2 * 10^(-3)", 2e-3),
        ("2x10^-3", 2e-3),
        ("2 x 10^-3", 2e-3),
        ("2х10^-3", 2e-3),
        (r"2\cdot 10^{-3}", 2e-3),
        ("1,5e3", 1500.0),
        ("10^-30", 1e-30),
        ("1e+3", 1000.0),
        // Decimals and thousands.
        ("0,3", 0.3),
        ("-0,25", -0.25),
        (",5", 0.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1,234,567", 1_234_567.0),
        ("1.234.567", 1_234_567.0),
        ("1 000", 1000.0),
        ("1\u{202f}000,5", 1000.5),
        ("1'000", 1000.0),
        ("1’000.5", 1000.5),
        ("1_000", 1000.0),
        ("1٬000٫5", 1000.5),
        ("2.000", 2.0),
        // Arithmetic.
        ("sqrt(2)", root),
        ("√2", root),
        ("√(2)", root),
        ("sqrt 2", root),
        (r"\sqrt{2}", root),
        ("2^0.5", root),
        ("2^(1/2)", root),
        ("2^½", root),
        ("1/3", 1.0 / 3.0),
        ("1/√2", 1.0 / root),
        ("⅓", 1.0 / 3.0),
        ("1½", 1.5),
        ("½", 0.5),
        (r"\frac{1}{3}", 1.0 / 3.0),
        ("1⁄3", 1.0 / 3.0),
        ("1÷4", 0.25),
        ("2^-5", 1.0 / 32.0),
        ("2**10", 1024.0),
        ("-2^2", -4.0),
        ("(-2)^2", 4.0),
        ("pi/2", pi / 2.0),
        ("π/2", pi / 2.0),
        ("2pi", 2.0 * pi),
        ("2 π", 2.0 * pi),
        ("2(1+1)", 4.0),
        ("(1+1)(2-5)", -6.0),
        ("tau", 2.0 * pi),
        ("e", std::f64::consts::E),
        ("exp(1)", std::f64::consts::E),
        ("ln 2", std::f64::consts::LN_2),
        ("ln(2)", std::f64::consts::LN_2),
        ("LN(2)", std::f64::consts::LN_2),
        ("log10(1000)", 3.0),
        ("log2 8", 3.0),
        ("2*ln(2)", 2.0 * std::f64::consts::LN_2),
        ("50%", 0.5),
        ("50 %", 0.5),
        ("12,5%", 0.125),
        ("1+2*3", 7.0),
        ("1-2-3", -4.0),
        ("8/2/2", 2.0),
        ("8/2*10^3", 4000.0),
        ("2--3", 5.0),
        ("2*-3", -6.0),
        ("0,5+0,25", 0.75),
        ("sqrt(0,25)", 0.5),
        ("1.5^2", 2.25),
        ("0^0", 1.0),
        // Infinite, to be clamped.
        ("∞", f64::INFINITY),
        ("−∞", f64::NEG_INFINITY),
        ("inf", f64::INFINITY),
        ("1e999", f64::INFINITY),
    ] {
        let got = real(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        let is_near = got == value || (got - value).abs() <= 2.0 * f64::EPSILON * value.abs();
        assert!(is_near, "{text}: {got}, not {value}");
    }
}

/// Not only near: the same bits, as the text says.
#[test]
fn powers_of_ten_are_correctly_rounded() {
    for (text, value) in [
        ("1.235×10⁻⁴", 1.235e-4_f64),
        ("10^-3", 1e-3),
        ("10⁻²³", 1e-23),
        ("−6.022×10²³", -6.022e23),
        ("1/3", 1.0 / 3.0),
    ] {
        assert_eq!(real(text).map(f64::to_bits), Ok(value.to_bits()), "{text}");
    }
}

#[test]
fn what_can_be_read_in_two_ways_says_both() {
    for (text, sentence) in [
        ("1,234", "“1,234” can be read as 1.234 and as 1234: write 1.234 or 1234"),
        ("1,000", "“1,000” can be read as 1 and as 1000: write 1 or 1000"),
        ("-12,500", "“12,500” can be read as 12.5 and as 12500: write 12.5 or 12500"),
        ("2*1,234", "“1,234” can be read as 1.234 and as 1234: write 1.234 or 1234"),
        ("1,234e3", "“1,234” can be read as 1.234 and as 1234: write 1.234 or 1234"),
        ("0·5", "“0·5” can be read as 0.5 and as 0: write 0.5 or 0"),
        ("−2·50", "“−2·50” can be read as -2.5 and as -100: write -2.5 or -100"),
        ("１，２３４", "“1,234” can be read as 1.234 and as 1234: write 1.234 or 1234"),
    ] {
        assert_eq!(real(text).map_err(|fault| fault.to_string()), Err(sentence.to_owned()), "{text}");
        let both = whole(text).unwrap_err().to_string();
        assert_eq!(both.split(": write").next(), sentence.split(": write").next(), "{text}");
    }
    for (text, offered) in [("1,234", "1234"), ("1.500", "1500"), ("0·5", "0"), ("1,000", "1 or 1000")] {
        let said = whole(text).unwrap_err().to_string();
        assert!(
            said.ends_with(&format!(": write {offered}")),
            "{said}: what is no whole number is not offered for one"
        );
    }
    let said = whole("2.000").unwrap_err().to_string();
    assert_eq!(said, "“2.000” can be read as 2 and as 2000: write 2 or 2000");
    assert!(matches!(whole("1.000 * 2"), Err(Fault::TwoReadings { .. })));
    for (text, fault) in [
        ("1/2pi", Fault::WhichProduct),
        ("1/2(3)", Fault::WhichProduct),
        ("ln 2 pi", Fault::WhichProduct),
        ("2^3^2", Fault::TwoExponents),
        ("10^3^2", Fault::TwoExponents),
        ("2*10^3^2", Fault::TwoExponents),
        ("log(2)", Fault::WhichLogarithm),
        (r"\log 2", Fault::WhichLogarithm),
        ("1 e-3", Fault::WhichE),
        ("e-3", Fault::WhichE),
        ("2e - 3", Fault::WhichE),
    ] {
        assert_eq!(real(text), Err(fault), "{text}");
    }
}

#[test]
fn what_is_no_number_says_why() {
    for (text, part) in [
        ("", "nothing"),
        (" \u{200b}", "nothing"),
        ("abc", "“abc” is not known"),
        ("NaN", "“NaN” is not known"),
        ("1/0", "divides by zero"),
        ("1/(1-1)", "divides by zero"),
        ("0^-1", "divides by zero"),
        ("10^999", "too large"),
        ("exp(1000)", "too large"),
        ("1e308*10", "too large"),
        ("9^9999", "too large"),
        ("sqrt(-1)", "sqrt of -1 is no real number"),
        ("ln(0)", "ln of 0"),
        ("(-8)^(1/3)", "a broken power of -8"),
        ("2+", "missing after “+”"),
        ("2*", "missing after “*”"),
        ("*2", "missing before “*”"),
        ("2+*3", "missing before “*”"),
        ("--1", "missing before “-”"),
        ("sqrt", "missing after “sqrt”"),
        ("(1+2", "closing bracket is missing"),
        ("1+2)", "never opened"),
        ("()", "missing after “(”"),
        ("2 3", "operator is missing"),
        ("1 23", "operator is missing"),
        ("(2)3", "operator is missing"),
        ("1.2.3", "no thousands"),
        ("1,23,4", "no thousands"),
        ("sin(1)", "“sin” is not known here; there are sqrt"),
        ("pix", "“pix” is not known"),
        ("lnx", "“lnx” is not known"),
        ("0x10", "“x10” is not known"),
        ("2;3", "“;” is not known"),
        ("0, 3", "“,” is not known"),
        ("5€", "“€” is not known"),
        ("∞-∞", "“∞” is not known"),
        (r"\sin 1", "“\\” is not known"),
    ] {
        let said = real(text).map_err(|fault| fault.to_string());
        assert!(said.as_ref().is_err_and(|said| said.contains(part)), "{text}: {said:?}, not “{part}”");
    }
    assert!(matches!(real(&"(".repeat(100)), Err(Fault::TooDeep { .. })));
    assert!(matches!(real(&"√".repeat(100)), Err(Fault::TooDeep { .. })));
    assert!(matches!(real(&"1+".repeat(101)), Err(Fault::TooLong { .. })));
}

#[test]
fn whole_numbers_may_be_computed() {
    for (text, value) in [
        ("7", 7.0),
        ("-3", -3.0),
        ("2.0", 2.0),
        ("2^10", 1024.0),
        ("1e3", 1000.0),
        ("1.000×10⁴", 10000.0),
        ("1.5e3", 1500.0),
        ("2.000e3", 2000.0),
        ("10^3", 1000.0),
        ("1 000", 1000.0),
        ("1,234,567", 1_234_567.0),
        ("4.294.967.295", 4_294_967_295.0),
        ("sqrt(2)^2", 2.0),
        ("0.1*30", 3.0),
        ("exp(ln 8)", 8.0),
        ("0.1+0.2-0.3", 0.0),
        ("1e12/3*3", 1e12),
        ("５", 5.0),
        ("∞", f64::INFINITY),
    ] {
        assert_eq!(whole(text), Ok(value), "{text}");
    }
    for text in ["2.5", "2,5", "1/3", "2.0000000000001", "pi", "1e-3"] {
        assert!(matches!(whole(text), Err(Fault::NotWhole { .. })), "{text}: {:?}", whole(text));
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let typed = "[-+*/^%().,' _0-9xeπ√½²⁻×∞\u{200b}–٠५]{0,24}";
    let words =
        prop::sample::select(vec!["sqrt", "ln", "log", "exp", "pi", "10^", "\\frac", "{", "}", "1,234", "e", "log10"]);
    prop_oneof![
        any::<String>(),
        typed,
        prop::collection::vec(prop_oneof![typed.boxed(), words.prop_map(str::to_owned).boxed()], 0..6)
            .prop_map(|all| all.concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_no_number_is_nan(text in any_text()) {
        let plain = Plain::of(&text);
        let n = text.chars().count();
        prop_assert!((0..=plain.text().chars().count()).all(|at| plain.place(at) <= n));
        for read in [real(&text), whole(&text)] {
            let is_said = |fault: Fault| !fault.to_string().is_empty();
            prop_assert!(read.map_or_else(is_said, |value| !value.is_nan()), "{}", text);
        }
    }

    /// What the page writes, in whichever of its notations.
    #[test]
    fn a_written_number_reads_back_to_the_same_bits(bits in any::<u64>(), digits in 0_usize..17) {
        let value = f64::from_bits(bits);
        prop_assume!(value.is_finite());
        for text in [format!("{value}"), format!("{value:e}"), format!("{value}").replace('-', "−")] {
            // An exhibit's numbers are not so long.
            if text.len() < 200 {
                prop_assert_eq!(real(&text).map(f64::to_bits), Ok(value.to_bits()), "{}", text);
            }
        }
        let rounded = format!("{value:.digits$e}");
        let (mantissa, exponent) = rounded.split_once('e').expect("an exponent");
        let raised: String = exponent.chars().map(|c| match c {
            '-' => '⁻',
            c => "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(c as usize - '0' as usize).expect("a digit"),
        }).collect();
        let typeset = format!("{}×10{raised}", mantissa.replace('-', "−"));
        let expected = rounded.parse::<f64>().expect("a number");
        if expected.is_finite() {
            prop_assert_eq!(real(&typeset).map(f64::to_bits), Ok(expected.to_bits()), "{}", typeset);
        }
    }

    #[test]
    fn a_whole_number_reads_back(value in -(1_i64 << 53)..(1_i64 << 53)) {
        prop_assert_eq!(whole(&value.to_string()), Ok(value as f64));
    }

    #[test]
    fn digits_of_any_script_are_digits(value in 0_u32..1_000_000, decimals in 0_u32..1000, zero in prop::sample::select(vec![
        0x660_u32, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810, 0xff10, 0x104a0, 0x1d7ce, 0x1d7f6, 0x1fbf0,
    ])) {
        let ascii = format!("{value}.{decimals}");
        let other: String = ascii.chars().map(|c| match c.to_digit(10) {
            Some(digit) => char::from_u32(zero + digit).expect("a digit"),
            None => c,
        }).collect();
        prop_assert_eq!(real(&other), real(&ascii));
        prop_assert_eq!(whole(&other), whole(&ascii));
    }

    /// One to three digits, a comma and three digits are never read, whatever stands around them.
    #[test]
    fn thousands_never_become_something_else(head in 1_u32..1000, tail in 0_u32..1000, sign in "[-+ ]?") {
        let text = format!("{sign}{head},{tail:03}");
        let refused = matches!(real(&text), Err(Fault::TwoReadings { .. }));
        prop_assert!(refused, "{}", text);
        let text = format!("{sign}{head}.{tail:03}");
        let refused = matches!(whole(&text), Err(Fault::TwoReadings { .. }));
        prop_assert!(refused, "{}", text);
    }
}
