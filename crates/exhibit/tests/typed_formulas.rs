//! Formulas in x as people type or paste them.

use exhibit::typed::{FormulaFault, formula};
use proptest::prelude::*;

#[test]
fn formulas_become_plain() {
    for (typed, plain) in [
        ("x^3 - 2x + 0.5", "x^3 - 2x + 0.5"),
        ("x^{2}-2x", "x^(2)-2x"),
        (r"\frac{1}{2}x^2", "((1)/(2))x^2"),
        (r"2\cdot x", "2* x"),
        ("$x^2$", "x^2"),
        ("½x²", "(1/2)x^(2)"),
        ("х^2", "x^2"),
        ("χ^2", "x^2"),
        ("𝑥^2", "x^2"),
        ("x^2 — 1", "x^2 - 1"),
        ("f(x)=x^2", "x^2"),
        ("f(x) = x^2", " x^2"),
        ("y = x^2", " x^2"),
        ("Y=x", "x"),
        ("p_3(x) := x^2", " x^2"),
        ("x^2 = y", "x^2 "),
        ("f: x ↦ x^2", " x^2"),
        ("x -> x^2", " x^2"),
        (r"\left( x-1 \right)^2", "( x-1 )^2"),
        ("0,5x", "0.5x"),
        ("0,5x + 1,25", "0.5x + 1.25"),
        ("1.234,5x", "1234.5x"),
        ("1 000x", "1000x"),
        ("1e-3x", "1e-3x"),
        ("1,5e-3x", "1.5e-3x"),
        ("x^2.", "x^2"),
        ("٢x", "2x"),
        ("2 x", "2 x"),
        ("2×x", "2*x"),
        ("x\u{200b}^\u{2062}2", "x^2"),
        ("√4x", "(2e0)x"),
        ("sqrt(4)x", "(2e0)x"),
        ("sqrt 4 x", "(2e0) x"),
        (r"\sqrt{4}x", "(2e0)x"),
        ("pi x", "(3.141592653589793e0) x"),
        ("2pix", "2(3.141592653589793e0)x"),
        ("πx", "(3.141592653589793e0)x"),
        ("ex", "(2.718281828459045e0)x"),
        ("log2(8)x", "(3e0)x"),
        ("√πx", "(1.7724538509055159e0)x"),
        ("xx", "xx"),
        // For the reader of polynomials to say.
        ("sin(x)", "sin(x)"),
        ("2t", "2t"),
        ("example", "example"),
        ("x, 2", "x, 2"),
        ("|x|", "|x|"),
        ("", ""),
    ] {
        let got = formula(typed).map(|plain| plain.text());
        assert_eq!(got.as_deref(), Ok(plain), "{typed}");
    }
}

#[test]
fn what_only_the_typed_text_can_tell_is_told_with_its_place() {
    for (typed, position, part) in [
        ("x + 1,234", 4, "“1,234” can be read as 1.234 and as 1234"),
        ("½x + 1.2.3", 5, "no thousands"),
        ("sqrt(x)", 0, "sqrt of x is not possible"),
        ("2 + √x", 4, "sqrt of x"),
        ("ln x", 0, "ln of x"),
        (r"x + \sin x", 4, "“\\sin” is not known"),
        ("x^2 = 1", 4, "equation"),
        ("x = x^2", 2, "equation"),
        ("y = x = 2", 2, "equation"),
        ("sqrt(0-1)x", 0, "no real number"),
        ("log(2)x", 0, "ln and as log10"),
    ] {
        let error = formula(typed).unwrap_err();
        assert_eq!(error.position, position, "{typed}: {error}");
        assert!(error.to_string().contains(part), "{typed}: {error}");
    }
    assert_eq!(formula("2=3").unwrap_err().fault, FormulaFault::Equation);
}

#[test]
fn places_lead_back_to_what_was_typed() {
    let plain = formula("f(x) = ½x² + y").expect("a formula");
    assert_eq!(plain.text(), " (1/2)x^(2) + y");
    assert_eq!(plain.place(plain.text().find('y').expect("it is there")), 13);
    assert_eq!(plain.place(99), 14);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(text in prop_oneof![any::<String>(), "[-+*/^().,={} 0-9xeyπ√½²\\\\$a-z↦>]{0,24}"]) {
        let n = text.chars().count();
        match formula(&text) {
            Ok(plain) => prop_assert!((0..=plain.text().chars().count()).all(|at| plain.place(at) <= n)),
            Err(error) => prop_assert!(error.position <= n && !error.to_string().is_empty()),
        }
    }

    /// What is plain already stays as it is, so that links and presets read as before.
    #[test]
    fn plain_formulas_stay(a in 0_u32..100, b in 0_u32..1000, n in 0_u32..20) {
        let text = format!("-{a}.{b}x^{n} + (x - {b})(x + {a})/{n}");
        prop_assert_eq!(formula(&text).map(|plain| plain.text()), Ok(text));
    }
}
