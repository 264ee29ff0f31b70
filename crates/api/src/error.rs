//! From the use cases' errors to problems: the one place that chooses a status. No `_` here, so
//! that a new kind of error must be thought of.

use std::time::Duration;

use app::{Current, Error, Forbidden, Kind};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use store::Rule;

use crate::officer::OfficerOut;
use crate::problem::{FieldError, Problem};
use crate::task::TaskOut;
use crate::user::UserOut;

/// What a handler gives when it cannot give what was asked.
#[derive(Debug)]
pub struct ApiError(pub Box<Problem>);

/// Result of a handler.
pub type Result<T, E = ApiError> = std::result::Result<T, E>;

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let refused = error.refusal();
        Problem { refused, ..problem(error) }.into()
    }
}

/// Whole seconds, rounded up.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

fn problem(error: Error) -> Problem {
    match error {
        Error::Invalid(problems) => Problem::invalid(problems.into_iter().map(FieldError::from).collect()),
        Error::Unauthenticated => Problem {
            challenge: true,
            ..Problem::new(StatusCode::UNAUTHORIZED, "not_authenticated", "Not authenticated")
        },
        Error::LoginRefused { retry_after } => Problem {
            challenge: true,
            retry_after: retry_after.map(seconds),
            ..Problem::new(StatusCode::UNAUTHORIZED, "login_refused", "Incorrect email or password")
        },
        Error::WrongPassword { retry_after } => Problem {
            retry_after: retry_after.map(seconds),
            ..Problem::new(StatusCode::FORBIDDEN, "wrong_password", "La contraseña actual no es la que se indicó")
        },
        Error::BadToken => Problem::new(StatusCode::FORBIDDEN, "bad_token", "Could not validate credentials"),
        Error::Inactive => Problem::new(StatusCode::BAD_REQUEST, "inactive_user", "Inactive user"),
        Error::Forbidden(why) => Problem::new(StatusCode::FORBIDDEN, "forbidden", forbidden(why)),
        Error::NotFound { kind, id, .. } => Problem::new(StatusCode::NOT_FOUND, "not_found", not_found(kind, &id)),
        Error::Conflict(rule) => conflict(rule),
        Error::Occupied(codes) => occupied(&codes),
        Error::Taken(by) => {
            Problem::new(StatusCode::CONFLICT, "alert_taken", format!("El usuario {by} ya tomó esta alerta"))
        }
        Error::IllegalStep(refused) => Problem::new(
            StatusCode::CONFLICT,
            "illegal_step",
            format!("Una asignación {} no puede pasar a {}", refused.from, refused.to),
        ),
        Error::Contention(source) => {
            tracing::warn!(
                code = "contention",
                error = &*source as &dyn std::error::Error,
                "request refused: contention with other transactions"
            );
            unavailable(1)
        }
        Error::LastAdministrator => {
            Problem::new(StatusCode::CONFLICT, "last_administrator", "Es el último administrador; nombre antes a otro")
        }
        Error::IllegalTransition(refused) => Problem::new(
            StatusCode::CONFLICT,
            "illegal_transition",
            format!("Una tarea {} no puede pasar a {}", refused.from, refused.to),
        ),
        Error::Outdated(current) => outdated(current),
        Error::IdempotencyMismatch => Problem::invalid(vec![FieldError::new(
            "value_error",
            "header",
            "Idempotency-Key",
            "was used for another request",
            serde_json::Value::Null,
        )]),
        Error::UnreadableAnswer => Problem::new(
            StatusCode::CONFLICT,
            "answer_unreadable",
            "El pedido con esta Idempotency-Key ya se ejecutó, pero su respuesta no se puede leer; \
             consulte el estado actual en lugar de repetirlo",
        ),
        Error::TooMany { retry_after } => Problem {
            retry_after: Some(seconds(retry_after)),
            ..Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Too many requests")
        },
        Error::Unavailable { retry_after, source } => {
            tracing::warn!(
                code = "unavailable",
                error = &*source as &dyn std::error::Error,
                "request refused: dependency not available"
            );
            unavailable(seconds(retry_after).max(1))
        }
        Error::StorageFull(source) => storage_full(&*source),
        Error::ReadOnly(source) => read_only(&*source),
        Error::Denied(source) => denied(&*source),
        Error::Internal(source) => {
            tracing::error!(code = "internal", error = &*source as &dyn std::error::Error, "request failed");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Error interno")
        }
    }
}

/// There is no room for the change.
fn storage_full(source: &(dyn std::error::Error + 'static)) -> Problem {
    tracing::error!(code = "storage_full", error = source, "request refused: storage full");
    Problem {
        retry_after: Some(60),
        ..Problem::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "storage_full",
            "No queda espacio para guardar el cambio; nada fue modificado",
        )
    }
}

/// The record takes no changes.
fn read_only(source: &(dyn std::error::Error + 'static)) -> Problem {
    tracing::error!(code = "read_only", error = source, "request refused: the record is read-only");
    Problem {
        retry_after: Some(10),
        ..Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "read_only",
            "La base de datos es de solo lectura por el momento; nada fue modificado",
        )
    }
}

