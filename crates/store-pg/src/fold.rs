//! Compared forms for the rows of before, as the program computes them for new ones.

use domain::identity;
use sqlx::{Connection, PgConnection, Row};
use store::Result;
use store::identity::Folding;

use crate::error::from_sqlx;
use crate::task::search_text;

/// Rows read and written at once.
const PART: i64 = 1000;

/// The indexes over the forms, made once all rows have theirs.
const INDEXES: [&str; 3] = [
    "CREATE UNIQUE INDEX uq_usuarios_dni ON usuarios (dni_plegado) WHERE deleted_at IS NULL AND NOT dni_repetido",
    "CREATE UNIQUE INDEX uq_usuarios_email ON usuarios (email_plegado) WHERE deleted_at IS NULL AND NOT email_repetido",
    "CREATE UNIQUE INDEX uq_efectivos_codigo_interno ON efectivos (codigo_plegado) \
     WHERE deleted_at IS NULL AND NOT codigo_repetido",
];

/// Fills in the forms of all rows and makes the indexes over them, unless that was done.
pub(crate) async fn fold_all(conn: &mut PgConnection) -> Result<()> {
    let done = "SELECT to_regclass('uq_efectivos_codigo_interno') IS NOT NULL";
    if sqlx::query_scalar(done).fetch_one(&mut *conn).await.map_err(from_sqlx)? {
        return Ok(());
    }
    let mut transaction = conn.begin().await.map_err(from_sqlx)?;
    let mut folding = Folding::default();
    users(&mut transaction, &mut folding).await?;
    officers(&mut transaction, &mut folding).await?;
    for index in INDEXES {
        sqlx::query(index).execute(&mut *transaction).await.map_err(from_sqlx)?;
    }
    transaction.commit().await.map_err(from_sqlx)
}

async fn users(conn: &mut PgConnection, folding: &mut Folding) -> Result<()> {
    const READ: &str = "SELECT id, dni, email, deleted_at IS NULL FROM usuarios WHERE id > $1 ORDER BY id LIMIT $2";
    const WRITE: &str = "UPDATE usuarios u SET dni_plegado = n.dni, dni_repetido = n.dni_repetido, \
        email_plegado = n.email, email_repetido = n.email_repetido \
        FROM unnest($1::bigint[], $2::text[], $3::boolean[], $4::text[], $5::boolean[]) \
        AS n (id, dni, dni_repetido, email, email_repetido) WHERE u.id = n.id";
    let mut after = 0_i64;
    loop {
        let rows = sqlx::query(READ).bind(after).bind(PART).fetch_all(&mut *conn).await.map_err(from_sqlx)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get(0).map_err(from_sqlx)?;
        let (mut ids, mut dnis, mut emails) = (Vec::new(), Vec::new(), Vec::new());
        let (mut dnis_repeated, mut emails_repeated) = (Vec::new(), Vec::new());
        for row in &rows {
            let field = |n: usize| row.try_get::<Option<&str>, _>(n).map_err(from_sqlx);
            let forms = folding.user(field(1)?, field(2)?, row.try_get(3).map_err(from_sqlx)?);
            ids.push(row.try_get::<i64, _>(0).map_err(from_sqlx)?);
            dnis.push(forms.dni);
            dnis_repeated.push(forms.dni_repeated);
            emails.push(forms.email);
            emails_repeated.push(forms.email_repeated);
        }
        let write = sqlx::query(WRITE).bind(ids).bind(dnis).bind(dnis_repeated).bind(emails).bind(emails_repeated);
        write.execute(&mut *conn).await.map_err(from_sqlx)?;
    }
}

