//! The text of a dump on its way into a database: what belongs to the database itself and not to
//! the record is left out.

use std::collections::BTreeSet;
use std::io::{self, BufRead, Write};

/// A table of PostGIS that dumps of former versions hold, and that only a superuser may fill.
const SPATIAL_REFERENCES: &str = ".spatial_ref_sys";

/// What is there already and is not restored.
#[derive(Debug, Default)]
pub struct AlreadyThere {
    /// Schemas, as they are written in statements.
    pub schemas: BTreeSet<String>,
    /// Tables and sequences that belong to an extension, each with its schema.
    pub of_extensions: BTreeSet<String>,
}

enum Within {
    Statements,
    /// The rows of a table, which are passed on or not.
    Rows {
        passed: bool,
    },
}

impl AlreadyThere {
    fn has_table(&self, name: &str) -> bool {
        name.ends_with(SPATIAL_REFERENCES) || self.of_extensions.contains(name)
    }

    /// Whether a line that is no row makes something that is there already.
    fn makes_again(&self, line: &str) -> bool {
        if line.starts_with("CREATE EXTENSION ") || line.starts_with("COMMENT ON EXTENSION ") {
            return true;
        }
        if let Some(name) = line.strip_prefix("CREATE SCHEMA ").and_then(|rest| rest.strip_suffix(';')) {
            return self.schemas.contains(name);
        }
        let sequence = line.strip_prefix("SELECT pg_catalog.setval('").and_then(|rest| rest.split_once('\''));
        sequence.is_some_and(|(name, _)| self.has_table(name))
    }

    /// Passes on a dump, line by line.
    pub fn pass(&self, mut from: impl BufRead, to: &mut impl Write) -> io::Result<()> {
        let (mut within, mut line) = (Within::Statements, Vec::new());
        loop {
            line.clear();
            if from.read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            let text = line.strip_suffix(b"\n").unwrap_or(&line);
            let passed = match within {
                Within::Rows { passed } => {
                    if text == b"\\." {
                        within = Within::Statements;
                    }
                    passed
                }
                Within::Statements => {
                    let text = String::from_utf8_lossy(text);
                    match text.strip_prefix("COPY ").filter(|_| text.ends_with(" FROM stdin;")) {
                        Some(rest) => {
                            let passed = !self.has_table(rest.split_once(" (").map_or(rest, |(name, _)| name));
                            within = Within::Rows { passed };
                            passed
                        }
                        None => !self.makes_again(&text),
                    }
                }
            };
            if passed {
                to.write_all(&line)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "\
SELECT pg_catalog.set_config('search_path', '', false);
CREATE SCHEMA tiger;
CREATE SCHEMA oficina;
CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;
COMMENT ON EXTENSION postgis IS 'PostGIS';
CREATE TABLE public.notas (texto text);
COPY public.notas (texto) FROM stdin;
CREATE EXTENSION no es una orden sino una nota
COPY nada FROM stdin;
\\.
COPY public.spatial_ref_sys (srid, auth_name) FROM stdin;
900000\tnuestra
\\.
COPY tiger.geocode_settings (name) FROM stdin;
x
\\.
SELECT pg_catalog.setval('tiger.county_gid_seq', 1, false);
SELECT pg_catalog.setval('public.notas_id_seq', 7, true);
";

    const PASSED: &str = "\
SELECT pg_catalog.set_config('search_path', '', false);
CREATE SCHEMA oficina;
CREATE TABLE public.notas (texto text);
COPY public.notas (texto) FROM stdin;
CREATE EXTENSION no es una orden sino una nota
COPY nada FROM stdin;
\\.
SELECT pg_catalog.setval('public.notas_id_seq', 7, true);
";

    #[test]
    fn what_belongs_to_extensions_is_left_out_and_every_row_of_ours_comes_in() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let present = AlreadyThere {
            schemas: names(&["public", "tiger"]),
            of_extensions: names(&["tiger.geocode_settings", "tiger.county_gid_seq"]),
        };
        let mut passed = Vec::new();
        present.pass(OLD.as_bytes(), &mut passed).unwrap();
        assert_eq!(String::from_utf8(passed).unwrap(), PASSED);
    }
}
