//! What somebody with the database and SQL may try on the audit, and how it is found.

use app::Actor;
use app::audit::Walk;
use domain::audit::{
    AuditEvent, AuditKey, Break, ChainHead, Fault, KeyStatement, Link, Severity, Signed, Verification,
};
use domain::{AuditLine, JsonObject};
use uuid::Uuid;

use crate::conversations;
use crate::intruder::Intruder;
use crate::office::Office;

conversations! {
    a_changed_line_is_found_whichever_it_is,
    a_removed_line_is_found_whichever_it_is,
    an_inserted_line_is_found,
    lines_in_another_order_are_found,
    a_chain_that_was_made_anew_is_found_by_its_checkpoints,
    a_cut_tail_is_found_by_the_last_checkpoint,
    a_forged_checkpoint_is_found,
    a_key_that_nobody_handed_over_to_is_found,
    the_database_itself_refuses_to_forget,
}

pub fn a_line(n: i64) -> AuditLine {
    let at = chrono::DateTime::from_timestamp(1_760_000_000 + n, 0).unwrap();
    AuditLine {
        event_id: Uuid::new_v4(),
        event: AuditEvent::Update,
        severity: Severity::High,
        at,
        user: Some(domain::UserId(n)),
        telegram: None,
        session: None,
        request_id: None,
        endpoint: None,
        method: None,
        user_agent: None,
        ip: None,
        resource_type: Some("tarea".to_owned()),
        resource_id: Some(n.to_string()),
        description: format!("Tarea {n} cambiada"),
        old_values: Some(JsonObject::from_iter([("n".to_owned(), n.into())])),
        new_values: None,
        metadata: JsonObject::new(),
        success: true,
        error: None,
        tags: None,
        retain_until: at + Severity::High.retention(),
        identity: None,
        on_behalf_of: None,
        rule: domain::audit::HashRule::default(),
    }
}

pub async fn writes(office: &Office, lines: impl IntoIterator<Item = i64>) {
    for n in lines {
        let mut tx = office.cx.store.write().await.unwrap();
        tx.audit().push(&[a_line(n)]).await.unwrap();
        tx.commit().await.unwrap();
    }
    app::audit::seal(&office.cx).await.unwrap();
}

pub async fn signs(office: &Office) -> Signed {
    let actor = Actor::operator("prueba".to_owned(), "prueba");
    app::audit::checkpoint(&office.cx, &actor).await.unwrap().unwrap()
}

/// 15 lines: 8 under a first checkpoint, whose key left the ninth, 13 under a second one.
async fn works(office: &Office) -> Intruder {
    writes(office, 1..=8).await;
    signs(office).await;
    writes(office, 10..=13).await;
    signs(office).await;
    writes(office, 14..=15).await;
    let found = verifies(office, &[]).await;
    assert_eq!((found.lines, found.checkpoints, found.covered, found.broken), (15, 2, 13, None));
    let mut intruder = office.intruder().await;
    intruder.drops_triggers().await;
    intruder
}

pub async fn verifies(office: &Office, held: &[Signed]) -> Verification {
    app::audit::verify(&office.cx, Walk { held, part: 4, ..Walk::default() }, |_| ()).await.unwrap()
}

async fn finds(office: &Office) -> Break {
    verifies(office, &[]).await.broken.expect("something was to be found")
}

async fn links(office: &Office) -> Vec<Link> {
    office.cx.store.read().await.unwrap().audit_chain().links(0, 100).await.unwrap()
}

