//! What a convolutional net sees: it learns, goes back and on, and says what it is.

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use exhibit::Values;
use exhibits::filters::{EXHIBIT, Filters};
use exhibits::job::{Job as _, JobError};
use exhibits::kit::JobOf;
use figures::{Figure, Layer, Pixels};
use nets::engine::{Norms, Pass, values};
use protocol::Readout;
use support::{Recorder, block_on, number};
use training::TrainedNet;

/// Of one net, unless a test says otherwise.
fn values_of(settings: &[(&str, &str)]) -> Values {
    [("nets", "1")].iter().chain(settings).fold(Values::defaults(const { &EXHIBIT }), |mut values, (key, text)| {
        values.set_text(key, text).expect("a value of the control");
        values
    })
}

fn run(job: &mut JobOf<Filters>, recorder: &mut Recorder, settings: &[(&str, &str)]) {
    block_on(job.run(&values_of(settings), recorder)).expect("a run");
}

fn images_in(figure: &Figure) -> Vec<usize> {
    let of = |layer: &Layer| match layer {
        Layer::ImageGrid { size, pixels, .. } => Some(pixels.n_images(*size)),
        _ => None,
    };
    figure.layers.iter().filter_map(of).collect()
}

#[test]
fn a_net_learns_while_its_filters_hardly_move() {
    let (mut job, mut recorder) = (JobOf::<Filters>::default(), Recorder::default());
    run(&mut job, &mut recorder, &[]);
    assert_eq!(number(&recorder, "parameters"), 61_706.0);
    assert!(number(&recorder, "test_error") < 0.02, "{}", number(&recorder, "test_error"));
    let likeness = number(&recorder, "likeness");
    assert!((0.9..0.99).contains(&likeness), "{likeness}");
    assert_eq!(images_in(&recorder.figures["filters"]), [6]);
    assert_eq!(images_in(&recorder.figures["maps"]), [1, 6]);
    assert_eq!(images_in(&recorder.figures["second"]), [96]);
    assert_eq!(images_in(&recorder.figures["excites"]), [9]);
    // All mistakes are in the matrix.
    let wrong = images_in(&recorder.figures["wrong"])[0] as f64;
    assert_eq!((number(&recorder, "test_error") * 2000.0).round(), wrong);
    let Some(Layer::Heat { values, .. }) = recorder.figures["confusion"].layers.first() else { panic!("no matrix") };
    assert_eq!(values.0.iter().filter(|count| count.is_finite()).sum::<f32>(), wrong as f32);
}

#[test]
fn back_and_on_again_is_the_same_and_other_images_train_nothing() {
    let (mut job, mut recorder) = (JobOf::<Filters>::default(), Recorder::default());
    let at = |recorder: &Recorder| ["test_error", "loss", "likeness"].map(|key| number(recorder, key).to_bits());
    run(&mut job, &mut recorder, &[("steps", "90")]);
    let (first, shown) = (at(&recorder), recorder.figures["filters"].clone());
    run(&mut job, &mut recorder, &[("steps", "33")]);
    assert_ne!(at(&recorder), first);
    // What was judged of another step is not shown as if it were of this one.
    recorder.cancel_after = Some(recorder.frames + 2);
    let stopped = block_on(job.run(&values_of(&[("steps", "90")]), &mut recorder));
    assert!(matches!(stopped, Err(JobError::Cancelled)), "{stopped:?}");
    assert!(matches!(&recorder.readouts["test_error"], Readout::Undefined(_)));
    for id in ["excites", "confusion", "wrong"] {
        let title = &recorder.figures[id].title;
        assert!(title.starts_with("before this change: "), "{id}: {title}");
    }
    recorder.cancel_after = None;
    run(&mut job, &mut recorder, &[("steps", "90")]);
    assert_eq!((at(&recorder), &recorder.figures["filters"]), (first, &shown));
    // Every step of training hands a frame over here.
    let before = recorder.frames;
    run(&mut job, &mut recorder, &[("steps", "90"), ("image", "7"), ("unit", "3"), ("stage", "4")]);
    assert!(recorder.frames - before <= 3, "{} frames", recorder.frames - before);
    assert_eq!(at(&recorder), first);
    assert_eq!(images_in(&recorder.figures["maps"]), [1, 16]);
}

/// The band of a figure, by place.
fn band(figure: &Figure) -> Vec<[f32; 3]> {
    let of = |layer: &Layer| match layer {
        Layer::Band { x, low, high, .. } => Some((x.0.clone(), low.0.clone(), high.0.clone())),
        _ => None,
    };
    let (x, low, high) = figure.layers.iter().find_map(of).unwrap_or_default();
    x.into_iter().zip(low).zip(high).map(|((x, low), high)| [x, low, high]).collect()
}

