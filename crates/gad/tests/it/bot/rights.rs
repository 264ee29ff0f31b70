//! Nobody does over Telegram what they may not do elsewhere.

use super::desk::{Desk, shows};
use crate::bot_stories;

bot_stories! {
    an_officer_creates_nothing,
    an_officer_sees_only_their_own,
    a_demotion_holds_at_once,
    each_refusal_is_in_the_audit_trail,
}

async fn an_officer_creates_nothing(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    ana.say(&format!("/crear NO-1 Cuidar-la-esquina patrullaje {} {}", sofia.user, ana.officer));
    let refusal = ana.expect(|_| true).await;
    assert!(refusal.says("/start") && !refusal.says("exitosamente"), "{}", refusal.text());
    for data in ["menu:crear:start", "crear:tipo:OPERATIVO", "crear:confirm:yes"] {
        let tap = ana.tap_old(data);
        ana.answered(&tap).await;
    }
    ana.say("NO-1");
    ana.expect(|_| true).await;
    assert!(desk.tasks("NO-1").await.is_empty());
}

async fn an_officer_sees_only_their_own(desk: &Desk) {
    let (sofia, ana, beto) = (desk.supervisor("Sofía").await, desk.officer("Ana").await, desk.officer("Beto").await);
    desk.task("DE-ANA", &sofia, &[&ana]).await;
    for said in ["/historial", "/buscar plaza", "/buscar DE-ANA", "/cerca", "/reporte"] {
        beto.say(said);
        assert!(!shows(&beto.expect(|_| true).await, "Recorrer la plaza"), "{said}\n{}", beto.transcript());
    }
}

async fn a_demotion_holds_at_once(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    sofia.say("/start");
    sofia.expect(|message| message.button_for("menu:crear:start").is_some()).await;
    desk.boss.puts(&format!("/api/v1/usuarios/{}", sofia.user), serde_json::json!({ "nivel": "1" })).await.ok();
    let settled = async {
        loop {
            sofia.say("/start");
            if sofia.reads("Sofía").await.button_for("menu:crear:start").is_none() {
                return;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), settled).await.expect("within five seconds");
}

async fn each_refusal_is_in_the_audit_trail(desk: &Desk) {
    let (sofia, ana, beto) = (desk.supervisor("Sofía").await, desk.officer("Ana").await, desk.officer("Beto").await);
    desk.task("AUD-1", &sofia, &[&ana]).await;
    beto.say("/finalizar AUD-1");
    beto.expect(|_| true).await;
    ana.say("/finalizar AUD-1");
    ana.reads("exitosamente").await;
    let trail = desk.boss.gets("/api/v1/audit?limit=500").await.ok();
    let of = |user: i64| -> Vec<String> {
        let lines = trail.as_array().cloned().unwrap_or_else(|| trail["items"].as_array().cloned().unwrap_or_default());
        let own = lines.iter().filter(|line| line["user_id"] == user);
        own.filter_map(|line| line["event_type"].as_str().map(str::to_owned)).collect()
    };
    assert!(of(beto.user).iter().any(|kind| kind == "permission_denied"), "{trail}");
    assert!(of(ana.user).iter().any(|kind| kind == "task_status_changed" || kind == "task_completed"), "{trail}");
}
