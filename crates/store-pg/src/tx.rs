//! A transaction, or a connection for reading.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::TryStreamExt;
use resilience::{Leave, Spent, deadline};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Either, Executor, SqlSafeStr, SqlStr};
use store::assignment::AssignmentRepo;
use store::audit::AuditRepo;
use store::audit_chain::AuditChainRepo;
use store::dispatch::DispatchRepo;
use store::event_log::EventLogRepo;
use store::geo::GeoRepo;
use store::history::HistoryRepo;
use store::idempotency::IdempotencyRepo;
use store::report::ReportRepo;
use store::session::SessionRepo;
use store::stats::StatsRepo;
use store::task::TaskRepo;
use store::telegram::{ChatRepo, DialogueRepo, InboxRepo, MessageRepo};
use store::user::UserRepo;
use store::{Error, Obstacle, Result, Tx};
use store::{
    import::ImportRepo, invariant::InvariantRepo, lease::LeaseRepo, link::LinkCodeRepo, metrics::MetricsRepo,
    note::NoteRepo, officer::OfficerRepo, outbox::OutboxRepo, position::PositionRepo,
};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tracing::Instrument;

use crate::error::{crowded, from_sqlx, is_dead, is_of_standby, not_asked, noted, unavailable};
use crate::handle::Shared;
use crate::pool::Pooled;
use crate::rollback::Left;
use crate::statement::Statement;

/// Time that the server has to say that a deadline passed, before the client gives up on it.
const GRACE: Duration = Duration::from_millis(500);

/// Longest wait for rollbacks of this process before a change begins.
const SETTLE: Duration = Duration::from_millis(100);

/// Implements every repository and returns itself.
pub(crate) struct PgTx {
    // `None` only while it is dropped or exchanged.
    link: Option<Pooled>,
    // Among others of its kind, as long as it holds its connection.
    turn: Option<OwnedSemaphorePermit>,
    mode: Mode,
    // Somebody waits for the events that the commit will make known.
    tells: bool,
    // After a failed statement PostgreSQL takes a COMMIT for a ROLLBACK, and says so only softly.
    failed: bool,
    shared: Arc<Shared>,
    in_hand: Option<TaskTrackerToken>,
    _leave: Leave,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Read,
    Write,
}

/// What kind of deadline a query has when it stands alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    Point,
    Spatial,
}

enum Message {
    Query(sqlx::query::Query<'static, sqlx::Postgres, PgArguments>),
    Words(SqlStr),
}

/// Rows, and how many were changed.
#[derive(Default)]
struct Answer {
    rows: Vec<PgRow>,
    changed: u64,
}

impl PgTx {
    /// For reading. The first question takes a connection, since it tells which turn to wait for.
    pub fn read(shared: Arc<Shared>) -> Result<Self> {
        if shared.pool.is_closed() {
            return Err(unavailable("the record is closed"));
        }
        let leave = shared.dependency.leave().map_err(not_asked)?;
        Ok(Self::on(None, Mode::Read, shared, leave))
    }

