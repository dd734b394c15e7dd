//! How far the engine is, for who waits for it.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use kernschil_allocation::{Halt, Progress, Stage};

/// Parts in which work is counted.
const PARTS: usize = 1000;

/// How far work is that asks the engine once or more often, and the switch that stops it. Shared between the work and who
/// watches it. What was told never goes back: the engine may search again from the start where capacities cross.
#[derive(Debug)]
pub struct Watch {
    runs: AtomicUsize,
    run: AtomicUsize,
    done: AtomicUsize,
    stop: AtomicBool,
}

impl Default for Watch {
    fn default() -> Self {
        Self { runs: AtomicUsize::new(1), run: AtomicUsize::new(0), done: AtomicUsize::new(0), stop: AtomicBool::new(false) }
    }
}

impl Watch {
    /// Parts done, of how many. Both are 0 until something was done.
    pub fn progress(&self) -> (usize, usize) {
        let done = self.done.load(Ordering::Relaxed).min(PARTS);
        (done, if done == 0 { 0 } else { PARTS })
    }

    /// Stops the work at its next step.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// The engine is asked so many times in all. More may turn out to be needed on the way.
    pub(crate) fn expect(&self, runs: usize) {
        self.runs.store(runs.max(1), Ordering::Relaxed);
    }

    /// The engine answered, and is asked the next thing.
    pub(crate) fn next(&self) {
        self.run.fetch_add(1, Ordering::Relaxed);
        self.reach(0);
    }

    /// Notes what the engine says, and answers whether it goes on.
    pub(crate) fn note(&self, progress: Progress) -> ControlFlow<Halt> {
        let half = PARTS / 2;
        // A stage that does not know how long it takes says so with the largest number.
        let within = progress.done.min(progress.total).saturating_mul(half).checked_div(progress.total).unwrap_or_default();
        // Placing and explaining take their turn; each is half of the work to who watches.
        self.reach(if progress.stage == Stage::Explaining { half + within } else { within }.max(1));
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(Halt::Cancel) } else { ControlFlow::Continue(()) }
    }

    fn reach(&self, within: usize) {
        let (run, runs) = (self.run.load(Ordering::Relaxed), self.runs.load(Ordering::Relaxed));
        self.done.fetch_max((run * PARTS + within) / runs, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(watch: &Watch, all: &[(Stage, usize, usize)]) -> Vec<usize> {
        all.iter()
            .map(|(stage, done, total)| {
                assert_eq!(watch.note(Progress { stage: *stage, done: *done, total: *total }), ControlFlow::Continue(()));
                let (done, total) = watch.progress();
                assert!(done <= total, "{done} of {total}");
                done
            })
            .collect()
    }

    #[test]
    fn progress_never_goes_back_and_never_passes_the_end() {
        use Stage::{Explaining, Placing};
        let watch = Watch::default();
        assert_eq!(watch.progress(), (0, 0));
        let told = told(
            &watch,
            &[
                (Placing, 0, 1131),
                (Placing, 640, 1131),
                // Where capacities cross the engine searches again, for as long as it takes.
                (Placing, 0, 1131),
                (Placing, 5000, 1131),
                (Placing, 64, usize::MAX),
                (Explaining, 0, 1131),
                (Explaining, 1131, 1131),
            ],
        );
        assert_eq!(told, [1, 282, 282, 500, 500, 500, 1000]);
    }

    #[test]
    fn of_several_questions_each_is_a_part() {
        let watch = Watch::default();
        watch.expect(2);
        assert_eq!(told(&watch, &[(Stage::Explaining, 10, 10)]), [500]);
        watch.next();
        assert_eq!(told(&watch, &[(Stage::Placing, 0, 10)]), [500]);
        // A third question turns out to be needed: what was told stays told.
        watch.expect(3);
        assert_eq!(told(&watch, &[(Stage::Placing, 10, 10)]), [500]);
        watch.next();
        assert_eq!(told(&watch, &[(Stage::Explaining, 10, 10)]), [1000]);
        // One more than was expected is not more than all.
        watch.next();
        assert_eq!(told(&watch, &[(Stage::Explaining, 10, 10)]), [1000]);
    }

    #[test]
    fn who_stops_the_work_stops_it_at_the_next_step() {
        let watch = Watch::default();
        watch.stop();
        assert_eq!(watch.note(Progress { stage: Stage::Placing, done: 0, total: 1 }), ControlFlow::Break(Halt::Cancel));
    }
}
