//! A WebAssembly module as a row of sections: enough to change one and leave the others as they are.

/// Of a module's header, before its sections.
const HEADER_BYTES: usize = 8;
pub(crate) const CUSTOM: u8 = 0;
pub(crate) const IMPORT: u8 = 2;
pub(crate) const EXPORT: u8 = 7;

/// A module whose sections, by their number, are what `change` makes of them; `None` where the bytes are no module, or
/// `change` could not read a section.
pub(crate) fn with_sections(module: &[u8], mut change: impl FnMut(u8, &[u8]) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    let (header, mut rest) = module.split_at_checked(HEADER_BYTES)?;
    let mut kept = header.to_vec();
    while let Some((id, after)) = rest.split_first() {
        rest = after;
        let size = number(&mut rest)?;
        let section = change(*id, taken(&mut rest, size)?)?;
        kept.push(*id);
        kept.extend(encoded(section.len()));
        kept.extend(section);
    }
    Some(kept)
}

/// A name after its length.
pub(crate) fn name<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let length = number(bytes)?;
    std::str::from_utf8(taken(bytes, length)?).ok()
}

/// A name after its length, written.
pub(crate) fn named(name: &str) -> Vec<u8> {
    [encoded(name.len()), name.as_bytes().to_vec()].concat()
}

/// The first `n` bytes.
pub(crate) fn taken<'a>(bytes: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(n)?;
    *bytes = rest;
    Some(taken)
}

/// An unsigned number in LEB128 from the start of `bytes`.
pub(crate) fn number(bytes: &mut &[u8]) -> Option<usize> {
    let mut found = 0;
    for shift in (0..=28).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        found |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(found);
        }
    }
    None
}

/// A number in LEB128.
pub(crate) fn encoded(mut n: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while n >= 0x80 {
        bytes.push((n & 0x7f) as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
    bytes
}
