//! `usuarios`.

use async_trait::async_trait;
use domain::personal::{Dni, Email, Name, Phone};
use domain::user::{Lockout, NewUser, lock_duration};
use domain::{Level, TelegramId, Time, User, UserId};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};
use store::identity::RepeatedIdentity;
use store::user::UserRepo;
use store::{Error, Page, Result};

use crate::error::from_sqlx;
use crate::page::push_page;
use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;

macro_rules! columns {
    () => {
        "id, uuid, dni, nombre, apellido, email, telefono, telegram_id, nivel, verificado, ultimo_acceso, \
         intentos_fallidos, bloqueado_hasta, extra_data, created_at, updated_at, deleted_at, version"
    };
}

/// Of users with one compared form the one with the very address, else the one who had it first.
macro_rules! by_email {
    () => {
        " FROM usuarios WHERE email_plegado = ?1 AND deleted_at IS NULL ORDER BY email = ?2 DESC, email_repetido LIMIT 1"
    };
}

/// Reads a row of `columns!`.
pub(crate) fn user(row: &SqliteRow) -> Result<User> {
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
        level: fields.checked::<i64, _>("nivel")?,
        verified: fields.get("verificado")?,
        last_access: fields.maybe_time("ultimo_acceso")?,
        lockout: Lockout { failures: fields.get("intentos_fallidos")?, until: fields.maybe_time("bloqueado_hasta")? },
        extra: fields.json("extra_data")?,
        created_at: fields.time("created_at")?,
        updated_at: fields.time("updated_at")?,
        deleted_at: fields.maybe_time("deleted_at")?,
        version: fields.get("version")?,
    })
}

fn unstored(new: &NewUser) -> User {
    User {
        id: UserId(0),
        uuid: new.uuid,
        dni: new.dni.clone(),
        given_name: new.given_name.clone(),
        family_name: new.family_name.clone(),
        email: new.email.clone(),
        phone: new.phone.clone(),
        telegram: new.telegram,
        level: new.level,
        verified: new.verified,
        last_access: None,
        lockout: Lockout::default(),
        extra: new.extra.clone(),
        created_at: new.created_at,
        updated_at: new.created_at,
        deleted_at: None,
        version: 1,
    }
}

impl SqliteTx {
    /// Adds a user under the next number; or under `id`, for an import, where a DNI or e-mail that another
    /// user has in another writing is marked as repeated.
    pub(crate) async fn insert_user(&mut self, id: Option<UserId>, user: &User, hash: Option<&str>) -> Result<UserId> {
        let statement = sqlx::query(
            "INSERT INTO usuarios (id, uuid, dni, nombre, apellido, email, email_plegado, telefono, telegram_id, \
             nivel, verificado, hashed_password, ultimo_acceso, intentos_fallidos, bloqueado_hasta, extra_data, \
             created_at, updated_at, deleted_at, version, dni_plegado, dni_repetido, email_repetido) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, \
             ?1 IS NOT NULL AND EXISTS (SELECT 1 FROM usuarios v WHERE v.dni_plegado = ?21 AND v.dni <> ?3 \
             AND v.deleted_at IS NULL AND v.dni_repetido = 0), \
             ?1 IS NOT NULL AND EXISTS (SELECT 1 FROM usuarios v WHERE v.email_plegado = ?7 AND lower(v.email) <> lower(?6) \
             AND v.deleted_at IS NULL AND v.email_repetido = 0))",
        )
        .bind(id.map(|id| id.0))
        .bind(user.uuid)
        .bind(user.dni.as_ref().map(Dni::reveal))
        .bind(user.given_name.reveal())
        .bind(user.family_name.as_ref().map(Name::reveal))
        .bind(user.email.as_ref().map(Email::reveal))
        .bind(user.email.as_ref().map(Email::folded))
        .bind(user.phone.as_ref().map(Phone::reveal))
        .bind(user.telegram.map(|telegram| telegram.0))
        .bind(user.level.number())
        .bind(user.verified)
        .bind(hash)
        .bind(user.last_access.map(micros))
        .bind(user.lockout.failures)
        .bind(user.lockout.until.map(micros))
        .bind(json(&user.extra)?)
        .bind(micros(user.created_at))
        .bind(micros(user.updated_at))
        .bind(user.deleted_at.map(micros))
        .bind(user.version)
        .bind(user.dni.as_ref().map(Dni::folded));
        Ok(UserId(self.run(statement).await?.last_insert_rowid()))
    }
}

