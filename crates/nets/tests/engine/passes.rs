//! What passes promise beside the numbers.

use nets::NetError;
use nets::engine::{ByParameters, Dims, Init, NetBuilder, Norms, Pass, Wants, Window, loss, values};
use theory::Activation;

use crate::cases::{Point, all, assert_close, coefficient};

/// A gradient for each example is that of a pass with it alone; their sum is that of all.
#[test]
fn gradients_of_each_example() {
    for (name, net) in all() {
        let point = Point::new(&net, 11, true);
        let mut pass = point.forward::<f64, 1>(&[&point.parameters], &[&point.inputs]);
        point.put_seed(&mut pass, 0);
        let jets = point.jets(&[&point.parameters]);
        pass.backward(&jets, Wants { parameters: ByParameters::EachExample, input: false })
            .expect("running statistics");
        let by_example = coefficient(pass.gradients_by_example(), 0);
        let n_parameters = net.n_parameters();
        let mut sum = vec![0.0; n_parameters];
        let (features, outputs) = (net.input().features(), net.output().features());
        for i in 0..point.n {
            let mut alone = Point::new(&net, 1, true);
            alone.inputs = point.inputs[i * features..(i + 1) * features].to_vec();
            alone.seed = point.seed[i * outputs..(i + 1) * outputs].to_vec();
            let (expected, _) = alone.gradients::<f64, 1>(&[&point.parameters], &[&alone.inputs]);
            let got = &by_example[i * n_parameters..(i + 1) * n_parameters];
            // Sums in another order.
            assert_close(&format!("{name}, example {i}"), got, &coefficient(&expected, 0), 1e-12);
            sum.iter_mut().zip(got).for_each(|(sum, g)| *sum += g);
        }
        let (all, _) = point.gradients::<f64, 1>(&[&point.parameters], &[&point.inputs]);
        assert_close(&format!("{name}, their sum"), &sum, &coefficient(&all, 0), 1e-12);
    }
}

/// Adding gives the sum, and what is asked for alone is the same as with the rest.
#[test]
fn wants_change_no_number() {
    for (name, net) in all() {
        let point = Point::new(&net, 10, false);
        let (gradient, by_input) = point.gradients::<f32, 1>(&[&point.parameters], &[&point.inputs]);
        let jets = point.jets(&[&point.parameters]);
        let mut pass = point.forward::<f32, 1>(&[&point.parameters], &[&point.inputs]);
        for k in 1..3 {
            point.put_seed(&mut pass, 0);
            let parameters = if k == 1 { ByParameters::Set } else { ByParameters::Add };
            pass.backward(&jets, Wants { parameters, input: false }).expect("a seed");
            for (got, expected) in pass.gradient().iter().zip(&gradient) {
                assert_eq!(f64::from(got[0]), f64::from(k as f32 * expected[0] as f32), "{name}");
            }
        }
        assert!(pass.input_gradient().is_err(), "{name}: it was not wanted");
        point.put_seed(&mut pass, 0);
        pass.backward(&jets, Wants::INPUT).expect("a seed");
        let got = crate::cases::flat(pass.input_gradient().expect("it was wanted"), point.n);
        assert_eq!(got, by_input, "{name}");
    }
}

/// A net that ends early gives what the whole one has there.
#[test]
fn a_part_of_a_net_is_the_net_up_to_there() {
    for (name, net) in all() {
        let Some(id) = net.node(net.output_node()).and_then(|node| node.inputs.first().copied()) else { continue };
        let part = net.up_to(id).expect("a value of the net");
        let point = Point::new(&net, 9, true);
        let whole = point.forward::<f64, 1>(&[&point.parameters], &[&point.inputs]);
        let Some(expected) = whole.values(id) else { continue };
        let mut pass = Pass::<f64, 1>::new(&part, 9).expect("a pass");
        let features = net.input().features();
        pass.set_inputs(9, |i| &point.inputs[i * features..(i + 1) * features]).expect("inputs");
        let parameters = &point.parameters[..part.n_parameters()];
        let statistics = &point.statistics.as_deref().unwrap_or_default()[..part.n_statistics()];
        pass.forward(values(parameters), Norms::Running(statistics)).expect("a pass");
        assert_eq!(crate::cases::flat(pass.outputs().expect("outputs"), 9), crate::cases::flat(expected, 9), "{name}");
    }
}