async fn a_changed_line_is_found_whichever_it_is(office: &Office) {
    let mut intruder = works(office).await;
    for n in 1..=15 {
        intruder
            .does(&format!("UPDATE audit_logs SET action_description = action_description || '.' WHERE id = {n}"))
            .await;
        let found = finds(office).await;
        assert_eq!((found.number, found.line, found.fault), (Some(n), Some(n), Fault::Changed));
        let back = "substr(action_description, 1, length(action_description) - 1)";
        intruder.does(&format!("UPDATE audit_logs SET action_description = {back} WHERE id = {n}")).await;
    }
    let truth = if matches!(intruder, Intruder::File(_)) { ("0", "1") } else { ("false", "true") };
    let fields = [
        ("user_id", "99", "5"),
        ("success", truth.0, truth.1),
        ("old_values", "'{\"n\": 6}'", "'{\"n\": 5}'"),
        ("error_message", "''", "NULL"),
        ("resource_id", "'6'", "'5'"),
        ("severity", "'low'", "'high'"),
        ("event_type", "'read'", "'update'"),
        ("ip_address", "'203.0.113.7'", "NULL"),
        ("en_nombre_de", "99", "NULL"),
        ("identidad", "'operador'", "NULL"),
        ("version_huella", "1", "2"),
    ];
    for (field, value, before) in fields {
        intruder.does(&format!("UPDATE audit_logs SET {field} = {value} WHERE id = 5")).await;
        let found = finds(office).await;
        assert_eq!((found.number, found.fault), (Some(5), Fault::Changed), "{field}");
        intruder.does(&format!("UPDATE audit_logs SET {field} = {before} WHERE id = 5")).await;
    }
    intruder.does("UPDATE audit_logs SET event_type = 'nada' WHERE id = 6").await;
    let found = finds(office).await;
    assert!(matches!((found.number, found.fault), (Some(6), Fault::Unreadable(_))));
    intruder.does("UPDATE audit_logs SET event_type = 'update' WHERE id = 6").await;
    // With the link made to fit, the chain does not follow.
    let forged = intruder.bytes(&[7; 32]);
    intruder.does(&format!("UPDATE audit_cadena SET huella = {forged} WHERE numero = 4")).await;
    let found = finds(office).await;
    assert_eq!((found.number, found.fault), (Some(4), Fault::Unlinked));
}

async fn a_removed_line_is_found_whichever_it_is(office: &Office) {
    let mut intruder = works(office).await;
    for n in 1..=15 {
        intruder.does(&format!("CREATE TABLE guardada AS SELECT * FROM audit_logs WHERE id = {n}")).await;
        intruder.does(&format!("DELETE FROM audit_logs WHERE id = {n}")).await;
        let found = finds(office).await;
        assert_eq!((found.number, found.line, found.fault), (Some(n), Some(n), Fault::Missing));
        intruder.does("INSERT INTO audit_logs SELECT * FROM guardada; DROP TABLE guardada").await;
    }
    assert_eq!(verifies(office, &[]).await.broken, None);
    // How long a line must stay is under its hash, too.
    let over = if matches!(intruder, Intruder::File(_)) { "1" } else { "'2001-01-01'" };
    intruder
        .does(&format!(
            "UPDATE audit_cadena SET retencion = {over} WHERE numero = 3; DELETE FROM audit_logs WHERE id = 3"
        ))
        .await;
    let found = finds(office).await;
    assert_eq!((found.number, found.fault), (Some(3), Fault::Unlinked));
    intruder.does("DELETE FROM audit_cadena WHERE numero = 3").await;
    let found = finds(office).await;
    assert_eq!((found.number, found.fault), (Some(3), Fault::Missing));
    intruder.does("UPDATE audit_cadena SET numero = 1 - numero WHERE numero > 3; UPDATE audit_cadena SET numero = -numero WHERE numero < 0").await;
    let found = finds(office).await;
    assert_eq!((found.number, found.fault), (Some(3), Fault::Unlinked), "the gap was closed");
}

async fn an_inserted_line_is_found(office: &Office) {
    let mut intruder = works(office).await;
    let event = Uuid::new_v4();
    let columns = "event_type, severity, timestamp, action_description, event_metadata, success, retention_until";
    intruder
        .does(&format!(
            "INSERT INTO audit_logs (event_id, {columns}) SELECT {}, {columns} FROM audit_logs WHERE id = 4",
            intruder.uuid(event)
        ))
        .await;
    app::audit::seal(&office.cx).await.unwrap();
    let found = finds(office).await;
    assert_eq!((found.number, found.event_id, found.fault), (None, Some(event), Fault::Inserted));
    let row = found.line.unwrap();
    let (huella, cadena) = (intruder.bytes(&[1; 32]), intruder.bytes(&[2; 32]));
    intruder
        .does(&format!(
            "UPDATE audit_cadena SET numero = -numero - 1 WHERE numero >= 6; \
            UPDATE audit_cadena SET numero = -numero WHERE numero < 0; \
            INSERT INTO audit_cadena (numero, audit_id, huella, retencion, cadena) \
            SELECT 6, {row}, {huella}, retencion, {cadena} FROM audit_cadena WHERE numero = 5"
        ))
        .await;
    let found = finds(office).await;
    assert_eq!((found.number, found.line, found.fault), (Some(6), Some(row), Fault::Inserted));
}