#[test]
fn the_spread_is_that_of_nets_from_other_seeds() {
    let points = |figure: &Figure| -> Vec<(f32, f32)> {
        let of = |layer: &Layer| match layer {
            Layer::Points { x, y, .. } => Some(x.0.iter().copied().zip(y.0.iter().copied()).collect()),
            _ => None,
        };
        figure.layers.iter().find_map(of).unwrap_or_default()
    };
    let few = |seed: &'static str, nets: &'static str, steps: &'static str| {
        [("net", "perceptron"), ("examples", "300"), ("seed", seed), ("nets", nets), ("steps", steps)]
    };
    let alone: Vec<Vec<(f32, f32)>> = ["4", "5", "6"]
        .into_iter()
        .map(|seed| {
            let mut recorder = Recorder::default();
            run(&mut JobOf::default(), &mut recorder, &few(seed, "1", "250"));
            assert!(matches!(recorder.readouts["deviation"], Readout::Undefined(_)));
            assert_eq!(band(&recorder.figures["error"]).len(), 0);
            points(&recorder.figures["error"])
        })
        .collect();
    let expected: Vec<[f32; 3]> = (0..5)
        .map(|k| {
            let of_all = || alone.iter().map(|points| points[k].1);
            [alone[0][k].0, of_all().fold(1.0, f32::min), of_all().fold(0.0, f32::max)]
        })
        .collect();
    let (mut job, mut recorder) = (JobOf::<Filters>::default(), Recorder::default());
    // In two goes, and from another seed of the same nets.
    for (seed, nets, steps) in [("4", "2", "130"), ("4", "3", "250"), ("5", "2", "250")] {
        run(&mut job, &mut recorder, &few(seed, nets, steps));
        if nets == "3" {
            assert_eq!(band(&recorder.figures["error"]), expected);
            let last: Vec<f64> = alone.iter().map(|points| f64::from(points[4].1)).collect();
            let mean = last.iter().sum::<f64>() / 3.0;
            let variance = last.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / 2.0;
            assert!((number(&recorder, "deviation") - variance.sqrt()).abs() < 1e-7);
        }
    }
    let between = |k: usize| [alone[1][k].0, alone[1][k].1.min(alone[2][k].1), alone[1][k].1.max(alone[2][k].1)];
    assert_eq!(band(&recorder.figures["error"]), (0..5).map(between).collect::<Vec<_>>());
    assert!(!band(&recorder.figures["loss"]).is_empty());
}

#[test]
fn hidden_units_are_asked_what_they_want() {
    let (mut job, mut recorder) = (JobOf::<Filters>::default(), Recorder::default());
    let grids = |recorder: &Recorder| -> Vec<(Vec<u8>, Vec<f64>)> {
        let of = |layer: &Layer| match layer {
            Layer::ImageGrid { pixels: Pixels::Bytes(bytes), captions, .. } => {
                Some((bytes.clone(), captions.iter().map(|c| c.replace('−', "-").parse().unwrap_or(0.0)).collect()))
            }
            _ => None,
        };
        recorder.figures["wanted"].layers.iter().filter_map(of).collect()
    };
    for (layer, units, of) in [("1", 6, "6 maps"), ("2", 10, "16 maps"), ("3", 10, "120 units"), ("4", 10, "84 units")]
    {
        run(&mut job, &mut recorder, &[("layer", layer)]);
        let title = title_of(&recorder, "wanted");
        assert!(title.starts_with(&format!("{units} of the {of} of layer {layer}")), "{title}");
        let all = grids(&recorder);
        assert_eq!(images_in(&recorder.figures["wanted"]), [units, units]);
        // What is made excites a unit more than any image of the data does, of those that it was made for.
        let beaten = all[0].1.iter().zip(&all[1].1).filter(|(made, found)| made >= found).count();
        assert!(beaten >= units - 2, "{layer}: {:?} {:?}", all[0].1, all[1].1);
        if layer == "1" {
            let Some(Layer::ImageGrid { pixels: Pixels::Bytes(strongest), .. }) =
                recorder.figures["excites"].layers.first()
            else {
                panic!("no images")
            };
            assert_eq!(all[1].0[..784], strongest[..784]);
        }
    }
    run(&mut job, &mut recorder, &[("layer", "4"), ("net", "perceptron"), ("steps", "5")]);
    let title = title_of(&recorder, "wanted");
    assert!(title.starts_with("10 of the 100 units of layer 1"), "{title}");
}

