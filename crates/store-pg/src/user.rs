//! `usuarios`.

use async_trait::async_trait;
use domain::personal::{Dni, Email, Name, Phone};
use domain::user::{Lockout, NewUser, lock_duration};
use domain::{Level, TelegramId, Time, User, UserId};
use sqlx::QueryBuilder;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use store::identity::RepeatedIdentity;
use store::user::UserRepo;
use store::{Error, Page, Result};

use crate::page::push_page;
use crate::row::Fields;
use crate::statement::{Statement, sql};
use crate::tx::PgTx;

macro_rules! columns {
    () => {
        "id, uuid, dni, nombre, apellido, email, telefono, telegram_id, nivel, verificado, ultimo_acceso, \
         intentos_fallidos, bloqueado_hasta, extra_data, created_at, updated_at, deleted_at, version"
    };
}

/// Of users with one compared form the one with the very address, else the one who had it first.
macro_rules! by_email {
    () => {
        " FROM usuarios WHERE email_plegado = $1 AND deleted_at IS NULL ORDER BY email = $2 DESC, email_repetido LIMIT 1"
    };
}

/// Reads a row of `columns!`.
pub(crate) fn user(row: &PgRow) -> Result<User> {
    let fields = Fields::of("usuarios", row);
    Ok(User {
        id: UserId(fields.get("id")?),
        uuid: fields.get("uuid")?,
        dni: fields.maybe_text("dni")?,
        given_name: fields.text("nombre")?,
        family_name: fields.maybe_text("apellido")?,
        email: fields.maybe_text("email")?,
        phone: fields.maybe_text("telefono")?,
        telegram: fields.get::<Option<i64>>("telegram_id")?.map(TelegramId),
        level: fields.grade("nivel")?,
        verified: fields.get("verificado")?,
        last_access: fields.get("ultimo_acceso")?,
        lockout: Lockout { failures: fields.get("intentos_fallidos")?, until: fields.get("bloqueado_hasta")? },
        extra: fields.json("extra_data")?,
        created_at: fields.get("created_at")?,
        updated_at: fields.get("updated_at")?,
        deleted_at: fields.get("deleted_at")?,
        version: fields.get("version")?,
    })
}

/// A live user and the password hash, by the folded e-mail and the one that was written.
pub(crate) const SIGN_IN: &str = concat!("SELECT ", columns!(), ", hashed_password", by_email!());

/// Level as a column holds it.
fn level(user: domain::Level) -> i16 {
    user.number().into()
}

/// Adds a user under its number, unless that is taken. A DNI or e-mail that another user has in another
/// writing is marked as repeated.
pub(crate) fn import(user: &User, password_hash: Option<&str>) -> Statement {
    const SQL: &str = "INSERT INTO usuarios (id, uuid, dni, nombre, apellido, email, email_plegado, telefono, \
        telegram_id, nivel, verificado, hashed_password, ultimo_acceso, intentos_fallidos, bloqueado_hasta, \
        extra_data, created_at, updated_at, deleted_at, version, dni_plegado, dni_repetido, email_repetido) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
        EXISTS (SELECT 1 FROM usuarios v WHERE v.dni_plegado = $21 AND v.dni <> $3 AND v.deleted_at IS NULL \
        AND NOT v.dni_repetido), \
        EXISTS (SELECT 1 FROM usuarios v WHERE v.email_plegado = $7 AND lower(v.email) <> lower($6) AND v.deleted_at IS NULL \
        AND NOT v.email_repetido)) \
        ON CONFLICT (id) DO NOTHING";
    sql(SQL)
        .bind(user.id.0)
        .bind(user.uuid)
        .bind(user.dni.as_ref().map(Dni::reveal))
        .bind(user.given_name.reveal())
        .bind(user.family_name.as_ref().map(Name::reveal))
        .bind(user.email.as_ref().map(Email::reveal))
        .bind(user.email.as_ref().map(Email::folded))
        .bind(user.phone.as_ref().map(Phone::reveal))
        .bind(user.telegram.map(|telegram| telegram.0))
        .bind(level(user.level))
        .bind(user.verified)
        .bind(password_hash)
        .bind(user.last_access)
        .bind(user.lockout.failures)
        .bind(user.lockout.until)
        .bind(Json(&user.extra))
        .bind(user.created_at)
        .bind(user.updated_at)
        .bind(user.deleted_at)
        .bind(user.version)
        .bind(user.dni.as_ref().map(Dni::folded))
}

