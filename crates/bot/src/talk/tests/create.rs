//! A supervisor makes tasks.

use super::office::{Office, Person, shown};
use crate::talk::Dialogue;

async fn up_to_the_summary(office: &Office, supervisor: &mut Person, officer: &Person, code: &str) -> String {
    office.presses(supervisor, "menu:crear:start").await;
    office.presses(supervisor, "crear:tipo:OPERATIVO").await;
    office.writes(supervisor, code).await;
    office.writes(supervisor, "Controlar el acceso <norte>").await;
    office.presses(supervisor, &format!("crear:delegado:{}", supervisor.user.as_ref().unwrap().id)).await;
    office.presses(supervisor, &format!("crear:asignado:toggle:{}", officer.officer.as_ref().unwrap().id)).await;
    office.presses(supervisor, "crear:asignado:done").await
}

#[tokio::test]
async fn a_task_is_made_step_by_step_and_a_double_tap_makes_one() {
    let office = Office::open().await;
    let (mut supervisor, officer) = (office.supervisor().await, office.officer(11, "Ana").await);
    let summary = up_to_the_summary(&office, &mut supervisor, &officer, "ope-2025-001").await;
    insta::assert_snapshot!(summary, @r#"
    <b>[Paso 6/6]</b> ▰▰▰▰▰▰
    <i>paso 6 de 6</i>
    <b>Resumen</b>
    Tipo: 🛡 Operativo
    Código: <code>OPE-2025-001</code>
    Título: Controlar el acceso &lt;norte&gt;
    Responsable: Sofía
    Efectivos: EF-11 Ana

    ¿La creo?
    [✅ Sí, crear]
    [✏️ Editar]
    [⬅️ Atrás]
    [❌ Cancelar]
    "#);
    let tap = office.press(&supervisor, "crear:confirm:yes");
    // The worker dies before anything but the task is kept, and works the update again.
    let first = shown(&office.answer(&supervisor, &tap).await);
    assert_eq!(office.update(&mut supervisor, tap).await, first);
    assert!(first.contains("Tarea 'OPE-2025-001' creada exitosamente."), "{first}");
    let second = office.presses(&mut supervisor, "crear:confirm:yes").await;
    assert_eq!(second, "(Eso ya se hizo, o venció. Nada cambió.)");
    let task = office.task("OPE-2025-001").await;
    assert_eq!(task.officers, [officer.officer.unwrap().id]);
    assert_eq!(task.title.as_str(), "Controlar el acceso <norte>");
}

#[tokio::test]
async fn each_step_says_what_it_takes_and_nothing_else_is_taken() {
    let office = Office::open().await;
    let mut supervisor = office.supervisor().await;
    let asked = office.writes(&mut supervisor, "/crear").await;
    insta::assert_snapshot!(asked, @r#"
    <b>[Paso 1/6]</b> ▰▱▱▱▱▱
    <i>paso 1 de 6</i>
    ¿De qué tipo es la tarea?
    [🛡 Operativo]
    [🗂 Administrativo]
    [🚨 Emergencia]
    [❌ Cancelar]
    "#);
    office.presses(&mut supervisor, "crear:tipo:EMERGENCIA").await;
    for (wrong, why) in [
        ("con espacios", "Ese código no vale"),
        ("AB", "Ese código no vale"),
        ("listo OPE-1", "Ese código no vale"),
        ("/finalizar OPE-1", "Está creando una tarea"),
        ("/nada", "Está creando una tarea"),
        ("/ayuda", "Paso 2: código"),
    ] {
        let said = office.writes(&mut supervisor, wrong).await;
        assert!(said.contains(why), "{wrong}: {said}");
    }
    office.writes(&mut supervisor, "OPE-7").await;
    let said = office.writes(&mut supervisor, "corto").await;
    assert!(said.contains("El título tiene 5 caracteres; se admiten de 10 a 100."), "{said}");
    assert!(said.contains("/start"), "{said}");
    let said = office.presses(&mut supervisor, "crear:tipo:OPERATIVO").await;
    assert!(said.starts_with("(Ese botón es de otro paso"), "{said}");
    let said = office.presses(&mut supervisor, "crear:back:3").await;
    assert!(said.contains("Paso 2/6") && said.contains("Ahora: <b>OPE-7</b>"), "{said}");
    let said = office.writes(&mut supervisor, "/cancelar").await;
    assert!(said.contains("Cancelado"), "{said}");
    assert_eq!(supervisor.dialogue, None);
    assert!(!office.has("OPE-7").await);
}

#[tokio::test]
async fn a_code_that_somebody_takes_meanwhile_is_asked_anew_with_the_rest_kept() {
    let office = Office::open().await;
    let (mut supervisor, officer) = (office.supervisor().await, office.officer(11, "Ana").await);
    up_to_the_summary(&office, &mut supervisor, &officer, "OPE-1").await;
    let mut other = office.person(21, "Pedro", domain::Level::Supervisor, false).await;
    let id = officer.officer.as_ref().unwrap().id;
    let line = format!("/crear OPE-1 \"Otra tarea\" patrullaje {} {id}", other.user.as_ref().unwrap().id);
    let said = office.writes(&mut other, &line).await;
    assert!(said.contains("Tarea 'OPE-1' creada exitosamente."), "{said}");
    let said = office.presses(&mut supervisor, "crear:confirm:yes").await;
    assert!(said.contains("Ya hay una tarea con ese código"), "{said}");
    office.writes(&mut supervisor, "OPE-2").await;
    let Some(Dialogue::Create { asistente }) = &supervisor.dialogue else { panic!("the wizard is gone") };
    assert!(asistente.is_legal() && asistente.officers == [id]);
}

#[tokio::test]
async fn an_officer_may_not_make_tasks() {
    let office = Office::open().await;
    let mut officer = office.officer(11, "Ana").await;
    for asked in ["/crear", "/crear OPE-1 Control patrullaje 1 1"] {
        let said = office.writes(&mut officer, asked).await;
        insta::allow_duplicates! { insta::assert_snapshot!(said, @r#"
        Su nivel no permite hacer eso. /ayuda muestra lo que sí puede.

        Para seguir: /start
        "#) };
    }
    assert!(!office.has("OPE-1").await);
}

#[tokio::test]
async fn people_without_a_button_are_counted_and_a_supervisor_with_a_high_number_has_one() {
    let office = Office::open().await;
    for n in 0..65 {
        office.officer(1_000 + n, "Gente").await;
    }
    let mut supervisor = office.supervisor().await;
    for n in 0..24 {
        office.person(2_000 + n, "Otra", domain::Level::Supervisor, false).await;
    }
    office.presses(&mut supervisor, "menu:crear:start").await;
    office.presses(&mut supervisor, "crear:tipo:OPERATIVO").await;
    office.writes(&mut supervisor, "OPE-1").await;
    let said = office.writes(&mut supervisor, "Controlar el acceso").await;
    assert!(said.contains("Sofía · 66"), "{said}");
    assert!(said.contains("Sin botón: 5"), "{said}");
    let last = office.presses(&mut supervisor, "crear:delegado:66").await;
    assert!(last.contains("Sin botón: 45"), "{last}");
}
