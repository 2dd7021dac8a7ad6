//! The map of trainable depth on MNIST: `DEPTHSCOPE_DATA=folder cargo run --release -p nets --example trainability`, with
//! `width learning_rate steps` after `--` to change those.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use nets::mlp::Examples;
use nets::trainability::{Cell, CellRecipe, Progress, inputs_from_images};
use random::Stream;
use theory::{Activation, MeanField};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const SIGMA_B_SQUARED: f64 = 0.05;
const SIGMA_W: [f64; 12] = [0.9, 1.0, 1.1, 1.2, 1.25, 1.3, 1.35, 1.4, 1.5, 1.7, 2.0, 2.5];
const DEPTHS: [usize; 12] = [2, 4, 6, 9, 12, 16, 20, 25, 30, 36, 42, 50];
const THREADS: usize = 2;
/// Accuracy from which a cell counts as trained.
const TRAINED: f64 = 0.9;

fn examples(n: usize) -> Result<Examples, Failure> {
    let folder = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    let folder =
        folder.join(std::env::var_os("DEPTHSCOPE_DATA").unwrap_or_else(|| "../shared/data".into())).join("mnist");
    let read = |name: &str| {
        std::fs::read(folder.join(name)).map_err(|error| format!("{}: {error}", folder.join(name).display()))
    };
    let (images, labels) = (read("train-images-idx3-ubyte.gz")?, read("train-labels-idx1-ubyte.gz")?);
    let pack = data::pack::from_idx(&images, &labels, "mnist", n)?;
    let inputs = inputs_from_images(pack.n(), pack.rows(), pack.cols(), pack.pixels())?;
    let labels: Vec<u32> = pack.labels().iter().copied().map(u32::from).collect();
    Ok(Examples::with_classes(inputs.len() / labels.len().max(1), inputs, labels)?)
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = |default: f64| arguments.next().map_or(Ok(default), |text| text.parse());
    let (width, learning_rate, steps) = (argument(128.0)? as usize, argument(0.02)?, argument(500.0)? as usize);
    let examples = Arc::new(examples(1_000)?);
    let start = Instant::now();
    let n_cells = SIGMA_W.len() * DEPTHS.len();
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Progress)>, Failure> {
        let mut done = Vec::new();
        loop {
            // The deepest first: the last cells are then short, and both threads end together.
            let k = next.fetch_add(1, Ordering::Relaxed);
            if k >= n_cells {
                return Ok(done);
            }
            let k = n_cells - 1 - k;
            let recipe = CellRecipe {
                activation: Activation::Tanh,
                depth: DEPTHS[k / SIGMA_W.len()],
                width,
                sigma_w: SIGMA_W[k % SIGMA_W.len()],
                sigma_b: SIGMA_B_SQUARED.sqrt(),
                learning_rate,
                batch: 32,
                measured: 1_000,
            };
            let mut cell = Cell::new(recipe, examples.clone(), Stream::new(1, "trainability"))?;
            done.push((k, cell.advance(steps)?));
        }
    };
    let mut table = vec![None; n_cells];
    std::thread::scope(|scope| -> Result<(), Failure> {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            let done = thread.join().map_err(|_panic| "a thread panicked")??;
            done.into_iter().for_each(|(k, progress)| table[k] = Some(progress));
        }
        Ok(())
    })?;
    println!(
        "MNIST 14×14, tanh, sigma_b^2 = {SIGMA_B_SQUARED}, width {width}, SGD of rate {learning_rate}, {steps} steps of 32: \
         {:.1} s on {THREADS} threads",
        start.elapsed().as_secs_f64()
    );
    print(&table)
}

/// Accuracies in percent, one row a depth; below them the theory and how deep training reached.
fn print(table: &[Option<Progress>]) -> Result<(), Failure> {
    let row = |name: &str, cells: Vec<String>| {
        println!("{name:>10} {}", cells.iter().map(|cell| format!("{cell:>6}")).collect::<String>());
    };
    let accuracy = |d: usize, s: usize| table[d * SIGMA_W.len() + s].as_ref().map_or(0.0, |p| p.score.accuracy);
    row("sigma_w", SIGMA_W.iter().map(|s| format!("{s:.2}")).collect());
    for d in (0..DEPTHS.len()).rev() {
        let cell = |s| format!("{:.0}", 100.0 * accuracy(d, s));
        row(&format!("depth {}", DEPTHS[d]), (0..SIGMA_W.len()).map(cell).collect());
    }
    let xi_c = |&sigma_w: &f64| -> Result<f64, Failure> {
        let theory = MeanField::new(Activation::Tanh, sigma_w, SIGMA_B_SQUARED.sqrt())?;
        Ok(theory.summary().xi_c.layers().unwrap_or(f64::NAN))
    };
    let xi_c = SIGMA_W.iter().map(xi_c).collect::<Result<Vec<_>, _>>()?;
    let reached = |s| (0..DEPTHS.len()).filter(|&d| accuracy(d, s) > TRAINED).map(|d| DEPTHS[d]).max().unwrap_or(0);
    let reached: Vec<usize> = (0..SIGMA_W.len()).map(reached).collect();
    let number = |x: &f64| if *x < 100.0 { format!("{x:.1}") } else { format!("{x:.0}") };
    row("xi_c", xi_c.iter().map(number).collect());
    row("6 xi_c", xi_c.iter().map(|xi_c| number(&(6.0 * xi_c))).collect());
    row("trained to", reached.iter().map(ToString::to_string).collect());
    row("over xi_c", reached.iter().zip(&xi_c).map(|(&depth, xi_c)| number(&(depth as f64 / xi_c))).collect());
    let beyond = (0..SIGMA_W.len()).filter(|&s| reached[s] as f64 > 6.0 * xi_c[s]).count();
    println!("trained above {:.0} % beyond 6 xi_c: at {beyond} of {} sigma_w", 100.0 * TRAINED, SIGMA_W.len());
    Ok(())
}
