//! Query strings: keys and values, escaped and not.

use crate::prose::is_letter;

/// A part of an address, `key=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Unescaped.
    pub(crate) key: String,
    /// As it stands in the address.
    value: String,
    /// The whole part as it stands in the address.
    raw: String,
}

impl Part {
    /// The whole part as it stands in the address, with what may not stand in one escaped.
    pub(crate) fn kept(&self) -> String {
        let is_allowed = |c: char| c.is_ascii_graphic() && !"#\"<>".contains(c);
        self.raw.chars().map(|c| if is_allowed(c) { c.to_string() } else { escaped(&c.to_string()) }).collect()
    }

    /// The value of a list or a choice: `+` is a space.
    pub(crate) fn text(&self) -> String {
        unescaped_on_the_way(unescaped(&self.value, ' '))
    }

    /// The value of a number: `+` is a space, but a plus in arithmetic that somebody has typed into the address.
    pub(crate) fn number(&self) -> String {
        unescaped_on_the_way(self.typed(|c| is_letter(c) || OF_ARITHMETIC.contains(c)))
    }

    /// The value of a text: `+` is a space, but a plus in a formula that somebody has typed into the address, as in x^2+1.
    pub(crate) fn formula(&self) -> String {
        self.typed(|c| c.is_ascii_alphabetic() || c == '^')
    }

    /// The value, in which a plus is one if a person has written it beside one of `signs`. A program escapes it; what an address
    /// bar escapes is spaces, quotes, angles and what is not ASCII.
    fn typed(&self, is_sign: impl Fn(char) -> bool) -> String {
        let with_plus = unescaped(&self.value, '+');
        let is_by_program = |escape: &str| {
            let byte = escape.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
            byte.is_some_and(|byte| byte.is_ascii() && !b" \"'<>".contains(&byte))
        };
        let is_typed = with_plus.contains(is_sign) && !self.value.split('%').skip(1).any(is_by_program);
        if is_typed { with_plus } else { unescaped(&self.value, ' ') }
    }
}

/// What stands in arithmetic and in no number.
const OF_ARITHMETIC: &str = "^*/()√×÷·²³½⅓¼";

/// The parts of a query and of the fragment behind it, and the fragment. What a mail or a page has escaped on the way is mended:
/// `&amp;` is `&`, a second `?` too, and a part with an escaped equals sign is a query that was escaped as a whole.
pub(crate) fn parts(address: &str) -> (Vec<Part>, Vec<Part>, String) {
    let mut address = address.to_owned();
    for escape in ["&#38;", "&#038;", "&#x26;", "&amp;"] {
        while address.contains(escape) {
            address = address.replace(escape, "&");
        }
    }
    let (query, fragment) = address.split_once('#').unwrap_or((&address, ""));
    // Text that a search engine has marked is behind a sign of its own.
    let shown = fragment.split(":~:").next().unwrap_or("");
    (parts_of(query, MOST_ESCAPED), parts_of(shown, MOST_ESCAPED), fragment.to_owned())
}

/// `n_escaped` is how many times more it may have been escaped.
fn parts_of(query: &str, n_escaped: usize) -> Vec<Part> {
    let raws = query.split(['&', '?']).map(|raw| raw.trim_start_matches("amp;")).filter(|raw| !raw.is_empty());
    let mut parts = Vec::new();
    for raw in raws {
        let is_whole = n_escaped > 0 && !raw.contains('=') && unescaped_on_the_way(raw.to_owned()).contains('=');
        if is_whole {
            parts.extend(parts_of(&unescaped(raw, '+'), n_escaped - 1));
        } else {
            let (key, value) = raw.split_once('=').unwrap_or((raw, ""));
            parts.push(Part { raw: raw.to_owned(), ..part(key, value) });
        }
    }
    parts
}

fn part(key: &str, value: &str) -> Part {
    let unescaped = unescaped_on_the_way(unescaped(key, ' '));
    // The rest of an escaped `&`, whose semicolon was escaped too.
    let named = unescaped.trim_start_matches("amp;").to_owned();
    Part { key: named, value: value.to_owned(), raw: format!("{key}={value}") }
}

