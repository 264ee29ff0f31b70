//! The switch from the old system: both run beside each other for a while, and later imports bring what
//! the old one did since, without doubling and without undoing what gad did.

use serde_json::{Value, json};

use crate::import::{CHIEF, New, SHAPE_A, an_old_database, counts, findings, on_both_records, signs_in};

/// A week of work in the old system.
const OLD_WEEK: &str = "
    UPDATE usuarios SET telefono = '11 5555 0100', updated_at = '2025-10-08' WHERE id = 12;
    UPDATE usuarios SET hashed_password = '$2b$06$y', updated_at = '2025-10-08' WHERE id = 13;
    UPDATE usuarios SET apellido = 'Dos Viejo', updated_at = '2025-10-08' WHERE id = 13;
    INSERT INTO usuarios VALUES (16, '00000000-0000-4000-8000-000000000016', 'P0000016', 'Prueba', 'Nueva',
        'nueva@prueba.gad', NULL, NULL, 'LEVEL_1', '$2b$06$x', true, NULL, 0, NULL, '{}', '2025-10-08', '2025-10-08', NULL);
    INSERT INTO efectivos VALUES (24, '00000000-0000-4000-8000-000000000024', 16, 'EF-4', NULL, NULL, NULL,
        'DISPONIBLE', '2025-10-08T12:00:00Z', NULL, '2025-10-08', '2025-10-08', NULL, 'POINT(-58.4 -34.6)');
    UPDATE efectivos SET unidad = 'Sur', ultima_actualizacion_estado = '2025-10-08T12:00:00Z',
        geom = 'POINT(-58.5 -34.7)', updated_at = '2025-10-08' WHERE id = 21;
    UPDATE tareas SET estado = 'COMPLETED', fin_real = '2025-10-02T12:00:00Z', updated_at = '2025-10-08' WHERE id = 32;
    INSERT INTO tareas (id, uuid, codigo, titulo, tipo, prioridad, inicio_programado, estado, delegado_usuario_id,
        creado_por_usuario_id, efectivos_asignados, notas, extra_data, created_at, updated_at)
    VALUES (47, '00000000-0000-4000-8000-000000000047', 'TAR-47', 'Tarea nueva', 'PATRULLAJE', 'HIGH',
        '2025-10-09T12:00:00Z', 'PROGRAMMED', 11, 11, '{24}', '{}', '{}', '2025-10-08', '2025-10-08');
    UPDATE tareas SET titulo = 'Otra en el viejo', updated_at = '2025-10-08' WHERE id = 33;
    DELETE FROM tareas WHERE id = 44;
    INSERT INTO historial_estados VALUES (54, 32, 'IN_PROGRESS', 'COMPLETED', 12, 'Tarea completada', '{}',
        '2025-10-02T12:00:00', '2025-10-02T12:00:00', NULL);
";

/// The numbers of changed, conflicting and removed rows of a table.
fn numbers(report: &Value, table: &str) -> [u64; 4] {
    let tables = report["tables"].as_array().unwrap();
    let row = tables.iter().find(|row| row["table"] == table).unwrap();
    ["added", "changed", "conflicts", "removed"].map(|name| row[name].as_u64().unwrap())
}

