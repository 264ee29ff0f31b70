//! What changed in an object: audit lines and events of every kind of object are made of it.

use domain::audit::AuditEvent;
use domain::{JsonObject, Officer, Task, Time, User};
use serde_json::{Value, json};

use crate::record::Note;
use crate::{Actor, Context};

/// Written to the audit in place of personal data: that there is some, not which.
const PERSONAL: &str = "(dato personal)";

/// A field of an object under its wire name.
pub(crate) struct Field {
    name: &'static str,
    value: Value,
    is_personal: bool,
}

const fn plain(name: &'static str, value: Value) -> Field {
    Field { name, value, is_personal: false }
}

const fn personal(name: &'static str, value: Value) -> Field {
    Field { name, value, is_personal: true }
}

impl Field {
    /// The value as the audit shows it.
    fn shown(&self) -> Value {
        if self.is_personal && !self.value.is_null() { PERSONAL.into() } else { self.value.clone() }
    }
}

/// An object whose changes are audited.
pub(crate) trait Audited {
    /// `resource_type` in the audit.
    const RESOURCE: &'static str;
    /// `resource_id` in the audit.
    fn resource_id(&self) -> String;
    /// All fields that a use case changes, always the same ones in the same order.
    fn fields(&self) -> Vec<Field>;
}

/// The fields in which an object differs from what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    resource_type: &'static str,
    resource_id: String,
    names: Vec<String>,
    old: Option<JsonObject>,
    new: Option<JsonObject>,
}

impl Difference {
    /// Between two states of one object.
    pub fn between<T: Audited>(before: &T, after: &T) -> Self {
        let mut difference = Self::empty(after);
        let (mut old, mut new) = (JsonObject::new(), JsonObject::new());
        for (was, is) in before.fields().iter().zip(after.fields()) {
            if was.value != is.value {
                difference.names.push(is.name.to_owned());
                old.insert(was.name.to_owned(), was.shown());
                new.insert(is.name.to_owned(), is.shown());
            }
        }
        (difference.old, difference.new) = (Some(old), Some(new));
        difference
    }

    /// Of an object that was made: all fields that hold something.
    pub fn made<T: Audited>(after: &T) -> Self {
        let fields = present(after);
        Self { names: names(&fields), new: Some(shown(&fields)), ..Self::empty(after) }
    }

    /// Of an object that was deleted: all fields that held something.
    pub fn removed<T: Audited>(before: &T) -> Self {
        let fields = present(before);
        Self { names: names(&fields), old: Some(shown(&fields)), ..Self::empty(before) }
    }

    fn empty<T: Audited>(object: &T) -> Self {
        let resource_id = object.resource_id();
        Self { resource_type: T::RESOURCE, resource_id, names: Vec::new(), old: None, new: None }
    }

    /// A change that is not in the fields, such as a new password: its name.
    pub fn and(mut self, name: &str) -> Self {
        self.names.push(name.to_owned());
        self
    }

    /// Whether nothing changed: then there is no audit line, no event and no new version.
    pub const fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Wire names of the fields that changed, for events.
    pub fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    /// The audit line of the change.
    pub fn note(self, cx: &Context, actor: &Actor, event: AuditEvent, now: Time, text: impl Into<String>) -> Note {
        Note::new(cx, actor, event, now, text)
            .on(self.resource_type, self.resource_id)
            .values(self.old.map(Value::Object), self.new.map(Value::Object))
            .fact("campos", self.names)
    }
}

fn present<T: Audited>(object: &T) -> Vec<Field> {
    object.fields().into_iter().filter(|field| !field.value.is_null()).collect()
}

fn names(fields: &[Field]) -> Vec<String> {
    fields.iter().map(|field| field.name.to_owned()).collect()
}

fn shown(fields: &[Field]) -> JsonObject {
    fields.iter().map(|field| (field.name.to_owned(), field.shown())).collect()
}

impl Audited for User {
    const RESOURCE: &'static str = "usuario";

    fn resource_id(&self) -> String {
        self.id.to_string()
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            personal("email", json!(self.email.as_ref().map(domain::personal::Email::reveal))),
            personal("nombre", json!(self.given_name.reveal())),
            personal("apellido", json!(self.family_name.as_ref().map(domain::personal::Name::reveal))),
            personal("dni", json!(self.dni.as_ref().map(domain::personal::Dni::reveal))),
            personal("telefono", json!(self.phone.as_ref().map(domain::personal::Phone::reveal))),
            personal("telegram_id", json!(self.telegram)),
            plain("nivel", json!(self.level)),
            plain("verificado", json!(self.verified)),
        ]
    }
}

impl Audited for Officer {
    const RESOURCE: &'static str = "efectivo";

    fn resource_id(&self) -> String {
        self.id.to_string()
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            plain("usuario_id", json!(self.user)),
            plain("codigo_interno", json!(self.internal_code)),
            plain("rango", json!(self.rank)),
            plain("unidad", json!(self.unit)),
            plain("especialidad", json!(self.specialty)),
            plain("estado_disponibilidad", json!(self.availability)),
        ]
    }
}

impl Audited for Task {
    const RESOURCE: &'static str = "tarea";

    fn resource_id(&self) -> String {
        self.id.to_string()
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            plain("codigo", json!(self.code)),
            plain("titulo", json!(self.title)),
            plain("descripcion", json!(self.description)),
            plain("tipo", json!(self.kind)),
            plain("prioridad", json!(self.priority)),
            plain("estado", json!(self.state)),
            plain("inicio_programado", json!(self.scheduled_start)),
            plain("fin_programado", json!(self.scheduled_end)),
            plain("delegado_usuario_id", json!(self.delegate)),
            plain("creado_por_usuario_id", json!(self.creator)),
            plain("ubicacion", json!(self.location)),
            plain("ubicacion_descripcion", json!(self.location_description)),
            plain("efectivos_asignados", json!(self.officers)),
        ]
    }
}
