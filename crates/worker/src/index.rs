//! `packs/index.json`, the list of the data packs that a site was built with.

use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

/// The file, beside the list, of the pack with this name.
///
/// # Errors
/// A sentence: the list has no such pack, or is none.
pub(crate) fn file_of(index: &[u8], name: &str) -> Result<String, String> {
    let listed = listed(index).ok_or("The list of this site's data packs, packs/index.json, could not be read")?;
    chosen(&listed, name)
}

/// Names and files, read by the browser's own reader.
fn listed(index: &[u8]) -> Option<Vec<(String, String)>> {
    let list = JSON::parse(std::str::from_utf8(index).ok()?).ok()?.dyn_into::<Array>().ok()?;
    let text = |of: &JsValue, key: &str| Reflect::get(of, &key.into()).ok()?.as_string();
    list.iter().map(|pack| Some((text(&pack, "name")?, text(&pack, "file")?))).collect()
}

fn chosen(listed: &[(String, String)], name: &str) -> Result<String, String> {
    let found = listed.iter().find(|(listed, _)| listed == name);
    let (_, file) = found.ok_or_else(|| format!("this site was built without the data pack {name}"))?;
    if file.is_empty() || file.contains(['/', '\\', ':', '?', '#']) {
        return Err(format!("The list of this site's data packs names “{file}”, which is no file beside it"));
    }
    Ok(file.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_is_found_by_its_whole_name() {
        let listed = [("fashion-mnist-test", "f.dsp"), ("x", "mnist-test"), ("y", "../y")];
        let listed = listed.map(|(name, file)| (name.to_owned(), file.to_owned()));
        assert_eq!(chosen(&listed, "fashion-mnist-test").as_deref(), Ok("f.dsp"));
        for absent in ["mnist-test", "f.dsp", "name", ""] {
            assert_eq!(chosen(&listed, absent), Err(format!("this site was built without the data pack {absent}")));
        }
        assert!(chosen(&listed, "y").unwrap_err().contains("no file beside it"));
    }
}
