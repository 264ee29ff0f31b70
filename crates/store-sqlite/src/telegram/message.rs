//! `telegram_mensajes` and `telegram_tarjetas`.

use async_trait::async_trait;
use domain::lease::LeaseName;
use domain::telegram::{Attachment, Content, NewMessage, Outgoing, Urgency};
use domain::{AssignmentId, ChatId, MessageId, OutgoingId, Time};
use sqlx::sqlite::SqliteRow;
use store::Result;
use store::lease::LeaseRepo;
use store::telegram::{EMERGENCY_HOLDS_BACK, GivenUp, HOLDS_BACK, LONGEST_PAUSE, LeftOut, MessageRepo, QueueFigures};
use uuid::Uuid;

use crate::row::{Fields, json, micros};
use crate::tx::SqliteTx;

const TABLE: &str = "telegram_mensajes";

fn outgoing(row: &SqliteRow) -> Result<Outgoing> {
    let fields = Fields::of(TABLE, row);
    let name: Option<String> = fields.get("archivo_nombre")?;
    let bytes: Option<Vec<u8>> = fields.get("archivo")?;
    Ok(Outgoing {
        id: OutgoingId(fields.get("id")?),
        message: NewMessage {
            chat: ChatId(fields.get("chat_id")?),
            urgency: fields.checked::<i64, _>("prioridad")?,
            method: fields.get("metodo")?,
            body: Content(fields.json("cuerpo")?),
            attachment: name.zip(bytes).map(|(name, bytes)| Attachment { name, bytes }),
            unique_key: fields.get("clave_unica")?,
            slot: fields.get("ranura")?,
            assignment: fields.get::<Option<i64>>("asignacion_id")?.map(AssignmentId),
            created_at: fields.time("creado_en")?,
            not_before: fields.time("no_antes_de")?,
        },
        attempts: fields.get("intentos")?,
        card: fields.get::<Option<i64>>("tarjeta")?.map(MessageId),
    })
}

#[async_trait]
impl MessageRepo for SqliteTx {
    async fn push(&mut self, messages: &[NewMessage]) -> Result<u64> {
        const SQL: &str = "INSERT INTO telegram_mensajes (chat_id, prioridad, metodo, cuerpo, archivo, \
             archivo_nombre, clave_unica, ranura, asignacion_id, creado_en, no_antes_de) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (clave_unica) WHERE clave_unica IS NOT NULL DO NOTHING";
        let mut kept = 0;
        for message in messages {
            let file = message.attachment.as_ref();
            let statement = sqlx::query(SQL)
                .bind(message.chat.0)
                .bind(message.urgency.number())
                .bind(&message.method)
                .bind(json(&message.body)?)
                .bind(file.map(|file| file.bytes.as_slice()))
                .bind(file.map(|file| file.name.as_str()))
                .bind(message.unique_key.as_deref())
                .bind(message.slot.as_deref())
                .bind(message.assignment.map(|assignment| assignment.0))
                .bind(micros(message.created_at))
                .bind(micros(message.not_before));
            kept += self.run(statement).await?.rows_affected();
        }
        Ok(kept)
    }

    async fn due(&mut self, holder: Uuid, now: Time, left: &LeftOut, limit: u32) -> Result<Option<Vec<Outgoing>>> {
        const SQL: &str = "SELECT m.id, m.chat_id, m.prioridad, m.metodo, m.cuerpo, m.archivo, m.archivo_nombre, \
             m.clave_unica, m.ranura, m.asignacion_id, m.creado_en, m.no_antes_de, m.intentos, t.message_id AS tarjeta \
             FROM telegram_mensajes m \
             LEFT JOIN telegram_tarjetas t ON t.chat_id = m.chat_id AND t.ranura = m.ranura \
             WHERE m.enviado_en IS NULL AND m.fallado_en IS NULL AND (m.no_antes_de <= ?1 OR m.no_antes_de = m.creado_en \
                 OR (m.no_antes_de > ?7 AND (m.prioridad < 2 OR m.intentos > 0))) \
             AND (m.chat_id NOT IN (SELECT value FROM json_each(?2)) OR m.metodo = 'answerCallbackQuery') \
             AND (m.chat_id NOT IN (SELECT value FROM json_each(?3)) OR m.prioridad <> 2) \
             AND NOT EXISTS (SELECT 1 FROM telegram_mensajes e WHERE e.chat_id = m.chat_id \
                 AND e.prioridad = m.prioridad AND e.id < m.id AND e.enviado_en IS NULL AND e.fallado_en IS NULL \
                 AND e.intentos BETWEEN 1 AND iif(e.prioridad = 0, ?5, ?6) AND e.no_antes_de > ?1 AND e.no_antes_de <= ?7) \
             ORDER BY m.prioridad, m.id LIMIT ?4";
        if !self.is_held(LeaseName::TelegramSending, holder, now).await? {
            return Ok(None);
        }
        let (chats, notices) = (json(&left.chats)?, json(&left.notices)?);
        let statement = sqlx::query(SQL).bind(micros(now)).bind(chats).bind(notices).bind(limit);
        let statement = statement.bind(EMERGENCY_HOLDS_BACK).bind(HOLDS_BACK).bind(micros(now + LONGEST_PAUSE));
        self.rows(statement).await?.iter().map(outgoing).collect::<Result<_>>().map(Some)
    }

