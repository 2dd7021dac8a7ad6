//! Data packs: round trips, sizes, selection, and every kind of bad bytes.

use data::Pack;
use data::idx::{IMAGES_MAGIC, IdxError, LABELS_MAGIC, MAX_UNPACKED_BYTES};
use data::pack::{MAGIC, PackError, from_idx, pick_by_class, pick_inked_by_class, sample_by_class};
use proptest::prelude::*;
use random::Stream;

fn small() -> Pack {
    Pack::new("small", 2, 3, vec![1, 0, 1, 3], (0..24).collect()).expect("a good pack")
}

#[test]
fn round_trip() {
    for pack in [small(), Pack::new("", 1, 1, vec![], vec![]).expect("an empty pack")] {
        assert_eq!(Pack::decode(&pack.encode().expect("encodes")), Ok(pack));
    }
}

#[test]
fn images_and_labels_belong_together() {
    let pack = small();
    assert_eq!((pack.name(), pack.n(), pack.rows(), pack.cols()), ("small", 4, 2, 3));
    assert_eq!(pack.image(1), Some(&[6, 7, 8, 9, 10, 11][..]));
    assert_eq!((pack.label(3), pack.label(4), pack.image(4)), (Some(3), None, None));
    assert_eq!(pack.class_counts(), [1, 2, 0, 1]);
}

#[test]
fn picks_by_class() {
    let pack = small();
    assert_eq!(pick_by_class(&pack, 1), [1, 0, 3]);
    assert_eq!(pick_by_class(&pack, 5), [1, 0, 2, 3]);
    assert!(pick_by_class(&pack, 0).is_empty());

    let labels: Vec<u8> = (0..100).map(|i| i % 10).collect();
    let pack = Pack::new("ten", 1, 1, labels, vec![0; 100]).expect("a good pack");
    let drawn = sample_by_class(&pack, 3, Stream::new(1, "picks"));
    assert_eq!(drawn.iter().map(|i| i % 10).collect::<Vec<_>>(), Vec::from_iter((0..10).flat_map(|c| [c; 3])));
    let mut distinct = drawn.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), drawn.len());
    assert_ne!(drawn, sample_by_class(&pack, 3, Stream::new(2, "picks")));
}

#[test]
fn from_idx_takes_the_first() {
    let images: Vec<u8> =
        [IMAGES_MAGIC, 3, 1, 2].iter().flat_map(|word| word.to_be_bytes()).chain([1, 2, 3, 4, 5, 6]).collect();
    let labels: Vec<u8> = [LABELS_MAGIC, 3].iter().flat_map(|word| word.to_be_bytes()).chain([7, 8, 9]).collect();
    let pack = from_idx(&images, &labels, "x", 2).expect("good files");
    assert_eq!((pack.labels(), pack.pixels()), (&[7, 8][..], &[1, 2, 3, 4][..]));
    assert_eq!(from_idx(&images, &labels, "x", usize::MAX).map(|pack| pack.n()), Ok(3));
    let cut = from_idx(&images[..17], &labels, "x", 2);
    assert!(
        matches!(cut, Err(PackError::Idx(IdxError::Truncated { expected_bytes: 22, got_bytes: 17, .. }))),
        "{cut:?}"
    );
}

#[test]
fn what_does_not_fit_the_format_is_refused() {
    let name = "n".repeat(65_536);
    let expected = PackError::NameTooLong { got_bytes: 65_536, limit_bytes: 65_535 };
    assert_eq!(Pack::new(name, 1, 1, vec![], vec![]), Err(expected));
    assert_eq!(Pack::new("", 0, 5, vec![], vec![]), Err(PackError::Shape { rows: 0, cols: 5 }));
    assert_eq!(Pack::new("", 1, 65_536, vec![], vec![]), Err(PackError::Shape { rows: 1, cols: 65_536 }));
    let expected = PackError::PixelCount { labels: 2, rows: 2, cols: 2, expected: 8, got: 7 };
    assert_eq!(Pack::new("", 2, 2, vec![0; 2], vec![0; 7]), Err(expected));
}

#[test]
fn every_cut_is_an_error_with_counts() {
    let bytes = small().encode().expect("encodes");
    for len in 0..bytes.len() {
        let got = Pack::decode(&bytes[..len]);
        match len {
            0..4 => assert_eq!(got, Err(PackError::WrongMagic { got: bytes[..len].to_vec() })),
            4..12 => {
                let expected = PackError::Truncated { part: "header", expected_bytes: 12, got_bytes: len as u64 };
                assert_eq!(got, Err(expected));
            }
            // Body: 10 bytes, the name's 5, 4 labels, 24 pixels.
            _ => assert!(matches!(got, Err(PackError::Truncated { part: "body", expected_bytes: 43, .. })), "{got:?}"),
        }
    }
}

#[test]
fn each_badness_has_its_error() {
    let good = small().encode().expect("encodes");
    let decode_with = |at: usize, bytes: &[u8]| {
        let mut changed = good.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        Pack::decode(&changed)
    };
    assert_eq!(decode_with(3, b"2"), Err(PackError::WrongMagic { got: b"DSP2".to_vec() }));
    assert_eq!(Pack::decode(b"<!doctype html>"), Err(PackError::WrongMagic { got: b"<!do".to_vec() }));
    let huge = PackError::TooLarge { bytes: u64::from(u32::MAX), limit_bytes: MAX_UNPACKED_BYTES };
    assert_eq!(decode_with(4, &[0xFF; 4]), Err(huge));
    assert_eq!(decode_with(4, &[42, 0, 0, 0]), Err(PackError::TrailingBytes { part: "body" }));
    let short = PackError::Truncated { part: "body", expected_bytes: 44, got_bytes: 43 };
    assert_eq!(decode_with(4, &[44, 0, 0, 0]), Err(short));
    assert!(matches!(decode_with(8, &[0; 4]), Err(PackError::Checksum { expected: 0, .. })));
    // The first bits of deflate: block type 3 does not exist.
    assert!(matches!(decode_with(12, &[0x07]), Err(PackError::Corrupt { .. })));
    let longer = [good.as_slice(), b"x"].concat();
    assert_eq!(Pack::decode(&longer), Err(PackError::TrailingBytes { part: "compressed body" }));
}

