//! What a client chose to hear of.

use domain::{Event, GeoBox, OfficerId, Position, TaskId, UserId};

use super::message_type::MessageType;

/// What a word of a subscription means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Topic {
    /// `tareas`: all tasks.
    Tasks,
    /// `efectivos`: availability and positions of all officers.
    Officers,
    /// `tarea:{id}`.
    Task(TaskId),
    /// `efectivo:{id}`.
    Officer(OfficerId),
    /// `usuario:{id}`.
    User(UserId),
    /// `caja:{west},{south},{east},{north}`: positions in a box, in degrees; in GeoJSON's order.
    Box(GeoBox),
    /// The name of an event type, as in the envelope: messages of that type.
    Type(MessageType),
    /// Any other word: messages whose `topic` is exactly this word.
    Opaque,
}

impl Topic {
    /// What a word means. Every word means something: clients of the replaced system subscribe to names
    /// that no message has, beside others that count.
    pub fn parse(word: &str) -> Self {
        Self::known(word).unwrap_or(Self::Opaque)
    }

    fn known(word: &str) -> Option<Self> {
        let number = |text: &str| text.parse::<i64>().ok();
        match word.split_once(':') {
            None if word == "tareas" => Some(Self::Tasks),
            None if word == "efectivos" => Some(Self::Officers),
            None => MessageType::ALL.into_iter().find(|kind| kind.as_str() == word).map(Self::Type),
            Some(("tarea", id)) => Some(Self::Task(TaskId(number(id)?))),
            Some(("efectivo", id)) => Some(Self::Officer(OfficerId(number(id)?))),
            Some(("usuario", id)) => Some(Self::User(UserId(number(id)?))),
            Some(("caja", edges)) => {
                let edges: Vec<f64> = edges.split(',').map(|edge| edge.trim().parse().ok()).collect::<Option<_>>()?;
                let [west, south, east, north] = edges[..] else { return None };
                GeoBox::new(south, west, north, east).map(Self::Box).ok()
            }
            Some(_) => None,
        }
    }

    /// Whether an event belongs to it. An opaque word is compared by [`Choice`], which has the word.
    pub fn holds(&self, event: &Event) -> bool {
        match self {
            Self::Type(kind) => MessageType::of(event) == *kind,
            Self::Tasks => event.task().is_some(),
            Self::Task(id) => event.task().is_some_and(|task| task.id == *id),
            Self::Officers => matches!(event, Event::OfficerStatusChanged { .. } | Event::OfficerChanged { .. }),
            Self::Officer(id) => {
                matches!(event, Event::OfficerStatusChanged { officer, .. } | Event::OfficerChanged { officer, .. }
                    if officer.id == *id)
                    || event.task().is_some_and(|task| task.officers.contains(id))
            }
            Self::User(id) => {
                matches!(event, Event::UserChanged { user, .. } if user == id)
                    || event.task().is_some_and(|task| task.delegate == *id)
            }
            Self::Box(_) | Self::Opaque => false,
        }
    }

    /// Whether a position belongs to it.
    pub fn holds_position(&self, position: &Position) -> bool {
        match self {
            Self::Officers => true,
            Self::Officer(id) => position.officer == *id,
            Self::Box(area) => area.contains(position.point),
            Self::Type(kind) => *kind == MessageType::OfficerLocation,
            Self::Tasks | Self::Task(_) | Self::User(_) | Self::Opaque => false,
        }
    }
}

/// `topic` in the envelope of an event: the first that it belongs to.
pub fn topic_of(event: &Event) -> Option<String> {
    event.task().map(|task| format!("tarea:{}", task.id))
}

/// What a client chose: without a choice, everything that it may hear of.
#[derive(Debug, Default)]
pub struct Choice(Vec<(String, Topic)>);

impl Choice {
    /// Most topics of one client.
    pub const MOST: usize = 100;

    /// Longest word that is kept, in bytes. A longer one is the topic of no message, and is passed over.
    const LONGEST: usize = 200;

    /// Adds topics, all or none where there are too many; gives how many there are now.
    pub fn add(&mut self, words: Vec<String>) -> Result<usize, String> {
        let mut new: Vec<(String, Topic)> = Vec::with_capacity(words.len().min(Self::MOST));
        for word in words.into_iter().filter(|word| word.len() <= Self::LONGEST) {
            if self.0.iter().chain(&new).any(|(known, _)| *known == word) {
                continue;
            }
            if self.0.len() + new.len() == Self::MOST {
                return Err(format!("at most {} topics", Self::MOST));
            }
            let topic = Topic::parse(&word);
            new.push((word, topic));
        }
        self.0.extend(new);
        Ok(self.0.len())
    }

    /// The words, as they were given.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(word, _)| word.as_str())
    }

    /// Takes topics away.
    pub fn remove(&mut self, names: &[String]) {
        self.0.retain(|(name, _)| !names.contains(name));
    }

    /// Whether a topic was chosen by this name.
    pub fn names(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Whether an event is among what was chosen. Alerts and announcements always are.
    pub fn holds(&self, event: &Event) -> bool {
        matches!(
            event,
            Event::EmergencyRaised { .. }
                | Event::Announcement { .. }
                | Event::DispatchEscalated { .. }
                | Event::AlertTaken { .. }
        ) || self.0.is_empty()
            || self.0.iter().any(|(word, topic)| match topic {
                Topic::Opaque => topic_of(event).is_some_and(|topic| topic == *word),
                topic => topic.holds(event),
            })
    }

    /// Whether a position is among what was chosen.
    pub fn holds_position(&self, position: &Position) -> bool {
        self.0.is_empty() || self.0.iter().any(|(_, topic)| topic.holds_position(position))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_a_topic() {
        for known in ["tareas", "efectivos", "tarea:7", "efectivo:7", "usuario:7", "caja:-59,-35,-58,-34"] {
            let topic = Topic::parse(known);
            assert!(!matches!(topic, Topic::Opaque | Topic::Type(_)), "{known}");
        }
        for kind in MessageType::ALL {
            assert_eq!(Topic::parse(kind.as_str()), Topic::Type(kind));
        }
        for other in ["", "todo", "tarea:", "tarea:x", "caja:1,2,3", "caja:0,91,1,92", "dashboard:kpis"] {
            assert_eq!(Topic::parse(other), Topic::Opaque, "{other}");
        }
    }

    #[test]
    fn a_known_topic_is_not_added_twice_and_too_many_or_too_long_ones_are_not_added() {
        let mut choice = Choice::default();
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(choice.add(words(&["tareas", "todo", "tareas", "task_created"])), Ok(3));
        choice.remove(&words(&["tareas"]));
        assert_eq!(choice.add(vec!["x".repeat(201)]), Ok(2));
        let many = |count: usize| (0..count).map(|n| format!("tarea:{n}")).collect::<Vec<_>>();
        assert!(choice.add(many(99)).is_err());
        assert_eq!(choice.words().collect::<Vec<_>>(), ["todo", "task_created"]);
        assert_eq!(choice.add(many(98)), Ok(100));
    }
}
