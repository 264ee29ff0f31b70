//! `GET /ws/connect`: the handshake (contract §4.1).

use std::sync::Arc;

use app::Context;
use app::auth::Bearer;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use domain::event::LogPosition;
use serde::Deserialize;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::close::Goodbye;
use super::handshake::Handshake;
use super::hub::Hub;
use super::socket;
use crate::client::PageOrigin;
use crate::extract::{reading_token, request_of};
use crate::settings::ApiSettings;

/// Longest message of a client, in bytes.
const MOST_BYTES: usize = 64 * 1024;
/// Bytes that one socket reads at once. Small: most of ten thousand sockets are silent.
const READ_BUFFER: usize = 2 * 1024;
/// Bytes that may wait in one socket to be written; a peer that takes nothing is sent away.
const WRITE_BUFFER: usize = 256 * 1024;
/// The protocol that we speak, for browsers, which must name one to show a token beside it.
const PROTOCOL: &str = "gad";
/// What a token begins with where a browser names it as a protocol.
const TOKEN_PROTOCOL: &str = "bearer.";

/// What stands in the address.
#[derive(Default, Deserialize)]
struct Asked {
    token: Option<String>,
    desde: Option<String>,
}

/// Whatever is wrong is told over the socket, with the close code of the contract: before it is
/// open, browsers see only that it failed.
pub async fn connect(
    State(cx): State<Context>,
    State(hub): State<Hub>,
    State(settings): State<ApiSettings>,
    request: axum::extract::Request,
) -> Response {
    let (mut parts, _body) = request.into_parts();
    let handshake = match Handshake::of_request(&mut parts, PROTOCOL).await {
        Ok(handshake) => handshake,
        Err(refusal) => return refusal,
    };
    let asked = asked(&parts);
    let shown = shown(&parts, asked.token);
    let request = request_of(&parts);
    let is_welcome = PageOrigin::new(&parts, &settings).refuse_foreign().is_ok();
    // A place that cannot be read is as good as one that is no longer known.
    let from =
        asked.desde.map(|text| text.parse().unwrap_or(LogPosition { epoch: uuid::Uuid::nil(), offset: i64::MAX }));
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER)
        .max_message_size(Some(MOST_BYTES))
        .max_frame_size(Some(MOST_BYTES));
    let sockets = hub.sockets.clone();
    handshake.open(&sockets, config, move |mut wire| async move {
        // Each step in a box of its own: what is waited for longest, a silent socket, is to hold
        // its own state alone, and not room for that of the steps before.
        match Box::pin(welcome(&cx, is_welcome, shown, request)).await {
            Ok(bearer) => Box::pin(socket::serve(cx, hub, Box::new(bearer), from, wire)).await,
            Err(refusal) => Box::pin(socket::refuse(&hub, &mut wire, &refusal)).await,
        }
    })
}

/// Who comes, or why not.
async fn welcome(
    cx: &Context,
    is_welcome: bool,
    shown: Option<String>,
    request: Arc<app::Request>,
) -> Result<Bearer, Goodbye> {
    if !is_welcome {
        return Err(Goodbye::Origin);
    }
    let token = shown.ok_or(Goodbye::NoToken)?;
    app::auth::bearer_of(cx, &token, request).await.map_err(|error| {
        // Only then must the peer sign in again; a record that does not answer refuses no token.
        if error.is_about_credential() { Goodbye::BadToken } else { Goodbye::TryLater }
    })
}

fn shown(parts: &Parts, asked: Option<String>) -> Option<String> {
    reading_token(parts).or(asked).or_else(|| protocol_token(&parts.headers))
}

/// The token of a handshake, in whichever of the four ways it is shown.
pub fn handshake_token(parts: &Parts) -> Option<String> {
    shown(parts, asked(parts).token)
}

fn asked(parts: &Parts) -> Asked {
    serde_urlencoded::from_str(parts.uri.query().unwrap_or_default()).unwrap_or_default()
}

fn protocol_token(headers: &HeaderMap) -> Option<String> {
    let named = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    named
        .flat_map(|value| value.split(','))
        .find_map(|name| name.trim().strip_prefix(TOKEN_PROTOCOL).map(str::to_owned))
}
