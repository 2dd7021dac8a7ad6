//! Widths of texts without measuring them, and the little markup of labels: `σ_w`, `x^2`, `c_{12}`.
//!
//! In a browser each measured text inserts an element into the page and forces a layout, so the layout is computed from
//! the widths below. They are those of DejaVu Sans, one of the widest common fonts: a narrower one leaves a little more air.

/// A piece of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) shift: Shift,
}

/// Where a piece stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shift {
    Base,
    Sub,
    Super,
}

impl Shift {
    /// Size relative to the base size, and how far the centre is lowered, in base sizes.
    pub(crate) fn size_and_drop(self) -> (f64, f64) {
        match self {
            Self::Base => (1.0, 0.0),
            Self::Sub => (0.74, 0.30),
            Self::Super => (0.74, -0.32),
        }
    }
}

/// Splits a label into runs. `_` and `^` count as markup after a letter, digit or closing bracket, before `{…}` or before
/// one or two letters, digits or `*` that end there; elsewhere they stand for themselves.
pub(crate) fn runs(label: &str) -> Vec<Run> {
    let chars: Vec<char> = label.chars().collect();
    let mut out: Vec<Run> = Vec::new();
    let mut base = String::new();
    let mut i = 0;
    while i < chars.len() {
        let shift = match chars[i] {
            '_' => Some(Shift::Sub),
            '^' => Some(Shift::Super),
            _ => None,
        };
        let after_symbol = i > 0 && (is_word(chars[i - 1]) || matches!(chars[i - 1], ')' | '|' | '*' | '}' | '⟩'));
        match shift.filter(|_| after_symbol).and_then(|shift| Some((shift, script(&chars[i + 1..])?))) {
            Some((shift, (text, used))) => {
                if !base.is_empty() {
                    out.push(Run { text: std::mem::take(&mut base), shift: Shift::Base });
                }
                out.push(Run { text, shift });
                i += 1 + used;
            }
            None => {
                base.push(chars[i]);
                i += 1;
            }
        }
    }
    if !base.is_empty() {
        out.push(Run { text: base, shift: Shift::Base });
    }
    out
}

/// Whether it is a digit, or a letter of any script. Raised and lowered digits of Unicode are scripts already. The tables of the
/// standard library would add two kilobytes to the page.
fn is_word(c: char) -> bool {
    let is_latin_or_later = matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='\u{1fff}');
    c.is_ascii_alphanumeric() || is_latin_or_later || matches!(c, '\u{2100}'..='\u{214f}' | '\u{2c00}'..)
}

/// The script at the start of `rest` and how many characters it takes.
fn script(rest: &[char]) -> Option<(String, usize)> {
    if rest.first() == Some(&'{') {
        let end = rest.iter().position(|&c| c == '}')?;
        return (end > 1).then(|| (rest[1..end].iter().collect(), end + 1));
    }
    let script = |c: &&char| is_word(**c) || **c == '*';
    let length = rest.iter().take_while(script).count();
    (1..=2).contains(&length).then(|| (rest[..length].iter().collect(), length))
}

/// The label without markup, for texts that are read aloud and not painted: `N^{−1/2}` is `N^(−1/2)`, `c_{12}` is `c_12`.
#[must_use]
pub fn plain(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    for run in runs(label) {
        let one_word = run.text.chars().all(is_word);
        match run.shift {
            Shift::Base => out.push_str(&run.text),
            Shift::Sub => out.push_str(&format!("_{}", run.text)),
            Shift::Super if one_word => out.push_str(&format!("^{}", run.text)),
            Shift::Super => out.push_str(&format!("^({})", run.text)),
        }
    }
    out
}

/// The width of a label of size `px`, markup observed.
pub(crate) fn width(label: &str, px: f64) -> f64 {
    runs(label).iter().map(|run| run_width(&run.text, px * run.shift.size_and_drop().0)).sum()
}

/// The width of an unmarked text of size `px`.
pub(crate) fn run_width(text: &str, px: f64) -> f64 {
    px * text.chars().map(advance).sum::<f64>()
}

