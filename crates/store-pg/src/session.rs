//! `sesiones` and `tokens_refresco`.

use async_trait::async_trait;
use domain::session::{Platform, RefreshToken, Session};
use domain::user::{Attempts, Lockout};
use domain::{OfficerId, SessionId, TelegramId, Time, User, UserId, identity};
use sqlx::postgres::PgRow;
use store::session::{Principal, SessionRepo};
use store::{Error, Result};

use crate::row::Fields;
use crate::statement::{is_unheard_of, sql};
use crate::tx::PgTx;
use crate::user;

macro_rules! columns {
    () => {
        "s.id, s.usuario_id, s.plataforma, s.created_at, s.ultimo_uso, s.expira_en, s.revocada_en, \
         s.motivo_revocacion, s.ip, s.user_agent"
    };
}

fn session(row: &PgRow) -> Result<Session> {
    let fields = Fields::of("sesiones", row);
    let ip: Option<String> = fields.get("ip")?;
    Ok(Session {
        id: SessionId(fields.get("id")?),
        user: UserId(fields.get("usuario_id")?),
        platform: fields.word("plataforma")?,
        created_at: fields.get("created_at")?,
        last_used_at: fields.get("ultimo_uso")?,
        expires_at: fields.get("expira_en")?,
        revoked_at: fields.get("revocada_en")?,
        revoked_reason: fields.get("motivo_revocacion")?,
        ip: ip.map(|ip| ip.parse()).transpose().map_err(|error| Error::unreadable("sesiones", "ip", error))?,
        user_agent: fields.get("user_agent")?,
    })
}

fn token(row: &PgRow) -> Result<RefreshToken> {
    let fields = Fields::of("tokens_refresco", row);
    Ok(RefreshToken {
        hash: fields.get("huella")?,
        session: SessionId(fields.get("id")?),
        issued_at: fields.get("emitido_en")?,
        used_at: fields.get("usado_en")?,
        salt: fields.get("semilla")?,
    })
}

fn principal(row: &PgRow) -> Result<Principal> {
    let fields = Fields::of("usuarios", row);
    Ok(Principal {
        user: UserId(fields.get("id")?),
        level: fields.grade("nivel")?,
        verified: fields.get("verificado")?,
        telegram: fields.get::<Option<i64>>("telegram_id")?.map(TelegramId),
        officer: fields.get::<Option<i64>>("efectivo_id")?.map(OfficerId),
        session: fields.get::<Option<_>>("sesion_id")?.map(SessionId),
    })
}

fn attempts(row: &PgRow) -> Result<Attempts> {
    let fields = Fields::of("intentos_ingreso", row);
    Ok(Attempts {
        lockout: Lockout { failures: fields.get("fallidos")?, until: fields.get("bloqueado_hasta")? },
        entered_at: fields.get("ultimo_ingreso")?,
        last_at: fields.get("ultimo_intento")?,
    })
}

#[async_trait]
impl SessionRepo for PgTx {
    async fn insert(&mut self, session: &Session, token: &RefreshToken) -> Result<()> {
        const SQL: &str = "WITH nueva AS (INSERT INTO sesiones (id, usuario_id, plataforma, created_at, ultimo_uso, \
            expira_en, revocada_en, motivo_revocacion, ip, user_agent) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)) \
            INSERT INTO tokens_refresco (huella, sesion_id, emitido_en, usado_en) VALUES ($11, $12, $13, $14)";
        let statement = sql(SQL)
            .bind(session.id.0)
            .bind(session.user.0)
            .bind(session.platform.as_str())
            .bind(session.created_at)
            .bind(session.last_used_at)
            .bind(session.expires_at)
            .bind(session.revoked_at)
            .bind(session.revoked_reason.as_deref())
            .bind(session.ip.map(|ip| ip.to_string()))
            .bind(session.user_agent.as_deref())
            .bind(token.hash)
            .bind(token.session.0)
            .bind(token.issued_at)
            .bind(token.used_at);
        self.change(statement).await?;
        Ok(())
    }

