//! The kit, as any exhibit uses it: what is finished is kept, whatever cancels the rest; what is absent stays.

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use exhibit::Values;
use exhibit::declaration::{Exhibit, FigureSpec};
use exhibits::job::{Core, Job as _, JobError};
use exhibits::kit::{
    Choices, Compute, JobOf, Part, Rounds, Rule, Scene, Sweep, finished, output_cells, rms_error, train_round, train_to,
};
use exhibits::{controls, parts};
use figures::{Axis, Chart};
use nets::mlp::{Examples, Loss, Recipe, Shape, Trainable as _, Trainer};
use random::Stream;
use serde::{Deserialize, Serialize};
use support::{Recorder, block_on};
use theory::Activation;

/// What an option means to the computation.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Colour {
    Red,
    Blue,
}

const COLOURS: Choices<Colour, 2> = Choices([("red", "Red", Colour::Red), ("blue", "Blue", Colour::Blue)]);

controls! {
    /// One of each kind.
    struct Settings {
        x: f64 = real(-1.0..=3.0, 0.25).track(0.0, 1.0).step(0.1).name("place"),
        n: usize = int(1..=9, 4).log().play(2.0).name("number"),
        smooth: f64 = int(1..=6, 2).name("whole, used as real"),
        colour: Colour = choice(COLOURS).name("colour").on("picture"),
        on: bool = switch(&[("off", "Off"), ("on", "On")]).name("switch").group("More"),
        text: String = text("a b", 9).name("text").when("colour", &["blue"]),
        seed: u64 = seed(7),
    }
}

const EXHIBIT: Exhibit = Exhibit {
    id: "kit-test",
    title: "",
    lecture: "",
    group: "",
    claim: "",
    controls: CONTROLS,
    presets: &[],
    figures: &[FigureSpec::new("picture", "", "").main(), FigureSpec::new("other", "", "")],
    readouts: &[],
    to_try: &[],
    formulas: &[],
    assumptions: &[],
    papers: &[],
};

#[derive(Serialize, Deserialize)]
struct Square(u64);

impl Part for Square {
    type Kept = ();
    type Answer = u64;

    async fn run(self, _kept: &mut (), core: &mut dyn Core) -> Result<u64, JobError> {
        core.checkpoint().await?;
        Ok(self.0 * self.0)
    }
}

#[derive(Serialize, Deserialize)]
struct Slow(Settings);

impl Part for Slow {
    type Kept = ();
    type Answer = Settings;

    async fn run(self, _kept: &mut (), _core: &mut dyn Core) -> Result<Settings, JobError> {
        Ok(self.0)
    }
}

parts! {
    /// Two kinds of parts.
    Parts(()): Square, Slow
}

#[derive(Default)]
struct Squares {
    squares: Sweep<u64, u64, u64>,
    settings: Sweep<Settings, (), Settings>,
}

impl Compute for Squares {
    const ID: &'static str = EXHIBIT.id;
    type Settings = Settings;
    type Parts = Parts;

    async fn run(&mut self, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        scene.say("always", Some("It is said.".into()));
        scene.say_of("text", settings.on.then(|| "is wrong".into()));
        self.squares
            .of(settings.seed)
            .fill(
                scene,
                0..settings.n as u64,
                |n| Square(*n),
                |squares, scene| {
                    let sum: u64 = squares.found().values().sum();
                    scene.readout("sum", sum as f64);
                    scene.figure("picture", || {
                        Chart::new("another id", Axis::linear("", 0.0, 1.0), Axis::linear("", 0.0, 1.0)).build()
                    });
                    scene.progress(squares.found().len() as f64 / settings.n as f64, "squares");
                    Ok(())
                },
            )
            .await?;
        if scene.wants("other") {
            let slow = |_: &()| Slow(settings.clone());
            self.settings.of(settings.clone()).fill(scene, [()], slow, |_, _| Ok(())).await?;
        }
        Ok(())
    }
}

