//! Steps a second of the trainer for several shapes: `cargo run --release -p nets --example mlp_speed`.

use std::time::Instant;

use nets::NetError;
use nets::engine::rules::Optimiser;
use nets::mlp::{Examples, Loss, Recipe, Shape, Step, Trainer};
use random::Stream;
use theory::Activation;

/// Time spent on each shape.
const MILLIS: u128 = 700;

struct Task {
    name: &'static str,
    widths: Vec<usize>,
    batch: usize,
    optimiser: Optimiser,
}

fn main() -> Result<(), NetError> {
    let sgd = Optimiser::momentum(0.01, 0.9);
    let deep = |width: usize, depth: usize| {
        let mut widths = vec![196];
        widths.resize(depth + 1, width);
        widths.push(10);
        widths
    };
    let tasks = [
        Task { name: "2-8-8-1", widths: vec![2, 8, 8, 1], batch: 10, optimiser: Optimiser::sgd(0.03) },
        Task { name: "2-8-8-1, Adam", widths: vec![2, 8, 8, 1], batch: 10, optimiser: Optimiser::adam(0.01) },
        Task { name: "2-32-32-32-1", widths: vec![2, 32, 32, 32, 1], batch: 32, optimiser: sgd },
        Task { name: "784-100-10", widths: vec![784, 100, 10], batch: 64, optimiser: sgd },
        Task { name: "784-100-10, Adam", widths: vec![784, 100, 10], batch: 64, optimiser: Optimiser::adam(0.001) },
        Task { name: "196-(40×32)-10", widths: deep(32, 40), batch: 32, optimiser: Optimiser::sgd(1e-3) },
        Task { name: "196-(40×64)-10", widths: deep(64, 40), batch: 32, optimiser: Optimiser::sgd(1e-3) },
        Task { name: "196-(40×128)-10", widths: deep(128, 40), batch: 32, optimiser: Optimiser::sgd(1e-3) },
    ];
    println!("{:<20} {:>6} {:>12} {:>14} {:>9}", "shape", "batch", "steps/s", "µs/step", "GFLOP/s");
    for task in tasks {
        report(&task)?;
    }
    Ok(())
}

fn report(task: &Task) -> Result<(), NetError> {
    let n = 500;
    let (dim, outputs) = (task.widths[0], task.widths[task.widths.len() - 1]);
    let mut inputs = vec![0.0; n * dim];
    Stream::new(1, "speed").fill_normal_f32(0, &mut inputs);
    let labels = (0..n as u32).map(|i| i % outputs.max(2) as u32).collect();
    let examples = Examples::with_classes(dim, inputs, labels)?;
    let loss = if outputs == 1 { Loss::SquaredError } else { Loss::CrossEntropy };
    let recipe = Recipe { sigma_w: 1.0, sigma_b: 0.0, loss, optimiser: task.optimiser, batch: task.batch };
    let mut trainer = Trainer::new(Shape::new(&task.widths, Activation::Tanh)?, recipe, Stream::new(2, "speed"))?;
    let start = Instant::now();
    let (mut steps, mut last) = (0_u32, Step::Diverged);
    while start.elapsed().as_millis() < MILLIS {
        for _ in 0..10 {
            last = trainer.step(&examples)?;
        }
        steps += 10;
    }
    let seconds = start.elapsed().as_secs_f64() / f64::from(steps);
    // Forward, the weights' gradient, and the gradient of all inputs but the first layer's.
    let products: usize = task.widths.windows(2).map(|w| w[0] * w[1]).sum();
    let flops = 2.0 * task.batch as f64 * (3 * products - task.widths[0] * task.widths[1]) as f64;
    println!(
        "{:<20} {:>6} {:>12.0} {:>14.1} {:>9.1}   {last:?}",
        task.name,
        task.batch,
        1.0 / seconds,
        1e6 * seconds,
        1e-9 * flops / seconds
    );
    Ok(())
}
