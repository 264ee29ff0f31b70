//! Officers answer to tasks, call for help, and are found.

use domain::{Availability, Event, TaskState};
use serde_json::json;

use super::office::{Office, Person};
use crate::model::{ChatId, Language, Urgency};
use crate::talk::{Reader, notice};

async fn one_task(office: &Office) -> (Person, Person) {
    let (mut supervisor, officer) = (office.supervisor().await, office.officer(11, "Ana").await);
    let (user, id) = (supervisor.user.as_ref().unwrap().id, officer.officer.as_ref().unwrap().id);
    office.writes(&mut supervisor, &format!("/crear OPE-1 \"Control de acceso\" patrullaje {user} {id}")).await;
    (supervisor, officer)
}

async fn events(office: &Office) -> Vec<Event> {
    office.cx.store.sequence(100).await.unwrap();
    let mut tx = office.cx.store.read().await.unwrap();
    tx.event_log().after(0, 100).await.unwrap().events.into_iter().map(|logged| logged.event).collect()
}

async fn reader(office: &Office, person: &Person) -> Reader {
    let caller = app::telegram::Caller::Bot(std::sync::Arc::default());
    let actor = caller.acting_as(&office.cx, domain::TelegramId(person.telegram)).await.unwrap();
    Reader { chat: ChatId(person.telegram), language: Language::Spanish, actor }
}

/// All that somebody was told so far.
async fn told(office: &Office, person: &Person) -> Vec<(Urgency, String)> {
    let reader = reader(office, person).await;
    let mut told = Vec::new();
    for event in events(office).await {
        for message in notice(&office.cx, &event, &reader).await.unwrap() {
            told.push((message.urgency, message.body["text"].as_str().unwrap().lines().next().unwrap().to_owned()));
        }
    }
    told
}

