//! Which of GRUPO_GAD's schemas a database holds, told by its tables and columns: revisions say
//! too little, since some migrations fail half-way and some tables were made by hand.

use std::collections::{HashMap, HashSet};

use anyhow::{Result, bail};
use serde::Serialize;

/// The tables and columns of the schemas `public` and `gad`.
#[derive(Debug, Default)]
pub struct Catalogue(HashMap<(String, String), HashSet<String>>);

/// The schemas that GRUPO_GAD has had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Shape {
    /// A, what its migrations make.
    #[serde(rename = "A")]
    Full,
    /// A with audit tables, made by hand or by the ORM.
    #[serde(rename = "A+audit")]
    FullWithAudit,
    /// B, what the reset leaves.
    #[serde(rename = "B")]
    Minimal,
    /// C, the large schema written by hand.
    #[serde(rename = "C")]
    Large,
    /// D, the small schema written by hand: B with shifts and leaves.
    #[serde(rename = "D")]
    Small,
}

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// Which schema.
    pub shape: Shape,
    /// Whether officers have positions.
    pub geom: bool,
    tables: Catalogue,
}

impl Catalogue {
    /// Takes note of a column.
    pub fn add(&mut self, schema: String, table: String, column: String) {
        self.0.entry((schema, table)).or_default().insert(column);
    }

    /// Whether there is such a table.
    pub fn has(&self, schema: &str, table: &str) -> bool {
        self.columns(schema, table).is_some()
    }

    fn columns(&self, schema: &str, table: &str) -> Option<&HashSet<String>> {
        self.0.get(&(schema.to_owned(), table.to_owned()))
    }

    fn has_column(&self, schema: &str, table: &str, column: &str) -> bool {
        self.columns(schema, table).is_some_and(|columns| columns.contains(column))
    }
}

impl Shape {
    /// The schema of its tables.
    pub const fn schema(self) -> &'static str {
        match self {
            Self::Full | Self::FullWithAudit => "public",
            Self::Minimal | Self::Large | Self::Small => "gad",
        }
    }

    /// Whether it knows only names, codes and Telegram accounts.
    pub const fn is_minimal(self) -> bool {
        matches!(self, Self::Minimal | Self::Small)
    }

    /// In words.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Full => "A (full)",
            Self::FullWithAudit => "A + audit (full, with audit tables)",
            Self::Minimal => "B (minimal)",
            Self::Large => "C (large, written by hand)",
            Self::Small => "D (small, written by hand)",
        }
    }

    /// The columns without which nothing can be read.
    const fn needs(self) -> &'static [(&'static str, &'static [&'static str])] {
        if self.is_minimal() {
            &[
                ("usuarios", &["id", "telegram_id", "nombre", "nivel"]),
                ("efectivos", &["id", "dni", "nombre", "estado_disponibilidad", "usuario_id"]),
                ("tareas", &["id", "codigo", "titulo", "tipo", "inicio_programado", "estado", "delegado_usuario_id"]),
            ]
        } else {
            &[
                (
                    "usuarios",
                    &[
                        "id",
                        "uuid",
                        "dni",
                        "nombre",
                        "apellido",
                        "email",
                        "nivel",
                        "hashed_password",
                        "verificado",
                        "created_at",
                        "updated_at",
                    ],
                ),
                (
                    "efectivos",
                    &[
                        "id",
                        "uuid",
                        "usuario_id",
                        "codigo_interno",
                        "estado_disponibilidad",
                        "created_at",
                        "updated_at",
                    ],
                ),
                (
                    "tareas",
                    &[
                        "id",
                        "uuid",
                        "codigo",
                        "titulo",
                        "tipo",
                        "prioridad",
                        "inicio_programado",
                        "estado",
                        "delegado_usuario_id",
                        "creado_por_usuario_id",
                        "created_at",
                        "updated_at",
                    ],
                ),
            ]
        }
    }
}

