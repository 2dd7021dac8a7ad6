//! The steps of a long command: each is named when it begins, with how many there are and how long it usually takes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Result;

/// Counts the steps of a command.
pub(crate) struct Steps {
    n: usize,
    begun: AtomicUsize,
}

impl Steps {
    /// For a command of `n` steps.
    pub(crate) fn new(n: usize) -> Self {
        Self { n, begun: AtomicUsize::new(0) }
    }

    /// Does one; `usually` is its time on two cores the first time.
    pub(crate) fn run<T>(&self, what: &str, usually: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let index = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        println!("{}", self.title(index, what, usually));
        let start = Instant::now();
        let done = work();
        // At once: what goes on beside it may take minutes more.
        let outcome = if done.is_ok() { "is done" } else { "has failed" };
        println!("step {index} of {} {outcome} after {:.0} s", self.n, start.elapsed().as_secs_f64());
        done
    }

    fn title(&self, index: usize, what: &str, usually: &str) -> String {
        format!("step {index} of {}: {what} (usually about {usually} the first time)", self.n)
    }
}

/// Does two things side by side; the first error is returned when both have ended.
pub(crate) fn side_by_side<A: Send, B>(
    a: impl FnOnce() -> Result<A> + Send,
    b: impl FnOnce() -> Result<B>,
) -> Result<(A, B)> {
    std::thread::scope(|scope| {
        let a = scope.spawn(a);
        let b = b();
        let a = a.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok((a?, b?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_says_where_it_stands() {
        let steps = Steps::new(5);
        assert_eq!(steps.run("a", "a minute", || Ok(1)).unwrap(), 1);
        assert!(steps.run("b", "a minute", || anyhow::bail!("no") as Result<()>).is_err());
        assert_eq!(steps.begun.load(Ordering::Relaxed), 2);
        assert_eq!(
            steps.title(2, "the page", "3 minutes"),
            "step 2 of 5: the page (usually about 3 minutes the first time)"
        );
    }

    #[test]
    fn both_sides_end_and_an_error_of_either_is_told() {
        assert_eq!(side_by_side(|| Ok(1), || Ok("b")).unwrap(), (1, "b"));
        for (a, b) in [(true, false), (false, true)] {
            let say = |fails: bool| if fails { anyhow::bail!("no") } else { Ok(()) };
            assert!(side_by_side(move || say(a), move || say(b)).is_err());
        }
    }
}
