//! Paints representative figures in every theme and at three widths: `cargo run -p figures --features export --example gallery OUTDIR`.

fn main() {}
