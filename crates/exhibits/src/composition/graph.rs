//! The picture of two trees over the same inputs.

use figures::{Axis, Chart, Figure, Role};

use super::settings::{NetKind, Settings};
use crate::job::JobError;

const INDICES: [&str; 10] = ["₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"];

/// The target's tree above the inputs, the net's below.
pub(super) fn picture(settings: &Settings) -> Result<Figure, JobError> {
    let units = settings.units();
    let (dimension, levels) = (settings.dimension, f64::from(settings.dimension.ilog2()));
    let shape = settings.tree(settings.wiring, units)?;
    let mut x = Axis::linear("input", -0.6, dimension as f64 - 0.4);
    x.names = (0..dimension).map(|i| (i as f64, format!("x{}", INDICES[(i + 1) % 10]))).collect();
    let mut y = Axis::linear("target above the inputs, net below", -levels - 0.7, levels + 0.7);
    y.names = vec![(levels, "target".into()), (0.0, "inputs".into()), (-levels, "net".into())];
    let straight: Vec<usize> = (0..dimension).collect();
    let below = format!("net: {units} {} and a sum at each node", settings.activation_name());
    let trees = [
        ("target: h at each node", straight.as_slice(), Role::Theory, 1.0),
        (below.as_str(), shape.leaves(), Role::Simulation, -1.0),
    ];
    let [tree, shallow] = [NetKind::Tree, NetKind::Shallow].map(|kind| settings.n_parameters(kind, units));
    let chart = Chart::new("tree", x, y)
        .with_each(trees, |chart, (name, leaves, role, sign)| {
            let nodes = nodes(leaves, sign);
            let edges = nodes.iter().flat_map(Node::edges);
            chart.line("", role, edges).points(name, role, nodes.iter().map(|node| node.at))
        })
        .points("", Role::Neutral, (0..dimension).map(|i| (i as f64, 0.0)))
        .title(format!("{tree} parameters; shallow {shallow}"))
        .alt(match settings.wiring {
            NetKind::Shuffled => "The net’s tree puts other inputs together than the target’s: its lines cross.",
            _ => "The net’s tree is the mirror image of the target’s.",
        });
    Ok(chart.build())
}

/// A node with the places of the two that it takes.
struct Node {
    at: (f64, f64),
    from: [(f64, f64); 2],
}

impl Node {
    /// From one child to the node to the other, and a gap.
    fn edges(&self) -> [(f64, f64); 4] {
        [self.from[0], self.at, self.from[1], (f64::NAN, f64::NAN)]
    }
}

/// Nodes level by level; `sign` is 1 for a tree that grows upwards. A node stands over the middle of its leaves.
fn nodes(leaves: &[usize], sign: f64) -> Vec<Node> {
    let mut places: Vec<(f64, f64)> = leaves.iter().map(|leaf| (*leaf as f64, 0.0)).collect();
    let (mut nodes, mut level, mut size) = (Vec::new(), 1.0, 2.0);
    while places.len() > 1 {
        let above = (0..places.len() / 2).map(|k| ((k as f64 + 0.5) * size - 0.5, sign * level));
        let above: Vec<(f64, f64)> = above.collect();
        for (at, from) in above.iter().zip(places.as_chunks::<2>().0) {
            nodes.push(Node { at: *at, from: *from });
        }
        places = above;
        level += 1.0;
        size *= 2.0;
    }
    nodes
}
