//! A person's own files: IDX files, PNG pictures, and folders of those.

use std::path::{Path, PathBuf};

use data::own::{File, OwnSet, Picture, set_of};
use exhibit::Link;

use crate::failure::Failure;

/// Opens files for an exhibit that takes some, whose controls then stand for them.
pub(crate) fn open(paths: &[PathBuf], link: &mut Link) -> Result<OwnSet, Failure> {
    let exhibit = link.values.exhibit();
    if exhibit.files().is_none() {
        return Err(Failure::Usage(format!("the exhibit {} takes no files", exhibit.id)));
    }
    let (mut pictures, mut others) = (Vec::new(), Vec::new());
    for file in read(paths)? {
        match picture(&file) {
            Some(picture) => pictures.push(picture),
            None => others.push(file),
        }
    }
    let set = set_of(&pictures, &others).map_err(|error| Failure::Usage(error.to_string()))?;
    link.values.set_files(&set.id()).map_err(|error| Failure::Usage(error.to_string()))?;
    Ok(set)
}

/// A PNG file.
fn picture(file: &File) -> Option<Picture> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(&file.bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().ok()?;
    let mut bytes = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut bytes).ok()?;
    bytes.truncate(frame.buffer_size());
    let rgba: Vec<u8> = match frame.color_type {
        png::ColorType::Rgba => bytes,
        png::ColorType::GrayscaleAlpha => bytes.as_chunks::<2>().0.iter().flat_map(|[y, a]| [*y, *y, *y, *a]).collect(),
        _ => return None,
    };
    Some(Picture::from_rgba(file.name.clone(), frame.width as usize, &rgba))
}

/// Files, and those of folders in the order of their names.
fn read(paths: &[PathBuf]) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        let failed = |error: std::io::Error| Failure::Usage(format!("{}: {error}", path.display()));
        if path.is_dir() {
            let entries = std::fs::read_dir(path).map_err(failed)?;
            let mut inside =
                entries.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>().map_err(failed)?;
            inside.sort();
            files.extend(read(&inside)?);
        } else {
            files.push(File { name: name(path), bytes: std::fs::read(path).map_err(failed)? });
        }
    }
    Ok(files)
}

/// A file's name with that of its folder, which may say the class.
fn name(path: &Path) -> String {
    let mut parts: Vec<_> = path.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
    parts.reverse();
    parts.join("/")
}
