//! What a client chose to hear of.

use std::fmt;
use std::str::FromStr;

use domain::{Event, GeoBox, OfficerId, Position, TaskId, UserId};

/// A topic of a subscription.
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
}

/// Text that is no topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoTopic;

impl fmt::Display for NoTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be tareas, efectivos, tarea:ID, efectivo:ID, usuario:ID or caja:OESTE,SUR,ESTE,NORTE")
    }
}

impl FromStr for Topic {
    type Err = NoTopic;

    fn from_str(text: &str) -> Result<Self, NoTopic> {
        let number = |text: &str| text.parse::<i64>().map_err(|_| NoTopic);
        match text.split_once(':') {
            None if text == "tareas" => Ok(Self::Tasks),
            None if text == "efectivos" => Ok(Self::Officers),
            Some(("tarea", id)) => Ok(Self::Task(TaskId(number(id)?))),
            Some(("efectivo", id)) => Ok(Self::Officer(OfficerId(number(id)?))),
            Some(("usuario", id)) => Ok(Self::User(UserId(number(id)?))),
            Some(("caja", edges)) => {
                let edges: Vec<f64> =
                    edges.split(',').map(|edge| edge.trim().parse().map_err(|_| NoTopic)).collect::<Result<_, _>>()?;
                let [west, south, east, north] = edges[..] else { return Err(NoTopic) };
                GeoBox::new(south, west, north, east).map(Self::Box).map_err(|_| NoTopic)
            }
            _ => Err(NoTopic),
        }
    }
}

impl Topic {
    /// Whether an event belongs to it.
    pub fn holds(&self, event: &Event) -> bool {
        match self {
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
            Self::Box(_) => false,
        }
    }

    /// Whether a position belongs to it.
    pub fn holds_position(&self, position: &Position) -> bool {
        match self {
            Self::Officers => true,
            Self::Officer(id) => position.officer == *id,
            Self::Box(area) => area.contains(position.point),
            Self::Tasks | Self::Task(_) | Self::User(_) => false,
        }
    }
}

/// What a client chose: without a choice, everything that it may hear of.
#[derive(Debug, Default)]
pub struct Choice(Vec<(String, Topic)>);

impl Choice {
    /// Most topics of one client.
    pub const MOST: usize = 100;

    /// Adds topics, all or none; gives how many there are now.
    pub fn add(&mut self, names: Vec<String>) -> Result<usize, String> {
        let mut new = Vec::with_capacity(names.len());
        for name in names {
            let topic = name.parse::<Topic>().map_err(|error| format!("'{name}' {error}"))?;
            if !self.0.iter().chain(&new).any(|(known, _)| *known == name) {
                new.push((name, topic));
            }
        }
        if self.0.len() + new.len() > Self::MOST {
            return Err(format!("at most {} topics", Self::MOST));
        }
        self.0.extend(new);
        Ok(self.0.len())
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
            || self.0.iter().any(|(_, topic)| topic.holds(event))
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
    fn topics_are_named_or_refused() {
        for good in ["tareas", "efectivos", "tarea:7", "efectivo:7", "usuario:7", "caja:-59,-35,-58,-34"] {
            assert!(good.parse::<Topic>().is_ok(), "{good}");
        }
        for bad in ["", "todo", "tarea:", "tarea:x", "caja:1,2,3", "caja:0,91,1,92", "caja:1,2,3,4,5"] {
            assert_eq!(bad.parse::<Topic>(), Err(NoTopic), "{bad}");
        }
    }

    #[test]
    fn one_bad_topic_adds_none_and_a_known_one_is_not_added_twice() {
        let mut choice = Choice::default();
        assert!(choice.add(vec!["tareas".into(), "todo".into()]).is_err());
        assert_eq!(choice.add(vec!["tareas".into(), "tareas".into(), "tarea:7".into()]), Ok(2));
        choice.remove(&["tareas".into()]);
        assert_eq!(choice.add(Vec::new()), Ok(1));
    }
}
