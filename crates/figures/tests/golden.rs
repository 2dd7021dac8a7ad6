//! Pictures of the gallery look as they did: coarse copies of them are kept as text. `GOLDEN=write cargo test …` takes new ones.
#![cfg(feature = "export")]

#[path = "../examples/gallery/further.rs"]
mod further;
#[path = "../examples/gallery/samples.rs"]
mod samples;

use std::fmt::Write;
use std::io::Cursor;
use std::path::PathBuf;

use figures::{Figure, Style, Theme, png};

const SIZE: (u32, u32) = (480, 320);
/// Pixels a side of what becomes one of the copy.
const BLOCK: usize = 20;
/// How far a channel of a block may be off: less than a tenth of a line 2 pixels wide through it. Other machines round the
/// places of letters and lines otherwise in the last of their digits only.
const TOLERANCE: u32 = 2;

/// The means of blocks, a line of text for each row of them.
fn coarse(figure: &Figure, theme: Theme) -> String {
    let bytes = png(figure, SIZE, &Style { theme, ..Style::default() }).expect("an image");
    let mut reader = ::png::Decoder::new(Cursor::new(bytes)).read_info().expect("a header");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let _info = reader.next_frame(&mut pixels).expect("pixels");
    let (wide, high) = (SIZE.0 as usize / BLOCK, SIZE.1 as usize / BLOCK);
    let mut out = String::new();
    for row in 0..high {
        for column in 0..wide {
            for channel in 0..3 {
                let at =
                    |k: usize| 3 * ((row * BLOCK + k / BLOCK) * SIZE.0 as usize + column * BLOCK + k % BLOCK) + channel;
                let sum: u32 = (0..BLOCK * BLOCK).map(|k| u32::from(pixels[at(k)])).sum();
                write!(out, "{:02x}", sum / (BLOCK * BLOCK) as u32).expect("room");
            }
        }
        out.push('\n');
    }
    out
}

/// The first block that differs, and by how much.
fn difference(now: &str, before: &str) -> Option<String> {
    if now.len() != before.len() {
        return Some(format!("{} characters, not {}", now.len(), before.len()));
    }
    let line = now.find('\n').unwrap_or(0) + 1;
    let byte = |text: &str, at: usize| text.get(at..at + 2).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let places = (0..now.len()).filter(|at| at % line != line - 1 && (at % line).is_multiple_of(2));
    places.into_iter().find_map(|at| {
        let (new, old) = (byte(now, at)?, byte(before, at)?);
        let place = (at % line / 6, at / line);
        (new.abs_diff(old) > TOLERANCE).then(|| format!("{new} in place of {old} at block {place:?}"))
    })
}

#[test]
fn pictures_look_as_they_did() {
    let folder = PathBuf::from("tests/golden");
    let mut wrong = Vec::new();
    for figure in samples::all().into_iter().chain(further::all()) {
        for theme in [Theme::Light, Theme::Dark, Theme::Projector] {
            let file = folder.join(format!("{}-{}.txt", figure.id, theme.key()));
            let now = coarse(&figure, theme);
            if std::env::var("GOLDEN").is_ok_and(|order| order == "write") {
                std::fs::create_dir_all(&folder).expect("a folder");
                std::fs::write(&file, &now).expect("a file");
            }
            let before = std::fs::read_to_string(&file).unwrap_or_default();
            if let Some(difference) = difference(&now, &before) {
                wrong.push(format!("{} in {}: {difference}", figure.id, theme.key()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_line_more_is_seen() {
    let mut figure = samples::all().remove(1);
    let before = coarse(&figure, Theme::Light);
    assert_eq!(difference(&before, &before), None);
    figure.layers.pop();
    assert!(difference(&coarse(&figure, Theme::Light), &before).is_some());
}
