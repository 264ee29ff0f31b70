//! Transactions, and the handle that begins them.

use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Notify;

use crate::Result;
use crate::assignment::AssignmentRepo;
use crate::audit::AuditRepo;
use crate::audit_chain::AuditChainRepo;
use crate::dispatch::DispatchRepo;
use crate::event_log::EventLogRepo;
use crate::geo::GeoRepo;
use crate::history::HistoryRepo;
use crate::idempotency::IdempotencyRepo;
use crate::import::ImportRepo;
use crate::invariant::InvariantRepo;
use crate::lease::LeaseRepo;
use crate::link::LinkCodeRepo;
use crate::measure::PoolState;
use crate::metrics::MetricsRepo;
use crate::note::NoteRepo;
use crate::officer::OfficerRepo;
use crate::outbox::OutboxRepo;
use crate::position::PositionRepo;
use crate::report::ReportRepo;
use crate::session::SessionRepo;
use crate::stats::StatsRepo;
use crate::task::TaskRepo;
use crate::telegram::{ChatRepo, DialogueRepo, InboxRepo, MessageRepo};
use crate::user::UserRepo;

/// The record. Cheap to share; every replica and every task uses the same one.
#[async_trait]
pub trait Store: Send + Sync {
    /// Begins reading. Each query sees what was committed when it began; several queries do not
    /// share a snapshot, and nothing that was read is locked.
    async fn read(&self) -> Result<Box<dyn Tx>>;

    /// Begins a change. What `lock…` gives stays as it is until the end of the transaction.
    /// Dropping the transaction rolls it back.
    async fn write(&self) -> Result<Box<dyn Tx>>;

    /// Brings the schema up to date, one process at a time. Gives the versions applied.
    ///
    /// # Errors
    /// [`crate::Error::SchemaTooNew`] when the schema is ahead of this program.
    async fn migrate(&self) -> Result<Vec<i64>>;

    /// How the schema stands.
    async fn schema(&self) -> Result<SchemaState>;

    /// Asks the database for a sign of life, within its deadline.
    async fn ping(&self) -> Result<Duration>;

    /// What is known of the database and its pool.
    async fn info(&self) -> Result<StoreInfo>;

    /// Connections in hand, and how many there may be. Asks nobody.
    fn pools(&self) -> Vec<PoolState>;

    /// The breaker before the database. Asks nobody; an embedded database has none.
    fn breaker(&self) -> BreakerReport {
        BreakerReport::default()
    }

    /// What the last change met that keeps changes from being stored, without a query.
    fn obstacle(&self) -> Option<crate::Obstacle>;

    /// The epoch of the event log: a UUID that changes when the record is restored.
    async fn epoch(&self) -> Result<uuid::Uuid>;

    /// Gives the next offsets to at most `limit` committed events that have none, oldest first;
    /// gives how many there were. Waits for another transaction that does so, so that there is one
    /// at a time across all replicas. Where one writer orders all changes, events have their offset
    /// from their commit on, and there is never one without.
    async fn sequence(&self, limit: u32) -> Result<u64>;

    /// Gives the next places in the audit's chain to at most `limit` committed lines that have none,
    /// oldest first; gives how many there were. One transaction at a time across all replicas: where
    /// another is at it, there is nothing to do. Where one writer orders all changes, lines have
    /// their place from their commit on.
    async fn seal(&self, limit: u32) -> Result<u64>;

    /// Told after each commit, by this process, of a change that pushed events.
    fn events_pushed(&self) -> &Notify;

    /// Gives the record a new epoch.
    async fn renew_epoch(&self, epoch: uuid::Uuid) -> Result<()>;

    /// Waits for work in hand and closes all connections.
    async fn close(&self);
}

/// How a schema stands against this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemaState {
    /// Newest migration applied; 0 when none.
    pub found: i64,
    /// Newest migration that this program knows.
    pub known: i64,
    /// How many are still to apply.
    pub pending: usize,
}

impl SchemaState {
    /// Checks that the schema is the one of this program.
    ///
    /// # Errors
    /// [`crate::Error::SchemaTooNew`] when it is ahead, [`crate::Error::SchemaTooOld`] when migrations are pending.
    pub fn check(&self) -> Result<()> {
        if self.found > self.known {
            return Err(crate::Error::SchemaTooNew { found: self.found, known: self.known });
        }
        if self.pending > 0 {
            return Err(crate::Error::SchemaTooOld { found: self.found, needed: self.known });
        }
        Ok(())
    }
}