impl Found {
    /// Tells the shape of a database, in the order of the contract.
    ///
    /// # Errors
    /// What was looked for, when it is none; what is missing, when a table lacks columns.
    pub fn tell(tables: Catalogue) -> Result<Self> {
        if tables.has_column("public", "usuarios", "email_plegado") {
            bail!("this is the record of a gad office, not a database of GRUPO_GAD: there is nothing to import");
        }
        // D before B: D is B with more tables.
        let shape = if tables.has_column("public", "usuarios", "hashed_password") {
            if tables.has("public", "audit_logs") { Shape::FullWithAudit } else { Shape::Full }
        } else if tables.has_column("gad", "usuarios", "hashed_password") {
            Shape::Large
        } else if tables.has("gad", "usuarios") && !tables.has_column("gad", "usuarios", "dni") {
            if tables.has("gad", "turnos") { Shape::Small } else { Shape::Minimal }
        } else {
            bail!(
                "this is no database of GRUPO_GAD that is known. Looked for: the table public.usuarios with \
                 hashed_password (A), also with public.audit_logs (A + audit); gad.usuarios with hashed_password (C); \
                 gad.usuarios without dni (B), also with gad.turnos (D). Is it the right database, and may the user \
                 see its schemas?"
            );
        };
        for (table, needed) in shape.needs() {
            let Some(columns) = tables.columns(shape.schema(), table) else {
                bail!("the database has shape {}, but no table {}.{table}", shape.describe(), shape.schema());
            };
            let missing: Vec<_> = needed.iter().filter(|column| !columns.contains(**column)).copied().collect();
            if !missing.is_empty() {
                let schema = shape.schema();
                bail!("{schema}.{table} has shape {} but lacks: {}", shape.describe(), missing.join(", "));
            }
        }
        let geom = tables.has_column(shape.schema(), "efectivos", "geom");
        Ok(Self { shape, geom, tables })
    }

    /// Whether the schema of the shape has a table.
    pub fn has(&self, table: &str) -> bool {
        self.tables.has(self.shape.schema(), table)
    }

    /// Whether a table of the shape has a column.
    pub fn has_column(&self, table: &str, column: &str) -> bool {
        self.tables.has_column(self.shape.schema(), table, column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(columns: &[(&str, &str, &[&str])]) -> Catalogue {
        let mut catalogue = Catalogue::default();
        for (schema, table, names) in columns {
            for name in *names {
                catalogue.add((*schema).to_owned(), (*table).to_owned(), (*name).to_owned());
            }
        }
        catalogue
    }

    fn with(shape: Shape, more: &[(&str, &str, &[&str])]) -> Catalogue {
        let tables: Vec<_> = shape.needs().iter().map(|(table, names)| (shape.schema(), *table, *names)).collect();
        catalogue(&[&tables[..], more].concat())
    }

    #[test]
    fn each_shape_is_told_by_its_tables() {
        let told = |tables| Found::tell(tables).unwrap().shape;
        assert_eq!(told(with(Shape::Full, &[])), Shape::Full);
        assert_eq!(told(with(Shape::Full, &[("public", "audit_logs", &["id"])])), Shape::FullWithAudit);
        assert_eq!(told(with(Shape::Minimal, &[("public", "tarea_efectivos", &["tarea_id"])])), Shape::Minimal);
        assert_eq!(told(with(Shape::Large, &[])), Shape::Large);
        assert_eq!(told(with(Shape::Small, &[("gad", "turnos", &["id"])])), Shape::Small);
    }

    #[test]
    fn what_is_no_old_database_is_said_to_be_none() {
        let refusal = |tables| Found::tell(tables).unwrap_err().to_string();
        assert!(refusal(Catalogue::default()).contains("gad.turnos"), "says what was looked for");
        let ours = with(Shape::Full, &[("public", "usuarios", &["email_plegado"])]);
        assert!(refusal(ours).contains("the record of a gad office"));
        let half = catalogue(&[("public", "usuarios", &["id", "hashed_password"])]);
        assert!(refusal(half).contains("lacks: uuid"), "says what is missing");
    }
}
