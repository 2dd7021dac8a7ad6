//! Addresses as the page writes them, and as mails, decks, trackers and hands change them.

mod support;

use exhibit::{Link, Theme};
use proptest::prelude::*;
use support::EXHIBIT;

fn open(query: &str) -> (Link, Vec<String>) {
    Link::from_query(const { &EXHIBIT }, query)
}

/// What an address sets, without a word.
fn changed(query: &str) -> Vec<(&'static str, String)> {
    let (link, notes) = open(query);
    assert!(notes.is_empty(), "{query}: {notes:?}");
    link.values.changed()
}

fn sigma_w(query: &str) -> f64 {
    let (link, notes) = open(query);
    assert!(notes.is_empty(), "{query}: {notes:?}");
    link.values.real("sigma_w")
}

#[test]
fn texts_survive_whatever_they_hold() {
    for text in [
        "x^2+1",
        "x^2 & x",
        "x#1",
        "%",
        "x%20",
        "a=b",
        "x?y",
        "½x² — 1",
        "\"<b>\"",
        "x;y",
        "+",
        "&amp;",
        "%2B",
        "x\u{200b}",
    ] {
        let mut link = Link::new(const { &EXHIBIT });
        assert!(link.values.set_text("polynomial", text).is_ok());
        let query = link.to_query();
        assert_eq!(open(&query), (link.clone(), vec![]), "{text}: {query}");
        // With another control behind it, and as the address of a page that is loaded again.
        assert!(link.values.set_text("seed", "7").is_ok());
        let address = link.address("https://host/sawtooth/");
        let tail = address.strip_prefix("https://host/sawtooth/").expect("the page");
        assert_eq!(open(tail), (link, vec![]), "{text}: {address}");
    }
}

#[test]
fn a_formula_that_is_typed_into_the_address_keeps_its_plus() {
    for (query, text) in [
        ("?polynomial=x^2+1", "x^2+1"),
        ("?polynomial=x^2%2B1", "x^2+1"),
        ("?polynomial=x%5E2+%2B+1", "x^2 + 1"),
        ("?polynomial=x^2%20+%201", "x^2 + 1"),
    ] {
        assert_eq!(changed(query), [("polynomial", text.to_owned())], "{query}");
    }
}

#[test]
fn what_belongs_to_others_is_kept_in_silence() {
    for other in [
        "fbclid=IwAR0-x",
        "utm_source=y",
        "utm_medium=mail&utm_campaign=a%20b",
        "gclid=x",
        "msclkid=x",
        "mc_cid=x&mc_eid=y",
        "igshid=x",
        "_ga=2.1.3",
        "_gl=1*x",
        "ref=nav",
        "source=mail",
        "UTM_Source=y",
        "ttclid=x",
        "_hsenc=x",
    ] {
        let (link, notes) = open(&format!("?sigma_w=2.5&{other}&depth=7"));
        assert!(notes.is_empty(), "{other}: {notes:?}");
        assert_eq!(link.to_query(), format!("sigma_w=2.5&depth=7&{other}"));
        assert_eq!(open(&link.to_query()), (link, vec![]), "{other}");
    }
}

#[test]
fn an_unknown_key_is_named_once_and_kept() {
    let (link, notes) = open("?token=abc&sigma_w=2&token=abd");
    assert_eq!(notes, ["there is no control “token” here"]);
    assert_eq!(link.to_query(), "sigma_w=2&token=abc&token=abd");
    let (_, notes) = open("?a=1&b=2&c=3&d=4&e=5&a=6");
    assert_eq!(notes, ["there is no control “a” or “b” or “c” or 2 more here"]);
    // On a slide nobody can mend it.
    let (link, notes) = open("?token=abc&embed=1");
    assert_eq!((link.to_query().as_str(), notes), ("embed=1&token=abc", vec![]));
    let (_, notes) = open("?sigma_w=abc&embed=1");
    assert_eq!(notes.len(), 1);
}

#[test]
fn what_was_escaped_on_the_way_is_mended() {
    for query in [
        "?sigma_w=2.5&amp;sigma_b=0.5",
        "?sigma_w=2.5&amp;amp;sigma_b=0.5",
        "?sigma_w=2.5&#38;sigma_b=0.5",
        "?sigma_w%3D2.5%26sigma_b%3D0.5",
        "?sigma_w=2.5?sigma_b=0.5",
        "#sigma_w=2.5&sigma_b=0.5",
        "?sigma_w=2.5#sigma_b=0.5",
        "?sigma_w=1#sigma_w=2.5&sigma_b=0.5",
        "#?sigma_w=2.5&sigma_b=0.5",
    ] {
        assert_eq!(changed(query), [("sigma_w", "2.5".to_owned()), ("sigma_b", "0.5".to_owned())], "{query}");
    }
    let (link, notes) = open("?sigma_w=2.5#more-figures");
    assert_eq!((link.address("page/"), notes), ("page/?sigma_w=2.5#more-figures".to_owned(), vec![]));
    let (link, notes) = open("#:~:text=sigma_w=2");
    assert_eq!((link.address("page/"), notes), ("page/#:~:text=sigma_w=2".to_owned(), vec![]));
    let (link, _) = open("#sigma_w=2.5");
    assert_eq!(link.address("page/"), "page/?sigma_w=2.5");
}