async fn lines_in_another_order_are_found(office: &Office) {
    let mut intruder = works(office).await;
    let swap = |table: &str, field: &str| {
        format!(
            "UPDATE {table} SET {field} = -1 WHERE {field} = 3; UPDATE {table} SET {field} = 3 WHERE {field} = 11; \
            UPDATE {table} SET {field} = 11 WHERE {field} = -1"
        )
    };
    for (table, field) in [("audit_logs", "id"), ("audit_cadena", "numero")] {
        intruder.does(&swap(table, field)).await;
        let found = finds(office).await;
        assert_eq!((found.number, found.fault), (Some(3), Fault::Reordered(11)), "{table}");
        intruder.does(&swap(table, field)).await;
        assert_eq!(verifies(office, &[]).await.broken, None);
    }
}

/// Changes line `n`, and makes the whole chain after it fit.
async fn rewrites(office: &Office, intruder: &mut Intruder, n: i64) {
    intruder.does(&format!("UPDATE audit_logs SET action_description = 'Otra cosa' WHERE id = {n}")).await;
    let chained = office.cx.store.read().await.unwrap().audit_chain().chained(0, 100).await.unwrap();
    let mut head = ChainHead::START;
    for chained in chained {
        let store::audit_chain::Kept::Line(line) = chained.kept else { panic!("a line is gone") };
        let link = head.link(chained.link.line, line.hash(), line.retain_until);
        let (huella, cadena) = (intruder.bytes(link.line_hash.bytes()), intruder.bytes(link.chain.bytes()));
        let number = link.number;
        intruder
            .does(&format!("UPDATE audit_cadena SET huella = {huella}, cadena = {cadena} WHERE numero = {number}"))
            .await;
    }
}

async fn a_chain_that_was_made_anew_is_found_by_its_checkpoints(office: &Office) {
    let mut intruder = works(office).await;
    rewrites(office, &mut intruder, 11).await;
    let found = finds(office).await;
    assert_eq!((found.number, found.fault), (Some(9), Fault::Rewritten { checkpoint: 2, last: 13 }));
    let refused = app::audit::checkpoint(&office.cx, &Actor::operator("prueba".to_owned(), "prueba")).await;
    assert!(refused.unwrap_err().to_string().contains("line 14 does not follow"), "nothing is signed over it");
    rewrites(office, &mut intruder, 2).await;
    let found = finds(office).await;
    assert_eq!((found.number, found.fault), (Some(1), Fault::Rewritten { checkpoint: 1, last: 8 }));
}

async fn a_cut_tail_is_found_by_the_last_checkpoint(office: &Office) {
    let mut intruder = works(office).await;
    let held = office.cx.store.read().await.unwrap().audit_chain().checkpoints(0, 100).await.unwrap();
    let cut = |from: i64| {
        format!("DELETE FROM audit_logs WHERE id >= {from}; DELETE FROM audit_cadena WHERE numero >= {from}")
    };
    intruder.does(&cut(14)).await;
    assert_eq!(verifies(office, &held).await.broken, None, "what no checkpoint covers can go unseen");
    intruder.does(&cut(12)).await;
    let tail = Fault::TailCut { checkpoint: 2, lines: 13 };
    let found = finds(office).await;
    assert_eq!((found.number, &found.fault), (Some(11), &tail));
    assert_eq!(found.to_string(), "tail cut after line 11: checkpoint 2 signed 13 lines");
    // Who takes the checkpoints away as well is found by those that were kept elsewhere.
    intruder.does("DELETE FROM audit_puntos WHERE numero = 2").await;
    assert_eq!(verifies(office, &[]).await.broken, None);
    assert_eq!(verifies(office, &held).await.broken.unwrap().fault, tail);
}