/// Reads a user, deleted or not.
pub(crate) fn any(id: UserId) -> Statement {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM usuarios WHERE id = $1");
    sql(SQL).bind(id.0)
}

#[async_trait]
impl UserRepo for PgTx {
    async fn by_id(&mut self, id: UserId) -> Result<Option<User>> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM usuarios WHERE id = $1 AND deleted_at IS NULL");
        self.first(sql(SQL).bind(id.0)).await?.as_ref().map(user).transpose()
    }

    async fn lock(&mut self, id: UserId) -> Result<Option<User>> {
        const SQL: &str =
            concat!("SELECT ", columns!(), " FROM usuarios WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE");
        self.first(sql(SQL).bind(id.0)).await?.as_ref().map(user).transpose()
    }

    async fn by_email(&mut self, email: &Email) -> Result<Option<User>> {
        const SQL: &str = concat!("SELECT ", columns!(), by_email!());
        self.first(sql(SQL).bind(email.folded()).bind(email.reveal())).await?.as_ref().map(user).transpose()
    }

    async fn by_telegram(&mut self, telegram: TelegramId) -> Result<Option<User>> {
        const SQL: &str =
            concat!("SELECT ", columns!(), " FROM usuarios WHERE telegram_id = $1 AND deleted_at IS NULL");
        self.first(sql(SQL).bind(telegram.0)).await?.as_ref().map(user).transpose()
    }

    async fn list(&mut self, page: Page) -> Result<Vec<User>> {
        let mut query = QueryBuilder::new(concat!("SELECT ", columns!(), " FROM usuarios WHERE deleted_at IS NULL"));
        push_page(&mut query, "id", page);
        self.all(query.into()).await?.iter().map(user).collect()
    }

    async fn verified_from(&mut self, level: Level, page: Page) -> Result<Vec<User>> {
        let mut query = QueryBuilder::new(concat!(
            "SELECT ",
            columns!(),
            " FROM usuarios WHERE deleted_at IS NULL AND verificado AND nivel >= "
        ));
        query.push_bind(self::level(level));
        push_page(&mut query, "id", page);
        self.all(query.into()).await?.iter().map(user).collect()
    }

    async fn count_verified_from(&mut self, level: Level) -> Result<u64> {
        const SQL: &str = "SELECT count(*) AS n FROM usuarios WHERE deleted_at IS NULL AND verificado AND nivel >= $1";
        let row = self.only(sql(SQL).bind(self::level(level))).await?;
        let count: i64 = Fields::of("usuarios", &row).get("n")?;
        Ok(count.unsigned_abs())
    }

    async fn password_hash(&mut self, id: UserId) -> Result<Option<String>> {
        const SQL: &str = "SELECT hashed_password FROM usuarios WHERE id = $1 AND deleted_at IS NULL";
        match self.first(sql(SQL).bind(id.0)).await? {
            Some(row) => Fields::of("usuarios", &row).get("hashed_password"),
            None => Ok(None),
        }
    }

    async fn insert(&mut self, new: &NewUser, password_hash: Option<&str>) -> Result<User> {
        const SQL: &str = concat!(
            "INSERT INTO usuarios (uuid, dni, nombre, apellido, email, email_plegado, telefono, telegram_id, nivel, \
             verificado, hashed_password, extra_data, created_at, updated_at, dni_plegado) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14) RETURNING ",
            columns!()
        );
        let statement = sql(SQL)
            .bind(new.uuid)
            .bind(new.dni.as_ref().map(Dni::reveal))
            .bind(new.given_name.reveal())
            .bind(new.family_name.as_ref().map(Name::reveal))
            .bind(new.email.as_ref().map(Email::reveal))
            .bind(new.email.as_ref().map(Email::folded))
            .bind(new.phone.as_ref().map(Phone::reveal))
            .bind(new.telegram.map(|telegram| telegram.0))
            .bind(level(new.level))
            .bind(new.verified)
            .bind(password_hash)
            .bind(Json(&new.extra))
            .bind(new.created_at)
            .bind(new.dni.as_ref().map(Dni::folded));
        user(&self.only(statement).await?)
    }

    async fn save(&mut self, user: &User) -> Result<i64> {
        const SQL: &str = "UPDATE usuarios SET dni = $3, nombre = $4, apellido = $5, email = $6, email_plegado = $7, \
            telefono = $8, telegram_id = $9, nivel = $10, verificado = $11, ultimo_acceso = $12, \
            intentos_fallidos = $13, bloqueado_hasta = $14, extra_data = $15, updated_at = $16, deleted_at = $17, \
            version = version + 1, dni_plegado = $18, \
            dni_repetido = dni_repetido AND dni_plegado IS NOT DISTINCT FROM $18, \
            email_repetido = email_repetido AND email_plegado IS NOT DISTINCT FROM $7 WHERE id = $1 AND version = $2";
        let statement = sql(SQL)
            .bind(user.id.0)
            .bind(user.version)
            .bind(user.dni.as_ref().map(Dni::reveal))
            .bind(user.given_name.reveal())
            .bind(user.family_name.as_ref().map(Name::reveal))
            .bind(user.email.as_ref().map(Email::reveal))
            .bind(user.email.as_ref().map(Email::folded))
            .bind(user.phone.as_ref().map(Phone::reveal))
            .bind(user.telegram.map(|telegram| telegram.0))
            .bind(level(user.level))
            .bind(user.verified)
            .bind(user.last_access)
            .bind(user.lockout.failures)
            .bind(user.lockout.until)
            .bind(Json(&user.extra))
            .bind(user.updated_at)
            .bind(user.deleted_at)
            .bind(user.dni.as_ref().map(Dni::folded));
        match self.change(statement).await? {
            0 => Err(Error::Stale),
            _ => Ok(user.version + 1),
        }
    }

    async fn save_access(&mut self, user: &User) -> Result<()> {
        const SQL: &str =
            "UPDATE usuarios SET ultimo_acceso = $2, intentos_fallidos = $3, bloqueado_hasta = $4 WHERE id = $1";
        let statement = sql(SQL).bind(user.id.0).bind(user.last_access);
        self.change(statement.bind(user.lockout.failures).bind(user.lockout.until)).await?;
        Ok(())
    }

    async fn set_password_hash(&mut self, id: UserId, hash: &str, at: Time) -> Result<()> {
        const SQL: &str = "UPDATE usuarios SET hashed_password = $2, updated_at = $3 WHERE id = $1";
        self.change(sql(SQL).bind(id.0).bind(hash).bind(at)).await?;
        Ok(())
    }

    async fn repeated_identities(&mut self, limit: u32) -> Result<Vec<RepeatedIdentity>> {
        const SQL: &str = "SELECT 'usuarios' AS tabla, 'dni' AS campo, id FROM usuarios \
            WHERE dni_repetido AND deleted_at IS NULL \
            UNION ALL SELECT 'usuarios', 'email', id FROM usuarios WHERE email_repetido AND deleted_at IS NULL \
            UNION ALL SELECT 'efectivos', 'codigo_interno', id FROM efectivos \
            WHERE codigo_repetido AND deleted_at IS NULL ORDER BY 1 DESC, 3, 2 LIMIT $1";
        let rows = PgTx::all(self, sql(SQL).bind(i64::from(limit))).await?;
        let read = |row: &PgRow| {
            let fields = Fields::of("usuarios", row);
            Ok(RepeatedIdentity { table: fields.get("tabla")?, field: fields.get("campo")?, id: fields.get("id")? })
        };
        rows.iter().map(read).collect()
    }

    async fn has_administrator(&mut self) -> Result<bool> {
        const SQL: &str = "SELECT EXISTS (SELECT 1 FROM usuarios WHERE nivel = 3 AND verificado AND deleted_at IS NULL \
            AND email IS NOT NULL AND hashed_password IS NOT NULL) AS hay";
        Fields::of("usuarios", &self.only(sql(SQL)).await?).get("hay")
    }

    async fn has_other_administrator(&mut self, id: UserId, now: Time) -> Result<bool> {
        // Two administrators who demote each other at once meet at these locks, and one gives way.
        const SQL: &str = "SELECT id FROM usuarios WHERE nivel = 3 AND verificado AND deleted_at IS NULL \
            AND email IS NOT NULL AND hashed_password IS NOT NULL \
            AND coalesce(bloqueado_hasta, '-infinity') <= $2 AND id <> $1 ORDER BY id FOR SHARE";
        let statement = sql(SQL).bind(id.0).bind(now + lock_duration());
        Ok(!PgTx::all(self, statement).await?.is_empty())
    }
}
