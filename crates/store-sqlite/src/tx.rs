//! A transaction on the one writer, or a connection for reading.

use async_trait::async_trait;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, Transaction};
use store::audit::AuditRepo;
use store::geo::GeoRepo;
use store::history::HistoryRepo;
use store::idempotency::IdempotencyRepo;
use store::import::ImportRepo;
use store::metrics::MetricsRepo;
use store::officer::OfficerRepo;
use store::outbox::OutboxRepo;
use store::position::PositionRepo;
use store::session::SessionRepo;
use store::stats::StatsRepo;
use store::task::TaskRepo;
use store::user::UserRepo;
use store::{Result, Tx};

use crate::error::timed;

/// Implements every repository and returns itself.
pub(crate) struct SqliteTx(Connection);

enum Connection {
    Read(PoolConnection<Sqlite>),
    // Rolls back when dropped without a commit.
    Write(Transaction<'static, Sqlite>),
}

impl SqliteTx {
    pub fn read(conn: PoolConnection<Sqlite>) -> Self {
        Self(Connection::Read(conn))
    }

    pub fn write(tx: Transaction<'static, Sqlite>) -> Self {
        Self(Connection::Write(tx))
    }

    pub fn conn(&mut self) -> &mut SqliteConnection {
        match &mut self.0 {
            Connection::Read(conn) => conn,
            Connection::Write(tx) => tx,
        }
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
    fn history(&mut self) -> &mut dyn HistoryRepo {
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
    fn sessions(&mut self) -> &mut dyn SessionRepo {
        self
    }
    fn idempotency(&mut self) -> &mut dyn IdempotencyRepo {
        self
    }
    fn outbox(&mut self) -> &mut dyn OutboxRepo {
        self
    }
    fn audit(&mut self) -> &mut dyn AuditRepo {
        self
    }
    fn import(&mut self) -> &mut dyn ImportRepo {
        self
    }

    async fn commit(self: Box<Self>) -> Result<()> {
        match self.0 {
            Connection::Read(_) => Ok(()),
            Connection::Write(tx) => timed(tx.commit()).await,
        }
    }
}
