//! `gad doctor`: what an operator would look at first, in one table.

mod exposition;
mod finding;
mod live;

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use app::DispatchSettings;
use app::auth::KeyRing;
use clap::Args;
use domain::{Clock as _, Priority};
use store::Store;
use url::Url;

use crate::clock::{SystemClock, SystemRng};
use crate::compose;
use crate::config::Settings;

use self::finding::{Findings, Verdict};

/// What to look at.
#[derive(Args)]
pub struct Options {
    /// Also read the whole record for damage; takes a while on a large one.
    #[arg(long, conflicts_with = "live")]
    deep: bool,
    /// Ask the process that serves for its tasks, its runtime and what it depends on.
    #[arg(long)]
    live: bool,
    /// Where it listens, for --live.
    #[arg(long, default_value = "http://127.0.0.1:8000", value_name = "URL", value_parser = crate::http::address)]
    url: Url,
    /// What it wants to see before it shows figures, for --live.
    #[arg(long, env = "GAD_METRICS_TOKEN", hide_env_values = true, value_name = "SECRET")]
    metrics_token: Option<String>,
    /// As JSON, for scripts.
    #[arg(long)]
    json: bool,
}

/// A record that answers slower than this makes every request slow.
const SLOW: Duration = Duration::from_millis(50);
/// Permissions of group and others.
const OTHERS: u32 = 0o077;
/// Less free room than this share of the file system wants attention.
const LITTLE_ROOM: f64 = 0.15;

/// Looks, prints, and fails when something is broken.
pub async fn doctor(settings: &Settings, options: Options) -> Result<()> {
    if options.live {
        let target = live::Target { url: &options.url, token: options.metrics_token.as_deref() };
        return live::live(&target, options.json).await;
    }
    let mut findings = Findings::default();
    secrets(settings, &mut findings);
    let embedded = settings.record.database_url.is_none();
    if embedded {
        directory(settings, &mut findings);
    }
    if settings.record.exists() {
        changes(settings, &mut findings).await;
        match compose::reading(settings).await {
            Ok(store) => {
                if record(&store, &mut findings).await {
                    people(&store, &mut findings).await;
                    identities(&store, &mut findings).await;
                    invariants(&store, &mut findings).await;
                    dispatch(&store, &settings.use_cases().dispatch, &mut findings).await;
                }
                store.close().await;
                if options.deep && embedded {
                    damage(settings, &mut findings).await;
                }
            }
            Err(error) => findings.note("record", Verdict::Broken, format!("{error:#}")),
        }
    }
    findings.print(options.json)?;
    findings.outcome()
}

fn secrets(settings: &Settings, findings: &mut Findings) {
    const WHAT: &str = "secrets";
    let own = settings.record.data_dir.join("secret.key");
    if settings.office.secret_key.is_none() && settings.record.database_url.is_none() && !own.exists() {
        findings.note(WHAT, Verdict::Well, "none yet: the office makes its own on first use");
        return;
    }
    let given = settings.secrets(&SystemRng);
    match given.and_then(|given| Ok(KeyRing::new(&given, String::new()).map(|_| given.len())?)) {
        Ok(count) => findings.note(WHAT, Verdict::Well, format!("{count} secret(s) sign or check tokens")),
        Err(error) => findings.note(WHAT, Verdict::Broken, format!("{error:#}")),
    }
}

fn directory(settings: &Settings, findings: &mut Findings) {
    const WHAT: &str = "data directory";
    let dir = &settings.record.data_dir;
    let Ok(about) = std::fs::metadata(dir) else {
        findings.note(WHAT, Verdict::Warning, format!("{} is not there yet: `gad migrate` makes it", dir.display()));
        return;
    };
    let mode = about.permissions().mode() & 0o777;
    if mode & OTHERS == 0 {
        findings.note(WHAT, Verdict::Well, format!("{} is the owner's alone", dir.display()));
    } else {
        let said = format!("others can look into it (mode {mode:o}): run chmod 700 {}", dir.display());
        findings.note(WHAT, Verdict::Warning, said);
    }
    match tempfile::tempfile_in(dir) {
        Ok(_) => {}
        Err(error) if matches!(error.kind(), ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied) => {
            let said = format!(
                "{} is read-only for this account ({error}): it can be looked at, not served from",
                dir.display()
            );
            findings.note(WHAT, Verdict::Warning, said);
        }
        Err(error) => {
            findings.note(WHAT, Verdict::Broken, format!("nothing can be written in {}: {error}", dir.display()));
        }
    }
    if let Some(used) = crate::figures::disk_used_percent(dir) {
        let free = 1.0 - used / 100.0;
        let verdict = if free < LITTLE_ROOM { Verdict::Warning } else { Verdict::Well };
        findings.note("disk", verdict, format!("{:.0} % of the file system is free", free * 100.0));
    }
}