async fn a_later_import_brings_what_is_new_and_keeps_what_gad_changed(new: New) {
    let old = an_old_database(&[SHAPE_A]).await;
    // Comes in at the first import and is gone at the second.
    old.execute("UPDATE tareas SET estado = 'PROGRAMMED' WHERE id = 44").await;
    new.imports(&old, &[]).await;

    let server = new.place.serves().await;
    let office = signs_in(&server, CHIEF).await;
    // Gad works too: new rows get numbers that the old system does not use.
    let body = json!({ "codigo": "GAD-1", "titulo": "Tarea de gad", "tipo": "patrullaje", "delegado_usuario_id": 11,
        "creado_por_usuario_id": 11, "inicio_programado": "2026-11-25T12:00:00Z" });
    let own = office.posts("/api/v1/tasks/", body).await.ok()["id"].as_i64().unwrap();
    office.puts("/api/v1/tasks/33", json!({ "titulo": "Otra en gad" })).await.ok();
    office.puts("/api/v1/users/13", json!({ "apellido": "Dos Gad" })).await.ok();
    office.puts("/api/v1/efectivos/22", json!({ "rango": "Sargento" })).await.ok();
    assert!(server.ends().await);
    old.execute(OLD_WEEK).await;

    let trial = new.imports(&old, &["--dry-run"]).await;
    let second = new.imports(&old, &[]).await;
    assert_eq!(trial["tables"], second["tables"], "the rehearsal counts the same");
    assert_eq!(numbers(&second, "usuarios"), [1, 1, 1, 0], "{:?}", counts(&second));
    assert_eq!(numbers(&second, "efectivos"), [1, 1, 0, 0]);
    assert_eq!(numbers(&second, "efectivos.geom"), [2, 0, 0, 0]);
    // The officer of the task that ended is free for the one that was left out before.
    assert_eq!(numbers(&second, "tareas"), [2, 1, 1, 1]);
    assert_eq!(numbers(&second, "historial_estados"), [1, 0, 0, 0]);
    assert_eq!(findings(&second, "conflicts"), ["usuarios 13 id", "tareas 33 id"]);
    assert_eq!(second["violations"], json!([]));

    let before = new.contents().await;
    let third = new.imports(&old, &[]).await;
    assert_eq!(new.contents().await, before, "a third import brings nothing");
    for row in third["tables"].as_array().unwrap() {
        assert_eq!((&row["added"], &row["changed"], &row["removed"]), (&json!(0), &json!(0), &json!(0)), "{row}");
    }
    assert_eq!(third["conflicts"], second["conflicts"], "and names the same conflicts");

    let server = new.place.serves().await;
    let office = signs_in(&server, CHIEF).await;
    assert_eq!(office.gets("/api/v1/users/12").await.ok()["telefono"], "11 5555 0100");
    assert_eq!(office.gets("/api/v1/users/13").await.ok()["apellido"], "Dos Gad");
    assert_eq!(office.gets("/api/v1/tasks/33").await.ok()["titulo"], "Otra en gad");
    assert_eq!(office.gets("/api/v1/tasks/44").await.status, 404, "gone in the old system");
    let ended = office.gets("/api/v1/tasks/32").await.ok();
    assert_eq!((&ended["estado"], &ended["duracion_real_horas"]), (&json!("finalizada"), &json!(24.0)));
    let officer = office.gets("/api/v1/efectivos/21").await.ok();
    assert_eq!((&officer["unidad"], &officer["estado_disponibilidad"]), (&json!("Sur"), &json!("en_tarea")));
    assert_eq!(office.gets("/api/v1/efectivos/22").await.ok()["rango"], "Sargento");
    assert_eq!(office.gets("/api/v1/tasks/47").await.ok()["efectivos_asignados"], json!([24]));
    assert_eq!(office.gets(&format!("/api/v1/tasks/{own}")).await.ok()["codigo"], "GAD-1");
    assert!(server.ends().await);
    new.ends(old).await;
}

async fn hash(new: &New, id: i64) -> Option<String> {
    let store = new.store().await;
    let hash = store.read().await.unwrap().users().password_hash(domain::UserId(id)).await.unwrap();
    store.close().await;
    hash
}

async fn a_password_follows_the_old_system_until_gad_uses_it(new: New) {
    let old = an_old_database(&[SHAPE_A]).await;
    new.imports(&old, &[]).await;
    old.execute("UPDATE usuarios SET hashed_password = '$2b$06$y' WHERE id = 12").await;
    let second = new.imports(&old, &[]).await;
    assert_eq!(numbers(&second, "usuarios"), [0, 1, 0, 0]);
    assert_eq!(hash(&new, 12).await.as_deref(), Some("$2b$06$y"));
    let store = new.store().await;
    let mut tx = store.write().await.unwrap();
    tx.users().set_password_hash(domain::UserId(12), "$argon2id$x", domain::Time::default()).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    old.execute("UPDATE usuarios SET hashed_password = '$2b$06$z' WHERE id = 12").await;
    let third = new.imports(&old, &[]).await;
    assert_eq!(findings(&third, "conflicts"), ["usuarios 12 hashed_password"]);
    assert_eq!(hash(&new, 12).await.as_deref(), Some("$argon2id$x"));
    new.ends(old).await;
}

async fn people_deleted_in_the_old_system_are_deleted_here(new: New) {
    let old = an_old_database(&[SHAPE_A]).await;
    new.imports(&old, &[]).await;
    old.execute("UPDATE usuarios SET deleted_at = '2025-10-08' WHERE id = 12").await;
    let second = new.imports(&old, &[]).await;
    assert_eq!(second["violations"], json!([]));
    let store = new.store().await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.users().by_id(domain::UserId(12)).await.unwrap(), None);
    assert_eq!(tx.officers().by_id(domain::OfficerId(21)).await.unwrap(), None, "with the user");
    let task = tx.tasks().by_id(domain::TaskId(32)).await.unwrap().unwrap();
    assert!(!task.officers.contains(&domain::OfficerId(21)), "off the begun task");
    drop(tx);
    store.close().await;
    new.ends(old).await;
}

async fn another_database_deletes_nothing(new: New) {
    let (old, other) = (an_old_database(&[SHAPE_A]).await, an_old_database(&[SHAPE_A]).await);
    new.imports(&old, &[]).await;
    other
        .execute(
            "DELETE FROM tarea_efectivos; DELETE FROM historial_estados; DELETE FROM tareas; DELETE FROM efectivos",
        )
        .await;
    let before = new.contents().await;
    let report = new.imports(&other, &[]).await;
    assert_eq!(new.contents().await, before);
    assert_eq!(findings(&report, "notes"), ["tareas 0 id", "efectivos 0 id"]);
    other.drop().await;
    new.ends(old).await;
}

on_both_records! {
    a_later_import_brings_what_is_new_and_keeps_what_gad_changed,
    a_password_follows_the_old_system_until_gad_uses_it,
    people_deleted_in_the_old_system_are_deleted_here,
    another_database_deletes_nothing,
}