    async fn sent(&mut self, id: OutgoingId, message: Option<MessageId>, at: Time) -> Result<bool> {
        // A file is kept no longer than it is needed.
        const SQL: &str = "UPDATE telegram_mensajes SET enviado_en = ?2, message_id = ?3, archivo = NULL, \
             archivo_nombre = NULL WHERE id = ?1 AND enviado_en IS NULL AND fallado_en IS NULL \
             RETURNING chat_id, ranura";
        const CARD: &str = "INSERT INTO telegram_tarjetas (chat_id, ranura, message_id, enviada_en) \
             VALUES (?, ?, ?, ?) ON CONFLICT (chat_id, ranura) DO UPDATE \
             SET message_id = excluded.message_id, enviada_en = excluded.enviada_en";
        const OTHERS: &str = "DELETE FROM telegram_tarjetas WHERE chat_id = ? AND message_id = ? AND ranura IS NOT ?";
        const OLDER: &str = "UPDATE telegram_mensajes SET fallado_en = ?4, motivo = 'outdone', archivo = NULL, \
             archivo_nombre = NULL WHERE chat_id = ?1 AND ranura = ?2 AND id < ?3 \
             AND enviado_en IS NULL AND fallado_en IS NULL";
        let number = message.map(|message| message.0);
        let statement = sqlx::query(SQL).bind(id.0).bind(micros(at)).bind(number);
        let Some(row) = self.first(statement).await? else { return Ok(false) };
        let fields = Fields::of(TABLE, &row);
        let (chat, slot): (i64, Option<String>) = (fields.get("chat_id")?, fields.get("ranura")?);
        if let Some(number) = number {
            self.run(sqlx::query(OTHERS).bind(chat).bind(number).bind(slot.as_deref())).await?;
        }
        if let Some(slot) = slot {
            self.run(sqlx::query(OLDER).bind(chat).bind(&slot).bind(id.0).bind(micros(at))).await?;
            if let Some(number) = number {
                self.run(sqlx::query(CARD).bind(chat).bind(&slot).bind(number).bind(micros(at))).await?;
            }
        }
        Ok(true)
    }

    async fn defer(&mut self, id: OutgoingId, not_before: Time) -> Result<bool> {
        const SQL: &str = "UPDATE telegram_mensajes SET intentos = intentos + 1, no_antes_de = ?2 \
             WHERE id = ?1 AND enviado_en IS NULL AND fallado_en IS NULL";
        Ok(self.run(sqlx::query(SQL).bind(id.0).bind(micros(not_before))).await?.rows_affected() > 0)
    }

    async fn put_off(&mut self, chat: ChatId, now: Time, until: Time) -> Result<u64> {
        const SQL: &str = "UPDATE telegram_mensajes SET no_antes_de = ?3 WHERE chat_id = ?1 AND no_antes_de > ?2 \
             AND prioridad = 2 AND intentos = 0 AND enviado_en IS NULL AND fallado_en IS NULL";
        Ok(self.run(sqlx::query(SQL).bind(chat.0).bind(micros(now)).bind(micros(until))).await?.rows_affected())
    }

    async fn fail(&mut self, id: OutgoingId, reason: &str, at: Time) -> Result<bool> {
        const SQL: &str = "UPDATE telegram_mensajes SET fallado_en = ?2, motivo = ?3, archivo = NULL, \
             archivo_nombre = NULL WHERE id = ?1 AND enviado_en IS NULL AND fallado_en IS NULL";
        Ok(self.run(sqlx::query(SQL).bind(id.0).bind(micros(at)).bind(reason)).await?.rows_affected() > 0)
    }

    async fn fail_chat(&mut self, chat: ChatId, from: Urgency, reason: &str, at: Time) -> Result<GivenUp> {
        const SQL: &str = "UPDATE telegram_mensajes SET fallado_en = ?2, motivo = ?3, archivo = NULL, \
             archivo_nombre = NULL WHERE chat_id = ?1 AND prioridad >= ?4 AND enviado_en IS NULL \
             AND fallado_en IS NULL RETURNING prioridad";
        let statement = sqlx::query(SQL).bind(chat.0).bind(micros(at)).bind(reason).bind(from.number());
        let mut given_up = GivenUp::default();
        for row in self.rows(statement).await? {
            let urgency: Urgency = Fields::of(TABLE, &row).checked::<i64, _>("prioridad")?;
            given_up.all += 1;
            given_up.emergencies += u64::from(urgency == Urgency::Emergency);
        }
        Ok(given_up)
    }