/// Advance of a character in ems.
fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '\'' | '|' | '′' => 0.29,
        ' ' | '.' | ',' | ':' | ';' | '/' | '\\' | '·' | '\u{a0}' | '\u{202f}' => 0.33,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | 'I' | 'J' | '–' | '‖' | '⟨' | '⟩' => 0.40,
        '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' | '⁻' | '₀'..='₉' | 'ₗ' => 0.41,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | '*' | 'ξ' => 0.56,
        'a'..='z' if !matches!(c, 'm' | 'w') => 0.63,
        '0'..='9' => 0.637,
        'm' | 'W' | '—' | '…' => 1.0,
        'w' | 'M' | '∞' | '+' | '−' | '×' | '=' | '<' | '>' | '≤' | '≥' | '≈' | '→' => 0.85,
        'A'..='Z' => 0.72,
        '\u{370}'..='\u{3ff}' => 0.64,
        _ => 0.70,
    }
}

/// The label, cut and ended by `…` if it is wider than `room`.
pub(crate) fn elide(label: &str, px: f64, room: f64) -> String {
    if width(label, px) <= room {
        return label.into();
    }
    let mut kept: Vec<char> = label.chars().collect();
    while kept.pop().is_some() {
        while kept.last().is_some_and(|c| c.is_whitespace() || matches!(c, '_' | '^' | '{' | ',' | '(')) {
            kept.pop();
        }
        let cut: String = kept.iter().chain(&['…']).collect();
        if width(&cut, px) <= room {
            return if kept.is_empty() { String::new() } else { cut };
        }
    }
    String::new()
}

/// The text in lines no wider than `room`, broken at blanks.
pub(crate) fn wrap(text: &str, px: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line, px) + width(word, px) + 0.33 * px <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.into()),
        }
    }
    lines.into_iter().map(|line| elide(&line, px, room)).filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(label: &str) -> Vec<(String, Shift)> {
        runs(label).into_iter().map(|r| (r.text, r.shift)).collect()
    }

    #[test]
    fn scripts_are_found_and_ordinary_underscores_kept() {
        let base = |t: &str| (t.to_owned(), Shift::Base);
        let sub = |t: &str| (t.to_owned(), Shift::Sub);
        let sup = |t: &str| (t.to_owned(), Shift::Super);
        assert_eq!(texts("weight scale σ_w"), [base("weight scale σ"), sub("w")]);
        assert_eq!(texts("σ_w^2 = 2"), [base("σ"), sub("w"), sup("2"), base(" = 2")]);
        assert_eq!(texts("σ_w² > 2"), [base("σ"), sub("w"), base("² > 2")]);
        assert_eq!(texts("c_{12} at l"), [base("c"), sub("12"), base(" at l")]);
        assert_eq!(texts("a_name_kept"), [base("a_name_kept")]);
        assert_eq!(texts("_x ^ {"), [base("_x ^ {")]);
        assert_eq!(texts("x_{"), [base("x_{")]);
        assert_eq!(texts(""), []);
    }

    #[test]
    fn plain_labels_keep_their_meaning() {
        for (label, text) in [
            ("N^{−1/2}", "N^(−1/2)"),
            ("2^{k} pieces of c_{12}", "2^k pieces of c_12"),
            ("σ_b²", "σ_b²"),
            ("a_name_kept {", "a_name_kept {"),
        ] {
            assert_eq!(plain(label), text);
        }
    }

    #[test]
    fn elided_labels_fit() {
        for room in [0.0, 5.0, 20.0, 50.0, 90.0, 400.0] {
            let cut = elide("weight scale σ_w, all layers", 13.0, room);
            assert!(width(&cut, 13.0) <= room, "{cut} in {room}");
        }
        assert_eq!(elide("layer l", 13.0, 400.0), "layer l");
    }

    #[test]
    fn wrapped_lines_fit_and_lose_no_word() {
        let text = "no fixed point exists here: the length grows without bound";
        let lines = wrap(text, 13.0, 150.0);
        assert!(lines.len() > 1 && lines.iter().all(|l| width(l, 13.0) <= 150.0), "{lines:?}");
        assert_eq!(lines.join(" "), text);
    }
}
