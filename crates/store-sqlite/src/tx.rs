//! One transaction, or one connection for reading.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::audit::ChainHead;
use resilience::{Spent, deadline};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteQueryResult, SqliteRow};
use sqlx::{Execute, SqlSafeStr, SqlStr, Sqlite, SqliteConnection, Transaction};
use store::assignment::AssignmentRepo;
use store::audit::AuditRepo;
use store::audit_chain::AuditChainRepo;
use store::dispatch::DispatchRepo;
use store::event_log::EventLogRepo;
use store::geo::GeoRepo;
use store::history::HistoryRepo;
use store::idempotency::IdempotencyRepo;
use store::import::ImportRepo;
use store::invariant::InvariantRepo;
use store::lease::LeaseRepo;
use store::link::LinkCodeRepo;
use store::measure::Measures;
use store::metrics::MetricsRepo;
use store::note::NoteRepo;
use store::officer::OfficerRepo;
use store::outbox::OutboxRepo;
use store::position::PositionRepo;
use store::report::ReportRepo;
use store::session::SessionRepo;
use store::stats::StatsRepo;
use store::task::TaskRepo;
use store::telegram::{ChatRepo, DialogueRepo, InboxRepo, MessageRepo};
use store::user::UserRepo;
use store::{Error, LastObstacle, Result, Rule, Tx};
use tokio::sync::Notify;
use tracing::{Instrument, Span};

use crate::error::{from_sqlx, naming, unavailable};
use crate::geo::Reach;
use crate::readers::Reader;

/// A statement with its values.
pub(crate) type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

/// One transaction, or one connection for reading. Dropping it rolls back: sqlx queues the
/// ROLLBACK behind whatever statement still runs, before anybody else gets the connection.
pub(crate) struct SqliteTx {
    held: Held,
    limit: Duration,
    measures: Arc<Measures>,
    // Who waits for the events that the commit will make known, once there are some.
    events_pushed: Option<Arc<Notify>>,
    // What changes of all transactions met last.
    obstacle: Option<Arc<LastObstacle>>,
    tells: bool,
    // After an error other than a conflict SQLite may have rolled back by itself. A statement that
    // came after it would then stand alone, outside of any transaction; so none is let through,
    // nor after one whose future was dropped before it had ended.
    sound: bool,
    /// The end of the audit's chain, once this transaction has added to it.
    pub(crate) chain_head: Option<ChainHead>,
}

enum Held {
    Reading(Reader),
    Writing(Transaction<'static, Sqlite>),
}

impl SqliteTx {
    /// `limit` is the longest run of one statement.
    pub(crate) const fn reading(connection: Reader, limit: Duration, measures: Arc<Measures>) -> Self {
        Self {
            held: Held::Reading(connection),
            limit,
            measures,
            events_pushed: None,
            obstacle: None,
            tells: false,
            sound: true,
            chain_head: None,
        }
    }

    /// `limit` is the longest run of one statement; `events_pushed` is told of a commit with events.
    pub(crate) const fn writing(
        transaction: Transaction<'static, Sqlite>,
        limit: Duration,
        measures: Arc<Measures>,
        events_pushed: Arc<Notify>,
        obstacle: Arc<LastObstacle>,
    ) -> Self {
        Self {
            held: Held::Writing(transaction),
            limit,
            measures,
            events_pushed: Some(events_pushed),
            obstacle: Some(obstacle),
            tells: false,
            sound: true,
            chain_head: None,
        }
    }

    /// What searches share; a change has no part in it.
    pub(crate) fn reach(&self) -> Option<&Reach> {
        match &self.held {
            Held::Reading(reader) => Some(reader.reach()),
            Held::Writing(_) => None,
        }
    }

    /// Notes that the commit makes events known.
    pub(crate) const fn tells_events(&mut self) {
        self.tells = true;
    }

