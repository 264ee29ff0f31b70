//! What the database itself refuses, whoever asks.

use domain::Level;
use sqlx::postgres::PgDatabaseError;
use sqlx::{Connection, Executor};
use store::contract::given;
use store::{Rule, Store};

use crate::database::fresh_store;

#[tokio::test]
async fn an_audit_line_is_neither_changed_nor_removed() {
    let (_store, database) = fresh_store().await;
    let mut conn = database.conn().await;
    conn.execute(
        "INSERT INTO audit_logs (event_id, event_type, severity, timestamp, action_description, success, \
         retention_until) VALUES (gen_random_uuid(), 'read', 'low', now(), '', true, now())",
    )
    .await
    .unwrap();
    for statement in ["UPDATE audit_logs SET success = false", "DELETE FROM audit_logs", "TRUNCATE audit_logs"] {
        let refused = conn.execute(statement).await.unwrap_err();
        let said = refused.as_database_error().unwrap().downcast_ref::<PgDatabaseError>();
        assert_eq!(said.message(), "audit_logs_solo_se_agrega", "{statement}");
        assert_eq!(said.constraint().and_then(Rule::by_name), Some(Rule::AuditIsAppendOnly), "{statement}");
    }
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM audit_logs").fetch_one(&mut conn).await.unwrap();
    assert_eq!(left, 1);
}

// Every name that the program knows a rule by is one that the schema holds.
#[tokio::test]
async fn the_rules_bear_the_names_of_the_schema() {
    let (_store, database) = fresh_store().await;
    let mut conn = database.conn().await;
    for (name, rule) in Rule::BY_NAME {
        let known: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = $1) \
             OR EXISTS (SELECT 1 FROM pg_class WHERE relname = $1) OR EXISTS (SELECT 1 FROM pg_proc WHERE proname = $1)",
        )
        .bind(*name)
        .fetch_one(&mut conn)
        .await
        .unwrap();
        assert!(known, "{name} of {rule:?}");
    }
}

// Another program that writes states is held to one active task an officer as well.
#[tokio::test]
async fn the_hold_on_officers_follows_the_task_whoever_writes() {
    let (store, database) = fresh_store().await;
    let store: std::sync::Arc<dyn Store> = std::sync::Arc::new(store);
    let supervisor = given::a_user(&store, Level::Supervisor).await;
    let officer = given::an_officer(&store).await;
    let (a, b) = (given::a_task(&store, &supervisor).await, given::a_task(&store, &supervisor).await);
    let mut conn = database.conn().await;
    for task in [&a, &b] {
        sqlx::query("INSERT INTO tarea_efectivos (tarea_id, efectivo_id, asignado_en) VALUES ($1, $2, now())")
            .bind(task.id.0)
            .bind(officer.id.0)
            .execute(&mut conn)
            .await
            .unwrap();
    }
    let mut tx = conn.begin().await.unwrap();
    let begin = "UPDATE tareas SET estado = 'en_curso', inicio_real = now() WHERE id = $1";
    sqlx::query(begin).bind(a.id.0).execute(&mut *tx).await.unwrap();
    let refused = sqlx::query(begin).bind(b.id.0).execute(&mut *tx).await.unwrap_err();
    let constraint = refused.as_database_error().and_then(|said| said.constraint().map(str::to_owned));
    assert_eq!(constraint.as_deref(), Some("uq_efectivo_una_tarea_activa"));
}