async fn officers(conn: &mut PgConnection, folding: &mut Folding) -> Result<()> {
    const READ: &str =
        "SELECT id, codigo_interno, unidad, deleted_at IS NULL FROM efectivos WHERE id > $1 ORDER BY id LIMIT $2";
    const WRITE: &str = "UPDATE efectivos e SET codigo_plegado = n.codigo, codigo_repetido = n.repetido, \
        unidad_plegada = n.unidad FROM unnest($1::bigint[], $2::text[], $3::boolean[], $4::text[]) \
        AS n (id, codigo, repetido, unidad) WHERE e.id = n.id";
    let mut after = 0_i64;
    loop {
        let rows = sqlx::query(READ).bind(after).bind(PART).fetch_all(&mut *conn).await.map_err(from_sqlx)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get(0).map_err(from_sqlx)?;
        let (mut ids, mut codes, mut repeated, mut units) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for row in &rows {
            let (code, unit) = (row.try_get(1).map_err(from_sqlx)?, row.try_get(2).map_err(from_sqlx)?);
            let forms = folding.officer(code, unit, row.try_get(3).map_err(from_sqlx)?);
            ids.push(row.try_get::<i64, _>(0).map_err(from_sqlx)?);
            codes.push(forms.code);
            repeated.push(forms.code_repeated);
            units.push(forms.unit);
        }
        let write = sqlx::query(WRITE).bind(ids).bind(codes).bind(repeated).bind(units);
        write.execute(&mut *conn).await.map_err(from_sqlx)?;
    }
}

/// Computes what searches look through, and the compared forms of units, again for all rows: for rows of
/// programs that folded letters otherwise.
pub(crate) async fn refold_searches(conn: &mut PgConnection) -> Result<()> {
    // The comment of the column notes in the same transaction that it was done.
    let done = "SELECT coalesce(col_description(attrelid, attnum) = 'full case folding', false) FROM pg_attribute \
        WHERE attrelid = to_regclass('tareas') AND attname = 'busqueda'";
    if sqlx::query_scalar(done).fetch_one(&mut *conn).await.map_err(from_sqlx)? {
        return Ok(());
    }
    let mut transaction = conn.begin().await.map_err(from_sqlx)?;
    refold_tasks(&mut transaction).await?;
    refold_units(&mut transaction).await?;
    let noted = "COMMENT ON COLUMN tareas.busqueda IS 'full case folding'";
    sqlx::query(noted).execute(&mut *transaction).await.map_err(from_sqlx)?;
    transaction.commit().await.map_err(from_sqlx)
}

async fn refold_tasks(conn: &mut PgConnection) -> Result<()> {
    const READ: &str = "SELECT id, codigo, titulo, descripcion, ubicacion_descripcion FROM tareas \
        WHERE id > $1 ORDER BY id LIMIT $2";
    const WRITE: &str = "UPDATE tareas t SET busqueda = n.busqueda \
        FROM unnest($1::bigint[], $2::text[]) AS n (id, busqueda) WHERE t.id = n.id AND t.busqueda <> n.busqueda";
    let mut after = 0_i64;
    loop {
        let rows = sqlx::query(READ).bind(after).bind(PART).fetch_all(&mut *conn).await.map_err(from_sqlx)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get(0).map_err(from_sqlx)?;
        let (mut ids, mut searched) = (Vec::new(), Vec::new());
        for row in &rows {
            let text = |n: usize| row.try_get::<Option<&str>, _>(n).map(Option::unwrap_or_default).map_err(from_sqlx);
            ids.push(row.try_get::<i64, _>(0).map_err(from_sqlx)?);
            searched.push(search_text(text(1)?, text(2)?, text(3)?, text(4)?));
        }
        sqlx::query(WRITE).bind(ids).bind(searched).execute(&mut *conn).await.map_err(from_sqlx)?;
    }
}

async fn refold_units(conn: &mut PgConnection) -> Result<()> {
    const READ: &str = "SELECT id, unidad FROM efectivos WHERE id > $1 AND unidad IS NOT NULL ORDER BY id LIMIT $2";
    const WRITE: &str = "UPDATE efectivos e SET unidad_plegada = n.unidad \
        FROM unnest($1::bigint[], $2::text[]) AS n (id, unidad) WHERE e.id = n.id \
        AND e.unidad_plegada IS DISTINCT FROM n.unidad";
    let mut after = 0_i64;
    loop {
        let rows = sqlx::query(READ).bind(after).bind(PART).fetch_all(&mut *conn).await.map_err(from_sqlx)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get(0).map_err(from_sqlx)?;
        let (mut ids, mut units) = (Vec::new(), Vec::new());
        for row in &rows {
            ids.push(row.try_get::<i64, _>(0).map_err(from_sqlx)?);
            units.push(identity::unit(row.try_get(1).map_err(from_sqlx)?));
        }
        sqlx::query(WRITE).bind(ids).bind(units).execute(&mut *conn).await.map_err(from_sqlx)?;
    }
}
