//! Several files as one: a ZIP archive whose files are stored as they are (APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12 and
//! 4.3.16). Weights do not shrink by compression.

/// 1 January 1980, the first day that the format knows: archives of equal files are equal.
const DATE: u16 = 0x0021;
/// A name is UTF-8.
const UTF8: u16 = 1 << 11;
/// The version that a reader needs.
const VERSION: u16 = 10;

/// The archive of files with these names and bytes; of those beyond 65,535 files or 4 GiB, which the format cannot hold, it has
/// none.
#[must_use]
pub fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    let mut n_files = 0_u16;
    for (name, bytes) in files {
        let sizes = (u32::try_from(archive.len()), u32::try_from(bytes.len()), u16::try_from(name.len()));
        let ((Ok(offset), Ok(size), Ok(name_size)), Some(count)) = (sizes, n_files.checked_add(1)) else { break };
        n_files = count;
        let mut common = Vec::new();
        push(&mut common, &[VERSION, UTF8, 0, 0, DATE]);
        [crc32(bytes), size, size].iter().for_each(|word| common.extend(word.to_le_bytes()));
        push(&mut common, &[name_size, 0]);

        archive.extend(0x0403_4b50_u32.to_le_bytes());
        archive.extend(&common);
        archive.extend(name.as_bytes());
        archive.extend(bytes);

        directory.extend(0x0201_4b50_u32.to_le_bytes());
        push(&mut directory, &[VERSION]);
        directory.extend(&common);
        // Comment, disk, attributes.
        push(&mut directory, &[0, 0, 0, 0, 0]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, size) = (archive.len() as u32, directory.len() as u32);
    archive.extend(directory);
    archive.extend(0x0605_4b50_u32.to_le_bytes());
    push(&mut archive, &[0, 0, n_files, n_files]);
    archive.extend([size, start].map(u32::to_le_bytes).concat());
    push(&mut archive, &[0]);
    archive
}

fn push(bytes: &mut Vec<u8>, words: &[u16]) {
    words.iter().for_each(|word| bytes.extend(word.to_le_bytes()));
}

/// The checksum of ISO 3309, polynomial 0xedb88320.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    let table: Vec<u32> = (0..256).map(|byte| (0..8).fold(byte, step)).collect();
    !bytes.iter().fold(u32::MAX, |crc, byte| table[((crc ^ u32::from(*byte)) & 255) as usize] ^ (crc >> 8))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::{crc32, zip};

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        // The check value of CRC-32/ISO-HDLC.
        assert_eq!((crc32(b"123456789"), crc32(b"")), (0xcbf4_3926, 0));
    }

    #[test]
    fn another_reader_finds_all_files() {
        let weights: Vec<u8> = (0..70_000_u32).map(|i| i.wrapping_mul(i) as u8).collect();
        let files = vec![("README.md".to_owned(), b"How to".to_vec()), ("nets/σ.safetensors".to_owned(), weights)];
        let mut archive = zip::ZipArchive::new(Cursor::new(zip(&files))).expect("an archive");
        let found: Vec<(String, Vec<u8>)> = (0..archive.len())
            .map(|i| {
                let mut file = archive.by_index(i).expect("a file");
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).expect("bytes with the right checksum");
                (file.name().expect("UTF-8").into_owned(), bytes)
            })
            .collect();
        assert_eq!(found, files);
        assert_eq!(zip::ZipArchive::new(Cursor::new(zip(&[]))).expect("an empty archive").len(), 0);
    }
}
