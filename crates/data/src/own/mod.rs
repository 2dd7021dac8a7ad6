//! A person's own images: pairs of IDX files, pictures that are named by their class, or photographs, made a training and a test
//! set of one size.

pub mod photographs;
mod set;

use photographs::{are_photographs, is_large};
pub use set::{
    File, ID_CHARS, LEAST, MOST_BYTES, N_CLASSES, OwnError, OwnSet, Picture, TILE, is_pack_name, pack_names,
};
use set::{PREFIX, TEST_EVERY};

pub use crate::digits::SIDE;
use crate::idx::{self, IMAGES_MAGIC, IdxError, LABELS_MAGIC};
use crate::inflate::unpacked_start;
use crate::pack::Pack;

/// Whether a file's bytes are those of an IDX file, which no picture's are.
#[must_use]
pub fn is_idx(bytes: &[u8]) -> bool {
    magic(bytes).is_some()
}

/// The first word of an IDX file, gzipped or not.
fn magic(bytes: &[u8]) -> Option<u32> {
    let start = unpacked_start(bytes);
    let word = start.first_chunk::<4>().map(|word| u32::from_be_bytes(*word))?;
    [IMAGES_MAGIC, LABELS_MAGIC].into_iter().find(|magic| *magic == word)
}

/// The set of some pictures, or of some files that are none. What is neither is left out beside those that are.
///
/// # Errors
/// [`OwnError`].
pub fn set_of(pictures: &[Picture], others: &[File]) -> Result<OwnSet, OwnError> {
    let (idx, unknown): (Vec<&File>, Vec<&File>) = others.iter().partition(|file| is_idx(&file.bytes));
    let set = match unknown.first() {
        Some(file) if pictures.is_empty() && idx.is_empty() => {
            return Err(OwnError::Unknown { file: file.name.clone(), got: beginning(&file.bytes) });
        }
        _ if pictures.is_empty() => from_idx(&idx)?,
        _ if !idx.is_empty() => return Err(OwnError::Mixed { pictures: pictures.len(), idx: idx.len() }),
        _ if are_photographs(pictures, |name| class_of(name).is_some()) => photographs::set_of(pictures)?,
        _ => from_pictures(pictures)?,
    };
    let told = match unknown.as_slice() {
        [] => set.told,
        [file] => format!("{} {} is no image, and was left out.", set.told, file.name),
        [file, ..] => format!("{} {} and others are no images, and were left out.", set.told, file.name),
    };
    Ok(OwnSet { told, ..set })
}

/// The set of some IDX files: images and labels, of training and test, or of one set that is divided.
fn from_idx(files: &[&File]) -> Result<OwnSet, OwnError> {
    let (images, labels): (Vec<&File>, Vec<&File>) =
        files.iter().copied().partition(|file| magic(&file.bytes) == Some(IMAGES_MAGIC));
    let pairs = OwnError::Pairs { images: images.len(), labels: labels.len() };
    fn only<'a>(files: &[&'a File], test: bool) -> Option<&'a File> {
        let mut those = files.iter().copied().filter(|file| is_of_test(&file.name) == test);
        those.next().filter(|_| those.next().is_none())
    }
    match (images.as_slice(), labels.as_slice()) {
        ([images], [labels]) => {
            let (all, size) = labelled(images, labels)?;
            divided(all, &told_of_size(size))
        }
        ([_, _], [_, _]) => {
            let pair = |test: bool| Some((only(&images, test)?, only(&labels, test)?));
            let (Some(train), Some(test)) = (pair(false), pair(true)) else { return Err(pairs) };
            let (train, size) = labelled(train.0, train.1)?;
            let (test, _) = labelled(test.0, test.1)?;
            of(train, test, &told_of_size(size))
        }
        _ => Err(pairs),
    }
}