    /// All rows.
    pub(crate) async fn rows(&mut self, statement: Statement<'_>) -> Result<Vec<SqliteRow>> {
        let limit = self.limit;
        let (asked, statement) = Asked::of(statement, &self.measures)?;
        let outcome = in_time(limit, statement.fetch_all(self.begin()?).instrument(asked.span.clone()), None).await;
        self.end(&asked, outcome)
    }

    /// The first row, if any.
    pub(crate) async fn first(&mut self, statement: Statement<'_>) -> Result<Option<SqliteRow>> {
        let limit = self.limit;
        let (asked, statement) = Asked::of(statement, &self.measures)?;
        let outcome =
            in_time(limit, statement.fetch_optional(self.begin()?).instrument(asked.span.clone()), None).await;
        self.end(&asked, outcome)
    }

    /// The only row.
    pub(crate) async fn only(&mut self, statement: Statement<'_>) -> Result<SqliteRow> {
        let limit = self.limit;
        let (asked, statement) = Asked::of(statement, &self.measures)?;
        let outcome = in_time(limit, statement.fetch_one(self.begin()?).instrument(asked.span.clone()), None).await;
        self.end(&asked, outcome)
    }

    /// Carries out a change that can break no foreign key.
    pub(crate) async fn run(&mut self, statement: Statement<'_>) -> Result<SqliteQueryResult> {
        let limit = self.limit;
        let (asked, statement) = Asked::of(statement, &self.measures)?;
        let outcome = in_time(limit, statement.execute(self.begin()?).instrument(asked.span.clone()), None).await;
        self.end(&asked, outcome)
    }

    /// Carries out a change; a broken foreign key is a conflict with `foreign_key`.
    pub(crate) async fn run_naming(
        &mut self,
        statement: Statement<'_>,
        foreign_key: Rule,
    ) -> Result<SqliteQueryResult> {
        let limit = self.limit;
        let (asked, statement) = Asked::of(statement, &self.measures)?;
        let outcome =
            in_time(limit, statement.execute(self.begin()?).instrument(asked.span.clone()), Some(foreign_key)).await;
        self.end(&asked, outcome)
    }

    /// Notes that a statement runs, until `end`.
    fn begin(&mut self) -> Result<&mut SqliteConnection> {
        self.usable()?;
        self.sound = false;
        Ok(match &mut self.held {
            Held::Reading(reader) => {
                reader.busy = true;
                reader
            }
            Held::Writing(transaction) => transaction,
        })
    }

    fn end<T>(&mut self, asked: &Asked, outcome: Result<T>) -> Result<T> {
        asked.is_answered(&self.measures, outcome.is_ok());
        self.sound = matches!(outcome, Ok(_) | Err(Error::Conflict(_)));
        match (&mut self.held, outcome) {
            // A connection for reading refuses to write: a defect of ours, not a full disk.
            (Held::Reading(_), Err(Error::ReadOnly(source))) => Err(Error::Internal(source)),
            (Held::Reading(reader), outcome) => {
                reader.busy = !self.sound;
                outcome
            }
            (Held::Writing(_), outcome) => {
                if let (Some(obstacle), Err(error)) = (&self.obstacle, &outcome) {
                    obstacle.met(error);
                }
                outcome
            }
        }
    }

    /// Whether statements are still let through.
    pub(crate) const fn is_sound(&self) -> bool {
        self.sound
    }

    fn usable(&self) -> Result<()> {
        if self.sound { Ok(()) } else { Err(unavailable("an earlier statement of this transaction did not end well")) }
    }
}

/// A statement that was sent: its text, without the values, and when.
struct Asked {
    text: SqlStr,
    span: Span,
    begun: Instant,
}

impl Asked {
    fn now(text: SqlStr, measures: &Measures) -> Self {
        Self { span: measures.query(text.as_str()), text, begun: Instant::now() }
    }

    /// Of a statement that is about to be sent. sqlx gives the text only of one that is taken apart.
    fn of(mut statement: Statement<'_>, measures: &Measures) -> Result<(Self, Statement<'static>)> {
        let values = statement.take_arguments().map_err(|error| from_sqlx(sqlx::Error::Encode(error)))?;
        let text = statement.sql();
        let statement = sqlx::query_with(text.clone(), values.unwrap_or_default());
        Ok((Self::now(text, measures), statement))
    }

