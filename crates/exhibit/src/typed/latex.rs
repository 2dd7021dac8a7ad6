//! TeX's way to write a formula, written out.

use super::plain::Plain;

/// What a closing brace ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Brace {
    /// A group.
    Group,
    /// The part above a stroke.
    Above,
    /// The part below it.
    Below,
}

/// The same formula with braces as brackets, fractions as quotients, and without what only sets the type. What is not known
/// keeps its backslash.
pub(super) fn written_out(typed: &Plain) -> Plain {
    let mut out = Plain::default();
    let mut open = Vec::new();
    // What the next character or group is.
    let mut next = Brace::Group;
    let mut at = 0;
    while let Some(&c) = typed.chars.get(at) {
        let place = typed.place(at);
        at += 1;
        match c {
            '$' => {}
            '\\' => {
                let name: String = typed.chars[at..].iter().take_while(|c| c.is_ascii_alphabetic()).collect();
                let sign = typed.chars.get(at).copied().filter(|_| name.is_empty());
                at += name.len() + usize::from(sign.is_some());
                match (sign, written(&name)) {
                    (Some('(' | ')' | '[' | ']' | '!'), _) => {}
                    (Some(',' | ';' | ':' | ' '), _) => out.push(' ', place),
                    (Some('%'), _) => out.push('%', place),
                    (Some(other), _) => {
                        out.push('\\', place);
                        out.push(other, place + 1);
                    }
                    (None, Some("((")) => {
                        out.push_all("((", place);
                        next = Brace::Above;
                    }
                    (None, Some(text)) => out.push_all(text, place),
                    (None, None) => out.push_all(&format!("\\{name}"), place),
                }
            }
            // TeX's comma without the space of a list.
            '{' if typed.chars.get(at) == Some(&',') && typed.chars.get(at + 1) == Some(&'}') => {
                out.push(',', place);
                at += 2;
            }
            '{' => {
                if next != Brace::Above {
                    out.push('(', place);
                }
                open.push(std::mem::replace(&mut next, Brace::Group));
            }
            '}' => next = close(&mut out, open.pop().unwrap_or(Brace::Group), place),
            _ if next != Brace::Group && c != ' ' => {
                if next == Brace::Below {
                    out.push('(', place);
                }
                out.push(c, place);
                next = close(&mut out, next, place);
            }
            _ => out.push(c, place),
        }
    }
    out
}

/// Ends a group; what the next one is.
fn close(out: &mut Plain, ended: Brace, place: usize) -> Brace {
    let (text, next) = match ended {
        Brace::Group => (")", Brace::Group),
        Brace::Above => (")/", Brace::Below),
        Brace::Below => ("))", Brace::Group),
    };
    out.push_all(text, place);
    next
}

/// What a command stands for: nothing for one that only sets the type, `((` for a fraction.
fn written(command: &str) -> Option<&'static str> {
    Some(match command {
        "frac" | "dfrac" | "tfrac" | "cfrac" => "((",
        "cdot" | "times" | "ast" => "*",
        "div" => "/",
        "pi" => "π",
        "tau" => "τ",
        "infty" => "∞",
        "sqrt" => "sqrt",
        "exp" => "exp",
        "ln" => "ln",
        // Not the base 2 of `\log2`.
        "log" => "log ",
        "left" | "right" | "bigl" | "bigr" | "big" | "Bigl" | "Bigr" | "Big" | "displaystyle" | "textstyle"
        | "mathrm" | "mathit" | "mathbf" | "operatorname" | "text" | "limits" => "",
        "quad" | "qquad" => " ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_written_out() {
        for (typed, plain) in [
            ("x^{2}-2x", "x^(2)-2x"),
            (r"\frac{1}{2}x^2", "((1)/(2))x^2"),
            (r"\frac12x", "((1)/(2))x"),
            (r"\frac 1 {2}", "(( 1)/ (2))"),
            (r"\dfrac{x^{2}}{\frac{1}{2}}", "((x^(2))/(((1)/(2))))"),
            (r"2\cdot x", "2* x"),
            (r"$x^2$", "x^2"),
            (r"\(x^2\)", "x^2"),
            (r"\left( x-1 \right)^2", "( x-1 )^2"),
            (r"0{,}5\,x", "0,5 x"),
            (r"\sqrt{2}\pi", "sqrt(2)π"),
            (r"50\%", "50%"),
            (r"\sin x", r"\sin x"),
            (r"x\", r"x\"),
            ("}{", ")("),
        ] {
            assert_eq!(Plain::of(typed).text(), plain, "{typed}");
        }
    }

    #[test]
    fn places_survive() {
        let plain = Plain::of(r"\frac{1}{2}y");
        assert_eq!(plain.text(), "((1)/(2))y");
        assert_eq!((plain.place(2), plain.place(9), plain.place(10)), (6, 11, 12));
    }
}
