//! Settings as files, shells and other tools write them.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use serde_json::Value;

use crate::operator::Said;

/// What a value of a setting can be.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Something with rules: nonsense is refused by the name of the setting.
    Checked,
    /// A list of such things.
    List,
    /// Any text.
    Free,
    /// A secret without rules of its own, or whose rules `gad config check` knows.
    Secret,
    /// A secret with rules.
    CheckedSecret,
}

use Kind::{Checked, CheckedSecret, Free, List, Secret};

/// Every setting with a value and other spellings of it that mean something too.
const SETTINGS: &[(&str, Kind, &str, &[&str])] = &[
    ("data_dir", Free, "datos", &[]),
    ("database_url", Secret, "postgres://gad@db/gad", &["postgresql+asyncpg://gad@db/gad"]),
    ("db_pool_size", Checked, "7", &[]),
    ("db_lookups", Checked, "7", &[]),
    ("slow_query_ms", Checked, "7", &[]),
    ("environment", Checked, "production", &["Production", "PRODUCTION", "prod"]),
    ("project_name", Checked, "Oficina Norte", &[]),
    ("time_zone", Checked, "America/Argentina/Buenos_Aires", &[":America/Argentina/Buenos_Aires", "ART3", "UTC0"]),
    ("secret_key", Secret, "a secret of the tests that is long enough", &[]),
    ("audit_key", Secret, "x", &[]),
    ("access_token_minutes", Checked, "7", &[]),
    ("telegram_bot_name", Checked, "oficina_bot", &["@oficina_bot"]),
    ("link_code_hours", Checked, "7", &[]),
    ("ack_seconds", Checked, "60,120,180", &["60, 120, 180", "60,120,180,", "0"]),
    ("ack_seconds_urgent", Checked, "60,120,180", &["60, 120, 180"]),
    ("ack_seconds_high", Checked, "60,120,180", &["60, 120, 180"]),
    ("ack_seconds_normal", Checked, "60,120,180", &["60, 120, 180"]),
    ("max_offers", Checked, "7", &[]),
    ("max_accuracy_m", Checked, "7", &[]),
    ("waiting_limit_seconds", Checked, "70", &[]),
    ("emergencies_per_minute", Checked, "7", &[]),
    ("caller_may_be_sent", Checked, "true", &["True", "1", "yes", "on", "FALSE", "0", "no", "off"]),
    ("target_assigned_seconds", Checked, "7", &[]),
    ("target_on_scene_seconds", Checked, "7", &[]),
    (
        "listen",
        Checked,
        "127.0.0.1:8000",
        &[":8000", "*:8000", "localhost:8000", "[::]:8000", "[::1]:8000", "LOCALHOST:8000"],
    ),
    ("start_timeout", Checked, "7", &["0"]),
    ("roles", List, "api,worker", &["API, Worker"]),
    ("redis_url", Secret, "redis://127.0.0.1:6379", &["redis://127.0.0.1:6379/0"]),
    ("redis_ca_file", Free, "redis-ca.pem", &[]),
    ("trusted_proxies", List, "10.0.0.7,caddy", &["10.0.0.7, caddy", "172.18.0.0/16", "::1", "[::1]"]),
    ("public_url", Checked, "https://oficina.example", &["https://oficina.example/", "HTTPS://Oficina.Example:443"]),
    ("service_token", CheckedSecret, "a secret", &[]),
    ("rate_limiting", Checked, "true", &["True", "1", "yes", "on", "FALSE", "0", "no", "off"]),
    ("cors_origins", List, "https://a.example,https://b.example", &["https://a.example/", "HTTPS://A.example:443/"]),
    ("cors_credentials", Checked, "true", &["True", "1", "yes", "FALSE", "0", "no"]),
    ("prometheus", Checked, "true", &["True", "1", "yes", "FALSE", "0", "no"]),
    ("metrics_token", CheckedSecret, "a secret", &[]),
    ("ws_max_connections", Checked, "7", &[]),
    ("ws_heartbeat", Checked, "7", &[]),
    ("event_days", Checked, "7", &[]),
    ("audit_checkpoint_lines", Checked, "7", &[]),
    ("audit_checkpoint_minutes", Checked, "7", &[]),
    ("shutdown_spread", Checked, "7", &[]),
    ("drain_delay", Checked, "7", &[]),
    ("admission_soft", Checked, "70", &[]),
    ("admission_hard", Checked, "70", &[]),
    ("request_timeout", Checked, "7", &[]),
    ("slow_request_ms", Checked, "7", &[]),
    ("otlp_endpoint", Checked, "http://127.0.0.1:4318", &["http://127.0.0.1:4318/"]),
    (
        "log_level",
        Checked,
        "info",
        &["INFO", "WARNING", "Critical", "DEBUG", "ERROR", "info,sqlx=WARNING", "a=warn,b=debug", "20"],
    ),
    ("tls_cert", Free, "cert.pem", &[]),
    ("tls_key", Free, "key.pem", &[]),
    ("max_connections", Checked, "7", &[]),
    ("max_connections_per_address", Checked, "7", &[]),
    ("header_timeout", Checked, "7", &[]),
    ("keep_alive", Checked, "7", &[]),
    ("stall_timeout", Checked, "7", &[]),
    ("slowest_client", Checked, "7", &[]),
    ("map_style_url", Checked, "https://mapas.example/estilo.json", &[]),
    ("map_origins", List, "https://a.example,https://b.example", &["https://a.example/"]),
    ("telegram_token", Secret, "7340112865:AAHk-of-the-office-0123456789", &[]),
    ("telegram_api_url", Checked, "https://api.telegram.org", &["https://api.telegram.org/"]),
    ("telegram_webhook_url", Checked, "https://oficina.example", &["https://oficina.example/"]),
    ("telegram_webhook_path", Checked, "/webhook/telegram", &[]),
    ("telegram_webhook_secret", CheckedSecret, "a-secret", &[]),
    ("admin_chat_id", Checked, "-1001234567890", &["-1001234567890:45"]),
    ("telegram_groups", List, "general=-100123", &["general=-100123, supervisores=-100124"]),
    ("whitelist_ids", Free, "1", &["[1,2]", "1,2"]),
];

