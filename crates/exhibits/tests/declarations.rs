//! Every exhibit's declaration, walked through: what is declared must be consistent, whichever exhibit it is.

use std::collections::BTreeSet;

use exhibit::data::{exhibit_from_text, text_from_exhibit};
use exhibit::declaration::{Exhibit, Kind, Place};
use exhibit::{Link, Values};
use exhibits::{EXHIBITS, check_text, exhibit};

#[test]
fn ids_and_keys_are_unique_and_plain() {
    let plain = |key: &str| {
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b))
    };
    let reserved =
        ["preset", "v", "theme", "embed", "hide", "show", "figure", "autoplay", "backend", "debug", "exhibit"];
    for e in EXHIBITS {
        let controls: Vec<_> = e.controls.iter().map(|c| c.key).collect();
        let others = [e.readouts.iter().map(|r| r.key).collect::<Vec<_>>(), e.figures.iter().map(|f| f.id).collect()];
        for keys in others.iter().chain([&controls]) {
            let distinct: BTreeSet<_> = keys.iter().collect();
            assert_eq!(distinct.len(), keys.len(), "{}: a key twice in {keys:?}", e.id);
            for key in keys {
                assert!(plain(key), "{}: {key}", e.id);
                assert!(!reserved.contains(key), "{}: {key} means something else in an address", e.id);
            }
        }
        // A readout and a figure may share a name (both are hidden by it); a control's is its own.
        assert!(!others.iter().flatten().any(|key| controls.contains(key)), "{}", e.id);
        assert!(e.figures.first().is_some_and(|f| f.main), "{}: the first figure is a main one", e.id);
    }
}

#[test]
fn defaults_lie_in_their_ranges() {
    for e in EXHIBITS {
        for c in e.controls {
            match c.kind {
                Kind::Real { min, max, track, step, default } => {
                    assert!(min <= track.0 && track.0 < track.1 && track.1 <= max, "{} {}", e.id, c.key);
                    assert!((track.0..=track.1).contains(&default) && step > 0.0, "{} {}", e.id, c.key);
                }
                Kind::Integer { min, max, step, default, log, play } => {
                    assert!((min..=max).contains(&default) && step > 0 && (!log || min > 0), "{} {}", e.id, c.key);
                    assert!((0.0..=1000.0).contains(&play), "{} {}", e.id, c.key);
                }
                Kind::Choice { options } => assert!(options.len() > 1, "{} {}", e.id, c.key),
                Kind::Text { default, max_chars } => {
                    assert!(default.chars().count() <= max_chars, "{} {}", e.id, c.key);
                }
                Kind::Seed { .. } => {}
            }
            if let Place::Figure(id) | Place::Drawn(id) = c.place {
                assert!(e.figure(id).is_some(), "{} {} stands on a figure that is not there", e.id, c.key);
            }
            if let Some((key, wanted)) = c.when {
                let Some(Kind::Choice { options }) = e.control(key).map(|c| c.kind) else {
                    panic!("{key} is no choice")
                };
                assert!(wanted.iter().all(|w| options.iter().any(|o| o.0 == *w)), "{} {}", e.id, c.key);
            }
        }
    }
}

#[test]
fn presets_are_taken_without_complaint_and_experiments_name_them() {
    for e in EXHIBITS {
        for p in e.presets {
            assert_eq!(Values::defaults(e).set_preset(p), Ok(()), "{} {}", e.id, p.key);
        }
        for x in e.to_try {
            assert!(x.preset.is_empty() || e.preset(x.preset).is_some(), "{} {}", e.id, x.preset);
        }
    }
}

#[test]
fn markup_is_well_formed() {
    for e in EXHIBITS {
        let symbols = e.controls.iter().map(|c| c.symbol).chain(e.readouts.iter().map(|r| r.symbol));
        for markup in symbols.chain(e.formulas.iter().map(|f| f.mathml)) {
            assert_eq!(unclosed(markup), None, "{markup}");
        }
    }
}

/// The first tag that is not closed where it should be.
fn unclosed(markup: &str) -> Option<String> {
    let mut open = Vec::new();
    for part in markup.split('<').skip(1) {
        let tag = part.split('>').next().unwrap_or("");
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Some(name.to_owned());
            }
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap_or(""));
        }
    }
    open.pop().map(str::to_owned)
}

