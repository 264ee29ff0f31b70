//! Retries as a share of what succeeds.

use std::sync::atomic::{AtomicU32, Ordering};

/// What a retry costs, in what a success earns: one in ten.
const PRICE: u32 = 10;
/// Most that is saved, and what there is at first: fifty retries, for a server that restarts closes every
/// connection at once.
const MOST: u32 = 50 * PRICE;

/// Savings out of which retries are paid. `tower` has one too, behind a feature that holds its whole
/// retry layer; this is its idea without a clock.
pub struct RetryBudget(AtomicU32);

impl Default for RetryBudget {
    fn default() -> Self {
        Self(AtomicU32::new(MOST))
    }
}

impl RetryBudget {
    /// A question was answered.
    pub fn earn(&self) {
        // Nearly always full: then nothing is written.
        if self.0.load(Ordering::Relaxed) < MOST {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Pays for a retry, if there is enough.
    pub fn spend(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |saved| saved.checked_sub(PRICE)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_answers_pay_for_no_retry_and_ten_for_one() {
        let budget = RetryBudget::default();
        while budget.spend() {}
        (1..PRICE).for_each(|_| budget.earn());
        assert!(!budget.spend());
        budget.earn();
        assert!(budget.spend() && !budget.spend());
    }
}
