//! What all rows share: programs, times, offices, and rounds in turn.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use evaluation::load::Load;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::meter::Cost;
use crate::office::{Office, Size, Store};

/// Clients of the rows that keep the server busy.
pub const CONNECTIONS: usize = 32;

/// Programs, times and offices.
pub struct Bench {
    pub gad: PathBuf,
    pub postgres: String,
    pub pgbench: PathBuf,
    /// Another generator of load, where there is one.
    pub wrk: Option<PathBuf>,
    /// How many rounds, and how long each.
    pub rounds: usize,
    pub round: Duration,
    pub dir: TempDir,
    /// One thread, as pgbench has: the load comes from here.
    pub generator: Runtime,
    /// As many threads as gad has: bare loops run here.
    pub bare: Runtime,
    offices: BTreeMap<(Store, Size), Office>,
}

/// One round of one side.
#[derive(Debug, Clone)]
pub struct Round {
    /// What the row counts.
    pub figure: f64,
    /// CPU time a piece of work.
    pub cost: Cost,
    /// Requests that were refused, and what the first was told.
    pub failed: (u64, Option<String>),
}

impl Round {
    /// A round in which all went well.
    pub const fn new(figure: f64, cost: Cost) -> Self {
        Self { figure, cost, failed: (0, None) }
    }

    /// A round of load.
    pub fn of(load: &Load, figure: f64, cost: Cost) -> Self {
        Self { figure, cost, failed: (load.failed, load.failure.clone()) }
    }
}

/// Rounds of both sides, in turn.
pub struct Pair {
    pub ours: Vec<Round>,
    pub reference: Vec<Round>,
}

impl Bench {
    pub fn new(gad: PathBuf, postgres: String, pgbench: PathBuf, quick: bool) -> Result<Self> {
        ensure!(gad.is_file(), "there is no {}", gad.display());
        let generator = Builder::new_current_thread().enable_all().build()?;
        let bare = Builder::new_multi_thread().enable_all().build()?;
        let dir = tempfile::Builder::new().prefix("gad-bench-").tempdir()?;
        let (rounds, round) = if quick { (3, 2) } else { (5, 4) };
        let round = Duration::from_secs(round);
        Ok(Self { gad, postgres, pgbench, wrk: None, rounds, round, dir, generator, bare, offices: BTreeMap::new() })
    }

    /// With another generator.
    pub fn beside(self, wrk: Option<PathBuf>) -> Self {
        Self { wrk, ..self }
    }

    /// The office on some store of some size, made at the first call and served from then on, with
    /// all others at rest; [`Bench::at`] gives it.
    pub fn office(&mut self, store: Store, size: Size) -> Result<()> {
        let key = (store, size);
        for (other, office) in &mut self.offices {
            if *other != key {
                self.generator.block_on(office.rest())?;
            }
        }
        if !self.offices.contains_key(&key) {
            let office =
                self.generator.block_on(Office::make(&self.gad, &self.postgres, self.dir.path(), store, size))?;
            self.offices.insert(key, office);
        }
        let office = self.offices.get_mut(&key).context("it was just made")?;
        self.generator.block_on(office.serve())
    }

    /// An office that was made before.
    pub fn at(&self, store: Store, size: Size) -> Result<&Office> {
        self.offices.get(&(store, size)).context("it was not made")
    }

    /// Ends all offices.
    pub fn close(&mut self) -> Result<()> {
        for office in self.offices.values_mut() {
            self.generator.block_on(office.rest())?;
        }
        Ok(())
    }

    /// Rounds of both sides in turn, after one of each that does not count.
    pub fn in_turn(
        &self,
        mut ours: impl FnMut(Duration) -> Result<Round>,
        mut reference: impl FnMut(Duration) -> Result<Round>,
    ) -> Result<Pair> {
        let warm = Duration::from_secs(1);
        ours(warm)?;
        reference(warm)?;
        let mut pair = Pair { ours: Vec::new(), reference: Vec::new() };
        for _ in 0..self.rounds {
            pair.ours.push(ours(self.round)?);
            pair.reference.push(reference(self.round)?);
        }
        Ok(pair)
    }
}

/// The load, unless most of its requests failed: then there is nothing to be measured. A row in
/// which any failed does not hold.
pub fn sound(load: Load) -> Result<Load> {
    ensure!(
        load.answered > load.failed,
        "{} of {} requests failed, the first: {}",
        load.failed,
        load.failed + load.answered,
        load.failure.unwrap_or_default()
    );
    Ok(load)
}

/// Chance of one client, the same at each run.
pub fn chance(client: usize) -> StdRng {
    StdRng::seed_from_u64(u64::try_from(client).unwrap_or_default())
}

/// A number from 1 to `most`.
pub fn one_of(chance: &mut StdRng, most: i64) -> i64 {
    chance.random_range(1..=most)
}

/// The middle of some figures.
pub fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.into_iter().collect();
    figures.sort_by(f64::total_cmp);
    match figures.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => figures[odd / 2],
        even => f64::midpoint(figures[even / 2 - 1], figures[even / 2]),
    }
}
