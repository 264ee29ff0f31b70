//! The create wizard, step by step.

use super::desk::{Desk, Member, step};
use crate::bot_stories;

bot_stories! {
    a_supervisor_creates_a_task_in_six_steps,
    two_taps_on_confirm_create_one_task,
    cancelling_at_any_step_creates_nothing,
    what_is_not_allowed_is_said_and_the_step_stays,
    the_wizard_survives_a_kill,
    a_delegate_may_be_written_and_nobody_assigned,
}

/// Goes through the wizard up to its summary.
pub async fn to_the_summary(who: &Member, code: &str, officers: &[&Member]) {
    who.say("/start");
    who.press("menu:crear:start").await;
    who.expect(step(1)).await;
    who.press("crear:tipo:OPERATIVO").await;
    who.expect(step(2)).await;
    who.say(&code.to_lowercase());
    who.expect(step(3)).await;
    who.say("Verificar el cruce de la avenida");
    who.expect(step(4)).await;
    who.press(&format!("crear:delegado:{}", who.user)).await;
    who.expect(step(5)).await;
    for officer in officers {
        who.press(&format!("crear:asignado:toggle:{}", officer.officer)).await;
        who.expect(step(5)).await;
    }
    who.press("crear:asignado:done").await;
    let summary = who.expect(step(6)).await;
    assert!(summary.says(code) && summary.says("Verificar el cruce"), "{}", summary.text());
}

async fn a_supervisor_creates_a_task_in_six_steps(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    to_the_summary(&sofia, "OPE-2026-001", &[&ana]).await;
    let tap = sofia.press("crear:confirm:yes").await;
    sofia.answered(&tap).await;
    sofia.reads("OPE-2026-001").await;
    let task = desk.the("OPE-2026-001").await;
    assert_eq!((&task["titulo"], &task["estado"]), (&"Verificar el cruce de la avenida".into(), &"programada".into()));
    assert_eq!(
        (&task["creado_por_usuario_id"], &task["delegado_usuario_id"]),
        (&sofia.user.into(), &sofia.user.into())
    );
    assert_eq!((&task["tipo"], &task["prioridad"]), (&"intervencion".into(), &2.into()));
    assert_eq!(task["efectivos_asignados"], serde_json::json!([ana.officer]));
}

async fn two_taps_on_confirm_create_one_task(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    to_the_summary(&sofia, "OPE-2026-002", &[&ana]).await;
    let summary = sofia.messages().into_iter().rfind(|message| message.button_for("crear:confirm:yes").is_some());
    let summary = summary.unwrap();
    let (first, second) =
        (sofia.tap_data(&summary, "crear:confirm:yes"), sofia.tap_data(&summary, "crear:confirm:yes"));
    sofia.answered(&first).await;
    sofia.answered(&second).await;
    desk.sees("OPE-2026-002", "programada").await;
    sofia.say("/historial");
    sofia.reads("OPE-2026-002").await;
    assert_eq!(desk.tasks("OPE-2026-002").await.len(), 1);
}

async fn cancelling_at_any_step_creates_nothing(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    sofia.say("/start");
    sofia.press("menu:crear:start").await;
    sofia.expect(step(1)).await;
    sofia.press("crear:cancel").await;
    sofia.reads("cancel").await;
    sofia.say("/start");
    sofia.press("menu:crear:start").await;
    sofia.expect(step(1)).await;
    sofia.press("crear:tipo:ADMINISTRATIVO").await;
    sofia.expect(step(2)).await;
    sofia.say("/cancelar");
    sofia.reads("cancel").await;
    sofia.say("OPE-2026-003");
    sofia.reads("/ayuda").await;
    to_the_summary(&sofia, "OPE-2026-003", &[]).await;
    sofia.press("crear:cancel").await;
    sofia.reads("cancel").await;
    assert!(desk.tasks("OPE-2026-003").await.is_empty());
}

async fn what_is_not_allowed_is_said_and_the_step_stays(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    desk.task("EN-USO-1", &sofia, &[]).await;
    sofia.say("/start");
    sofia.press("menu:crear:start").await;
    sofia.expect(step(1)).await;
    sofia.say("OPERATIVO");
    sofia.expect(step(2)).await;
    for wrong in ["AB", "con espacios", "ÑANDÚ-1", "LARGUISIMO-CODIGO-001"] {
        sofia.say(wrong);
        sofia.reads("3").await;
    }
    sofia.say("EN-USO-1");
    sofia.expect(|message| message.says("código") && !step(3)(message)).await;
    sofia.say("LIBRE-1");
    sofia.expect(step(3)).await;
    sofia.say("corto");
    sofia.reads("10").await;
    sofia.say(&"x".repeat(101));
    sofia.reads("100").await;
    sofia.say("Un título que alcanza");
    sofia.expect(step(4)).await;
    sofia.say("nadie");
    sofia.expect(|_| true).await;
    sofia.say(&ana.user.to_string());
    sofia.expect(|message| !step(5)(message)).await;
    sofia.say("999999");
    sofia.expect(|message| !step(5)(message)).await;
    sofia.say(&sofia.user.to_string());
    sofia.expect(step(5)).await;
}

async fn the_wizard_survives_a_kill(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    to_the_summary(&sofia, "OPE-2026-004", &[&ana]).await;
    desk.is_killed_and_comes_back().await;
    sofia.press("crear:confirm:yes").await;
    sofia.reads("OPE-2026-004").await;
    desk.sees("OPE-2026-004", "programada").await;
}

async fn a_delegate_may_be_written_and_nobody_assigned(desk: &Desk) {
    let (sofia, mario) = (desk.supervisor("Sofía").await, desk.supervisor("Mario").await);
    sofia.say("/start");
    sofia.press("menu:crear:start").await;
    sofia.press("crear:tipo:EMERGENCIA").await;
    sofia.expect(step(2)).await;
    sofia.say("EME-2026-1");
    sofia.expect(step(3)).await;
    sofia.say("Incendio en el depósito");
    sofia.expect(step(4)).await;
    sofia.say(&mario.user.to_string());
    let asked = sofia.expect(step(5)).await;
    assert!(asked.button_for("crear:cancel").is_some());
    sofia.press("crear:asignado:done").await;
    sofia.expect(step(6)).await;
    sofia.press("crear:confirm:yes").await;
    sofia.reads("EME-2026-1").await;
    let task = desk.the("EME-2026-1").await;
    assert_eq!((&task["delegado_usuario_id"], &task["prioridad"]), (&mario.user.into(), &5.into()));
}
