//! Words as markup: MathML for declared symbols and formulas, indices in running text, complaints as sentences.

/// A symbol in a line of text, from the declaration's markup.
#[must_use]
pub fn inline(markup: &str) -> String {
    if markup.is_empty() { String::new() } else { format!("<math>{markup}</math>") }
}

/// A formula on a line of its own.
#[must_use]
pub fn block(markup: &str) -> String {
    format!("<math display=\"block\">{markup}</math>")
}

/// Escaped text in which `σ_w`, `n_in`, `c_{12}` and `x^2` have real indices.
#[must_use]
pub fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let chars: Vec<char> = text.chars().collect();
    let mut i = 0;
    while i < chars.len() {
        if let Some((letter, tag, script, end)) = indexed(&chars, i) {
            if is_letter(letter) {
                out.push_str("<i>");
                push_escaped(&mut out, letter);
                out.push_str("</i>");
            } else {
                push_escaped(&mut out, letter);
            }
            out.push_str(&format!("<{tag}>"));
            script.iter().for_each(|c| push_escaped(&mut out, *c));
            out.push_str(&format!("</{tag}>"));
            i = end;
        } else {
            push_escaped(&mut out, chars[i]);
            i += 1;
        }
    }
    out
}

/// A symbol at `i` with its index: the symbol, the element for the index, the index, and where the text goes on. Only a
/// letter on its own takes a subscript, so that keys such as `sigma_w` stay as they are.
fn indexed(chars: &[char], i: usize) -> Option<(char, &'static str, &[char], usize)> {
    let letter = chars[i];
    let alone = i == 0 || !(is_word(chars[i - 1]) || chars[i - 1] == '_');
    let tag = match chars.get(i + 1)? {
        '_' if is_letter(letter) && alone => "sub",
        '^' if is_word(letter) || matches!(letter, ')' | '|' | ']') => "sup",
        _ => return None,
    };
    let rest = &chars[i + 2..];
    if rest.first() == Some(&'{') {
        let length = rest.iter().position(|c| *c == '}')?;
        return Some((letter, tag, &rest[1..length], i + 3 + length));
    }
    // A number in the script may have a sign and decimals; a full stop after it belongs to the sentence.
    let is_number_at = |k: usize| rest.get(k).is_some_and(char::is_ascii_digit);
    let belongs = |k: usize| match rest[k] {
        '-' | '−' => k == 0 && is_number_at(1),
        '.' => k > 0 && is_number_at(k - 1) && is_number_at(k + 1),
        // Raised and lowered digits are scripts already: σ_b² is the square of σ_b.
        c => is_letter(c) || c.is_ascii_digit() || c == '*',
    };
    let length = (0..rest.len()).take_while(|k| belongs(*k)).count();
    (length > 0).then(|| (letter, tag, &rest[..length], i + 2 + length))
}

/// Whether a character is a letter, of any script. The tables of the standard library would add two kilobytes to the page for the
/// letters that have a block of their own among signs.
pub(crate) fn is_letter(c: char) -> bool {
    let is_latin_or_later = matches!(c, 'ª' | 'µ' | 'º' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='\u{1fff}');
    c.is_ascii_alphabetic() || is_latin_or_later || matches!(c, '\u{2100}'..='\u{214f}' | '\u{2c00}'..)
}

fn is_word(c: char) -> bool {
    is_letter(c) || c.is_ascii_digit()
}

/// A complaint as a sentence: with a capital letter, and one full stop where it does not end yet. A complaint never starts with
/// a key.
#[must_use]
pub fn sentence(complaint: &str) -> String {
    let complaint = complaint.trim();
    let mut out = complaint.to_owned();
    if let Some(first) = out.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let end = complaint.trim_end_matches(['”', ')', '"']).chars().next_back();
    // In quotes stands what somebody has typed, which ends no sentence.
    let is_ended = end.is_some_and(|c| matches!(c, '.' | '!' | '?' | '…')) && !complaint.ends_with(['”', '"']);
    if !is_ended {
        out.push('.');
    }
    out
}

/// A stranger's text, short enough to be quoted back in a sentence.
pub(crate) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if text.chars().count() > 40 {
        short.push('…');
    }
    short
}

/// Text as markup that shows it.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_escaped(&mut out, c));
    out
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        _ => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_with_an_underscore_get_a_subscript() {
        assert_eq!(prose("scale σ_w/√width"), "scale <i>σ</i><sub>w</sub>/√width");
        assert_eq!(prose("2/(n_in + n_out)"), "2/(<i>n</i><sub>in</sub> + <i>n</i><sub>out</sub>)");
    }

    #[test]
    fn complaints_become_sentences() {
        assert_eq!(sentence("there is no figure “x” here"), "There is no figure “x” here.");
        assert_eq!(sentence("“abc” is not a number"), "“abc” is not a number.");
        assert_eq!((sentence(""), sentence("∞ is far")), (".".into(), "∞ is far.".into()));
        assert_eq!(sentence("it ended. Once."), "It ended. Once.");
        assert_eq!(sentence("there is none (as it said.)"), "There is none (as it said.)");
        assert_eq!(sentence("nothing is called “x.”"), "Nothing is called “x.”.");
        assert_eq!(sentence("loading… "), "Loading…");
    }

    #[test]
    fn keys_and_markup_stay_as_they_are() {
        assert_eq!(prose("sigma_w < 1 & c*"), "sigma_w &lt; 1 &amp; c*");
        assert_eq!(prose("a _ b_"), "a _ b_");
        assert_eq!(prose("c_{12} x^2"), "<i>c</i><sub>12</sub> <i>x</i><sup>2</sup>");
        assert_eq!(prose("σ_b² = 2"), "<i>σ</i><sub>b</sub>² = 2");
        assert_eq!(prose("N^{−1/2}"), "<i>N</i><sup>−1/2</sup>");
        assert_eq!(prose("2^"), "2^");
        assert_eq!(prose("by 10^−0.8, or 10^5."), "by 10<sup>−0.8</sup>, or 10<sup>5</sup>.");
    }
}