/// The keys and values of a query string, unescaped.
#[must_use]
pub fn pairs_from_query(query: &str) -> Vec<(String, String)> {
    parts(query).0.into_iter().map(|part| (part.key.clone(), part.text())).collect()
}

fn unescaped(text: &str, plus: char) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        match (bytes[i], digit(i + 1), digit(i + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((16 * high + low) as u8);
                i += 2;
            }
            (b'+', ..) => out.push(plus as u8),
            (byte, ..) => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Most times that an address is escaped anew on its way.
const MOST_ESCAPED: usize = 3;

/// A text without the escapes that were escaped on the way once more: no key, number or choice holds one.
fn unescaped_on_the_way(mut text: String) -> String {
    let is_escape = |part: &str| part.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    for _ in 0..MOST_ESCAPED {
        if !text.split('%').skip(1).any(is_escape) {
            break;
        }
        text = unescaped(&text, '+');
    }
    text
}

/// A value as an address holds it.
pub(crate) fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~,".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _infallible = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(query: &str) -> Vec<(String, String)> {
        pairs_from_query(query)
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_was_escaped_on_the_way_is_mended() {
        for query in [
            "?a=1&b=2",
            "a=1&b=2",
            "??a=1&&b=2&",
            "?a=1&amp;b=2",
            "?a=1&amp;amp;b=2",
            "?a=1&#38;b=2",
            "?a=1&#x26;b=2",
            "?a=1&amp%3Bb=2",
            "?a=1?b=2",
            "?a%3D1%26b%3D2",
            "?a%253D1%2526b%253D2",
            "?a=%31&b=%25252532",
            "?a=1&b=2#there",
        ] {
            assert_eq!(pairs(query), owned(&[("a", "1"), ("b", "2")]), "{query}");
        }
    }

    #[test]
    fn escapes_are_hexadecimal_and_anything_else_stays() {
        assert_eq!(pairs("a=%41%2b%zz%+5%e2%88%9a%"), owned(&[("a", "A+%zz% 5√%")]));
        assert_eq!(pairs("%zz=%ff&b"), owned(&[("%zz", "\u{fffd}"), ("b", "")]));
    }

    #[test]
    fn a_plus_in_a_typed_formula_is_a_plus() {
        let formula = |query: &str| parts(query).0[0].formula();
        assert_eq!(formula("p=x^2+1"), "x^2+1");
        assert_eq!(formula("p=1e+3"), "1e+3");
        assert_eq!(formula("p=x%5E2+%2B+1"), "x^2 + 1");
        assert_eq!(formula("p=0,0+1,1"), "0,0 1,1");
        assert_eq!(formula("p=0,%200+1,1"), "0, 0 1,1");
        assert_eq!(formula("p=x^2%20+%201"), "x^2 + 1");
        assert_eq!(formula("p=x%C2%B2+1"), "x²+1");
        assert_eq!(formula("p=2+x%5E2"), "2 x^2");
        assert_eq!(formula("p%3Dx%255E2%2520%252B%25201"), "x^2 + 1");
        assert_eq!(formula("p=%2541"), "%41");
        let number = |query: &str| parts(query).0[0].number();
        for (typed, read) in [
            ("1+1/2", "1+1/2"),
            ("1%20+%201/2", "1 + 1/2"),
            ("%E2%88%9A2+1", "√2+1"),
            ("1e+3", "1e+3"),
            ("1+000", "1 000"),
            ("%E2%88%921+000", "−1 000"),
            ("50%25", "50%"),
            ("1%2F2+%2B+1", "1/2 + 1"),
        ] {
            assert_eq!(number(&format!("n={typed}")), read, "{typed}");
        }
    }

    #[test]
    fn the_fragment_is_apart() {
        let (query, fragment, raw) = parts("?a=1#b=2:~:text=words");
        assert_eq!((query.len(), fragment.len(), raw.as_str()), (1, 1, "b=2:~:text=words"));
        assert_eq!(parts("#").1, []);
    }
}
