//! Screens that come back whenever they are cut, and what each of them saw: every event once?

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::StreamExt;
use serde::Deserialize;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;

use crate::client::Client;
use crate::measure::{Evidence, count};
use crate::swarm::{Socket, open_greeted, open_one};
use crate::text::text;

/// Before a screen comes back.
const PAUSE: Duration = Duration::from_millis(200);
/// Longest wait for a handshake: a process that is stopped takes connections and says nothing.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// Events of one page of the log.
const PAGE: usize = 500;

/// What one screen saw.
#[derive(Debug, Default)]
struct Seen {
    /// The offset after which it sees everything.
    from: i64,
    /// Offsets in the order in which they came, and when.
    events: Vec<(i64, Instant)>,
    returns: usize,
    resyncs: usize,
}

/// Screens that look.
#[derive(Debug)]
pub struct Witnesses {
    screens: JoinSet<Seen>,
    /// The offset that ends the story, once it is known.
    end: watch::Sender<Option<i64>>,
    /// From where on the first of them sees everything.
    begin: Option<Place>,
}

/// What is wrong with what they saw.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Faults {
    /// Events that all of them should have seen, added up.
    pub expected: usize,
    /// Events of the log that a screen did not see.
    pub lost: usize,
    /// Events that a screen saw again.
    pub doubled: usize,
    /// Events that came after a later one.
    pub out_of_order: usize,
    /// Screens that were told to load everything anew.
    pub resyncs: usize,
    /// How often screens came back.
    pub returns: usize,
}

impl Faults {
    /// Tells of them, under names for what was expected, lost, doubled and out of order.
    pub fn tell(&self, evidence: &mut Evidence, [expected, lost, doubled, out_of_order]: [&'static str; 4]) {
        let all = text("eventos que las pantallas debían ver, sumados", "events that screens had to see, added up");
        for (name, events, what) in [
            (expected, self.expected, all),
            (lost, self.lost, text("eventos no vistos", "events not seen")),
            (doubled, self.doubled, text("eventos vistos de nuevo", "events seen again")),
            (out_of_order, self.out_of_order, text("eventos fuera de orden", "events out of order")),
        ] {
            evidence.note(name, count(events), "", what);
        }
    }
}

#[derive(Deserialize)]
struct Envelope<'e> {
    event_type: &'e str,
    offset: Option<i64>,
    epoch: Option<&'e str>,
}

/// A place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    epoch: String,
    offset: i64,
}

impl Place {
    fn after(&self) -> String {
        format!("desde={}:{}", self.epoch, self.offset)
    }
}

impl Witnesses {
    /// Opens `count` screens by turns at each of `doors`, and waits until each has been greeted.
    ///
    /// # Errors
    /// When one is not.
    pub async fn gather(doors: &[SocketAddr], token: &str, count: usize) -> Result<Self> {
        let (end, _) = watch::channel(None);
        let (mut screens, mut begin) = (JoinSet::new(), None);
        for number in 0..count {
            let mut screen = Screen { doors: doors.to_owned(), turn: number, token: token.to_owned() };
            let opened = open_greeted(screen.door(), "/ws/connect".to_owned(), token.to_owned());
            let (socket, greeting) = timeout(HANDSHAKE, opened).await.context("a screen was not greeted")??;
            let place = read(&greeting).and_then(|(_, place)| place).context("a greeting without a place")?;
            begin.get_or_insert_with(|| place.clone());
            screens.spawn(screen.looks(socket, place, end.subscribe()));
        }
        Ok(Self { screens, end, begin })
    }