/// Whether a database on PostgreSQL takes changes, and whether its tables belong to who signs in.
async fn changes(settings: &Settings, findings: &mut Findings) {
    const WHAT: &str = "changes";
    let place = match settings.record.target() {
        Ok(Some(url)) => store_pg::SchemaPlace::look(&url).await,
        // What is wrong in the URL is said of the record, which cannot be reached without it.
        Ok(None) | Err(_) => return,
    };
    match place {
        Ok(place) if place.is_standby => {
            let said = "the server is a standby, which is read-only: give the URL of the primary, or promote it";
            findings.note(WHAT, Verdict::Warning, said);
        }
        Ok(place) if place.owner.is_some() && !place.acts_as_owner => {
            let owner = place.owner.unwrap_or_default();
            let said = format!(
                "the tables belong to role {owner}, and the URL signs in as role {}: the next migration will be refused",
                place.role
            );
            findings.note(WHAT, Verdict::Warning, said);
        }
        Ok(_) => findings.note(WHAT, Verdict::Well, "the server takes them"),
        // Said of the record, too.
        Err(_) => {}
    }
}

/// Looks at the record itself; whether its schema is up to date, so that more can be read.
async fn record(store: &Arc<dyn Store>, findings: &mut Findings) -> bool {
    match store.info().await {
        Ok(info) => {
            let size = indicatif::HumanBytes(info.size_bytes);
            findings.note("record", Verdict::Well, format!("{}, {size}", info.version));
        }
        Err(error) => findings.note("record", Verdict::Broken, chain(error)),
    }
    match store.ping().await {
        Ok(took) => {
            let verdict = if took > SLOW { Verdict::Warning } else { Verdict::Well };
            findings.note("answer time", verdict, format!("{:.1} ms", took.as_secs_f64() * 1e3));
        }
        Err(error) => findings.note("answer time", Verdict::Broken, chain(error)),
    }
    match store.schema().await {
        Ok(state) if state.found > state.known => {
            let said = format!("schema {}, newer than this program's {}: upgrade gad", state.found, state.known);
            findings.note("schema", Verdict::Broken, said);
            return false;
        }
        Ok(state) if state.pending > 0 => {
            let said = format!("{} migration(s) pending: `gad serve` or `gad migrate` applies them", state.pending);
            findings.note("schema", Verdict::Warning, said);
            return false;
        }
        Ok(state) => findings.note("schema", Verdict::Well, format!("{}, up to date", state.found)),
        Err(error) => {
            findings.note("schema", Verdict::Broken, chain(error));
            return false;
        }
    }
    match store.epoch().await {
        Ok(epoch) => findings.note("epoch", Verdict::Well, epoch.to_string()),
        Err(error) => findings.note("epoch", Verdict::Broken, chain(error)),
    }
    true
}

async fn people(store: &Arc<dyn Store>, findings: &mut Findings) {
    let overview = async {
        let mut tx = store.read().await?;
        let administered = tx.users().has_administrator().await?;
        Ok::<_, store::Error>((administered, tx.stats().overview().await?))
    };
    match overview.await {
        Ok((administered, all)) => {
            if administered {
                findings.note("administrator", Verdict::Well, "there is one");
            } else {
                let said =
                    "none can sign in: make one with `gad user create --nivel 3 --verificado …` or `gad user level`";
                findings.note("administrator", Verdict::Warning, said);
            }
            let said = format!(
                "{} users, {} officers ({} available), {} tasks ({} under way)",
                all.users, all.officers, all.available, all.tasks, all.in_progress
            );
            findings.note("office", Verdict::Well, said);
        }
        Err(error) => findings.note("office", Verdict::Broken, chain(error)),
    }
}