/// A value that no setting with rules can have, and that would clear a terminal.
const NONSENSE: &str = "\u{1b}[2Jtonterías";

/// Another spelling of a value.
type Spelling<'a> = &'a dyn Fn(Kind, &str) -> String;

struct Settings {
    /// The variable of each setting.
    variables: BTreeMap<String, String>,
}

impl Settings {
    async fn new() -> Self {
        let mut this = Self { variables: BTreeMap::new() };
        let shown = this.shows(&[]).await;
        for (key, setting) in shown.as_object().unwrap() {
            this.variables.insert(key.clone(), setting["variable"].as_str().unwrap().to_owned());
        }
        this
    }

    async fn runs(&self, arguments: &[&str], settings: &[(&str, String)]) -> Said {
        let mut gad = tokio::process::Command::new(crate::binary::program());
        gad.args(arguments).env_clear().stdin(std::process::Stdio::null());
        gad.envs(settings.iter().map(|(key, value)| (self.variables.get(*key).map_or(*key, String::as_str), value)));
        crate::operator::says(gad).await
    }

    async fn shows(&self, settings: &[(&str, String)]) -> Value {
        let said = self.runs(&["config", "show", "--json"], settings).await;
        assert_eq!(said.code, 0, "{settings:?}: {}", said.err);
        serde_json::from_str(&said.out).unwrap()
    }
}

