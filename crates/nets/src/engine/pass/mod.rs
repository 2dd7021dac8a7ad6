//! Passes forward and backward, without allocation once their buffers are there.

mod backward;
mod forward;
mod plan;

use crate::NetError;
use crate::engine::Scalar;
use crate::engine::jet::{Numbers, zeros};
use crate::engine::net::{Net, NodeId, Op};
use crate::engine::op::conv::Scratch;
use crate::engine::op::norm::Moments;
use crate::error::{check_limit, check_size};
use crate::lanes::LANES;
use plan::Plan;

/// Most numbers in the buffers of a pass (half a gigabyte in `f32`).
const MOST_NUMBERS: usize = 1 << 27;

/// What batch norms take for mean and variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Norms<'a, T> {
    /// Those of the examples in the pass, as in training.
    OfBatch,
    /// Given ones, as after training: [`Net::n_statistics`] numbers.
    Running(&'a [T]),
}

/// What is done with the gradient by the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByParameters {
    /// It is not computed.
    No,
    /// Summed over examples, in place of what was there.
    Set,
    /// Summed over examples, added to what was there.
    Add,
    /// For each example by itself.
    EachExample,
}

/// What a backward pass is to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wants {
    /// The gradient by the parameters.
    pub parameters: ByParameters,
    /// The gradient by the input.
    pub input: bool,
}

impl Wants {
    /// The gradient by the parameters, summed over examples.
    pub const PARAMETERS: Self = Self { parameters: ByParameters::Set, input: false };
    /// The gradient by the input alone.
    pub const INPUT: Self = Self { parameters: ByParameters::No, input: true };
}

/// Buffers for the passes of one net over examples in blocks of eight, in jets of N coefficients (N = 1 for values, at most 3).
///
/// 1. [`set_inputs`](Self::set_inputs) (or [`inputs_mut`](Self::inputs_mut)) takes examples,
/// 2. [`forward`](Self::forward) computes all values,
/// 3. a loss reads outputs and writes the seed, its derivatives with respect to them
///    ([`outputs_and_seed`](Self::outputs_and_seed)),
/// 4. [`backward`](Self::backward) gives gradients from there.
///
/// Numbers lie as `[block][feature][coefficient][lane]`: example `i` is lane `i % 8` of block `i / 8`. What a backward pass gives
/// is the gradient of `Σ seed · output` in the same ring. For N = 2 and parameters `θ + ε v` coefficient 0 of it is the
/// gradient and coefficient 1 its derivative along v, which is the Hessian times v where the seed is a loss's. For inputs `x +
/// ε v` coefficient k of an output u is its k-th derivative along v over k!, and from a seed of `Σ_k ∂ℓ/∂u_k ε^{N−1−k}`
/// coefficient N − 1 of the gradient is `∂ℓ/∂θ`.
#[derive(Clone, Debug)]
pub struct Pass<T: Scalar, const N: usize> {
    net: Net,
    plan: Plan,
    capacity: usize,
    /// Examples in the buffers.
    n: usize,
    values: Vec<Vec<Numbers<T, N>>>,
    /// Empty before the first backward pass.
    slots: Vec<Vec<Numbers<T, N>>>,
    /// Whether a buffer's derivative has been begun.
    is_written: Vec<bool>,
    gradient: Vec<[T; N]>,
    by_example: Vec<[T; N]>,
    moments: Vec<Vec<Moments<N>>>,
    are_of_batch: bool,
    rows: Vec<Numbers<T, N>>,
    scratch: Scratch<T, N>,
    /// How far the pass has come.
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// There are no values.
    Begun,
    /// There are values.
    Forward,
    /// There is a gradient by the input.
    Backward,
}

impl<T: Scalar, const N: usize> Pass<T, N> {
    /// For up to `capacity` examples at a time.
    ///
    /// # Errors
    /// [`NetError::Range`] unless 1 ≤ N ≤ 3 and `capacity` is at least 1, [`NetError::TooLarge`] when the buffers would have more
    /// than 2^27 numbers.
    pub fn new(net: &Net, capacity: usize) -> Result<Self, NetError> {
        if !(1..=3).contains(&N) {
            return Err(NetError::Range { name: "coefficients", got: N as f64, allowed: "[1, 3]" });
        }
        if capacity == 0 {
            return Err(NetError::Range { name: "capacity", got: 0.0, allowed: "[1, inf)" });
        }
        let plan = Plan::new(net);
        let blocks = capacity.div_ceil(LANES);
        let numbers = plan.features(net).saturating_mul(blocks).saturating_mul(LANES * N);
        check_limit("buffers of a pass", numbers, MOST_NUMBERS)?;
        let features = |k: &usize| net.nodes()[*k].dims.features();
        let moments = |node: &crate::engine::Node| match node.op {
            Op::BatchNorm => vec![Moments::running(0.0, 1.0); node.dims.channels],
            _ => Vec::new(),
        };
        Ok(Self {
            values: plan.root.iter().map(|k| vec![zeros(); features(k) * blocks]).collect(),
            slots: vec![Vec::new(); plan.slot_features.len()],
            is_written: vec![false; plan.root.len()],
            gradient: Vec::new(),
            by_example: Vec::new(),
            moments: net.nodes().iter().map(moments).collect(),
            are_of_batch: false,
            rows: Vec::new(),
            scratch: Scratch::default(),
            stage: Stage::Begun,
            n: 0,
            capacity,
            plan,
            net: net.clone(),
        })
    }

