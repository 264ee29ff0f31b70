//! Compared forms of rows that are there already.

use std::collections::HashSet;

use domain::identity;

/// A row whose identifying text is another row's too, written otherwise. It came from a version that
/// compared as written, or from another system, and works as before; new ones are refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatedIdentity {
    /// `usuarios` or `efectivos`.
    pub table: String,
    /// `dni`, `email` or `codigo_interno`.
    pub field: String,
    /// Number of the row.
    pub id: i64,
}

/// The forms of live rows met so far, of one field.
#[derive(Debug, Default)]
pub struct MetForms(HashSet<String>);

impl MetForms {
    /// Whether another live row had the form before.
    pub fn is_repeated(&mut self, form: Option<&str>, is_live: bool) -> bool {
        is_live && form.is_some_and(|form| !self.0.insert(form.to_owned()))
    }
}

/// Gives rows of before their compared forms, table by table in the order of their numbers.
#[derive(Debug, Default)]
pub struct Folding {
    dni: MetForms,
    email: MetForms,
    code: MetForms,
}

/// What a row of `usuarios` gets.
#[derive(Debug, PartialEq, Eq)]
pub struct UserForms {
    /// `dni_plegado`.
    pub dni: Option<String>,
    /// `dni_repetido`.
    pub dni_repeated: bool,
    /// `email_plegado`.
    pub email: Option<String>,
    /// `email_repetido`.
    pub email_repeated: bool,
}

/// What a row of `efectivos` gets.
#[derive(Debug, PartialEq, Eq)]
pub struct OfficerForms {
    /// `codigo_plegado`.
    pub code: String,
    /// `codigo_repetido`.
    pub code_repeated: bool,
    /// `unidad_plegada`.
    pub unit: Option<String>,
}

impl Folding {
    /// Of a row of `usuarios`.
    pub fn user(&mut self, dni: Option<&str>, email: Option<&str>, is_live: bool) -> UserForms {
        let (dni, email) = (dni.map(identity::document), email.map(identity::address));
        UserForms {
            dni_repeated: self.dni.is_repeated(dni.as_deref(), is_live),
            email_repeated: self.email.is_repeated(email.as_deref(), is_live),
            dni,
            email,
        }
    }

    /// Of a row of `efectivos`.
    pub fn officer(&mut self, code: &str, unit: Option<&str>, is_live: bool) -> OfficerForms {
        let code = identity::code(code);
        OfficerForms {
            code_repeated: self.code.is_repeated(Some(&code), is_live),
            code,
            unit: unit.map(identity::unit),
        }
    }
}
