//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use resilience::CancellationToken;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::body::{Leaving, arriving};
use super::limits::{HEAD_BYTES, ServeLimits};
use super::measure::Slow;
use super::paced::Paced;
use super::room::{Place, Waiter};
use super::tls::Tls;
use super::turn::Turn;
use crate::layer::StartupGate;

/// What all connections share.
pub struct Connections {
    gate: StartupGate,
    limits: Arc<ServeLimits>,
    tls: Option<Arc<Tls>>,
    stop: CancellationToken,
    http: http1::Builder,
}

impl Connections {
    pub fn new(gate: StartupGate, limits: Arc<ServeLimits>, tls: Option<Arc<Tls>>, stop: CancellationToken) -> Self {
        let mut http = http1::Builder::new();
        // `Paced` keeps time: hyper's own timer would be made anew for each request, and counts the
        // silence between two requests as part of the next one's head.
        http.max_header_size(HEAD_BYTES).header_read_timeout(None);
        Self { gate, limits, tls, stop, http }
    }

    pub const fn is_tls(&self) -> bool {
        self.tls.is_some()
    }

    /// Serves one client until either side has had enough.
    pub async fn serve(self: Arc<Self>, stream: TcpStream, peer: SocketAddr, place: Place) {
        // A frame of a socket or the end of an answer is not to wait for more to be sent.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection ended before it was served");
            return;
        }
        let Some(tls) = &self.tls else { return self.talk(stream, peer, place).await };
        match tokio::time::timeout(self.limits.head, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.talk(stream, peer, place).await,
            Ok(Err(error)) => {
                metrics::counter!("gad_tls_handshakes_failed_total").increment(1);
                tracing::debug!(%error, "no TLS handshake");
            }
            Err(_) => Slow::Handshake.is_given_up(),
        }
    }

    async fn talk<S>(&self, stream: S, peer: SocketAddr, place: Place)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (turn, waiter) = (Arc::new(Turn::default()), place.waiter());
        let io = TokioIo::new(Paced::new(stream, turn.clone(), self.limits.clone(), place));
        let service = service_fn(move |request| self.answer(request, peer, turn.clone(), &waiter));
        let mut connection = pin!(self.http.serve_connection(io, service).with_upgrades());
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(error = &error as &dyn std::error::Error, "a connection broke");
        }
    }

    fn answer(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        turn: Arc<Turn>,
        waiter: &Waiter,
    ) -> impl Future<Output = Result<Response<Leaving>, Infallible>> + Send + use<> {
        turn.asked();
        let client = self.gate.proxies().client(peer.ip(), request.version(), request.headers());
        let mut request = arriving(request, self.limits.pace, &waiter.for_client(&client));
        request.extensions_mut().insert(client);
        let answer = self.gate.answer(request);
        async move {
            let response = answer.await;
            if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                turn.upgraded();
            }
            Ok(response.map(|body| Leaving::new(body, turn)))
        }
    }
}
