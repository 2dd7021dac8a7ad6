//! Photographs, as tiles of one size: what patches of natural images are taken from.

use super::set::{LEAST, MOST_BYTES, OwnError, OwnSet, Picture, TEST_EVERY, TILE};
use crate::pack::Pack;

/// Longest side that a photograph keeps, in pixels: larger ones are halved.
pub const MOST_SIDE: usize = 1024;

/// Whether pictures are photographs: so large that a tile fits, and either none is named by a class or there are too few for a net to
/// learn classes from.
#[must_use]
pub(super) fn are_photographs(pictures: &[Picture], is_classified: impl Fn(&str) -> bool) -> bool {
    let is_unnamed = !pictures.iter().any(|picture| is_classified(&picture.name));
    !pictures.is_empty() && pictures.iter().all(is_large) && (is_unnamed || pictures.len() < LEAST)
}

/// Whether a tile fits.
pub(super) fn is_large(picture: &Picture) -> bool {
    picture.width >= TILE && picture.grey.len() / picture.width.max(1) >= TILE
}

/// The set of some photographs: tiles that lie edge to edge from the top left, each of class 0. One in six is for the test.
///
/// # Errors
/// [`OwnError::NoPixels`], [`OwnError::Tiles`], and that of a pack.
pub(super) fn set_of(pictures: &[Picture]) -> Result<OwnSet, OwnError> {
    // Whatever order a browser or a disk gives them in.
    let mut pictures: Vec<&Picture> = pictures.iter().collect();
    pictures.sort_by(|a, b| a.name.cmp(&b.name));
    let (mut parts, mut n) = ([Vec::new(), Vec::new()], 0_usize);
    for picture in &pictures {
        if picture.width == 0 || !picture.grey.len().is_multiple_of(picture.width) {
            return Err(OwnError::NoPixels { file: picture.name.clone() });
        }
        let (mut grey, mut width) = (picture.grey.clone(), picture.width);
        while width.max(grey.len() / width) > MOST_SIDE {
            (grey, width) = halved(&grey, width);
        }
        for top in (0..=(grey.len() / width).saturating_sub(TILE)).step_by(TILE) {
            for left in (0..=width - TILE).step_by(TILE) {
                let part = &mut parts[usize::from(n % TEST_EVERY == TEST_EVERY - 1)];
                (top..top + TILE).for_each(|row| part.extend(&grey[row * width + left..][..TILE]));
                n += 1;
            }
        }
    }
    if !(TEST_EVERY..=MOST_BYTES / (TILE * TILE)).contains(&n) {
        return Err(OwnError::Tiles { got: n });
    }
    let pack = |name: &str, pixels: Vec<u8>| Pack::new(name, TILE, TILE, vec![0; pixels.len() / (TILE * TILE)], pixels);
    let [train, test] = parts;
    let told = match pictures.len() {
        1 => "One photograph".to_owned(),
        many => format!("{many} photographs"),
    };
    let told = format!(
        "{told}, cut into {n} tiles of {TILE}×{TILE} pixels, of which one in {TEST_EVERY} is kept for the test."
    );
    Ok(OwnSet { train: pack("own-train", train)?, test: pack("own-test", test)?, told })
}

/// Means of 2×2 pixels of an image, and the width of what comes out; an odd row or column at the end is left out.
#[must_use]
pub fn halved(grey: &[u8], width: usize) -> (Vec<u8>, usize) {
    let (columns, rows) = (width / 2, grey.len().checked_div(width).unwrap_or(0) / 2);
    let at = |row: usize, column: usize| u32::from(grey[row * width + column]);
    let mean = |row: usize, column: usize| {
        let sum = at(row, column) + at(row, column + 1) + at(row + 1, column) + at(row + 1, column + 1);
        ((sum + 2) / 4) as u8
    };
    let pixels = (0..rows).flat_map(|row| (0..columns).map(move |column| (2 * row, 2 * column)));
    (pixels.map(|(row, column)| mean(row, column)).collect(), columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::own;

    fn photograph(name: &str, width: usize, height: usize) -> Picture {
        let grey = (0..width * height).map(|i| ((i % width) / TILE + 10 * (i / width / TILE)) as u8).collect();
        Picture { name: name.into(), width, grey }
    }

    #[test]
    fn photographs_are_cut_into_tiles() {
        let set = own::set_of(&[photograph("IMG.jpg", 200, 150), photograph("cat.png", 64, 64)], &[]).expect("a set");
        // Three by two tiles and one, of which the sixth is for the test.
        assert_eq!((set.train.n(), set.test.n(), set.train.rows()), (6, 1, TILE));
        assert_eq!(
            set.told,
            "2 photographs, cut into 7 tiles of 64×64 pixels, of which one in 6 is kept for the test."
        );
        let grey = |pack: &Pack, i: usize| pack.image(i).map(|tile| (tile[0], tile[TILE * TILE - 1]));
        assert_eq!(grey(&set.train, 2), Some((2, 2)));
        assert_eq!(grey(&set.train, 3), Some((10, 10)));
        assert_eq!(grey(&set.test, 0), Some((12, 12)));
    }

    #[test]
    fn a_large_photograph_is_halved() {
        let set = own::set_of(&[photograph("x", 2048, 130)], &[]).expect("a set");
        assert_eq!(set.train.n() + set.test.n(), 16);
        // The first tile has the first two of before in it, in halves.
        assert_eq!(set.train.image(0).map(|tile| (tile[0], tile[40])), Some((0, 1)));
    }

    #[test]
    fn pictures_of_classes_stay_what_they_are() {
        let pictures: Vec<Picture> = (0..30).map(|i| photograph(&format!("{}_x{i}.png", i % 3), 64, 64)).collect();
        assert_eq!(own::set_of(&pictures, &[]).expect("a set").train.rows(), own::SIDE);
        // Too few to be more than photographs.
        assert_eq!(own::set_of(&pictures[..8], &[]).expect("a set").train.rows(), TILE);
        let small = own::set_of(&[photograph("a.png", 90, 200), photograph("cat.png", 60, 200)], &[]);
        assert_eq!(small, Err(OwnError::NoClass { file: "cat.png".into(), rows: 200, columns: 60 }));
        // What else lies in the folder is left out.
        let notes = own::File { name: "notes.txt".into(), bytes: b"to do".to_vec() };
        let set = own::set_of(&[photograph("a.png", 200, 200)], &[notes]).expect("a set");
        assert!(set.told.ends_with("notes.txt is no image, and was left out."), "{}", set.told);
        assert_eq!(own::set_of(&[photograph("cat.png", 64, 200)], &[]), Err(OwnError::Tiles { got: 3 }));
    }
}
