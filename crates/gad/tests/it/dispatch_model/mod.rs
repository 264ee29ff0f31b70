//! Random histories of an office on both stores: after every step, and one pass of what runs in the
//! background, the invariants of dispatch hold.
//!
//! The reference model is the sequence of steps; what must hold is computed from the record by rules
//! that are written here a second time.

mod city;
mod invariants;
mod moves;

use std::sync::Arc;
use std::time::Instant;

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use tokio::runtime::Runtime;

use self::city::{City, Template};
use self::moves::{Move, moves};
use crate::office::{On, SystemRng};

/// Cases in the normal run; `GAD_ACCEPTANCE_CASES` sets another number.
const CASES: u32 = 12;
/// Officers at the beginning.
const OFFICERS: usize = 5;
/// Most rows that a check reads.
const ALL: u32 = 10_000;

/// The reference: how many steps were taken.
#[derive(Debug)]
struct History;

impl ReferenceStateMachine for History {
    type State = usize;
    type Transition = Move;

    fn init_state() -> BoxedStrategy<usize> {
        Just(0).boxed()
    }

    fn transitions(_: &usize) -> BoxedStrategy<Move> {
        moves()
    }

    fn apply(taken: usize, _: &Move) -> usize {
        taken + 1
    }
}

thread_local! {
    /// Runtime and template of the test that runs on this thread.
    static BED: std::cell::RefCell<Option<(Arc<Runtime>, Arc<Template>)>> = const { std::cell::RefCell::new(None) };
    static COUNTS: std::cell::RefCell<Counts> = std::cell::RefCell::new(Counts::default());
}

/// What the cases did, for the figures.
#[derive(Debug, Default, Clone)]
struct Counts {
    cases: u64,
    steps: u64,
    refused: u64,
    accepted: u64,
    dispatched: u64,
    escalated: u64,
    waited: u64,
}

struct CityTest;

impl StateMachineTest for CityTest {
    type SystemUnderTest = City;
    type Reference = History;

    fn init_test(_: &usize) -> City {
        COUNTS.with_borrow_mut(|counts| counts.cases += 1);
        let (runtime, template) = BED.with_borrow(Clone::clone).unwrap();
        runtime.block_on(async { City::found(runtime.clone(), template.copied().await).await })
    }

    fn apply(mut city: City, _: &usize, step: Move) -> City {
        COUNTS.with_borrow_mut(|counts| counts.steps += 1);
        let runtime = city.runtime.clone();
        runtime.block_on(async {
            city.moves(step).await;
            city.pass().await;
            city.holds().await;
        });
        city
    }

    fn teardown(mut city: City, _: usize) {
        let runtime = city.runtime.clone();
        runtime.block_on(city.end());
    }
}

fn histories(on: On, name: &str) {
    let begun = Instant::now();
    let runtime = Arc::new(tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());
    let template = Arc::new(runtime.block_on(Template::make(on)));
    BED.set(Some((runtime.clone(), template.clone())));
    let chosen: Option<u32> = std::env::var("GAD_ACCEPTANCE_CASES").ok().and_then(|cases| cases.parse().ok());
    let config = Config {
        cases: chosen.unwrap_or(CASES),
        failure_persistence: None,
        max_shrink_iters: 300,
        ..Config::default()
    };
    // The normal run takes the same histories each time; the long one takes new ones.
    let rng = match chosen {
        Some(_) => TestRng::from_seed(RngAlgorithm::ChaCha, &seed()),
        None => TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    };
    let mut runner = TestRunner::new_with_rng(config.clone(), rng);
    let strategy = History::sequential_strategy(10..40);
    let outcome = runner.run(&strategy, |(initial, transitions, seen)| {
        CityTest::test_sequential(config.clone(), initial, transitions, seen);
        Ok(())
    });
    BED.set(None);
    if let Some(Template::Database(database)) = Arc::into_inner(template) {
        runtime.block_on(database.drop());
    }
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    let counts = COUNTS.with_borrow(Counts::clone);
    let seconds = begun.elapsed().as_secs_f64();
    let summary = format!("{} histories, {} steps on {name}", counts.cases, counts.steps);
    println!("{summary} in {seconds:.1} s: {counts:?}");
    crate::acceptance::append(&serde_json::json!({
        "store": name, "cases": counts.cases, "steps": counts.steps, "refused": counts.refused,
        "answered": counts.accepted, "dispatched": counts.dispatched, "escalated": counts.escalated,
        "raised_waiting": counts.waited, "seconds": seconds, "summary": summary,
    }));
}

fn seed() -> [u8; 32] {
    let mut seed = [0; 32];
    domain::Rng::fill(&SystemRng, &mut seed);
    println!("seed {seed:?}");
    seed
}

#[test]
fn histories_keep_the_invariants_on_sqlite() {
    histories(On::Sqlite, "sqlite");
}

#[test]
fn histories_keep_the_invariants_on_postgres() {
    histories(On::Postgres, "postgres");
}
