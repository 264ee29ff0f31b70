//! Closing a task.

use super::desk::Desk;
use crate::bot_stories;

bot_stories! {
    an_officer_closes_a_task_by_buttons,
    an_officer_closes_a_task_by_a_command,
    ready_and_the_code_is_enough,
    no_means_no_on_new_buttons_and_on_old_ones,
    somebody_elses_task_stays_open,
    a_long_list_has_pages,
}

async fn an_officer_closes_a_task_by_buttons(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    desk.task("FIN-1", &sofia, &[&ana]).await;
    ana.say("/start");
    ana.press("menu:finalizar:start").await;
    let list = ana.expect(|message| message.button_for("finalizar:select:FIN-1").is_some()).await;
    assert!(list.button_for("menu:main").is_some());
    ana.press("finalizar:select:FIN-1").await;
    let question = ana.expect(|message| message.button_for("finalizar:confirm:yes").is_some()).await;
    assert!(question.says("FIN-1") && question.says("Recorrer la plaza"), "{}", question.text());
    let tap = ana.press("finalizar:confirm:yes").await;
    ana.answered(&tap).await;
    desk.sees("FIN-1", "finalizada").await;
}

async fn an_officer_closes_a_task_by_a_command(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    desk.task("FIN-2", &sofia, &[&ana]).await;
    ana.say("/finalizar fin-2");
    ana.reads("Tarea 'FIN-2' finalizada exitosamente.").await;
    desk.sees("FIN-2", "finalizada").await;
    ana.say("/finalizar FIN-2");
    assert!(!ana.reads("FIN-2").await.says("exitosamente"), "it is closed already");
    ana.say("/finalizar NO-HAY-1");
    ana.reads("NO-HAY-1").await;
    ana.say("/finalizar");
    ana.expect(|_| true).await;
}

async fn ready_and_the_code_is_enough(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    desk.task("FIN-3", &sofia, &[&ana]).await;
    ana.say("LiStO fin-3");
    ana.reads("Tarea 'FIN-3' finalizada exitosamente.").await;
    desk.sees("FIN-3", "finalizada").await;
}

async fn no_means_no_on_new_buttons_and_on_old_ones(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    desk.task("FIN-4", &sofia, &[&ana]).await;
    ana.say("/start");
    ana.press("menu:finalizar:start").await;
    ana.press("finalizar:select:FIN-4").await;
    ana.expect(|message| message.button_for("finalizar:cancel").is_some()).await;
    ana.press("finalizar:cancel").await;
    ana.reads("cancel").await;
    let tap = ana.tap_old("finalizar:confirm:FIN-4:no");
    ana.answered(&tap).await;
    ana.say("/historial");
    ana.reads("FIN-4").await;
    assert_eq!(desk.the("FIN-4").await["estado"], "programada");
}

async fn somebody_elses_task_stays_open(desk: &Desk) {
    let (sofia, ana, beto) = (desk.supervisor("Sofía").await, desk.officer("Ana").await, desk.officer("Beto").await);
    desk.task("FIN-5", &sofia, &[&ana]).await;
    for said in ["/finalizar FIN-5", "listo FIN-5"] {
        beto.say(said);
        assert!(!beto.expect(|_| true).await.says("exitosamente"));
    }
    let tap = beto.tap_old("finalizar:select:FIN-5");
    beto.answered(&tap).await;
    let tap = beto.tap_old("finalizar:confirm:FIN-5:yes");
    beto.answered(&tap).await;
    assert_eq!(desk.the("FIN-5").await["estado"], "programada");
}

async fn a_long_list_has_pages(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    for n in 0..7 {
        desk.task(&format!("FIN-6{n}"), &sofia, &[]).await;
    }
    sofia.say("/start");
    sofia.press("menu:finalizar:start").await;
    let is_choice = |button: &evaluation::telegram::Button| {
        button.data.as_deref().is_some_and(|data| data.starts_with("finalizar:select:"))
    };
    let first = sofia.expect(|message| message.buttons().iter().any(is_choice)).await;
    assert_eq!(first.buttons().iter().filter(|button| is_choice(button)).count(), 5);
    let next = first
        .buttons()
        .into_iter()
        .find(|button| button.data.as_deref().is_some_and(|data| data == "finalizar:list:1" || data == "page:1"));
    sofia.tap_data(&first, &next.unwrap().data.unwrap());
    let second = sofia.expect(|message| message.buttons().iter().any(is_choice)).await;
    assert_eq!(second.buttons().iter().filter(|button| is_choice(button)).count(), 2);
}
