//! How much is let in at once.
//!
//! A limit on what is in hand, which falls fast while answers are late, or most wait in a line that
//! does not go away, and rises slowly again while they do not: what is let in now is answered some
//! windows later, so a quick rise would overshoot before anybody is late. Both ways are by a share,
//! since additive would be too slow for an office.
//!
//! It is ours, since the kept crates hold their permits in a `tower` layer (and leak them with a body
//! that is never read), know no priorities, or spawn tasks that nobody owns.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Between two looks at the limit.
const WINDOW: Duration = Duration::from_millis(100);
/// Share of late answers, one in so many, above which the limit falls: the objective is that 95 % of
/// answers are in time.
const LATE: u32 = 20;

/// What takes longer waited in a line, if there is one: the work itself takes a few milliseconds.
const PROMPT: Duration = Duration::from_millis(15);

/// Windows in a row with a line, after which the limit falls: a burst has passed by then.
const STANDING: u32 = 10;

/// The limit rises by one part in so many a window.
const RISE: usize = 50;

/// Late answers in a window, below which the limit does not fall.
const ENOUGH: u32 = 5;

/// What is refused first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// What can be asked again without harm: lists, maps, figures.
    Low,
    /// What changes something.
    Normal,
    /// What must get through: emergencies, health.
    Critical,
}

tokio::task_local! {
    static PRIORITY: Priority;
}

impl Priority {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::Low, Self::Normal, Self::Critical];

    /// Does `work` as something of this priority.
    pub fn of<F: Future>(self, work: F) -> impl Future<Output = F::Output> {
        PRIORITY.scope(self, work)
    }

    /// Whether what is being done must get through.
    pub fn is_critical_now() -> bool {
        PRIORITY.try_with(|now| *now == Self::Critical).unwrap_or(false)
    }

    /// As a label of figures.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::Critical => "critical",
        }
    }
}

/// Bounds of the limit.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Always let in, however late answers are.
    pub least: usize,
    /// Most, but for what is critical.
    pub soft: usize,
    /// Most of all.
    pub hard: usize,
    /// An answer is late after this.
    pub target: Duration,
}

/// An answer that takes longer is late: 95 % are to be faster.
const TARGET: Duration = Duration::from_millis(200);

impl Bounds {
    /// Of what only looks: three quarters of `soft`, and for what is critical as much more as `hard`
    /// has more.
    pub fn of_reads(soft: usize, hard: usize) -> Self {
        Self::part(48, soft - soft / 4, hard.saturating_sub(soft))
    }

    /// Of what changes something: the last quarter. These wait for one writer, or for disks, and must
    /// not take the places of what only looks.
    pub fn of_changes(soft: usize, hard: usize) -> Self {
        Self::part(20, (soft / 4).max(1), hard.saturating_sub(soft))
    }

    fn part(least: usize, soft: usize, more: usize) -> Self {
        Self { least: least.min(soft), soft, hard: soft + more, target: TARGET }
    }
}

/// Lets in and counts. Cheap to clone.
#[derive(Clone)]
pub struct Admission(Arc<Inner>);

struct Inner {
    bounds: Bounds,
    limit: AtomicUsize,
    inside: AtomicUsize,
    start: Instant,
    /// Nanoseconds since `start` at which the present window ends.
    until: AtomicU64,
    window: Window,
    /// Windows in a row with a line.
    standing: AtomicU32,
}

/// What was answered since the last look at the limit.
#[derive(Default)]
struct Window {
    answered: AtomicU32,
    /// Later than [`PROMPT`].
    waited: AtomicU32,
    /// Later than the target.
    late: AtomicU32,
}

/// The same, counted to its end.
struct Seen {
    answered: u32,
    waited: u32,
    late: u32,
}

/// A place inside, given back when dropped: by an answer, by a panic, or by a client who hangs up.
pub struct Place {
    of: Admission,
    since: Instant,
}

impl Admission {
    /// Nobody is inside.
    pub fn new(bounds: Bounds) -> Self {
        Self(Arc::new(Inner {
            bounds,
            limit: AtomicUsize::new(bounds.soft),
            inside: AtomicUsize::new(0),
            start: Instant::now(),
            until: AtomicU64::new(0),
            window: Window::default(),
            standing: AtomicU32::new(0),
        }))
    }

    /// A place, unless there are too many inside for somebody of this priority.
    pub fn enter(&self, priority: Priority) -> Option<Place> {
        let limit = self.0.limit.load(Ordering::Relaxed);
        let most = if priority == Priority::Critical { self.0.bounds.hard } else { limit };
        let one_more = |inside| (inside < most).then_some(inside + 1);
        self.0.inside.fetch_update(Ordering::AcqRel, Ordering::Relaxed, one_more).ok()?;
        Some(Place { of: self.clone(), since: Instant::now() })
    }

    /// How many are inside.
    pub fn inside(&self) -> usize {
        self.0.inside.load(Ordering::Relaxed)
    }

    /// How many may be.
    pub fn limit(&self) -> usize {
        self.0.limit.load(Ordering::Relaxed)
    }

    fn note(&self, took: Duration) {
        let inner = &*self.0;
        inner.window.note(took, inner.bounds.target);
        let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let (now, until) = (nanos(inner.start.elapsed()), inner.until.load(Ordering::Relaxed));
        let next = now.saturating_add(nanos(WINDOW));
        // One of them closes the window.
        if now >= until && inner.until.compare_exchange(until, next, Ordering::AcqRel, Ordering::Relaxed).is_ok() {
            self.adjust(&inner.window.end());
        }
    }