    /// A transaction. A connection that turns out to be dead is exchanged once.
    pub async fn write(shared: Arc<Shared>) -> Result<Self> {
        shared.turns.settle(SETTLE).await;
        let mut again = true;
        loop {
            let leave = shared.dependency.leave().map_err(not_asked)?;
            let turn = shared.queue.change().await;
            let mut link = shared.link().await?;
            link.in_tx = true;
            let mut tx = Self::on(Some(link), Mode::Write, Arc::clone(&shared), leave);
            tx.turn = turn;
            match tx.say(shared.begin()).await {
                Ok(()) => return Ok(tx),
                Err(Error::Unavailable { .. }) if again && tx.link.is_none() && shared.dependency.may_retry() => {
                    again = false;
                }
                // A standby refuses to begin what may write, as a feature that it does not support.
                Err(Error::Internal(source)) if is_of_standby(&*source) => {
                    shared.obstacle.set(Some(Obstacle::ReadOnly));
                    return Err(Error::ReadOnly(source));
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn on(link: Option<Pooled>, mode: Mode, shared: Arc<Shared>, leave: Leave) -> Self {
        let in_hand = Some(shared.in_hand.token());
        Self { link, turn: None, mode, tells: false, failed: false, shared, in_hand, _leave: leave }
    }

    /// When many officers were last seen to be eligible.
    pub fn seen_many(&self) -> Option<Instant> {
        self.shared.many_at.lock().ok().and_then(|at| *at)
    }

    /// Notes whether many officers are eligible.
    pub fn note_many(&self, are_many: bool) {
        if let Ok(mut at) = self.shared.many_at.lock() {
            *at = are_many.then(Instant::now);
        }
    }

    /// Notes that the commit makes events known.
    pub fn tells_events(&mut self) {
        self.tells = true;
    }

    /// All rows.
    pub async fn all(&mut self, statement: Statement) -> Result<Vec<PgRow>> {
        Ok(self.run(Work::Point, statement).await?.rows)
    }

    /// All rows of a question about places.
    pub async fn all_around(&mut self, statement: Statement) -> Result<Vec<PgRow>> {
        Ok(self.run(Work::Spatial, statement).await?.rows)
    }

    /// The first row, if any.
    pub async fn first(&mut self, statement: Statement) -> Result<Option<PgRow>> {
        Ok(self.all(statement).await?.into_iter().next())
    }

    /// The only row.
    pub async fn only(&mut self, statement: Statement) -> Result<PgRow> {
        self.first(statement).await?.ok_or_else(|| from_sqlx(sqlx::Error::RowNotFound))
    }

    /// How many rows a change touched.
    pub async fn change(&mut self, statement: Statement) -> Result<u64> {
        Ok(self.run(Work::Point, statement).await?.changed)
    }

    async fn run(&mut self, work: Work, statement: Statement) -> Result<Answer> {
        let mut again = self.mode == Mode::Read;
        let _room = if work == Work::Spatial { self.room_for_maps().await? } else { None };
        loop {
            if self.link.is_none() {
                if self.mode == Mode::Write {
                    return Err(unavailable("the transaction was lost with its connection"));
                }
                if work == Work::Point && self.turn.is_none() {
                    self.turn = self.shared.queue.lookup().await;
                }
                self.link = Some(self.shared.link().await?);
            }
            let query = statement.query().map_err(from_sqlx)?;
            match self.send(self.limit(work), statement.text(), Message::Query(query)).await {
                Err(Error::Unavailable { .. })
                    if again && self.link.is_none() && self.shared.dependency.may_retry() =>
                {
                    again = false;
                }
                // Only a defect of ours would change something while reading.
                Err(Error::ReadOnly(source)) if self.mode == Mode::Read => return Err(Error::Internal(source)),
                outcome => return outcome,
            }
        }
    }

    /// Room for a question about places; a change has it always. Whoever has to wait for it gives the
    /// connection back meanwhile.
    async fn room_for_maps(&mut self) -> Result<Option<OwnedSemaphorePermit>> {
        if self.mode == Mode::Write {
            return Ok(None);
        }
        let maps = Arc::clone(&self.shared.maps);
        if let Ok(room) = Arc::clone(&maps).try_acquire_owned() {
            return Ok(Some(room));
        }
        (self.link, self.turn) = (None, None);
        match deadline("room for maps", self.shared.options.acquire_wait, maps.acquire_owned()).await {
            Ok(room) => room.map(Some).map_err(unavailable),
            Err(_) => Err(crowded("too many questions about places")),
        }
    }

    /// Sends words without parameters: BEGIN, COMMIT, savepoints.
    pub async fn say(&mut self, words: impl SqlSafeStr) -> Result<()> {
        let words = words.into_sql_str();
        self.send(self.shared.options.write + GRACE, words.clone(), Message::Words(words)).await?;
        Ok(())
    }

    /// Goes on after `ROLLBACK TO SAVEPOINT` has mended a failed statement.
    pub fn mended(&mut self) {
        self.failed = false;
    }

    /// Sends a message and reads its answer to the end. A dead connection is dropped at once.
    async fn send(&mut self, limit: Duration, text: SqlStr, message: Message) -> Result<Answer> {
        let Some(link) = &mut self.link else { return Err(unavailable("the connection is lost")) };
        link.busy = true;
        let begun = Instant::now();
        let stream = match message {
            Message::Query(query) => link.conn.fetch_many(query),
            Message::Words(words) => link.conn.fetch_many(words),
        };
        let answer = stream.try_fold(Answer::default(), |mut answer, part| async {
            match part {
                Either::Left(done) => answer.changed += done.rows_affected(),
                Either::Right(row) => answer.rows.push(row),
            }
            Ok(answer)
        });
        let outcome = deadline("postgresql", limit, answer.instrument(self.shared.measures.query(text.as_str()))).await;
        let took = begun.elapsed();
        self.shared.measures.queried(text.as_str(), took, matches!(outcome, Ok(Ok(_))));
        Spent::note_query(took);
        self.failed |= !matches!(outcome, Ok(Ok(_)));
        if let Some(noted) = noted(&outcome, limit) {
            self.shared.dependency.note(noted, took);
        }
        match outcome {
            Ok(Err(error)) if is_dead(&error) => {
                tracing::warn!(error = %error, "a connection to the database was lost");
                if let Some(link) = self.link.take() {
                    self.shared.pool.found_dead();
                    link.throw_away();
                }
                Err(from_sqlx(error))
            }
            Ok(answer) => {
                link.busy = false;
                let answer = answer.map_err(from_sqlx);
                if let (Mode::Write, Err(error)) = (self.mode, &answer) {
                    self.shared.obstacle.met(error);
                }
                answer
            }
            // The answer is still to come: whoever cleans the connection reads it.
            Err(elapsed) => Err(unavailable(elapsed)),
        }
    }

    fn limit(&self, work: Work) -> Duration {
        let options = &self.shared.options;
        match (self.mode, work) {
            (Mode::Write, _) => options.write + GRACE,
            // The server's own limit is the spatial one, so this one is held here alone.
            (Mode::Read, Work::Point) => options.point,
            (Mode::Read, Work::Spatial) => options.spatial + GRACE,
        }
    }
}

impl Drop for PgTx {
    fn drop(&mut self) {
        let (Some(link), Some(in_hand)) = (self.link.take(), self.in_hand.take()) else { return };
        if (link.busy || link.in_tx)
            && let Err(refused) = {
                // A statement that is still at work may take its whole deadline: nobody waits for that.
                let turn = if link.busy { None } else { self.shared.turns.join() };
                self.shared.left.send(Left { link, in_hand, turn })
            }
        {
            // Nobody is there to roll back, so the server must: it does when the connection ends.
            refused.0.link.throw_away();
        }
    }
}

#[async_trait]
impl Tx for PgTx {
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

    async fn commit(mut self: Box<Self>) -> Result<()> {
        if self.mode == Mode::Read {
            return Ok(());
        }
        if self.failed {
            return Err(Error::Internal("a statement of this transaction failed, so it cannot be committed".into()));
        }
        self.say("COMMIT").await?;
        self.shared.obstacle.set(None);
        if let Some(link) = &mut self.link {
            link.in_tx = false;
        }
        if self.tells {
            self.shared.events_pushed.notify_one();
        }
        Ok(())
    }
}
