//! `efectivos`.

use async_trait::async_trait;
use domain::officer::NewOfficer;
use domain::{Availability, Officer, OfficerId, UserId};

use crate::{Page, Result};

/// Which officers a list shows.
#[derive(Debug, Clone, Default)]
pub struct OfficerFilter {
    /// Only of these availabilities; empty for all.
    pub availability: Vec<Availability>,
    /// Only of this unit.
    pub unit: Option<String>,
}

/// Officers. Deleted ones are invisible to every look-up.
#[async_trait]
pub trait OfficerRepo: Send {
    /// By number.
    async fn by_id(&mut self, id: OfficerId) -> Result<Option<Officer>>;
    /// By the user who signs in as the officer.
    async fn by_user(&mut self, user: UserId) -> Result<Option<Officer>>;
    /// Those of `ids` that exist, in order of number, kept unchanged until the end of the
    /// transaction. Waits for others who hold them; always locking in this order, after the
    /// task's row, keeps two transactions from waiting for each other.
    async fn lock(&mut self, ids: &[OfficerId]) -> Result<Vec<Officer>>;
    /// Locks the officer if free at once: `None` when another transaction holds the row or it
    /// does not exist.
    async fn try_lock(&mut self, id: OfficerId) -> Result<Option<Officer>>;
    /// In the order of the page.
    async fn list(&mut self, filter: &OfficerFilter, page: Page) -> Result<Vec<Officer>>;
    /// How many there are of these.
    async fn count(&mut self, filter: &OfficerFilter) -> Result<u64>;
    /// Makes an officer.
    async fn insert(&mut self, officer: &NewOfficer) -> Result<Officer>;
    /// Writes all fields but the joined names and counts the version up; gives the new version.
    ///
    /// # Errors
    /// [`crate::Error::Stale`] when the stored version is not `officer.version`.
    async fn save(&mut self, officer: &Officer) -> Result<i64>;
    /// Which of `ids` hold a begun task (`en_curso` or `pausada`), in order of number.
    async fn on_task(&mut self, ids: &[OfficerId]) -> Result<Vec<OfficerId>>;
}