#[test]
fn what_a_sentence_leaves_behind_is_forgiven() {
    for end in
        [")", ".", ",", ">", "\"", "%22", ").", ")**", "%E2%80%9D", ";", "]", "'", "),", " )", "%3E", "/", "**", "|"]
    {
        assert_eq!(sigma_w(&format!("?sigma_w=2.5{end}")), 2.5, "{end}");
        assert_eq!(
            changed(&format!("?activation=leaky_relu{end}")),
            [("activation", "leaky_relu".to_owned())],
            "{end}"
        );
        let (link, notes) = open(&format!("?theme=dark{end}"));
        assert_eq!((link.view.theme, notes), (Theme::Dark, vec![]), "{end}");
        let (link, notes) = open(&format!("?embed=1{end}"));
        assert_eq!((link.view.embed, notes), (true, vec![]), "{end}");
        let (link, notes) = open(&format!("?figure=phase{end}"));
        assert_eq!((link.view.figure, notes), (vec!["phase".to_owned()], vec![]), "{end}");
        let (link, notes) = open(&format!("?hide=sigma_w,chi_1{end}"));
        assert_eq!((link.view.hide.len(), notes), (2, vec![]), "{end}");
        let (link, notes) = open(&format!("?preset=he{end}"));
        assert_eq!((link.values.choice("activation"), notes), ("leaky_relu", vec![]), "{end}");
    }
    assert_eq!(sigma_w("?sigma_w=sqrt(4))."), 2.0);
    let (link, notes) = open("?sigma_w=1e9)");
    assert_eq!((link.values.real("sigma_w"), notes.len()), (20.0, 1));
    // What is no number is not made one.
    for query in ["?sigma_w=abc)", "?sigma_w=1,234.", "?sigma_w=)", "?depth=2.000)"] {
        let (link, notes) = open(query);
        assert_eq!((link.values.changed(), notes.len()), (vec![], 1), "{query}: {notes:?}");
    }
}

#[test]
fn keys_are_typed_freely_and_the_last_one_counts() {
    for query in [
        "?Sigma_W=2.5",
        "?sigma-w=2.5",
        "?SIGMA-W=2.5",
        "?sigma_w=1&sigma_w=2.5",
        "?sigma_w=abc&sigma-w=2.5",
        "?%E2%80%8Bsigma_w=2.5",
        "?sigma_w+=2.5",
    ] {
        assert_eq!(sigma_w(query), 2.5, "{query}");
    }
    let (link, notes) = open("?Theme=Dark&EMBED=1&preset=nowhere&preset=He&hide=depth&hide=seed");
    assert_eq!(notes, Vec::<String>::new());
    assert_eq!((link.view.theme, link.view.embed, link.values.choice("activation")), (Theme::Dark, true, "leaky_relu"));
    assert_eq!(link.view.hide, ["depth", "seed"]);
}

#[test]
fn numbers_are_read_as_in_fields_and_told() {
    let opened = Link::open(const { &EXHIBIT }, "?sigma_b=0,3&sigma_w=sqrt(2)&depth=2^5&activation=TANH&seed=7");
    assert_eq!(opened.errors, []);
    assert_eq!(
        opened.echoes,
        [
            "sigma_b: read “0,3” as 0.3",
            "sigma_w: read “sqrt(2)” as 1.4142135623730951",
            "depth: read “2^5” as 32",
            "activation: read “TANH” as tanh"
        ]
    );
    let (_, notes) = open("?sigma_w=1,234&depth=2.000");
    assert_eq!(
        notes,
        [
            "for sigma_w, “1,234” can be read as 1.234 and as 1234: write 1.234 or 1234",
            "for depth, “2.000” can be read as 2 and as 2000: write 2 or 2000"
        ]
    );
}

#[test]
fn a_flood_is_a_note() {
    let query: String = (0..20_000).map(|i| format!("&k{i}=1")).collect();
    let (link, notes) = open(&query);
    assert_eq!(notes, ["there is no control “k0” or “k1” or “k2” or 19997 more here"]);
    assert!(link.to_query().len() <= 2000);
    let (_, notes) = open(&format!("?sigma_w={}", ")".repeat(1_000_000)));
    assert!(notes.len() == 1 && notes[0].len() < 300);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_survives(text in any::<String>(), sigma in -20.0..20.0_f64) {
        let mut link = Link::new(const { &EXHIBIT });
        let _may_be_too_long = link.values.set_text("polynomial", &text);
        link.values.set_number("sigma_w", sigma);
        prop_assert_eq!(open(&link.to_query()), (link, vec![]));
    }

    /// A link is what its address says, also with what others wrote.
    #[test]
    fn an_address_is_read_once_and_for_all(query in prop_oneof![
        any::<String>(),
        "[?&#=%;,.a-z0-9]{0,60}",
        "((sigma_w|depth|polynomial|theme|embed|hide|figure|preset|utm_x|token|amp;)=[-+%#?0-9a-fx^,.() ]{0,8}[&?#]?){0,6}",
    ]) {
        let (link, _) = open(&query);
        let (again, notes) = open(&link.to_query());
        prop_assert!(notes.len() <= 1, "{:?}", notes);
        prop_assert_eq!(again.to_query(), link.to_query(), "{}", query);
        prop_assert_eq!(again.values, link.values, "{}", query);
    }
}
