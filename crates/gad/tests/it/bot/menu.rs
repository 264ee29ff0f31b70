//! The greeting, the menu of each level, help, and what is said to other words.

use super::desk::{Desk, step};
use crate::bot_stories;

bot_stories! {
    a_supervisor_is_greeted_with_the_whole_menu,
    an_officer_is_not_offered_what_an_officer_may_not_do,
    anybody_may_ask_for_help,
    help_in_the_wizard_is_about_the_step,
    other_words_are_met_with_a_hint,
    buttons_of_old_messages_are_answered,
}

async fn a_supervisor_is_greeted_with_the_whole_menu(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    sofia.say("/start");
    let menu = sofia.reads("Sofía").await;
    assert!(menu.says(&sofia.user.to_string()) || menu.says(&sofia.id().to_string()), "{}", menu.text());
    for (label, data) in [
        ("Crear Nueva Tarea", "menu:crear:start"),
        ("Completar Tarea", "menu:finalizar:start"),
        ("Ver Mis Tareas", "menu:tareas:list:mis"),
        ("Buscar Tareas", "menu:tareas:search"),
        ("Centro de Ayuda", "menu:ayuda:general"),
    ] {
        let button = menu.button_for(data).unwrap_or_else(|| panic!("no {data} in\n{}", sofia.transcript()));
        assert!(button.label.contains(label), "{button:?}");
    }
}

async fn an_officer_is_not_offered_what_an_officer_may_not_do(desk: &Desk) {
    let ana = desk.officer("Ana").await;
    ana.say("/start");
    let menu = ana.reads("Ana").await;
    assert!(menu.button_for("menu:crear:start").is_none() && menu.button_for("menu:finalizar:start").is_some());
}

async fn anybody_may_ask_for_help(desk: &Desk) {
    let (ana, stranger) = (desk.officer("Ana").await, desk.telegram.person("Nadie"));
    ana.say("/ayuda");
    let help = ana.reads("/finalizar").await;
    assert!(!help.says("/crear"), "an officer may not: {}", help.text());
    ana.say("/help");
    ana.reads("/finalizar").await;
    let sofia = desk.supervisor("Sofía").await;
    sofia.say("/ayuda");
    sofia.reads("/crear").await;
    stranger.say("/ayuda");
    stranger.expect(|message| !message.text().is_empty()).await;
}

async fn help_in_the_wizard_is_about_the_step(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    sofia.say("/start");
    sofia.press("menu:crear:start").await;
    sofia.expect(step(1)).await;
    sofia.press("crear:tipo:OPERATIVO").await;
    sofia.expect(step(2)).await;
    sofia.say("/ayuda");
    sofia.reads("OPE-2025-001").await;
    sofia.say("OPE-2026-100");
    sofia.expect(step(3)).await;
}

async fn other_words_are_met_with_a_hint(desk: &Desk) {
    let ana = desk.officer("Ana").await;
    ana.say("qué hago");
    let hint = ana.reads("/start").await;
    assert!(hint.says("/ayuda") && hint.says("listo"), "{}", hint.text());
}

async fn buttons_of_old_messages_are_answered(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    sofia.say("/start");
    sofia.reads("Sofía").await;
    for data in
        ["menu:main", "menu:tareas:list:mis", "hist_noop", "crear:confirm:yes", "finalizar:select:NADA-1", "x:y:z"]
    {
        let tap = sofia.tap_old(data);
        sofia.answered(&tap).await;
    }
    assert!(desk.boss.gets("/api/v1/tasks/").await.ok().as_array().unwrap().is_empty());
}
