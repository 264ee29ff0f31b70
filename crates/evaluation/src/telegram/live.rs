//! A location that is shared for a while.

use serde_json::json;

use super::person::Person;

/// Where somebody is, until it ends.
pub struct LiveLocation<'a> {
    person: &'a Person,
    message: i64,
    seconds: u32,
}

impl<'a> LiveLocation<'a> {
    pub(super) fn new(person: &'a Person, message: i64, seconds: u32) -> Self {
        Self { person, message, seconds }
    }

    /// The person has moved.
    pub fn moves(&self, lat: f64, lng: f64) {
        let seconds = self.seconds;
        self.person.changes(self.message, |json| {
            json["location"] = json!({ "latitude": lat, "longitude": lng, "live_period": seconds,
                "horizontal_accuracy": 8.0, "heading": 90 });
        });
    }

    /// The person no longer shares it: a last change, without a period.
    pub fn stops(self) {
        self.person.changes(self.message, |json| {
            if let Some(location) = json["location"].as_object_mut() {
                location.remove("live_period");
            }
        });
    }
}
