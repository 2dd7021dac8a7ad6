//! What a library exports to JavaScript stays in a module though nothing calls it: whatever is exported counts as used. Here
//! such exports go before the module is bound, so that binding finds their code dead.
//!
//! Leptos links a client of server functions, whose streams are JavaScript classes of the crate `wasm-streams`. A page that
//! has no server never makes one.

use anyhow::{Context as _, Result};

use crate::sections::{CUSTOM, EXPORT, encoded, name, number, taken, with_sections};

/// What the names of the classes begin with.
const UNCALLED: &str = "IntoUnderlying";
/// The section in which crates tell `wasm-bindgen` of what they import and export.
const BINDINGS: &str = "__wasm_bindgen_unstable";

/// A module without exports that nothing calls.
///
/// # Errors
/// When these are not the bytes of a module.
pub(crate) fn without_uncalled(module: &[u8]) -> Result<Vec<u8>> {
    let pruned = with_sections(module, |id, section| match id {
        EXPORT => exports(section),
        CUSTOM => custom(section),
        _ => Some(section.to_vec()),
    });
    pruned.context("this is not a WebAssembly module")
}

/// An export section: a count, and for each a name, a kind and an index.
fn exports(mut section: &[u8]) -> Option<Vec<u8>> {
    let uncalled = UNCALLED.to_lowercase();
    let (mut n, mut kept) = (0, Vec::new());
    for _ in 0..number(&mut section)? {
        let start = section;
        let name = name(&mut section)?;
        taken(&mut section, 1)?;
        number(&mut section)?;
        if !name.contains(&uncalled) {
            n += 1;
            kept.extend(&start[..start.len() - section.len()]);
        }
    }
    Some([encoded(n), kept].concat())
}

/// A custom section: a name, and for [`BINDINGS`] pairs of a version and what one use of the macro tells, each after its length
/// in four bytes.
fn custom(section: &[u8]) -> Option<Vec<u8>> {
    let mut rest = section;
    if name(&mut rest)? != BINDINGS {
        return Some(section.to_vec());
    }
    let mut kept = section[..section.len() - rest.len()].to_vec();
    while !rest.is_empty() {
        let start = rest;
        let mut part = || {
            let (length, after) = rest.split_first_chunk::<4>()?;
            rest = after;
            taken(&mut rest, usize::try_from(u32::from_le_bytes(*length)).ok()?)
        };
        part()?;
        let told = part()?;
        let is_uncalled = told.windows(UNCALLED.len()).any(|window| window == UNCALLED.as_bytes());
        if !is_uncalled {
            kept.extend(&start[..start.len() - rest.len()]);
        }
    }
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::named;

    fn section(id: u8, content: &[u8]) -> Vec<u8> {
        [vec![id], encoded(content.len()), content.to_vec()].concat()
    }

    fn module(exported: &[&str], told: &[&str]) -> Vec<u8> {
        let mut exports = encoded(exported.len());
        for (i, name) in exported.iter().enumerate() {
            exports.extend([named(name), vec![0], encoded(300 + i)].concat());
        }
        let mut bindings = named("__wasm_bindgen_unstable");
        for text in told {
            for part in ["{\"schema_version\":\"1\"}", text] {
                bindings.extend((part.len() as u32).to_le_bytes());
                bindings.extend(part.as_bytes());
            }
        }
        let header = b"\0asm\x01\0\0\0";
        [&header[..], &section(EXPORT, &exports), &section(10, &[0; 200]), &section(CUSTOM, &bindings)].concat()
    }

    #[test]
    fn what_nothing_calls_goes_and_all_else_stays() {
        let whole = module(
            &["memory", "__wbg_intounderlyingsink_free", "main", "__wbindgen_describe_intounderlyingsink_write"],
            &["an import", "IntoUnderlyingSink", "another"],
        );
        let mut expected = module(&["memory", "main"], &["an import", "another"]);
        // Indices are those of the whole.
        let main = expected.windows(4).position(|w| w == b"main").unwrap();
        expected[main + 5] += 1;
        assert_eq!(without_uncalled(&whole).unwrap(), expected);
        assert_eq!(without_uncalled(&expected).unwrap(), expected);
    }

    #[test]
    fn what_is_cut_off_is_an_error_and_never_a_panic() {
        let whole = module(&["memory", "main"], &["an import"]);
        let ends: Vec<usize> = (0..whole.len()).filter(|n| without_uncalled(&whole[..*n]).is_ok()).collect();
        // A module may end after its header and after each section.
        assert_eq!(ends.len(), 3, "{ends:?}");
    }
}