fn values(settings: &[(&str, &str)]) -> Values {
    let mut values = Values::defaults(const { &EXHIBIT });
    for (key, text) in settings {
        values.set_text(key, text).expect("a valid value");
    }
    values
}

fn squares_only() -> Recorder {
    Recorder { without: vec!["other"], ..Recorder::default() }
}

/// Runs on, and says how many parts that took.
fn parts_of(job: &mut JobOf<Squares>, recorder: Recorder, settings: &[(&str, &str)]) -> usize {
    let mut recorder = recorder;
    block_on(job.run(&values(settings), &mut recorder)).expect("the job ends well");
    recorder.parts
}

#[test]
fn declared_controls_are_read_typed() {
    let settings = Settings::from(&values(&[]));
    assert_eq!((settings.x, settings.n, settings.smooth, settings.colour), (0.25, 4, 2.0, Colour::Red));
    assert_eq!((settings.on, settings.text.as_str(), settings.seed), (false, "a b", 7));
    let set = values(&[("x", "2.5"), ("n", "9"), ("colour", "blue"), ("on", "on"), ("text", "ü"), ("seed", "0")]);
    let settings = Settings::from(&set);
    assert_eq!((settings.x, settings.n, settings.colour, settings.on), (2.5, 9, Colour::Blue, true));
    assert_eq!((settings.text.as_str(), settings.seed), ("ü", 0));
    // They are the same on another core.
    let there: Settings = protocol::decode(&protocol::encode(&settings).unwrap()).unwrap();
    assert_eq!(there, settings);
    assert!(protocol::decode::<Settings>(&[]).is_err());
}

#[test]
fn what_is_finished_is_not_computed_again() {
    let mut job = JobOf::<Squares>::default();
    assert_eq!(parts_of(&mut job, squares_only(), &[]), 4);
    assert_eq!(parts_of(&mut job, squares_only(), &[("x", "1"), ("colour", "blue")]), 0, "an unrelated control");
    assert_eq!(parts_of(&mut job, squares_only(), &[("n", "6")]), 2, "two more");
    assert_eq!(parts_of(&mut job, Recorder::default(), &[("n", "6")]), 1, "a figure comes into view");
    assert_eq!(parts_of(&mut job, squares_only(), &[("n", "6"), ("seed", "8")]), 6, "another origin");
}

#[test]
fn a_cancellation_keeps_what_is_finished() {
    for frames in 1..5 {
        let mut job = JobOf::<Squares>::default();
        let mut cancelled = Recorder { cancel_after: Some(frames), ..squares_only() };
        let result = block_on(job.run(&values(&[]), &mut cancelled));
        assert!(matches!(result, Err(JobError::Cancelled)), "{frames}");
        assert_eq!(cancelled.frames, frames, "nothing is handed over after the cancellation");
        // The part in which it was cancelled has no answer.
        let answered = frames - 1;
        assert_eq!(parts_of(&mut job, squares_only(), &[]), 4 - answered, "{frames}");
    }
}

#[test]
fn a_figure_has_its_own_id_and_a_notice_its_control() {
    let (mut job, mut recorder) = (JobOf::<Squares>::default(), squares_only());
    block_on(job.run(&values(&[("on", "on")]), &mut recorder)).unwrap();
    assert!(recorder.figures.contains_key("picture") && recorder.figures.len() == 1);
    assert_eq!((recorder.notices.len(), recorder.about.as_slice()), (2, &["text".to_owned()][..]));
    block_on(job.run(&values(&[]), &mut recorder)).unwrap();
    assert_eq!((recorder.notices.len(), recorder.about.len()), (1, 0));
}

