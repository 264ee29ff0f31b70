//! An answer that asks no store, beside a bare hyper with the same body.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use evaluation::load::{Connection, Request, closed};
use evaluation::process::Server;
use http::{HeaderValue, header};
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::task::JoinSet;

use crate::bench::{Bench, CONNECTIONS, Round, sound};
use crate::meter::{Party, metered};
use crate::office::{Size, Store};
use crate::report::{Goal, Row};

const PATH: &str = "/api/v1/health";

/// The sign of life.
pub fn health(bench: &mut Bench) -> Result<Row> {
    bench.office(Store::Sqlite, Size::City)?;
    let bench = &*bench;
    let (server, _) = bench.at(Store::Sqlite, Size::City)?.served()?;
    let body = bench.generator.block_on(body(server.address))?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--serve-bare").arg(&body);
    let bare = bench.generator.block_on(Server::start(command)).context("the bare server")?;
    let round = |name, server: &Server, time| round(bench, name, server, time);
    let pair = bench.in_turn(|time| round("gad", server, time), |time| round("bare", &bare, time))?;
    Ok(Row::compared("GET health", "bare hyper, same body", "/s", &pair, Goal::ratio(0.6)))
}

async fn body(address: SocketAddr) -> Result<String> {
    let (mut connection, mut request) = (Connection::open(address).await?, Request::default());
    request.get(PATH, None);
    Ok(String::from_utf8(connection.exchange(request.bytes()).await?.body.to_vec())?)
}

fn round(bench: &Bench, name: &'static str, server: &Server, time: Duration) -> Result<Round> {
    let client = |_| |request: &mut Request| request.get(PATH, None);
    let load = || sound(bench.generator.block_on(closed(server.address, CONNECTIONS, time, client))?);
    let parties = [("load", Party::Ourselves), (name, Party::Process(server.pid()?))];
    #[expect(clippy::cast_precision_loss, reason = "a count of seconds")]
    let (load, cost) = metered(&parties, load, |load| load.answered as f64)?;
    Ok(Round::of(&load, load.per_second(), cost))
}

/// Serves `body` under any path until killed, with as many threads as gad has.
pub fn serve_bare(body: String) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("bare hyper is ready at http://{}", listener.local_addr()?);
        let body = Bytes::from(body);
        let mut connections = JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let body = body.clone();
            let service = service_fn(move |_| {
                let mut response = http::Response::new(Full::new(body.clone()));
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                async move { Ok::<_, Infallible>(response) }
            });
            connections.spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    })
}
