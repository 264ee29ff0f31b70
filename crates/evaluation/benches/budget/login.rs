//! Signing in, beside the hash that nobody can do without.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use evaluation::load::closed;

use crate::bench::{Bench, Round, sound};
use crate::meter::{Party, metered};
use crate::office::{Size, Store, write_sign_in};
use crate::report::{Goal, Row};

/// Clients: enough to keep every core busy.
const CLIENTS: usize = 8;

/// Sign-ins a second, beside as many hashes a second as all cores would do at the pace of one.
pub fn login(bench: &mut Bench) -> Result<Row> {
    bench.office(Store::Sqlite, Size::City)?;
    let bench = &*bench;
    let office = bench.at(Store::Sqlite, Size::City)?;
    let (server, _) = office.served()?;
    let parties = office.parties()?;
    let ours = |time| {
        let load = || sound(bench.generator.block_on(closed(server.address, CLIENTS, time, |_| write_sign_in))?);
        #[expect(clippy::cast_precision_loss, reason = "a count of seconds")]
        let (load, cost) = metered(&parties, load, |load| load.answered as f64)?;
        Ok(Round::of(&load, load.per_second(), cost))
    };
    #[expect(clippy::cast_precision_loss, reason = "a number of cores")]
    let cores = std::thread::available_parallelism()?.get() as f64;
    let bare = |time: Duration| {
        let work = || hashes(time);
        let (rate, cost) = metered(&[("load", Party::Ourselves)], work, |rate| rate * time.as_secs_f64())?;
        Ok(Round::new(rate * cores, cost))
    };
    let pair = bench.in_turn(ours, bare)?;
    Ok(Row::compared("log in", "cores / one Argon2id", "/s", &pair, Goal::ratio(0.9)))
}

/// Hashes a second on one core, with gad's parameters.
fn hashes(time: Duration) -> Result<f64> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| anyhow!("{error}"))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let (start, mut done) = (Instant::now(), 0.0);
    while start.elapsed() < time {
        argon2.hash_password(b"una clave de prueba").map_err(|error| anyhow!("{error}"))?;
        done += 1.0;
    }
    Ok(done / start.elapsed().as_secs_f64())
}
