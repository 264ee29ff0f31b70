//! The stand-in's own server.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::answer::{Outcome, Refused};
use super::breach::Kind;
use super::call::Call;
use super::fault::Fault;
use super::methods;
use super::state::{Called, Hub};

/// Answers whoever connects, until it is dropped.
pub async fn serve(hub: Arc<Hub>, listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { return };
                // An answer waits for nothing else to be sent; a connection that is gone needs no option.
                _ = stream.set_nodelay(true);
                let hub = hub.clone();
                connections.spawn(async move {
                    let service = service_fn(|request| respond(hub.clone(), request));
                    // A fault cuts the connection: that is what was wanted.
                    _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn respond(hub: Arc<Hub>, request: Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    if let Some(path) = path.strip_prefix(&format!("/file/bot{}/", hub.token)) {
        return Ok(download(&hub, path));
    }
    let Some((token, method)) = path.strip_prefix("/bot").and_then(|path| path.split_once('/')) else {
        return Ok(written(&Err(Refused::other(404, "Not Found"))));
    };
    if token != hub.token {
        return Ok(written(&Err(Refused::other(401, "Unauthorized"))));
    }
    let Some(method) = methods::spelled(method) else {
        hub.look().breach(Kind::Malformed, None, format!("{method}: no such method"));
        return Ok(written(&Err(Refused::other(404, "Not Found: method not found"))));
    };
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let outcome = match Call::read(method, parts.uri.query().unwrap_or_default(), content_type, body).await {
        Ok(call) => carried_out(&hub, &call).await?,
        Err(refused) => {
            hub.look().breach(Kind::Malformed, None, format!("{method}: {}", refused.description));
            Err(refused)
        }
    };
    Ok(written(&outcome))
}

/// An `Err` of the outer kind cuts the connection.
async fn carried_out(hub: &Hub, call: &Call) -> io::Result<Outcome> {
    let fault = hub.look().fault(&call.method, call.chat());
    let outcome = match fault {
        None => Ok(methods::answer(hub, call).await),
        Some(Fault::Slow(by)) => {
            sleep(by).await;
            Ok(methods::answer(hub, call).await)
        }
        Some(Fault::TooMany(seconds)) => {
            hub.look().hush(call.chat(), seconds);
            Ok(Err(Refused::too_many(seconds)))
        }
        Some(Fault::Status(code)) => {
            let words = StatusCode::from_u16(code).ok().and_then(|status| status.canonical_reason()).unwrap_or("Error");
            Ok(Err(Refused::other(code, words)))
        }
        Some(Fault::Refusal(code, words)) => Ok(Err(Refused::other(code, &words))),
        Some(Fault::Silence) => {
            // The caller gives up long before, and this ends with its connection.
            sleep(Duration::from_secs(3600)).await;
            Err(io::ErrorKind::TimedOut.into())
        }
        Some(Fault::Reset) => Err(io::ErrorKind::ConnectionReset.into()),
        Some(Fault::LostAnswer) => {
            // Whatever the answer is, nobody hears it.
            _ = methods::answer(hub, call).await;
            Err(io::ErrorKind::ConnectionReset.into())
        }
    };
    let code = match &outcome {
        Ok(Ok(_)) => 200,
        Ok(Err(refused)) => refused.code,
        Err(_) => 0,
    };
    hub.change(|state| {
        let called = Called { method: call.method.clone(), chat: call.chat(), at: state.elapsed(), code };
        state.calls.push(called);
    });
    outcome
}

fn written(outcome: &Outcome) -> Response<Full<Bytes>> {
    let (code, body) = match outcome {
        Ok(result) => (200, json!({ "ok": true, "result": result })),
        Err(refused) => (refused.code, refused.body()),
    };
    let mut response = Response::new(Full::new(body.to_string().into()));
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Err(Refused { retry_after: Some(seconds), .. }) = outcome {
        response.headers_mut().insert("retry-after", HeaderValue::from(*seconds));
    }
    response
}

fn download(hub: &Hub, path: &str) -> Response<Full<Bytes>> {
    let id = path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
    match hub.look().files.get(id) {
        Some(content) => Response::new(Full::new(content.clone())),
        None => written(&Err(Refused::other(404, "Not Found"))),
    }
}
