//! Sign-ins and their refresh tokens.

use async_trait::async_trait;
use domain::session::{Platform, RefreshToken, Session};
use domain::user::{Attempts, Lockout};
use domain::{OfficerId, SessionId, TelegramId, Time, User, UserId, identity};
use sqlx::sqlite::SqliteRow;
use store::session::{Principal, SessionRepo};
use store::{Result, Rule};
use uuid::Uuid;

use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;
use crate::user::{SIGN_IN, user};

macro_rules! columns {
    () => {
        "s.id, s.usuario_id, s.plataforma, s.created_at, s.ultimo_uso, s.expira_en, s.revocada_en, \
         s.motivo_revocacion, s.ip, s.user_agent"
    };
}

fn session(row: &SqliteRow) -> Result<Session> {
    let fields = Fields::of("sesiones", row);
    Ok(Session {
        id: SessionId(fields.get("id")?),
        user: UserId(fields.get("usuario_id")?),
        platform: fields.word("plataforma")?,
        created_at: fields.time("created_at")?,
        last_used_at: fields.time("ultimo_uso")?,
        expires_at: fields.time("expira_en")?,
        revoked_at: fields.maybe_time("revocada_en")?,
        revoked_reason: fields.get("motivo_revocacion")?,
        ip: fields.maybe_word("ip")?,
        user_agent: fields.get("user_agent")?,
    })
}

impl SqliteTx {
    async fn insert_token(&mut self, token: &RefreshToken) -> Result<()> {
        let sql = "INSERT INTO tokens_refresco (huella, sesion_id, emitido_en, usado_en) VALUES (?, ?, ?, ?)";
        let statement = sqlx::query(sql)
            .bind(token.hash.as_slice())
            .bind(token.session.0)
            .bind(micros(token.issued_at))
            .bind(token.used_at.map(micros));
        self.run(statement).await?;
        Ok(())
    }
}

fn principal(row: &SqliteRow) -> Result<Principal> {
    let fields = Fields::of("usuarios", row);
    Ok(Principal {
        user: UserId(fields.get("id")?),
        level: fields.checked::<i64, _>("nivel")?,
        verified: fields.get("verificado")?,
        telegram: fields.get::<Option<i64>>("telegram_id")?.map(TelegramId),
        officer: fields.get::<Option<i64>>("efectivo_id")?.map(OfficerId),
        session: fields.get::<Option<Uuid>>("sesion_id")?.map(SessionId),
    })
}

fn attempts(row: &SqliteRow) -> Result<Attempts> {
    let fields = Fields::of("intentos_ingreso", row);
    Ok(Attempts {
        lockout: Lockout { failures: fields.get("fallidos")?, until: fields.maybe_time("bloqueado_hasta")? },
        entered_at: fields.maybe_time("ultimo_ingreso")?,
        last_at: fields.time("ultimo_intento")?,
    })
}

#[async_trait]
impl SessionRepo for SqliteTx {
    async fn insert(&mut self, session: &Session, token: &RefreshToken) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO sesiones (id, usuario_id, plataforma, created_at, ultimo_uso, expira_en, revocada_en, \
             motivo_revocacion, ip, user_agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(session.id.0)
        .bind(session.user.0)
        .bind(session.platform.as_str())
        .bind(micros(session.created_at))
        .bind(micros(session.last_used_at))
        .bind(micros(session.expires_at))
        .bind(session.revoked_at.map(micros))
        .bind(session.revoked_reason.as_deref())
        .bind(session.ip.map(|ip| ip.to_string()))
        .bind(session.user_agent.as_deref());
        self.run_naming(statement, Rule::UnknownUser).await?;
        self.insert_token(token).await
    }

