//! A process whose dependencies are not there when it starts, and come later.

use std::process::Stdio;
use std::time::{Duration, Instant};

use evaluation::relay::{Fault, Relay};
use evaluation::telegram::{Message, Standin};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::process::Child;
use tokio::task::JoinSet;

use crate::binary::{Place, free_port};
use crate::keep::Keep;
use crate::office::On;
use crate::office::database::Private;
use crate::person::Person;
use crate::redis_server::RedisServer;

/// From the moment at which everything is there until the process is ready.
const RECOVERY: Duration = Duration::from_secs(10);
/// A database at an address where nothing listens.
const NOWHERE: &str = "postgres://gad@127.0.0.1:1/gad";

/// `gad serve` on a port that is known beforehand, with its log in a file.
struct Starting {
    child: Child,
    url: String,
    person: Person,
    log: tempfile::NamedTempFile,
}

impl Starting {
    fn begins(place: &Place, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        Self::begins_at(free_port(), place, arguments, settings)
    }

    fn begins_at(port: u16, place: &Place, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let listen = format!("127.0.0.1:{port}");
        let log = tempfile::NamedTempFile::new().unwrap();
        let mut command = place.gad(&[&["serve", "--listen", &listen], arguments].concat());
        command
            .env_remove("GAD_START_TIMEOUT")
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .stderr(log.reopen().unwrap());
        let url = format!("http://{listen}");
        Self { child: command.spawn().unwrap(), person: Person::new(url.clone()), url, log }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.log.path()).unwrap()
    }

    /// Waits until a route of health has this status.
    async fn answers(&self, path: &str, status: u16, within: Duration) {
        let url = format!("{}{path}", self.url);
        let reached = async {
            while reqwest::get(&url).await.map_or(0, |answer| answer.status().as_u16()) != status {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let reached = tokio::time::timeout(within, reached).await;
        assert!(reached.is_ok(), "{path} is not {status} within {within:?}: {}", self.log());
    }

    /// Waits until the log has a line with this.
    async fn logs(&self, part: &str) {
        let logged = async {
            while !self.log().contains(part) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let logged = tokio::time::timeout(RECOVERY, logged).await;
        assert!(logged.is_ok(), "no {part:?} in {}", self.log());
    }

    async fn is_ready(&self) {
        self.answers("/health/ready", 200, RECOVERY).await;
        assert_eq!(self.person.gets("/api/v1/tasks/").await.status, 401, "the office answers");
    }

    /// SIGTERM; whether it ended well, and in five seconds.
    async fn ends(mut self) -> bool {
        let pid = self.child.id().unwrap().to_string();
        let killed = tokio::process::Command::new("kill").args(["-s", "TERM", &pid]).status().await.unwrap();
        assert!(killed.success());
        let ended = tokio::time::timeout(Duration::from_secs(5), self.child.wait()).await;
        ended.expect("it ends soon").unwrap().success()
    }
}

/// The place of a database behind a relay.
async fn behind_a_relay(database: &Private) -> (Place, Relay) {
    let mut url = url::Url::parse(&database.url).unwrap();
    let relay = Relay::to(format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432))).await.unwrap();
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(relay.port)).unwrap();
    (Place::database(url.as_str()), relay)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_serves_by_itself_once_its_late_database_and_redis_are_there() {
    let late = crate::acceptance::size(Duration::from_secs(2), Duration::from_mins(1));
    let database = Private::create().await;
    let (place, relay) = behind_a_relay(&database).await;
    relay.suffers(Fault::Refuses);
    let (mut redis, begun) = (RedisServer::start().await, Instant::now());
    redis.kill();
    let office = Starting::begins(&place, &["--redis-url", &redis.url()], &[]);
    office.answers("/health/live", 200, RECOVERY).await;
    office.logs("start: waiting for the database").await;
    for path in ["/health", "/api/v1/health", "/api/v1/health/live"] {
        assert_eq!(office.person.gets(path).await.status, 200, "{path}");
    }
    let ready = office.person.gets("/health/ready").await;
    assert_eq!((ready.status, &ready.body["status"]), (503, &json!("degraded")));
    let checks = &ready.body["checks"];
    assert_eq!((&checks["database"], &checks["redis"]), (&json!("error: no answer"), &json!("error: no answer")));
    let ready = office.person.gets("/api/v1/health/ready").await;
    assert_eq!((ready.status, &ready.body["detail"]["error"]), (503, &json!("database")));
    for path in ["/api/v1/tasks/", "/", "/metrics", "/ws/connect", "/nada"] {
        let refused = office.person.gets(path).await;
        assert_eq!((refused.status, &refused.body["code"]), (503, &json!("starting")), "{path}");
        assert_eq!(refused.refusal(), "503 La oficina está arrancando; intente de nuevo");
        assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1, "{path}");
        assert!(!refused.header("x-request-id").is_empty() && !refused.header("x-content-type-options").is_empty());
    }
    tokio::time::sleep(late.saturating_sub(begun.elapsed())).await;
    assert_eq!(office.log().matches("start: waiting").count(), 1, "one line for one state: {}", office.log());
    relay.mends();
    let came = Instant::now();
    office.is_ready().await;
    let ready_after = came.elapsed();
    assert_eq!(office.person.gets("/health/ready").await.body["checks"]["redis"], "error: no answer");
    redis.restart().await;
    let answers = async {
        while office.person.gets("/health/ready").await.body["checks"]["redis"] != "ok" {
            office.person.gets("/api/v1/nada").await;
        }
    };
    tokio::time::timeout(RECOVERY, answers).await.expect("Redis is used once it is there");
    crate::acceptance::append(&json!({ "late_s": late.as_secs(), "ready_after_ms": ready_after.as_millis() }));
    assert!(office.ends().await);
    drop(relay);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_keeps_the_database_away_at_the_start_is_waited_for() {
    let database = Private::create().await;
    for fault in [Fault::Resets, Fault::Swallows, Fault::CutsAnswersAfter(20)] {
        let (place, relay) = behind_a_relay(&database).await;
        relay.suffers(fault);
        let office = Starting::begins(&place, &[], &[]);
        office.logs("start: waiting for the database").await;
        office.answers("/health/ready", 503, RECOVERY).await;
        relay.mends();
        office.is_ready().await;
        assert!(office.ends().await, "{fault:?}");
    }
    database.drop().await;
}

