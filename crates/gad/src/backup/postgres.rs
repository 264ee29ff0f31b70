//! Backups of a record on PostgreSQL, by PostgreSQL's own programs: nothing else knows all of its
//! types, and every administrator can read what they write.
//!
//! A dump holds the schema of the record and nothing else: extensions and their tables belong to a
//! superuser, and a role that owns just the record could not put them back.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read, Seek, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use store::Store as _;
use store_pg::{DatabaseUrl, PgOptions, PgStore, SchemaPlace, literal, of_no_extension};

use super::Meta;
use super::archive::{self, Packed};
use super::dump::AlreadyThere;

/// The last words of a dump that was written to its end.
const END: &str = "PostgreSQL database dump complete";
/// The schema of dumps that do not say theirs, and that of PostGIS in them.
const PUBLIC: &str = "public";
/// How long a connection that was closed may still be shown.
const ENDING: Duration = Duration::from_secs(1);

/// What a dump was taken of.
pub struct Dumped {
    /// The file.
    pub packed: Packed,
    /// Newest migration in it.
    pub version: i64,
    /// What the database said of itself.
    pub place: SchemaPlace,
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Takes away from `schema` what the dump will make, in its own transaction. What belongs to an
/// extension stays.
fn clearing(schema: &str) -> String {
    let schema = literal(&quoted(schema));
    format!(
        "SET client_min_messages = warning;
DO $$ DECLARE it record; BEGIN
  FOR it IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace = {schema}::regnamespace
      AND c.relkind IN ('r', 'p') AND {}
  LOOP EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', it.name); END LOOP;
  FOR it IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE p.pronamespace = {schema}::regnamespace AND {}
  LOOP EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', it.name); END LOOP;
  FOR it IN SELECT t.oid::regtype AS name FROM pg_type t WHERE t.typnamespace = {schema}::regnamespace
      AND t.typtype IN ('e', 'd') AND {}
  LOOP EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', it.name); END LOOP;
END $$;
",
        of_no_extension("c"),
        of_no_extension("p"),
        of_no_extension("t")
    )
}

/// A program of PostgreSQL's that works on the database. The password goes through the environment,
/// where other users of the machine do not see it.
fn program(url: &DatabaseUrl, name: &str) -> Result<Command> {
    let mut command = Command::new(name);
    // What the URL leaves open was taken from these already; others would change the target.
    for (variable, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
        command.env_remove(variable);
    }
    command.envs(url.program_environment()?).env("PGAPPNAME", "gad backup").arg("--no-password");
    Ok(command)
}

fn start(mut command: Command, name: &str) -> Result<std::process::Child> {
    command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
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

async fn version(url: &DatabaseUrl) -> Result<i64> {
    let store = PgStore::connect_to(url, PgOptions::default()).await?;
    let state = store.schema().await;
    store.close().await;
    Ok(state?.found)
}

/// Tables and sequences that belong to an extension, as statements write them.
async fn of_extensions(connection: &mut PgConnection) -> Result<Vec<String>> {
    let sql = "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_depend d \
        JOIN pg_class c ON c.oid = d.objid JOIN pg_namespace n ON n.oid = c.relnamespace \
        WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e' AND c.relkind IN ('r', 'p', 'S')";
    Ok(sqlx::query_scalar(sql).fetch_all(connection).await?)
}

/// Copies the record, as of the moment of the call, into `file`.
pub async fn dump(url: &DatabaseUrl, file: &Path) -> Result<Dumped> {
    let place = SchemaPlace::look(url).await?;
    let version = version(url).await?;
    let schema =
        place.schema.clone().filter(|_| place.owner.is_some()).context("there is no record in the database")?;
    let mut connection = url.connect().await?;
    let of_extensions = of_extensions(&mut connection).await?;
    connection.close().await?;
    let said = tempfile::tempfile()?;
    let mut command = program(url, "pg_dump")?;
    command.args(["--format=plain", "--no-owner", "--no-privileges", "--no-comments", "--encoding=UTF8"]);
    command.arg(format!("--schema={}", quoted(&schema)));
    // They would come along with their schema.
    command.args(of_extensions.iter().map(|table| format!("--exclude-table={table}")));
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
    Ok(Dumped { packed: outcome?, version, place })
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

/// Refuses a database in which a replica works, or whose schema holds what is not ours.
async fn is_ours_alone(connection: &mut PgConnection, place: &SchemaPlace, schema: &str) -> Result<()> {
    // Of other roles' connections a role sees neither the kind nor the program's name.
    let counted = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
         AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND (usename IN (session_user, current_user, $1) OR application_name LIKE 'gad%')";
    let deadline = Instant::now() + ENDING;
    loop {
        let count = sqlx::query_scalar::<_, i64>(counted).bind(place.owner.as_deref());
        match count.fetch_one(&mut *connection).await? {
            0 => break,
            // One that was just closed, also by this command, is shown for a moment.
            _ if Instant::now() < deadline => tokio::time::sleep(ENDING / 20).await,
            others => bail!("{others} connection(s) to the database are open: stop all replicas first"),
        }
    }
    let counted = format!(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 \
         AND c.relkind = 'r' AND {}",
        of_no_extension("c")
    );
    let tables: i64 = sqlx::query_scalar(AssertSqlSafe(counted)).bind(schema).fetch_one(&mut *connection).await?;
    if tables > 0 && place.owner.is_none() {
        bail!(
            "schema {schema} of the database holds {tables} table(s) and no record of gad: restore into an empty one"
        );
    }
    Ok(())
}

/// The role that will own what is restored: who owns the record that is there; in an empty database
/// whom a superuser made it for; and who signs in otherwise.
async fn owner_to_be(connection: &mut PgConnection, place: &SchemaPlace, meta: &Meta) -> Result<String> {
    if let Some(owner) = &place.owner {
        return Ok(owner.clone());
    }
    let found: Option<String> = sqlx::query_scalar(
        "SELECT r.rolname::text FROM pg_roles r JOIN pg_roles own ON own.rolname = current_user AND own.rolsuper \
         JOIN pg_database d ON d.datname = current_database() \
         WHERE NOT r.rolsuper AND (r.oid = d.datdba OR r.rolname = $1) ORDER BY r.oid = d.datdba DESC LIMIT 1",
    )
    .bind(meta.user.as_deref())
    .fetch_optional(connection)
    .await?;
    Ok(found.unwrap_or_else(|| place.role.clone()))
}

/// Puts a dump in the place of what the schema holds, in one transaction. Gives the role that owns
/// the tables afterwards.
pub async fn restore(url: &DatabaseUrl, file: &Path, meta: &Meta) -> Result<String> {
    let place = SchemaPlace::look(url).await?;
    let mut connection = url.connect().await?;
    let owner = owner_to_be(&mut connection, &place, meta).await?;
    // As the role that signs in, which may be allowed to make the extension.
    let prepared = SchemaPlace::prepare(url).await?;
    let url = if owner == place.role { url.clone() } else { url.clone().with_option("role", &owner) };
    let place = if owner == place.role { prepared } else { SchemaPlace::prepare(&url).await? };
    let schema = meta.schema_name.as_deref().unwrap_or(PUBLIC);
    let (here, postgis) = (place.schema.as_deref().unwrap_or_default(), place.postgis.as_deref().unwrap_or_default());
    if here != schema {
        bail!(
            "the backup holds schema {schema}, and role {} works in schema {here}: restore with a role whose search \
             path begins with {schema}",
            place.role
        );
    }
    let of_backup = meta.postgis_schema.as_deref().unwrap_or(PUBLIC);
    if postgis != of_backup {
        bail!(
            "the backup needs PostGIS in schema {of_backup}, here it is in schema {postgis}: restore into a database \
             that was made with CREATE EXTENSION postgis SCHEMA {}",
            quoted(of_backup)
        );
    }
    is_ours_alone(&mut connection, &place, schema).await?;
    let schemas: Vec<String> =
        sqlx::query_scalar("SELECT quote_ident(nspname) FROM pg_namespace").fetch_all(&mut connection).await?;
    let of_extensions = of_extensions(&mut connection).await?;
    connection.close().await?;
    let present =
        AlreadyThere { schemas: schemas.into_iter().collect(), of_extensions: of_extensions.into_iter().collect() };
    feed(&url, file, schema, &present)?;
    let store = PgStore::connect_to(&url, PgOptions::default()).await?;
    let migrated = store.migrate().await;
    store.close().await;
    migrated.context("the backup cannot be brought up to date")?;
    Ok(owner)
}

fn feed(url: &DatabaseUrl, file: &Path, schema: &str, present: &AlreadyThere) -> Result<()> {
    let said = tempfile::tempfile()?;
    let mut command = program(url, "psql")?;
    command.args(["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(said.try_clone()?);
    let mut child = start(command, "psql")?;
    let mut to = child.stdin.take().context("psql has no input")?;
    // Readers of events begin again. The dump leaves the search path empty.
    let new_epoch = format!("\nUPDATE {}.meta SET epoch = gen_random_uuid();\n", quoted(schema));
    let fed = to
        .write_all(clearing(schema).as_bytes())
        .and_then(|()| {
            let dump = archive::open(file).map_err(std::io::Error::other)?;
            present.pass(BufReader::new(dump), &mut to)
        })
        .and_then(|()| to.write_all(new_epoch.as_bytes()));
    if fed.is_err() {
        // Without this an input that broke off would be committed as far as it came.
        let _ = child.kill();
    }
    drop(to);
    ended(child, said, "psql").context("nothing was changed")?;
    fed.context("cannot unpack the backup")
}
