//! What the region under a pointer is, in words.

use std::rc::Rc;

use figures::format_number;

use super::window_regions::WindowRegions;
use crate::job::Explain;

/// Units of a group in a pattern, so that it can be read and broken into lines.
const GROUP: usize = 8;

/// Answers for the regions that are shown.
#[derive(Debug)]
pub(super) struct RegionExplainer(pub(super) Rc<WindowRegions>);

impl Explain for RegionExplainer {
    fn explain(&self, figure: &str, at: [f64; 2]) -> Vec<(String, String)> {
        let regions = &self.0.regions;
        let found =
            regions.locate(at).filter(|_| figure == "regions").and_then(|index| Some((index, regions.get(index)?)));
        let Some((index, region)) = found else { return Vec::new() };
        let [x, y] = at.map(format_number);
        let [a, b] = region.gradient.map(format_number);
        let c = format_number(region.offset);
        let slope = region.gradient[0].hypot(region.gradient[1]);
        let mut lines = vec![
            ("place".to_owned(), format!("({x}, {y})")),
            ("region".to_owned(), format!("{} of {}, {} sides", index + 1, regions.len(), region.vertices.len())),
            ("f =".to_owned(), format!("{a} x {} y {}", signed(&b), signed(&c))),
            ("slope".to_owned(), format_number(slope)),
        ];
        let mut first = 0;
        for (layer, width) in regions.widths().iter().enumerate() {
            let bits: String = (0..*width).map(|unit| if region.is_on(first + unit) { '1' } else { '0' }).collect();
            let groups: Vec<&str> =
                (0..*width).step_by(GROUP).map(|start| &bits[start..(start + GROUP).min(*width)]).collect();
            lines.push((format!("layer {}", layer + 1), groups.join(" ")));
            first += width;
        }
        lines
    }
}

/// A number with its sign set off.
fn signed(number: &str) -> String {
    match number.strip_prefix('−') {
        Some(size) => format!("− {size}"),
        None => format!("+ {number}"),
    }
}
