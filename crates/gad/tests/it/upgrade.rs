//! Offices made by former versions, opened with the present code.

use std::fs::Permissions;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::PathBuf;

use chrono::TimeDelta;
use domain::Time;
use domain::audit::AuditKey;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::binary::Place;
use crate::intruder::Intruder;
use crate::keep::Keep;
use crate::office::{Office, On, PASSWORD};
use crate::person::Person;

/// Key that signed the checkpoints of these offices.
const AUDIT_KEY: [u8; 32] = [0x4b; 32];
const ADMINISTRATOR: &str = "admin@demo.gad";

/// An office of a former version: its record, loaded, and what it answered then.
struct Former {
    keep: Keep,
    recorded: Value,
}

impl Former {
    /// Loads the office that `version` made.
    async fn load(on: On, version: &str) -> Self {
        let store = match on {
            On::Sqlite => "sqlite",
            On::Postgres => "postgres",
        };
        let file = |ending: &str| {
            let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(version);
            std::fs::read_to_string(dir.join(format!("{store}.{ending}"))).unwrap()
        };
        let (sql, keep) = (file("sql"), Keep::open(on).await);
        match &keep {
            Keep::Directory(dir) => {
                // For the owner alone, as gad makes them; SQLite would make the file for all to read.
                std::fs::set_permissions(dir.path(), Permissions::from_mode(0o700)).unwrap();
                let database = dir.path().join(store_sqlite::DATABASE_FILE);
                std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(database).unwrap();
                Intruder::in_directory(dir.path()).await.does(&sql).await;
            }
            Keep::Database(database) => {
                let mut connection = PgConnection::connect(&database.url).await.unwrap();
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
        }
        Self { keep, recorded: serde_json::from_str(&file("json")).unwrap() }
    }

    /// As the binary is told of it.
    fn place(&self) -> Place {
        self.keep.place().with("--audit-key", &hex::encode(AUDIT_KEY))
    }

    /// When the answers were recorded.
    fn made_at(&self) -> Time {
        self.recorded["made_at"].as_str().unwrap().parse().unwrap()
    }
}

/// Where `now` lacks or contradicts what was recorded; it may have more members.
fn differences(path: &str, recorded: &Value, now: &Value, found: &mut Vec<String>) {
    match (recorded, now) {
        (Value::Object(recorded), Value::Object(now)) => {
            for (name, value) in recorded {
                differences(&format!("{path}.{name}"), value, now.get(name).unwrap_or(&Value::Null), found);
            }
        }
        (Value::Array(recorded), Value::Array(now)) if recorded.len() == now.len() => {
            for (n, (recorded, now)) in recorded.iter().zip(now).enumerate() {
                differences(&format!("{path}[{n}]"), recorded, now, found);
            }
        }
        _ if recorded == now => {}
        _ => found.push(format!("{path}: was {recorded}, is {now}")),
    }
}

/// Holds what is answered now against what was recorded.
fn is_as_recorded(what: &str, recorded: &Value, now: &Value) {
    let mut found = Vec::new();
    differences(what, recorded, now, &mut found);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Rows by a member, without members that a sign-in changes.
fn settled(rows: &Value) -> Value {
    let mut rows = rows.clone();
    for row in rows.as_array_mut().unwrap() {
        for member in ["ultimo_acceso", "fecha_actualizacion", "version"] {
            if row["email"] == ADMINISTRATOR {
                row.as_object_mut().unwrap().remove(member);
            }
        }
    }
    rows
}

/// Names and states of tasks, or of officers.
fn states(rows: &Value, name: &str, state: &str) -> Vec<(String, String)> {
    let word = |row: &Value, member: &str| row[member].as_str().unwrap_or_default().to_owned();
    rows.as_array().unwrap().iter().map(|row| (word(row, name), word(row, state))).collect()
}

/// The office is migrated, whole, and answers as it did; then it works on.
async fn opens_as_it_was_left(on: On, version: &str) {
    let former = Former::load(on, version).await;
    let (place, made_at, recorded) = (former.place(), former.made_at(), former.recorded.clone());
    assert_eq!(recorded["version"], version);
    place.does(&["migrate"]).await;
    place.does(&["migrate", "--check"]).await;
    is_well(&place).await;

    let keys = vec![AuditKey::parse(&hex::encode(AUDIT_KEY)).unwrap()];
    let office = Office::open_in(former.keep, made_at, keys).await;
    let mut administrator = office.stranger();
    administrator.signs_in(ADMINISTRATOR, PASSWORD).await.ok();
    answers_as_recorded(&administrator, &recorded).await;
    has_all_kinds(&recorded);
    lets_in_whom_it_let_in(&office).await;
    works_on(&office, &administrator, &recorded).await;
    // The chain goes on from where it was, by the rule of each line.
    place.does(&["audit", "verify"]).await;
    let (of_before, since) = crate::audit_operator::is_whole_by_python(&place).await;
    assert!(of_before > 0 && since > 0, "{of_before} {since}");
    office.closes().await;
}

/// What an operator looks at.
async fn is_well(place: &Place) {
    let seen = place.does(&["doctor", "--json"]).await;
    let findings = seen.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    // An emergency waits, and how full the disk is depends on the machine.
    let wrong: Vec<Value> = findings
        .filter(|finding| finding["verdict"] != "ok" && finding["what"] != "emergencies" && finding["what"] != "disk")
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let said = place.does(&["audit", "verify"]).await;
    assert!(said.starts_with("whole: "), "{said}");
}

async fn answers_as_recorded(administrator: &Person, recorded: &Value) {
    let tasks = administrator.gets("/api/v1/tasks/?limit=500").await.ok();
    is_as_recorded("tasks", &recorded["tasks"], &tasks);
    let officers = administrator.gets("/api/v1/efectivos?limit=500").await.ok();
    is_as_recorded("officers", &recorded["officers"], &officers);
    let users = administrator.gets("/api/v1/users/?limit=500").await.ok();
    is_as_recorded("users", &settled(&recorded["users"]), &settled(&users));
    for (member, route) in [("history", "historial"), ("notes", "notas")] {
        for (task, rows) in recorded[member].as_object().unwrap() {
            let now = administrator.gets(&format!("/api/v1/tasks/{task}/{route}")).await.ok();
            is_as_recorded(&format!("{route} of {task}"), rows, &now);
        }
    }
    let from = recorded["epoch"].as_str().unwrap();
    let events = administrator.gets(&format!("/api/v1/eventos?limit=500&desde={from}:0")).await.ok();
    assert_eq!(events["resync"], false, "all events are still there");
    let many = recorded["events"].as_array().unwrap().len();
    let first = json!(events["eventos"].as_array().unwrap()[..many]);
    is_as_recorded("events", &recorded["events"], &first);
}

/// The recorded office has what an upgrade may go wrong with.
fn has_all_kinds(recorded: &Value) {
    let tasks = states(&recorded["tasks"], "codigo", "estado");
    for (code, state) in [
        ("DEMO-SOLA", "programada"),
        ("DEMO-PROGRAMADA", "programada"),
        ("DEMO-EN-CURSO", "en_curso"),
        ("DEMO-PAUSADA", "pausada"),
        ("DEMO-FINALIZADA", "finalizada"),
        ("DEMO-CANCELADA", "cancelada"),
    ] {
        assert!(tasks.contains(&(code.to_owned(), state.to_owned())), "{code} in {tasks:?}");
    }
    assert!(tasks.iter().all(|(code, _)| code != "DEMO-ELIMINADA"));
    let all = recorded["tasks"].as_array().unwrap();
    assert_eq!(all.iter().filter(|task| task["espera_efectivo"] == true).count(), 1, "one emergency waits");
    let availabilities = states(&recorded["officers"], "codigo_interno", "estado_disponibilidad");
    for state in ["disponible", "en_tarea", "fuera_servicio", "no_disponible"] {
        assert!(availabilities.iter().any(|(_, found)| found == state), "{state} in {availabilities:?}");
    }
}

async fn lets_in_whom_it_let_in(office: &Office) {
    for (email, status) in [
        ("supervisora@demo.gad", 200),
        ("agente1@demo.gad", 200),
        ("deshabilitado@demo.gad", 401),
        ("eliminado@demo.gad", 401),
        ("bloqueado@demo.gad", 401),
    ] {
        let answer = office.stranger().tries_to_sign_in(email, PASSWORD).await;
        // A disabled account may be refused by another status of a refusal.
        let is_as_then = answer.status == status || (status == 401 && (400..404).contains(&answer.status));
        assert!(is_as_then, "{email}: {} {}", answer.status, answer.body);
    }
}

/// Searches, repeated requests and changes find what the former version stored.
async fn works_on(office: &Office, administrator: &Person, recorded: &Value) {
    let found = administrator.gets("/api/v1/tasks/?q=INSPECCION%20nuno").await.ok();
    assert_eq!(states(&found, "codigo", "estado"), [("DEMO-SOLA".to_owned(), "programada".to_owned())]);
    let near = administrator.gets("/api/v1/geo/tareas.geojson?lat=-34.6037&lng=-58.3816&radio_m=500").await.ok();
    assert!(near.to_string().contains("DEMO-EN-CURSO"), "{near}");

    let mut sofia = office.stranger();
    sofia.signs_in("supervisora@demo.gad", PASSWORD).await.ok();
    for repeated in recorded["repeatable"].as_array().unwrap() {
        let text = |member: &str| repeated[member].as_str().unwrap().to_owned();
        let request = sofia.request(Method::POST, &text("path")).header("Idempotency-Key", text("key"));
        let request = request.header("Content-Type", "application/json").body(text("body"));
        is_as_recorded(&text("key"), &repeated["answer"], &sofia.sends(request).await.ok());
    }

    let tasks = recorded["tasks"].as_array().unwrap();
    let id_of = |code: &str| tasks.iter().find(|task| task["codigo"] == code).unwrap()["id"].as_i64().unwrap();
    office.clock.advance(TimeDelta::minutes(1));
    let path = |code: &str| format!("/api/v1/tasks/{}", id_of(code));
    sofia.puts(&path("DEMO-PAUSADA"), json!({ "estado": "en_curso" })).await.ok();
    sofia.puts(&path("DEMO-EN-CURSO"), json!({ "estado": "finalizada" })).await.ok();
    assert_eq!(administrator.deletes(&path("DEMO-CANCELADA")).await.status, 200);
    let body = json!({ "codigo": "DEMO-NUEVA", "titulo": "Tarea demo después", "tipo": "patrullaje",
        "inicio_programado": "2026-12-02T12:00:00Z", "delegado_usuario_id": sofia.gets("/api/v1/users/me").await.ok()["id"] });
    let made = sofia.posts("/api/v1/tasks/", body).await.ok();
    let newest = tasks.iter().filter_map(|task| task["id"].as_i64()).max();
    assert!(made["id"].as_i64() > newest, "numbers go on: {made}");
}

/// The binary migrates and serves by itself, as after an upgrade of the package.
async fn is_served_as_it_was_left(on: On, version: &str) {
    let former = Former::load(on, version).await;
    let place = former.place();
    let server = place.serves().await;
    let mut administrator = server.stranger();
    administrator.signs_in(ADMINISTRATOR, PASSWORD).await.ok();
    let tasks = administrator.gets("/api/v1/tasks/?limit=500").await.ok();
    let codes = |rows: &Value| states(rows, "codigo", "estado");
    assert_eq!(codes(&tasks), codes(&former.recorded["tasks"]));
    let me = administrator.gets("/api/v1/users/me").await.ok();
    assert_eq!(me["email"], ADMINISTRATOR);
    assert!(server.ends().await);
    is_well(&place).await;
    former.keep.close().await;
}

/// Officers who were sent have assignments, calls that had lost their officer wait again, and none is
/// dropped from then on.
async fn has_a_lifecycle_after_the_upgrade(on: On, version: &str) {
    let former = Former::load(on, version).await;
    let (place, made_at) = (former.place(), former.made_at());
    let mut intruder = former.keep.intruder().await;
    let lost = intruder.numbers("SELECT id FROM tareas WHERE espera_efectivo AND deleted_at IS NULL").await;
    assert_eq!(lost.len(), 1);
    // As 0.1.0 left an emergency whose only officer declined it.
    let decline = "UPDATE tareas SET espera_efectivo = false, estado = 'pausada', inicio_real = created_at, \
        pausado_en = created_at WHERE espera_efectivo";
    intruder.does(decline).await;
    let sent = intruder.numbers("SELECT count(*) FROM tarea_efectivos").await;
    place.does(&["migrate"]).await;

    assert_eq!(intruder.numbers("SELECT id FROM tareas WHERE espera_efectivo AND deleted_at IS NULL").await, lost);
    assert!(sent[0] > 2, "{sent:?}");
    assert_eq!(intruder.numbers("SELECT count(*) FROM asignaciones").await, sent);
    let without = "SELECT count(*) FROM tarea_efectivos te WHERE NOT EXISTS (SELECT 1 FROM asignaciones a \
        WHERE a.tarea_id = te.tarea_id AND a.efectivo_id = te.efectivo_id AND a.tipo = 'asignacion' \
        AND a.estado = 'asignada' AND a.corre_desde IS NULL AND a.vence_en IS NULL)";
    assert_eq!(intruder.numbers(without).await, [0]);
    assert_eq!(intruder.numbers("SELECT count(*) FROM asignacion_pasos").await, [0]);
    drop(intruder);

    let keys = vec![AuditKey::parse(&hex::encode(AUDIT_KEY)).unwrap()];
    let office = Office::open_in(former.keep, made_at, keys).await;
    let mut administrator = office.stranger();
    administrator.signs_in(ADMINISTRATOR, PASSWORD).await.ok();
    let near = office.officer_at(-31.4, -64.2).await;
    let call = json!({ "telegram_id": 0, "lat": -31.4, "lng": -64.2 });
    let raised = administrator.posts("/api/v1/tasks/emergency", call).await.ok();
    assert_eq!((&raised["status"], &raised["assigned_efectivo_id"]), (&json!("assigned"), &json!(near.officer)));
    let rows = near.gets("/api/v1/asignaciones/mias").await.ok();
    assert!(rows.to_string().contains(r#""estado":"asignada""#), "{rows}");
    let mut tx = office.cx.store.read().await.unwrap();
    assert_eq!(tx.dispatch().unattended(100).await.unwrap(), []);
    drop(tx);
    office.closes().await;
}

/// What searches look through is computed again by the upgrade, with all rules of today.
async fn finds_titles_of_before(on: On, version: &str) {
    let former = Former::load(on, version).await;
    let (place, made_at) = (former.place(), former.made_at());
    let mut intruder = former.keep.intruder().await;
    let ids = intruder.numbers("SELECT id FROM tareas WHERE deleted_at IS NULL ORDER BY id LIMIT 3").await;
    let titles = [
        ("Straße 7", "straße 7", "strasse"),
        ("O’Higgins", "o higgins", "ohiggins"),
        ("在北京消防署", "在北京消防署", "消防"),
    ];
    for (id, (title, former, _)) in ids.iter().zip(titles) {
        intruder.does(&format!("UPDATE tareas SET titulo = '{title}', busqueda = '{former}' WHERE id = {id}")).await;
    }
    drop(intruder);
    place.does(&["migrate"]).await;
    let keys = vec![AuditKey::parse(&hex::encode(AUDIT_KEY)).unwrap()];
    let office = Office::open_in(former.keep, made_at, keys).await;
    let mut administrator = office.stranger();
    administrator.signs_in(ADMINISTRATOR, PASSWORD).await.ok();
    for (id, (_, _, typed)) in ids.iter().zip(titles) {
        let found = administrator.gets(&format!("/api/v1/tasks/?q={typed}")).await.ok();
        assert_eq!((found[0]["id"].as_i64(), found.as_array().unwrap().len()), (Some(*id), 1), "{typed}");
    }
    office.closes().await;
}

/// Identities in several writings, which former versions took for different, survive the upgrade: they
/// work on, are named to the operator, and new ones are refused.
async fn keeps_writings_of_one_identity(on: On, version: &str) {
    let former = Former::load(on, version).await;
    let (place, made_at) = (former.place(), former.made_at());
    let mut intruder = former.keep.intruder().await;
    let users = intruder.numbers("SELECT id FROM usuarios WHERE deleted_at IS NULL ORDER BY id LIMIT 3").await;
    let officers = intruder.numbers("SELECT id FROM efectivos WHERE deleted_at IS NULL ORDER BY id LIMIT 3").await;
    // The later row has the composed form already, so that forms cannot be filled in one by one under an index.
    let addresses = ["jose\u{301}@demo.gad", "jos\u{e9}@demo.gad"];
    let writings = ["12.345.678", "12345678"];
    for n in 0..2 {
        intruder
            .does(&format!(
                "UPDATE usuarios SET dni = '{}', email = '{}', email_plegado = '{}' WHERE id = {}; \
                 UPDATE efectivos SET codigo_interno = '{}', unidad = '{}' WHERE id = {}",
                writings[n],
                addresses[n],
                addresses[n],
                users[n + 1],
                ["EF-1", "ef-1"][n],
                ["Norte", "NORTE"][n],
                officers[n + 1]
            ))
            .await;
    }
    // A name of invisible characters was taken, and stays readable.
    intruder
        .does(&format!("UPDATE usuarios SET nombre = '\u{200b}\u{200b}', telefono = 'sin' WHERE id = {}", users[1]))
        .await;
    drop(intruder);
    place.does(&["migrate"]).await;
    let seen = place.does(&["doctor", "--json"]).await;
    let finding = seen.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let finding = finding.into_iter().find(|finding| finding["what"] == "identities").unwrap();
    assert_eq!(finding["verdict"], "warning", "{finding}");
    let said = finding.to_string();
    for row in [
        format!("usuarios.dni {}", users[2]),
        format!("usuarios.email {}", users[2]),
        format!("efectivos.codigo_interno {}", officers[2]),
    ] {
        assert!(said.contains(&row), "{row} in {said}");
    }
    let keys = vec![AuditKey::parse(&hex::encode(AUDIT_KEY)).unwrap()];
    let office = Office::open_in(former.keep, made_at, keys).await;
    let mut administrator = office.stranger();
    administrator.signs_in(ADMINISTRATOR, PASSWORD).await.ok();
    let all = administrator.gets("/api/v1/users/?limit=500").await.ok();
    assert!(all.as_array().unwrap().iter().any(|user| user["nombre"] == "\u{200b}\u{200b}"));
    let changed = administrator.puts(&format!("/api/v1/users/{}", users[2]), json!({ "telefono": "+54 11 1" })).await;
    assert_eq!(changed.ok()["dni"], "12345678");
    let unit = administrator.gets("/api/v1/efectivos?unidad=norte&limit=500").await.ok();
    let ids: Vec<_> = unit.as_array().unwrap().iter().map(|officer| officer["id"].as_i64().unwrap()).collect();
    assert!(ids.contains(&officers[1]) && ids.contains(&officers[2]), "{ids:?}");
    let new = json!({ "email": "otra@demo.gad", "password": PASSWORD, "nombre": "Ana", "apellido": "Prueba",
        "dni": "12-345-678" });
    assert_eq!(administrator.posts("/api/v1/users/", new).await.status, 400);
    office.closes().await;
}

/// Opens the office of each former version on both stores.
macro_rules! former_versions {
    ($($module:ident: $version:literal,)+) => {
        $(mod $module {
            use super::*;

            mod sqlite {
                use super::*;

                #[tokio::test(flavor = "multi_thread")]
                async fn an_office_opens_as_it_was_left() {
                    opens_as_it_was_left(On::Sqlite, $version).await;
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn writings_of_one_identity_are_kept() {
                    keeps_writings_of_one_identity(On::Sqlite, $version).await;
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn titles_are_found_by_todays_rules() {
                    finds_titles_of_before(On::Sqlite, $version).await;
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn an_office_is_served_as_it_was_left() {
                    is_served_as_it_was_left(On::Sqlite, $version).await;
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn assignments_have_a_lifecycle() {
                    has_a_lifecycle_after_the_upgrade(On::Sqlite, $version).await;
                }
            }

            mod postgres {
                use super::*;

                #[tokio::test(flavor = "multi_thread")]
                async fn an_office_opens_as_it_was_left() {
                    opens_as_it_was_left(On::Postgres, $version).await;
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn writings_of_one_identity_are_kept() {
                    keeps_writings_of_one_identity(On::Postgres, $version).await;
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn titles_are_found_by_todays_rules() {
                    finds_titles_of_before(On::Postgres, $version).await;
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn an_office_is_served_as_it_was_left() {
                    is_served_as_it_was_left(On::Postgres, $version).await;
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn assignments_have_a_lifecycle() {
                    has_a_lifecycle_after_the_upgrade(On::Postgres, $version).await;
                }
            }
        })+
    };
}

former_versions! {
    v0_1_0: "0.1.0",
}