    /// Waits until each has seen the log's last event, or `patience` is over, and holds what they saw
    /// against the log as `client` may read it. Also gives, of each offset, when the last screen saw it.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn compare(mut self, client: &Client, patience: Duration) -> Result<(Faults, BTreeMap<i64, Instant>)> {
        let log = offsets(client, self.begin.as_ref()).await?;
        self.end.send_replace(Some(log.iter().copied().next_back().unwrap_or_default()));
        let mut seen = Vec::new();
        let all = async {
            while let Some(screen) = self.screens.join_next().await {
                seen.extend(screen);
            }
        };
        // A screen that waits for an event which never comes ends by the story's end, see `looks`.
        timeout(patience + 2 * HANDSHAKE, all).await.ok();
        let (mut faults, mut last) = (Faults::default(), BTreeMap::new());
        for screen in seen {
            let expected: BTreeSet<i64> = log.range(screen.from + 1..).copied().collect();
            let distinct: BTreeSet<i64> = screen.events.iter().map(|event| event.0).collect();
            faults.expected += expected.len();
            faults.lost += expected.difference(&distinct).count();
            faults.doubled += screen.events.len() - distinct.len();
            faults.out_of_order += screen.events.windows(2).filter(|pair| pair[1].0 < pair[0].0).count();
            faults.resyncs += screen.resyncs;
            faults.returns += screen.returns;
            for (offset, at) in screen.events {
                let latest = last.entry(offset).or_insert(at);
                *latest = at.max(*latest);
            }
        }
        Ok((faults, last))
    }
}

struct Screen {
    doors: Vec<SocketAddr>,
    turn: usize,
    token: String,
}

impl Screen {
    /// The next one.
    fn door(&mut self) -> SocketAddr {
        let door = self.doors[self.turn % self.doors.len()];
        self.turn += 1;
        door
    }

    async fn returns(&mut self, from: &Place) -> Result<Socket> {
        let (door, path) = (self.door(), format!("/ws/connect?{}", from.after()));
        timeout(HANDSHAKE, open_one(door, path, self.token.clone())).await.context("a handshake took too long")?
    }

    /// Looks until it has seen the end, or has seen nothing for a while after the end was told.
    async fn looks(mut self, socket: Socket, mut place: Place, mut end: watch::Receiver<Option<i64>>) -> Seen {
        const SILENCE: Duration = Duration::from_secs(5);
        let mut seen = Seen { from: place.offset, ..Seen::default() };
        let mut open = Some(socket);
        loop {
            if end.borrow().is_some_and(|end| place.offset >= end) {
                return seen;
            }
            let Some(socket) = &mut open else {
                sleep(PAUSE).await;
                open = self.returns(&place).await.ok();
                seen.returns += 1;
                continue;
            };
            let is_ending = end.borrow().is_some();
            let message = tokio::select! {
                message = socket.next() => message,
                Ok(()) = end.changed() => continue,
                () = sleep(SILENCE), if is_ending => return seen,
            };
            match message {
                Some(Ok(message)) => {
                    if let Some((kind, at)) = read(&message) {
                        seen.resyncs += usize::from(kind == Kind::Resync);
                        if let Some(at) = at {
                            if kind == Kind::Event {
                                seen.events.push((at.offset, Instant::now()));
                            }
                            place = at;
                        }
                    }
                }
                _ => open = None,
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Event,
    Greeting,
    Resync,
}

/// What a message is, and its place; `None` for what is no text of ours.
fn read(message: &Message) -> Option<(Kind, Option<Place>)> {
    let Message::Text(text) = message else { return None };
    let envelope: Envelope<'_> = serde_json::from_str(text).ok()?;
    let kind = match envelope.event_type {
        "connection_ack" => Kind::Greeting,
        "system_status" => Kind::Resync,
        _ => Kind::Event,
    };
    let place = envelope.offset.zip(envelope.epoch).map(|(offset, epoch)| Place { epoch: epoch.to_owned(), offset });
    Some((kind, place))
}

/// Offsets of the log after a place, as somebody may read it.
async fn offsets(client: &Client, after: Option<&Place>) -> Result<BTreeSet<i64>> {
    let mut offsets = BTreeSet::new();
    let mut from = after.map(|place| format!("&{}", place.after())).unwrap_or_default();
    loop {
        let page = client.get(&format!("/api/v1/eventos?limit={PAGE}{from}")).await?.ok()?;
        let events = page["eventos"].as_array().context("no events in the log")?;
        offsets.extend(events.iter().filter_map(|event| event["offset"].as_i64()));
        if page["al_dia"] == true {
            return Ok(offsets);
        }
        from = format!("&desde={}", page["siguiente"].as_str().context("a page without its next")?);
    }
}
