//! Counts for people and screens.

use async_trait::async_trait;
use domain::{Time, UserId};

use crate::Result;

/// Tasks of one delegate, made in some period, by state.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct UserStats {
    /// All.
    pub total: i64,
    /// `finalizada`.
    pub finished: i64,
    /// `en_curso`.
    pub in_progress: i64,
    /// `programada`.
    pub scheduled: i64,
    /// `cancelada`.
    pub cancelled: i64,
    /// `pausada`.
    pub paused: i64,
    /// Mean hours of the finished ones.
    pub mean_hours: Option<f64>,
}

/// The office at a glance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Overview {
    /// Live tasks.
    pub tasks: i64,
    /// Of these `en_curso`.
    pub in_progress: i64,
    /// Of these `finalizada`.
    pub finished: i64,
    /// Of these `programada`.
    pub scheduled: i64,
    /// Emergencies that wait for an officer.
    pub waiting: i64,
    /// Live officers.
    pub officers: i64,
    /// Of these `disponible`.
    pub available: i64,
    /// Of these `en_tarea`.
    pub on_task: i64,
    /// Live users.
    pub users: i64,
}

/// Counts.
#[async_trait]
pub trait StatsRepo: Send {
    /// Tasks whose delegate is `user` and that were made at or after `since`.
    async fn of_user(&mut self, user: UserId, since: Time) -> Result<UserStats>;
    /// The office at a glance.
    async fn overview(&mut self) -> Result<Overview>;
}