/// The set of some pictures, whose names or folders begin with their class.
fn from_pictures(pictures: &[Picture]) -> Result<OwnSet, OwnError> {
    let (mut all, mut inverted) = (Labelled::default(), 0);
    // One that is no photograph is the first to blame.
    let nameless = pictures.iter().filter(|picture| class_of(&picture.name).is_none());
    if let Some(picture) = nameless.min_by_key(|picture| (is_large(picture), &picture.name)) {
        let (columns, rows) = (picture.width, picture.grey.len().checked_div(picture.width).unwrap_or(0));
        return Err(OwnError::NoClass { file: picture.name.clone(), rows, columns });
    }
    // Whatever order a browser or a disk gives them in.
    let mut pictures: Vec<&Picture> = pictures.iter().collect();
    pictures.sort_by(|a, b| a.name.cmp(&b.name));
    let mut by_class: [Vec<Vec<u8>>; N_CLASSES as usize] = Default::default();
    for picture in pictures {
        let file = || picture.name.clone();
        let Some(class) = class_of(&picture.name) else { continue };
        let is_whole = picture.width > 0 && picture.grey.len().is_multiple_of(picture.width);
        if !is_whole || picture.grey.is_empty() {
            return Err(OwnError::NoPixels { file: file() });
        }
        let (pixels, is_inverted) = squared(&picture.grey, picture.width);
        inverted += usize::from(is_inverted);
        by_class[usize::from(class)].push(pixels);
    }
    // One of each class in turn, so that a part of them is a fair one.
    let most = by_class.iter().map(Vec::len).max().unwrap_or(0);
    for round in 0..most {
        for (class, of_class) in by_class.iter().enumerate() {
            if let Some(pixels) = of_class.get(round) {
                all.push(class as u8, pixels);
            }
        }
    }
    let told = match inverted {
        0 => String::new(),
        _ => format!(" {inverted} of them are dark on light, and were inverted: nets here see light on dark."),
    };
    divided(all, &told)
}

/// Images of [`SIDE`]×[`SIDE`] pixels, and their labels.
#[derive(Default)]
struct Labelled {
    labels: Vec<u8>,
    pixels: Vec<u8>,
}

impl Labelled {
    fn push(&mut self, label: u8, pixels: &[u8]) {
        self.labels.push(label);
        self.pixels.extend(pixels);
    }
}

/// A pair of files, and the size that their images had.
fn labelled(images: &File, labels: &File) -> Result<(Labelled, (usize, usize)), OwnError> {
    let in_file = |file: &File| {
        let file = file.name.clone();
        move |why| OwnError::Idx { file, why }
    };
    let all_labels = idx::labels_from_bytes(&labels.bytes).map_err(in_file(labels))?;
    let all_images = idx::images_from_bytes(&images.bytes).map_err(in_file(images))?;
    if all_images.n() != all_labels.len() {
        let why = IdxError::CountMismatch { images: all_images.n(), labels: all_labels.len() };
        return Err(in_file(images)(why));
    }
    if let Some((index, label)) = all_labels.iter().enumerate().find(|(_, label)| **label >= N_CLASSES) {
        return Err(OwnError::Class { file: labels.name.clone(), index, label: *label });
    }
    let size = (all_images.rows, all_images.cols);
    if size == (SIDE, SIDE) {
        return Ok((Labelled { labels: all_labels, pixels: all_images.pixels }, size));
    }
    let pixels = all_images.pixels.chunks_exact(size.0 * size.1);
    let pixels = pixels.flat_map(|image| fitted(image, size.1, 0)).collect();
    Ok((Labelled { labels: all_labels, pixels }, size))
}

fn told_of_size((rows, cols): (usize, usize)) -> String {
    if (rows, cols) == (SIDE, SIDE) {
        return String::new();
    }
    format!(" They had {rows}×{cols} pixels, and were scaled to {SIDE}×{SIDE}.")
}

/// One set as two.
fn divided(all: Labelled, told: &str) -> Result<OwnSet, OwnError> {
    let (mut train, mut test) = (Labelled::default(), Labelled::default());
    for (i, (label, pixels)) in all.labels.iter().zip(all.pixels.chunks_exact(SIDE * SIDE)).enumerate() {
        let part = if i % TEST_EVERY == TEST_EVERY - 1 { &mut test } else { &mut train };
        part.push(*label, pixels);
    }
    of(train, test, &format!(" One in {TEST_EVERY} is kept for the test.{told}"))
}

fn of(train: Labelled, test: Labelled, told: &str) -> Result<OwnSet, OwnError> {
    let (n_train, n_test) = (train.labels.len(), test.labels.len());
    let n = n_train + n_test;
    if n < LEAST || n_train == 0 || n_test == 0 || n > MOST_BYTES / (SIDE * SIDE) {
        return Err(OwnError::Count { got: n });
    }
    let pack = |part: &str, all: Labelled| Pack::new(format!("{PREFIX}{part}"), SIDE, SIDE, all.labels, all.pixels);
    let (train, test) = (pack("train", train)?, pack("test", test)?);
    Ok(OwnSet { train, test, told: format!("{n_train} training and {n_test} test images.{told}") })
}

