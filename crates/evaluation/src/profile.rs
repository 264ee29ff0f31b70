//! How long and how hard an evaluation is.

use std::time::Duration;

use serde::{Serialize, Serializer};

/// Times and sizes of all scenarios.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Profile {
    /// Its name.
    #[serde(rename = "nombre")]
    pub name: &'static str,
    /// Officers and tasks of the office that is evaluated.
    #[serde(rename = "efectivos")]
    pub officers: u32,
    /// Tasks.
    #[serde(rename = "tareas")]
    pub tasks: u32,
    /// Requests a second that an office sends on a busy day.
    #[serde(rename = "peticiones_por_segundo")]
    pub nominal_rate: u32,
    /// How long it does.
    #[serde(rename = "carga_nominal_s", serialize_with = "seconds")]
    pub nominal: Duration,
    /// Steps of concurrency.
    #[serde(rename = "escalones")]
    pub steps: &'static [usize],
    /// Time of each.
    #[serde(rename = "escalon_s", serialize_with = "seconds")]
    pub step: Duration,
    /// How long there is twice as much as can be done.
    #[serde(rename = "sobrecarga_s", serialize_with = "seconds")]
    pub overload: Duration,
    /// Connections that this is spread over.
    #[serde(rename = "sobrecarga_conexiones")]
    pub overload_connections: usize,
    /// How long searches and writers run beside each other.
    #[serde(rename = "cercanos_s", serialize_with = "seconds")]
    pub nearest: Duration,
    /// Who races for one officer.
    #[serde(rename = "competidores")]
    pub racers: usize,
    /// Open sockets.
    #[serde(rename = "conexiones")]
    pub sockets: usize,
    /// Events that all of them hear.
    #[serde(rename = "eventos")]
    pub events: usize,
    /// Tasks that are made while screens look whether they see each event once.
    #[serde(rename = "eventos_seguidos")]
    pub stream: u64,
    /// How long each of the loads runs that are compared with all of them together.
    #[serde(rename = "mezcla_s", serialize_with = "seconds")]
    pub mixed: Duration,
    /// How long each fault lasts.
    #[serde(rename = "falla_s", serialize_with = "seconds")]
    pub fault: Duration,
    /// How long memory is watched under load.
    #[serde(rename = "memoria_s", serialize_with = "seconds")]
    pub memory: Duration,
    /// People who talk to the bot at once.
    #[serde(rename = "personas")]
    pub people: usize,
    /// How long a process that was told to end is waited for.
    #[serde(rename = "paciencia_s", serialize_with = "seconds")]
    pub patience: Duration,
}

impl Profile {
    /// Ends in three minutes.
    pub const QUICK: Self = Self {
        name: "quick",
        officers: 500,
        tasks: 5000,
        nominal_rate: 2000,
        nominal: Duration::from_secs(10),
        steps: &[1, 8, 32, 128, 512, 1000],
        step: Duration::from_millis(2000),
        overload: Duration::from_secs(5),
        overload_connections: 1500,
        nearest: Duration::from_secs(6),
        racers: 64,
        sockets: 1000,
        events: 5,
        stream: 2000,
        mixed: Duration::from_secs(2),
        fault: Duration::from_secs(2),
        memory: Duration::from_secs(14),
        people: 12,
        patience: Duration::from_secs(40),
    };

    /// Ends in a quarter of an hour.
    pub const STANDARD: Self = Self {
        name: "standard",
        officers: 5000,
        tasks: 20_000,
        nominal: Duration::from_secs(120),
        step: Duration::from_secs(10),
        overload: Duration::from_secs(30),
        nearest: Duration::from_secs(30),
        racers: 200,
        sockets: 5000,
        events: 10,
        stream: 20_000,
        mixed: Duration::from_secs(15),
        fault: Duration::from_secs(10),
        memory: Duration::from_secs(180),
        people: 25,
        ..Self::QUICK
    };

    /// Takes hours: a leak too small for minutes shows.
    pub const SOAK: Self = Self {
        name: "soak",
        nominal: Duration::from_secs(1800),
        memory: Duration::from_secs(4 * 3600),
        ..Self::STANDARD
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
        stream: 50,
        mixed: Duration::from_millis(1000),
        fault: Duration::from_millis(2000),
        memory: Duration::from_millis(1500),
        people: 2,
        patience: Duration::from_secs(10),
    };
}

fn seconds<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(time.as_secs_f64())
}
