//! How long a drag takes: from a slider's event to the repainted main figures.

use figures::format_number;

use crate::dom;

/// A drag under way.
#[derive(Debug, Default)]
pub(super) struct DragTimes {
    asked_millis: Option<f64>,
    taken_millis: Vec<f64>,
}

impl DragTimes {
    /// The slider moves; what was asked before and not answered yet is waited for since then.
    pub(super) fn moved(&mut self) {
        self.asked_millis.get_or_insert_with(dom::now_millis);
    }

    /// Something was painted: if that is the answer to the drag, it has taken until now.
    pub(super) fn painted(&mut self, is_answered: bool) {
        if is_answered {
            self.taken_millis.extend(self.asked_millis.take().map(|asked| dom::now_millis() - asked));
        }
    }

    /// The quantiles in words.
    pub(super) fn line(&self) -> String {
        let all = &self.taken_millis;
        // The least time that no fewer than this share of all have kept.
        let quantile = |share: f64| {
            let keeps = |time: &f64| all.iter().filter(|t| *t <= time).count() as f64 >= share * all.len() as f64;
            format_number(all.iter().copied().filter(keeps).fold(f64::INFINITY, f64::min))
        };
        format!(
            "to the repainted main figures: median {} ms, p95 {} ms of {} (bar 16 ms)",
            quantile(0.5),
            quantile(0.95),
            all.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::DragTimes;

    #[test]
    fn a_line_tells_the_quantiles_whatever_the_order() {
        let taken_millis = (1..=100).rev().map(f64::from).collect();
        let line = DragTimes { asked_millis: None, taken_millis }.line();
        assert_eq!(line, "to the repainted main figures: median 50 ms, p95 95 ms of 100 (bar 16 ms)");
        assert!(DragTimes::default().line().contains("median ∞ ms"), "nothing painted is no speed");
    }
}