#[test]
fn a_cancelled_training_goes_on_where_it_was() {
    let (mut job, mut recorder) = (JobOf::<Filters>::default(), Recorder::default());
    recorder.cancel_after = Some(30);
    let stopped = block_on(job.run(&values_of(&[("steps", "60")]), &mut recorder));
    assert!(matches!(stopped, Err(JobError::Cancelled)), "{stopped:?}");
    recorder.cancel_after = None;
    run(&mut job, &mut recorder, &[("steps", "60")]);
    assert!(recorder.frames < 30 + 60, "{} frames", recorder.frames);
    let (mut other, mut at_once) = (JobOf::<Filters>::default(), Recorder::default());
    run(&mut other, &mut at_once, &[("steps", "60")]);
    assert_eq!(number(&recorder, "loss").to_bits(), number(&at_once, "loss").to_bits());
}

#[test]
fn every_net_is_looked_into() {
    for (net, filters, maps, parameters) in
        [("perceptron", 100, vec![1, 1], 79_510.0), ("residual", 8, vec![1, 8], 19_810.0)]
    {
        let (mut job, mut recorder) = (JobOf::<Filters>::default(), Recorder::default());
        run(&mut job, &mut recorder, &[("net", net), ("steps", "5"), ("examples", "200")]);
        assert_eq!(number(&recorder, "parameters"), parameters);
        assert_eq!(images_in(&recorder.figures["filters"]), [filters]);
        assert_eq!(images_in(&recorder.figures["maps"]), maps);
        for (id, figure) in &recorder.figures {
            assert!(!figure.alt.is_empty(), "{id}");
        }
    }
}

#[test]
fn a_data_set_that_is_not_there_gives_way_with_a_sentence() {
    let (mut job, mut recorder) = (JobOf::<Filters>::default(), Recorder::default());
    run(&mut job, &mut recorder, &[("images", "mnist"), ("steps", "3"), ("examples", "300")]);
    let said = recorder.notices.iter().find(|said| said.starts_with("These are generated digits, not MNIST"));
    assert!(said.is_some(), "{:?}", recorder.notices);
}

#[test]
fn divergence_is_said() {
    let (mut job, mut recorder) = (JobOf::<Filters>::default(), Recorder::default());
    run(&mut job, &mut recorder, &[("rate", "10"), ("steps", "200"), ("examples", "200"), ("net", "perceptron")]);
    let said = recorder.notices.iter().find(|said| said.starts_with("Training diverged"));
    let has_ended = number(&recorder, "step") < 200.0;
    assert_eq!(said.is_some(), has_ended, "{:?}", recorder.notices);
    let (mut job, mut recorder) = (JobOf::<Filters>::default(), Recorder::default());
    run(&mut job, &mut recorder, &[("rate", "10"), ("steps", "200"), ("examples", "200")]);
    assert!(
        recorder.notices.iter().any(|said| said.starts_with("Training diverged after step")),
        "{:?}",
        recorder.notices
    );
    // What the net says is a number, or it is said that there is none.
    let said = recorder.readouts.get("probability").expect("a readout");
    let is_said = matches!(said, Readout::Undefined(why) if why == "the net overflows");
    assert!(is_said || matches!(said, Readout::Number(p) if p.is_finite()), "{said:?}");
}

/// The exported net, in an engine's pass of its own, makes as many mistakes on the test images as the page says.
#[test]
fn the_exported_net_makes_the_same_mistakes() {
    let (mut job, mut recorder) = (JobOf::<Filters>::default(), Recorder::default());
    run(&mut job, &mut recorder, &[("steps", "40")]);
    let files = recorder.nets.as_ref().expect("a net").files();
    let bytes = &files.iter().find(|(name, _)| name == "net.safetensors").expect("the net").1;
    let net = TrainedNet::from_bytes(bytes).expect("a net");
    assert_eq!(net.origin.steps, 40);
    let of_net = net.origin.net().expect("a net");
    let mut pass = Pass::<f32, 1>::new(&of_net, 8).expect("a pass");
    let mut wrong = 0;
    for index in 0..2000 {
        let digit = data::digits::generate(2_000, index);
        let x: Vec<f32> = digit.pixels.iter().map(|p| net.origin.standard.number_from_pixel(f64::from(*p))).collect();
        pass.set_inputs(1, |_| &x).expect("an input");
        pass.forward(values(&net.parameters), Norms::Running(&net.statistics)).expect("a pass");
        let output = |o: usize| pass.output(0, o).expect("an output")[0];
        let largest = (1..10).fold(0, |best, o| if output(o) > output(best) { o } else { best });
        wrong += usize::from(largest != usize::from(digit.label));
    }
    assert_eq!(wrong as f64 / 2000.0, number(&recorder, "test_error"));
    assert!(matches!(recorder.figures["maps"].layers.first(), Some(Layer::ImageGrid { pixels: Pixels::Bytes(_), .. })));
}

