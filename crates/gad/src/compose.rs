//! The composition root: which parts make an office.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use app::auth::{Hasher, KeyRing, Principals};
use app::report::ReportDesk;
use app::{Context, Parts};
use bus::Bus;
use bus::redis::RedisAddress;
use domain::Rng as _;
use resilience::{CpuPool, Tasks};
use store::Store;

use crate::clock::{SystemClock, SystemRng};
use crate::config::{Server, Settings};
use crate::out;

/// Jobs that may wait for a thread.
const CPU_QUEUE: usize = 256;

/// The record, chosen by the URL's scheme; `serving` takes an embedded one for this process.
pub async fn store(settings: &Settings, serving: bool) -> Result<Arc<dyn Store>> {
    Ok(store_and_tasks(settings, serving).await?.0)
}

/// The same, and the tasks that the record has of its own.
pub async fn store_and_tasks(settings: &Settings, serving: bool) -> Result<(Arc<dyn Store>, Tasks)> {
    let slow = Duration::from_millis(settings.record.slow_query_ms);
    if let Some(url) = settings.record.target()? {
        let max_connections = settings.record.db_pool_size;
        let lookups = settings.record.db_lookups.map_or(store_pg::Lookups::Fitting, store_pg::Lookups::AtMost);
        let options = store_pg::PgOptions { max_connections, lookups, slow, ..Default::default() };
        let store = store_pg::PgStore::connect_to(&url, options).await.with_context(|| {
            let shown = settings.record.database_url.as_deref().map(store_pg::redact).unwrap_or_default();
            format!("cannot reach the database {shown}: is it running, and are host, port, user and password right?")
        })?;
        let tasks = store.tasks().clone();
        return Ok((Arc::new(store), tasks));
    }
    let options = store_sqlite::SqliteOptions { exclusive: serving, slow, ..Default::default() };
    let dir = &settings.record.data_dir;
    let store = store_sqlite::SqliteStore::open(dir, options).await;
    let store = store.with_context(|| format!("cannot open the record in {}", dir.display()))?;
    Ok((Arc::new(store), Tasks::new()))
}

/// The record for a command that only reads: nothing is made or migrated, and neither the database
/// nor its directory need take changes.
pub async fn reading(settings: &Settings) -> Result<Arc<dyn Store>> {
    if settings.record.database_url.is_some() {
        return store(settings, false).await;
    }
    let slow = Duration::from_millis(settings.record.slow_query_ms);
    let options = store_sqlite::SqliteOptions { create: false, slow, ..Default::default() };
    let dir = &settings.record.data_dir;
    let store = match store_sqlite::SqliteStore::open(dir, options.clone()).await {
        Err(store::Error::ReadOnly(_) | store::Error::Denied(_)) => {
            let options = store_sqlite::SqliteOptions { reading: true, ..options };
            store_sqlite::SqliteStore::open(dir, options).await
        }
        outcome => outcome,
    };
    Ok(Arc::new(store.with_context(|| format!("cannot open the record in {}", dir.display()))?))
}

/// The office for a command that only reads, over a record whose schema is that of this program.
///
/// # Errors
/// `SchemaTooOld` where migrations are pending, which only a command that changes something applies.
pub async fn looking(settings: &Settings, store: Arc<dyn Store>) -> Result<(Context, CpuPool)> {
    store.schema().await?.check()?;
    // Nothing is signed here: the secret need not be given, and none is made.
    let secret = hex::encode([SystemRng.uuid().into_bytes(), SystemRng.uuid().into_bytes()].concat());
    assemble(settings, settings.use_cases(), store, Bus::memory(), &[secret])
}

/// Leaves an audit line on what a reading command has done.
///
/// # Errors
/// Also where the record takes no changes: see [`takes_no_changes`].
pub async fn leave_line(settings: &Settings, line: impl AsyncFnOnce(&Context) -> app::Result<()>) -> Result<()> {
    let store = store(settings, false).await?;
    let outcome = match looking(settings, store.clone()).await {
        Ok((cx, _pool)) => line(&cx).await.map_err(anyhow::Error::from),
        Err(error) => Err(error),
    };
    store.close().await;
    outcome
}

/// Leaves an audit line like [`leave_line`], and warns where the record takes no changes.
pub async fn leave_line_or_warn(
    settings: &Settings,
    warning: &str,
    line: impl AsyncFnOnce(&Context) -> app::Result<()>,
) -> Result<()> {
    match leave_line(settings, line).await {
        Err(error) if takes_no_changes(&error) => {
            out::notice(format_args!("gad: warning: {warning}: {error:#}"));
            Ok(())
        }
        outcome => outcome,
    }
}