fn line() -> (Trainer, Examples) {
    let x: Vec<f32> = (0..32).map(|i| i as f32 / 16.0 - 1.0).collect();
    let y = x.iter().map(|x| 0.5 * x).collect();
    let examples = Examples::with_numbers(32, 1, x, 1, y).expect("fits");
    let optimiser = Rule::Sgd.optimiser(0.05);
    let recipe = Recipe { sigma_w: 1.0, sigma_b: 0.1, loss: Loss::SquaredError, optimiser, batch: 8 };
    let shape = Shape::new(&[1, 4, 1], Activation::Tanh).expect("fits");
    (Trainer::new(shape, recipe, Stream::new(1, "kit test")).expect("fits"), examples)
}

/// Three rounds on three cores are the same steps as one training.
#[test]
fn rounds_are_one_training() {
    let core = &mut Recorder::default();
    let mut net = Rounds::default();
    for _ in 0..3 {
        let (mut trainer, examples) = line();
        let error = |trainer: &mut Trainer| rms_error(trainer, &examples);
        let round = train_round(&mut trainer, net.saved.as_ref(), (50, 3), &examples, core, |_| Ok(()), error);
        net = net.clone().joined(block_on(round).unwrap());
    }
    let (mut trainer, examples) = line();
    let mut errors = vec![rms_error(&mut trainer, &examples).unwrap()];
    for end in [16, 33, 50] {
        block_on(train_to(&mut trainer, end, &examples, core, |_| Ok(()))).unwrap();
        errors.push(rms_error(&mut trainer, &examples).unwrap());
    }
    assert_eq!((net.saved.as_ref(), net.scores.as_slice()), (Some(&trainer.save()), errors.as_slice()));
    assert!(net.done(3) == 3 && errors[3] < 0.2 * errors[0] && !net.has_blown_up(1.0), "{errors:?}");
    assert!(net.has_blown_up(0.5 * errors[3]));
}

#[test]
fn several_nets_are_as_far_as_the_last_of_them() {
    let mut nets: Sweep<(), u32, Rounds> = Sweep::default();
    nets.put(1, Rounds { scores: vec![1.0, 0.5, 0.25], saved: None });
    nets.put(2, Rounds { scores: vec![1.0, 0.75], saved: None });
    assert_eq!((nets.done(&[1, 2], 4), nets.done(&[1, 3], 4)), (Some(1), None));
    assert_eq!((nets.scores(&[1, 2], 1), nets.scores(&[1, 2], 2)), (Some(vec![0.5, 0.75]), None));
    assert_eq!((nets.share(&[1, 2, 3], 4), nets.share(&[], 4)), (0.25, 0.0));
}

#[test]
fn a_search_ends_done_or_with_its_own_error_and_lets_others_in() {
    let core = &mut Recorder::default();
    let mut steps = 0;
    let mut advance = |result: Result<bool, &'static str>| {
        steps += 1;
        if steps % 3 == 0 { result } else { Ok(false) }
    };
    assert_eq!(block_on(finished(core, || advance(Ok(true)))).unwrap(), Ok(()));
    assert_eq!(block_on(finished(core, || advance(Err("no")))).unwrap(), Err("no".into()));
    core.cancel_when = Some(|_| true);
    assert!(matches!(block_on(finished(core, || Ok::<_, &str>(false))), Err(JobError::Cancelled)));
}

#[test]
fn a_net_over_the_plane_has_its_output_in_the_middle_of_each_cell() {
    let (trainer, _) = line();
    let recipe = *trainer.recipe();
    let shape = Shape::new(&[2, 3, 1], Activation::Tanh).unwrap();
    let trainer = Trainer::new(shape, recipe, Stream::new(2, "kit test")).unwrap();
    let cells = block_on(output_cells(2.0, 4, &trainer, &mut Recorder::default())).unwrap();
    assert_eq!((cells.columns, cells.x, cells.y), (4, (-2.0, 2.0), (-2.0, 2.0)));
    // Row 1 from below, column 3.
    assert_eq!(cells.values.0[7], trainer.net().outputs_at(1, &[1.5, -0.5]).unwrap()[0]);
}
