//! Many screens that come back whenever they are cut, and what each of them saw.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use futures::StreamExt;
use futures::future::join_all;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use crate::person::Person;

/// Longest wait for a socket to open: a process that is stopped takes connections and says nothing.
const PATIENCE: Duration = Duration::from_secs(5);

type Wire = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A screen and what it saw, until it saw the alert that ends the story.
pub struct Viewer {
    /// Who looks, as a place in the list of people.
    pub who: usize,
    /// The offset after which it sees everything.
    pub from: i64,
    /// Offset and `message_id` of each event, in the order in which they came.
    pub seen: Vec<(i64, String)>,
    /// How often it came back.
    pub returns: u32,
    /// How often it was told to load everything anew.
    pub resyncs: u32,
    /// How often it was sent away with 1012 and told where to resume.
    pub restarts: u32,
    /// How its sockets ended, for whoever asks why.
    pub ends: Vec<String>,
    token: String,
    doors: Vec<String>,
    place: String,
}

/// Screens that look.
pub struct Crowd {
    screens: JoinSet<Viewer>,
}

/// What is wrong with what was seen.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Events of the log that a screen did not see.
    pub lost: usize,
    /// Events that a screen saw again.
    pub doubled: usize,
    /// Events that came after a later one.
    pub out_of_order: usize,
    /// Events that are not in the log as its owner may read it.
    pub foreign: usize,
    /// Screens that were told to load everything anew.
    pub resyncs: u32,
}

impl Crowd {
    /// Opens `count` screens, by turns of each of `people` at each of `doors`, and waits until each
    /// has been greeted.
    pub async fn gathers(count: usize, people: &[Person], doors: &[String]) -> Self {
        let mut screens = JoinSet::new();
        for group in (0..count).collect::<Vec<_>>().chunks(50) {
            let opened = group.iter().map(|&n| Viewer::comes(n, people, doors));
            for (viewer, wire) in join_all(opened).await {
                screens.spawn(viewer.watches(wire));
            }
        }
        Self { screens }
    }

    /// Waits until each has seen the end.
    pub async fn has_seen_all(mut self) -> Vec<Viewer> {
        let mut viewers = Vec::new();
        while let Some(viewer) = self.screens.join_next().await {
            viewers.push(viewer.unwrap());
        }
        viewers
    }
}

/// The whole log as `person` may read it, in pages.
pub async fn log(person: &Person) -> Vec<(i64, String, bool)> {
    let (mut log, mut from) = (Vec::new(), String::new());
    loop {
        let page = person.gets(&format!("/api/v1/eventos?limit=500{from}")).await.ok();
        for event in page["eventos"].as_array().unwrap() {
            let id = event["message_id"].as_str().unwrap().to_owned();
            log.push((event["offset"].as_i64().unwrap(), id, event["event_type"] == "alert"));
        }
        if page["al_dia"] == true {
            return log;
        }
        from = format!("&desde={}", page["siguiente"].as_str().unwrap());
    }
}

/// Holds what each screen saw against the log as its owner may read it.
pub async fn compare(viewers: &[Viewer], people: &[Person]) -> Faults {
    let mut logs = BTreeMap::new();
    for (who, person) in people.iter().enumerate() {
        logs.insert(who, log(person).await);
    }
    let mut all = Faults::default();
    for viewer in viewers {
        let log = &logs[&viewer.who];
        let end = log.iter().find(|(_, _, is_end)| *is_end).expect("the story has an end").0;
        let expected: HashSet<(i64, &str)> = log
            .iter()
            .filter(|(offset, _, _)| (viewer.from + 1..=end).contains(offset))
            .map(|(offset, id, _)| (*offset, id.as_str()))
            .collect();
        let seen: HashSet<(i64, &str)> = viewer.seen.iter().map(|(offset, id)| (*offset, id.as_str())).collect();
        all.lost += expected.difference(&seen).count();
        all.foreign += seen.difference(&expected).count();
        all.doubled += viewer.seen.len() - seen.len();
        all.out_of_order += viewer.seen.windows(2).filter(|pair| pair[0].0 > pair[1].0).count();
        all.resyncs += viewer.resyncs;
    }
    all
}

