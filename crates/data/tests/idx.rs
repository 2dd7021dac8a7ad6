//! The IDX reader on good files, on each kind of bad file, and on arbitrary bytes.

use std::io::Write;

use data::idx::{
    IMAGES_MAGIC, IdxError, Kind, LABELS_MAGIC, MAX_UNPACKED_BYTES, images_from_bytes, labelled_from_bytes,
    labels_from_bytes,
};
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

fn idx_bytes(words: &[u32], items: &[u8]) -> Vec<u8> {
    let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
    bytes.extend(items);
    bytes
}

/// Three images of 2×4 pixels 0, 1, ..., 23.
fn images() -> Vec<u8> {
    idx_bytes(&[IMAGES_MAGIC, 3, 2, 4], &Vec::from_iter(0..24))
}

fn labels() -> Vec<u8> {
    idx_bytes(&[LABELS_MAGIC, 3], &[7, 0, 9])
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}

#[test]
fn raw_and_gzip_give_the_same() {
    for (images_file, labels_file) in [(images(), labels()), (gzip(&images()), labels()), (images(), gzip(&labels()))] {
        let (images, labels) = labelled_from_bytes(&images_file, &labels_file).expect("good files");
        assert_eq!((images.n(), images.rows, images.cols), (3, 2, 4));
        assert_eq!(images.pixels, Vec::from_iter(0..24));
        assert_eq!(labels, [7, 0, 9]);
    }
}

#[test]
fn a_file_of_no_images_is_good() {
    let images = images_from_bytes(&idx_bytes(&[IMAGES_MAGIC, 0, 28, 28], &[])).expect("no images");
    assert_eq!((images.n(), images.pixels.len()), (0, 0));
}

#[test]
fn every_cut_is_truncated_with_both_counts() {
    let file = images();
    for len in 0..file.len() {
        let expected_bytes = if len < 16 { 16 } else { 40 };
        let expected = IdxError::Truncated { kind: Kind::Images, expected_bytes, got_bytes: len as u64 };
        assert_eq!(images_from_bytes(&file[..len]), Err(expected), "first {len} bytes");
    }
    let file = labels();
    for len in 0..file.len() {
        let expected_bytes = if len < 8 { 8 } else { 11 };
        let expected = IdxError::Truncated { kind: Kind::Labels, expected_bytes, got_bytes: len as u64 };
        assert_eq!(labels_from_bytes(&file[..len]), Err(expected), "first {len} bytes");
    }
}

#[test]
fn every_cut_of_a_gzip_is_truncated() {
    let file = gzip(&images());
    for len in 2..file.len() {
        let got = images_from_bytes(&file[..len]);
        assert!(matches!(got, Err(IdxError::Truncated { got_bytes: ..=40, .. })), "first {len} bytes: {got:?}");
    }
}

#[test]
fn wrong_magic_names_both() {
    let expected = IdxError::WrongMagic { kind: Kind::Images, expected: IMAGES_MAGIC, got: LABELS_MAGIC };
    let padded = [labels(), vec![0; 8]].concat();
    assert_eq!(images_from_bytes(&padded), Err(expected));
    let expected = IdxError::WrongMagic { kind: Kind::Labels, expected: LABELS_MAGIC, got: 0x8950_4E47 };
    assert_eq!(labels_from_bytes(b"\x89PNG\r\n\x1a\n"), Err(expected.clone()));
    assert_eq!(labels_from_bytes(&gzip(b"\x89PNG\r\n\x1a\n")), Err(expected));
}

#[test]
fn trailing_bytes_are_refused() {
    let longer = [images(), vec![0]].concat();
    let expected = Err(IdxError::TrailingBytes { kind: Kind::Images, expected_bytes: 40 });
    assert_eq!(images_from_bytes(&longer), expected);
    assert_eq!(images_from_bytes(&gzip(&longer)), expected);
    let after_member = [gzip(&images()), vec![1, 2, 3]].concat();
    let expected = Err(IdxError::TrailingGzipBytes { kind: Kind::Images, extra_bytes: 3 });
    assert_eq!(images_from_bytes(&after_member), expected);
}