#[async_trait]
impl UserRepo for SqliteTx {
    async fn by_id(&mut self, id: UserId) -> Result<Option<User>> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM usuarios WHERE id = ? AND deleted_at IS NULL");
        self.first(sqlx::query(SQL).bind(id.0)).await?.as_ref().map(user).transpose()
    }

    // Only one transaction writes at a time, so whatever it reads is locked.
    async fn lock(&mut self, id: UserId) -> Result<Option<User>> {
        UserRepo::by_id(self, id).await
    }

    async fn by_email(&mut self, email: &Email) -> Result<Option<User>> {
        const SQL: &str = concat!("SELECT ", columns!(), by_email!());
        self.first(sqlx::query(SQL).bind(email.folded()).bind(email.reveal())).await?.as_ref().map(user).transpose()
    }

    async fn by_telegram(&mut self, telegram: TelegramId) -> Result<Option<User>> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM usuarios WHERE telegram_id = ? AND deleted_at IS NULL");
        self.first(sqlx::query(SQL).bind(telegram.0)).await?.as_ref().map(user).transpose()
    }

    async fn list(&mut self, page: Page) -> Result<Vec<User>> {
        let mut query = QueryBuilder::new(concat!("SELECT ", columns!(), " FROM usuarios WHERE deleted_at IS NULL"));
        push_page(&mut query, "id", page);
        self.rows(query.build()).await?.iter().map(user).collect()
    }

    async fn verified_from(&mut self, level: Level, page: Page) -> Result<Vec<User>> {
        let mut query = QueryBuilder::new(concat!(
            "SELECT ",
            columns!(),
            " FROM usuarios WHERE deleted_at IS NULL AND verificado = 1 AND nivel >= "
        ));
        query.push_bind(level.number());
        push_page(&mut query, "id", page);
        self.rows(query.build()).await?.iter().map(user).collect()
    }

    async fn count_verified_from(&mut self, level: Level) -> Result<u64> {
        const SQL: &str = "SELECT count(*) FROM usuarios WHERE deleted_at IS NULL AND verificado = 1 AND nivel >= ?";
        let count: i64 = self.only(sqlx::query(SQL).bind(level.number())).await?.try_get(0).map_err(from_sqlx)?;
        Ok(count.unsigned_abs())
    }

    async fn password_hash(&mut self, id: UserId) -> Result<Option<String>> {
        let sql = "SELECT hashed_password FROM usuarios WHERE id = ? AND deleted_at IS NULL";
        match self.first(sqlx::query(sql).bind(id.0)).await? {
            Some(row) => row.try_get(0).map_err(from_sqlx),
            None => Ok(None),
        }
    }

    async fn insert(&mut self, new: &NewUser, password_hash: Option<&str>) -> Result<User> {
        let mut user = unstored(new);
        user.id = self.insert_user(None, &user, password_hash).await?;
        Ok(user)
    }

    async fn save(&mut self, user: &User) -> Result<i64> {
        let statement = sqlx::query(
            "UPDATE usuarios SET dni = ?1, nombre = ?2, apellido = ?3, email = ?4, email_plegado = ?5, telefono = ?6, \
             telegram_id = ?7, nivel = ?8, verificado = ?9, ultimo_acceso = ?10, intentos_fallidos = ?11, \
             bloqueado_hasta = ?12, extra_data = ?13, updated_at = ?14, deleted_at = ?15, version = version + 1, \
             dni_plegado = ?18, dni_repetido = dni_repetido AND dni_plegado IS ?18, \
             email_repetido = email_repetido AND email_plegado IS ?5 WHERE id = ?16 AND version = ?17",
        )
        .bind(user.dni.as_ref().map(Dni::reveal))
        .bind(user.given_name.reveal())
        .bind(user.family_name.as_ref().map(Name::reveal))
        .bind(user.email.as_ref().map(Email::reveal))
        .bind(user.email.as_ref().map(Email::folded))
        .bind(user.phone.as_ref().map(Phone::reveal))
        .bind(user.telegram.map(|telegram| telegram.0))
        .bind(user.level.number())
        .bind(user.verified)
        .bind(user.last_access.map(micros))
        .bind(user.lockout.failures)
        .bind(user.lockout.until.map(micros))
        .bind(json(&user.extra)?)
        .bind(micros(user.updated_at))
        .bind(user.deleted_at.map(micros))
        .bind(user.id.0)
        .bind(user.version)
        .bind(user.dni.as_ref().map(Dni::folded));
        match self.run(statement).await?.rows_affected() {
            0 => Err(Error::Stale),
            _ => Ok(user.version + 1),
        }
    }

    async fn save_access(&mut self, user: &User) -> Result<()> {
        let statement = sqlx::query(
            "UPDATE usuarios SET ultimo_acceso = ?2, intentos_fallidos = ?3, bloqueado_hasta = ?4 WHERE id = ?1",
        )
        .bind(user.id.0)
        .bind(user.last_access.map(micros))
        .bind(user.lockout.failures)
        .bind(user.lockout.until.map(micros));
        self.run(statement).await?;
        Ok(())
    }

    async fn set_password_hash(&mut self, id: UserId, hash: &str, at: Time) -> Result<()> {
        let sql = "UPDATE usuarios SET hashed_password = ?, updated_at = ? WHERE id = ?";
        self.run(sqlx::query(sql).bind(hash).bind(micros(at)).bind(id.0)).await?;
        Ok(())
    }

    async fn repeated_identities(&mut self, limit: u32) -> Result<Vec<RepeatedIdentity>> {
        let sql = "SELECT 'usuarios', 'dni', id FROM usuarios WHERE dni_repetido = 1 AND deleted_at IS NULL \
                   UNION ALL SELECT 'usuarios', 'email', id FROM usuarios WHERE email_repetido = 1 AND deleted_at IS NULL \
                   UNION ALL SELECT 'efectivos', 'codigo_interno', id FROM efectivos \
                   WHERE codigo_repetido = 1 AND deleted_at IS NULL ORDER BY 1 DESC, 3, 2 LIMIT ?";
        let rows = self.rows(sqlx::query(sql).bind(limit)).await?;
        let read = |row: &SqliteRow| {
            let text = |n: usize| row.try_get(n).map_err(from_sqlx);
            Ok(RepeatedIdentity { table: text(0)?, field: text(1)?, id: row.try_get(2).map_err(from_sqlx)? })
        };
        rows.iter().map(read).collect()
    }

    async fn has_administrator(&mut self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM usuarios WHERE nivel = 3 AND verificado AND deleted_at IS NULL \
                   AND email IS NOT NULL AND hashed_password IS NOT NULL)";
        self.only(sqlx::query(sql)).await?.try_get(0).map_err(from_sqlx)
    }

    async fn has_other_administrator(&mut self, id: UserId, now: Time) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM usuarios \
                   WHERE nivel = 3 AND verificado AND deleted_at IS NULL AND email IS NOT NULL \
                   AND hashed_password IS NOT NULL AND coalesce(bloqueado_hasta, 0) <= ? AND id <> ?)";
        self.only(sqlx::query(sql).bind(micros(now + lock_duration())).bind(id.0)).await?.try_get(0).map_err(from_sqlx)
    }
}

/// A live user and the password hash, by the folded e-mail and the one that was written.
pub(crate) const SIGN_IN: &str = concat!("SELECT ", columns!(), ", hashed_password", by_email!());
/// A user, deleted or not.
pub(crate) const ANY: &str = concat!("SELECT ", columns!(), " FROM usuarios WHERE id = ?");
