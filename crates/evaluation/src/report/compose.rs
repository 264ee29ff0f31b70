//! The report from beginning to end.

use super::document::{Block, Document};
use super::{section, tables};
use crate::plan::{LINES, SECTIONS};
use crate::run::Findings;
use crate::target::SETTINGS;
use crate::text::Language;
use crate::verdict::Verdict;

/// The whole document.
pub fn document(findings: &Findings, language: Language) -> Document {
    let say = |es, en| language.say(es, en);
    let mut document = Document::default();
    document.heading(
        1,
        say("Patrones asíncronos y concurrencia: evaluación", "Asynchronous patterns and concurrency: evaluation"),
    );
    summary(&mut document, findings, language);
    document.heading(2, say("Veredictos", "Verdicts"));
    tables::verdicts(&mut document, findings, language);
    for (number, title) in SECTIONS.iter().enumerate() {
        document.heading(2, format!("{}. {}", number + 1, title.of(language)));
        for line in LINES.iter().filter(|line| line.section() == number + 1) {
            if let Some(judged) = findings.lines.iter().find(|judged| judged.line == line.number) {
                section::section(&mut document, line, judged, findings, language);
            }
        }
    }
    document.heading(2, say("Antipatrones hallados", "Anti-patterns found"));
    tables::wrong(&mut document, findings, language);
    document.heading(2, say("Normas", "Standards"));
    tables::standards(&mut document, findings, language);
    if let Some(comparison) = &findings.comparison {
        document.heading(2, say("Frente a la corrida anterior", "Beside the earlier run"));
        tables::comparison(&mut document, comparison, language);
    }
    document.heading(2, say("Plan de acción", "Plan of action"));
    document.paragraph(say(
        "Primero lo que no cumple, por cuánto excede su umbral; después lo que cumple en parte; al final lo que falta medir.",
        "First what does not hold, by how far it is beyond its threshold; then what holds in part; last what is not measured.",
    ));
    tables::actions(&mut document, findings, language);
    appendix(&mut document, findings, language);
    document
}

fn summary(document: &mut Document, findings: &Findings, language: Language) {
    let say = |es, en| language.say(es, en);
    let of = |verdict| findings.lines_with(verdict);
    let (good, partly, bad, none) =
        (of(Verdict::Holds), of(Verdict::Partly), of(Verdict::Broken), of(Verdict::Unmeasured));
    document.heading(2, say("Resumen", "Summary"));
    if findings.interrupted {
        document.0.push(Block::Warning(
            say(
                "Informe parcial: la corrida se interrumpió antes de terminar. Lo que falta figura como no medido.",
                "This report is partial: the run was ended before its end. What is missing is not measured.",
            )
            .to_owned(),
        ));
    }
    if findings.machine.unoptimised {
        document.0.push(Block::Warning(
            say(
                "El binario evaluado se construyó sin optimizar: sus cifras de velocidad no sirven para decidir.",
                "The binary was built without optimisation: its figures of speed decide nothing.",
            )
            .to_owned(),
        ));
    }
    document.paragraph(match language {
        Language::Spanish => format!(
            "De las 24 líneas del plan, **{good} cumplen**, **{partly} cumplen en parte**, **{bad} no cumplen** y **{none} no se \
             midieron**. Cada veredicto sale de comparar una cifra de esta corrida con su umbral en `evaluation.toml`; nadie lo \
             escribe a mano."
        ),
        Language::English => format!(
            "Of the plan's 24 lines, **{good} hold**, **{partly} hold in part**, **{bad} do not hold** and **{none} were not \
             measured**. Each verdict comes from a figure of this run and its threshold in `evaluation.toml`; nobody writes it."
        ),
    });
    let figure = |name: &str, unit: &str| {
        findings.evidence.figure(name).map(|value| format!("**{}{unit}**", language.number(value)))
    };
    let percent = |name: &str| {
        findings.evidence.figure(name).map(|value| format!("**{} %**", language.number((100.0 * value).round())))
    };
    let mut told = Vec::new();
    let mut tell = |es: &str, en: &str, values: &[Option<String>]| {
        if let Some(values) = values.iter().cloned().collect::<Option<Vec<String>>>() {
            let words = language.say(es, en).to_owned();
            told.push(values.iter().fold(words, |words, value| words.replacen("{}", value, 1)));
        }
    };
    tell(
        "En un día cargado ({} peticiones por segundo) 95 de cada 100 respuestas llegan antes de {} y 99 antes de {}.",
        "On a busy day ({} requests a second) 95 of 100 answers come within {} and 99 within {}.",
        &[figure("nominal.rate", ""), figure("nominal.p95_ms", " ms"), figure("nominal.p99_ms", " ms")],
    );
    tell(
        "Lo más que la oficina atiende en esta máquina son {} peticiones por segundo; con el doble hace el {} de ese trabajo y \
         rechaza en el acto el {} de lo pedido.",
        "The most that the office does on this machine is {} requests a second; asked for twice that, it does {} of that work \
         and refuses {} of what is asked at once.",
        &[figure("steps.peak_per_second", ""), percent("overload.goodput_ratio"), percent("overload.shed_share")],
    );
    tell(
        "De {} que corrieron por un mismo efectivo al mismo instante ganó {}.",
        "Of {} who raced for one officer at the same moment {} won.",
        &[figure("racers.racers", ""), figure("racers.winners", "")],
    );
    tell(
        "Al cortarle la corriente en plena escritura se perdieron {} de {} tareas confirmadas, y volvió a atender en {}.",
        "When its power was cut in full writing, {} of {} acknowledged tasks were lost, and it served again after {}.",
        &[figure("kill.lost", ""), figure("kill.acknowledged", ""), figure("kill.back_seconds", " s")],
    );
    tell(
        "Al pedirle que terminara en plena carga tardó {} y cortó {} peticiones.",
        "Asked to end in full load, it took {} and cut {} requests.",
        &[figure("shutdown.seconds", " s"), figure("shutdown.cut", "")],
    );
    tell(
        "De {} eventos que pantallas de dos réplicas debían ver, con Redis muerto en el medio, se perdieron {} y se repitieron {}.",
        "Of {} events that screens of two replicas had to see, Redis dead in the middle, {} were lost and {} came twice.",
        &[figure("pubsub.expected", ""), figure("pubsub.lost", ""), figure("pubsub.doubled", "")],
    );
    tell(
        "Al renovar una réplica bajo carga fallaron {} peticiones de {}; al matar otra se perdieron {} tareas confirmadas.",
        "While a replica was renewed under load {} requests of {} failed; when one was killed {} acknowledged tasks were lost.",
        &[figure("rolling.failed", ""), figure("rolling.answered", ""), figure("failover.lost", "")],
    );
    tell(
        "En el papel, un procesador de gad alcanza para {} efectivos; el modelo erró por {} en un punto que no vio.",
        "On paper one processor of gad is enough for {} officers; the model missed a point that it has not seen by {}.",
        &[figure("capacity.officers_per_processor", ""), percent("capacity.fit_error")],
    );
    document.list(told);
}