/// The account of this process may not do that in the record.
fn denied(source: &(dyn std::error::Error + 'static)) -> Problem {
    tracing::error!(code = "record_denied", error = source, "request refused: the record denies it to this account");
    Problem {
        retry_after: Some(60),
        ..Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "record_denied",
            "La base de datos no autoriza al servicio; nada fue modificado; avise a quien lo administra",
        )
    }
}

/// Something is away or busy; nothing was done.
fn unavailable(retry_after: u64) -> Problem {
    Problem {
        retry_after: Some(retry_after),
        ..Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "Servicio no disponible por el momento; intente de nuevo",
        )
    }
}

/// The officer is held by tasks.
fn occupied(codes: &[domain::TaskCode]) -> Problem {
    let codes: Vec<&str> = codes.iter().map(domain::TaskCode::as_str).collect();
    let detail = format!("El efectivo tiene tareas sin terminar: {}", codes.join(", "));
    Problem::new(StatusCode::CONFLICT, "officer_occupied", detail)
}

fn forbidden(why: Forbidden) -> String {
    match why {
        Forbidden::Level => "The user doesn't have enough privileges".to_owned(),
        Forbidden::NotYours => "No tiene permiso sobre esta tarea".to_owned(),
        Forbidden::Field(field) => format!("The user doesn't have enough privileges: {field}"),
        Forbidden::OthersStatistics => "No tienes permiso para ver estadísticas de otro usuario".to_owned(),
    }
}

fn not_found(kind: Kind, id: &str) -> String {
    match kind {
        Kind::User => "The user with this id does not exist in the system".to_owned(),
        Kind::TokenUser => "User not found".to_owned(),
        Kind::TelegramUser => format!("Usuario con telegram_id {id} no encontrado"),
        Kind::Officer => format!("Efectivo con id {id} no encontrado"),
        Kind::Task => "The task with this id does not exist in the system".to_owned(),
        Kind::TaskCode => format!("Tarea con código {id} no encontrada"),
        Kind::Assignment => format!("Asignación {id} no encontrada"),
        Kind::Note => format!("Nota {id} no encontrada"),
        Kind::NoteFile => format!("La nota {id} no tiene archivo, o Telegram ya no lo entrega (20 MB como máximo)"),
        Kind::LinkCode => "El código no existe, fue usado o venció".to_owned(),
        Kind::Session => format!("Sesión {id} no encontrada"),
        Kind::Position => format!("Efectivo con id {id} sin posición"),
        Kind::CacheKey => format!("Clave {id} no encontrada"),
        Kind::Log => "Not Found".to_owned(),
    }
}

fn conflict(rule: Rule) -> Problem {
    let bad_request = |code, detail: &str| Problem::new(StatusCode::BAD_REQUEST, code, detail);
    let conflict = |code, detail: &str| Problem::new(StatusCode::CONFLICT, code, detail);
    match rule {
        Rule::UserEmail => bad_request("duplicate", "The user with this username already exists in the system."),
        Rule::UserDni => bad_request("duplicate", "The user with this dni already exists in the system."),
        Rule::UserTelegram => bad_request("duplicate", "The user with this telegram_id already exists in the system."),
        Rule::TaskCode => bad_request("duplicate", "Ya existe una tarea con este código"),
        Rule::OneActiveTask => conflict("officer_busy", "Un efectivo asignado ya tiene una tarea en curso"),
        Rule::OfficerUser => conflict("duplicate", "El usuario ya es un efectivo"),
        Rule::OfficerCode => conflict("duplicate", "Ya existe un efectivo con este codigo_interno"),
        Rule::Uuid | Rule::RefreshToken => conflict("duplicate", "Identificador repetido"),
        Rule::TaskDates | Rule::TaskRealDates => conflict("dates", "Las fechas de la tarea se contradicen"),
        Rule::UnknownUser => conflict("unknown_reference", "El usuario indicado no existe"),
        Rule::UnknownOfficer => conflict("unknown_reference", "El efectivo indicado no existe"),
        Rule::UnknownTask => conflict("unknown_reference", "La tarea indicada no existe"),
        Rule::AuditIsAppendOnly => conflict("append_only", "La auditoría no se modifica"),
        Rule::OneOpenAssignment => conflict("duplicate", "El efectivo ya tiene esta tarea, o una oferta de ella"),
        Rule::EscalationStep => conflict("duplicate", "El paso de escalamiento ya fue dado"),
        Rule::EmergencyAttended => conflict("unattended", "Una emergencia sin terminar tiene un efectivo o espera uno"),
        Rule::Check => conflict("check", "Un valor no está permitido"),
    }
}

fn outdated(current: Current) -> Problem {
    let current = match current {
        Current::Task(task) => serde_json::to_value(TaskOut::from(*task)),
        Current::Officer(officer) => serde_json::to_value(OfficerOut::from(*officer)),
        // Only oneself and level 3 come so far, and both see all.
        Current::User(user) => serde_json::to_value(UserOut::whole(*user)),
    };
    Problem {
        current: current.ok(),
        ..Problem::new(
            StatusCode::PRECONDITION_FAILED,
            "outdated",
            "Otra persona modificó los datos; revise la versión actual",
        )
    }
}
