//! Backups of a record on PostgreSQL, by PostgreSQL's own programs: nothing else knows all of its
//! types, and every administrator can read what they write.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use sqlx::{Connection, PgConnection};
use store::Store as _;
use url::Url;

use super::archive::{self, Packed};

/// The last words of a dump that was written to its end.
const END: &str = "PostgreSQL database dump complete";

/// Takes away what the dump will make, in its own transaction. What belongs to an extension stays.
const CLEAR: &str = "\
DO $$ DECLARE it record; BEGIN
  FOR it IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
      AND c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
  LOOP EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', it.name); END LOOP;
  FOR it IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', it.name); END LOOP;
  FOR it IN SELECT t.oid::regtype AS name FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace
      AND t.typtype IN ('e', 'd') AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
  LOOP EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', it.name); END LOOP;
END $$;
";

/// Readers of events begin anew. The dump leaves the search path empty.
const NEW_EPOCH: &str = "\nUPDATE public.meta SET epoch = gen_random_uuid();\n";

/// A database as PostgreSQL's programs are told of it.
pub struct Target {
    /// Server.
    pub host: String,
    /// Name.
    pub database: String,
    /// Who.
    pub user: String,
    port: u16,
    password: Option<String>,
    sslmode: Option<String>,
}

impl Target {
    /// The database that `url` names.
    pub fn of(url: &str) -> Result<Self> {
        let rest = url.split_once("://").map(|(_, rest)| rest).context("the database's URL has no scheme")?;
        let url = Url::parse(&format!("postgres://{rest}")).context("the database's URL")?;
        let decoded = |text: &str| {
            let bytes = percent_encoding::percent_decode_str(text);
            bytes.decode_utf8().map(std::borrow::Cow::into_owned).context("the database's URL is not UTF-8")
        };
        let user = decoded(url.username())?;
        let database = decoded(url.path().trim_start_matches('/'))?;
        Ok(Self {
            host: decoded(url.host_str().unwrap_or("localhost"))?,
            port: url.port().unwrap_or(5432),
            database: if database.is_empty() { user.clone() } else { database },
            user,
            password: url.password().map(decoded).transpose()?,
            sslmode: url.query_pairs().find(|(key, _)| key == "sslmode" || key == "ssl").map(|(_, v)| v.into_owned()),
        })
    }

    /// A program of PostgreSQL's that works on it. The password goes through the environment,
    /// where other users of the machine do not see it.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        command.env("PGHOST", &self.host).env("PGPORT", self.port.to_string()).env("PGUSER", &self.user);
        command.env("PGDATABASE", &self.database).env("PGAPPNAME", "gad backup").env("PGCONNECT_TIMEOUT", "10");
        match &self.password {
            Some(password) => command.env("PGPASSWORD", password),
            None => command.env_remove("PGPASSWORD"),
        };
        if let Some(mode) = &self.sslmode {
            command.env("PGSSLMODE", mode);
        }
        command.arg("--no-password");
        command
    }
}

fn start(mut command: Command, name: &str) -> Result<std::process::Child> {
    command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            anyhow::anyhow!("{name} is not installed (Debian: apt-get install postgresql-client)")
        }
        _ => anyhow::Error::new(error).context(format!("cannot start {name}")),
    })
}

fn ended(mut child: std::process::Child, mut said: File, name: &str) -> Result<()> {
    let status = child.wait()?;
    if status.success() {
        return Ok(());
    }
    let mut text = String::new();
    said.rewind()?;
    said.read_to_string(&mut text)?;
    bail!("{name} ended with {status}: {}", text.trim())
}

/// Newest migration in the database.
pub async fn schema(url: &str) -> Result<i64> {
    let store = store_pg::PgStore::connect(url, store_pg::PgOptions::default()).await?;
    let state = store.schema().await;
    store.close().await;
    Ok(state?.found)
}

/// Copies the database, as of the moment of the call, into `file`.
pub fn dump(target: &Target, file: &Path) -> Result<Packed> {
    let said = tempfile::tempfile()?;
    let mut command = target.program("pg_dump");
    command.args(["--format=plain", "--no-owner", "--no-privileges", "--no-comments", "--encoding=UTF8"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(said.try_clone()?);
    let mut child = start(command, "pg_dump")?;
    let mut from = child.stdout.take().context("pg_dump has no output")?;
    let packed = archive::pack(&mut from, file);
    drop(from);
    let outcome = ended(child, said, "pg_dump").and(packed).and_then(|packed| verify(file).map(|()| packed));
    if outcome.is_err() {
        for ending in ["", ".sha256"] {
            // Half a backup is worse than none; the error that is told is the first one.
            let _ = std::fs::remove_file(archive::beside(file, ending));
        }
    }
    outcome
}

/// Whether a dump was written to its end.
pub fn verify(file: &Path) -> Result<()> {
    const TAIL: usize = 4096;
    let mut from = archive::open(file)?;
    let (mut tail, mut part) = (Vec::new(), vec![0; 64 * 1024]);
    loop {
        let read = from.read(&mut part).with_context(|| format!("cannot unpack {}", file.display()))?;
        if read == 0 {
            break;
        }
        tail.extend_from_slice(&part[..read]);
        tail.drain(..tail.len().saturating_sub(TAIL));
    }
    if !String::from_utf8_lossy(&tail).contains(END) {
        bail!("{} is not whole: the dump has no end", file.display());
    }
    Ok(())
}

/// Refuses a database in which somebody works, or that holds what is not ours.
async fn is_ours_alone(url: &str) -> Result<()> {
    let mut connection = PgConnection::connect(url).await.context("cannot reach the database")?;
    let others: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
         AND backend_type = 'client backend'",
    )
    .fetch_one(&mut connection)
    .await?;
    let (tables, ours): (i64, bool) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' \
         AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')), \
         to_regclass('public.meta') IS NOT NULL AND to_regclass('public._sqlx_migrations') IS NOT NULL",
    )
    .fetch_one(&mut connection)
    .await?;
    connection.close().await?;
    if others > 0 {
        bail!("{others} connection(s) to the database are open: stop all replicas first");
    }
    if tables > 0 && !ours {
        bail!("the database holds {tables} table(s) and no record of gad: restore into an empty one");
    }
    Ok(())
}

/// Puts a dump in the place of what the database holds, in one transaction.
pub async fn restore(url: &str, file: &Path) -> Result<()> {
    is_ours_alone(url).await?;
    let target = Target::of(url)?;
    let said = tempfile::tempfile()?;
    let mut command = target.program("psql");
    command.args(["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(said.try_clone()?);
    let mut child = start(command, "psql")?;
    let mut to = child.stdin.take().context("psql has no input")?;
    let fed = to
        .write_all(CLEAR.as_bytes())
        .and_then(|()| io::copy(&mut archive::open(file).map_err(io::Error::other)?, &mut to))
        .and_then(|_| to.write_all(NEW_EPOCH.as_bytes()));
    if fed.is_err() {
        // Without this an input that broke off would be committed as far as it came.
        let _ = child.kill();
    }
    drop(to);
    ended(child, said, "psql").context("nothing was changed")?;
    fed.context("cannot unpack the backup")?;
    let store = store_pg::PgStore::connect(url, store_pg::PgOptions::default()).await?;
    let migrated = store.migrate().await;
    store.close().await;
    migrated.context("the backup cannot be brought up to date")?;
    Ok(())
}
