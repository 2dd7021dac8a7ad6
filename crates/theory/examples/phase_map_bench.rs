//! Times the phase map of each activation: `cargo run --profile fast -p theory --example phase_map_bench`.

use std::time::Instant;

use theory::{Activation, PhaseGrid, PhaseTable};

fn main() {
    let grid = PhaseGrid { sigma_w: (0.1, 4.0), sigma_b: (0.0, 2.0), columns: 300, rows: 250 };
    println!("300 x 250 phase map, milliseconds, median of 5");
    for activation in Activation::ALL {
        let build = median_millis(|| PhaseTable::new(activation));
        let table = PhaseTable::new(activation);
        let map = median_millis(|| table.map(&grid));
        println!("{:<16} table {build:6.2}   map {map:6.2}   both {:6.2}", activation.key(), build + map);
    }
}

/// Median of 5 runs after one to warm up.
fn median_millis<T>(mut run: impl FnMut() -> T) -> f64 {
    std::hint::black_box(run());
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(run());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[2]
}