/// By a net that has learnt generated digits.
#[test]
fn a_drawn_digit_is_read() {
    let (mut job, mut recorder) = (JobOf::<Filters>::default(), Recorder::default());
    let three = "3519361739154111444347135014531455165718591961226224622762306233613660385840564254445245494646464946\
                 52475548584960526154635664596462646563676170607258745576537750784778447841773876357533733170";
    let seven = "25203520452055206520623057405250486045704280";
    for (drawing, class) in [(three, 3.0), (seven, 7.0)] {
        run(&mut job, &mut recorder, &[("drawing", drawing)]);
        assert_eq!(number(&recorder, "named"), class, "{drawing}");
        assert!(recorder.figures["maps"].title.starts_with("your drawing"), "{}", recorder.figures["maps"].title);
        // Nothing is its true class.
        let bars = recorder.figures["probabilities"].layers.iter().filter(|l| matches!(l, Layer::Bars { .. }));
        assert_eq!(bars.count(), 1);
    }
    run(&mut job, &mut recorder, &[]);
    assert!(recorder.figures["maps"].title.starts_with("test image"), "{}", recorder.figures["maps"].title);
    for nothing in ["", ".", "nonsense", "0"] {
        run(&mut job, &mut recorder, &[("drawing", nothing)]);
        assert!(recorder.figures["maps"].title.starts_with("test image"), "{nothing}");
    }
}

fn title_of(recorder: &Recorder, figure: &str) -> String {
    recorder.figures[figure].title.clone()
}

#[test]
fn the_parts_of_a_verdict_sum_to_it() {
    let (mut job, mut recorder) = (JobOf::<Filters>::default(), Recorder::default());
    for (asked, of) in [("named", "for 2"), ("7", "for 7")] {
        run(&mut job, &mut recorder, &[("asked", asked)]);
        let title = title_of(&recorder, "why");
        assert!(title.starts_with(of), "{title}");
        let numbers: Vec<f64> =
            title.rsplit(' ').filter_map(|word| word.trim_end_matches(',').parse().ok()).take(2).collect();
        let [rise, sum] = numbers[..] else { panic!("{title}") };
        assert!((rise - sum).abs() < 0.02 * rise.abs().max(1.0), "{title}");
        assert_eq!(images_in(&recorder.figures["why"]), [1, 3]);
    }
}

#[test]
fn what_classes_want_is_nearer_to_digits_where_it_is_smoothed() {
    let (mut job, mut recorder) = (JobOf::<Filters>::default(), Recorder::default());
    let distances = ["0", "0.25"].map(|smoothing| {
        run(&mut job, &mut recorder, &[("smoothing", smoothing)]);
        assert_eq!(images_in(&recorder.figures["wanted"]), [10, 10]);
        // Whatever it looks like, the net is sure of it.
        let Some(Layer::ImageGrid { captions, .. }) = recorder.figures["wanted"].layers.first() else {
            panic!("no images")
        };
        let sure = captions.iter().filter(|caption| caption.starts_with("> 99 %")).count();
        assert!(sure >= 9, "{captions:?}");
        number(&recorder, "memory_distance")
    });
    assert!(distances[1] < 0.8 * distances[0] && distances[1] > 0.1, "{distances:?}");
}

#[test]
fn filters_that_have_learnt_are_more_like_wavelets_than_random_ones() {
    let (mut job, mut recorder) = (JobOf::<Filters>::default(), Recorder::default());
    run(&mut job, &mut recorder, &[("steps", "0")]);
    let [drawn, random] = ["gabor_r2", "gabor_r2_random"].map(|key| number(&recorder, key));
    // Six filters and sixty of one law: their means differ by little.
    assert!((drawn - random).abs() < 0.1, "{drawn} {random}");
    run(&mut job, &mut recorder, &[("steps", "600")]);
    let learnt = number(&recorder, "gabor_r2");
    assert!(learnt > drawn + 0.03 && learnt > random + 0.03 && learnt < 0.95, "{learnt} {drawn} {random}");
    assert_eq!(number(&recorder, "gabor_r2_random"), random);
    assert_eq!(images_in(&recorder.figures["gabor"]), [6]);
    assert!(title_of(&recorder, "explained").starts_with(&format!("means: {learnt:.3}, random {random:.3}")));
}

#[test]
fn photographs_without_classes_are_not_learnt() {
    let pack = data::Pack::new("own-train", 64, 64, vec![0; 8], vec![9; 8 * 64 * 64]).expect("a pack");
    let mut recorder = Recorder { pack: Some(pack.encode_stored()), ..Recorder::default() };
    let own = [("images", "own"), ("files", "0123456789abcdef"), ("steps", "0"), ("examples", "100")];
    run(&mut JobOf::default(), &mut recorder, &own);
    let said = "These are generated digits, not your own images: they are photographs, which have no classes to learn.";
    assert!(recorder.notices.iter().any(|notice| notice == said), "{:?}", recorder.notices);
}