/// How the breaker before a database stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BreakerReport {
    /// Whether the database is not asked at present.
    pub open: bool,
    /// Questions in a row that it did not answer.
    pub failures: u32,
}

/// What is known of the database and its pool.
#[derive(Debug, Clone)]
pub struct StoreInfo {
    /// `sqlite` or `postgresql`.
    pub engine: &'static str,
    /// As the database names its own version, PostGIS or R*Tree included.
    pub version: String,
    /// Bytes on disk.
    pub size_bytes: u64,
    /// Open connections.
    pub connections: u32,
    /// Of these, idle ones.
    pub idle: u32,
    /// Most connections.
    pub max_connections: u32,
}

/// One transaction, or one connection for reading.
///
/// After a call of a change has failed, those of [`ImportRepo`] aside, nothing is left but to drop
/// it: PostgreSQL then refuses every further call, and the commit.
#[async_trait]
pub trait Tx: Send {
    /// `usuarios`.
    fn users(&mut self) -> &mut dyn UserRepo;
    /// `efectivos`.
    fn officers(&mut self) -> &mut dyn OfficerRepo;
    /// `tareas` and `tarea_efectivos`.
    fn tasks(&mut self) -> &mut dyn TaskRepo;
    /// `asignaciones` and their steps.
    fn assignments(&mut self) -> &mut dyn AssignmentRepo;
    /// How dispatches stand, and why officers were chosen.
    fn dispatch(&mut self) -> &mut dyn DispatchRepo;
    /// `historial_estados`.
    fn history(&mut self) -> &mut dyn HistoryRepo;
    /// `notas_de_tarea`.
    fn notes(&mut self) -> &mut dyn NoteRepo;
    /// `metricas_tareas`.
    fn metrics(&mut self) -> &mut dyn MetricsRepo;
    /// Positions of officers, last ones and tracks.
    fn positions(&mut self) -> &mut dyn PositionRepo;
    /// Who and what is near.
    fn geo(&mut self) -> &mut dyn GeoRepo;
    /// Counts for people.
    fn stats(&mut self) -> &mut dyn StatsRepo;
    /// What reports read.
    fn reports(&mut self) -> &mut dyn ReportRepo;
    /// Sign-ins.
    fn sessions(&mut self) -> &mut dyn SessionRepo;
    /// Answers to requests that may be repeated.
    fn idempotency(&mut self) -> &mut dyn IdempotencyRepo;
    /// Events to be told.
    fn outbox(&mut self) -> &mut dyn OutboxRepo;
    /// The log of committed events.
    fn event_log(&mut self) -> &mut dyn EventLogRepo;
    /// `audit_logs`.
    fn audit(&mut self) -> &mut dyn AuditRepo;
    /// The chain over `audit_logs`.
    fn audit_chain(&mut self) -> &mut dyn AuditChainRepo;
    /// `telegram_actualizaciones`: what Telegram told.
    fn inbox(&mut self) -> &mut dyn InboxRepo;
    /// Codes by which Telegram accounts are linked.
    fn link_codes(&mut self) -> &mut dyn LinkCodeRepo;
    /// `telegram_chats`: how people want to be spoken to.
    fn chats(&mut self) -> &mut dyn ChatRepo;
    /// `telegram_dialogos`: where they stand in conversations.
    fn dialogues(&mut self) -> &mut dyn DialogueRepo;
    /// `telegram_mensajes`: what Telegram is to be told.
    fn messages(&mut self) -> &mut dyn MessageRepo;
    /// `arriendos`: work that one process at a time does.
    fn leases(&mut self) -> &mut dyn LeaseRepo;
    /// Rows with numbers of their own, from another system.
    fn import(&mut self) -> &mut dyn ImportRepo;
    /// Rows that violate invariants of several tables.
    fn invariants(&mut self) -> &mut dyn InvariantRepo;

    /// Makes all changes last. Only after this may anything be acknowledged.
    async fn commit(self: Box<Self>) -> Result<()>;
}