    fn adjust(&self, seen: &Seen) {
        let (bounds, limit) = (self.0.bounds, self.limit());
        let is_late = seen.late.saturating_mul(LATE) > seen.answered;
        let stands = self.stands(seen, limit);
        let adjusted = if stands || is_late && seen.late >= ENOUGH {
            // From the limit and not from what is inside: a hiccup of one window refuses nobody yet.
            limit * 4 / 5
        } else if is_late {
            // Too few to tell a crowd from something that is slow by itself.
            limit
        } else {
            limit + (limit / RISE).max(1)
        };
        self.0.limit.store(adjusted.clamp(bounds.least, bounds.soft), Ordering::Relaxed);
    }

    /// Whether there is a line, and no end to it: nothing is won by a longer one, and the more are in
    /// hand, the more the work itself costs. Where half of the places are free, nobody stands in line.
    fn stands(&self, seen: &Seen, limit: usize) -> bool {
        let is_line = seen.waited >= ENOUGH && 2 * seen.waited > seen.answered && 2 * self.inside() > limit;
        let before = self.0.standing.load(Ordering::Relaxed);
        let standing = if is_line { before.saturating_add(1) } else { 0 };
        self.0.standing.store(standing, Ordering::Relaxed);
        standing > STANDING
    }
}

impl Window {
    fn note(&self, took: Duration, target: Duration) {
        self.answered.fetch_add(1, Ordering::Relaxed);
        for (longest, count) in [(PROMPT, &self.waited), (target, &self.late)] {
            if took > longest {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn end(&self) -> Seen {
        let [answered, waited, late] =
            [&self.answered, &self.waited, &self.late].map(|count| count.swap(0, Ordering::Relaxed));
        Seen { answered, waited, late }
    }
}

impl Place {
    /// The work was done and answered; how long it took moves the limit. Without this nothing is
    /// learnt, as of work that is slow by its nature.
    pub fn answered(self) {
        self.of.note(self.since.elapsed());
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.of.0.inside.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(soft: usize) -> Admission {
        Admission::new(Bounds { least: 4, soft, hard: soft + 5, target: Duration::from_millis(200) })
    }

    #[test]
    fn emergencies_are_refused_last() {
        let office = office(20);
        let mut inside = Vec::new();
        let mut fill = |priority| {
            let before = inside.len();
            inside.extend(std::iter::from_fn(|| office.enter(priority)));
            inside.len() - before
        };
        assert_eq!((fill(Priority::Normal), fill(Priority::Critical)), (20, 5));
        assert_eq!(office.inside(), 25);
        inside.clear();
        assert_eq!(office.inside(), 0);
    }

    #[test]
    fn what_looks_and_what_changes_share_the_places_of_an_office() {
        let (reads, changes) = (Bounds::of_reads(800, 1000), Bounds::of_changes(800, 1000));
        assert_eq!((reads.soft, changes.soft), (600, 200));
        assert_eq!((reads.hard, changes.hard), (800, 400));
        let small = Bounds::of_changes(16, 16);
        assert_eq!((small.least, small.soft, small.hard), (4, 4, 4));
    }

    #[test]
    fn late_answers_lower_the_limit_to_a_floor_and_prompt_ones_raise_it_again() {
        let office = office(100);
        let _inside: Vec<_> = (0..50).map(|_| office.enter(Priority::Normal).unwrap()).collect();
        office.adjust(&late(100, 6));
        assert_eq!(office.limit(), 80);
        (0..20).for_each(|_| office.adjust(&late(100, 100)));
        assert_eq!(office.limit(), 4);
        assert!(office.enter(Priority::Low).is_none() && office.enter(Priority::Critical).is_some());
        (0..96).for_each(|_| office.adjust(&late(100, 0)));
        assert_eq!(office.limit(), 100);
    }

    #[test]
    fn a_few_late_answers_change_nothing() {
        let office = office(100);
        office.adjust(&late(3, 3));
        office.adjust(&late(1000, 50));
        assert_eq!(office.limit(), 100);
    }

    #[test]
    fn a_line_that_goes_away_lowers_nothing_and_one_that_stays_does() {
        let office = office(100);
        let _inside: Vec<_> = (0..60).map(|_| office.enter(Priority::Normal).unwrap()).collect();
        let (waiting, prompt) = (Seen { answered: 100, waited: 51, late: 0 }, late(100, 0));
        (0..STANDING).for_each(|_| office.adjust(&waiting));
        office.adjust(&prompt);
        (0..STANDING).for_each(|_| office.adjust(&waiting));
        assert_eq!(office.limit(), 100, "it went away in between");
        office.adjust(&waiting);
        office.adjust(&waiting);
        assert_eq!(office.limit(), 64);
    }

    #[test]
    fn slow_work_is_no_line_while_there_are_places() {
        let office = office(100);
        let _inside: Vec<_> = (0..40).map(|_| office.enter(Priority::Normal).unwrap()).collect();
        (0..100).for_each(|_| office.adjust(&Seen { answered: 100, waited: 100, late: 0 }));
        assert_eq!(office.limit(), 100);
    }

    /// A window in which so many were late.
    fn late(answered: u32, late: u32) -> Seen {
        Seen { answered, waited: late, late }
    }
}