    /// Whose passes.
    #[must_use]
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// Most examples at a time.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Examples in the buffers.
    #[must_use]
    pub fn n(&self) -> usize {
        self.n
    }

    fn blocks(&self) -> usize {
        self.n.div_ceil(LANES)
    }

    /// Takes `n` inputs, as numbers without a direction.
    ///
    /// # Errors
    /// [`NetError::TooLarge`] beyond the capacity, [`NetError::Size`] for an input of another size.
    pub fn set_inputs<'a>(&mut self, n: usize, input: impl Fn(usize) -> &'a [T]) -> Result<(), NetError> {
        check_limit("examples of a pass", n, self.capacity)?;
        let features = self.net.input().features();
        for i in 0..n {
            check_size("numbers in an input", features, input(i).len())?;
        }
        self.n = n;
        self.stage = Stage::Begun;
        let blocks = self.values[0].chunks_exact_mut(features.max(1));
        for (block, values) in blocks.enumerate().take(n.div_ceil(LANES)) {
            let first = block * LANES;
            let rows: [&[T]; LANES] = std::array::from_fn(|l| if first + l < n { input(first + l) } else { &[] });
            take_block(&rows, values);
        }
        Ok(())
    }

    /// The inputs' numbers of `n` examples, `[blocks][features]`, to be written: lanes beyond the last example should be zero.
    ///
    /// # Errors
    /// [`NetError::TooLarge`] beyond the capacity.
    pub fn inputs_mut(&mut self, n: usize) -> Result<&mut [Numbers<T, N>], NetError> {
        check_limit("examples of a pass", n, self.capacity)?;
        self.n = n;
        self.stage = Stage::Begun;
        let numbers = self.blocks() * self.net.input().features();
        Ok(&mut self.values[0][..numbers])
    }

    /// The outputs, `[blocks][features]`.
    ///
    /// # Errors
    /// [`NetError::Pass`] before a pass forward.
    pub fn outputs(&self) -> Result<&[Numbers<T, N>], NetError> {
        self.check_stage("outputs")?;
        let output = self.plan.buffer[self.net.output_node().0];
        Ok(&self.values[output][..self.blocks() * self.net.output().features()])
    }

    /// One number of an output; none where there is not.
    #[must_use]
    pub fn output(&self, example: usize, feature: usize) -> Option<[T; N]> {
        let outputs = self.outputs().ok().filter(|_| example < self.n)?;
        let block = outputs.chunks_exact(self.net.output().features()).nth(example / LANES)?;
        Some(block.get(feature)?.map(|lanes| lanes[example % LANES]))
    }

    /// The values of a node, `[blocks][features]`; none before a pass forward, and where an activation has taken their place.
    #[must_use]
    pub fn values(&self, id: NodeId) -> Option<&[Numbers<T, N>]> {
        let node = self.net.node(id).filter(|_| self.stage != Stage::Begun)?;
        let buffer = self.plan.buffer[id.0];
        let mut last = self.plan.last[buffer];
        while last != id.0 && self.net.nodes()[last].op == Op::Reshape {
            last = self.net.nodes()[last].inputs[0].0;
        }
        (last == id.0).then(|| &self.values[buffer][..self.blocks() * node.dims.features()])
    }

    /// The outputs, and where the loss's derivatives with respect to them go, both `[blocks][features]`. The seed holds anything
    /// before, and is spent by a pass backward: all of it is to be written, but what is in lanes beyond the last example does
    /// not count.
    ///
    /// # Errors
    /// [`NetError::Pass`] before a pass forward.
    #[expect(clippy::type_complexity, reason = "a pair of slices")]
    pub fn outputs_and_seed(&mut self) -> Result<(&[Numbers<T, N>], &mut [Numbers<T, N>]), NetError> {
        self.check_stage("a seed")?;
        self.make_slots();
        let output = self.plan.buffer[self.net.output_node().0];
        let numbers = self.blocks() * self.net.output().features();
        let slot = self.plan.slot[output].unwrap_or(0);
        Ok((&self.values[output][..numbers], &mut self.slots[slot][..numbers]))
    }

    fn make_slots(&mut self) {
        let blocks = self.capacity.div_ceil(LANES);
        for (slot, features) in self.slots.iter_mut().zip(&self.plan.slot_features) {
            if slot.len() != features * blocks {
                slot.resize(features * blocks, zeros());
            }
        }
    }

    fn check_stage(&self, op: &'static str) -> Result<(), NetError> {
        if self.stage == Stage::Begun { Err(NetError::Pass { op, needs: "a pass forward first" }) } else { Ok(()) }
    }

    /// The gradient of the last pass backward by the parameters; zero where there was none.
    #[must_use]
    pub fn gradient(&self) -> &[[T; N]] {
        &self.gradient
    }

    /// The same, to change it in place.
    pub fn gradient_mut(&mut self) -> &mut [[T; N]] {
        &mut self.gradient
    }

    /// Gradients for each example by itself, `[examples][parameters]`; empty where none were asked for.
    #[must_use]
    pub fn gradients_by_example(&self) -> &[[T; N]] {
        &self.by_example
    }

    /// The gradient by the input, `[blocks][features]`.
    ///
    /// # Errors
    /// [`NetError::Pass`] unless the last pass backward was to give it.
    pub fn input_gradient(&self) -> Result<&[Numbers<T, N>], NetError> {
        match self.plan.slot[0] {
            Some(slot) if self.stage == Stage::Backward => {
                Ok(&self.slots[slot][..self.blocks() * self.net.input().features()])
            }
            _ => Err(NetError::Pass { op: "a gradient by the input", needs: "a pass backward that wants it" }),
        }
    }

    /// Moves running statistics towards those of the last pass forward: `s ← (1 − share) s + share s_batch`, the variance with
    /// Bessel's correction, as PyTorch does with a momentum of `share`, commonly 0.1.
    ///
    /// # Errors
    /// [`NetError::Size`] for another number of statistics, [`NetError::Range`] for a share outside [0, 1], [`NetError::Pass`]
    /// unless the last pass forward took the batch's own.
    pub fn update_statistics(&self, statistics: &mut [T], share: f64) -> Result<(), NetError> {
        check_size("running statistics", self.net.n_statistics(), statistics.len())?;
        if !(0.0..=1.0).contains(&share) {
            return Err(NetError::Range { name: "share", got: share, allowed: "[0, 1]" });
        }
        if self.stage == Stage::Begun || !self.are_of_batch {
            return Err(NetError::Pass { op: "an update of statistics", needs: "a pass forward with the batch's own" });
        }
        for (node, moments) in self.net.nodes().iter().zip(&self.moments) {
            let (means, variances) = statistics[node.statistics.clone()].split_at_mut(moments.len());
            let n = (self.n * node.dims.positions()) as f64;
            let correction = if n > 1.0 { n / (n - 1.0) } else { 1.0 };
            for ((moments, mean), variance) in moments.iter().zip(means).zip(variances) {
                let moved = |old: T, new: f64| T::from_f64((1.0 - share) * old.to_f64() + share * new);
                *mean = moved(*mean, moments.mean.0[0]);
                *variance = moved(*variance, moments.variance * correction);
            }
        }
        Ok(())
    }
}