/// Whether a command failed since the record takes no changes: it is read-only, this account may not
/// write it, or its schema is that of another version.
fn takes_no_changes(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let of_app = cause
            .downcast_ref::<app::Error>()
            .is_some_and(|error| matches!(error, app::Error::ReadOnly(_) | app::Error::Denied(_)));
        let of_store = cause.downcast_ref::<store::Error>().is_some_and(|error| {
            use store::Error::{Denied, ReadOnly, SchemaTooNew, SchemaTooOld};
            matches!(error, ReadOnly(_) | Denied(_) | SchemaTooNew { .. } | SchemaTooOld { .. })
        });
        of_app || of_store
    })
}

/// The office for one command, over a record that is brought up to date.
pub async fn office(settings: &Settings, store: Arc<dyn Store>) -> Result<(Context, CpuPool)> {
    migrate(&*store).await?;
    put_together(settings, settings.use_cases(), store, Bus::memory())
}

/// The record for a process that serves, up to date, and the tasks that it has of its own.
pub async fn migrated_store(settings: &Settings) -> Result<(Arc<dyn Store>, Tasks)> {
    let (store, tasks) = store_and_tasks(settings, true).await?;
    if let Err(error) = migrate(&*store).await {
        store.close().await;
        return Err(error);
    }
    Ok((store, tasks))
}

async fn migrate(store: &dyn Store) -> Result<()> {
    store.migrate().await.context("cannot bring the record up to date").map(drop)
}

/// The bus of a process that serves; what listens to it belongs to `tasks`.
///
/// # Errors
/// When the URL names no Redis.
pub fn bus(server: &Server, tasks: &Tasks) -> Result<Bus> {
    match redis_address(server)? {
        Some(address) => Bus::redis(&address, tasks).context("redis_url"),
        None => Ok(Bus::memory()),
    }
}

/// What is wrong with the settings of a process that serves, as far as it shows without anything that they
/// name being asked. Waiting does not mend any of it.
pub fn problems(settings: &Settings, server: &Server) -> Vec<anyhow::Error> {
    let checks = [
        settings.record.target().map(drop),
        check_secrets(settings),
        settings.audit_desk().map(drop),
        redis_address(server).map(drop),
        server.telegram.address().map(drop),
        server.wire.certificate().map(drop),
    ];
    checks.into_iter().filter_map(Result::err).collect()
}

/// Checks the secrets that are given; an embedded office without any makes its own on first use.
fn check_secrets(settings: &Settings) -> Result<()> {
    if settings.office.secret_key.is_none() && settings.record.database_url.is_none() {
        return Ok(());
    }
    let given = settings.office.secrets(None, &SystemRng).context("secret_key")?;
    KeyRing::new(&given, String::new()).context("secret_key (SECRET_KEY)").map(drop)
}

/// The office that is served, over a record that is up to date.
pub fn serving(settings: &Settings, server: &Server, store: Arc<dyn Store>, bus: Bus) -> Result<(Context, CpuPool)> {
    let mut office = settings.use_cases();
    office.event_retention = chrono::TimeDelta::days(server.event_days);
    office.audit.checkpoint_lines = server.audit_checkpoint_lines;
    office.audit.checkpoint_age = chrono::TimeDelta::minutes(server.audit_checkpoint_minutes);
    put_together(settings, office, store, bus)
}

/// Where Redis is, by the settings; `None` where there is none.
///
/// # Errors
/// When the settings name no Redis, or have parts that would be ignored.
pub fn redis_address(server: &Server) -> Result<Option<RedisAddress>> {
    let read = |url: &String| RedisAddress::read(url, server.redis_ca_file.as_deref());
    server.redis_url.as_ref().map(read).transpose().context("redis_url")
}

fn put_together(
    settings: &Settings,
    office: app::Settings,
    store: Arc<dyn Store>,
    bus: Bus,
) -> Result<(Context, CpuPool)> {
    assemble(settings, office, store, bus, &settings.secrets(&SystemRng)?)
}

fn assemble(
    settings: &Settings,
    office: app::Settings,
    store: Arc<dyn Store>,
    bus: Bus,
    secrets: &[String],
) -> Result<(Context, CpuPool)> {
    let rng = Arc::new(SystemRng);
    let keys = KeyRing::new(secrets, office.issuer()).context("SECRET_KEY")?;
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let pool = CpuPool::new(threads, CPU_QUEUE)?;
    let cx = Context::new(Parts {
        store,
        bus,
        clock: Arc::new(SystemClock),
        rng,
        keys,
        hasher: Hasher::new(pool.clone())?,
        reports: ReportDesk::new(pool.clone()),
        principals: Principals::new(office.auth.principal_ttl),
        settings: office,
        audit: settings.audit_desk()?,
        freed_officers: app::dispatch::FreedOfficers::default(),
        screens: app::presence::LiveScreens::default(),
    });
    Ok((cx, pool))
}
