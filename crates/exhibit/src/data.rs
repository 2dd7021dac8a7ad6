//! A declaration as text that HTML holds as it is.

use crate::declaration::Exhibit;

/// What is added to a byte that is no plain letter: the characters from here on have no meaning in HTML.
const SHIFT: u32 = 0x100;

/// Why a text is no declaration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the declaration in the page could not be read: {0}")]
pub struct DataError(#[from] postcard::Error);

/// An exhibit's declaration, but for the words that are markup in its page.
///
/// # Errors
/// Never for a declaration; the signature is postcard's.
pub fn text_from_exhibit(exhibit: &Exhibit) -> Result<String, DataError> {
    let bytes = postcard::to_stdvec(exhibit)?;
    let letter = |byte: u8| match byte {
        b'<' | b'>' | b'&' | b'"' => None,
        b' '..=b'~' => Some(char::from(byte)),
        _ => None,
    };
    Ok(bytes.into_iter().filter_map(|b| letter(b).or_else(|| char::from_u32(SHIFT + u32::from(b)))).collect())
}

/// What [`text_from_exhibit`] wrote. It stays for as long as the program runs.
///
/// # Errors
/// [`DataError`] for any other text.
pub fn exhibit_from_text(text: &str) -> Result<&'static Exhibit, DataError> {
    let bytes: Vec<u8> = text.chars().map(|c| (u32::from(c) % SHIFT) as u8).collect();
    Ok(Box::leak(Box::new(postcard::from_bytes(bytes.leak())?)))
}