/// Whether a name says that its file is for the test.
fn is_of_test(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["test", "t10k"].iter().any(|word| name.contains(word))
}

/// The class that a picture's name begins with, or its folder's.
fn class_of(name: &str) -> Option<u8> {
    let starts_with_class = |part: &str| {
        let mut chars = part.chars();
        let digit =
            chars.next().and_then(|c| c.to_digit(10)).filter(|_| !chars.next().is_some_and(|c| c.is_ascii_digit()));
        digit.and_then(|digit| u8::try_from(digit).ok())
    };
    let mut parts = name.rsplit(['/', '\\']);
    let (file, folder) = (parts.next().unwrap_or_default(), parts.next());
    folder
        .and_then(|folder| starts_with_class(folder).filter(|_| folder.len() == 1))
        .or_else(|| starts_with_class(file))
}

fn beginning(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "nothing".into();
    }
    bytes.iter().take(4).map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

/// A picture as light on dark in a square, and whether it was inverted: where its border is light, as paper is.
fn squared(grey: &[u8], width: usize) -> (Vec<u8>, bool) {
    let height = grey.len() / width;
    let is_border = |i: usize| {
        let (row, col) = (i / width, i % width);
        row == 0 || row + 1 == height || col == 0 || col + 1 == width
    };
    let border: Vec<u64> = (0..grey.len()).filter(|i| is_border(*i)).map(|i| u64::from(grey[i])).collect();
    let mean = border.iter().sum::<u64>() / (border.len() as u64).max(1);
    let is_inverted = mean > 127;
    if !is_inverted {
        return (fitted(grey, width, mean as u8), false);
    }
    let grey: Vec<u8> = grey.iter().map(|p| 255 - p).collect();
    (fitted(&grey, width, 255 - mean as u8), true)
}

