//! The pass forward.

use super::{Norms, Pass, Stage};
use crate::NetError;
use crate::engine::Scalar;
use crate::engine::net::Op;
use crate::engine::op::norm::{Moments, Norm};
use crate::engine::op::{Into, activate, join, softmax};
use crate::error::check_size;
use crate::lanes::{Work, widest};

impl<T: Scalar, const N: usize> Pass<T, N> {
    /// All values, from the inputs that were set. Numbers may become infinite or NaN where the net overflows.
    ///
    /// # Errors
    /// [`NetError::Size`] for another number of parameters or statistics, [`NetError::Empty`] without examples.
    pub fn forward(&mut self, parameters: &[[T; N]], norms: Norms<'_, T>) -> Result<(), NetError> {
        check_size("parameters", self.net.n_parameters(), parameters.len())?;
        if let Norms::Running(statistics) = norms {
            check_size("running statistics", self.net.n_statistics(), statistics.len())?;
        }
        if self.n == 0 {
            return Err(NetError::Empty { op: "a pass forward" });
        }
        self.are_of_batch = norms == Norms::OfBatch;
        let net = self.net.clone();
        for k in 1..net.nodes().len() {
            widest(Compute { pass: self, k, parameters, norms });
        }
        self.stage = Stage::Forward;
        Ok(())
    }

    /// The value of one node.
    #[inline(always)]
    fn compute(&mut self, k: usize, parameters: &[[T; N]], norms: Norms<'_, T>) {
        let blocks = self.blocks();
        let Self { net, plan, values, moments, scratch, n, .. } = self;
        let node = &net.nodes()[k];
        let parameters = &parameters[node.parameters.clone()];
        let buffer = plan.buffer[k];
        let is_shared = plan.root[buffer] != k;
        // Its own buffer is taken out for as long as it is written, beside those that are read.
        let mut own = std::mem::take(&mut values[buffer]);
        let features = node.dims.features();
        let y = &mut own[..blocks * features];
        let of = |i: usize| {
            let from = &node.inputs[i];
            let features = net.nodes()[from.0].dims.features();
            (&values[plan.buffer[from.0]][..], features)
        };
        let x = || {
            let (x, features) = of(0);
            &x[..blocks * features]
        };
        match &node.op {
            Op::Input | Op::Reshape => {}
            Op::Dense(dense) => dense.forward(parameters, x(), y),
            Op::Conv(conv) => conv.forward(parameters, x(), y, scratch),
            Op::MeanPool(pool) => pool.mean(x(), y),
            Op::MaxPool(pool) => pool.largest(x(), y),
            Op::Activate(activation) => {
                if !is_shared {
                    y.copy_from_slice(x());
                }
                activate::forward(*activation, y);
            }
            Op::Softmax => {
                y.copy_from_slice(x());
                softmax::forward(node.dims, y);
            }
            Op::BatchNorm => {
                let norm = Norm { dims: node.dims, examples: *n };
                let moments = &mut moments[k];
                match norms {
                    Norms::OfBatch => norm.moments(x(), moments),
                    Norms::Running(statistics) => {
                        let (means, variances) = statistics[node.statistics.clone()].split_at(moments.len());
                        for ((moments, mean), variance) in moments.iter_mut().zip(means).zip(variances) {
                            *moments = Moments::running(mean.to_f64(), variance.to_f64());
                        }
                    }
                }
                norm.forward(parameters, moments, x(), y);
            }
            Op::Sum => {
                for i in 0..node.inputs.len() {
                    let into = if i == 0 { Into::Set } else { Into::Add };
                    join::add(&of(i).0[..blocks * features], y, into);
                }
            }
            Op::Concat => {
                let mut first = 0;
                for i in 0..node.inputs.len() {
                    let (x, of_x) = of(i);
                    join::insert((&x[..blocks * of_x], of_x), (y, features), first);
                    first += of_x;
                }
            }
        }
        values[buffer] = own;
    }
}

struct Compute<'a, T: Scalar, const N: usize> {
    pass: &'a mut Pass<T, N>,
    k: usize,
    parameters: &'a [[T; N]],
    norms: Norms<'a, T>,
}

impl<T: Scalar, const N: usize> Work for Compute<'_, T, N> {
    #[inline(always)]
    fn run(self) {
        self.pass.compute(self.k, self.parameters, self.norms);
    }
}