async fn a_forged_checkpoint_is_found(office: &Office) {
    let mut intruder = works(office).await;
    let signed = office.cx.store.read().await.unwrap().audit_chain().checkpoints(0, 100).await.unwrap();
    let genuine = intruder.bytes(&signed[0].signature);
    let of = |found: Break| match found.fault {
        Fault::Forged { checkpoint, why } => (checkpoint, why),
        other => panic!("{other:?}"),
    };
    let other = intruder.bytes(&signed[1].signature);
    intruder.does(&format!("UPDATE audit_puntos SET firma = {other} WHERE numero = 1")).await;
    assert_eq!(of(finds(office).await), (1, "its signature does not hold".to_owned()));
    intruder.does(&format!("UPDATE audit_puntos SET firma = {genuine} WHERE numero = 1")).await;
    intruder
        .does("UPDATE audit_puntos SET texto = replace(texto, '\"lineas\":8', '\"lineas\":7') WHERE numero = 1")
        .await;
    assert_eq!(of(finds(office).await), (1, "its signature does not hold".to_owned()));
    intruder
        .does("UPDATE audit_puntos SET texto = replace(texto, '\"lineas\":7', '\"lineas\":8') WHERE numero = 1")
        .await;
    assert_eq!(verifies(office, &[]).await.broken, None);
    intruder.does("DELETE FROM audit_puntos WHERE numero = 1").await;
    assert_eq!(of(finds(office).await), (2, "it does not follow from the one before".to_owned()));
}

async fn a_key_that_nobody_handed_over_to_is_found(office: &Office) {
    let mut intruder = works(office).await;
    let seed = "5a".repeat(32);
    let (own, at) = (AuditKey::parse(&seed).unwrap(), office.cx.clock.now());
    // The forger signs all of it anew, with a key of his own in the place of the office's.
    let mut tree = domain::audit::Frontier::default();
    let links = links(office).await;
    for link in &links {
        tree.add(link.leaf());
    }
    let signed = Signed::next(None, &tree, ChainHead::from(links.last().unwrap()), &own, at);
    let statement = KeyStatement::sign(1, &own, None, at);
    let statements = [
        "DELETE FROM audit_puntos".to_owned(),
        "DELETE FROM audit_claves".to_owned(),
        format!(
            "INSERT INTO audit_claves (numero, texto, firma) VALUES (1, '{}', {})",
            statement.text,
            intruder.bytes(&statement.signature)
        ),
        format!(
            "INSERT INTO audit_puntos (numero, lineas, texto, firma, frente) VALUES (1, 15, '{}', {}, {})",
            signed.text,
            intruder.bytes(&signed.signature),
            intruder.bytes(&tree.bytes())
        ),
    ];
    for statement in statements {
        intruder.does(&statement).await;
    }
    let found = finds(office).await;
    assert!(matches!(&found.fault, Fault::Keys(why) if why.contains("none of those that signed")), "{found}");
    let walk = Walk { trusted: Some(own.public()), ..Walk::default() };
    let trusting = app::audit::verify(&office.cx, walk, |_| ()).await.unwrap();
    assert_eq!(trusting.broken, None, "whoever trusts the forger's key believes him");
    writes(office, 16..=16).await;
    let refused = app::audit::checkpoint(&office.cx, &Actor::operator("prueba".to_owned(), "prueba")).await;
    assert!(refused.unwrap_err().to_string().contains("is not among those that were given"));
}

async fn the_database_itself_refuses_to_forget(office: &Office) {
    writes(office, 1..=3).await;
    signs(office).await;
    let mut intruder = office.intruder().await;
    for statement in [
        "UPDATE audit_logs SET success = success",
        "DELETE FROM audit_logs WHERE id = 1",
        "UPDATE audit_cadena SET numero = numero",
        "DELETE FROM audit_cadena",
        "UPDATE audit_puntos SET lineas = lineas",
        "DELETE FROM audit_puntos",
        "UPDATE audit_claves SET numero = numero",
        "DELETE FROM audit_claves",
    ] {
        let refused = intruder.tries(statement).await.unwrap_err().to_string();
        assert!(refused.contains("audit_logs_solo_se_agrega"), "{statement}: {refused}");
    }
}
