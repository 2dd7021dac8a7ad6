//! What a job will do, as data: a list of dispatches.

use super::shader::Shader;

/// Floating-point operations of one submission: about 15 ms at the 100 GFLOP/s that a small integrated GPU reaches in
/// these kernels. Larger, the desktop stutters and a cancelled job goes on too long; much smaller, the 0.1 ms that a
/// submission costs would show.
const SUBMISSION_FLOP: f64 = 1.5e9;

/// Offsets of the parameters in their buffer: the largest alignment that WebGPU lets a device ask for.
pub(super) const PARAMS_ALIGNMENT: usize = 256;

/// One dispatch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) shader: &'static Shader,
    /// Which of the job's binding sets.
    pub(super) set: usize,
    /// Where its parameters are.
    pub(super) offset: u32,
    pub(super) groups: u32,
    flop: f64,
}

/// Dispatches in order, with their parameters.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) params: Vec<u8>,
}

impl Plan {
    /// Adds `tiles` workgroups of `flop` operations each, in as many dispatches as keep each within a submission.
    /// `params` gets the first tile of a dispatch and the one past its last.
    pub(crate) fn push<P: bytemuck::Pod>(
        &mut self,
        shader: &'static Shader,
        set: usize,
        tiles: u32,
        flop: f64,
        params: impl Fn(u32, u32) -> P,
    ) {
        debug_assert_eq!(size_of::<P>(), shader.params_bytes, "{}", shader.name);
        let most = (SUBMISSION_FLOP / flop.max(1.0)).clamp(1.0, f64::from(u32::MAX)) as u32;
        let mut first = 0;
        while first < tiles {
            let groups = most.min(tiles - first);
            let offset = self.params.len().next_multiple_of(PARAMS_ALIGNMENT);
            self.params.resize(offset, 0);
            self.params.extend_from_slice(bytemuck::bytes_of(&params(first, first + groups)));
            self.steps.push(Step { shader, set, offset: offset as u32, groups, flop: flop * f64::from(groups) });
            first += groups;
        }
    }

    /// Runs of steps that go into one submission each.
    pub(super) fn submissions(&self) -> impl Iterator<Item = &[Step]> {
        let mut rest = self.steps.as_slice();
        std::iter::from_fn(move || {
            let mut flop = 0.0;
            let within = |step: &&Step| {
                flop += step.flop;
                flop <= SUBMISSION_FLOP
            };
            let n = rest.iter().take_while(within).count().max(1).min(rest.len());
            let (run, later) = rest.split_at(n);
            rest = later;
            (!run.is_empty()).then_some(run)
        })
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::super::shader::params;
    use super::*;

    params! {
        /// First workgroup.
        first_tile: u32,
        /// The one past the last.
        end_tile: u32,
    }

    const SHADER: Shader = Shader {
        name: "none",
        source: "",
        workgroup: 1,
        params_bytes: size_of::<Params>(),
        params_fields: Params::FIELDS,
        storage: &[],
    };

    #[test]
    fn large_work_is_split_and_small_work_is_joined() {
        let params = |first, end| Params { first_tile: first, end_tile: end };
        let mut plan = Plan::default();
        plan.push(&SHADER, 0, 10, SUBMISSION_FLOP / 4.0, params);
        plan.push(&SHADER, 0, 0, 1.0, params);
        plan.push(&SHADER, 0, 3, 2.0 * SUBMISSION_FLOP, params);
        plan.push(&SHADER, 0, 5, 1.0, params);
        plan.push(&SHADER, 0, 5, 1.0, params);
        let groups: Vec<u32> = plan.steps.iter().map(|s| s.groups).collect();
        assert_eq!(groups, [4, 4, 2, 1, 1, 1, 5, 5]);
        let runs: Vec<usize> = plan.submissions().map(<[Step]>::len).collect();
        assert_eq!(runs, [1, 1, 1, 1, 1, 1, 2]);
        let tiles = |step: &Step| {
            let bytes = &plan.params[step.offset as usize..][..size_of::<Params>()];
            let params: Params = bytemuck::pod_read_unaligned(bytes);
            (params.first_tile, params.end_tile)
        };
        assert_eq!(plan.steps[..4].iter().map(tiles).collect::<Vec<_>>(), [(0, 4), (4, 8), (8, 10), (0, 1)]);
        assert!(plan.steps.iter().all(|s| s.offset % 256 == 0));
    }
}