/// A PostgreSQL that answers each start of a session with an error.
async fn refuses_with(code: &'static str) -> (u16, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut work = JoinSet::new();
    work.spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { continue };
            let mut head = [0; 8];
            if stream.read_exact(&mut head).await.is_err() {
                continue;
            }
            // A question for TLS comes first.
            if head[4..] == 80_877_103_u32.to_be_bytes() {
                stream.write_all(b"N").await.ok();
                stream.read_exact(&mut head).await.ok();
            }
            let fields = format!("SFATAL\0VFATAL\0C{code}\0Mno entry for you\0\0");
            let length = u32::try_from(fields.len() + 4).unwrap();
            let message = [&b"E"[..], &length.to_be_bytes(), fields.as_bytes()].concat();
            stream.write_all(&message).await.ok();
            stream.shutdown().await.ok();
            // Until the client has read it and gone.
            stream.read_to_end(&mut Vec::new()).await.ok();
        }
    });
    (port, work)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_starts_or_does_not_let_us_in_yet_is_waited_for_and_named() {
    for (code, word) in [
        ("57P03", "starting up"),
        ("53300", "no answer"),
        ("28P01", "access refused"),
        ("28000", "access refused"),
        ("3D000", "access refused"),
    ] {
        let (port, server) = refuses_with(code).await;
        let office =
            Starting::begins(&Place::database(&format!("postgres://gad:clave@127.0.0.1:{port}/gad")), &[], &[]);
        office.logs("no entry for you").await;
        assert_eq!(
            office.person.gets("/health/ready").await.body["checks"]["database"],
            format!("error: {word}"),
            "{code}"
        );
        assert!(!office.log().contains("clave"), "{}", office.log());
        assert!(office.ends().await, "{code}: a signal ends it while it waits");
        drop(server);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_directory_and_an_address_that_another_process_holds_are_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    let before = Starting::begins(&place, &[], &[]);
    before.is_ready().await;
    let next = Starting::begins(&place, &[], &[]);
    next.logs("start: waiting for the database").await;
    let ready = next.person.gets("/health/ready").await;
    assert_eq!(ready.body["checks"]["database"], "error: data directory in use by another process");
    assert!(before.ends().await);
    next.is_ready().await;
    let port: u16 = next.url.rsplit_once(':').unwrap().1.parse().unwrap();
    let last = Starting::begins_at(port, &place, &[], &[]);
    last.logs("start: waiting for the address").await;
    assert!(next.ends().await);
    last.is_ready().await;
    assert!(last.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_may_not_wait_fails_at_once_with_its_exit_code() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    let office = Starting::begins(&place, &[], &[]);
    office.is_ready().await;
    for (place, code) in [(&place, 4), (&Place::database(NOWHERE), 3)] {
        let said = place.says(&["serve", "--listen", "127.0.0.1:0", "--start-timeout", "0"]).await;
        assert_eq!(said.code, code, "{}", said.err);
        // Commands do not wait either.
        if code == 3 {
            assert_eq!(place.says(&["user", "list"]).await.code, code);
        }
    }
    assert!(office.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_settings_end_a_start_that_would_wait() {
    for (settings, arguments, word) in [
        (&[("SECRET_KEY", "")][..], &[][..], "SECRET_KEY"),
        (&[("SECRET_KEY", "short")], &[], "SECRET_KEY"),
        (&[("GAD_AUDIT_KEY", "no key")], &[], "audit_key"),
        (&[], &["--redis-url", "http://127.0.0.1"], "redis_url"),
        (&[], &["--database-url", "mysql://gad@127.0.0.1/gad"], "database_url"),
        (&[], &["--tls-cert", "/nada"], "tls_key"),
    ] {
        let mut command = Place::database(NOWHERE).gad(&[]);
        if arguments.first() == Some(&"--database-url") {
            command = Place::directory(std::path::Path::new("/nada")).gad(&[]);
        }
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments).envs(settings.iter().copied());
        let output = tokio::time::timeout(RECOVERY, command.output()).await.expect("it ends").unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        // The address of Redis is refused as a value of a flag is.
        let code = if word == "redis_url" { 2 } else { 1 };
        assert!(output.status.code() == Some(code) && said.contains(word), "{word}: {:?} {said}", output.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_without_certificates_has_no_bot_and_an_office_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    let settings = [
        ("GAD_TELEGRAM_TOKEN", "7340112865:AAHk-of-the-office-0123456789"),
        ("SSL_CERT_FILE", "/nada"),
        ("SSL_CERT_DIR", "/nada"),
    ];
    let office = Starting::begins(&place, &[], &settings);
    office.is_ready().await;
    office.logs("telegram.off").await;
    assert_eq!(office.person.gets("/health/ready").await.body["checks"]["telegram"], "error: off");
    let seen = place.says(&["doctor", "--live", "--json", "--url", &office.url]).await;
    assert_eq!(seen.code, 1, "{}", seen.err);
    assert!(seen.out.contains(r#"{"seen":"error: off","verdict":"broken","what":"telegram"}"#), "{}", seen.out);
    assert!(office.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn tz_in_any_form_of_the_system_starts_every_command() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    for (zone, warns) in [
        (":/etc/localtime", None),
        ("/usr/share/zoneinfo/America/Argentina/Buenos_Aires", None),
        ("ART3", Some(false)),
        ("UTC0", Some(false)),
        ("<-03>3", Some(false)),
        ("/usr/share/zoneinfo/no/such/zone", Some(true)),
        ("XXX3YYY,M1.1.0,M2.1.0", Some(true)),
    ] {
        let mut command = place.gad(&["config", "check"]);
        let output = command.env("TZ", zone).output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{zone}: {said}");
        // Whether the files are there depends on the system.
        if let Some(warns) = warns {
            assert_eq!(said.contains("UTC is used"), warns, "{zone}: {said}");
        }
    }
}

/// The bot works again soon after a start, though the process before had a clock that was an hour ahead, or its
/// leases were taken by one.
async fn a_lease_of_a_wrong_clock_keeps_no_bot(on: On) {
    const TOKEN: &str = "7340112865:AAHk-of-the-clock-0123456789";
    let telegram = Standin::open(TOKEN).await.unwrap();
    let keep = Keep::open(on).await;
    let place = keep.place();
    let settings = [("GAD_TELEGRAM_TOKEN", TOKEN), ("GAD_TELEGRAM_API_URL", telegram.url.as_str())];
    let server = place.serves_with(&settings).await;
    let phone = telegram.person("Rosa");
    phone.say("/start");
    phone.expect(Message::is_the_bots).await;
    server.dies().await;
    let mut intruder = keep.intruder().await;
    let holder = intruder.uuid(uuid::Uuid::new_v4());
    let ahead = match on {
        On::Sqlite => "(unixepoch() + 3600) * 1000000",
        On::Postgres => "now() + interval '1 hour'",
    };
    intruder.does(&format!("UPDATE arriendos SET titular = {holder}, vence_en = {ahead}")).await;
    assert!(intruder.numbers("SELECT count(*) FROM arriendos WHERE titular IS NOT NULL").await[0] >= 2);
    drop(intruder);
    let begun = Instant::now();
    let server = place.serves_with(&settings).await;
    phone.say("/ayuda");
    phone.expect(|message| message.says("personal de la oficina")).await;
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert!(server.ends().await);
    keep.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_of_a_wrong_clock_keeps_no_bot_on_sqlite() {
    a_lease_of_a_wrong_clock_keeps_no_bot(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_of_a_wrong_clock_keeps_no_bot_on_postgres() {
    a_lease_of_a_wrong_clock_keeps_no_bot(On::Postgres).await;
}