#[test]
fn a_flipped_bit_of_a_gzip_fails() {
    let file = gzip(&images());
    let mut harmless = 0;
    for at in 10..file.len() {
        let mut flipped = file.clone();
        flipped[at] ^= 4;
        if let Ok(images) = images_from_bytes(&flipped) {
            assert_eq!(images.pixels, Vec::from_iter(0..24), "byte {at}");
            harmless += 1;
        }
    }
    assert!(harmless <= 1, "the last byte of the compressed data may end in unused bits, {harmless} bytes did");
    // The checksum of the member: the data are whole, but not what was packed.
    let mut flipped = file;
    let at = flipped.len() - 8;
    flipped[at] ^= 1;
    let got = images_from_bytes(&flipped);
    assert!(matches!(got, Err(IdxError::CorruptGzip { kind: Kind::Images, got_bytes: 40, .. })), "{got:?}");
}

#[test]
fn counts_that_differ_name_both() {
    let two = idx_bytes(&[LABELS_MAGIC, 2], &[1, 2]);
    assert_eq!(labelled_from_bytes(&images(), &two), Err(IdxError::CountMismatch { images: 3, labels: 2 }));
}

#[test]
fn absurd_sizes_are_refused_before_allocating() {
    let max = u32::MAX;
    for (count, rows, cols) in [(max, max, max), (max, 1, 1), (1, max, max), (0, max, max), (342_393, 28, 28)] {
        let limit_bytes = MAX_UNPACKED_BYTES;
        let expected = IdxError::TooLarge { kind: Kind::Images, count, rows, cols, limit_bytes };
        assert_eq!(images_from_bytes(&idx_bytes(&[IMAGES_MAGIC, count, rows, cols], &[])), Err(expected));
    }
    // Just below the limit, and a lie: the file holds nothing of it.
    let liar = idx_bytes(&[IMAGES_MAGIC, 342_392, 28, 28], &[]);
    assert!(matches!(images_from_bytes(&gzip(&liar)), Err(IdxError::Truncated { got_bytes: 16, .. })));
    let expected = Err(IdxError::NoPixels { rows: 28, cols: 0 });
    assert_eq!(images_from_bytes(&idx_bytes(&[IMAGES_MAGIC, 5, 28, 0], &[])), expected);
}

#[test]
fn a_bomb_is_cut_off_at_what_its_header_announces() {
    let bomb = gzip(&idx_bytes(&[LABELS_MAGIC, 10], &vec![0; 10 << 20]));
    let expected = Err(IdxError::TrailingBytes { kind: Kind::Labels, expected_bytes: 18 });
    assert_eq!(labels_from_bytes(&bomb), expected);
}

proptest! {
    /// Never a panic; and what is read back has the size that the bytes say.
    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for file in [bytes.clone(), gzip(&bytes), [vec![0x1F, 0x8B], bytes].concat()] {
            prop_assert!(labels_from_bytes(&file).is_err() || file.len() >= 8);
            prop_assert!(images_from_bytes(&file).is_err() || file.len() >= 16);
        }
    }

    /// Bytes that begin rightly: any header word, any items.
    #[test]
    fn arbitrary_headers(
        words in (0..=4_u32, any::<u32>(), 0..9_u32, 0..9_u32),
        huge in any::<bool>(),
        items in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let count = if huge { words.1 } else { words.0 };
        let file = idx_bytes(&[IMAGES_MAGIC, count, words.2, words.3], &items);
        let announced = u64::from(count) * u64::from(words.2) * u64::from(words.3);
        match images_from_bytes(&file) {
            Ok(images) => {
                prop_assert_eq!(announced, items.len() as u64);
                prop_assert_eq!(images.pixels, items);
            }
            Err(IdxError::NoPixels { .. }) => prop_assert!(words.2 == 0 || words.3 == 0),
            Err(_) => prop_assert_ne!(announced, items.len() as u64),
        }
    }

    /// A good gzip with one byte changed gives an error or, where the byte means nothing (name, time, system in the gzip
    /// header), the same images.
    #[test]
    fn a_changed_byte_of_a_gzip(at in any::<prop::sample::Index>(), value in any::<u8>()) {
        let mut file = gzip(&images());
        let at = at.index(file.len());
        file[at] = value;
        if let Ok(got) = images_from_bytes(&file) {
            prop_assert_eq!(got.pixels, Vec::from_iter(0..24));
        }
    }
}
