//! Words of the contract as the OpenAPI document shows them.

use domain::audit::AuditEvent;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only described in the OpenAPI document")]
pub struct BinaryFile(Vec<u8>);

/// Kind of an audit line, with the words of the domain.
pub struct EventoAuditoria;

impl PartialSchema for EventoAuditoria {
    fn schema() -> RefOr<Schema> {
        let words = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(AuditEvent::WORDS.iter().copied()));
        words.description(Some("Kind of an audit line.")).into()
    }
}

impl ToSchema for EventoAuditoria {}

macro_rules! words {
    ($($(#[$meta:meta])* $name:ident: $($word:ident)+;)+) => {$(
        $(#[$meta])*
        #[derive(ToSchema)]
        #[expect(non_camel_case_types, dead_code, reason = "only its words are used, in the OpenAPI document")]
        pub enum $name { $($word,)+ }
    )+};
}

words! {
    /// State of a task.
    EstadoTarea: programada en_curso finalizada cancelada pausada;
    /// Kind of a task.
    TipoTarea: patrullaje investigacion vigilancia intervencion administrativa entrenamiento;
    /// Kind of a note.
    ClaseNota: texto foto voz archivo ubicacion;
    /// How far an assignment or an offer has come.
    EstadoAsignacion: ofrecida asignada avisada aceptada en_camino en_lugar liberada rechazada vencida relevada;
    /// A step whose time reports give.
    PasoMedido: asignada avisada aceptada en_camino en_lugar liberada;
    /// Whether it holds its officer.
    TipoAsignacion: asignacion oferta;
    /// By which channel a step was reported.
    CanalAsignacion: web telegram api voz sistema;
    /// A command to the running office.
    OrdenAgente: ping cache_clear sessions_refresh housekeeping;
    /// Language of a report.
    Idioma: es en;
    /// Availability of an officer.
    EstadoDisponibilidad: disponible en_tarea fuera_servicio no_disponible;
}
