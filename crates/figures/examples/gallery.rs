//! Paints representative figures in every theme and at three widths, to look at:
//! `cargo run --profile fast -p figures --features export --example gallery OUTDIR`.

#[path = "gallery/further.rs"]
mod further;
#[path = "gallery/samples.rs"]
mod samples;

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use figures::{Style, Theme, png, svg};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("expected a folder to write to")?);
    fs::create_dir_all(&folder)?;
    for figure in samples::all().into_iter().chain(further::all()) {
        for theme in [Theme::Light, Theme::Dark, Theme::Projector] {
            for width in [360, 800, 1600u32] {
                let size = (width, if width < 500 { 300 } else { width * 5 / 8 });
                let text_px = if theme == Theme::Projector { 18.0 } else { 13.0 };
                let scale = if width > 1000 { 1.5 } else { 1.0 };
                let style = Style { theme, scale, text_px, ..Style::default() };
                let name = format!("{}-{}-{width}", figure.id, theme.key());
                fs::write(folder.join(format!("{name}.png")), png(&figure, size, &style)?)?;
                fs::write(folder.join(format!("{name}.svg")), svg(&figure, size, &style)?)?;
            }
        }
    }
    Ok(())
}
