//! Nanoseconds per number of the fills; reports, asserts nothing.
//!
//! `cargo run --profile fast -p random --example random_speed`

use std::hint::black_box;
use std::time::Instant;

fn median_nanos_per_number(n: usize, mut fill: impl FnMut()) -> f64 {
    fill();
    let mut nanos: Vec<f64> = (0..7)
        .map(|_| {
            let start = Instant::now();
            fill();
            start.elapsed().as_secs_f64() * 1e9 / n as f64
        })
        .collect();
    nanos.sort_by(f64::total_cmp);
    nanos[3]
}

fn main() {
    let stream = random::Stream::new(1, "speed");
    let n = 1 << 16;
    let mut out = vec![0.0_f32; n];
    let f32_nanos = median_nanos_per_number(n * 64, || {
        for k in 0..64 {
            stream.fill_normal_f32(k * n as u64, black_box(&mut out));
        }
    });
    let f64_nanos = median_nanos_per_number(n, || {
        for (i, value) in out.iter_mut().enumerate() {
            *value = stream.normal(i as u64) as f32;
        }
        black_box(&mut out);
    });
    println!("fill_normal_f32   {f32_nanos:6.2} ns per number");
    println!("normal (f64)      {f64_nanos:6.2} ns per number");
}