/// Whether users or officers share what identifies them, in several writings.
async fn identities(store: &Arc<dyn Store>, findings: &mut Findings) {
    const WHAT: &str = "identities";
    const SHOWN: u32 = 50;
    let repeated = async { store.read().await?.users().repeated_identities(SHOWN).await };
    match repeated.await {
        Ok(rows) if rows.is_empty() => {
            findings.note(WHAT, Verdict::Well, "no DNI, e-mail or internal code is there in several writings");
        }
        Ok(rows) => {
            let rows: Vec<String> = rows.iter().map(|row| format!("{}.{} {}", row.table, row.field, row.id)).collect();
            let said = format!(
                "another row has the same in another writing: {}. Correct it, or delete the row that is too many",
                rows.join(", ")
            );
            findings.note(WHAT, Verdict::Warning, said);
        }
        Err(error) => findings.note(WHAT, Verdict::Broken, chain(error)),
    }
}

/// Whether rows of several tables contradict each other.
async fn invariants(store: &Arc<dyn Store>, findings: &mut Findings) {
    const WHAT: &str = "invariants";
    const SHOWN: usize = 20;
    let violations = async { store.read().await?.invariants().violations().await };
    match violations.await {
        Ok(rows) if rows.is_empty() => findings.note(WHAT, Verdict::Well, "no row contradicts another"),
        Ok(rows) => {
            let named = rows.iter().take(SHOWN).map(ToString::to_string);
            let seen = format!("{} row(s) contradict others: {}", rows.len(), named.collect::<Vec<_>>().join(", "));
            findings.note(WHAT, Verdict::Warning, seen);
        }
        Err(error) => findings.note(WHAT, Verdict::Broken, chain(error)),
    }
}

/// Whether every open emergency has an officer or waits for one, how long they wait, and whether
/// officers have deadlines.
async fn dispatch(store: &Arc<dyn Store>, settings: &DispatchSettings, findings: &mut Findings) {
    const WHAT: &str = "dispatch";
    const DEADLINES: &str = "acknowledgement";
    let now = SystemClock.now();
    match app::dispatch::health(store, now).await {
        Ok(health) => {
            if health.unattended.is_empty() {
                findings.note(WHAT, Verdict::Well, "every open emergency has an officer or waits for one");
            } else {
                let ids: Vec<String> = health.unattended.iter().map(ToString::to_string).collect();
                let seen = format!(
                    "open emergencies without an officer that do not wait for one: tasks {}. Assign an officer to each, \
                     and report the defect",
                    ids.join(", ")
                );
                findings.note(WHAT, Verdict::Broken, seen);
            }
            if health.waiting > 0 {
                let (waited, limit) = (health.longest_wait(now).num_seconds(), settings.waiting_limit.num_seconds());
                let count = health.waiting;
                let seen = if waited > limit {
                    format!(
                        "{count} wait for a free officer, the oldest one for {waited} s, beyond the limit of {limit} s: \
                         assign an officer by hand"
                    )
                } else {
                    format!("{count} wait for a free officer, the oldest one for {waited} s")
                };
                findings.note("emergencies", Verdict::Warning, seen);
            }
        }
        Err(error) => findings.note(WHAT, Verdict::Broken, chain(error)),
    }
    let unlinked = async { store.read().await?.dispatch().is_import_unlinked().await };
    let is_off = |priority: &Priority| !settings.deadlines(*priority).is_on();
    match unlinked.await {
        Ok(true) if !settings.deadlines_chosen => {
            let seen = "deadlines are off: the office was imported and no officer has a linked Telegram account yet; \
                link one, or set ack_seconds";
            findings.note(DEADLINES, Verdict::Warning, seen);
        }
        Ok(_) if Priority::ALL.iter().any(is_off) => {
            let seen = "deadlines are off (ack_seconds is 0): a call that its officer does not accept is not escalated";
            findings.note(DEADLINES, Verdict::Warning, seen);
        }
        Ok(_) => {
            let seconds = settings.deadlines(Priority::Critical).second;
            let seen = format!("an emergency that is not accepted within {seconds} s is offered to a second officer");
            findings.note(DEADLINES, Verdict::Well, seen);
        }
        Err(error) => findings.note(DEADLINES, Verdict::Broken, chain(error)),
    }
}

async fn damage(settings: &Settings, findings: &mut Findings) {
    let file = settings.record.data_dir.join(store_sqlite::DATABASE_FILE);
    match store_sqlite::verify(&file).await {
        Ok(_) => findings.note("damage", Verdict::Well, "none found"),
        Err(error) => findings.note("damage", Verdict::Broken, chain(error)),
    }
}

fn chain(error: store::Error) -> String {
    format!("{:#}", anyhow::Error::new(error))
}