#[test]
fn every_value_survives_the_address() {
    for e in EXHIBITS {
        let mut link = Link::new(e);
        assert_eq!(link.to_query(), "", "defaults are not written");
        for c in e.controls {
            match c.kind {
                Kind::Real { min, track, .. } => link.values.set_number(c.key, min + (track.1 - min) / 3.0),
                Kind::Integer { max, .. } => link.values.set_number(c.key, max as f64),
                Kind::Seed { .. } => link.values.set_number(c.key, 4_294_967_295.0),
                Kind::Text { .. } => {
                    let texts = ["1/3x + x^2", "0.5,0_-2,1.5~0,0.25"];
                    let read = texts.iter().find(|text| check_text(e.id, c.key, text).is_ok());
                    let text = read.unwrap_or_else(|| panic!("{} reads none of {texts:?}", c.key));
                    assert_eq!(link.values.set_text(c.key, text).map(drop), Ok(()));
                }
                Kind::Choice { options } => {
                    let last = options[options.len() - 1].0;
                    assert_eq!(link.values.set_text(c.key, last).map(drop), Ok(()));
                }
            }
        }
        let (back, notes) = Link::from_query(e, &link.to_query());
        assert_eq!((back, notes), (link, Vec::<String>::new()));
    }
}

fn order_chaos(query: &str) -> (Link, Vec<String>) {
    Link::from_query(exhibit("order-chaos").expect("the first exhibit"), query)
}

#[test]
fn bad_addresses_are_named_and_otherwise_harmless() {
    let (plain, none) = order_chaos("");
    assert!(none.is_empty());
    for (query, word) in [
        ("?sigma_x=1", "sigma_x"),
        ("?sigma_w=abc", "sigma_w"),
        ("?sigma_w=NaN", "sigma_w"),
        ("?sigma_w=", "sigma_w"),
        ("?depth=3.5", "depth"),
        ("?activation=foo", "activation"),
        ("?preset=nowhere", "nowhere"),
        ("?theme=pink", "theme"),
        ("?backend=abacus", "backend"),
        ("?figure=nothing", "nothing"),
        ("?hide=nothing", "nothing"),
        ("?v=99", "99"),
        ("?%ff%fe=%zz", "%zz"),
    ] {
        let (link, notes) = order_chaos(query);
        assert_eq!(notes.len(), 1, "{query}: {notes:?}");
        assert!(notes[0].contains(word) || query.contains("%ff"), "{query}: {notes:?}");
        assert_eq!((link.values, link.view), (plain.values.clone(), plain.view.clone()), "{query}");
    }
}

#[test]
fn values_out_of_range_are_clamped_and_named() {
    for (query, taken) in
        [("?sigma_w=1e9", 20.0), ("?sigma_w=-1", 0.0), ("?sigma_w=inf", 20.0), ("?sigma_w=1e999", 20.0)]
    {
        let (link, notes) = order_chaos(query);
        assert_eq!(link.values.real("sigma_w"), taken, "{query}");
        assert!(notes.len() == 1 && notes[0].contains("sigma_w"), "{query}: {notes:?}");
    }
}

#[test]
fn a_preset_comes_first_and_keeps_the_seed() {
    let (link, notes) = order_chaos("?sigma_w=2&preset=he&seed=9");
    assert!(notes.is_empty(), "{notes:?}");
    assert_eq!(
        (link.values.real("sigma_w"), link.values.choice("activation"), link.values.seed("seed")),
        (2.0, "relu", 9)
    );
    let mut values = link.values;
    values.reset_all();
    assert_eq!((values.seed("seed"), values.real("sigma_w")), (9, 1.5));
}

#[test]
fn hide_and_show_choose_parts() {
    let (link, _) = order_chaos("?hide=depth&show=phase,sigma_w");
    assert!(link.shows("phase") && !link.shows("length-map"));
    assert!(link.shows("sigma_w") && !link.shows("sigma_b") && !link.shows("depth"));
    let (link, _) = order_chaos("?figure=manifold");
    assert!(link.shows("manifold") && !link.shows("phase") && link.shows("sigma_w"));
}

#[test]
fn a_declaration_survives_the_page_that_holds_it() {
    for e in EXHIBITS {
        let text = text_from_exhibit(e).expect("a declaration");
        let read = exhibit_from_text(text).expect("what was written");
        // What to try, formulas, assumptions and papers are markup in the page.
        let rest = Exhibit { to_try: &[], formulas: &[], assumptions: &[], papers: &[], ..**e };
        assert_eq!(format!("{read:?}"), format!("{rest:?}"));
    }
}

/// A new exhibit is no reason to touch the page.
#[test]
fn the_page_names_no_exhibit() {
    let mut folders = vec![std::path::PathBuf::from("../../web/src")];
    let mut n_files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources of the page") {
            let path = entry.expect("a file").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("a source");
            for e in EXHIBITS {
                for name in [&format!("\"{}\"", e.id), e.title] {
                    assert!(!source.contains(name), "{} names {name}", path.display());
                }
            }
            n_files += 1;
        }
    }
    assert!(n_files > 20, "only {n_files} sources were found");
}
