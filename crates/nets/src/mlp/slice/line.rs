//! Points on a line, for nets whose first hidden layer is rectified.
//!
//! At `k` steps from the line's start a pre-activation of the first layer is `p + k d`, which changes its sign once at
//! most, and the weights behind it are `u + k v`. So what the layer above is given,
//! `Σ_j (u_j + k v_j) relu(p_j + k d_j) = S_0 + k S_1 + k² S_2`, has coefficients that change only where a neuron is switched:
//! `S_0 = Σ u_j p_j`, `S_1 = Σ (u_j d_j + v_j p_j)` and `S_2 = Σ v_j d_j` over the neurons that are on. Going along
//! the line, every neuron is taken in once and left out once, instead of being a product at every point.

use super::super::dense;
use crate::lanes::{Eight, LANES, Lane, Lanes};

/// The layer above the first one, along a line.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    n: usize,
    panels: usize,
    /// Of each neuron of the first layer and panel of eight above: weights at the start, and what a step adds.
    weights: Vec<[Lane; 2]>,
    biases: Vec<[Lane; 2]>,
    switches: Switches,
    /// What a pass has found: `[points][8 examples][panels]`.
    z: Vec<Lane>,
}

/// The neurons that are switched, in order along the line.
#[derive(Clone, Debug, Default)]
struct Switches {
    /// `starts[k]..starts[k + 1]` are switched at point `k`.
    starts: Vec<usize>,
    in_order: Vec<Switch>,
    found: Vec<(usize, Switch)>,
}

/// A neuron's part of the sum, which is negative when it is left out.
#[derive(Clone, Copy, Debug, Default)]
struct Switch {
    neuron: usize,
    p: f32,
    d: f32,
}

impl Line {
    /// For `n` points. Parameters of the layer are its weights `[outputs, inputs]` and biases (more may follow), at the start
    /// and what a step adds.
    pub(super) fn take(&mut self, n: usize, [inputs, outputs]: [usize; 2], parameters: [Vec<f32>; 2]) {
        (self.n, self.panels) = (n, outputs.div_ceil(LANES));
        for (numbers, rows) in [(&mut self.weights, inputs), (&mut self.biases, 1)] {
            numbers.clear();
            numbers.resize(rows * self.panels, [[0.0; LANES]; 2]);
        }
        for (of, parameters) in parameters.iter().enumerate() {
            let (weights, biases) = parameters.split_at(inputs * outputs);
            for o in 0..outputs {
                for i in 0..inputs {
                    self.weights[i * self.panels + o / LANES][of][o % LANES] = weights[o * inputs + i];
                }
                self.biases[o / LANES][of][o % LANES] = biases[o];
            }
        }
    }

    /// Finds the layer's pre-activations of the first `count` examples of a block; `p` and `d` are `[inputs]`.
    pub(super) fn pass(&mut self, p: &[Lane], d: &[Lane], count: usize) {
        let mut z = std::mem::take(&mut self.z);
        z.resize(self.n * LANES * self.panels, [0.0; LANES]);
        for l in 0..count {
            self.switches.find(self.n, p.iter().zip(d).map(|(p, d)| (p[l], d[l])));
            for panel in 0..self.panels {
                let of_example = z[l * self.panels + panel..].iter_mut().step_by(LANES * self.panels);
                self.sweep(panel, of_example);
            }
        }
        self.z = z;
    }

    /// Those at a point: `[outputs]`.
    pub(super) fn read(&self, k: usize, a: &mut [Lane]) {
        let rows = LANES * self.panels;
        dense::transpose_back(&self.z[k * rows..(k + 1) * rows], a);
    }

    fn sweep<'a>(&self, panel: usize, z: impl Iterator<Item = &'a mut Lane>) {
        let [mut s_0, mut s_1] = self.biases[panel].map(|b| Eight::from_lane(&b));
        let mut s_2 = Eight::splat(0.0);
        for ((k, z), range) in z.enumerate().zip(self.switches.starts.windows(2)) {
            for switch in &self.switches.in_order[range[0]..range[1]] {
                let [u, v] = &self.weights[switch.neuron * self.panels + panel];
                let (u, v) = (Eight::from_lane(u), Eight::from_lane(v));
                let (p, d) = (Eight::splat(switch.p), Eight::splat(switch.d));
                s_0 = s_0.plus_product(u, p);
                s_1 = s_1.plus_product(u, d).plus_product(v, p);
                s_2 = s_2.plus_product(v, d);
            }
            let k = Eight::splat(k as f32);
            *z = s_0.plus_product(k, s_1.plus_product(k, s_2)).to_lane();
        }
    }
}

impl Switches {
    /// Of an example with these pre-activations `p + k d`.
    fn find(&mut self, n: usize, neurons: impl Iterator<Item = (f32, f32)>) {
        self.starts.clear();
        self.starts.resize(n + 2, 0);
        self.found.clear();
        for (neuron, (p, d)) in neurons.enumerate() {
            // The first point where the sign is the other one; past the end, or none, saturates.
            let other = || ((-p / d).ceil() as usize).min(n);
            let is_on = p > 0.0;
            if is_on {
                self.found.push((0, Switch { neuron, p, d }));
            }
            if is_on != (d > 0.0) && d != 0.0 {
                let sign = if is_on { -1.0 } else { 1.0 };
                self.found.push((other(), Switch { neuron, p: sign * p, d: sign * d }));
            }
        }
        for (k, _) in &self.found {
            self.starts[k + 1] += 1;
        }
        for k in 0..=n {
            self.starts[k + 1] += self.starts[k];
        }
        self.in_order.resize(self.found.len(), Switch::default());
        // A place moves on with each switch that takes it, and ends where the next point's begin.
        for (k, switch) in &self.found {
            let place = &mut self.starts[*k];
            self.in_order[*place] = *switch;
            *place += 1;
        }
        self.starts.rotate_right(1);
        self.starts[0] = 0;
    }
}
