//! More than can be done, of several kinds at once: how much of the work is still done.
//!
//! An office that has too much to do chooses whom it refuses, and a new task is as much work as seven
//! that are looked up: who refuses new tasks first has many answers and little done. So what is done is
//! also weighed, each kind by the time the office takes for one when it does nothing else.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Result, ensure};
use evaluation::load::{Load, Request, Writer, closed, open_by_kind};
use evaluation::peak::{peak, twice};
use rand::distr::Distribution as _;
use rand::distr::weighted::WeightedIndex;

use crate::bench::chance;

/// Requests of one kind.
pub struct Kind {
    pub name: &'static str,
    /// How many of a hundred.
    pub share: u32,
    /// Gives each client, by its number, what writes its next request.
    pub client: Box<dyn Fn(usize) -> Writer + Send + Sync>,
}

/// Kinds, and what one of each is worth.
pub struct Mix {
    kinds: Vec<Kind>,
    /// Which kind is next.
    shares: WeightedIndex<u32>,
    address: SocketAddr,
    busy: usize,
    /// Seconds that the office takes for one, in the order of the kinds.
    worth: Vec<f64>,
}

/// What was done while there was too much.
#[derive(Debug)]
pub struct Overload {
    /// Work that was done, as a share of what is done at the peak.
    pub work: f64,
    /// Answers of each kind, as a share of those at the peak.
    pub by_kind: Vec<f64>,
    /// All kinds together.
    pub load: Load,
}

impl Mix {
    /// Weighs each kind by itself, with `busy` clients for `time` each.
    ///
    /// # Errors
    /// As [`closed`], and when the office answers none of a kind.
    pub async fn weigh(address: SocketAddr, kinds: Vec<Kind>, busy: usize, time: Duration) -> Result<Self> {
        let mut worth = Vec::with_capacity(kinds.len());
        for kind in &kinds {
            let alone = closed(address, busy, time, &kind.client).await?;
            ensure!(alone.answered > 0, "none was answered: {}", alone.failure.unwrap_or_default());
            worth.push(1.0 / alone.per_second());
        }
        let shares = WeightedIndex::new(kinds.iter().map(|kind| kind.share))?;
        Ok(Self { kinds, shares, address, busy, worth })
    }

    /// The kinds, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.kinds.iter().map(|kind| kind.name)
    }

    /// What clients who ask for all kinds get done at the most.
    ///
    /// # Errors
    /// As [`peak`].
    pub async fn peak(&self, time: Duration) -> Result<Load> {
        let client = |number| {
            let mut write = self.mixed(number);
            move |request: &mut Request| {
                write(request);
            }
        };
        peak(self.address, self.busy, time, client).await
    }

    /// Offers twice the peak, which is best found just before since what else the machine does drifts,
    /// over at most so many connections.
    ///
    /// # Errors
    /// As [`open_by_kind`].
    pub async fn overload(&self, peak: f64, time: Duration, connections: usize) -> Result<Overload> {
        let (offered, kinds) = (twice(peak), self.kinds.len());
        let loads = open_by_kind(self.address, offered, time, connections, kinds, |number| self.mixed(number)).await?;
        let shares: Vec<f64> = self.kinds.iter().map(|kind| f64::from(kind.share) / 100.0).collect();
        let by_kind: Vec<f64> =
            loads.iter().zip(&shares).map(|(load, share)| load.per_second() / (peak * share)).collect();
        let worth: Vec<f64> = self.worth.iter().zip(&shares).map(|(worth, share)| worth * share).collect();
        let work =
            by_kind.iter().zip(&worth).map(|(done, worth)| done * worth).sum::<f64>() / worth.iter().sum::<f64>();
        let mut load = Load::new()?;
        for kind in loads {
            load.took = kind.took;
            load.add(kind)?;
        }
        Ok(Overload { work, by_kind, load })
    }

    /// One client who asks for all kinds, and says for which.
    fn mixed(&self, number: usize) -> impl FnMut(&mut Request) -> usize + Send + use<> {
        let (shares, mut chance) = (self.shares.clone(), chance(number));
        let mut writers: Vec<Writer> = self.kinds.iter().map(|kind| (kind.client)(number)).collect();
        move |request| {
            let kind = shares.sample(&mut chance);
            writers[kind](request);
            kind
        }
    }
}
