//! Trained nets as files: back again, for PyTorch, and hostile ones.

use std::sync::Arc;

use data::Pack;
use nets::engine::models::Pooling;
use nets::engine::rules::Optimiser;
use nets::engine::{Init, Norms, Pass, values};
use nets::export::{places, pytorch_class};
use proptest::prelude::*;
use random::Stream;
use safetensors::SafeTensors;
use theory::Activation;
use training::{
    CATALOGUE, DataSet, FileError, Images, Model, Named, Piece, Recipe, Scores, Spec, TrainedNet, Trainer,
    vectors_from_bytes,
};

fn specs() -> Vec<Spec> {
    let phi = Activation::Tanh;
    let cnn = |is_residual, has_norms| Model::Cnn { depth: 8, channels: 2, is_residual, has_norms, activation: phi };
    let models = vec![
        Model::Perceptron { hidden: vec![5, 4], activation: phi },
        Model::Perceptron { hidden: vec![], activation: phi },
        Model::LeNet5 { activation: Activation::Relu, pooling: Pooling::Mean },
        cnn(false, false),
        cnn(true, true),
        Model::Autoencoder { hidden: vec![6], code: 2, activation: Activation::Gelu },
    ];
    models.into_iter().map(|model| Spec { model, init: Init::Scaled { sigma_w: 1.5, sigma_b: 0.1 } }).collect()
}

