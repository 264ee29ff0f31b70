//! Who goes out to tasks.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::personal::Name;
use crate::{Availability, JsonObject, OfficerId, Text, Time, UserId};

/// `codigo_interno`. Declared with at least 3 characters; imported ones may be shorter.
pub type InternalCode = Text<1, 50>;
/// `rango`.
pub type Rank = Text<1, 50>;
/// `unidad`.
pub type Unit = Text<1, 100>;
/// `especialidad`.
pub type Specialty = Text<1, 100>;

/// An officer (`efectivo`); at most one a user.
///
/// Stored as JSON in events and answers: a new field needs `#[serde(default)]`, see [`crate::stored`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Officer {
    /// Number.
    pub id: OfficerId,
    /// Number for the outside.
    pub uuid: Uuid,
    /// Who signs in as this officer.
    pub user: UserId,
    /// The user's given name, joined in for display and never written from here.
    #[serde(deserialize_with = "crate::text::stored")]
    pub given_name: Name,
    /// The user's family name, likewise.
    #[serde(default, deserialize_with = "crate::text::maybe_stored")]
    pub family_name: Option<Name>,
    /// Unique within the office.
    #[serde(deserialize_with = "crate::text::stored")]
    pub internal_code: InternalCode,
    /// Rank.
    #[serde(default, deserialize_with = "crate::text::maybe_stored")]
    pub rank: Option<Rank>,
    /// Unit.
    #[serde(default, deserialize_with = "crate::text::maybe_stored")]
    pub unit: Option<Unit>,
    /// Specialty.
    #[serde(default, deserialize_with = "crate::text::maybe_stored")]
    pub specialty: Option<Specialty>,
    /// Whether the officer can be sent.
    pub availability: Availability,
    /// When that last changed.
    pub availability_since: Time,
    /// Free data (`metadata`).
    pub metadata: JsonObject,
    /// When made.
    pub created_at: Time,
    /// When last changed.
    pub updated_at: Time,
    /// When deleted; a deleted officer is invisible.
    pub deleted_at: Option<Time>,
    /// Grows by one with each change.
    pub version: i64,
}

/// An officer to be made.
#[derive(Debug, Clone)]
pub struct NewOfficer {
    /// Number for the outside.
    pub uuid: Uuid,
    /// Who signs in as this officer.
    pub user: UserId,
    /// Unique within the office.
    pub internal_code: InternalCode,
    /// Rank.
    pub rank: Option<Rank>,
    /// Unit.
    pub unit: Option<Unit>,
    /// Specialty.
    pub specialty: Option<Specialty>,
    /// Whether the officer can be sent.
    pub availability: Availability,
    /// Free data.
    pub metadata: JsonObject,
    /// When made.
    pub created_at: Time,
}

/// Which fields of an officer to change; `None` leaves one as it is, `Some(None)` empties it.
#[derive(Debug, Clone, Default)]
pub struct OfficerEdit {
    /// New internal code.
    pub internal_code: Option<InternalCode>,
    /// New rank.
    pub rank: Option<Option<Rank>>,
    /// New unit.
    pub unit: Option<Option<Unit>>,
    /// New specialty.
    pub specialty: Option<Option<Specialty>>,
    /// New availability.
    pub availability: Option<Availability>,
}

/// `en_tarea` follows from the officer's tasks: it cannot be set by hand, nor left while a begun task has the
/// officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("availability {from} cannot become {to} by hand")]
pub struct AvailabilityFollowsTasks {
    /// What it is.
    pub from: Availability,
    /// What was asked for.
    pub to: Availability,
}

impl Officer {
    /// "nombre apellido".
    pub fn full_name(&self) -> String {
        match &self.family_name {
            Some(family) => format!("{} {}", self.given_name.reveal(), family.reveal()),
            None => self.given_name.reveal().to_owned(),
        }
    }

    /// The officer after `edit`. `has_task` is whether a begun task has the officer.
    pub fn edit(mut self, edit: OfficerEdit, has_task: bool, now: Time) -> Result<Self, AvailabilityFollowsTasks> {
        if let Some(to) = edit.availability
            && to != self.availability
        {
            let from = self.availability;
            if to == Availability::OnTask || (from == Availability::OnTask && has_task) {
                return Err(AvailabilityFollowsTasks { from, to });
            }
            self.set_availability(to, now);
        }
        if let Some(code) = edit.internal_code {
            self.internal_code = code;
        }
        if let Some(rank) = edit.rank {
            self.rank = rank;
        }
        if let Some(unit) = edit.unit {
            self.unit = unit;
        }
        if let Some(specialty) = edit.specialty {
            self.specialty = specialty;
        }
        self.updated_at = now;
        Ok(self)
    }

    /// Notes a new availability and since when it holds.
    pub fn set_availability(&mut self, to: Availability, now: Time) {
        if self.availability != to {
            self.availability = to;
            self.availability_since = now;
            self.updated_at = now;
        }
    }
}
