//! Ten thousand screens: what each costs when nothing happens, and how soon all hear of one event.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use evaluation::load::{Connection, Request};
use evaluation::process::Server;
use evaluation::swarm::{GREETING, Swarm, raise_file_limit};
use evaluation::usage;
use futures::{SinkExt, StreamExt};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::broadcast;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes, protocol::WebSocketConfig};

use crate::bench::{Bench, Pair, Round, median};
use crate::meter::Cost;
use crate::office::{Caller, Size, Store};
use crate::report::{Goal, Row};

/// Screens.
const SCREENS: usize = 10_000;
/// Files that a process with so many sockets has open, with some to spare.
const FILES: u64 = 12_000;
/// What stands in every message that is waited for.
pub const SIGN: &str = "\"event_type\":\"task_created\"";
/// Longest wait for all to hear of it.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often they come and go.
const TIMES: usize = 3;

fn enough_files() -> Result<()> {
    let files = raise_file_limit()?;
    ensure!(files >= FILES, "the system lets a process have {files} files open; {SCREENS} sockets need {FILES}");
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "bytes of one machine")]
fn per_socket(with: u64, without: u64) -> f64 {
    with.saturating_sub(without) as f64 / SCREENS as f64
}

/// Resident memory after `rest`.
async fn resident(server: &Server, rest: Duration) -> Result<u64> {
    tokio::time::sleep(rest).await;
    Ok(usage::memory(server.pid()?)?.resident)
}

/// Resident bytes of a socket on which nothing happens, and what is left after all have gone.
pub fn idle(bench: &mut Bench) -> Result<Row> {
    const REST: Duration = Duration::from_secs(6);
    enough_files()?;
    bench.office(Store::Sqlite, Size::City)?;
    let bench = &*bench;
    let (server, caller) = bench.at(Store::Sqlite, Size::City)?.served()?;
    let (bytes, notes) = bench.bare.block_on(async {
        // The first ones fill what later ones find: pages of the program, pools of the allocator.
        Swarm::open(server.address, "/ws/connect", &caller.token, 200, SIGN).await?.close().await;
        let before = resident(server, REST).await?;
        let (mut bytes, mut after) = (Vec::new(), Vec::new());
        for _ in 0..TIMES {
            let swarm = Swarm::open(server.address, "/ws/connect", &caller.token, SCREENS, SIGN).await?;
            bytes.push(per_socket(resident(server, REST).await?, before));
            swarm.close().await;
            after.push(format!("{:.1}", mebibytes(resident(server, REST).await?)));
        }
        let notes = format!("RSS before {:.1} MiB, after all had gone {} MiB", mebibytes(before), after.join(", "));
        Ok::<_, anyhow::Error>((bytes, notes))
    })?;
    let mut row = Row::alone("idle socket of 10,000", "B", &bytes, Goal::at_most(8192.0));
    row.notes.push(notes);
    Ok(row)
}

fn mebibytes(bytes: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "memory of one machine")]
    let bytes = bytes as f64;
    bytes / 1024.0 / 1024.0
}

/// The 99th part of a hundred of how long it took them, in milliseconds.
fn p99(begun: Instant, mut heard: Vec<Instant>) -> f64 {
    heard.sort_unstable();
    let at = heard.len() * 99 / 100;
    heard.get(at).map_or(f64::NAN, |heard| heard.duration_since(begun).as_secs_f64() * 1000.0)
}

