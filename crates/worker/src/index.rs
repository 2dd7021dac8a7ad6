//! `packs/index.json`, the list of the data packs that a site was built with.

use serde::Deserialize;

/// One pack; what else the list says of it is not needed here.
#[derive(Deserialize)]
struct Listed {
    name: String,
    file: String,
}

/// The file, beside the list, of the pack with this name.
///
/// # Errors
/// A sentence: the list has no such pack, or is none.
pub(crate) fn file_of(index: &[u8], name: &str) -> Result<String, String> {
    let listed: Vec<Listed> = serde_json::from_slice(index)
        .map_err(|_what| "The list of this site's data packs, packs/index.json, could not be read".to_owned())?;
    let found = listed.into_iter().find(|pack| pack.name == name);
    let file = found.ok_or_else(|| format!("this site was built without the data pack {name}"))?.file;
    if file.is_empty() || file.contains(['/', '\\', ':', '?', '#']) {
        return Err(format!("The list of this site's data packs names “{file}”, which is no file beside it"));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_is_found_by_its_whole_name() {
        let index =
            br#"[{"name":"fashion-mnist-test","file":"f.dsp","bytes":4,"images":1},{"name":"x","file":"mnist-test"}]"#;
        assert_eq!(file_of(index, "fashion-mnist-test").as_deref(), Ok("f.dsp"));
        for absent in ["mnist-test", "f.dsp", "name", ""] {
            assert_eq!(file_of(index, absent), Err(format!("this site was built without the data pack {absent}")));
        }
    }

    #[test]
    fn what_is_no_list_is_said() {
        for index in [&b""[..], b"<!doctype html>\"mnist-test\"", b"{}", b"[{\"name\":\"mnist-test\"}]"] {
            assert!(file_of(index, "mnist-test").unwrap_err().contains("could not be read"));
        }
        let elsewhere = br#"[{"name":"a","file":"../a"}]"#;
        assert!(file_of(elsewhere, "a").unwrap_err().contains("no file beside it"));
    }
}
