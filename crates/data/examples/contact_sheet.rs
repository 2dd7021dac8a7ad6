//! Writes a sheet of generated digits, a class a row, as PGM: `contact_sheet FILE [SEED [COLUMNS]]`.

use data::digits::{CLASSES, SIDE, generate};

/// Screen pixels of a digit's pixel.
const ZOOM: usize = 2;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: contact_sheet FILE [SEED [COLUMNS]]")?;
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let columns: usize = arguments.next().map_or(Ok(20), |columns| columns.parse())?;

    let cell = SIDE * ZOOM;
    let (width, height) = (columns * cell, usize::from(CLASSES) * cell);
    let mut sheet = vec![0; width * height];
    for index in 0..columns * usize::from(CLASSES) {
        let digit = generate(seed, index as u64);
        let (row, column) = (usize::from(digit.label), index / usize::from(CLASSES));
        for y in 0..cell {
            for x in 0..cell {
                sheet[(row * cell + y) * width + column * cell + x] = digit.pixels[y / ZOOM * SIDE + x / ZOOM];
            }
        }
    }
    let mut file = format!("P5\n{width} {height}\n255\n").into_bytes();
    file.extend(sheet);
    std::fs::write(path, file)?;
    Ok(())
}
