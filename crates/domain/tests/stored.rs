//! What released versions stored is read by this one.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

use std::collections::BTreeSet;

use domain::event::EventKind;
use domain::note::Note;
use domain::{Event, Officer, Task, User, stored};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What each released version wrote, by version: `events`, each in the form of the log, and one each of
/// what answers to requests with a key are made of. A release adds a file; none is ever changed.
const SAMPLES: [(&str, &str); 1] = [("0.1.0", include_str!("stored/0.1.0.json"))];

fn samples() -> impl Iterator<Item = (&'static str, Value)> {
    SAMPLES.into_iter().map(|(version, text)| (version, serde_json::from_str(text).unwrap()))
}

#[test]
fn events_of_every_released_version_are_read() {
    for (version, sample) in samples() {
        let mut kinds = BTreeSet::new();
        for json in sample["events"].as_array().unwrap() {
            let event =
                Event::from_stored(&json.to_string()).unwrap_or_else(|error| panic!("{version}: {error}: {json}"));
            kinds.insert(event.kind());
            // As this version stores it, it is the same event.
            assert_eq!(Event::from_stored(&event.to_stored().unwrap().to_string()), Ok(event), "{version}");
        }
        if version == "0.1.0" {
            use EventKind as K;
            let all = [
                K::TaskCreated,
                K::TaskUpdated,
                K::TaskStatusChanged,
                K::TaskAssigned,
                K::TaskDeleted,
                K::OfficerStatusChanged,
                K::PositionsReported,
                K::EmergencyRaised,
                K::UserChanged,
                K::Announcement,
            ];
            assert_eq!(kinds, BTreeSet::from(all));
        }
    }
}

#[test]
fn events_with_fields_that_are_not_known_are_read() {
    for (version, sample) in samples() {
        for json in sample["events"].as_array().unwrap() {
            let mut richer = json.clone();
            enrich(&mut richer, 0);
            let (known, read) = (Event::from_stored(&json.to_string()), Event::from_stored(&richer.to_string()));
            assert_eq!(read, known, "{version}: {richer}");
        }
    }
}

/// Adds a field to each object of an event that is a type of ours.
fn enrich(json: &mut Value, depth: usize) {
    match json {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                if !["notes", "extra", "metadata"].contains(&name.as_str()) {
                    enrich(value, depth + 1);
                }
            }
            // The outermost one names the variant.
            if depth > 0 {
                fields.insert("not_known".to_owned(), serde_json::json!({ "x": [1] }));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| enrich(item, depth + 1)),
        _ => {}
    }
}

#[test]
fn answers_of_every_released_version_are_read() {
    fn reads<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(version: &str, json: &Value) {
        let value: T = stored::from_value(json.clone()).unwrap_or_else(|error| panic!("{version}: {error}: {json}"));
        assert_eq!(stored::from_value(stored::to_value(&value).unwrap()), Ok(value), "{version}");
    }
    for (version, sample) in samples() {
        reads::<Task>(version, &sample["task"]);
        reads::<Officer>(version, &sample["officer"]);
        reads::<User>(version, &sample["user"]);
        reads::<Vec<Note>>(version, &sample["notes"]);
    }
}
