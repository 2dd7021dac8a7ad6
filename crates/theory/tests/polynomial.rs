//! What people type, and what they mistype.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use theory::polynomial::{MAX_DEGREE, Polynomial};

fn read(text: &str) -> Polynomial {
    text.parse().unwrap_or_else(|error| panic!("`{text}`: {error}"))
}

#[test]
fn what_people_type() {
    let cases: &[(&str, &[f64])] = &[
        ("x^3 - 2x + 0.5", &[0.5, -2.0, 0.0, 1.0]),
        ("2*x**2", &[0.0, 0.0, 2.0]),
        ("(x-1)(x+1)", &[-1.0, 0.0, 1.0]),
        ("-x", &[0.0, -1.0]),
        ("3x^2/4", &[0.0, 0.0, 0.75]),
        ("x² − 2·x³ – 1", &[-1.0, 0.0, 1.0, -2.0]),
        ("  4 ", &[4.0]),
        ("0", &[0.0]),
        ("-0", &[0.0]),
        ("x - x", &[0.0]),
        ("X*x x", &[0.0, 0.0, 0.0, 1.0]),
        ("xx", &[0.0, 0.0, 1.0]),
        ("-x^2", &[0.0, 0.0, -1.0]),
        ("(-x)^2", &[0.0, 0.0, 1.0]),
        ("2*-x", &[0.0, -2.0]),
        ("x--1", &[1.0, 1.0]),
        ("+-+x", &[0.0, -1.0]),
        ("x/-2", &[0.0, -0.5]),
        ("1/2x", &[0.0, 0.5]),
        ("x/2/2", &[0.0, 0.25]),
        ("8/(1+3)", &[2.0]),
        ("(x^2)^3", &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]),
        ("2^3x", &[0.0, 8.0]),
        ("x^(2)", &[0.0, 0.0, 1.0]),
        ("x^ 2", &[0.0, 0.0, 1.0]),
        ("x^0", &[1.0]),
        ("x^02", &[0.0, 0.0, 1.0]),
        ("((x+1))²", &[1.0, 2.0, 1.0]),
        (".5x + 2.", &[2.0, 0.5]),
        ("1e-3x + 2E2", &[200.0, 0.001]),
        ("x¹⁰", &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]),
        ("5×x÷10", &[0.0, 0.5]),
        ("(x^20 - x^20 + 1)x", &[0.0, 1.0]),
    ];
    for (text, coefficients) in cases {
        assert_eq!(read(text).coefficients(), *coefficients, "`{text}`");
    }
}

#[test]
fn what_people_mistype() {
    let cases = [
        ("", 0, "nothing is written here: for example x^3 - 2x + 0.5"),
        ("   ", 0, "nothing is written here: for example x^3 - 2x + 0.5"),
        ("(x+1", 4, "a closing bracket is missing"),
        ("(", 1, "a closing bracket is missing"),
        ("x^(2", 4, "a closing bracket is missing"),
        ("x+1)", 3, "this closing bracket was never opened"),
        (")", 0, "this closing bracket was never opened"),
        ("()", 1, "something is missing after ("),
        ("(x+)", 3, "something is missing after +"),
        ("2x + y", 5, "y is not known here: write x"),
        ("sin(x)", 0, "sin is not known here: write x"),
        ("2 exp(x)", 2, "exp is not known here: write x"),
        ("2e", 1, "e is not known here: write x"),
        ("x²+ä", 3, "ä is not known here: write x"),
        ("xy", 0, "xy is not known here: write x"),
        ("y = x", 0, "y is not known here: write x"),
        ("x = 1", 2, "write only what stands at the right of the equals sign"),
        ("0,5x", 1, "write decimal numbers with a point: 0.5"),
        ("x +", 3, "something is missing after +"),
        ("2 *", 3, "something is missing after *"),
        ("x /", 3, "something is missing after /"),
        ("x^", 2, "something is missing after ^"),
        ("x**", 3, "something is missing after **"),
        ("-", 1, "something is missing after -"),
        ("*x", 0, "a number, x or a bracket is missing before this"),
        ("x + * 2", 4, "a number, x or a bracket is missing before this"),
        ("²", 0, "a number, x or a bracket is missing before this"),
        ("x^21", 2, "exponents are whole numbers from 0 to 20"),
        ("x^-1", 2, "exponents are whole numbers from 0 to 20"),
        ("x^0.5", 2, "exponents are whole numbers from 0 to 20"),
        ("x^x", 2, "exponents are whole numbers from 0 to 20"),
        ("x^(1+1)", 3, "exponents are whole numbers from 0 to 20"),
        ("x^99999999999999999999999", 2, "exponents are whole numbers from 0 to 20"),
        ("x²¹", 1, "exponents are whole numbers from 0 to 20"),
        ("x^2^3", 3, "two exponents in a row: write brackets, as in (x^2)^3"),
        ("x²**3", 2, "two exponents in a row: write brackets, as in (x^2)^3"),
        ("x^²", 2, "two exponents in a row: write brackets, as in (x^2)^3"),
        ("x^20*x", 4, "the degree is above 20"),
        ("(x^11)^2", 6, "the degree is above 20"),
        ("x2", 1, "an operator is missing before this number: for a power write x^2, for a product 2x"),
        ("2 3", 2, "an operator is missing before this number: for a power write x^2, for a product 2x"),
        ("(x)3", 3, "an operator is missing before this number: for a power write x^2, for a product 2x"),
        ("1/x", 2, "only division by a number is possible, not by x"),
        ("1/(2 - 2)", 2, "division by zero"),
        ("1.2.3", 0, "this is not a number"),
        (".", 0, "this is not a number"),
        ("1e999", 0, "this gets too large for a number"),
        ("1e300*1e300", 5, "this gets too large for a number"),
        ("x & 1", 2, "the character & is not known here"),
        ("[x]", 0, "the character [ is not known here"),
        ("x 😀", 2, "the character 😀 is not known here"),
    ];
    for (text, position, sentence) in cases {
        let error = text.parse::<Polynomial>().expect_err(text);
        assert_eq!((error.position, error.to_string().as_str()), (position, sentence), "`{text}`");
    }
    let deep = "(".repeat(51);
    assert_eq!(deep.parse::<Polynomial>().expect_err("too deep").position, 50);
    assert!(format!("{}x{}", "(".repeat(50), ")".repeat(50)).parse::<Polynomial>().is_ok());
    assert!("-".repeat(2000).parse::<Polynomial>().is_err());
    let long = "x+".repeat(1000) + "x";
    assert_eq!(
        long.parse::<Polynomial>().expect_err("too long").to_string(),
        "the text is longer than 2000 characters"
    );
}

