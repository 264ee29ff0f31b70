//! Filters of tasks.

use domain::{Priority, TaskKind, TaskState};
use sqlx::{Postgres, QueryBuilder};
use store::task::TaskFilter;

/// States as a parameter.
pub(crate) fn states(states: &[TaskState]) -> Vec<&'static str> {
    states.iter().copied().map(TaskState::as_str).collect()
}

/// Adds the conditions of a filter to a query that has a WHERE.
pub(super) fn push_filter(query: &mut QueryBuilder<Postgres>, filter: &TaskFilter) {
    if let Some(user) = filter.visible_to {
        // A union, for with OR the database would look at every task.
        query.push(" AND t.id IN (SELECT v.id FROM tareas v WHERE v.delegado_usuario_id = ").push_bind(user.0);
        query.push(
            " UNION SELECT te.tarea_id FROM efectivos e JOIN tarea_efectivos te ON te.efectivo_id = e.id \
             WHERE e.deleted_at IS NULL AND e.usuario_id = ",
        );
        query.push_bind(user.0).push(")");
    }
    if !filter.states.is_empty() {
        query.push(" AND t.estado = ANY(").push_bind(states(&filter.states)).push(")");
    }
    if !filter.kinds.is_empty() {
        let kinds: Vec<&str> = filter.kinds.iter().copied().map(TaskKind::as_str).collect();
        query.push(" AND t.tipo = ANY(").push_bind(kinds).push(")");
    }
    if !filter.priorities.is_empty() {
        let priorities: Vec<i16> = filter.priorities.iter().copied().map(Priority::number).map(i16::from).collect();
        query.push(" AND t.prioridad = ANY(").push_bind(priorities).push(")");
    }
    if let Some(user) = filter.delegate {
        query.push(" AND t.delegado_usuario_id = ").push_bind(user.0);
    }
    if let Some(user) = filter.creator {
        query.push(" AND t.creado_por_usuario_id = ").push_bind(user.0);
    }
    if let Some(officer) = filter.officer {
        query.push(" AND EXISTS (SELECT 1 FROM tarea_efectivos te WHERE te.tarea_id = t.id AND te.efectivo_id = ");
        query.push_bind(officer.0).push(")");
    }
    if let Some(words) = &filter.search {
        push_search(query, words);
    }
    if let Some(from) = filter.starts_from {
        query.push(" AND t.inicio_programado >= ").push_bind(from);
    }
    if let Some(before) = filter.starts_before {
        query.push(" AND t.inicio_programado < ").push_bind(before);
    }
    if let Some(area) = filter.within {
        query.push(" AND t.ubicacion_lat BETWEEN ").push_bind(area.south).push(" AND ").push_bind(area.north);
        query.push(" AND (false");
        for part in area.split() {
            query.push(" OR t.ubicacion_lon BETWEEN ").push_bind(part.west).push(" AND ").push_bind(part.east);
        }
        query.push(")");
    }
    if let Some(awaits) = filter.awaits_officer {
        query.push(if awaits { " AND t.espera_efectivo" } else { " AND NOT t.espera_efectivo" });
    }
}

fn push_search(query: &mut QueryBuilder<Postgres>, words: &[String]) {
    if words.is_empty() {
        query.push(" AND false");
    }
    // What holds no letter or digit is not a word, and the empty one not even a query.
    let words: Vec<&String> = words.iter().filter(|word| word.contains(char::is_alphanumeric)).collect();
    if !words.is_empty() {
        query.push(" AND to_tsvector('simple', t.busqueda) @@ to_tsquery('simple', ");
        query.push_bind(prefixes(&words)).push(")");
    }
}

/// All words, each as the beginning of one: `'foo':* & 'bar':*`.
fn prefixes(words: &[&String]) -> String {
    let quoted =
        words.iter().map(|word| format!("'{}':*", word.replace('\\', r"\\").replace('\'', "''").replace('\0', "")));
    quoted.collect::<Vec<_>>().join(" & ")
}
