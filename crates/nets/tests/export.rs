//! Exported nets: read back by the crate `safetensors`, and what is said beside them.

use nets::NetError;
use nets::export::{About, Export, Measured, NetFile, Numbers, Recompute};
use nets::mlp::{Mlp, Shape};
use nets::tree::{TreeNet, TreeShape};
use random::Stream;
use safetensors::{Dtype, SafeTensors};
use theory::Activation;
use theory::sawtooth::ReluNet;

fn mlp() -> Mlp {
    let shape = Shape::new(&[2, 5, 4, 1], Activation::Relu).expect("a shape");
    Mlp::random(shape, 1.4, 0.3, Stream::new(1, "export"))
}

fn tree() -> TreeNet {
    let shape = TreeShape::new(2, 3, Activation::Tanh).and_then(|shape| shape.with_leaves(vec![2, 0, 3, 1]));
    TreeNet::random(shape.expect("a shape"), 1.0, 0.5, Stream::new(2, "export"))
}

fn numbers(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect()
}

#[test]
fn a_perceptron_comes_back_with_the_names_of_pytorch() {
    let net = mlp();
    let bytes = NetFile::from_mlp("net", &net).to_bytes();
    let read = SafeTensors::deserialize(&bytes).expect("a file of the format");
    assert_eq!(read.len(), 6);
    for (l, shape) in [[5, 2], [4, 5], [1, 4]].into_iter().enumerate() {
        let (weights, biases) = net.layer(l).expect("a layer");
        let tensor = read.tensor(&format!("layers.{l}.weight")).expect("weights");
        assert_eq!(
            (tensor.dtype(), tensor.shape(), numbers(tensor.data())),
            (Dtype::F32, &shape[..], weights.to_vec())
        );
        let tensor = read.tensor(&format!("layers.{l}.bias")).expect("biases");
        assert_eq!((tensor.shape(), numbers(tensor.data())), (&shape[..1], biases.to_vec()));
    }
    let (_, header) = SafeTensors::read_metadata(&bytes).expect("a header");
    let metadata = header.metadata().as_ref().expect("metadata");
    assert_eq!([&metadata["kind"], &metadata["activation"], &metadata["format"]], ["mlp", "relu", "pt"]);
}

#[test]
fn trees_and_nets_of_the_theory_come_back() {
    let net = tree();
    let bytes = NetFile::from_tree("tree", &net).to_bytes();
    let read = SafeTensors::deserialize(&bytes).expect("a file of the format");
    assert_eq!(read.len(), 3 * 4);
    for k in 0..3 {
        let of = |name: &str| numbers(read.tensor(&format!("node.{k}.layers.{name}")).expect("a tensor").data());
        let all = [of("0.weight"), of("0.bias"), of("1.weight"), of("1.bias")].concat();
        assert_eq!(all, net.node(k).expect("a node"));
    }
    assert_eq!(read.tensor("node.2.layers.0.weight").expect("weights").shape(), [3, 2]);

    let net = ReluNet::new(1, vec![(vec![1.0, -2.5], vec![0.1, 0.2])], vec![3.0, 4.0], -1.0).expect("a net");
    let bytes = NetFile::from_relu_net("theory", &net).to_bytes();
    let read = SafeTensors::deserialize(&bytes).expect("a file of the format");
    let tensor = read.tensor("layers.0.weight").expect("weights");
    assert_eq!((tensor.dtype(), tensor.shape()), (Dtype::F64, &[2, 1][..]));
    assert_eq!(tensor.data(), [1.0f64.to_le_bytes(), (-2.5f64).to_le_bytes()].concat());
    assert_eq!(read.tensor("layers.1.bias").expect("a bias").data(), (-1.0f64).to_le_bytes());
}

/// Both precisions in one file, names that JSON must escape, no numbers at all.
#[test]
fn any_tensor_and_any_text_survive() {
    let text = "a \"quote\", a \\, a\ttab, a\nline, x² and 😀";
    let file = NetFile::new("x").with_metadata(text, text);
    let file = file.with_tensor("half \"x\"", &[3], Numbers::F32(vec![1.0, f32::NAN, f32::INFINITY])).expect("fits");
    let file = file.with_tensor("scalar", &[], Numbers::F64(vec![0.1])).expect("fits");
    let file = file.with_tensor("empty", &[0, 4], Numbers::F32(Vec::new())).expect("fits");
    let bytes = file.to_bytes();
    let read = SafeTensors::deserialize(&bytes).expect("a file of the format");
    assert_eq!(read.tensor("scalar").expect("a tensor").data(), 0.1f64.to_le_bytes());
    assert_eq!(read.tensor("half \"x\"").expect("a tensor").shape(), [3]);
    assert!(read.tensor("empty").expect("a tensor").data().is_empty());
    let (length, header) = SafeTensors::read_metadata(&bytes).expect("a header");
    assert_eq!(length % 8, 0);
    assert_eq!(header.metadata().as_ref().expect("metadata")[text], text);
    let nothing = NetFile::new("nothing").to_bytes();
    assert!(SafeTensors::deserialize(&nothing).expect("a file of the format").is_empty());

    let error =
        NetFile::new("x").with_tensor("x", &[2, 2], Numbers::F32(vec![0.0; 3])).expect_err("three are not four");
    assert!(matches!(error, NetError::Size { expected: 4, got: 3, .. }), "{error}");
}

#[test]
fn an_export_says_what_it_holds() {
    assert!(Export::new("t", "i").files().is_empty());
    let mut export = Export::new("Linear regions", "Nets whose regions were counted.");
    let about = |value: f64, recompute: Recompute| About {
        what: "The net in the window.".into(),
        recipe: "Adam at rate 0.01.".into(),
        seed: Some(17),
        data: String::new(),
        measured: vec![Measured { readout: "regions_pixels".into(), what: "patterns".into(), value, recompute }],
    };
    let by_patterns = Recompute::Patterns { x: (-1.0, 1.0), y: (-1.0, 1.0), side: 256 };
    export.add(NetFile::from_mlp("net of /mine", &mlp()), about(31.0, by_patterns));
    let lines = "x = np.linspace(0, 1, 5)\nfound = float(outputs(net, np.stack([x, x, x, x], 1)).max())";
    export.add(NetFile::from_tree("net of /mine", &tree()), about(f64::INFINITY, Recompute::Python(lines.into())));
    let files = export.files();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let expected = ["README.md", "recompute.py", "net-of--mine.safetensors", "net-of--mine-2.safetensors"];
    assert_eq!(names, expected);
    let text = |k: usize| String::from_utf8(files[k].1.clone()).expect("text");
    for said in [
        "# Linear regions",
        "## net-of--mine.safetensors",
        "Recipe: Adam at rate 0.01.",
        "Seed: 17",
        "| `layers.0.weight` | (5, 2) |",
        "`regions_pixels` = 31.0: patterns.",
        "found = patterns(net, grid((-1.0, 1.0), (-1.0, 1.0), 256))",
        "net = Net([2, 5, 4, 1])",
    ] {
        assert!(text(0).contains(said), "{said} is not in\n{}", text(0));
    }
    assert!(!text(0).contains("Data:"));
    assert!(text(1).contains("\n    x = np.linspace(0, 1, 5)\n    found = float("), "{}", text(1));
    assert!(text(1).contains("compare(\"net-of--mine-2.safetensors\", \"regions_pixels\", float(\"inf\"), found)"));
}
