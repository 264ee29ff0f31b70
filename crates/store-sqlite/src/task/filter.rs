//! Lists of tasks.

use domain::{GeoBox, UserId, search};
use sqlx::{QueryBuilder, Sqlite};
use store::task::TaskFilter;

use crate::page::push_any;

/// Adds the conditions of a filter to a query over `tareas t` that has a WHERE clause.
pub(super) fn push(query: &mut QueryBuilder<Sqlite>, filter: &TaskFilter) {
    if let Some(user) = filter.visible_to {
        push_visible_to(query, user);
    }
    push_any(query, "t.estado", &filter.states, |state| state.as_str().into());
    push_any(query, "t.tipo", &filter.kinds, |kind| kind.as_str().into());
    push_any(query, "t.prioridad", &filter.priorities, |priority| priority.number().into());
    if let Some(delegate) = filter.delegate {
        query.push(" AND t.delegado_usuario_id = ").push_bind(delegate.0);
    }
    if let Some(creator) = filter.creator {
        query.push(" AND t.creado_por_usuario_id = ").push_bind(creator.0);
    }
    if let Some(officer) = filter.officer {
        query.push(" AND t.id IN (SELECT tarea_id FROM tarea_efectivos WHERE efectivo_id = ");
        query.push_bind(officer.0).push(")");
    }
    if let Some(words) = &filter.search {
        push_search(query, words);
    }
    if let Some(from) = filter.starts_from {
        query.push(" AND t.inicio_programado >= ").push_bind(from.timestamp_micros());
    }
    if let Some(before) = filter.starts_before {
        query.push(" AND t.inicio_programado < ").push_bind(before.timestamp_micros());
    }
    if let Some(area) = filter.within {
        push_within(query, area);
    }
    if let Some(awaits) = filter.awaits_officer {
        query.push(" AND t.espera_efectivo = ").push_bind(awaits);
    }
}

/// Only tasks that `user` delegates or, as an officer, is sent to.
pub(crate) fn push_visible_to(query: &mut QueryBuilder<Sqlite>, user: UserId) {
    query.push(" AND t.id IN (SELECT id FROM tareas WHERE delegado_usuario_id = ").push_bind(user.0);
    query.push(
        " UNION SELECT te.tarea_id FROM efectivos e JOIN tarea_efectivos te ON te.efectivo_id = e.id \
         WHERE e.deleted_at IS NULL AND e.usuario_id = ",
    );
    query.push_bind(user.0).push(")");
}

fn push_search(query: &mut QueryBuilder<Sqlite>, words: &[String]) {
    if words.is_empty() {
        query.push(" AND 0");
    }
    // Words that the domain made come out as they went in; anything else is made harmless, and
    // the quotes keep AND, OR, NOT and NEAR from being more than words.
    let quoted: Vec<String> =
        words.iter().flat_map(|word| search::words(word)).map(|word| format!("\"{word}\"*")).collect();
    if !quoted.is_empty() {
        query.push(" AND t.id IN (SELECT rowid FROM tareas_fts WHERE tareas_fts MATCH ");
        query.push_bind(quoted.join(" AND ")).push(")");
    }
}

fn push_within(query: &mut QueryBuilder<Sqlite>, area: GeoBox) {
    query.push(" AND (");
    for (index, part) in area.split().into_iter().enumerate() {
        query.push(if index == 0 { "" } else { " OR " });
        query.push("t.id IN (SELECT id FROM tareas_rtree WHERE lat_max >= ").push_bind(part.south);
        query.push(" AND lat_min <= ").push_bind(part.north);
        query.push(" AND lon_max >= ").push_bind(part.west);
        query.push(" AND lon_min <= ").push_bind(part.east);
        query.push(") AND t.ubicacion_lat BETWEEN ").push_bind(part.south).push(" AND ").push_bind(part.north);
        query.push(" AND t.ubicacion_lon BETWEEN ").push_bind(part.west).push(" AND ").push_bind(part.east);
    }
    query.push(")");
}