    async fn card(&mut self, chat: ChatId, slot: &str) -> Result<Option<MessageId>> {
        let statement = sqlx::query("SELECT message_id FROM telegram_tarjetas WHERE chat_id = ? AND ranura = ?");
        match self.first(statement.bind(chat.0).bind(slot)).await? {
            Some(row) => Ok(Some(MessageId(Fields::of("telegram_tarjetas", &row).get("message_id")?))),
            None => Ok(None),
        }
    }

    async fn forget_card(&mut self, chat: ChatId, slot: &str) -> Result<()> {
        let statement = sqlx::query("DELETE FROM telegram_tarjetas WHERE chat_id = ? AND ranura = ?");
        self.run(statement.bind(chat.0).bind(slot)).await?;
        Ok(())
    }

    async fn delivered(&mut self, ids: &[OutgoingId]) -> Result<Vec<AssignmentId>> {
        const SQL: &str = "SELECT DISTINCT asignacion_id FROM telegram_mensajes \
             WHERE id IN (SELECT value FROM json_each(?)) AND asignacion_id IS NOT NULL AND enviado_en IS NOT NULL \
             ORDER BY asignacion_id";
        let rows = self.rows(sqlx::query(SQL).bind(json(&ids)?)).await?;
        rows.iter().map(|row| Ok(AssignmentId(Fields::of(TABLE, row).get("asignacion_id")?))).collect()
    }

    async fn notifies_of(&mut self, assignment: AssignmentId) -> Result<bool> {
        const SQL: &str =
            "SELECT 1 AS hay FROM telegram_mensajes WHERE asignacion_id = ? AND fallado_en IS NULL LIMIT 1";
        Ok(self.first(sqlx::query(SQL).bind(assignment.0)).await?.is_some())
    }

    async fn unrecorded_deliveries(&mut self, limit: u32) -> Result<Vec<(AssignmentId, Time)>> {
        // The first two conditions are those of the index of unanswered assignments.
        const SQL: &str = "SELECT a.id, min(m.enviado_en) AS enviado_en FROM asignaciones a \
             JOIN telegram_mensajes m ON m.asignacion_id = a.id AND m.enviado_en IS NOT NULL \
             WHERE a.estado IN ('ofrecida', 'asignada', 'avisada', 'vencida') AND a.corre_desde IS NOT NULL \
             AND a.estado <> 'avisada' AND NOT EXISTS (SELECT 1 FROM asignacion_pasos p \
                 WHERE p.asignacion_id = a.id AND p.estado = 'avisada') \
             GROUP BY a.id ORDER BY a.id LIMIT ?";
        let row = |row: &SqliteRow| {
            let fields = Fields::of(TABLE, row);
            Ok((AssignmentId(fields.get("id")?), fields.time("enviado_en")?))
        };
        self.rows(sqlx::query(SQL).bind(limit)).await?.iter().map(row).collect()
    }

    async fn figures(&mut self, now: Time) -> Result<Vec<QueueFigures>> {
        const SQL: &str = "SELECT prioridad, count(*) AS cuantos, \
             min(creado_en) FILTER (WHERE no_antes_de <= ? OR intentos > 0) AS mas_viejo \
             FROM telegram_mensajes WHERE enviado_en IS NULL AND fallado_en IS NULL GROUP BY prioridad";
        let mut figures = Urgency::ALL.map(|urgency| QueueFigures { urgency, waiting: 0, oldest_due: None });
        for row in self.rows(sqlx::query(SQL).bind(micros(now))).await? {
            let fields = Fields::of(TABLE, &row);
            let urgency: Urgency = fields.checked::<i64, _>("prioridad")?;
            for known in figures.iter_mut().filter(|known| known.urgency == urgency) {
                known.waiting = fields.get::<i64>("cuantos")?.unsigned_abs();
                known.oldest_due = fields.maybe_time("mas_viejo")?;
            }
        }
        Ok(figures.into())
    }

    async fn prune(&mut self, before: Time, limit: u32) -> Result<u64> {
        const MESSAGES: &str = "DELETE FROM telegram_mensajes WHERE id IN (SELECT id FROM telegram_mensajes \
             WHERE coalesce(enviado_en, fallado_en) < ? LIMIT ?)";
        const CARDS: &str = "DELETE FROM telegram_tarjetas WHERE (chat_id, ranura) IN \
             (SELECT chat_id, ranura FROM telegram_tarjetas WHERE enviada_en < ? LIMIT ?)";
        let cards = self.run(sqlx::query(CARDS).bind(micros(before)).bind(limit)).await?.rows_affected();
        Ok(cards + self.run(sqlx::query(MESSAGES).bind(micros(before)).bind(limit)).await?.rows_affected())
    }
}
