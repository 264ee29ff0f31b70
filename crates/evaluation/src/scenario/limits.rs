//! Limits reached on purpose: each must answer as it says, and the office must go on.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Stage;
use crate::client::Client;
use crate::measure::{Evidence, Table, count};
use crate::target::Role;
use crate::text::{Text, text};

/// Instead of a status: the connection was closed without an answer.
const CLOSED: u16 = 0;
/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most connections of the office here.
const CONNECTIONS: usize = 24;
/// With what it is served: limits that are soon reached.
const SETTINGS: [(&str, &str); 2] = [("GAD_MAX_CONNECTIONS", "24"), ("GAD_HEADER_TIMEOUT", "1")];

/// Reaches them.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    stage.target.serve(&SETTINGS).await?;
    let client = stage.target.client(Role::Supervisor).await?;
    let mut evidence = Evidence::default();
    let (mut rows, mut wrong) = (Vec::new(), 0_usize);
    for (name, begin, expected) in cases(client.token.as_deref().unwrap_or_default()) {
        let answered = answers(client.address, &begin).await.ok();
        wrong += usize::from(answered != Some(expected));
        rows.push(vec![name, told(Some(expected)), told(answered)]);
    }
    let answered = crowded(client.address).await.ok();
    wrong += usize::from(answered != Some(503));
    let name = text("una conexión más de las que caben", "a connection more than there is room for");
    rows.push(vec![name, told(Some(503)), told(answered)]);
    let after = goes_on(&client).await;
    evidence.note("limits.tried", count(rows.len()), "", text("límites alcanzados a propósito", "limits reached"));
    let what = text("límites que no responden lo que declaran", "limits that do not answer as they say");
    evidence.note("limits.wrong", count(wrong), "", what);
    let what = text("después, la oficina sigue atendiendo", "afterwards the office still serves");
    evidence.answer("limits.after", after, what);
    let title = text("Límites alcanzados a propósito", "Limits reached on purpose");
    let head =
        vec![text("qué se envía", "what is sent"), text("se espera", "expected"), text("se respondió", "was answered")];
    evidence.tables.push(Table { line: "9.2", title, head, rows });
    // Others want the usual limits.
    stage.target.rest().await?;
    Ok(evidence)
}

/// What is sent, and with what status it is to be answered.
fn cases(token: &str) -> [(Text, String, u16); 6] {
    let end = "host: evaluacion\r\nconnection: close\r\n";
    let signed = format!("authorization: Bearer {token}\r\ncontent-type: application/json\r\n");
    let post = |length: usize, body: &str| {
        format!("POST /api/v1/tasks/ HTTP/1.1\r\n{end}{signed}content-length: {length}\r\n\r\n{body}")
    };
    let deep = "[".repeat(10_000);
    [
        (
            text("una dirección de 20 KB", "an address of 20 KB"),
            format!("GET /{} HTTP/1.1\r\n{end}\r\n", "a".repeat(20_000)),
            414,
        ),
        (
            text("un encabezado de 200 KB", "a header of 200 KB"),
            format!("GET / HTTP/1.1\r\n{end}x: {}\r\n\r\n", "a".repeat(200_000)),
            431,
        ),
        (text("un cuerpo de 1 GB, anunciado", "a body of 1 GB, announced"), post(1_000_000_000, ""), 413),
        (text("JSON de 10.000 niveles", "JSON of 10,000 levels"), post(deep.len(), &deep), 422),
        (text("un método que no hay", "a method that is not there"), format!("BREW / HTTP/1.1\r\n{end}\r\n"), 405),
        (text("un encabezado que no termina", "a head that does not end"), "GET / HTTP/1.1\r\nhost".to_owned(), CLOSED),
    ]
}

/// The status of the answer to what is sent over a connection of its own.
async fn answers(address: SocketAddr, begin: &str) -> Result<u16> {
    let mut stream = timeout(PATIENCE, TcpStream::connect(address)).await??;
    // Whoever is refused early is not read to the end.
    timeout(PATIENCE, stream.write_all(begin.as_bytes())).await?.ok();
    status(&mut stream).await
}

/// The status of the next answer, or [`CLOSED`].
async fn status(stream: &mut TcpStream) -> Result<u16> {
    let mut head = [0; 12];
    match timeout(PATIENCE, stream.read_exact(&mut head)).await? {
        Err(error) if matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset) => Ok(CLOSED),
        read => {
            read?;
            let status = head.strip_prefix(b"HTTP/1.1 ").context("no answer in HTTP")?;
            Ok(std::str::from_utf8(status)?.parse()?)
        }
    }
}

/// The status that somebody gets who comes when all connections are taken.
async fn crowded(address: SocketAddr) -> Result<u16> {
    let mut open = Vec::new();
    for _ in 0..CONNECTIONS {
        open.push(timeout(PATIENCE, TcpStream::connect(address)).await??);
    }
    answers(address, "GET /health HTTP/1.1\r\nhost: evaluacion\r\nconnection: close\r\n\r\n").await
}

/// Whether it is served again within a while.
async fn goes_on(client: &Client) -> bool {
    let serves = async {
        while !client.get("/api/v1/tasks/?limit=1").await.is_ok_and(|reply| reply.status == 200) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(PATIENCE, serves).await.is_ok()
}

fn told(status: Option<u16>) -> Text {
    match status {
        None => text("nada", "nothing"),
        Some(CLOSED) => text("se cierra", "closed"),
        Some(status) => status.to_string().into(),
    }
}
