//! What every socket of this process shares.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use app::Context;
use app::auth::Bearer;
use chrono::{DateTime, Utc};
use domain::Event;
use domain::event::{LogPosition, Logged};
use resilience::{Defect, Group};
use tokio::sync::{broadcast, oneshot, watch};

use super::board::Board;
use super::close::Goodbye;
use super::frame::Frame;
use super::measure::Measures;
use super::message_type::MessageType;
use super::registry::{ConnectionId, Registry};
use crate::settings::Resources;

/// Messages that a socket may be behind before it is sent away to resume.
const BACKLOG: usize = 1024;

/// How sockets are treated.
#[derive(Debug, Clone)]
pub struct HubSettings {
    /// Most sockets of this process (`WS_MAX_CONNECTIONS`).
    pub most: usize,
    /// Between two signs of life (`WS_HEARTBEAT_INTERVAL`).
    pub heartbeat: Duration,
    /// Longest wait until a peer has taken a message.
    pub send: Duration,
    /// Least time between two tellings of positions to one socket.
    pub positions: Duration,
    /// Inbound messages a second.
    pub inbound: u32,
    /// `ENVIRONMENT`, a label of the figures.
    pub environment: String,
}

impl Default for HubSettings {
    fn default() -> Self {
        Self {
            most: 10_000,
            heartbeat: Duration::from_secs(30),
            send: Duration::from_secs(10),
            positions: Duration::from_millis(500),
            inbound: 20,
            environment: "development".to_owned(),
        }
    }
}

/// What every socket of this process shares. Cheap to clone.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

/// The parts of a hub.
pub struct Inner {
    /// This process among its like.
    pub replica: uuid::Uuid,
    /// How sockets are treated.
    pub settings: HubSettings,
    /// Who is connected.
    pub registry: Registry,
    /// Where officers are.
    pub board: Board,
    /// What was counted since the start.
    pub traffic: Traffic,
    /// What the machine has left, measured from time to time.
    pub machine: watch::Receiver<Option<Resources>>,
    /// All that is done for open sockets.
    pub sockets: Group,
    measures: OnceLock<Measures>,
    ring: broadcast::Sender<Arc<Frame>>,
    // A std mutex: held only to copy or exchange the value.
    at: Mutex<Option<LogPosition>>,
}

/// Figures since the start.
#[derive(Default)]
pub struct Traffic {
    /// Messages sent to sockets.
    pub sent: AtomicU64,
    /// Messages handed to all sockets.
    pub broadcasts: AtomicU64,
    /// Messages that a socket did not take.
    pub errors: AtomicU64,
    last_broadcast: AtomicI64,
}

impl Traffic {
    /// When a message was last handed to all sockets.
    pub fn last_broadcast_at(&self) -> Option<DateTime<Utc>> {
        match self.last_broadcast.load(Ordering::Relaxed) {
            0 => None,
            micros => DateTime::from_timestamp_micros(micros),
        }
    }
}

impl Hub {
    /// A hub without sockets.
    pub fn new(settings: HubSettings) -> Self {
        Self::measured(settings, watch::channel(None).1)
    }

    /// The same on a machine that is measured.
    pub fn measured(settings: HubSettings, machine: watch::Receiver<Option<Resources>>) -> Self {
        Self(Arc::new(Inner {
            replica: uuid::Uuid::new_v4(),
            registry: Registry::new(settings.most),
            sockets: Group::new(),
            measures: OnceLock::new(),
            settings,
            board: Board::new(),
            traffic: Traffic::default(),
            machine,
            ring: broadcast::channel(BACKLOG).0,
            at: Mutex::new(None),
        }))
    }

    /// Notes where the log ends before anybody is let in: what comes after is told. Whoever came
    /// in before this was known could miss what happens between its look at the log and ours.
    pub fn begins_at(&self, head: LogPosition) {
        self.at.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(head);
    }

    /// Hands an event to all sockets; without one, only records how far the log was read. Does not wait.
    pub fn tell(&self, cx: &Context, at: LogPosition, logged: Option<Logged>) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
        let Some(logged) = logged else { return };
        if let Event::PositionsReported { positions } = &logged.event {
            self.board.pin(positions, at.offset);
            return;
        }
        if Defect::LostEvents.is_planted() && at.offset % 1000 == 0 {
            return;
        }
        self.hand_out(cx, Frame::logged(at, logged));
    }

    /// Hands a message to all sockets. Waits for nobody.
    pub fn hand_out(&self, cx: &Context, frame: Arc<Frame>) {
        self.traffic.broadcasts.fetch_add(1, Ordering::Relaxed);
        self.traffic.last_broadcast.store(cx.clock.now().timestamp_micros(), Ordering::Relaxed);
        // An error only says that nobody is connected.
        let _ = self.ring.send(frame);
    }

    /// Lets a connection in, see [`Registry::enter`], and counts it.
    pub fn enter(&self, bearer: &Bearer) -> Option<(ConnectionId, oneshot::Receiver<Goodbye>)> {
        let admitted = bearer.admitted()?;
        let level = admitted.level;
        let entered = self.registry.enter(admitted)?;
        self.measures().entered(level);
        Some(entered)
    }

    /// Notes that a connection is gone.
    pub fn leave(&self, id: ConnectionId) {
        if let Some((level, after)) = self.registry.leave(id) {
            self.measures().left(level, after);
        }
    }

    /// Notes that a peer took a message; `since` is when what it tells happened, and now, for what
    /// is told as it happens.
    pub fn note_sent(&self, kind: MessageType, took: Duration, since: Option<(DateTime<Utc>, DateTime<Utc>)>) {
        self.traffic.sent.fetch_add(1, Ordering::Relaxed);
        self.measures().sent(kind, took, since);
    }

    /// Notes that a peer did not take a message.
    pub fn note_unsent(&self, error: &'static str) {
        self.traffic.errors.fetch_add(1, Ordering::Relaxed);
        self.measures().error(error, "warning");
    }

    /// Figures for scrapers. Made on first use: a hub that serves nobody must not show any.
    pub fn measures(&self) -> &Measures {
        self.0.measures.get_or_init(|| Measures::new(&self.0.settings.environment))
    }

    /// What is told from now on.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Frame>> {
        self.ring.subscribe()
    }

    /// How far this process has told the log; `None` before it begins.
    pub fn at(&self) -> Option<LogPosition> {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::ops::Deref for Hub {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