/// A well packed body (right length and checksum) whose fields lie.
#[test]
fn bodies_that_lie() {
    let packed = |body: &[u8]| {
        use std::io::Write;
        let mut crc = flate2::Crc::new();
        crc.update(body);
        let mut bytes = [&MAGIC[..], &(body.len() as u32).to_le_bytes(), &crc.sum().to_le_bytes()].concat();
        let mut encoder = flate2::write::DeflateEncoder::new(&mut bytes, flate2::Compression::none());
        encoder.write_all(body).expect("writing to memory");
        encoder.finish().expect("writing to memory");
        bytes
    };
    let truncated = |part, expected_bytes, got_bytes| Err(PackError::Truncated { part, expected_bytes, got_bytes });
    let fields = |name: &[u8], n: u32, rows: u16, cols: u16, rest: &[u8]| {
        let name_len = name.len() as u16;
        [&name_len.to_le_bytes()[..], name, &n.to_le_bytes(), &rows.to_le_bytes(), &cols.to_le_bytes(), rest].concat()
    };
    assert_eq!(Pack::decode(&packed(&[])), truncated("name length", 2, 0));
    assert_eq!(Pack::decode(&packed(&[9, 0, b'a'])), truncated("name", 9, 1));
    assert_eq!(Pack::decode(&packed(&fields(b"\xFF", 0, 1, 1, &[]))), Err(PackError::NameNotUtf8));
    let max = (u32::MAX, u16::MAX);
    assert_eq!(Pack::decode(&packed(&fields(b"", max.0, max.1, max.1, &[5]))), truncated("labels", max.0.into(), 1));
    let pixels = u64::from(max.1) * u64::from(max.1);
    assert_eq!(Pack::decode(&packed(&fields(b"", 1, max.1, max.1, &[5]))), truncated("pixels", pixels, 0));
    assert_eq!(Pack::decode(&packed(&fields(b"", 0, 0, 1, &[]))), Err(PackError::Shape { rows: 0, cols: 1 }));
    let expected = Err(PackError::TrailingBytes { part: "pixels" });
    assert_eq!(Pack::decode(&packed(&fields(b"", 1, 1, 1, &[5, 6, 7]))), expected);
}

proptest! {
    #[test]
    fn any_pack_comes_back(
        name in ".{0,20}",
        (rows, cols) in (1..6_usize, 1..6_usize),
        labels in proptest::collection::vec(any::<u8>(), 0..12),
        seed in any::<u64>(),
    ) {
        let stream = Stream::new(seed, "pixels");
        let pixels = (0..labels.len() * rows * cols).map(|i| stream.bits(i as u64)[0] as u8).collect();
        let pack = Pack::new(name, rows, cols, labels, pixels).expect("a good pack");
        prop_assert_eq!(Pack::decode(&pack.encode().expect("encodes")), Ok(pack));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Pack::decode(&bytes).is_err());
        prop_assert!(Pack::decode(&[&MAGIC[..], &bytes].concat()).is_err());
    }

    #[test]
    fn a_changed_byte_is_noticed(at in any::<prop::sample::Index>(), change in 1..=255_u8) {
        let pack = small();
        let mut bytes = pack.encode().expect("encodes");
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        // Unused bits at the end of the deflate stream may change nothing.
        prop_assert!(Pack::decode(&bytes).is_ok_and(|got| got == pack) || Pack::decode(&bytes).is_err());
    }
}

#[test]
fn blank_images_are_passed_over() {
    let pixels = [[0; 4], [0, 9, 0, 0], [0; 4], [1; 4], [0, 0, 0, 7]].concat();
    let pack = Pack::new("blank", 2, 2, vec![1, 1, 0, 0, 1], pixels).unwrap();
    assert_eq!([0, 1, 2, 3, 4, 5].map(|index| pack.has_ink(index)), [false, true, false, true, true, false]);
    let next = [0, 1, 2, 4, 5, 9].map(|index| pack.next_with_ink(index));
    assert_eq!(next, [Some(1), Some(1), Some(3), Some(4), Some(1), Some(1)]);
    assert_eq!(pick_inked_by_class(&pack, 1), [3, 1]);
    assert_eq!(pick_inked_by_class(&pack, 9), [3, 1, 4]);
    let empty = Pack::new("empty", 2, 2, Vec::new(), Vec::new()).unwrap();
    assert_eq!(Pack::decode(&empty.encode().unwrap()).unwrap(), empty);
    assert_eq!(pick_inked_by_class(&empty, 2), [0_usize; 0]);
    assert_eq!(empty.next_with_ink(0), None);
}

#[test]
fn a_pack_that_is_stored_is_read_as_one_that_is_compressed() {
    for n in [0, 1, 82, 83, 84, 200, 500] {
        let pixels = (0..n * 784).map(|i| (i % 253) as u8).collect();
        let pack = Pack::new("stored", 28, 28, vec![3; n], pixels).expect("a pack");
        assert_eq!(Pack::decode(&pack.encode_stored()), Ok(pack), "{n}");
    }
}
