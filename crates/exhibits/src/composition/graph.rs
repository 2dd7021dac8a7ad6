//! The picture of two trees over the same inputs.

use figures::{Axis, Figure, Layer, Role, Stroke};

use super::settings::{NetKind, Settings};
use crate::job::JobError;

const INDICES: [&str; 10] = ["₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"];

/// The target's tree above the inputs, the net's below.
pub(super) fn picture(settings: &Settings) -> Result<Figure, JobError> {
    let task = &settings.task;
    let (dimension, levels) = (task.dimension(), task.levels as f64);
    let shape = task.tree(settings.shown, settings.units)?;
    let mut x = Axis::linear("input", -0.6, dimension as f64 - 0.4);
    x.names = (0..dimension).map(|i| (i as f64, format!("x{}", INDICES[(i + 1) % 10]))).collect();
    let mut y = Axis::linear("target above the inputs, net below", -levels - 0.7, levels + 0.7);
    y.names = vec![(levels, "target".into()), (0.0, "inputs".into()), (-levels, "net".into())];
    let mut figure = Figure::blank("tree", x, y);
    let straight: Vec<usize> = (0..dimension).collect();
    let units = shape.units();
    let below = format!("net: {units} {} and a sum at each node", settings.activation_name());
    for (name, leaves, role, sign) in [
        ("target: h at each node", straight.as_slice(), Role::Theory, 1.0),
        (below.as_str(), shape.leaves(), Role::Simulation, -1.0),
    ] {
        let nodes = nodes(leaves, sign);
        figure.layers.push(Layer::line("", role, Stroke::Solid, nodes.iter().flat_map(Node::edges)));
        figure.layers.push(Layer::points(name, role, nodes.iter().map(|node| node.at)));
    }
    figure.layers.push(Layer::points("", Role::Neutral, (0..dimension).map(|i| (i as f64, 0.0))));
    let parameters = [NetKind::Tree, NetKind::Shallow].map(|kind| task.parameters(kind, settings.units));
    figure.title = format!("{} parameters; shallow {}", parameters[0], parameters[1]);
    figure.alt = match settings.shown {
        NetKind::Shuffled => "The net’s tree puts other inputs together than the target’s: its lines cross.".into(),
        _ => "The net’s tree is the mirror image of the target’s.".into(),
    };
    Ok(figure)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_stand_over_the_middle_of_what_they_take() {
        let straight = nodes(&[0, 1, 2, 3], 1.0);
        let at: Vec<_> = straight.iter().map(|node| node.at).collect();
        assert_eq!(at, [(0.5, 1.0), (2.5, 1.0), (1.5, 2.0)]);
        assert!(straight.iter().all(|n| (n.from[0].0 + n.from[1].0) / 2.0 == n.at.0));
        let crossed = nodes(&[0, 2, 1, 3], -1.0);
        assert_eq!((crossed[0].from, crossed[0].at), ([(0.0, 0.0), (2.0, 0.0)], (0.5, -1.0)));
        assert_eq!(crossed[2].from, [(0.5, -1.0), (2.5, -1.0)]);
    }
}