/// From the request that makes a task to the last screens that show it, beside a bare server that
/// sends a text of the same length.
pub fn fan_out(bench: &mut Bench) -> Result<Row> {
    enough_files()?;
    bench.office(Store::Sqlite, Size::City)?;
    let bench = &*bench;
    let (server, caller) = bench.at(Store::Sqlite, Size::City)?.served()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--serve-bare-sockets");
    let bare = bench.generator.block_on(Server::start(command)).context("the bare server")?;
    let mut pair = Pair { ours: Vec::new(), reference: Vec::new() };
    let ours = bench.bare.block_on(Swarm::open(server.address, "/ws/connect", &caller.token, SCREENS, SIGN))?;
    let ours = bench.bare.block_on(rounds(bench.rounds, ours, async || make_task(server.address, caller).await))?;
    let theirs = bench.bare.block_on(Swarm::open(bare.address, "/", "none", SCREENS, SIGN))?;
    let theirs = bench.bare.block_on(rounds(bench.rounds, theirs, async || trigger(bare.address).await))?;
    for (ours, theirs) in ours.iter().zip(&theirs) {
        pair.ours.push(Round::new(*ours, Cost::default()));
        pair.reference.push(Round::new(*theirs, Cost::default()));
    }
    let ratio = median(ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs));
    let goal = Goal::at_most(250.0);
    let mut row = Row::compared("fan-out to 10,000 sockets, p99", "bare tokio-tungstenite", "ms", &pair, goal);
    row.holds &= ratio <= 1.3;
    row.goal.push_str("; ≤ 1.3 × of the bare one");
    Ok(row)
}

/// The p99 of each round, in milliseconds.
async fn rounds(count: usize, mut swarm: Swarm, mut happen: impl AsyncFnMut() -> Result<()>) -> Result<Vec<f64>> {
    let mut figures = Vec::new();
    // The first is not counted.
    for round in 0..=count {
        tokio::time::sleep(Duration::from_secs(4)).await;
        let begun = Instant::now();
        let (happened, heard) = tokio::join!(happen(), swarm.hears(PATIENCE));
        happened?;
        let figure = p99(begun, heard?);
        if round > 0 {
            figures.push(figure);
        }
    }
    swarm.close().await;
    Ok(figures)
}

/// Makes a task with a code of its own.
pub async fn make_task(address: SocketAddr, caller: &Caller) -> Result<()> {
    let body = serde_json::json!({ "codigo": format!("AVISO-{:012X}", rand::random::<u64>() >> 16), "titulo": "Aviso a todas",
        "tipo": "patrullaje", "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": caller.user });
    let (mut connection, mut request) = (Connection::open(address).await?, Request::default());
    request.post("/api/v1/tasks/", Some(&caller.token), "application/json", body.to_string().as_bytes());
    let answer = connection.exchange(request.bytes()).await?;
    ensure!(answer.status == 200, "{}: {}", answer.status, String::from_utf8_lossy(answer.body));
    Ok(())
}

/// Opens a socket to the bare server and says that something happened.
async fn trigger(address: SocketAddr) -> Result<()> {
    let (mut socket, _) = tokio_tungstenite::connect_async(format!("ws://{address}/trigger")).await?;
    socket.send(Message::text("now")).await?;
    socket.close(None).await?;
    Ok(())
}

/// Sends one text to all its sockets whenever one of them says something.
pub fn serve_bare() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("bare sockets are ready at http://{}", listener.local_addr()?);
        let (tell, _) = broadcast::channel::<Utf8Bytes>(64);
        // As long as a task of gad's.
        let text = Utf8Bytes::from(format!("{{{SIGN},\"data\":\"{}\"}}", "x".repeat(1_300)));
        let config = WebSocketConfig::default().read_buffer_size(2 * 1024).write_buffer_size(0);
        let mut sockets = JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let (tell, mut told, text) = (tell.clone(), tell.subscribe(), text.clone());
            sockets.spawn(async move {
                let accepted = tokio_tungstenite::accept_async_with_config(stream, Some(config)).await;
                let Ok(mut socket) = accepted else { return };
                if socket.send(Message::Text(format!("{{{GREETING}}}").into())).await.is_err() {
                    return;
                }
                loop {
                    tokio::select! {
                        heard = told.recv() => match heard {
                            Ok(text) => {
                                if socket.send(Message::Text(text)).await.is_err() {
                                    return;
                                }
                            }
                            Err(_) => return,
                        },
                        said = socket.next() => match said {
                            // An error only says that nobody listens.
                            Some(Ok(Message::Text(_))) => drop(tell.send(text.clone())),
                            Some(Ok(_)) => {}
                            _ => return,
                        },
                    }
                }
            });
        }
    })
}