fn appendix(document: &mut Document, findings: &Findings, language: Language) {
    let say = |es, en| language.say(es, en);
    let machine = &findings.machine;
    document.heading(2, say("Apéndice", "Appendix"));
    let mut facts = vec![
        format!("{}: {}", say("Comienzo", "Began"), machine.began),
        format!("{}: {} s", say("Duración", "Took"), language.number(findings.seconds.round())),
        format!(
            "{}: {} × {}, {} MiB, Linux {}",
            say("Máquina", "Machine"),
            machine.cores,
            machine.processor,
            machine.memory_mib,
            machine.kernel
        ),
        format!("{}: {}", say("Carga media del sistema antes", "Load average before"), machine.load_before),
        format!("{}: {}", say("Programa", "Program"), machine.gad),
        format!(
            "{}: {}; {}: {}",
            say("Perfil", "Profile"),
            findings.profile.name,
            say("semilla", "seed"),
            findings.seed
        ),
        say(
            "La carga, el servidor y la base comparten esta máquina y sus procesadores.",
            "Load, server and database share this machine and its processors.",
        )
        .to_owned(),
    ];
    // The key of a throw-away office is no secret, and of no use to a reader.
    let settings = SETTINGS.iter().filter(|(name, _)| *name != "SECRET_KEY");
    facts.insert(0, format!("{}: {}", say("Montaje", "Set-up"), findings.set_up.title().of(language)));
    facts.extend(settings.map(|(name, value)| format!("`{name}={value}`")));
    document.list(facts);
    document.0.push(Block::Code(findings.command.clone()));
    let rows = findings.scenarios.iter().map(|went| {
        let outcome = went.failure.as_ref().map_or_else(
            || say("hecho", "done").to_owned(),
            |failure| format!("{}: {}", say("falló", "failed"), failure.chars().take(300).collect::<String>()),
        );
        vec![went.scenario.to_owned(), language.number(went.seconds), outcome]
    });
    let head = [say("escenario", "scenario"), "s", say("resultado", "outcome")];
    document.table(&head, rows.collect());
    document.heading(3, say("Todas las cifras", "All figures"));
    let rows = findings.evidence.measurements.iter().map(|measurement| {
        let value = format!("{} {}", language.number(measurement.value), measurement.unit);
        vec![format!("`{}`", measurement.name), measurement.what.of(language).to_owned(), value]
    });
    let head = [say("cifra", "figure"), say("qué es", "what it is"), say("valor", "value")];
    document.table(&head, rows.collect());
    document.list(findings.evidence.notes.iter().map(|note| note.of(language).to_owned()).collect());
}
