//! What the kernels cost on this machine's adapter: `cargo run --release -p kernels --example kernels_speed`, with a word
//! to measure only what has it in its name.

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    pollster::block_on(native::measure());
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::time::Instant;

    use kernels::{
        Batch, Examples, Gpu, KernelError, Members, Mlp, MlpBatchOnCpu, MlpTraining, MlpTrainingOnCpu, PixelGrid,
        RandomNets, ReluNet, Sgd, mlp_batch, n_parameters, normals, pattern_map, pattern_map_on_cpu, propagate,
    };
    use theory::Activation;

    pub(crate) async fn measure() {
        match measured().await {
            Ok(()) => {}
            Err(error) => println!("{error}"),
        }
    }

    async fn measured() -> Result<(), KernelError> {
        let gpu = Gpu::request().await?;
        println!("{}{}", gpu.name(), if gpu.is_software() { " (software)" } else { "" });

        timed("2^20 normals", async || normals(&gpu, random::Stream::new(1, "speed"), 1 << 20).await).await?;
        let width = 500;
        let mut z = vec![0.0; 64 * width];
        random::Stream::new(1, "speed").fill_normal_f32(0, &mut z);
        let pairs: Vec<[u32; 2]> = (0..64).flat_map(|a| (a + 1..64).map(move |b| [a, b])).collect();
        let nets = RandomNets {
            seed: 1,
            width,
            depth: 50,
            activation: Activation::Tanh,
            sigma_w: 2.5,
            sigma_b: 0.3,
            first_net: 0,
            n_nets: 1,
        };
        let batch = Batch { rows: 64, z: &z, pairs: &pairs, first_layer: 0, cotangents: &[] };
        let what = "width 500, depth 50, 64 inputs, all pairs, weights drawn (T2s)";
        timed(what, async || propagate(&gpu, &nets, &batch).await).await?;
        let ten = RandomNets { n_nets: 10, width: 300, depth: 30, ..nets };
        let cotangents = vec![1.0; 10 * 4 * 300];
        let batch = Batch { rows: 7, z: &z[..7 * 300], pairs: &pairs[..6], cotangents: &cotangents, ..batch };
        timed("10 nets, width 300, depth 30, 7 inputs, and back", async || propagate(&gpu, &ten, &batch).await).await?;

        let widths = [2, 32, 32, 32, 1];
        let mut parameters = vec![0.0; n_parameters(&widths)];
        random::Stream::new(1, "speed").fill_normal_f32(0, &mut parameters);
        let net = ReluNet { widths: &widths, parameters: &parameters };
        let grid = PixelGrid { x: (-1.0, 1.0), y: (-1.0, 1.0), columns: 512, rows: 512 };
        timed("512×512 patterns of 2-32-32-32-1 (T5)", async || pattern_map(&gpu, &net, &grid).await).await?;
        timed("T5 on one core", async || pattern_map_on_cpu(&net, &grid, 0, 512)).await?;
        slice(&gpu).await?;
        training(&gpu).await
    }

    /// The work of T4, on other numbers.
    async fn slice(gpu: &Gpu) -> Result<(), KernelError> {
        let widths = [784, 100, 10];
        let mlp = Mlp { widths: &widths, activation: Activation::Relu };
        let drawn = |purpose: &str, n: usize| {
            let mut out = vec![0.0; n];
            random::Stream::new(1, purpose).fill_normal_f32(0, &mut out);
            out
        };
        let basis: Vec<f32> = drawn("basis", 3 * n_parameters(&widths)).iter().map(|w| 0.05 * w).collect();
        let at = |k: usize| 0.04 * k as f32 - 1.0;
        let coefficients: Vec<f32> = (0..51 * 51).flat_map(|k| [1.0, at(k % 51), at(k / 51)]).collect();
        let members = Members::Combinations { basis: &basis, coefficients: &coefficients };
        let (inputs, labels) = (drawn("inputs", 784 * 1000), (0..1000).map(|i| i % 10).collect::<Vec<u32>>());
        let examples = Examples { inputs: &inputs, labels: &labels };
        let what = "51×51 loss slice of 784-100-10, 1000 examples (T4)";
        timed(what, async || mlp_batch(gpu, &mlp, &members, &examples).await).await?;
        let on_cpu = || MlpBatchOnCpu::new(&mlp, &members, &examples);
        timed("T4's products on one core", async || on_cpu().map(|batch| batch.scores(0, 0))).await?;
        timed("all of T4 on one core", async || on_cpu().map(|batch| batch.scores(0, usize::MAX))).await?;
        Ok(())
    }

    /// A row of the map of trainable depth: 14×14 images, width 64, batches of 32.
    async fn training(gpu: &Gpu) -> Result<(), KernelError> {
        let drawn = |purpose: &str, n: usize| {
            let mut out = vec![0.0; n];
            random::Stream::new(1, purpose).fill_normal_f32(0, &mut out);
            out
        };
        let (inputs, labels) = (drawn("inputs", 196 * 1000), (0..1000).map(|i| i % 10).collect::<Vec<u32>>());
        let examples = Examples { inputs: &inputs, labels: &labels };
        let sgd = Sgd { learning_rate: 0.03, batch: 32 };
        for (depth, n_members, n_steps) in [(5, 30, 20), (20, 30, 10), (50, 30, 5), (20, 300, 2)] {
            let widths = [[196].as_slice(), &vec![64; depth], &[10]].concat();
            let mlp = Mlp { widths: &widths, activation: Activation::Tanh };
            let mut parameters = drawn("members", n_members * n_parameters(&widths));
            parameters.iter_mut().for_each(|w| *w *= 0.15);
            let batches: Vec<u32> = (0..n_steps * 32).map(|k| k as u32 * 37 % 1000).collect();
            let mut training = MlpTraining::new(gpu, &mlp, &sgd, &parameters, &examples).await?;
            let what = format!("{n_steps} steps of {n_members} nets of depth {depth}, width 64, batches of 32");
            let step = async || training.advance(&batches).await;
            per_second(&what, n_steps * n_members, timed(&what, step).await?);
            let what = format!("scores of {n_members} nets of depth {depth} on 1000 examples");
            timed(&what, async || training.scores(1000).await).await?;
            if n_members == 30 {
                let mut on_cpu = MlpTrainingOnCpu::new(&mlp, &sgd, &parameters[..n_parameters(&widths)], &examples)?;
                let what = format!("{n_steps} steps of one net of depth {depth}, the twin");
                per_second(&what, n_steps, timed(&what, async || on_cpu.advance(&batches)).await?);
            }
        }
        Ok(())
    }

    fn per_second(what: &str, n: usize, millis: Option<f64>) {
        if let Some(millis) = millis {
            println!("{:>9.0} steps x members per second  {what}", n as f64 / millis * 1e3);
        }
    }

    /// Median of five after one to warm up.
    async fn timed<T>(
        what: &str,
        mut work: impl AsyncFnMut() -> Result<T, KernelError>,
    ) -> Result<Option<f64>, KernelError> {
        if std::env::args().nth(1).is_some_and(|word| !what.contains(&word)) {
            return Ok(None);
        }
        let mut millis = Vec::new();
        for run in 0..6 {
            let start = Instant::now();
            drop(work().await?);
            if run > 0 {
                millis.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
        millis.sort_by(f64::total_cmp);
        println!("{:>9.2} ms ({:.2} to {:.2})  {what}", millis[2], millis[0], millis[4]);
        Ok(Some(millis[2]))
    }
}
