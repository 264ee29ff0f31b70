//! The words of GRUPO_GAD's enums, all that any of its schemas had (contract §2.2). Case is
//! ignored: migrations write some in capitals, the schemas written by hand do not.

use domain::audit::{AuditEvent, Severity};
use domain::task::TelegramKind;
use domain::{Availability, Level, Priority, TaskKind, TaskState};

/// `nivel_usuario` and `nivel_autenticacion`.
pub fn level(word: &str) -> Option<Level> {
    Some(match word {
        "level_1" | "nivel_1" | "1" => Level::Officer,
        "level_2" | "nivel_2" | "2" => Level::Supervisor,
        "level_3" | "nivel_3" | "3" => Level::Administrator,
        _ => return None,
    })
}

/// `estado_tarea` and `estado_tarea_gad`.
pub fn state(word: &str) -> Option<TaskState> {
    Some(match word {
        "programmed" => TaskState::Scheduled,
        "in_progress" => TaskState::InProgress,
        "completed" => TaskState::Finished,
        "cancelled" => TaskState::Cancelled,
        "paused" => TaskState::Paused,
        word => return word.parse().ok(),
    })
}

/// `estado_disponibilidad` and `estado_disponibilidad_gad`.
pub fn availability(word: &str) -> Option<Availability> {
    Some(match word {
        "activo" => Availability::Available,
        "en_licencia" => Availability::Unavailable,
        word => return word.parse().ok(),
    })
}

/// `prioridad_tarea`.
pub fn priority(word: &str) -> Option<Priority> {
    Some(match word {
        "low" | "1" => Priority::Low,
        "medium" | "2" => Priority::Medium,
        "high" | "3" => Priority::High,
        "urgent" | "4" => Priority::Urgent,
        "critical" | "5" => Priority::Critical,
        word => return Priority::from_word(word),
    })
}

/// `tipo_tarea`.
pub fn kind(word: &str) -> Option<TaskKind> {
    word.parse().ok()
}

/// The free text of the small schemas, the bot's words among them; `None` for any other.
pub fn free_kind(word: &str) -> Option<TaskKind> {
    let word = word.trim().to_lowercase();
    kind(&word).or_else(|| word.parse::<TelegramKind>().ok().map(TaskKind::from))
}

/// `audit_event_type`.
pub fn event(word: &str) -> Option<AuditEvent> {
    word.parse().ok()
}

/// `audit_severity`.
pub fn severity(word: &str) -> Option<Severity> {
    word.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all<T>(words: &str, known: impl Fn(&str) -> Option<T>) -> Vec<T> {
        words.split(' ').map(|word| known(word).unwrap_or_else(|| panic!("{word} is not known"))).collect()
    }

    #[test]
    fn the_words_of_all_schemas_mean_the_same() {
        let levels = [Level::Officer, Level::Supervisor, Level::Administrator];
        for words in ["level_1 level_2 level_3", "nivel_1 nivel_2 nivel_3", "1 2 3"] {
            assert_eq!(all(words, level), levels);
        }
        for words in
            ["programmed in_progress completed cancelled paused", "programada en_curso finalizada cancelada pausada"]
        {
            assert_eq!(all(words, state), TaskState::ALL);
        }
        for words in ["low medium high urgent critical", "baja media alta urgente critica", "1 2 3 4 5"] {
            assert_eq!(all(words, priority), Priority::ALL);
        }
        let free = [Availability::Available, Availability::OnTask, Availability::Unavailable];
        assert_eq!(all("activo en_tarea en_licencia", availability), free);
        assert_eq!(all(&Availability::WORDS.join(" "), availability), Availability::ALL);
        assert_eq!(all(&TaskKind::WORDS.join(" "), kind), TaskKind::ALL);
        assert_eq!(all(&AuditEvent::WORDS.join(" "), event), AuditEvent::ALL);
        assert_eq!(AuditEvent::ALL.len(), 24);
    }

    #[test]
    fn free_words_for_kinds_are_known_or_none() {
        assert_eq!(free_kind(" Patrullaje"), Some(TaskKind::Patrol));
        assert_eq!(free_kind("inspeccion"), Some(TaskKind::Investigation));
        assert_eq!(free_kind("allanamiento"), None);
    }
}