/// Running statistics move as PyTorch's, by hand: two examples of one number.
#[test]
fn statistics_move() {
    let mut build = NetBuilder::new(Dims::vector(1), Init::LeCun).unwrap();
    let out = build.batch_norm(build.input()).unwrap();
    let net = build.finish(out).unwrap();
    let mut pass = Pass::<f64, 1>::new(&net, 2).unwrap();
    let mut statistics = net.first_statistics::<f64>();
    assert_eq!(statistics, [0.0, 1.0]);
    pass.set_inputs(2, |i| [&[1.0], &[3.0]][i]).unwrap();
    pass.forward(values(&[1.0, 0.0]), Norms::Running(&statistics)).unwrap();
    assert!(matches!(pass.update_statistics(&mut statistics, 0.1), Err(NetError::Pass { .. })));
    pass.forward(values(&[1.0, 0.0]), Norms::OfBatch).unwrap();
    pass.update_statistics(&mut statistics, 0.1).unwrap();
    // Mean 2, variance with Bessel's correction 2.
    assert_close("statistics", &statistics, &[0.2, 0.9 + 0.2], 1e-15);
}

#[test]
fn wrong_sizes_are_errors() {
    let mut build = NetBuilder::new(Dims::image(1, 4, 4), Init::He).unwrap();
    let input = build.input();
    assert!(matches!(build.conv(input, 0, Window::square(3)), Err(NetError::Range { .. })));
    assert!(matches!(build.conv(input, 2, Window::square(5)), Err(NetError::Form { .. })));
    assert!(matches!(build.mean_pool(input, Window::square(2).padding(1)), Err(NetError::Range { .. })));
    assert!(matches!(build.reshape(input, Dims::vector(15)), Err(NetError::Size { expected: 16, got: 15, .. })));
    assert!(matches!(build.sum(&[]), Err(NetError::Empty { .. })));
    assert!(matches!(build.dense(input, usize::MAX), Err(NetError::TooLarge { .. })));
    let x = build.conv(input, 2, Window::square(3)).unwrap();
    assert!(matches!(build.sum(&[input, x]), Err(NetError::Form { .. })));
    assert!(matches!(build.concat(&[input, x]), Err(NetError::Form { .. })));
    let nothing = build.dense(x, 0).unwrap();
    assert!(matches!(build.softmax(nothing), Err(NetError::Form { .. })));
    let mut other = NetBuilder::new(Dims::vector(1), Init::He).unwrap();
    assert!(matches!(other.activate(x, Activation::Tanh), Err(NetError::NoNode { got: 1, n: 1, .. })));
    let out = build.dense(x, 3).unwrap();
    let net = build.finish(out).unwrap();
    assert!(matches!(NetBuilder::new(Dims::image(usize::MAX, 2, 2), Init::He), Err(NetError::TooLarge { .. })));

    assert!(matches!(Pass::<f32, 1>::new(&net, 0), Err(NetError::Range { .. })));
    assert!(matches!(Pass::<f32, 1>::new(&net, usize::MAX), Err(NetError::TooLarge { .. })));
    assert!(matches!(Pass::<f32, 4>::new(&net, 1), Err(NetError::Range { .. })));
    let mut pass = Pass::<f32, 1>::new(&net, 3).unwrap();
    let parameters = net.draw(random::Stream::new(1, "test")).unwrap();
    assert!(matches!(pass.outputs(), Err(NetError::Pass { .. })));
    assert!(matches!(pass.backward(values(&parameters), Wants::INPUT), Err(NetError::Pass { .. })));
    assert!(matches!(pass.forward(values(&parameters), Norms::OfBatch), Err(NetError::Empty { .. })));
    assert!(matches!(pass.set_inputs(4, |_| &[0.0; 16]), Err(NetError::TooLarge { got: 4, limit: 3, .. })));
    assert!(matches!(pass.set_inputs(2, |_| &[0.0; 15]), Err(NetError::Size { .. })));
    pass.set_inputs(2, |_| &[0.5; 16]).unwrap();
    assert!(matches!(pass.forward(values(&parameters[1..]), Norms::OfBatch), Err(NetError::Size { .. })));
    assert!(matches!(pass.forward(values(&parameters), Norms::Running(&[1.0])), Err(NetError::Size { .. })));
    pass.forward(values(&parameters), Norms::OfBatch).unwrap();
    assert_eq!(pass.output(2, 0), None);
    assert_eq!(pass.output(0, 3), None);
    assert!(matches!(loss::cross_entropy(&mut pass, &[0, 3], 0.5), Err(NetError::NoClass { got: 3, classes: 3 })));
    assert!(matches!(loss::cross_entropy(&mut pass, &[0], 1.0), Err(NetError::Size { .. })));
    assert!(matches!(loss::squared_error(&mut pass, &[0.0; 5], 1.0), Err(NetError::Size { .. })));
}
