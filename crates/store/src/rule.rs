//! The rules that the databases hold, by one name on both.

/// A constraint or index of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// E-mails are unique, case ignored.
    UserEmail,
    /// DNIs are unique.
    UserDni,
    /// A Telegram account belongs to one user.
    UserTelegram,
    /// UUIDs are unique.
    Uuid,
    /// A user is at most one officer.
    OfficerUser,
    /// Internal codes are unique.
    OfficerCode,
    /// Task codes are unique.
    TaskCode,
    /// An officer has at most one active task.
    OneActiveTask,
    /// `chk_tareas_fechas`: the programmed end is after the start.
    TaskDates,
    /// `chk_tareas_fechas_reales`: no end without a start, end not before start.
    TaskRealDates,
    /// The user that a row names does not exist.
    UnknownUser,
    /// The officer that a row names does not exist.
    UnknownOfficer,
    /// The task that a row names does not exist.
    UnknownTask,
    /// A refresh token's hash is unique.
    RefreshToken,
    /// An audit line is never changed or removed.
    AuditIsAppendOnly,
    /// An officer has at most one open assignment or offer of a task.
    OneOpenAssignment,
    /// An escalation step of a round is taken once.
    EscalationStep,
    /// An emergency that has not ended has an officer or waits for one.
    EmergencyAttended,
    /// A CHECK that no valid value of the domain can break.
    Check,
}

impl Rule {
    /// Names of constraints and indexes in both schemas, and the rule that each holds. Those
    /// ending in `_fk` are foreign keys.
    pub const BY_NAME: &'static [(&'static str, Self)] = &[
        ("uq_usuarios_email", Self::UserEmail),
        ("uq_usuarios_dni", Self::UserDni),
        ("uq_usuarios_telegram_id", Self::UserTelegram),
        ("uq_usuarios_uuid", Self::Uuid),
        ("uq_efectivos_uuid", Self::Uuid),
        ("uq_efectivos_usuario_id", Self::OfficerUser),
        ("uq_efectivos_codigo_interno", Self::OfficerCode),
        ("uq_tareas_uuid", Self::Uuid),
        ("uq_tareas_codigo", Self::TaskCode),
        ("uq_efectivo_una_tarea_activa", Self::OneActiveTask),
        ("chk_tareas_fechas", Self::TaskDates),
        ("chk_tareas_fechas_reales", Self::TaskRealDates),
        ("efectivos_usuario_fk", Self::UnknownUser),
        ("intentos_ingreso_usuario_fk", Self::UnknownUser),
        ("tareas_delegado_fk", Self::UnknownUser),
        ("tareas_creador_fk", Self::UnknownUser),
        ("tarea_efectivos_tarea_fk", Self::UnknownTask),
        ("tarea_efectivos_efectivo_fk", Self::UnknownOfficer),
        ("tarea_efectivos_usuario_fk", Self::UnknownUser),
        ("historial_tarea_fk", Self::UnknownTask),
        ("historial_usuario_fk", Self::UnknownUser),
        ("notas_tarea_fk", Self::UnknownTask),
        ("notas_usuario_fk", Self::UnknownUser),
        ("posiciones_efectivo_fk", Self::UnknownOfficer),
        ("sesiones_usuario_fk", Self::UnknownUser),
        ("codigos_usuario_fk", Self::UnknownUser),
        ("uq_tokens_refresco_huella", Self::RefreshToken),
        ("asignaciones_tarea_fk", Self::UnknownTask),
        ("asignaciones_efectivo_fk", Self::UnknownOfficer),
        ("pasos_usuario_fk", Self::UnknownUser),
        ("pasos_en_nombre_fk", Self::UnknownUser),
        ("despachos_tarea_fk", Self::UnknownTask),
        ("despachos_usuario_fk", Self::UnknownUser),
        ("escalamientos_tarea_fk", Self::UnknownTask),
        ("decisiones_tarea_fk", Self::UnknownTask),
        ("uq_asignaciones_abierta", Self::OneOpenAssignment),
        ("escalamientos_pkey", Self::EscalationStep),
        ("emergencia_con_efectivo_o_en_espera", Self::EmergencyAttended),
        ("audit_logs_solo_se_agrega", Self::AuditIsAppendOnly),
    ];

    /// The rule that the constraint or index `name` holds.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::BY_NAME.iter().find(|(known, _)| *known == name).map(|(_, rule)| *rule)
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::UserEmail => "one user an e-mail",
            Self::UserDni => "one user a DNI",
            Self::UserTelegram => "one user a Telegram account",
            Self::Uuid => "unique uuid",
            Self::OfficerUser => "one officer a user",
            Self::OfficerCode => "unique internal code",
            Self::TaskCode => "unique task code",
            Self::OneActiveTask => "one active task an officer",
            Self::TaskDates => "programmed end after start",
            Self::TaskRealDates => "real end after start",
            Self::UnknownUser => "known user",
            Self::UnknownOfficer => "known officer",
            Self::UnknownTask => "known task",
            Self::RefreshToken => "unique refresh token",
            Self::AuditIsAppendOnly => "append-only audit",
            Self::OneOpenAssignment => "one open assignment an officer and task",
            Self::EscalationStep => "each escalation step once",
            Self::EmergencyAttended => "an emergency has an officer or waits for one",
            Self::Check => "a check of the schema",
        })
    }
}
