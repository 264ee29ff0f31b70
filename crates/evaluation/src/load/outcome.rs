//! What a load came to.

use std::time::Duration;

use anyhow::Result;
use hdrhistogram::Histogram;

use super::Answer;

/// Longest latency that is told apart, microseconds: one minute.
const LONGEST_US: u64 = 60_000_000;

/// What a load came to.
#[derive(Debug, Clone)]
pub struct Load {
    /// Answers with a status below 400.
    pub answered: u64,
    /// Other answers, and requests without one.
    pub failed: u64,
    /// What the first failure was; a refusal for want of capacity only if there was no other.
    pub failure: Option<String>,
    /// From the first request to the last answer.
    pub took: Duration,
    latency: Histogram<u64>,
    shed: Histogram<u64>,
}

impl Load {
    /// Nothing yet.
    pub fn new() -> Result<Self> {
        let latency = Histogram::new_with_bounds(1, LONGEST_US, 3)?;
        Ok(Self { answered: 0, failed: 0, failure: None, took: Duration::ZERO, shed: latency.clone(), latency })
    }

    /// Good answers a second.
    pub fn per_second(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a rate needs no more")]
        let answered = self.answered as f64;
        answered / self.took.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    /// The latency in milliseconds below which a part of all good answers lies; `part` from 0 to 1.
    pub fn latency_ms(&self, part: f64) -> f64 {
        milliseconds(&self.latency, part)
    }

    /// What a closed load would have come to had each of its `connections` gone on sending evenly while
    /// it waited: for each answer later than twice the mean, those are added that were not sent
    /// meanwhile (as wrk tells its latencies, and `HdrHistogram` its corrected ones). A load of the
    /// open model has them already.
    pub fn with_the_unsent(mut self, connections: u32) -> Result<Self> {
        let sent = self.latency.len().max(1);
        let between = self.took * connections / u32::try_from(sent)?;
        self.latency = self.latency.clone_correct(micros(between));
        Ok(self)
    }

    /// The same of refusals for want of capacity: answers with status 503.
    pub fn shed_ms(&self, part: f64) -> f64 {
        milliseconds(&self.shed, part)
    }

    /// How many were refused for want of capacity; [`Load::failed`] counts them too.
    pub fn shed(&self) -> u64 {
        self.shed.len()
    }

    /// Notes one answer and its latency.
    pub(super) fn note(&mut self, answer: Answer<'_>, latency: Duration) {
        let micros = micros(latency);
        if answer.status < 400 {
            self.answered += 1;
            self.latency.saturating_record(micros);
        } else {
            let why = || format!("{}: {}", answer.status, String::from_utf8_lossy(answer.body));
            if answer.status == 503 {
                self.failure.get_or_insert_with(why);
                self.failed += 1;
                self.shed.saturating_record(micros);
            } else {
                self.fail(why);
            }
        }
    }

    /// Notes a request without an answer.
    pub(super) fn fail(&mut self, why: impl FnOnce() -> String) {
        if self.is_only_refused() {
            self.failure = Some(why());
        }
        self.failed += 1;
    }

    /// Whether nothing failed but what was refused for want of capacity.
    fn is_only_refused(&self) -> bool {
        self.failed == self.shed()
    }

    /// Adds what another connection came to at the same time.
    pub fn add(&mut self, other: Self) -> Result<()> {
        let is_telling = self.failure.is_none() || self.is_only_refused() && !other.is_only_refused();
        if is_telling {
            self.failure = other.failure;
        }
        self.answered += other.answered;
        self.failed += other.failed;
        self.latency.add(other.latency)?;
        self.shed.add(other.shed)?;
        Ok(())
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(LONGEST_US)
}

fn milliseconds(histogram: &Histogram<u64>, part: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "at most a minute of microseconds")]
    let micros = histogram.value_at_quantile(part) as f64;
    micros / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_tells_more_than_a_refusal() {
        let answer = |status| Answer { status, body: b"" };
        let mut load = Load::new().unwrap();
        for status in [503, 500, 503, 409] {
            load.note(answer(status), Duration::ZERO);
        }
        assert_eq!((load.failure.as_deref(), load.failed, load.shed()), (Some("500: "), 4, 2));
        let mut refused = Load::new().unwrap();
        refused.note(answer(503), Duration::ZERO);
        refused.add(load).unwrap();
        assert_eq!(refused.failure.as_deref(), Some("500: "));
    }

    #[test]
    fn a_stall_counts_for_those_whom_a_closed_load_did_not_send() {
        let mut load = Load::new().unwrap();
        let answer = Answer { status: 200, body: b"" };
        (0..99).for_each(|_| load.note(answer, Duration::from_millis(1)));
        load.note(answer, Duration::from_millis(401));
        load.took = Duration::from_millis(500);
        assert!(load.latency_ms(0.9) < 2.0, "{} ms", load.latency_ms(0.9));
        // One each 5 ms: 79 more, who would have waited 396, 391, … ms.
        let even = load.with_the_unsent(1).unwrap();
        assert_eq!(even.latency.len(), 100 + 79);
        assert!((even.latency_ms(0.5) - 1.0).abs() < 0.1 && even.latency_ms(0.9) > 300.0);
    }
}
