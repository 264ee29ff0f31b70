//! How long and how hard an evaluation is.

use std::time::Duration;

use serde::Serialize;

/// Times and sizes of all scenarios.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Profile {
    /// Its name.
    pub name: &'static str,
    /// Officers and tasks of the office that is evaluated.
    pub officers: u32,
    /// Tasks.
    pub tasks: u32,
    /// Requests a second that an office sends on a busy day.
    pub nominal_rate: u32,
    /// How long it does.
    pub nominal: Duration,
    /// Steps of concurrency.
    pub steps: &'static [usize],
    /// Time of each.
    pub step: Duration,
    /// How long there is twice as much as can be done.
    pub overload: Duration,
    /// Connections that this is spread over.
    pub overload_connections: usize,
    /// How long searches and writers run beside each other.
    pub nearest: Duration,
    /// Who races for one officer.
    pub racers: usize,
    /// Open sockets.
    pub sockets: usize,
    /// Events that all of them hear.
    pub events: usize,
    /// How long memory is watched under load.
    pub memory: Duration,
    /// People who talk to the bot at once.
    pub people: usize,
    /// How long a process that was told to end is waited for.
    pub patience: Duration,
}

impl Profile {
    /// Ends in three minutes.
    pub const QUICK: Self = Self {
        name: "quick",
        officers: 500,
        tasks: 5000,
        nominal_rate: 2000,
        nominal: Duration::from_secs(15),
        steps: &[1, 8, 32, 128, 512],
        step: Duration::from_secs(3),
        overload: Duration::from_secs(8),
        overload_connections: 1500,
        nearest: Duration::from_secs(8),
        racers: 64,
        sockets: 1000,
        events: 5,
        memory: Duration::from_secs(20),
        people: 12,
        patience: Duration::from_secs(40),
    };

    /// Ends in a quarter of an hour.
    pub const STANDARD: Self = Self {
        name: "standard",
        officers: 5000,
        tasks: 20_000,
        nominal: Duration::from_secs(120),
        steps: &[1, 8, 32, 128, 512, 1000],
        step: Duration::from_secs(10),
        overload: Duration::from_secs(30),
        nearest: Duration::from_secs(30),
        racers: 200,
        sockets: 5000,
        events: 10,
        memory: Duration::from_secs(180),
        people: 25,
        ..Self::QUICK
    };

    /// Shows that everything runs; its figures tell nothing.
    pub const SMOKE: Self = Self {
        name: "smoke",
        officers: 20,
        tasks: 50,
        nominal_rate: 50,
        nominal: Duration::from_millis(1500),
        steps: &[1, 4],
        step: Duration::from_millis(500),
        overload: Duration::from_millis(1000),
        overload_connections: 64,
        nearest: Duration::from_millis(1000),
        racers: 8,
        sockets: 20,
        events: 2,
        memory: Duration::from_millis(1500),
        people: 2,
        patience: Duration::from_secs(10),
    };
}
