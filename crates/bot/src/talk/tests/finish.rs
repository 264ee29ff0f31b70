//! Officers end tasks.

use domain::TaskState;

use super::office::{Office, Person};

async fn one_task(office: &Office) -> (Person, Person) {
    let (mut supervisor, officer) = (office.supervisor().await, office.officer(11, "Ana").await);
    let (user, id) = (supervisor.user.as_ref().unwrap().id, officer.officer.as_ref().unwrap().id);
    office.writes(&mut supervisor, &format!("/crear OPE-1 \"Control de acceso\" patrullaje {user} {id}")).await;
    (supervisor, officer)
}

#[tokio::test]
async fn a_task_is_picked_confirmed_and_ended_with_a_note() {
    let office = Office::open().await;
    let (_, mut officer) = one_task(&office).await;
    insta::assert_snapshot!(office.presses(&mut officer, "menu:finalizar:start").await, @r#"
    <b>¿Qué tarea completó?</b>
    [OPE-1 · Control de acceso]
    [⬅️ Menú]
    "#);
    insta::assert_snapshot!(office.presses(&mut officer, "finalizar:select:OPE-1").await, @r#"
    ¿Completar esta tarea?

    <code>OPE-1</code> · patrullaje
    <b>Control de acceso</b>
    [✅ Sí, completar]
    [📝 Completar con nota]
    [❌ No, cancelar]
    "#);
    office.presses(&mut officer, "finalizar:confirm:nota").await;
    let said = office.writes(&mut officer, "Sin novedad").await;
    assert!(said.starts_with("Tarea 'OPE-1' finalizada exitosamente."), "{said}");
    let task = office.task("OPE-1").await;
    assert_eq!(task.state, TaskState::Finished);
    let history = office.cx.store.read().await.unwrap().history().of_task(task.id).await.unwrap();
    assert_eq!(history.last().unwrap().reason.as_deref(), Some("Sin novedad"));
    assert_eq!(office.presses(&mut officer, "finalizar:confirm:yes").await, "(Eso ya se hizo, o venció. Nada cambió.)");
}

#[tokio::test]
async fn a_no_of_the_earlier_bot_ends_nothing() {
    let office = Office::open().await;
    let (_, mut officer) = one_task(&office).await;
    office.presses(&mut officer, "finalizar:select:OPE-1").await;
    office.presses(&mut officer, "finalizar:confirm:OPE-1:no").await;
    assert_eq!(office.task("OPE-1").await.state, TaskState::Scheduled);
    assert_eq!(officer.dialogue, None);
    let said = office.presses(&mut officer, "finalizar:confirm:OPE-1:yes").await;
    assert!(said.contains("¿Completar esta tarea?"), "{said}");
    assert_eq!(office.task("OPE-1").await.state, TaskState::Scheduled);
}

#[tokio::test]
async fn listo_ends_ones_own_task_once_and_nobody_elses() {
    let office = Office::open().await;
    let (_, mut officer) = one_task(&office).await;
    let mut other = office.officer(12, "Luis").await;
    let said = office.writes(&mut other, "listo ope-1").await;
    assert!(said.contains("Esa tarea no es suya") && said.ends_with("/start"), "{said}");
    let said = office.writes(&mut officer, "LISTO ope-1").await;
    assert!(said.contains("Tarea 'OPE-1' finalizada exitosamente."), "{said}");
    let said = office.writes(&mut officer, "/finalizar OPE-1").await;
    assert!(said.contains("ya está finalizada"), "{said}");
    let said = office.writes(&mut officer, "listo NADA-9").await;
    assert!(said.contains("No encontré la tarea NADA-9, o ya está cerrada"), "{said}");
}

#[tokio::test]
async fn the_history_has_pages_filters_and_an_end() {
    let office = Office::open().await;
    let (_, mut officer) = one_task(&office).await;
    let said = office.writes(&mut officer, "/historial").await;
    assert!(said.contains("<code>OPE-1</code> Control de acceso — programada"), "{said}");
    let said = office.writes(&mut officer, "/historial viejas").await;
    assert!(said.contains("«viejas» no es un filtro") && said.contains("finalizadas"), "{said}");
    assert!(office.presses(&mut officer, "hist_page_0").await.contains("página 1 de 1"));
    assert!(office.presses(&mut officer, "hist_close").await.contains("Historial cerrado"));
    let said = office.writes(&mut officer, "/estadisticas").await;
    assert!(said.contains("últimos 30 días"), "{said}");
}