fn values(shown: &Value) -> BTreeMap<String, Value> {
    shown.as_object().unwrap().iter().map(|(key, setting)| (key.clone(), setting["value"].clone())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_files_and_shells_put_around_a_value_changes_no_setting() {
    let settings = Settings::new().await;
    let listed: BTreeSet<&str> = SETTINGS.iter().map(|(key, ..)| *key).collect();
    let found: BTreeSet<&str> = settings.variables.keys().map(String::as_str).collect();
    assert_eq!(found, listed, "every setting has a row");
    let all = |spell: Spelling| -> Vec<(&str, String)> {
        SETTINGS.iter().map(|(key, kind, value, _)| (*key, spell(*kind, value))).collect()
    };
    let plain = settings.shows(&all(&|_, value| value.to_owned())).await;
    let expected = values(&plain);
    for (key, kind, value, _) in SETTINGS {
        let shown = if matches!(kind, Secret | CheckedSecret) { "…" } else { value };
        assert_eq!(expected[*key], *shown, "{key}");
    }
    let is_secret = |kind| matches!(kind, Secret | CheckedSecret);
    let spellings: [(&str, Spelling); 6] = [
        ("a file with Windows line ends", &|_, value| format!("{value}\r")),
        ("a line end", &|_, value| format!("{value}\n")),
        ("blanks", &|_, value| format!(" \t{value}  ")),
        ("quotes", &|kind, value| if is_secret(kind) { value.to_owned() } else { format!("\"{value}\"\r") }),
        ("a comma at the end", &|kind, value| if kind == List { format!("{value}, ") } else { value.to_owned() }),
        ("JSON", &|kind, value| match kind {
            List => serde_json::to_string(&value.split(',').collect::<Vec<_>>()).unwrap(),
            _ => value.to_owned(),
        }),
    ];
    for (what, spell) in spellings {
        assert_eq!(values(&settings.shows(&all(spell)).await), expected, "{what}");
    }
    let blank = settings.shows(&all(&|_, _| " \r".to_owned())).await;
    assert_eq!(values(&blank), values(&settings.shows(&[]).await), "a blank variable is not set");
}

#[tokio::test(flavor = "multi_thread")]
async fn spellings_of_other_tools_are_accepted() {
    let settings = Settings::new().await;
    let most = SETTINGS.iter().map(|(.., others)| others.len()).max().unwrap();
    let rounds = (0..most).map(|round| {
        let chosen = SETTINGS.iter().filter_map(|(key, _, _, others)| Some((*key, (*others.get(round)?).to_owned())));
        chosen.collect::<Vec<_>>()
    });
    for chosen in rounds {
        settings.shows(&chosen).await;
    }
    for (host, port, shown) in [
        ("::", "8000", "[::]:8000"),
        ("[::1]", "8000", "[::1]:8000"),
        ("0.0.0.0", "8000\r", "0.0.0.0:8000"),
        ("localhost", "8000", "localhost:8000"),
    ] {
        let shown_listen = settings.shows(&[("HOST", host.to_owned()), ("PORT", port.to_owned())]).await;
        assert_eq!(shown_listen["listen"]["value"], shown, "{host} {port}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_refused_by_the_name_of_its_setting_and_shown_readable() {
    let settings = Settings::new().await;
    let checked: Vec<_> =
        SETTINGS.iter().filter(|(_, kind, ..)| matches!(kind, Checked | List | CheckedSecret)).collect();
    for part in checked.chunks(8) {
        join_all(part.iter().map(async |(key, kind, ..)| {
            let said = settings.runs(&["config", "check"], &[(key, NONSENSE.to_owned())]).await;
            assert_eq!(said.code, 2, "{key}: {} {}", said.out, said.err);
            let named = format!("setting {key}, from {}: ", settings.variables[*key]);
            assert!(said.err.contains(&named), "{named} is not in {}", said.err);
            assert!(!said.err.contains('\u{1b}'), "{key}: {:?}", said.err);
            assert_eq!(said.err.contains("\\u{1b}[2Jtonterías"), *kind != CheckedSecret, "{key}: {}", said.err);
            let flag = format!("--{}={NONSENSE}", key.replace('_', "-"));
            let said = settings.runs(&["serve", &flag], &[]).await;
            assert_eq!(said.code, 2, "{flag}: {}", said.err);
            assert!(said.err.contains(*key) && !said.err.contains('\u{1b}'), "{flag}: {:?}", said.err);
        }))
        .await;
    }
    for (key, value, word) in [
        ("listen", "0.0.0.0", "must be an address and a port"),
        ("listen", ":::8000", "must be an address and a port"),
        ("listen", "oficina:8000", "must be an address and a port"),
        ("log_level", "LAUT", "'LAUT' is no level"),
        ("log_level", "info,sqlx", "'sqlx' is no level"),
        ("rate_limiting", "maybe", "maybe"),
        ("cors_origins", "https://a.example/mapa", "must be http:// or https://"),
        ("time_zone", "Mars/Phobos", "no time zone 'Mars/Phobos'"),
        ("db_pool_size", "7 ", ""),
        ("db_pool_size", "seven\r", "seven"),
    ] {
        let said = settings.runs(&["config", "check"], &[(key, value.to_owned())]).await;
        let is_refused = said.code == 2 && said.err.contains(word) && said.err.contains(key);
        assert_eq!(is_refused, !word.is_empty(), "{key}={value}: {} {}", said.code, said.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_that_fit_nothing_are_found_by_config_check_and_not_shown() {
    let settings = Settings::new().await;
    for (key, value) in [
        ("redis_url", "ftp://clave@127.0.0.1"),
        ("telegram_token", "clave"),
        ("secret_key", "clave"),
        ("audit_key", "clave"),
        ("database_url", "mysql://gad:clave@127.0.0.1/gad"),
    ] {
        let given = [(key, value.to_owned())];
        let said = settings.runs(&["config", "check"], &given).await;
        assert!(said.code == 1 && said.err.contains(key), "{key}: {} {}", said.code, said.err);
        assert!(!said.err.contains("clave"), "{}", said.err);
    }
}
