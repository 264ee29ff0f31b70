//! Commands, as people write them.

use app::policy::Permission;

/// What a message asks for by its first word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// `/start`, maybe with a code from a link.
    Start,
    /// `/vincular`.
    Link,
    /// `/desvincular`.
    Unlink,
    /// `/ayuda` and `/help`.
    Help,
    /// `/cancelar`.
    Cancel,
    /// `/tareas`.
    Tasks,
    /// `/tarea`.
    Task,
    /// `/crear`.
    Create,
    /// `/finalizar`.
    Finish,
    /// `/historial`.
    History,
    /// `/estadisticas`.
    Statistics,
    /// `/buscar`.
    Search,
    /// `/emergencia`.
    Emergency,
    /// `/cerca`.
    Near,
    /// `/reporte`.
    Report,
    /// `/disponible`.
    Available,
    /// `/fuera`.
    OutOfService,
    /// `/silencio`.
    Quiet,
    /// `/idioma`.
    Language,
}

/// A command, its word, and what one must be allowed to do; `None` for everybody.
pub type Row = (Command, &'static str, Option<Permission>);

/// All commands, in the order of the help; `/ayuda`, Telegram's own menu and the reader stand on it.
pub const COMMANDS: &[Row] = &[
    (Command::Start, "start", None),
    (Command::Tasks, "tareas", Some(Permission::ViewAssignedTasks)),
    (Command::Task, "tarea", Some(Permission::ViewAssignedTasks)),
    (Command::Finish, "finalizar", Some(Permission::UpdateTaskStatus)),
    (Command::Emergency, "emergencia", Some(Permission::RaiseEmergency)),
    (Command::Search, "buscar", Some(Permission::ViewAssignedTasks)),
    (Command::History, "historial", Some(Permission::ViewAssignedTasks)),
    (Command::Statistics, "estadisticas", Some(Permission::ViewAssignedTasks)),
    (Command::Available, "disponible", Some(Permission::UpdateTaskStatus)),
    (Command::OutOfService, "fuera", Some(Permission::UpdateTaskStatus)),
    (Command::Create, "crear", Some(Permission::CreateTasks)),
    (Command::Near, "cerca", Some(Permission::ViewPeople)),
    (Command::Report, "reporte", Some(Permission::ViewTeamMetrics)),
    (Command::Quiet, "silencio", Some(Permission::ViewAssignedTasks)),
    (Command::Language, "idioma", None),
    (Command::Link, "vincular", None),
    (Command::Unlink, "desvincular", Some(Permission::ViewAssignedTasks)),
    (Command::Cancel, "cancelar", None),
    (Command::Help, "ayuda", None),
];

/// A text as it is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words<'a> {
    /// A command, and what stands after it.
    Command(Command, &'a str),
    /// A slash and a word that we do not know.
    UnknownCommand,
    /// `listo CÓDIGO`, with what stands after the word.
    Done(&'a str),
    /// Anything else.
    Text(&'a str),
}

/// How a text is understood.
pub fn read(text: &str) -> Words<'_> {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    if let Some(word) = word.strip_prefix('/') {
        // In groups Telegram adds the bot's name: /start@our_bot.
        let name = word.split('@').next().unwrap_or_default().to_lowercase();
        let name = if name == "help" { "ayuda" } else { name.as_str() };
        let known = COMMANDS.iter().find(|(_, known, _)| *known == name);
        return known.map_or(Words::UnknownCommand, |(command, ..)| Words::Command(*command, rest));
    }
    // One word after it: more is a sentence that happens to begin so.
    if word.to_lowercase() == "listo" && !rest.is_empty() && !rest.contains(char::is_whitespace) {
        return Words::Done(rest);
    }
    Words::Text(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_known_in_any_case_and_with_the_bots_name() {
        assert_eq!(read("/Start@gad_bot  ABC "), Words::Command(Command::Start, "ABC"));
        assert_eq!(read("/help"), Words::Command(Command::Help, ""));
        assert_eq!(read("/editar OPE-1"), Words::UnknownCommand);
        assert_eq!(read("LISTO ope-001"), Words::Done("ope-001"));
        assert_eq!(read("listo, ya llegué al lugar"), Words::Text("listo, ya llegué al lugar"));
        assert_eq!(read("listo para salir"), Words::Text("listo para salir"));
    }
}
