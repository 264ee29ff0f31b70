//! The most that an office gets done.
//!
//! After a crowd it still refuses, for some seconds, what it could do by then. A peak that is measured
//! meanwhile is one of another mix: where new tasks are refused, look-ups take their place.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::client::Client;
use crate::load::{Load, Request, closed};

/// Clients who keep an office at work without a crowd.
const FEW: usize = 4;
/// Between two looks; the office lets in a fifth more each second.
const LOOK: Duration = Duration::from_secs(1);
/// Longest time that getting over a crowd may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What [`closed`] gets done, once the office has got over a crowd of before.
///
/// # Errors
/// As [`closed`], without figures of the process, and when the office does not get over it in a minute.
pub async fn peak<C, W>(address: SocketAddr, connections: usize, time: Duration, client: C) -> Result<Load>
where
    C: Fn(usize) -> W,
    W: FnMut(&mut Request) + Send + 'static,
{
    calm(address, &client).await?;
    closed(address, connections, time, client).await
}

/// Twice a peak, as a rate to send at.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some thousands")]
pub const fn twice(peak: f64) -> u32 {
    (2.0 * peak).max(1.0) as u32
}

/// Asks a little, until the office lets in no more at once than a second before.
async fn calm<C, W>(address: SocketAddr, client: C) -> Result<()>
where
    C: Fn(usize) -> W,
    W: FnMut(&mut Request) + Send + 'static,
{
    let (office, begun) = (Client::stranger(address), Instant::now());
    let mut before = 0.0;
    loop {
        closed(address, FEW, LOOK, &client).await?;
        let now = office.figures().await?.sum("gad_admission_limit");
        if now <= before {
            return Ok(());
        }
        ensure!(begun.elapsed() < PATIENCE, "the office lets in ever more, {now} at once by now");
        before = now;
    }
}