#[tokio::test]
async fn an_officer_accepts_arrives_pauses_and_ends() {
    let office = Office::open().await;
    let (supervisor, mut officer) = one_task(&office).await;
    let id = office.task("OPE-1").await.id;
    insta::assert_snapshot!(office.writes(&mut officer, "/tarea ope-1").await, @r#"
    <b>Control de acceso</b>
    <code>OPE-1</code> · patrullaje
    Estado: <b>programada</b> · Prioridad: media
    Inicio: 09/10/2025 08:53 · Efectivos: 1
    [✅ Aceptar][✖️ Rechazar]
    [🚗 En camino][📍 Llegué]
    [▶️ Iniciar][🏁 Finalizar]
    [📝 Dejar nota]
    [⬅️ Menú]
    "#);
    assert_eq!(told(&office, &officer).await.len(), 1);
    insta::assert_snapshot!(office.presses(&mut officer, &format!("tarea:aceptar:{id}")).await, @r#"
    (OPE-1: aceptada)

    <b>Control de acceso</b>
    <code>OPE-1</code> · patrullaje
    Estado: <b>en curso</b> · Prioridad: media
    Inicio: 09/10/2025 08:53 · Efectivos: 1
    [🚗 En camino][📍 Llegué]
    [✖️ Rechazar]
    [⏸ Pausar][🏁 Finalizar]
    [📝 Dejar nota]
    [⬅️ Menú]
    "#);
    assert_eq!(office.task("OPE-1").await.state, TaskState::InProgress);
    for _ in 0..2 {
        office.presses(&mut officer, &format!("tarea:camino:{id}")).await;
    }
    for _ in 0..2 {
        office.presses(&mut officer, &format!("tarea:llegada:{id}")).await;
    }
    office.presses(&mut officer, &format!("tarea:pausar:{id}")).await;
    let said = office.presses(&mut officer, &format!("tarea:pausar:{id}")).await;
    assert!(said.contains("pausada"), "{said}");
    office.presses(&mut officer, &format!("tarea:seguir:{id}")).await;
    office.presses(&mut officer, &format!("tarea:finalizar:{id}")).await;
    office.presses(&mut officer, "finalizar:confirm:yes").await;
    assert_eq!(office.task("OPE-1").await.state, TaskState::Finished);
    let history = office.cx.store.read().await.unwrap().history().of_task(id).await.unwrap();
    let reasons: Vec<&str> = history.iter().filter_map(|entry| entry.reason.as_deref()).collect();
    let expected =
        ["Aceptada", "En camino", "Llegada al lugar", "Tarea pausada", "Cambio de estado", "Tarea completada"];
    assert_eq!(reasons, expected);
    let heard: Vec<String> = told(&office, &supervisor).await.into_iter().map(|(_, text)| text).collect();
    assert!(heard.iter().any(|text| text.contains("en curso")), "{heard:?}");
    // What one did oneself is not told, nor is an assignment that was answered.
    assert_eq!(told(&office, &officer).await, []);
}

#[tokio::test]
async fn whoever_declines_says_why_and_the_supervisor_hears_it() {
    let office = Office::open().await;
    let (supervisor, mut officer) = one_task(&office).await;
    let id = office.task("OPE-1").await.id;
    office.presses(&mut officer, &format!("tarea:aceptar:{id}")).await;
    office.presses(&mut officer, &format!("tarea:rechazar:{id}")).await;
    let said = office.writes(&mut officer, "no").await;
    assert!(said.contains("El motivo tiene 2 caracteres; se admiten de 3 a 300."), "{said}");
    let said = office.writes(&mut officer, "Sin <vehículo>").await;
    assert!(said.contains("Quedó anotado"), "{said}");
    let task = office.task("OPE-1").await;
    // Nobody works on it, so its time does not run.
    assert_eq!((task.state, task.officers.len()), (TaskState::Paused, 0));
    let mut tx = office.cx.store.read().await.unwrap();
    let ana = tx.officers().by_id(officer.officer.as_ref().unwrap().id).await.unwrap().unwrap();
    assert_eq!(ana.availability, Availability::Available);
    drop(tx);
    let heard = told(&office, &supervisor).await;
    let (_, last) = heard.last().unwrap();
    assert_eq!(last, "✖️ <b>Ana</b> no va. Rechazada: Sin &lt;vehículo&gt;");
    let said = office.presses(&mut officer, &format!("tarea:llegada:{id}")).await;
    assert!(said.contains("Esa tarea no es suya"), "{said}");
}

#[tokio::test]
async fn a_call_for_help_breaks_through_a_wizard_and_sends_the_nearest() {
    let office = Office::open().await;
    let (mut supervisor, officer) = (office.supervisor().await, office.officer(11, "Ana").await);
    office.stands_at(&officer, -2.170, -79.922).await;
    office.writes(&mut supervisor, "/crear").await;
    office.writes(&mut supervisor, "/emergencia Choque con heridos").await;
    let here = json!({ "location": { "latitude": -2.171, "longitude": -79.922 } });
    let forwarded = json!({ "location": { "latitude": 1.0, "longitude": 1.0 }, "forward_date": 1 });
    assert!(office.sends(&mut supervisor, forwarded).await.contains("reenviada"));
    let said = office.sends(&mut supervisor, here).await;
    assert!(said.contains("va <b>Ana</b>, a 111 m"), "{said}");
    assert!(said.contains("Lo que tenía abierto sigue esperando"), "{said}");
    assert_eq!(supervisor.dialogue.as_ref().map(crate::talk::Dialogue::name), Some("crear"));
    let heard = told(&office, &officer).await;
    assert_eq!(heard, [(Urgency::Emergency, "🚨 <b>EMERGENCIA: va usted</b>".to_owned())]);
    assert!(told(&office, &supervisor).await.is_empty());
}

#[tokio::test]
async fn a_supervisor_sees_who_is_near_why_not_the_others_and_sends_one() {
    let office = Office::open().await;
    let (mut supervisor, ana) = (office.supervisor().await, office.officer(11, "Ana").await);
    let mut luis = office.officer(12, "Luis").await;
    office.stands_at(&ana, -2.180, -79.922).await;
    office.stands_at(&luis, -2.171, -79.922).await;
    assert!(office.writes(&mut luis, "/fuera").await.contains("fuera de servicio"));
    office.writes(&mut supervisor, "/cerca").await;
    let here = json!({ "location": { "latitude": -2.170, "longitude": -79.922 } });
    insta::assert_snapshot!(office.sends(&mut supervisor, here.clone()).await, @r#"
    Buscando alrededor de ese punto:

    <b>Los más cercanos</b>
    • Ana (EF-11): 1,1 km, 3 min · posición de hace 0 min

    <i>Más cerca, pero no:</i>
    • Luis (EF-12): 111 m, 1 min · posición de hace 0 min — fuera de servicio
    [Enviar a Ana]
    [⬅️ Menú]
    "#);
    let user = supervisor.user.as_ref().unwrap().id;
    let (ana, luis_id) = (ana.officer.unwrap().id, luis.officer.as_ref().unwrap().id);
    let create = format!("/crear OPE-9 \"Otra tarea\" patrullaje {user} {luis_id}");
    let said = office.writes(&mut supervisor, &create).await;
    assert!(said.contains("no puede ser enviado ahora: no está de servicio"), "{said}");
    assert!(office.writes(&mut luis, "/disponible").await.contains("disponible"));
    office.writes(&mut supervisor, &create).await;
    assert!(office.presses(&mut supervisor, &format!("asignar:elegir:{ana}")).await.contains("OPE-9"));
    let id = office.task("OPE-9").await.id;
    office.presses(&mut supervisor, &format!("asignar:{id}:{ana}")).await;
    assert_eq!(office.task("OPE-9").await.officers, [ana, luis_id]);
    let said = office.writes(&mut luis, "/cerca").await;
    assert!(said.contains("Su nivel no permite"), "{said}");
    // A place that an officer sends unasked is where that officer is.
    assert!(office.sends(&mut luis, here).await.contains("Posición anotada"));
    assert!(office.writes(&mut supervisor, "/reporte").await.contains("Efectivos: 2"));
}

#[tokio::test]
async fn what_was_sent_before_the_process_ended_is_recorded_once() {
    let office = Office::open().await;
    let (_, officer) = one_task(&office).await;
    let (id, now) = (office.task("OPE-1").await.id, office.cx.clock.now());
    let state = async || {
        let mut tx = office.cx.store.read().await.unwrap();
        let row = tx.assignments().of_tasks(&[id]).await.unwrap().remove(0);
        (row.id, row.state, row.steps.len())
    };
    let reader = reader(&office, &officer).await;
    let mut written = Vec::new();
    for event in events(&office).await {
        written.extend(notice(&office.cx, &event, &reader).await.unwrap());
    }
    let (assignment, ..) = state().await;
    assert_eq!(written.iter().map(|message| message.assignment).collect::<Vec<_>>(), [Some(assignment)]);
    let mut tx = office.cx.store.write().await.unwrap();
    tx.messages().push(&[written.remove(0).kept(now, now)]).await.unwrap();
    tx.commit().await.unwrap();
    let record = async || app::assignment::record_deliveries_left(&office.cx).await.unwrap();
    assert_eq!(record().await, 0, "it waits to be sent");
    let mut tx = office.cx.store.write().await.unwrap();
    assert!(tx.messages().sent(domain::OutgoingId(1), Some(domain::MessageId(7)), now).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!((record().await, record().await), (1, 0));
    assert_eq!(state().await, (assignment, domain::AssignmentState::Notified, 2));
    assert!(!app::assignment::record_delivery(&office.cx, assignment, now).await.unwrap());
}

#[tokio::test]
async fn a_call_that_was_sent_long_before_says_so_to_all() {
    let office = Office::open().await;
    let (mut supervisor, officer) = (office.supervisor().await, office.officer(11, "Ana").await);
    office.stands_at(&officer, -2.170, -79.922).await;
    for (minutes, is_late) in [(1, false), (40, true)] {
        office.writes(&mut supervisor, "/emergencia Choque").await;
        let sent = office.cx.clock.now().timestamp() - minutes * 60;
        let place = json!({ "date": sent, "location": { "latitude": -2.171, "longitude": -79.922 } });
        let said = office.sends(&mut supervisor, place).await;
        assert_eq!(said.contains("Su llamada es de hace 40 minutos"), is_late, "{said}");
        assert_eq!(
            said.contains("Llamada hecha el 09/10/2025 08:13, recibida 40 min después. Choque"),
            is_late,
            "{said}"
        );
    }
}
