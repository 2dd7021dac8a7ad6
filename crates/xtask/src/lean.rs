//! Text as a browser needs it: without the remarks, blank lines and indentation that are for those who read the sources.

/// A style sheet: [`lean`], and without the ends of lines that divide nothing.
pub(crate) fn lean_sheet(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for line in lean(text).lines() {
        kept += &line.replace(" {", "{");
        if !line.ends_with(['{', '}', ';', ',']) {
            kept.push('\n');
        }
    }
    kept
}

/// A page, a style sheet, or glue that `wasm-bindgen` has written. Remarks that share a line with code stay.
pub(crate) fn lean(text: &str) -> String {
    let (mut kept, mut is_remark) = (String::with_capacity(text.len()), false);
    for mut line in text.lines().map(str::trim) {
        is_remark |= line.starts_with("/*");
        if is_remark {
            let Some((_, after)) = line.split_once("*/") else { continue };
            (line, is_remark) = (after.trim(), false);
        }
        if !line.is_empty() && !line.starts_with("//") {
            kept += line;
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{lean, lean_sheet};

    #[test]
    fn code_stays_and_remarks_go() {
        let sheet = "/* One. */\n\na {\n  b: c; /* stays */\n}\n  /* Two\n   lines. */ d { e: url(\"/*\"); }\n";
        assert_eq!(lean(sheet), "a {\nb: c; /* stays */\n}\nd { e: url(\"/*\"); }\n");
        assert_eq!(lean_sheet(sheet), "a{b: c; /* stays */\n}d{ e: url(\"/*\"); }");
        assert_eq!(lean_sheet("a,\nb {\n  c:\n    d;\n}"), "a,b{c:\nd;}");
        let page = "<script>\n  // Why.\n  f(); // how\n</script>";
        assert_eq!(lean(page), "<script>\nf(); // how\n</script>\n");
        let glue = "/**\n * @returns {number}\n */\nfunction f() {\n    return 1 / 2 */* no. */ 3;\n}";
        assert_eq!(lean(glue), "function f() {\nreturn 1 / 2 */* no. */ 3;\n}\n");
    }
}
