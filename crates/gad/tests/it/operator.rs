//! What an operator does on the command line: settings, backups, exports, accounts, a look around.

use std::path::Path;

use serde_json::{Value, json};

use crate::binary::Place;
use crate::office::database;

/// What a command said, and how it ended.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

pub async fn says(mut command: tokio::process::Command) -> Said {
    let output = command.output().await.unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

impl Place {
    pub async fn says(&self, arguments: &[&str]) -> Said {
        says(self.gad(arguments)).await
    }

    pub async fn does(&self, arguments: &[&str]) -> String {
        let said = self.says(arguments).await;
        assert_eq!(said.code, 0, "{arguments:?}: {}{}", said.out, said.err);
        said.out
    }
}

fn setting(shown: &str, key: &str) -> (Value, String) {
    let all: Value = serde_json::from_str(shown).unwrap();
    (all[key]["value"].clone(), all[key]["origin"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("oficina.toml");
    std::fs::write(&file, "listen = \"127.0.0.1:1111\"\ndb-pool-size = 7\nproject_name = \"DEL ARCHIVO\"\n").unwrap();
    let place = Place::directory(dir.path());
    let mut command = place.gad(&["--config", file.to_str().unwrap(), "--project-name", "DE LA LÍNEA"]);
    command.args(["config", "show", "--json"]).env("GAD_LISTEN", "127.0.0.1:2222").env("PROJECT_NAME", "DEL ENTORNO");
    let shown = says(command).await.out;
    assert_eq!(setting(&shown, "project_name"), (json!("DE LA LÍNEA"), "command line".to_owned()));
    assert_eq!(setting(&shown, "listen"), (json!("127.0.0.1:2222"), "GAD_LISTEN".to_owned()));
    assert_eq!(setting(&shown, "db_pool_size"), (json!("7"), file.display().to_string()));
    assert_eq!(setting(&shown, "access_token_minutes"), (json!("30"), "default".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_names_of_the_old_installation_still_give_settings() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Place::directory(dir.path()).gad(&["config", "show", "--json"]);
    command.env("POSTGRES_USER", "gad").env("POSTGRES_PASSWORD", "muy-secreta").env("POSTGRES_SERVER", "db.example");
    command.env("PORT", "9000").env("GAD_LISTEN", "");
    let shown = says(command).await.out;
    assert_eq!(setting(&shown, "database_url"), (json!("…"), "POSTGRES_*".to_owned()));
    assert_eq!(setting(&shown, "listen"), (json!("127.0.0.1:9000"), "HOST and PORT".to_owned()));
    assert!(!shown.contains("muy-secreta"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_may_stand_in_a_file_but_not_in_two_places() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("clave");
    std::fs::write(&file, "una clave de prueba de más de treinta y dos letras\n").unwrap();
    let place = Place::directory(dir.path());
    let mut command = place.gad(&["config", "show", "--json"]);
    command.env_remove("SECRET_KEY").env("SECRET_KEY_FILE", &file);
    let (value, origin) = setting(&says(command).await.out, "secret_key");
    assert_eq!((value, origin), (json!("…"), format!("SECRET_KEY_FILE ({})", file.display())));
    let mut both = place.gad(&["config", "show"]);
    both.env("SECRET_KEY_FILE", &file);
    let said = says(both).await;
    assert_eq!(
        (said.code, said.err.contains("SECRET_KEY and SECRET_KEY_FILE are both set")),
        (2, true),
        "{}",
        said.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_setting_names_its_key_its_source_and_what_is_allowed() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("gad.toml");
    let place = Place::directory(dir.path());
    let with = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let mut command = place.gad(&["serve"]);
        command.env("GAD_CONFIG", &file);
        says(command)
    };
    let said = with("listen = \"aquí\"").await;
    assert_eq!(said.code, 2);
    let (source, allowed) = (format!("setting listen, from {}", file.display()), "like 127.0.0.1:8000");
    assert!(said.err.contains(&source) && said.err.contains(allowed), "{}", said.err);
    let said = with("environment = \"casa\"").await;
    assert!(said.err.contains("setting environment") && said.err.contains("production"), "{}", said.err);
    let said = with("lisen = \"127.0.0.1:1\"").await;
    assert!(said.err.contains("there is no setting 'lisen'") && said.err.contains("listen"), "{}", said.err);
    let mut command = place.gad(&["config", "check"]);
    command.env("SECRET_KEY", "corta");
    let said = says(command).await;
    assert_eq!((said.code, said.err.contains("secret_key")), (1, true), "{}", said.err);
}

/// The office's day before its record is lost: a supervisor and a demo office.
pub async fn works(place: &Place) {
    place.does(&["seed", "--demo", "--users", "3", "--officers", "20", "--tasks", "40"]).await;
    place.hires().await;
}

/// The codes of its tasks.
pub async fn codes(place: &Place) -> Vec<String> {
    let out = place.does(&["export", "tasks", "--format", "ndjson"]).await;
    let lines = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|task| task["codigo"].as_str().unwrap().to_owned()).collect()
}

async fn a_backup_brings_the_record_back(place: &Place, backups: &Path) {
    works(place).await;
    let before = codes(place).await;
    assert_eq!(before.len(), 40);
    let dir = backups.to_str().unwrap();
    // Taken while the office is served: nobody waits for it.
    let server = place.serves().await;
    let taken: Value = serde_json::from_str(&place.does(&["backup", "--dir", dir, "--json"]).await).unwrap();
    let file = taken["file"].as_str().unwrap().to_owned();
    let supervisor = server.supervisor().await;
    let later = json!({ "codigo": "DESPUES-1", "titulo": "Tarea posterior", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": supervisor.user.unwrap().0 });
    supervisor.posts("/api/v1/tasks/", later).await.ok();
    assert!(server.ends().await);
    let epoch_before = epoch(place).await;

    let refused = place.says(&["restore", &file]).await;
    assert_eq!((refused.code, refused.err.contains("--confirm RESTAURAR")), (1, true), "{}", refused.err);
    assert_eq!(codes(place).await.len(), 41, "nothing was changed");

    place.does(&["restore", &file, "--confirm", "RESTAURAR"]).await;
    assert_eq!(codes(place).await, before);
    assert_ne!(epoch(place).await, epoch_before, "readers of events begin anew");
    let server = place.serves().await;
    assert_eq!(server.supervisor().await.gets("/api/v1/tasks/?limit=1").await.status, 200);
    assert!(server.ends().await);

    let listed = place.does(&["backup", "--dir", dir, "--list", "--json"]).await;
    assert_eq!(listed.lines().count(), 1, "{listed}");
    std::fs::write(&file, b"no es una copia").unwrap();
    let said = place.says(&["restore", &file, "--verify-only"]).await;
    assert_eq!((said.code, said.err.contains("is damaged")), (1, true), "{}", said.err);
}

/// The epoch as a restore of nothing else would tell it: by the closing line of `gad doctor`.
async fn epoch(place: &Place) -> String {
    let out = place.does(&["doctor", "--json"]).await;
    let lines = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let epoch = lines.into_iter().find(|line| line["what"] == "epoch");
    epoch.unwrap()["seen"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_brings_an_embedded_record_back() {
    let (dir, backups) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    a_backup_brings_the_record_back(&Place::directory(dir.path()), backups.path()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_brings_a_postgres_record_back() {
    let (database, backups) = (database::Private::create().await, tempfile::tempdir().unwrap());
    a_backup_brings_the_record_back(&Place::database(&database.url), backups.path()).await;
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_restored_under_a_serving_office() {
    let (dir, backups) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = Place::directory(dir.path());
    works(&place).await;
    let taken = place.does(&["backup", "--dir", backups.path().to_str().unwrap(), "--json"]).await;
    let taken: Value = serde_json::from_str(&taken).unwrap();
    let server = place.serves().await;
    let said = place.says(&["restore", taken["file"].as_str().unwrap(), "--confirm", "RESTAURAR"]).await;
    assert_eq!((said.code, said.err.contains("in use by process")), (4, true), "{}", said.err);
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_a_header_every_row_and_no_formula() {
    let (dir, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = Place::directory(dir.path());
    works(&place).await;
    let server = place.serves().await;
    let supervisor = server.supervisor().await;
    let formula = json!({ "codigo": "FORMULA-1", "titulo": "=HYPERLINK(\"x\")", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": supervisor.user.unwrap().0,
        "ubicacion_lat": -34.5, "ubicacion_lon": -58.25 });
    supervisor.posts("/api/v1/tasks/", formula).await.ok();
    let wide = json!({ "codigo": "FORMULA-2", "titulo": "\u{ff1d}CMD(1)", "descripcion": "a;b\n\"c\"", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": supervisor.user.unwrap().0 });
    supervisor.posts("/api/v1/tasks/", wide).await.ok();
    assert!(server.ends().await);
    let spanish = place.does(&["export", "tasks"]).await;
    let body = spanish.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(body.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!((&rows[40][18], &rows[41][3], &rows[41][10]), ("-34,5", "'\u{ff1d}CMD(1)", "a;b\n\"c\""));
    let book = out.path().join("tareas.xlsx");
    place.does(&["export", "tasks", "--format", "xlsx", "--out", book.to_str().unwrap()]).await;
    let rows = crate::report_times::of_workbook(&std::fs::read(&book).unwrap(), "Tareas");
    assert_eq!(rows.len(), 42);
    assert_eq!((&*rows[40][3], &*rows[40][18]), ("=HYPERLINK(\"x\")", "-34.5"), "text and no formula there");
    let file = out.path().join("tareas.csv");
    place.does(&["export", "tasks", "--plain", "--out", file.to_str().unwrap()]).await;
    let mut reader = csv::Reader::from_path(&file).unwrap();
    assert_eq!(reader.headers().unwrap().iter().take(4).collect::<Vec<_>>(), ["id", "uuid", "codigo", "titulo"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 42);
    assert_eq!(&rows[40][3], "'=HYPERLINK(\"x\")");
    let officers = place.does(&["export", "officers", "--format", "ndjson"]).await;
    assert_eq!(officers.lines().count(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_shut_out_let_in_and_given_a_new_password() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    works(&place).await;
    let email = "supervisora@prueba.gad";
    place.does(&["user", "disable", email]).await;
    let server = place.serves().await;
    assert_eq!(server.stranger().tries_to_sign_in(email, "una clave larga").await.status, 401);
    assert!(server.ends().await);
    place.does(&["user", "enable", email]).await;
    place.does(&["user", "password", email, "--password", "otra clave larga"]).await;
    let server = place.serves().await;
    let mut person = server.stranger();
    assert_eq!(person.signs_in(email, "una clave larga").await.status, 401);
    person.signs_in(email, "otra clave larga").await.ok();
    assert!(server.ends().await);
    let said = place.says(&["user", "disable", "nadie@prueba.gad"]).await;
    assert_eq!((said.code, said.err.contains("gad user list")), (1, true), "{}", said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_finds_an_office_well_and_a_damaged_one_broken() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    works(&place).await;
    let out = place.does(&["doctor", "--deep"]).await;
    assert!(out.contains("20 officers") && out.contains("none found"), "{out}");
    let database = dir.path().join("gad.db");
    let mut bytes = std::fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40_000].fill(0xA5);
    std::fs::write(&database, bytes).unwrap();
    let said = place.says(&["doctor", "--deep"]).await;
    assert_eq!((said.code, said.out.contains("broken")), (1, true), "{}", said.out);
}
