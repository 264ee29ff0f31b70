//! What a task is about.

use crate::wire::wire_enum;

wire_enum! {
    /// `tipo_tarea`.
    pub enum TaskKind {
        /// Patrol.
        Patrol = "patrullaje",
        /// Investigation.
        Investigation = "investigacion",
        /// Surveillance.
        Surveillance = "vigilancia",
        /// Intervention; emergencies are of this kind.
        Intervention = "intervencion",
        /// Desk work.
        Administrative = "administrativa",
        /// Training.
        Training = "entrenamiento",
    }
}

wire_enum! {
    /// The bot's words for kinds, which are fewer and other than [`TaskKind`]'s.
    pub enum TelegramKind {
        /// Becomes [`TaskKind::Intervention`].
        Operative = "operativa",
        /// Becomes [`TaskKind::Administrative`].
        Administrative = "administrativa",
        /// Becomes [`TaskKind::Investigation`].
        Inspection = "inspeccion",
        /// Becomes [`TaskKind::Patrol`].
        Patrol = "patrullaje",
        /// Becomes [`TaskKind::Intervention`] of the highest priority.
        Emergency = "emergencia",
    }
}

impl From<TelegramKind> for TaskKind {
    fn from(kind: TelegramKind) -> Self {
        match kind {
            TelegramKind::Operative | TelegramKind::Emergency => Self::Intervention,
            TelegramKind::Administrative => Self::Administrative,
            TelegramKind::Inspection => Self::Investigation,
            TelegramKind::Patrol => Self::Patrol,
        }
    }
}