fn trained(spec: Spec) -> TrainedNet {
    let pixels: Vec<u8> = (0..4 * 784_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let images = Arc::new(Images::new(&Pack::new("x", 28, 28, vec![0, 1, 9, 3], pixels).expect("a pack")));
    let recipe = Recipe { batch: 4, ..Recipe::new(Optimiser::sgd(0.01), 5) };
    let mut trainer = Trainer::new(&spec, images, recipe).expect("a trainer");
    let _step = trainer.step().expect("a step");
    TrainedNet::of(&trainer, spec, "x", Scores { train_error: Some(0.25), test_error: None })
}

fn bytes(net: &TrainedNet) -> Vec<u8> {
    net.to_file("net").expect("a file").to_bytes()
}

#[test]
fn nets_come_back_from_their_files() {
    for spec in specs() {
        let net = trained(spec);
        let file = bytes(&net);
        assert_eq!(TrainedNet::from_bytes(&file).expect("a net"), net);
        assert_eq!(file, bytes(&net));
        let of_net = net.origin.net().expect("a net");
        let (parameters, statistics) = vectors_from_bytes(&file, &of_net).expect("its tensors");
        assert_eq!((parameters, statistics), (net.parameters, net.statistics));
    }
}

/// Every number of a net is in one tensor.
#[test]
fn tensors_have_the_names_of_pytorch() {
    for spec in specs() {
        let net = trained(spec);
        let of_net = net.origin.net().expect("a net");
        let n: usize = places(&of_net).iter().map(|place| place.range.len()).sum();
        assert_eq!(n, of_net.n_parameters() + of_net.n_statistics());
    }
    let lenet = trained(specs().swap_remove(2));
    let file = bytes(&lenet);
    let read = SafeTensors::deserialize(&file).expect("a file");
    let shape = |name: &str| read.tensor(name).expect("a tensor").shape().to_vec();
    assert_eq!(shape("conv2.weight"), [16, 6, 5, 5]);
    assert_eq!([shape("conv1.bias"), shape("fc3.bias")], [[6], [10]]);
    assert_eq!(shape("fc1.weight"), [120, 400]);
}

#[test]
fn hostile_files_get_a_sentence() {
    let net = trained(specs().swap_remove(0));
    let file = net.to_file("net").expect("a file");
    let about = file.metadata()["depthscope"].clone();
    let with = |about: &str| TrainedNet::from_bytes(&file.clone().with_metadata("depthscope", about).to_bytes());
    assert!(matches!(TrainedNet::from_bytes(b"<!doctype html>"), Err(FileError::Format(_))));
    assert!(matches!(TrainedNet::from_bytes(&bytes(&net)[..500]), Err(FileError::Format(_))));
    assert!(matches!(with("{"), Err(FileError::Origin(_))));
    assert!(matches!(with(&about.replace("\"tanh\"", "\"step\"")), Err(FileError::Origin(_))));
    assert!(matches!(with(&about.replace("\"batch\":4", "\"batch\":0")), Err(FileError::Recipe(_))));
    let wide = with(&about.replace("[5,4]", "[5,18446744073709551615]")).expect_err("too wide");
    assert!(matches!(wide, FileError::Recipe(_)), "{wide}");
    let error = with(&about.replace("[5,4]", "[5,7]")).expect_err("another width").to_string();
    assert_eq!(error, "the tensor `fc2.weight` should be F32 of the form [7, 5], but is F32 of the form [4, 5]");
    let error = with(&about.replace("[5,4]", "[5,4,3]")).expect_err("one more layer").to_string();
    assert_eq!(error, "the tensor `fc3.weight` should be F32 of the form [3, 4], but is F32 of the form [10, 4]");
    let plain = nets::export::NetFile::new("net").to_bytes();
    assert!(matches!(TrainedNet::from_bytes(&plain), Err(FileError::NoOrigin)));
    let mut not_finite = net.clone();
    not_finite.parameters[784 * 5 + 2] = f32::NAN;
    let error = TrainedNet::from_bytes(&bytes(&not_finite)).expect_err("a NaN").to_string();
    assert_eq!(error, "the tensor `fc1.bias` holds NaN at place 2, which is not a finite number");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(at in any::<prop::sample::Index>(), byte: u8, cut in any::<prop::sample::Index>()) {
        let mut file = bytes(&trained(specs().swap_remove(1)));
        let at = at.index(file.len().min(2_000));
        file[at] = byte;
        let _read = TrainedNet::from_bytes(&file);
        let _cut = TrainedNet::from_bytes(&file[..cut.index(file.len())]);
    }
}

#[test]
fn named_trainings_can_be_begun() {
    for named in &CATALOGUE {
        assert_eq!(Named::from_key(named.key), Some(named));
        let images = Images::new(&data::digits::generate_pack(1, 80).expect("digits"));
        let recipe = named.recipe(60_000, 1);
        let mut trainer = Trainer::new(&named.spec(), Arc::new(images), recipe).expect("a trainer");
        assert!(matches!(trainer.step().expect("a step"), training::Step::Done { .. }));
    }
    for set in DataSet::ALL {
        assert_eq!(DataSet::from_key(set.key()), Some(set));
        let pieces = [set.training().as_slice(), &[set.test()]].concat();
        for (k, piece) in pieces.iter().enumerate() {
            assert!(pieces[..k].iter().all(|other| other != piece));
            assert_eq!(matches!(piece, Piece::Pack(_)), set != DataSet::Digits);
        }
        assert_eq!([set.class(9).is_some(), set.class(10).is_some()], [true, false]);
    }
}

/// Exported nets give the same outputs in PyTorch. Ignored, and shown so, where there is no PyTorch: `DEPTHSCOPE_PYTHON` names a
/// Python with `torch`, `numpy` and `safetensors`.
#[test]
#[ignore = "needs a Python with PyTorch, named by DEPTHSCOPE_PYTHON"]
fn pytorch_finds_the_same_outputs() {
    let python = std::env::var("DEPTHSCOPE_PYTHON").expect("DEPTHSCOPE_PYTHON names a Python with PyTorch");
    let folder = std::env::temp_dir().join(format!("depthscope-pytorch-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    for (k, spec) in specs().into_iter().enumerate() {
        let net = trained(spec);
        let of_net = net.origin.net().expect("a net");
        let mut x = vec![0.0; 3 * 784];
        Stream::new(3, "inputs").fill_normal_f32(0, &mut x);
        let mut pass = Pass::<f32, 1>::new(&of_net, 3).expect("a pass");
        pass.set_inputs(3, |i| &x[i * 784..(i + 1) * 784]).expect("inputs");
        pass.forward(values(&net.parameters), Norms::Running(&net.statistics)).expect("a pass");
        let outputs = of_net.output().features();
        let y: Vec<f32> =
            (0..3 * outputs).map(|i| pass.output(i / outputs, i % outputs).expect("an output")[0]).collect();
        let numbers = nets::export::Numbers::F32;
        let cases = nets::export::NetFile::new("case")
            .with_tensor("x", &[3, 784], numbers(x))
            .and_then(|file| file.with_tensor("y", &[3, outputs], numbers(y)))
            .expect("tensors");
        let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).expect("a file");
        write(&format!("net{k}.py"), pytorch_class(&of_net).as_bytes());
        write(&format!("net{k}.safetensors"), &bytes(&net));
        write(&format!("case{k}.safetensors"), &cases.to_bytes());
    }
    let script = "tests/pytorch.py";
    let run = std::process::Command::new(python).arg(script).arg(&folder).output().expect("Python starts");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(said.lines().count(), specs().len(), "{said}");
    std::fs::remove_dir_all(folder).expect("the folder is ours");
}
