//! Times the maps of each activation: `cargo run --profile fast -p theory --example phase_map_bench`.

use std::time::Instant;

use theory::{Activation, CorrelationMap, MeanField, PhaseGrid, PhaseTable};

fn main() {
    let grid = PhaseGrid { sigma_w: (0.1, 4.0), sigma_b: (0.0, 2.0), columns: 300, rows: 250 };
    println!("medians of 5; milliseconds for a 300 x 250 phase map, microseconds for one point");
    println!("{:<16}{:>8}{:>8}{:>8}{:>10}{:>8}{:>8}", "", "table", "map", "both", "summary", "C(c)", "C'(c)");
    for activation in Activation::ALL {
        let build = median_millis(|| PhaseTable::new(activation));
        let table = PhaseTable::new(activation);
        let map = median_millis(|| table.map(&grid));
        let Ok(mean_field) = MeanField::new(activation, 1.38, 0.3) else { continue };
        let summary = 1e3 * median_millis(|| mean_field.summary());
        let correlation = CorrelationMap::new(&mean_field, 1.7);
        let values = 10.0 * median_millis(|| (0..100).map(|k| correlation.map(0.01 * f64::from(k))).sum::<f64>());
        let slopes = 10.0 * median_millis(|| (0..100).map(|k| correlation.slope(0.01 * f64::from(k))).sum::<f64>());
        print!("{:<16}{build:8.2}{map:8.2}{:8.2}", activation.key(), build + map);
        println!("{summary:10.1}{values:8.2}{slopes:8.2}");
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
