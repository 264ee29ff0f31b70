//! From an HTTP request to a WebSocket (RFC 6455 §4.2), with a stream below it that we own.

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use resilience::Group;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::counted_frames::CountedFrames;
use crate::layer;
use crate::problem::Problem;

/// An open WebSocket.
pub type OpenSocket = WebSocketStream<CountedFrames<TokioIo<Upgraded>>>;

/// The answer to a request that cannot become a WebSocket.
async fn refusal(rejection: WebSocketUpgradeRejection) -> Response {
    match rejection {
        WebSocketUpgradeRejection::MethodNotGet(_) | WebSocketUpgradeRejection::MethodNotConnect(_) => {
            ([(header::ALLOW, HeaderValue::from_static("GET"))], layer::method_not_allowed().await).into_response()
        }
        _ => upgrade_required(),
    }
}

fn upgrade_required() -> Response {
    let detail = "This address opens WebSockets of version 13 (RFC 6455): GET with Connection: Upgrade, Upgrade: websocket \
                  and Sec-WebSocket-Key";
    let problem = Problem::new(StatusCode::UPGRADE_REQUIRED, "upgrade_required", detail);
    let headers = [
        (header::UPGRADE, HeaderValue::from_static("websocket")),
        (header::CONNECTION, HeaderValue::from_static("upgrade")),
        (header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13")),
    ];
    (headers, problem).into_response()
}

/// A request that may become a WebSocket.
pub struct Handshake {
    connection: OnUpgrade,
    answer: Response,
}

impl Handshake {
    /// Checks a request; `protocol` is chosen where the client offers it.
    ///
    /// # Errors
    /// With the answer to a request that is not one for a WebSocket.
    pub async fn of_request(parts: &mut Parts, protocol: &'static str) -> Result<Self, Response> {
        let connection = parts.extensions.get::<OnUpgrade>().cloned();
        // The extractor checks method and headers; its own way to a socket hides the stream.
        let checked = match WebSocketUpgrade::from_request_parts(parts, &()).await {
            Ok(checked) => checked.protocols([protocol]),
            Err(rejection) => return Err(refusal(rejection).await),
        };
        let key = parts.headers.get(header::SEC_WEBSOCKET_KEY).map(HeaderValue::as_bytes).map(derive_accept_key);
        let key = key.and_then(|key| HeaderValue::from_str(&key).ok());
        let (Some(connection), Some(key)) = (connection, key) else {
            return Err(upgrade_required());
        };
        let mut answer = Response::new(Body::empty());
        *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = answer.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, key);
        if let Some(protocol) = checked.selected_protocol() {
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, protocol.clone());
        }
        Ok(Self { connection, answer })
    }

    /// Serves the socket as one of `group` once it is open, and gives the answer that opens it.
    pub fn open<F>(
        self,
        group: &Group,
        config: WebSocketConfig,
        serve: impl FnOnce(OpenSocket) -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let connection = self.connection;
        group.spawn(async move {
            // An error only says that the client left before the answer.
            let Ok(upgraded) = connection.await else { return };
            let stream = CountedFrames::new(TokioIo::new(upgraded));
            serve(WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await).await;
        });
        self.answer
    }
}
