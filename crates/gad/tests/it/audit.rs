//! The audit as administrators see it, and what happens to it over the years.

use app::Actor;
use app::audit::Verified;
use chrono::TimeDelta;
use domain::Level;
use domain::audit::{AuditKey, Fault, KeyStatement, Severity};
use serde_json::{Value, json};

use crate::audit_attacks::{signs, verifies, writes};
use crate::conversations;
use crate::office::Office;

conversations! {
    an_administrator_reads_who_did_what,
    an_administrator_sees_whether_the_audit_holds,
    checkpoints_can_be_taken_away_and_checked,
    a_key_hands_over_to_the_next,
    a_checkpoint_is_signed_when_it_is_due_and_by_one_replica,
    what_is_over_is_forgotten_and_the_proof_stays,
}

fn words(lines: &Value, field: &str) -> Vec<String> {
    lines.as_array().unwrap().iter().map(|line| line[field].as_str().unwrap_or_default().to_owned()).collect()
}

async fn an_administrator_reads_who_did_what(office: &Office) {
    let administrator = office.administrator().await;
    let supervisor = office.supervisor().await;
    let (me, other) = (administrator.user.unwrap().0, supervisor.user.unwrap().0);
    let task = json!({ "codigo": "AUD-1", "titulo": "Recorrer la plaza", "tipo": "vigilancia",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": other });
    let task = supervisor.posts("/api/v1/tasks/", task).await.ok()["id"].clone();
    app::audit::seal(&office.cx).await.unwrap();
    let found = administrator.gets(&format!("/api/v1/audit?resource_type=tarea&resource_id={task}")).await.ok();
    assert_eq!((found[0]["user_id"].as_i64(), found[0]["event_type"].as_str()), (Some(other), Some("create")));
    assert!(found[0]["numero"].is_i64() && found.as_array().unwrap().len() == 1, "{found}");

    app::audit::seal(&office.cx).await.unwrap();
    let mine = administrator.gets(&format!("/api/v1/audit?user_id={me}&limit=2")).await.ok();
    assert_eq!(words(&mine, "event_type"), ["read", "login"], "reading it leaves a line; newest first");
    assert_eq!(mine[0]["action_description"], "Auditoría consultada");
    let cursor = &mine[1]["id"];
    let older = administrator.gets(&format!("/api/v1/audit?cursor={cursor}&limit=500")).await.ok();
    assert!(words(&older, "event_type").iter().all(|word| word == "user_created" || word == "create"), "{older}");

    office.clock.advance(TimeDelta::minutes(5));
    let since = office.cx.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    office.stranger().tries_to_sign_in("nadie@prueba.gad", "una clave larga").await;
    let refused = administrator.gets(&format!("/api/v1/audit?desde={since}&success=false")).await.ok();
    assert_eq!(words(&refused, "event_type"), ["login_failed"]);
    let before = administrator.gets(&format!("/api/v1/audit?hasta={since}&event_type=login_failed")).await.ok();
    assert_eq!(before, json!([]));
    let unknown = administrator.gets("/api/v1/audit?event_type=nada").await;
    assert_eq!(unknown.status, 422);
    assert_eq!(supervisor.gets("/api/v1/audit").await.status, 403);
}

async fn an_administrator_sees_whether_the_audit_holds(office: &Office) {
    let administrator = office.administrator().await;
    let state = administrator.gets("/api/v1/audit/verification").await.ok();
    assert_eq!((&state["estado"], &state["ultima_verificacion"]), (&json!("pendiente"), &Value::Null));
    app::audit::seal(&office.cx).await.unwrap();
    let (at, found) = (office.cx.clock.now(), verifies(office, &[]).await);
    office.cx.audit.note(|state| state.verified = Some(Verified { at, found }));
    let state = administrator.gets("/api/v1/audit/verification").await.ok();
    assert_eq!((&state["estado"], &state["ultima_verificacion"]["rotura"]), (&json!("integra"), &Value::Null));

    let mut intruder = office.intruder().await;
    intruder.drops_triggers().await;
    intruder.does("UPDATE audit_logs SET user_id = 99 WHERE id = 1").await;
    let found = verifies(office, &[]).await;
    office.cx.audit.note(|state| state.verified = Some(Verified { at, found }));
    let state = administrator.gets("/api/v1/audit/verification").await.ok();
    let broken = &state["ultima_verificacion"]["rotura"];
    assert_eq!(
        (&state["estado"], &broken["motivo"], &broken["numero"]),
        (&json!("rota"), &json!("cambiada"), &json!(1))
    );
}

async fn checkpoints_can_be_taken_away_and_checked(office: &Office) {
    let administrator = office.administrator().await;
    for n in 1..=3 {
        writes(office, n..=n).await;
        signs(office).await;
    }
    let all = administrator.gets("/api/v1/audit/checkpoints").await.ok();
    assert_eq!(all.as_array().unwrap().len(), 3);
    let key = office.audit_keys.lock().unwrap()[0].public();
    for point in all.as_array().unwrap() {
        let mut signature = [0; 64];
        hex::decode_to_slice(point["firma"].as_str().unwrap(), &mut signature).unwrap();
        assert!(key.has_signed(point["texto"].as_str().unwrap(), &signature));
        assert_eq!(point["clave"], key.id().0);
    }
    let second = administrator.gets("/api/v1/audit/checkpoints?cursor=1&limit=1").await.ok();
    assert_eq!(second, json!([all[1]]));
}

async fn a_key_hands_over_to_the_next(office: &Office) {
    writes(office, 1..=3).await;
    signs(office).await;
    let old = office.audit_keys.lock().unwrap()[0].clone();
    let new = AuditKey::parse(&"21".repeat(32)).unwrap();
    let actor = Actor::operator("prueba".to_owned(), "prueba");
    // A key that comes without the old one takes over from nobody.
    *office.audit_keys.lock().unwrap() = vec![new.clone()];
    writes(office, 4..=5).await;
    let refused = app::audit::checkpoint(&office.cx, &actor).await.unwrap_err().to_string();
    assert!(refused.contains(&old.public().id().0), "{refused}");
    *office.audit_keys.lock().unwrap() = vec![new.clone(), old.clone()];
    let signed = signs(office).await;
    assert_eq!(signed.checkpoint().unwrap().key, new.public().id());
    let keys = office.cx.store.read().await.unwrap().audit_chain().keys().await.unwrap();
    let named: Vec<_> = keys.iter().filter_map(KeyStatement::statement).map(|key| key.id).collect();
    assert_eq!(named, [old.public().id(), new.public().id()]);
    *office.audit_keys.lock().unwrap() = vec![new.clone()];
    writes(office, 6..=6).await;
    signs(office).await;
    assert_eq!(verifies(office, &[]).await.broken, None);
    for trusted in [old.public(), new.public()] {
        let walk = app::audit::Walk { trusted: Some(trusted), ..app::audit::Walk::default() };
        assert_eq!(app::audit::verify(&office.cx, walk, |_| ()).await.unwrap().broken, None);
    }
    // The old key is no longer good for anything.
    *office.audit_keys.lock().unwrap() = vec![old, new];
    writes(office, 7..=7).await;
    assert!(app::audit::checkpoint(&office.cx, &actor).await.is_err());
    let administrator = office.administrator().await;
    let found = administrator.gets("/api/v1/audit?resource_type=clave_auditoria").await.ok();
    let said = ["Clave de auditoría cambiada", "Clave de auditoría registrada"];
    assert_eq!(words(&found, "action_description"), said);
}

async fn a_checkpoint_is_signed_when_it_is_due_and_by_one_replica(office: &Office) {
    writes(office, 1..=5).await;
    let actor = Actor::operator("prueba".to_owned(), "prueba");
    let racers = (0..6).map(|_| app::audit::checkpoint(&office.cx, &actor));
    let signed = futures::future::join_all(racers).await.into_iter().filter_map(Result::unwrap).count();
    // The key's own line came after the first checkpoint, so a second one may have been signed.
    assert!((1..=2).contains(&signed), "{signed}");
    app::audit::seal(&office.cx).await.unwrap();
    let found = verifies(office, &[]).await;
    assert_eq!((found.broken, found.checkpoints), (None, i64::try_from(signed).unwrap()));
}

async fn what_is_over_is_forgotten_and_the_proof_stays(office: &Office) {
    let long_ago = office.cx.clock.now() - TimeDelta::days(5000);
    let mut tx = office.cx.store.write().await.unwrap();
    let note = |n: i64| {
        let mut line = crate::audit_attacks::a_line(n);
        (line.at, line.retain_until) = (long_ago, long_ago + Severity::Low.retention());
        line
    };
    tx.audit().push(&[note(1), note(2), crate::audit_attacks::a_line(3)]).await.unwrap();
    tx.commit().await.unwrap();
    app::audit::seal(&office.cx).await.unwrap();
    signs(office).await;
    app::housekeeping::clean(&office.cx).await.unwrap();
    app::audit::seal(&office.cx).await.unwrap();
    signs(office).await;
    let found = verifies(office, &[]).await;
    assert_eq!((found.broken, found.removed), (None, 2));
    let administrator = office.administrator().await;
    let lines = administrator.gets("/api/v1/audit?event_type=bulk_delete").await.ok();
    assert_eq!(lines[0]["event_metadata"], json!({ "lineas": 2 }));
    // What is not over is missed.
    let mut intruder = office.intruder().await;
    intruder.drops_triggers().await;
    intruder.does("DELETE FROM audit_logs WHERE id = 3").await;
    assert_eq!(verifies(office, &[]).await.broken.unwrap().fault, Fault::Missing);
    assert_eq!(office.user(Level::Officer).await.gets("/api/v1/audit").await.status, 403);
}
