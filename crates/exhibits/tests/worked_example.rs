//! The worked example of CONTRIBUTING.md: an exhibit of one slider, one theory curve and one simulated series, with its test.

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use exhibit::Values;
use exhibit::declaration::{Exhibit, FigureSpec, ReadoutSpec};
use exhibits::job::{Core, Job as _, JobError};
use exhibits::kit::{Compute, JobOf, Part, Scene, Sweep};
use exhibits::{controls, parts};
use figures::{Axis, Chart, Role};
use random::Stream;
use serde::{Deserialize, Serialize};
use support::{Recorder, block_on, number};

const EXHIBIT: Exhibit = Exhibit {
    id: "linear-length",
    title: "Lengths in a linear net",
    lecture: "Order and chaos",
    group: "propagation",
    claim: "A random linear net multiplies squared lengths by σ_w² in every layer.",
    controls: CONTROLS,
    presets: &[],
    figures: &[FigureSpec::new(
        "length",
        "Length with depth",
        "The line is the theory. Points are the mean of ten nets.",
    )
    .main()],
    readouts: &[ReadoutSpec::new("last_length", "q at the last layer", "The mean over the nets")],
    to_try: &[],
    formulas: &[],
    assumptions: &[],
    papers: &[],
};

const DEPTH: usize = 12;
const WIDTH: usize = 64;
const NETS: u64 = 10;

controls! {
    /// The control values.
    struct Settings {
        sigma_w: f64 = real(0.0..=2.0, 1.1).step(0.05).name("weight scale").symbol("<msub><mi>σ</mi><mi>w</mi></msub>"),
        seed: u64 = seed(1),
    }
}

/// One net: its squared length after each layer, over its width.
#[derive(Serialize, Deserialize)]
struct Net {
    sigma_w: f64,
    seed: u64,
    net: u64,
}

impl Part for Net {
    type Kept = ();
    type Answer = Vec<f64>;

    async fn run(self, _kept: &mut (), core: &mut dyn Core) -> Result<Vec<f64>, JobError> {
        let mut normals = Stream::new(self.seed, "linear-length").child(self.net).cursor();
        let scale = self.sigma_w / (WIDTH as f64).sqrt();
        let (mut x, mut lengths) = (vec![1.0; WIDTH], vec![1.0]);
        for _ in 0..DEPTH {
            core.checkpoint().await?;
            x = (0..WIDTH).map(|_| x.iter().map(|x| scale * normals.next_normal() * x).sum()).collect();
            lengths.push(x.iter().map(|x| x * x).sum::<f64>() / WIDTH as f64);
        }
        Ok(lengths)
    }
}

parts! {
    /// What a core does for this exhibit.
    Parts(()): Net
}

#[derive(Default)]
struct LinearLength {
    nets: Sweep<Settings, u64, Vec<f64>>,
}

impl Compute for LinearLength {
    const ID: &'static str = EXHIBIT.id;
    type Settings = Settings;
    type Parts = Parts;

    async fn run(&mut self, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        let &Settings { sigma_w, seed } = settings;
        let net = |net: &u64| Net { sigma_w, seed, net: *net };
        let show = |nets: &Sweep<_, _, Vec<f64>>, scene: &mut Scene<'_>| {
            let n = nets.found().len() as f64;
            let mean = |layer: usize| nets.found().values().map(|lengths| lengths[layer] / n).sum::<f64>();
            let theory = (0..=DEPTH).map(|l| (l as f64, sigma_w.powi(2 * l as i32)));
            let measured = (0..=DEPTH).filter(|_| n > 0.0).map(|l| (l as f64, mean(l)));
            let axes =
                (Axis::linear("layer l", 0.0, DEPTH as f64), Axis::decades("length q", theory.clone().map(|p| p.1)));
            let chart = Chart::new("length", axes.0, axes.1).line("theory, σ_w^{2l}", Role::Theory, theory);
            scene.measured("length", || chart.points("mean of the nets", Role::Simulation, measured).build());
            scene.readout_or("last_length", Some(mean(DEPTH)).filter(|_| n > 0.0), "not measured yet");
            Ok(())
        };
        self.nets.of(settings.clone()).fill(scene, 0..NETS, net, show).await
    }
}

/// The mean of a net's last length is σ_w^24; its relative deviation is about √(2·12/64) = 0.6, over √10 that is 0.2.
#[test]
fn nets_do_as_theory_says_and_are_computed_once() {
    let (mut job, mut recorder) = (JobOf::<LinearLength>::default(), Recorder::default());
    let values = Values::defaults(const { &EXHIBIT });
    block_on(job.run(&values, &mut recorder)).unwrap();
    let ratio = number(&recorder, "last_length") / 1.1_f64.powi(24);
    assert!((ratio - 1.0).abs() < 3.0 * 0.2, "{ratio}");
    assert_eq!(recorder.parts, 10);
    block_on(job.run(&values, &mut recorder)).unwrap();
    assert_eq!(recorder.parts, 10, "what is finished is not computed again");
}
