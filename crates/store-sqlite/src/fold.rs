//! Compared forms for the rows of before: the program's work, for SQLite knows the letters of ASCII only.

use domain::identity;
use sqlx::{Row, SqliteConnection};
use store::Result;
use store::identity::Folding;

use crate::error::from_sqlx;
use crate::task::row::searched_text;

/// Rows read at once.
const PART: i64 = 1000;
/// The indexes over the forms, made once all rows have theirs.
const INDEXES: [&str; 3] = [
    "CREATE UNIQUE INDEX uq_usuarios_dni ON usuarios (dni_plegado) WHERE deleted_at IS NULL AND dni_repetido = 0",
    "CREATE UNIQUE INDEX uq_usuarios_email ON usuarios (email_plegado) WHERE deleted_at IS NULL AND email_repetido = 0",
    "CREATE UNIQUE INDEX uq_efectivos_codigo_interno ON efectivos (codigo_plegado) \
     WHERE deleted_at IS NULL AND codigo_repetido = 0",
];

/// Fills in the forms of all rows and makes the indexes over them, unless that was done; in the
/// transaction of the migrations.
pub(crate) async fn fold_all(connection: &mut SqliteConnection) -> Result<()> {
    let done = "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = 'uq_efectivos_codigo_interno'";
    if sqlx::query(done).fetch_optional(&mut *connection).await.map_err(from_sqlx)?.is_some() {
        return Ok(());
    }
    fold_rows(connection).await?;
    for index in INDEXES {
        sqlx::query(index).execute(&mut *connection).await.map_err(from_sqlx)?;
    }
    Ok(())
}

async fn fold_rows(connection: &mut SqliteConnection) -> Result<()> {
    let mut folding = Folding::default();
    let mut after = 0_i64;
    loop {
        let sql = "SELECT id, dni, email, deleted_at IS NULL FROM usuarios WHERE id > ? ORDER BY id LIMIT ?";
        let rows = sqlx::query(sql).bind(after).bind(PART).fetch_all(&mut *connection).await.map_err(from_sqlx)?;
        let Some(last) = rows.last() else { break };
        after = last.try_get(0).map_err(from_sqlx)?;
        for row in &rows {
            let field = |n: usize| row.try_get::<Option<&str>, _>(n).map_err(from_sqlx);
            let forms = folding.user(field(1)?, field(2)?, row.try_get(3).map_err(from_sqlx)?);
            let sql = "UPDATE usuarios SET dni_plegado = ?, dni_repetido = ?, email_plegado = ?, email_repetido = ? \
                       WHERE id = ?";
            let update = sqlx::query(sql).bind(forms.dni).bind(forms.dni_repeated).bind(forms.email);
            let update = update.bind(forms.email_repeated).bind(row.try_get::<i64, _>(0).map_err(from_sqlx)?);
            update.execute(&mut *connection).await.map_err(from_sqlx)?;
        }
    }
    after = 0;
    loop {
        let sql =
            "SELECT id, codigo_interno, unidad, deleted_at IS NULL FROM efectivos WHERE id > ? ORDER BY id LIMIT ?";
        let rows = sqlx::query(sql).bind(after).bind(PART).fetch_all(&mut *connection).await.map_err(from_sqlx)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get(0).map_err(from_sqlx)?;
        for row in &rows {
            let (code, unit) = (row.try_get(1).map_err(from_sqlx)?, row.try_get(2).map_err(from_sqlx)?);
            let forms = folding.officer(code, unit, row.try_get(3).map_err(from_sqlx)?);
            let sql = "UPDATE efectivos SET codigo_plegado = ?, codigo_repetido = ?, unidad_plegada = ? WHERE id = ?";
            let update = sqlx::query(sql).bind(forms.code).bind(forms.code_repeated).bind(forms.unit);
            let update = update.bind(row.try_get::<i64, _>(0).map_err(from_sqlx)?);
            update.execute(&mut *connection).await.map_err(from_sqlx)?;
        }
    }
}

/// Computes what searches look through, and the compared forms of units, again for all rows: for rows of
/// programs that folded letters otherwise.
pub(crate) async fn refold_searches(connection: &mut SqliteConnection) -> Result<()> {
    let mut after = 0_i64;
    loop {
        let sql = "SELECT id, codigo, titulo, descripcion, ubicacion_descripcion FROM tareas \
                   WHERE id > ? ORDER BY id LIMIT ?";
        let rows = sqlx::query(sql).bind(after).bind(PART).fetch_all(&mut *connection).await.map_err(from_sqlx)?;
        let Some(last) = rows.last() else { break };
        after = last.try_get(0).map_err(from_sqlx)?;
        for row in &rows {
            let text = |n: usize| row.try_get::<Option<&str>, _>(n).map(Option::unwrap_or_default).map_err(from_sqlx);
            let searched = searched_text(text(1)?, text(2)?, text(3)?, text(4)?);
            let update =
                sqlx::query("UPDATE tareas SET busqueda = ?1 WHERE id = ?2 AND busqueda IS NOT ?1").bind(searched);
            let update = update.bind(row.try_get::<i64, _>(0).map_err(from_sqlx)?);
            update.execute(&mut *connection).await.map_err(from_sqlx)?;
        }
    }
    after = 0;
    loop {
        let sql = "SELECT id, unidad FROM efectivos WHERE id > ? AND unidad IS NOT NULL ORDER BY id LIMIT ?";
        let rows = sqlx::query(sql).bind(after).bind(PART).fetch_all(&mut *connection).await.map_err(from_sqlx)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get(0).map_err(from_sqlx)?;
        for row in &rows {
            let unit = identity::unit(row.try_get(1).map_err(from_sqlx)?);
            let update =
                sqlx::query("UPDATE efectivos SET unidad_plegada = ?1 WHERE id = ?2 AND unidad_plegada IS NOT ?1")
                    .bind(unit);
            let update = update.bind(row.try_get::<i64, _>(0).map_err(from_sqlx)?);
            update.execute(&mut *connection).await.map_err(from_sqlx)?;
        }
    }
}
