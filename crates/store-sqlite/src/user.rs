//! `usuarios`.

use async_trait::async_trait;
use domain::personal::Email;
use domain::user::{Lockout, NewUser};
use domain::{TelegramId, Time, User, UserId};
use sqlx::sqlite::SqliteRow;
use store::user::UserRepo;
use store::{Error, Page, Result};

use crate::error::timed;
use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;

pub(crate) fn user(row: &SqliteRow) -> Result<User> {
    let fields = Fields::new("usuarios", row);
    Ok(User {
        id: UserId(fields.get("id")?),
        uuid: fields.get("uuid")?,
        dni: fields.parse_opt::<String, _>("dni")?,
        given_name: fields.parse::<String, _>("nombre")?,
        family_name: fields.parse_opt::<String, _>("apellido")?,
        email: fields.parse_opt::<String, _>("email")?,
        phone: fields.parse_opt::<String, _>("telefono")?,
        telegram: fields.get::<Option<i64>>("telegram_id")?.map(TelegramId),
        level: fields.parse::<i64, _>("nivel")?,
        verified: fields.get("verificado")?,
        last_access: fields.time_opt("ultimo_acceso")?,
        lockout: Lockout { failures: fields.get("intentos_fallidos")?, until: fields.time_opt("bloqueado_hasta")? },
        extra: fields.json("extra_data")?,
        created_at: fields.time("created_at")?,
        updated_at: fields.time("updated_at")?,
        deleted_at: fields.time_opt("deleted_at")?,
        version: fields.get("version")?,
    })
}

#[async_trait]
impl UserRepo for SqliteTx {
    async fn by_id(&mut self, id: UserId) -> Result<Option<User>> {
        let query = sqlx::query("SELECT * FROM usuarios WHERE id = $1 AND deleted_at IS NULL").bind(id.0);
        timed(query.fetch_optional(self.conn())).await?.as_ref().map(user).transpose()
    }

    // The one writer holds everything unchanged.
    async fn lock(&mut self, id: UserId) -> Result<Option<User>> {
        UserRepo::by_id(self, id).await
    }

    async fn by_email(&mut self, email: &Email) -> Result<Option<User>> {
        let query =
            sqlx::query("SELECT * FROM usuarios WHERE email_plegado = $1 AND deleted_at IS NULL").bind(email.folded());
        timed(query.fetch_optional(self.conn())).await?.as_ref().map(user).transpose()
    }

    async fn by_telegram(&mut self, telegram: TelegramId) -> Result<Option<User>> {
        let query =
            sqlx::query("SELECT * FROM usuarios WHERE telegram_id = $1 AND deleted_at IS NULL").bind(telegram.0);
        timed(query.fetch_optional(self.conn())).await?.as_ref().map(user).transpose()
    }

    async fn list(&mut self, page: Page) -> Result<Vec<User>> {
        let query = if page.descending {
            sqlx::query(
                "SELECT * FROM usuarios WHERE deleted_at IS NULL AND ($1 IS NULL OR id < $1) \
                 ORDER BY id DESC LIMIT $2 OFFSET $3",
            )
        } else {
            sqlx::query(
                "SELECT * FROM usuarios WHERE deleted_at IS NULL AND ($1 IS NULL OR id > $1) \
                 ORDER BY id LIMIT $2 OFFSET $3",
            )
        };
        let query = query.bind(page.after.map(|cursor| cursor.0)).bind(page.limit).bind(page.skip);
        timed(query.fetch_all(self.conn())).await?.iter().map(user).collect()
    }

    async fn password_hash(&mut self, id: UserId) -> Result<Option<String>> {
        let query = sqlx::query_scalar("SELECT hashed_password FROM usuarios WHERE id = $1 AND deleted_at IS NULL");
        Ok(timed(query.bind(id.0).fetch_optional(self.conn())).await?.flatten())
    }

    async fn insert(&mut self, new: &NewUser, password_hash: Option<&str>) -> Result<User> {
        let query = sqlx::query(
            "INSERT INTO usuarios (uuid, dni, nombre, apellido, email, email_plegado, telefono, telegram_id, nivel, \
             verificado, hashed_password, extra_data, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13) RETURNING *",
        )
        .bind(new.uuid)
        .bind(new.dni.as_ref().map(|dni| dni.reveal()))
        .bind(new.given_name.reveal())
        .bind(new.family_name.as_ref().map(|name| name.reveal()))
        .bind(new.email.as_ref().map(Email::reveal))
        .bind(new.email.as_ref().map(Email::folded))
        .bind(new.phone.as_ref().map(|phone| phone.reveal()))
        .bind(new.telegram.map(|telegram| telegram.0))
        .bind(i64::from(new.level.number()))
        .bind(new.verified)
        .bind(password_hash)
        .bind(json(&new.extra))
        .bind(micros(new.created_at));
        user(&timed(query.fetch_one(self.conn())).await?)
    }

    async fn save(&mut self, changed: &User) -> Result<i64> {
        let query = sqlx::query_scalar(
            "UPDATE usuarios SET dni = $3, nombre = $4, apellido = $5, email = $6, email_plegado = $7, telefono = $8, \
             telegram_id = $9, nivel = $10, verificado = $11, ultimo_acceso = $12, intentos_fallidos = $13, \
             bloqueado_hasta = $14, extra_data = $15, updated_at = $16, deleted_at = $17, version = version + 1 \
             WHERE id = $1 AND version = $2 RETURNING version",
        )
        .bind(changed.id.0)
        .bind(changed.version)
        .bind(changed.dni.as_ref().map(|dni| dni.reveal()))
        .bind(changed.given_name.reveal())
        .bind(changed.family_name.as_ref().map(|name| name.reveal()))
        .bind(changed.email.as_ref().map(Email::reveal))
        .bind(changed.email.as_ref().map(Email::folded))
        .bind(changed.phone.as_ref().map(|phone| phone.reveal()))
        .bind(changed.telegram.map(|telegram| telegram.0))
        .bind(i64::from(changed.level.number()))
        .bind(changed.verified)
        .bind(changed.last_access.map(micros))
        .bind(changed.lockout.failures)
        .bind(changed.lockout.until.map(micros))
        .bind(json(&changed.extra))
        .bind(micros(changed.updated_at))
        .bind(changed.deleted_at.map(micros));
        timed(query.fetch_optional(self.conn())).await?.ok_or(Error::Stale)
    }

    async fn set_password_hash(&mut self, id: UserId, hash: &str, at: Time) -> Result<()> {
        let query = sqlx::query("UPDATE usuarios SET hashed_password = $2, updated_at = $3 WHERE id = $1")
            .bind(id.0)
            .bind(hash)
            .bind(micros(at));
        timed(query.execute(self.conn())).await?;
        Ok(())
    }

    async fn has_administrator(&mut self) -> Result<bool> {
        let query = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM usuarios WHERE nivel = 3 AND verificado AND deleted_at IS NULL)",
        );
        timed(query.fetch_one(self.conn())).await
    }
}