/// An image in the middle of a square of [`SIDE`] pixels, each the mean over its place in the image; `background` beside it.
fn fitted(image: &[u8], width: usize, background: u8) -> Vec<u8> {
    let height = image.len() / width;
    let scale = height.max(width) as f64 / SIDE as f64;
    let offset = |size: usize| (size as f64 - SIDE as f64 * scale) / 2.0;
    let weights = |size: usize, k: usize| {
        let (start, end) = (offset(size) + k as f64 * scale, offset(size) + (k + 1) as f64 * scale);
        let (first, last) = (start.floor().max(0.0) as usize, (end.ceil().max(0.0) as usize).min(size));
        let inside = move |i: usize| ((i + 1) as f64).min(end) - (i as f64).max(start);
        (first..last).map(move |i| (i, inside(i).max(0.0))).collect::<Vec<_>>()
    };
    let columns: Vec<_> = (0..SIDE).map(|k| weights(width, k)).collect();
    let mut out = Vec::with_capacity(SIDE * SIDE);
    for row in 0..SIDE {
        let rows = weights(height, row);
        for columns in &columns {
            let (mut sum, mut area) = (0.0, 0.0);
            for (i, a) in &rows {
                for (j, b) in columns {
                    sum += a * b * f64::from(image[i * width + j]);
                    area += a * b;
                }
            }
            let outside = (scale * scale - area).max(0.0);
            out.push(((sum + outside * f64::from(background)) / (scale * scale)).round() as u8);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idx(magic: u32, sizes: &[u32], items: &[u8]) -> Vec<u8> {
        let words = std::iter::once(magic).chain(sizes.iter().copied());
        words.flat_map(u32::to_be_bytes).chain(items.iter().copied()).collect()
    }

    fn images(name: &str, n: u32, side: u32) -> File {
        let pixels: Vec<u8> = (0..n * side * side).map(|i| (i % 251) as u8).collect();
        File { name: name.into(), bytes: idx(IMAGES_MAGIC, &[n, side, side], &pixels) }
    }

    fn labels(name: &str, n: u32) -> File {
        let labels: Vec<u8> = (0..n).map(|i| (i % 10) as u8).collect();
        File { name: name.into(), bytes: idx(LABELS_MAGIC, &[n], &labels) }
    }

    #[test]
    fn two_pairs_are_training_and_test_in_any_order() {
        let files = [
            labels("t10k-labels", 10),
            images("train-images", 30, 28),
            images("t10k-images", 10, 28),
            labels("train-labels", 30),
        ];
        let set = set_of(&[], &files).expect("a set");
        assert_eq!((set.train.n(), set.test.n()), (30, 10));
        assert_eq!(set.told, "30 training and 10 test images.");
        assert_eq!(set.train.image(2), Some(&files[1].bytes[16 + 2 * 784..16 + 3 * 784]));
        let [a, b, c, d] = files;
        assert_eq!(set_of(&[], &[d, c, b, a]).expect("a set").id(), set.id());
    }

    #[test]
    fn one_pair_is_divided_and_other_sizes_are_scaled() {
        let set = set_of(&[], &[images("a", 60, 56), labels("b", 60)]).expect("a set");
        assert_eq!((set.train.n(), set.test.n(), set.train.rows()), (50, 10, 28));
        assert_eq!(set.test.labels()[0], 5);
        assert!(set.told.ends_with("They had 56×56 pixels, and were scaled to 28×28."), "{}", set.told);
        // Each pixel is the mean of four.
        let File { bytes, .. } = images("a", 60, 56);
        let at = |row: usize, col: usize| f64::from(bytes[16 + row * 56 + col]);
        let mean = (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4.0;
        assert_eq!(set.train.image(0).map(|image| f64::from(image[0])), Some(mean.round()));
    }

    #[test]
    fn what_is_wrong_is_said_of_the_file_that_it_is_in() {
        let cut = |mut file: File| {
            file.bytes.truncate(30);
            file
        };
        let said = |files: &[File]| set_of(&[], files).expect_err("no set").to_string();
        assert_eq!(
            said(&[cut(images("x.idx", 30, 28)), labels("y.idx", 30)]),
            "images file is cut off: expected 23536 bytes, got 30 (x.idx)"
        );
        assert_eq!(said(&[images("x", 30, 28), labels("y", 29)]), "30 images but 29 labels (x)");
        assert!(
            said(&[images("x", 30, 28)]).starts_with("files of images: 1, files of labels: 0; expected one of each")
        );
        assert!(said(&[]).contains("files of images: 0"));
        let two = [images("a", 30, 28), labels("b", 30), images("c", 30, 28), labels("d", 30)];
        assert!(said(&two).contains("“test” or “t10k”"));
        let other = File { name: "z.pdf".into(), bytes: b"%PDF-1.7".to_vec() };
        assert!(said(&[other]).starts_with("the file z.pdf begins with 25 50 44 46; expected a picture"));
        let mut wrong = labels("y", 30);
        wrong.bytes[8 + 7] = 37;
        assert_eq!(said(&[images("x", 30, 28), wrong]), "label 37 of image 7 in y; expected 0 to 9");
        assert_eq!(
            said(&[images("x", 10, 28), labels("y", 10)]),
            "images: 10; expected 20 or more, and at most 171196"
        );
    }

    #[test]
    fn pictures_say_their_class_and_paper_is_inverted() {
        let picture = |name: &str, grey: Vec<u8>| Picture { name: name.into(), width: 4, grey };
        let ink_on_paper = || [[255; 4], [255, 0, 0, 255], [255, 0, 0, 255], [255; 4]].concat();
        let mut all: Vec<_> = (0..20).map(|i| picture(&format!("{}/{i}.png", i % 2), ink_on_paper())).collect();
        all.push(picture("7_x.png", vec![0; 16]));
        let set = from_pictures(&all).expect("a set");
        assert_eq!((set.train.n(), set.test.n()), (18, 3));
        assert!(set.told.contains("20 of them are dark on light"), "{}", set.told);
        // Light in the middle, dark at the border.
        let image = set.train.image(0).expect("an image");
        assert_eq!((image[0], image[14 * 28 + 14]), (0, 255));
        all.push(picture("IMG_1.png", vec![0; 16]));
        let error = from_pictures(&all).expect_err("no class");
        assert_eq!(error, OwnError::NoClass { file: "IMG_1.png".into(), rows: 4, columns: 4 });
        assert_eq!(
            ["3.png", "03.png", "d/9 a.jpg", "12/4.png", "4/x.png"].map(class_of),
            [Some(3), None, Some(9), Some(4), Some(4)]
        );
    }

    #[test]
    fn a_long_picture_stands_in_the_middle_of_its_square() {
        // Two rows of eight pixels: the square has as much beside them as in them and more.
        let out = fitted(&[200; 16], 8, 10);
        assert_eq!((out[0], out[27 * 28], out[14 * 28]), (10, 10, 200));
        let mean = out.iter().map(|p| f64::from(*p)).sum::<f64>() / 784.0;
        assert!((mean - (200.0 * 0.25 + 10.0 * 0.75)).abs() < 1.0, "{mean}");
    }
}
