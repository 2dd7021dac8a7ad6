//! Writes an export of three nets, with numbers that were measured here, into a folder: what `recompute.py` prints must agree.
//! `cargo run -p nets --example export -- FOLDER`

use nets::export::{About, Export, Measured, NetFile, Recompute};
use nets::mlp::{Mlp, Shape, Trainable};
use nets::tree::{TreeNet, TreeShape};
use random::Stream;
use theory::Activation;
use theory::sawtooth::ReluNet;

fn measured(readout: &str, value: f64, recompute: Recompute) -> About {
    let (readout, what) = (readout.to_owned(), "for the example".to_owned());
    About {
        what: "A net of an example.".into(),
        recipe: "Random weights.".into(),
        seed: Some(1),
        data: String::new(),
        measured: vec![Measured { readout, what, value, recompute }],
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    let mut export = Export::new("An example", "Three nets.");
    let point = "found = float(outputs(net, [[0.3, -0.7, 0.2, 0.9]])[0, 0])";

    let tree = TreeShape::new(2, 6, Activation::Gelu)?.with_leaves(vec![2, 0, 3, 1])?;
    let tree = TreeNet::random(tree, 1.5, 0.5, Stream::new(1, "example"));
    let mut outputs = [0.0];
    nets::mlp::Passes::outputs(&mut tree.workspace(1)?, &tree, 1, &[0.3, -0.7, 0.2, 0.9], &mut outputs)?;
    export
        .add(NetFile::from_tree("tree", &tree), measured("output", outputs[0].into(), Recompute::Python(point.into())));

    for activation in Activation::ALL {
        let net = Mlp::random(Shape::new(&[4, 9, 1], activation)?, 1.5, 0.5, Stream::new(2, "example"));
        nets::mlp::Passes::outputs(&mut net.workspace(1)?, &net, 1, &[0.3, -0.7, 0.2, 0.9], &mut outputs)?;
        let about = measured("output", outputs[0].into(), Recompute::Python(point.into()));
        export.add(NetFile::from_mlp(activation.key(), &net), about);
    }

    let (weights, biases) = (vec![1.0, -2.0, 0.5, 1.5, 3.0, -1.0], vec![0.1, 0.2, -0.3]);
    let net = ReluNet::new(2, vec![(weights, biases)], vec![1.0, -1.0, 2.0], 0.5)?;
    let mut patterns = std::collections::BTreeSet::new();
    for k in 0..64 * 64 {
        let at = |k: usize| -1.0 + 2.0 * (k as f64 + 0.5) / 64.0;
        patterns.insert(net.pattern(&[at(k % 64), at(k / 64)])?);
    }
    let again = Recompute::Patterns { x: (-1.0, 1.0), y: (-1.0, 1.0), side: 64 };
    export.add(NetFile::from_relu_net("theory", &net), measured("patterns", patterns.len() as f64, again));
    std::fs::create_dir_all(&folder)?;
    for (name, bytes) in export.files() {
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
