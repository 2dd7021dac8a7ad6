//! `wasm-bindgen` calls each import by what it does and a hash of sixteen digits, once in the module and once in the glue. No
//! compression shrinks a hash: short names spare a visitor some eight kilobytes.

use anyhow::{Context as _, Result};

use crate::sections::{IMPORT, encoded, name, named, number, taken, with_sections};

const HASH_DIGITS: usize = 16;

/// A module and its glue with short names between them.
///
/// # Errors
/// When these are not the bytes of a module.
pub(crate) fn shortened(module: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let mut glue = glue.to_owned();
    let mut n = 0;
    let mut rename = |long: &str| {
        if !has_hash(long) {
            return long.to_owned();
        }
        let short = format!("_{n:x}");
        n += 1;
        glue = glue.replace(long, &short);
        short
    };
    let module = with_sections(module, |id, section| match id {
        IMPORT => imports(section, &mut rename),
        _ => Some(section.to_vec()),
    });
    Ok((module.context("this is not a WebAssembly module")?, glue))
}

fn has_hash(name: &str) -> bool {
    let hash = name.rsplit_once('_').map_or("", |(_, hash)| hash);
    hash.len() == HASH_DIGITS && hash.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// An import section: a count, and for each the name of a module, its own name, and what it is.
fn imports(mut section: &[u8], mut rename: impl FnMut(&str) -> String) -> Option<Vec<u8>> {
    let n = number(&mut section)?;
    let mut renamed = encoded(n);
    for _ in 0..n {
        renamed.extend(named(name(&mut section)?));
        renamed.extend(named(&rename(name(&mut section)?)));
        let start = section;
        skip_kind(&mut section)?;
        renamed.extend(&start[..start.len() - section.len()]);
    }
    Some(renamed)
}

/// Goes past what an import is: a function, a table, a memory, a global or a tag.
fn skip_kind(section: &mut &[u8]) -> Option<()> {
    let kind = taken(section, 1)?[0];
    let limits = |section: &mut &[u8]| {
        let has_most = taken(section, 1)?[0] & 1 == 1;
        number(section)?;
        if has_most { number(section).map(drop) } else { Some(()) }
    };
    match kind {
        0 => number(section).map(drop),
        1 => {
            taken(section, 1)?;
            limits(section)
        }
        2 => limits(section),
        3 => taken(section, 2).map(drop),
        4 => {
            taken(section, 1)?;
            number(section).map(drop)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(names: [&str; 3]) -> Vec<u8> {
        let kinds: [&[u8]; 3] = [&[0, 0x81, 1], &[2, 1, 17, 20], &[1, 0x6f, 0, 5]];
        let mut section = encoded(names.len());
        for (name, kind) in names.iter().zip(kinds) {
            section.extend([named("./web_bg.js"), named(name), kind.to_vec()].concat());
        }
        let code = [&[10, 2], &[7, 8][..]].concat();
        [b"\0asm\x01\0\0\0".to_vec(), vec![IMPORT], encoded(section.len()), section, code].concat()
    }

    #[test]
    fn module_and_glue_agree_on_shorter_names() {
        let (a, b) = ("__wbg_get_0123456789abcdef", "__wbg_get_fedcba9876543210");
        let glue = format!("{{ {a}: f(), memory: m, {b}: g() }}");
        let (found, renamed) = shortened(&module([a, "memory", b]), &glue).unwrap();
        assert_eq!(found, module(["_0", "memory", "_1"]));
        assert_eq!(renamed, "{ _0: f(), memory: m, _1: g() }");
    }

    #[test]
    fn what_is_no_module_is_an_error() {
        let whole = module(["a", "b", "c"]);
        assert!(shortened(&whole[..20], "").is_err());
        assert!(shortened(b"\0asm", "").is_err());
    }
}