    async fn by_id(&mut self, id: SessionId) -> Result<Option<Session>> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM sesiones s WHERE s.id = $1");
        self.first(sql(SQL).bind(id.0)).await?.as_ref().map(session).transpose()
    }

    async fn lock_by_token(&mut self, hash: &[u8; 32]) -> Result<Option<(RefreshToken, Session)>> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            ", t.huella, t.emitido_en, t.usado_en, t.semilla \
             FROM tokens_refresco t JOIN sesiones s ON s.id = t.sesion_id WHERE t.huella = $1 FOR NO KEY UPDATE"
        );
        let row = self.first(sql(SQL).bind(*hash)).await?;
        row.map(|row| Ok((token(&row)?, session(&row)?))).transpose()
    }

    async fn rotate(&mut self, used: &[u8; 32], salt: &[u8; 32], next: &RefreshToken, at: Time) -> Result<()> {
        const SQL: &str = "WITH usado AS (UPDATE tokens_refresco SET usado_en = $2, semilla = $7 WHERE huella = $1), \
            sesion AS (UPDATE sesiones SET ultimo_uso = $2 WHERE id = $4) \
            INSERT INTO tokens_refresco (huella, sesion_id, emitido_en, usado_en) VALUES ($3, $4, $5, $6)";
        let statement = sql(SQL)
            .bind(*used)
            .bind(at)
            .bind(next.hash)
            .bind(next.session.0)
            .bind(next.issued_at)
            .bind(next.used_at)
            .bind(*salt);
        self.change(statement).await?;
        Ok(())
    }

    async fn live_of(&mut self, user: UserId, now: Time) -> Result<Vec<Session>> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM sesiones s WHERE s.usuario_id = $1 AND s.revocada_en IS NULL \
             AND s.expira_en > $2 ORDER BY s.created_at DESC, s.id DESC"
        );
        self.all(sql(SQL).bind(user.0).bind(now)).await?.iter().map(session).collect()
    }

    async fn revoke(&mut self, id: SessionId, reason: &str, at: Time) -> Result<bool> {
        const SQL: &str = "UPDATE sesiones SET revocada_en = $3, motivo_revocacion = $2 \
            WHERE id = $1 AND revocada_en IS NULL";
        Ok(self.change(sql(SQL).bind(id.0).bind(reason).bind(at)).await? > 0)
    }

    async fn revoke_all(&mut self, user: UserId, except: Option<SessionId>, reason: &str, at: Time) -> Result<u64> {
        const SQL: &str = "UPDATE sesiones SET revocada_en = $4, motivo_revocacion = $3 WHERE usuario_id = $1 \
            AND id IS DISTINCT FROM $2 AND revocada_en IS NULL AND expira_en > $4";
        self.change(sql(SQL).bind(user.0).bind(except.map(|id| id.0)).bind(reason).bind(at)).await
    }

    async fn revoke_platform(
        &mut self,
        user: UserId,
        platform: Platform,
        spared: u32,
        reason: &str,
        at: Time,
    ) -> Result<Vec<SessionId>> {
        const SQL: &str = "UPDATE sesiones SET revocada_en = $5, motivo_revocacion = $4 WHERE id IN \
            (SELECT id FROM sesiones WHERE usuario_id = $1 AND plataforma = $2 AND revocada_en IS NULL \
            AND expira_en > $5 ORDER BY created_at DESC, id DESC OFFSET $3) AND revocada_en IS NULL RETURNING id";
        let statement = sql(SQL).bind(user.0).bind(platform.as_str()).bind(i64::from(spared)).bind(reason).bind(at);
        let rows = self.all(statement).await?;
        rows.iter().map(|row| Fields::of("sesiones", row).get("id").map(SessionId)).collect()
    }

    async fn principal(&mut self, user: UserId, session: SessionId, now: Time) -> Result<Option<Principal>> {
        const SQL: &str = "SELECT u.id, u.nivel, u.verificado, u.telegram_id, e.id AS efectivo_id, s.id AS sesion_id \
            FROM usuarios u LEFT JOIN efectivos e ON e.usuario_id = u.id AND e.deleted_at IS NULL \
            LEFT JOIN sesiones s ON s.id = $2 AND s.usuario_id = u.id AND s.revocada_en IS NULL AND s.expira_en > $3 \
            WHERE u.id = $1 AND u.deleted_at IS NULL";
        self.first(sql(SQL).bind(user.0).bind(session.0).bind(now)).await?.as_ref().map(principal).transpose()
    }

    async fn live_principals(&mut self, sessions: &[SessionId], now: Time) -> Result<Vec<Principal>> {
        const SQL: &str = "SELECT u.id, u.nivel, u.verificado, u.telegram_id, e.id AS efectivo_id, s.id AS sesion_id \
            FROM sesiones s JOIN usuarios u ON u.id = s.usuario_id AND u.deleted_at IS NULL \
            LEFT JOIN efectivos e ON e.usuario_id = u.id AND e.deleted_at IS NULL \
            WHERE s.id = ANY($1) AND s.revocada_en IS NULL AND s.expira_en > $2";
        let ids: Vec<uuid::Uuid> = sessions.iter().map(|session| session.0).collect();
        self.all(sql(SQL).bind(ids).bind(now)).await?.iter().map(principal).collect()
    }

    async fn sign_in_record(&mut self, email: &str) -> Result<Option<(User, Option<String>)>> {
        if is_unheard_of(email) {
            return Ok(None);
        }
        let row = self.first(sql(user::SIGN_IN).bind(identity::address(email)).bind(email.trim())).await?;
        row.map(|row| Ok((user::user(&row)?, Fields::of("usuarios", &row).get("hashed_password")?))).transpose()
    }

    async fn attempts(&mut self, user: UserId, source: &str) -> Result<Option<Attempts>> {
        const SQL: &str = "SELECT fallidos, bloqueado_hasta, ultimo_ingreso, ultimo_intento FROM intentos_ingreso \
            WHERE usuario_id = $1 AND origen = $2";
        self.first(sql(SQL).bind(user.0).bind(source)).await?.as_ref().map(attempts).transpose()
    }

    async fn note_attempts(&mut self, user: UserId, source: &str, attempts: &Attempts) -> Result<()> {
        const SQL: &str = "INSERT INTO intentos_ingreso \
            (usuario_id, origen, fallidos, bloqueado_hasta, ultimo_ingreso, ultimo_intento) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (usuario_id, origen) DO UPDATE SET \
            fallidos = excluded.fallidos, bloqueado_hasta = excluded.bloqueado_hasta, \
            ultimo_ingreso = excluded.ultimo_ingreso, ultimo_intento = excluded.ultimo_intento";
        let statement = sql(SQL)
            .bind(user.0)
            .bind(source)
            .bind(attempts.lockout.failures)
            .bind(attempts.lockout.until)
            .bind(attempts.entered_at)
            .bind(attempts.last_at);
        self.change(statement).await?;
        Ok(())
    }

    async fn forget_attempts(&mut self, before: Time) -> Result<u64> {
        const SQL: &str = "DELETE FROM intentos_ingreso WHERE (usuario_id, origen) IN \
            (SELECT usuario_id, origen FROM intentos_ingreso WHERE ultimo_intento < $1 LIMIT 1000 \
            FOR UPDATE SKIP LOCKED)";
        self.change(sql(SQL).bind(before)).await
    }

    async fn prune(&mut self, before: Time) -> Result<u64> {
        const SQL: &str = "DELETE FROM sesiones WHERE id IN (SELECT id FROM sesiones \
            WHERE coalesce(revocada_en, expira_en) < $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)";
        self.change(sql(SQL).bind(before)).await
    }
}
