//! Asks one server one thing over plain HTTP: our own process for its figures, a collector to take
//! traces.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use axum::body::Bytes;
use axum::http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use resilience::deadline;
use tokio::net::TcpStream;
use url::{Position, Url};

/// Most bytes of an answer.
const MOST: usize = 16 * 1024 * 1024;

/// An address that can be asked.
///
/// # Errors
/// What is allowed.
pub fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("must be like http://127.0.0.1:8000: {error}"))?;
    if url.scheme() != "http" || url.host_str().is_none() {
        return Err("must begin with http:// and name a host; there is no TLS here".to_owned());
    }
    Ok(url)
}

/// A request for `url`, with its headers and body.
///
/// # Errors
/// When the path is none.
pub fn request(method: &str, url: &Url, headers: &[(&str, &str)], body: Vec<u8>) -> Result<Request<Full<Bytes>>> {
    let mut request = Request::builder().method(method).uri(&url[Position::BeforePath..Position::AfterQuery]);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Full::from(body))?;
    let host = HeaderValue::from_str(&url[Position::BeforeHost..Position::AfterPort])?;
    request.headers_mut().insert(header::HOST, host);
    Ok(request)
}

/// Sends a request to where `url` points, over a connection of its own, and waits for its whole
/// answer, `limit` at most.
///
/// # Errors
/// Whatever keeps an answer from coming; a refusal is an answer.
pub async fn ask(url: &Url, request: Request<Full<Bytes>>, limit: Duration) -> Result<Response<Bytes>> {
    deadline("http", limit, exchange(url, request)).await?
}

async fn exchange(url: &Url, request: Request<Full<Bytes>>) -> Result<Response<Bytes>> {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { bail!("no host in {url}") };
    // Brackets belong to the URL, not to the address.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((host, port)).await.with_context(|| format!("cannot connect to {host}:{port}"))?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    // The connection ends when its sender is dropped, with the end of this.
    let answer = async move {
        let (parts, body) = sender.send_request(request).await?.into_parts();
        let body = Limited::new(body, MOST).collect().await.map_err(|error| anyhow::anyhow!(error))?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    };
    // How the connection ends is said by the answer, or its absence.
    futures::join!(answer, connection).0
}
