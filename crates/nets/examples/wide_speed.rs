//! How long a wide random net takes: width 500, depth 50. `cargo run --profile fast -p nets --example wide_speed`

use std::time::Instant;

use nets::{Batch, Layer, NetError, NetParameters, RandomNets, correlations};
use random::Stream;
use theory::Activation;

const WIDTH: usize = 500;
const DEPTH: usize = 50;

fn batch(rows: usize) -> Result<Batch, NetError> {
    let mut z = vec![0.0; rows * WIDTH];
    Stream::new(2, "speed").fill_normal_f32(0, &mut z);
    Batch::new(rows, WIDTH, z)
}

fn timed(what: &str, mut work: impl FnMut() -> Result<(), NetError>) -> Result<(), NetError> {
    let mut millis = Vec::new();
    for _ in 0..11 {
        let start = Instant::now();
        work()?;
        millis.push(start.elapsed().as_secs_f64() * 1e3);
    }
    millis.sort_by(f64::total_cmp);
    println!("{:>8.2} ms, {:.2} at best: {what}", millis[5], millis[0]);
    Ok(())
}

fn main() -> Result<(), NetError> {
    let parameters = NetParameters { activation: Activation::Tanh, sigma_w: 2.5, sigma_b: 0.3 };
    let mut nets = RandomNets::new(1, WIDTH, usize::MAX);
    timed("drawing", || (0..DEPTH).try_for_each(|layer| RandomNets::new(1, WIDTH, 0).layer(0, layer).map(drop)))?;
    let layers = (0..DEPTH).map(|layer| nets.layer(0, layer)).collect::<Result<Vec<Layer>, _>>()?;
    for rows in [64, 7, 2] {
        timed(&format!("{rows} inputs, correlations of each layer"), || {
            let mut batch = batch(rows)?;
            layers.iter().try_for_each(|layer| {
                batch.forward(layer, &parameters)?;
                std::hint::black_box(correlations(&batch.gram()?, rows));
                Ok(())
            })
        })?;
    }
    let below = vec![0.3; WIDTH];
    timed("4 gradients, and back", || {
        let mut delta = batch(4)?;
        layers.iter().rev().try_for_each(|layer| delta.backward(layer, &parameters, &below))
    })
}
