//! What a built page may load and run: its own files, and the scripts that stand in it. Nothing of another origin, and no script
//! that a stranger's text might bring.

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// Style attributes stand in markup that the page writes; what they can do is limited to looks.
const ELSE: &str = "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; \
    form-action 'none'";

/// The page with a Content-Security-Policy before all else that it asks for. Its inline scripts are known by their hashes, so
/// that it has to be called last.
///
/// # Errors
/// When the page does not say its character set, behind which the policy stands, or a script is not in ASCII: a page around this
/// one that holds it as text may be of another character set, and the hash would not fit.
pub(crate) fn guarded(html: &str) -> Result<String> {
    if let Some(script) = inline_scripts(html).find(|script| !script.is_ascii()) {
        bail!("an inline script is not in ASCII: {script}");
    }
    let hashes: String = inline_scripts(html).map(|script| format!(" 'sha256-{}'", hash(script))).collect();
    let policy = format!("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{hashes}; {ELSE}");
    let charset = "<meta charset=\"utf-8\">";
    let (before, after) = html.split_once(charset).with_context(|| format!("index.html has no {charset}"))?;
    Ok(format!("{before}{charset}<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">{after}"))
}

fn hash(script: &str) -> String {
    STANDARD.encode(Sha256::digest(script))
}

/// What stands in the elements `script` that have no address.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_known_by_their_hashes_and_nothing_else_is() {
        let html = "<head><meta charset=\"utf-8\"><script>f()</script><script type=\"module\" src=\"a.js\"></script>\
            <script type=\"module\">alert('Hello, world.');</script></head>";
        let guarded = guarded(html).unwrap();
        // The example of the standard (CSP level 3, section 8.3): the hash of that second script.
        assert!(guarded.contains("'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"), "{guarded}");
        assert_eq!(guarded.matches("'sha256-").count(), 2);
        assert!(guarded.find("Content-Security-Policy") < guarded.find("<script"));
        let policy = guarded.split("content=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        for source in policy.split(';').flat_map(|part| part.split_whitespace().skip(1)) {
            assert!(source.starts_with('\'') || ["data:", "blob:"].contains(&source), "{source}");
        }
    }

    #[test]
    fn what_would_not_hold_is_refused() {
        let script = "<meta charset=\"utf-8\"><script>say('it’s')</script>";
        assert!(guarded(script).unwrap_err().to_string().contains("not in ASCII"));
        assert!(guarded("<head></head>").unwrap_err().to_string().contains("charset"));
    }
}