    fn is_answered(&self, measures: &Measures, succeeded: bool) {
        let took = self.begun.elapsed();
        measures.queried(self.text.as_str(), took, succeeded);
        Spent::note_query(took);
    }
}

/// Waits for a statement until its deadline.
async fn in_time<T>(
    limit: Duration,
    statement: impl Future<Output = Result<T, sqlx::Error>>,
    foreign_key: Option<Rule>,
) -> Result<T> {
    match deadline("SQLite", limit, statement).await {
        Ok(outcome) => outcome.map_err(|error| naming(error, foreign_key)),
        Err(elapsed) => Err(unavailable(elapsed)),
    }
}

#[async_trait]
impl Tx for SqliteTx {
    fn users(&mut self) -> &mut dyn UserRepo {
        self
    }
    fn officers(&mut self) -> &mut dyn OfficerRepo {
        self
    }
    fn tasks(&mut self) -> &mut dyn TaskRepo {
        self
    }
    fn assignments(&mut self) -> &mut dyn AssignmentRepo {
        self
    }
    fn dispatch(&mut self) -> &mut dyn DispatchRepo {
        self
    }
    fn history(&mut self) -> &mut dyn HistoryRepo {
        self
    }
    fn notes(&mut self) -> &mut dyn NoteRepo {
        self
    }
    fn metrics(&mut self) -> &mut dyn MetricsRepo {
        self
    }
    fn positions(&mut self) -> &mut dyn PositionRepo {
        self
    }
    fn geo(&mut self) -> &mut dyn GeoRepo {
        self
    }
    fn stats(&mut self) -> &mut dyn StatsRepo {
        self
    }
    fn reports(&mut self) -> &mut dyn ReportRepo {
        self
    }
    fn sessions(&mut self) -> &mut dyn SessionRepo {
        self
    }
    fn idempotency(&mut self) -> &mut dyn IdempotencyRepo {
        self
    }
    fn outbox(&mut self) -> &mut dyn OutboxRepo {
        self
    }
    fn event_log(&mut self) -> &mut dyn EventLogRepo {
        self
    }
    fn audit(&mut self) -> &mut dyn AuditRepo {
        self
    }
    fn audit_chain(&mut self) -> &mut dyn AuditChainRepo {
        self
    }
    fn inbox(&mut self) -> &mut dyn InboxRepo {
        self
    }
    fn link_codes(&mut self) -> &mut dyn LinkCodeRepo {
        self
    }
    fn chats(&mut self) -> &mut dyn ChatRepo {
        self
    }
    fn dialogues(&mut self) -> &mut dyn DialogueRepo {
        self
    }
    fn messages(&mut self) -> &mut dyn MessageRepo {
        self
    }
    fn leases(&mut self) -> &mut dyn LeaseRepo {
        self
    }
    fn import(&mut self) -> &mut dyn ImportRepo {
        self
    }
    fn invariants(&mut self) -> &mut dyn InvariantRepo {
        self
    }

    async fn commit(self: Box<Self>) -> Result<()> {
        self.usable()?;
        match self.held {
            Held::Reading(_) => Ok(()),
            // Without a deadline: an fsync that takes long must not leave the caller in doubt.
            Held::Writing(transaction) => {
                let asked = Asked::now("COMMIT".into_sql_str(), &self.measures);
                let outcome = transaction.commit().instrument(asked.span.clone()).await;
                asked.is_answered(&self.measures, outcome.is_ok());
                if let Err(error) = outcome.map_err(from_sqlx) {
                    self.obstacle.inspect(|obstacle| obstacle.met(&error));
                    return Err(error);
                }
                self.obstacle.inspect(|obstacle| obstacle.set(None));
                if let Some(waiting) = self.events_pushed.filter(|_| self.tells) {
                    waiting.notify_one();
                }
                Ok(())
            }
        }
    }
}