#[test]
fn second_derivatives_are_bounded_closely() {
    // p'' = 6x, 12 x^2 - 2, -sin-like; the bound lies within the change over 1/64 of the interval.
    for (text, low, high, maximum) in
        [("x^3", -2.0, 1.0, 12.0), ("x^4 - x^2", -1.0, 1.0, 10.0), ("5x + 1", -1.0, 1.0, 0.0), ("x^2", 3.0, 3.0, 2.0)]
    {
        let bound = read(text).max_abs_second_derivative(low, high);
        assert!(bound >= maximum && bound <= 1.05 * maximum, "{text}: {bound} for {maximum}");
    }
    assert_eq!(read("x^3").max_abs_second_derivative(0.0, f64::INFINITY), f64::INFINITY);
    assert_eq!(read("1e308 x^20").derivative().degree(), 19);
    assert!(read("1e308 x^20").derivative().coefficients().iter().all(|c| c.is_finite()));
}

#[test]
fn coefficients_are_checked() {
    assert_eq!(Polynomial::from_coefficients(&[]).map(|p| p.degree()), Some(0));
    assert_eq!(Polynomial::from_coefficients(&[1.0, 0.0, 0.0]).map(|p| p.degree()), Some(0));
    assert_eq!(Polynomial::from_coefficients(&[1.0; 22]), None);
    assert_eq!(Polynomial::from_coefficients(&[f64::NAN]), None);
    assert_eq!(read("-x^2 - 1e-300x + 1e20").to_string(), "-x^2 - 1e-300x + 1e20");
    assert_eq!(format!("{:>4}|", read("x")), "   x|");
}

fn any_polynomial() -> impl Strategy<Value = Polynomial> {
    let coefficient = prop_oneof![Just(0.0), Just(1.0), Just(-1.0), -10.0..10.0_f64, -1e30..1e30_f64, -1e-9..1e-9_f64];
    prop::collection::vec(coefficient, 0..=MAX_DEGREE + 1)
        .prop_map(|coefficients| Polynomial::from_coefficients(&coefficients).expect("finite and not too many"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, rng_seed: RngSeed::Fixed(5), ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again(p in any_polynomial()) {
        prop_assert_eq!(read(&p.to_string()), p);
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        if let Err(error) = text.parse::<Polynomial>() {
            prop_assert!(error.position <= text.chars().count() && !error.to_string().is_empty());
        }
    }

    /// Text of the right characters comes further.
    #[test]
    fn no_likely_text_panics(text in "[x0-9.+*/^()²³⁰e \\-−]{0,40}") {
        match text.parse::<Polynomial>() {
            Ok(p) => prop_assert!(p.degree() <= MAX_DEGREE && p.coefficients().iter().all(|c| c.is_finite())),
            Err(error) => prop_assert!(error.position <= text.chars().count()),
        }
    }

    /// Values of sums and products are sums and products of values; roundings of terms up to 1e3 in size.
    #[test]
    fn values_follow_the_operations(
        a in prop::collection::vec(-3.0..3.0_f64, 1..6), b in prop::collection::vec(-3.0..3.0_f64, 1..6), x in -1.5..1.5_f64,
    ) {
        let [p, q] = [&a, &b].map(|c| Polynomial::from_coefficients(c).expect("valid"));
        let (sum, product) = (read(&format!("{p} + ({q})")), read(&format!("({p})({q})")));
        prop_assert!((sum.eval(x) - p.eval(x) - q.eval(x)).abs() < 1e-11);
        prop_assert!((product.eval(x) - p.eval(x) * q.eval(x)).abs() < 1e-10);
        // p' and the bound of |p''| against differences.
        let step = 1e-4;
        let slope = (p.eval(x + step) - p.eval(x - step)) / (2.0 * step);
        prop_assert!((slope - p.derivative().eval(x)).abs() < 1e-5, "{slope}");
        let second = p.derivative().derivative().eval(x).abs();
        prop_assert!(second <= p.max_abs_second_derivative(-1.5, 1.5) * (1.0 + 1e-12));
    }
}
