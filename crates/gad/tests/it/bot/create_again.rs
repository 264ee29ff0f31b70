//! Going back in the wizard, changing what was said, and saying all at once.

use super::create::to_the_summary;
use super::desk::{Desk, step};
use crate::bot_stories;

bot_stories! {
    editing_the_summary_keeps_what_was_said,
    all_in_one_line,
    a_line_that_lacks_something_says_what,
}

async fn editing_the_summary_keeps_what_was_said(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    to_the_summary(&sofia, "OPE-2026-010", &[&ana]).await;
    sofia.press("crear:confirm:edit").await;
    let back = sofia.expect(|message| !step(6)(message)).await;
    assert!(back.says("paso"), "{}", back.text());
    sofia.say("/cancelar");
    sofia.reads("cancel").await;
    assert!(desk.tasks("OPE-2026-010").await.is_empty());
}

async fn all_in_one_line(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    sofia.say(&format!("/crear ope-77 \"Cuidar la salida de la escuela\" patrullaje {} {}", sofia.user, ana.officer));
    sofia.reads("Tarea 'OPE-77' creada exitosamente.").await;
    let task = desk.the("OPE-77").await;
    assert_eq!((&task["titulo"], &task["tipo"]), (&"Cuidar la salida de la escuela".into(), &"patrullaje".into()));
    assert_eq!(task["creado_por_usuario_id"], sofia.user);
    sofia.say(&format!("/crear OPE-77 Cuidar-otra-vez patrullaje {} {}", sofia.user, ana.officer));
    assert!(!sofia.reads("código").await.says("exitosamente"));
    assert_eq!(desk.tasks("OPE-77").await.len(), 1);
}

async fn a_line_that_lacks_something_says_what(desk: &Desk) {
    let sofia = desk.supervisor("Sofía").await;
    for line in ["/crear OPE-78", "/crear OPE-78 Título-largo baile 1 1", "/crear OPE-78 \"sin cerrar patrullaje 1 1"]
    {
        sofia.say(line);
        let answer = sofia.expect(|_| true).await;
        assert!(answer.says("/crear") || answer.says("patrullaje"), "{line}: {}", answer.text());
    }
    assert!(desk.tasks("OPE-78").await.is_empty());
}