/// Eight inputs become lanes; an empty one is zero.
#[inline(always)]
fn take_block<T: Scalar, const N: usize>(rows: &[&[T]; LANES], values: &mut [Numbers<T, N>]) {
    let features = values.len();
    if N == 1 && rows.iter().all(|row| row.len() == features) {
        let (panels, _) = values.as_chunks_mut::<LANES>();
        for (p, panel) in panels.iter_mut().enumerate() {
            let mut tile = [[T::ZERO; LANES]; LANES];
            for l in 0..LANES {
                if let Some(numbers) = rows[l].get(p * LANES..).and_then(<[T]>::first_chunk::<LANES>) {
                    tile[l] = *numbers;
                }
            }
            for i in 0..LANES {
                panel[i][0] = std::array::from_fn(|l| tile[l][i]);
            }
        }
        for f in features / LANES * LANES..features {
            values[f][0] = rows.map(|row| row[f]);
        }
        return;
    }
    for (f, value) in values.iter_mut().enumerate() {
        *value = zeros();
        value[0] = rows.map(|row| row.get(f).copied().unwrap_or(T::ZERO));
    }
}

/// Parameters or gradients of values alone, as jets of one coefficient.
#[must_use]
pub fn values<T>(numbers: &[T]) -> &[[T; 1]] {
    numbers.as_chunks().0
}

/// Parameters `Σ_n numbers[n] ε^n`.
///
/// # Errors
/// [`NetError::Size`] for coefficients of different sizes.
pub fn jets<T: Scalar, const N: usize>(numbers: [&[T]; N]) -> Result<Vec<[T; N]>, NetError> {
    let n = numbers.first().map_or(0, |first| first.len());
    for coefficient in numbers {
        check_size("coefficients", n, coefficient.len())?;
    }
    Ok((0..n).map(|i| numbers.map(|coefficient| coefficient[i])).collect())
}
