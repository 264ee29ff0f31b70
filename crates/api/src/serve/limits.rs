//! What one client may take of the connections and of our patience.

use std::time::Duration;

use tokio::time::Instant;

/// Limits of connections.
#[derive(Debug, Clone)]
pub struct ServeLimits {
    /// Most connections of this process, open sockets included.
    pub connections: usize,
    /// Most of them from one address; not held against this machine and trusted proxies.
    pub per_address: usize,
    /// Longest time until the head of a request is there: from the opening of the connection, and
    /// from the first byte of each later request. A TLS handshake has as long.
    pub head: Duration,
    /// Longest silence between two requests.
    pub keep_alive: Duration,
    /// How fast bodies must come and answers be taken.
    pub pace: Pace,
}

/// Most bytes of the head of a request, its first line included.
pub(super) const HEAD_BYTES: usize = 32 * 1024;

impl Default for ServeLimits {
    fn default() -> Self {
        Self {
            connections: 12_000,
            per_address: 1000,
            head: Duration::from_secs(10),
            keep_alive: Duration::from_secs(75),
            pace: Pace { patience: Duration::from_secs(20), bytes_per_second: 512 },
        }
    }
}

/// The least speed of a peer.
///
/// Whoever is waited for has `patience`. Each byte buys the time that it may take, but never more
/// than `patience` from now: what came fast at first does not pay for a standstill later.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Longest standstill.
    pub patience: Duration,
    /// Least speed in the long run.
    pub bytes_per_second: u32,
}

impl Pace {
    /// When a peer that is waited for from now on has been too slow.
    pub(super) fn begins(self) -> Instant {
        Instant::now() + self.patience
    }

    /// The same after some bytes, where it was `due` before.
    pub(super) fn moved(self, due: Instant, bytes: usize) -> Instant {
        let bought = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_mul(1_000_000);
        let bought = Duration::from_micros(bought / u64::from(self.bytes_per_second.max(1)));
        (due + bought).min(self.begins())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { patience: Duration::from_secs(10), bytes_per_second: 100 };

    #[tokio::test(start_paused = true)]
    async fn a_drop_now_and_then_does_not_buy_much_time() {
        let begun = Instant::now();
        let mut due = PACE.begins();
        while Instant::now() < due {
            tokio::time::advance(Duration::from_secs(1)).await;
            due = PACE.moved(due, 1);
        }
        assert_eq!(begun.elapsed(), Duration::from_secs(11));
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_is_fast_enough_is_never_due() {
        let mut due = PACE.begins();
        for _ in 0..1000 {
            tokio::time::advance(Duration::from_secs(1)).await;
            due = PACE.moved(due, 100);
            assert!(Instant::now() < due);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_came_fast_does_not_pay_for_a_standstill() {
        let due = PACE.moved(PACE.begins(), 10_000_000);
        assert_eq!(due - Instant::now(), PACE.patience);
    }
}