    async fn by_id(&mut self, id: SessionId) -> Result<Option<Session>> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM sesiones s WHERE s.id = ?");
        self.first(sqlx::query(SQL).bind(id.0)).await?.as_ref().map(session).transpose()
    }

    async fn lock_by_token(&mut self, hash: &[u8; 32]) -> Result<Option<(RefreshToken, Session)>> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            ", k.emitido_en, k.usado_en, k.semilla FROM tokens_refresco k JOIN sesiones s ON s.id = k.sesion_id \
             WHERE k.huella = ?"
        );
        let Some(row) = self.first(sqlx::query(SQL).bind(hash.as_slice())).await? else { return Ok(None) };
        let session = session(&row)?;
        let fields = Fields::of("tokens_refresco", &row);
        let token = RefreshToken {
            hash: *hash,
            session: session.id,
            issued_at: fields.time("emitido_en")?,
            used_at: fields.maybe_time("usado_en")?,
            salt: fields.get::<Option<Vec<u8>>>("semilla")?.and_then(|salt| salt.try_into().ok()),
        };
        Ok(Some((token, session)))
    }

    async fn rotate(&mut self, used: &[u8; 32], salt: &[u8; 32], next: &RefreshToken, at: Time) -> Result<()> {
        let mark = "UPDATE tokens_refresco SET usado_en = ?, semilla = ? WHERE huella = ?";
        self.run(sqlx::query(mark).bind(micros(at)).bind(salt.as_slice()).bind(used.as_slice())).await?;
        self.insert_token(next).await?;
        let touch = "UPDATE sesiones SET ultimo_uso = ? WHERE id = ?";
        self.run(sqlx::query(touch).bind(micros(at)).bind(next.session.0)).await?;
        Ok(())
    }

    async fn live_of(&mut self, user: UserId, now: Time) -> Result<Vec<Session>> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM sesiones s WHERE s.usuario_id = ? AND s.revocada_en IS NULL AND s.expira_en > ? \
             ORDER BY s.created_at DESC, s.id DESC"
        );
        self.rows(sqlx::query(SQL).bind(user.0).bind(micros(now))).await?.iter().map(session).collect()
    }

    async fn revoke(&mut self, id: SessionId, reason: &str, at: Time) -> Result<bool> {
        let sql = "UPDATE sesiones SET revocada_en = ?, motivo_revocacion = ? WHERE id = ? AND revocada_en IS NULL";
        Ok(self.run(sqlx::query(sql).bind(micros(at)).bind(reason).bind(id.0)).await?.rows_affected() > 0)
    }

    async fn revoke_all(&mut self, user: UserId, except: Option<SessionId>, reason: &str, at: Time) -> Result<u64> {
        let statement = sqlx::query(
            "UPDATE sesiones SET revocada_en = ?1, motivo_revocacion = ?2 \
             WHERE usuario_id = ?3 AND revocada_en IS NULL AND expira_en > ?1 AND id IS NOT ?4",
        )
        .bind(micros(at))
        .bind(reason)
        .bind(user.0)
        .bind(except.map(|session| session.0));
        Ok(self.run(statement).await?.rows_affected())
    }

    async fn revoke_platform(
        &mut self,
        user: UserId,
        platform: Platform,
        spared: u32,
        reason: &str,
        at: Time,
    ) -> Result<Vec<SessionId>> {
        let statement = sqlx::query(
            "UPDATE sesiones SET revocada_en = ?1, motivo_revocacion = ?2 WHERE id IN \
             (SELECT id FROM sesiones WHERE usuario_id = ?3 AND plataforma = ?4 AND revocada_en IS NULL \
             AND expira_en > ?1 ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?5) RETURNING id",
        )
        .bind(micros(at))
        .bind(reason)
        .bind(user.0)
        .bind(platform.as_str())
        .bind(spared);
        let rows = self.rows(statement).await?;
        rows.iter().map(|row| Fields::of("sesiones", row).get::<Uuid>("id").map(SessionId)).collect()
    }

    async fn principal(&mut self, id: UserId, session: SessionId, now: Time) -> Result<Option<Principal>> {
        let statement = sqlx::query(
            "SELECT u.id, u.nivel, u.verificado, u.telegram_id, e.id AS efectivo_id, s.id AS sesion_id FROM usuarios u \
             LEFT JOIN efectivos e ON e.usuario_id = u.id AND e.deleted_at IS NULL \
             LEFT JOIN sesiones s ON s.id = ? AND s.usuario_id = u.id AND s.revocada_en IS NULL AND s.expira_en > ? \
             WHERE u.id = ? AND u.deleted_at IS NULL",
        );
        let row = self.first(statement.bind(session.0).bind(micros(now)).bind(id.0)).await?;
        row.as_ref().map(principal).transpose()
    }

    async fn live_principals(&mut self, sessions: &[SessionId], now: Time) -> Result<Vec<Principal>> {
        let statement = sqlx::query(
            "SELECT u.id, u.nivel, u.verificado, u.telegram_id, e.id AS efectivo_id, s.id AS sesion_id \
             FROM sesiones s JOIN usuarios u ON u.id = s.usuario_id AND u.deleted_at IS NULL \
             LEFT JOIN efectivos e ON e.usuario_id = u.id AND e.deleted_at IS NULL \
             WHERE s.id IN (SELECT unhex(value) FROM json_each(?)) AND s.revocada_en IS NULL AND s.expira_en > ?",
        );
        let ids: Vec<String> = sessions.iter().map(|session| session.0.simple().to_string()).collect();
        self.rows(statement.bind(json(&ids)?).bind(micros(now))).await?.iter().map(principal).collect()
    }

    async fn sign_in_record(&mut self, email: &str) -> Result<Option<(User, Option<String>)>> {
        let by_email = sqlx::query(SIGN_IN).bind(identity::address(email)).bind(email.trim());
        let Some(row) = self.first(by_email).await? else { return Ok(None) };
        Ok(Some((user(&row)?, Fields::of("usuarios", &row).get("hashed_password")?)))
    }

    async fn attempts(&mut self, user: UserId, source: &str) -> Result<Option<Attempts>> {
        let statement = sqlx::query(
            "SELECT fallidos, bloqueado_hasta, ultimo_ingreso, ultimo_intento FROM intentos_ingreso \
             WHERE usuario_id = ? AND origen = ?",
        );
        self.first(statement.bind(user.0).bind(source)).await?.as_ref().map(attempts).transpose()
    }

    async fn note_attempts(&mut self, user: UserId, source: &str, attempts: &Attempts) -> Result<()> {
        let statement = sqlx::query(
            "INSERT INTO intentos_ingreso \
             (usuario_id, origen, fallidos, bloqueado_hasta, ultimo_ingreso, ultimo_intento) VALUES (?, ?, ?, ?, ?, ?) \
             ON CONFLICT (usuario_id, origen) DO UPDATE SET fallidos = excluded.fallidos, \
             bloqueado_hasta = excluded.bloqueado_hasta, ultimo_ingreso = excluded.ultimo_ingreso, \
             ultimo_intento = excluded.ultimo_intento",
        )
        .bind(user.0)
        .bind(source)
        .bind(attempts.lockout.failures)
        .bind(attempts.lockout.until.map(micros))
        .bind(attempts.entered_at.map(micros))
        .bind(micros(attempts.last_at));
        self.run_naming(statement, Rule::UnknownUser).await?;
        Ok(())
    }

    async fn forget_attempts(&mut self, before: Time) -> Result<u64> {
        let statement = sqlx::query(
            "DELETE FROM intentos_ingreso WHERE (usuario_id, origen) IN \
             (SELECT usuario_id, origen FROM intentos_ingreso WHERE ultimo_intento < ? LIMIT 1000)",
        );
        Ok(self.run(statement.bind(micros(before))).await?.rows_affected())
    }

    async fn prune(&mut self, before: Time) -> Result<u64> {
        // A session that was revoked ended then, any other one when it expired.
        let statement = sqlx::query(
            "DELETE FROM sesiones WHERE id IN (SELECT id FROM sesiones \
             WHERE coalesce(revocada_en, expira_en) < ? LIMIT 1000)",
        );
        Ok(self.run(statement.bind(micros(before))).await?.rows_affected())
    }
}
