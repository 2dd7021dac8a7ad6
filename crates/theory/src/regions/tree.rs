//! The cuts as a binary tree: which region a point is in, and which a segment meets.

/// Marks a child that is a region rather than a cut.
const REGION: u32 = 1 << 31;
const NOTHING: u32 = u32::MAX;

/// One cut along z = 0.
#[derive(Clone, Debug, PartialEq)]
struct Cut {
    z: [f64; 3],
    maker: u32,
    /// Where z <= 0, and where z > 0.
    children: [u32; 2],
}

/// A slot is where a child hangs: 2 cut + side, or the root.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tree {
    cuts: Vec<Cut>,
    root: u32,
}

/// One region on a segment: its part \[from, to\] of the way, and what made the border at `from`.
pub(super) struct Met {
    pub(super) region: usize,
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) maker: Option<u32>,
}

impl Tree {
    pub(super) const ROOT: u32 = u32::MAX;

    pub(super) fn new() -> Self {
        Self { cuts: Vec::new(), root: NOTHING }
    }

    /// Adds a cut and returns the slots of its two sides, z > 0 first.
    pub(super) fn grow(&mut self, slot: u32, z: [f64; 3], maker: u32) -> [u32; 2] {
        let index = as_u32(self.cuts.len());
        self.cuts.push(Cut { z, maker, children: [NOTHING; 2] });
        self.set(slot, index);
        [2 * index + 1, 2 * index]
    }

    pub(super) fn hang(&mut self, slot: u32, region: usize) {
        self.set(slot, REGION | as_u32(region));
    }

    fn set(&mut self, slot: u32, child: u32) {
        if slot == Self::ROOT {
            self.root = child;
        } else {
            self.cuts[slot as usize / 2].children[slot as usize % 2] = child;
        }
    }

    pub(super) fn locate(&self, [x, y]: [f64; 2]) -> usize {
        let mut at = self.root;
        while at & REGION == 0 {
            let Cut { z, children, .. } = &self.cuts[at as usize];
            at = children[usize::from(z[0] * x + z[1] * y + z[2] > 0.0)];
        }
        (at & !REGION) as usize
    }

    /// The regions on the way from a (t = 0) to b (t = 1) for t in \[from, to\], in order. Parts shorter than `shortest` are
    /// left out: the next region begins where the last ended.
    pub(super) fn along(&self, a: [f64; 2], b: [f64; 2], (from, to): (f64, f64), shortest: f64) -> Vec<Met> {
        let mut met: Vec<Met> = Vec::new();
        let mut waiting = vec![(self.root, from, to, None)];
        while let Some((at, from, to, maker)) = waiting.pop() {
            if at & REGION != 0 {
                let region = (at & !REGION) as usize;
                if to - from > shortest {
                    met.push(Met { region, from, to, maker });
                }
                continue;
            }
            let cut = &self.cuts[at as usize];
            let value = |t: f64| {
                let (x, y) = (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]));
                cut.z[0] * x + cut.z[1] * y + cut.z[2]
            };
            let (at_from, at_to) = (value(from), value(to));
            let side = |value: f64| usize::from(value > 0.0);
            if side(at_from) == side(at_to) {
                waiting.push((cut.children[side(at_from)], from, to, maker));
                continue;
            }
            let crossing = (from + (to - from) * (at_from / (at_from - at_to))).clamp(from, to);
            // Taken from the end of the list: the near side first.
            waiting.push((cut.children[side(at_to)], crossing, to, Some(cut.maker)));
            waiting.push((cut.children[side(at_from)], from, crossing, maker));
        }
        for i in 1..met.len() {
            met[i].from = met[i - 1].to;
        }
        met
    }
}

/// Regions and cuts are fewer than 2^20.
fn as_u32(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NOTHING) & !REGION
}