impl Viewer {
    async fn comes(n: usize, people: &[Person], doors: &[String]) -> (Self, Wire) {
        let who = n / doors.len() % people.len();
        let mut doors = doors.to_vec();
        let count = doors.len();
        doors.rotate_left(n % count);
        let token = people[who].token().unwrap().to_owned();
        let mut viewer = Self {
            who,
            from: 0,
            seen: Vec::new(),
            returns: 0,
            resyncs: 0,
            restarts: 0,
            ends: Vec::new(),
            token,
            doors,
            place: String::new(),
        };
        let mut wire = viewer.opens(0).await.expect("the first socket opens");
        let greeting =
            tokio::time::timeout(PATIENCE, wire.next()).await.unwrap().unwrap().unwrap().into_text().unwrap();
        assert!(!viewer.notes(&greeting));
        viewer.from = viewer.place.rsplit_once(':').unwrap().1.parse().unwrap();
        (viewer, wire)
    }

    async fn opens(&self, door: usize) -> Option<Wire> {
        let door = self.doors[door % self.doors.len()].replacen("http", "ws", 1);
        let from = if self.place.is_empty() { String::new() } else { format!("?desde={}", self.place) };
        let mut request = format!("{door}/ws/connect{from}").into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {}", self.token).parse().unwrap());
        let config = WebSocketConfig::default().read_buffer_size(8 * 1024);
        let opened = tokio::time::timeout(PATIENCE, connect_async_with_config(request, Some(config), true)).await;
        opened.ok()?.ok().map(|(wire, _)| wire)
    }

    /// Looks, and comes back whenever it is cut, until it has seen the end.
    async fn watches(mut self, first: Wire) -> Self {
        let mut wire = Some(first);
        // At first where it was, then at the next door.
        for door in 0.. {
            if let Some(mut wire) = wire.take()
                && self.follows(&mut wire).await
            {
                return self;
            }
            self.returns += 1;
            // Not all of a crowd at once.
            tokio::time::sleep(Duration::from_millis(50 + rand::random_range(0..200))).await;
            wire = self.opens(door).await;
        }
        unreachable!("doors do not end");
    }

    /// Reads one socket to its end; whether that was the end of the story.
    async fn follows(&mut self, wire: &mut Wire) -> bool {
        loop {
            match wire.next().await {
                Some(Ok(Message::Text(text))) => {
                    if self.notes(&text) {
                        return true;
                    }
                }
                Some(Ok(Message::Close(Some(frame)))) => {
                    if let (1012, Some((_, place))) = (u16::from(frame.code), frame.reason.split_once("resume from ")) {
                        self.restarts += 1;
                        place.clone_into(&mut self.place);
                    }
                    self.ends.push(frame.to_string());
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    self.ends.push(error.to_string());
                    return false;
                }
                None => return false,
            }
        }
    }

    /// Notes a message; whether it was the end of the story.
    fn notes(&mut self, text: &str) -> bool {
        // Read by hand from its end: a story has a million of these.
        let value = |key: &str| {
            let (_, rest) = text.rsplit_once(key)?;
            rest.split([',', '}']).next().map(|value| value.trim_matches('"'))
        };
        let (Some(offset), Some(epoch)) = (value("\"offset\":"), value("\"epoch\":")) else { return false };
        let Ok(offset) = offset.parse::<i64>() else { return false };
        self.place = format!("{epoch}:{offset}");
        let is = |kind: &str| text.strip_prefix("{\"event_type\":\"").is_some_and(|rest| rest.starts_with(kind));
        if is("connection_ack\"") {
            return false;
        }
        if is("system_status\"") {
            self.resyncs += 1;
            return false;
        }
        self.seen.push((offset, value("\"message_id\":").unwrap().to_owned()));
        is("alert\"")
    }
}
