//! Where the time of a request went, noted by whoever spent it.

use std::cell::Cell;
use std::time::Duration;

tokio::task_local! {
    static SPENT: Cell<Spent>;
}

/// What one request waited for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// For a free connection to the record.
    pub pool_wait: Duration,
    /// For answers of the record.
    pub database: Duration,
    /// How often the record was asked.
    pub queries: u32,
    /// Until its answer was written.
    pub encode: Duration,
}

impl Spent {
    /// Does `work`, and gives what was noted meanwhile by it alone.
    pub async fn by<F: Future>(work: F) -> (F::Output, Self) {
        SPENT.scope(Cell::default(), async { (work.await, SPENT.with(Cell::get)) }).await
    }

    /// Notes a wait for a connection.
    pub fn note_wait(took: Duration) {
        note(|spent| spent.pool_wait += took);
    }

    /// Notes a question to the record.
    pub fn note_query(took: Duration) {
        note(|spent| {
            spent.database += took;
            spent.queries += 1;
        });
    }

    /// Notes that an answer was written.
    pub fn note_encode(took: Duration) {
        note(|spent| spent.encode += took);
    }
}

fn note(change: impl FnOnce(&mut Spent)) {
    // Outside of a request nobody asks.
    let _ = SPENT.try_with(|spent| {
        let mut now = spent.get();
        change(&mut now);
        spent.set(now);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_request_is_told_its_own_time() {
        let ms = Duration::from_millis;
        Spent::note_wait(ms(9));
        let one = Spent::by(async {
            Spent::note_wait(ms(1));
            tokio::task::yield_now().await;
            Spent::note_query(ms(2));
            Spent::note_query(ms(3));
        });
        let other = Spent::by(async { Spent::note_encode(ms(4)) });
        let (((), one), ((), other)) = futures::join!(one, other);
        assert_eq!(other, Spent { encode: ms(4), ..Spent::default() });
        assert_eq!(one, Spent { pool_wait: ms(1), database: ms(5), queries: 2, encode: ms(0) });
    }
}
