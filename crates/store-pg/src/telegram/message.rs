//! `telegram_mensajes` and `telegram_tarjetas`.

use async_trait::async_trait;
use domain::lease::LeaseName;
use domain::telegram::{Attachment, Content, NewMessage, Outgoing, Urgency};
use domain::{AssignmentId, ChatId, MessageId, OutgoingId, Time};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use store::lease::LeaseRepo;
use store::telegram::{EMERGENCY_HOLDS_BACK, GivenUp, HOLDS_BACK, LONGEST_PAUSE, LeftOut, MessageRepo, QueueFigures};
use store::{Error, Result};
use uuid::Uuid;

use crate::row::Fields;
use crate::statement::sql;
use crate::tx::PgTx;

const TABLE: &str = "telegram_mensajes";

fn outgoing(row: &PgRow) -> Result<Outgoing> {
    let fields = Fields::of(TABLE, row);
    let name: Option<String> = fields.get("archivo_nombre")?;
    let bytes: Option<Vec<u8>> = fields.get("archivo")?;
    let attempts: i32 = fields.get("intentos")?;
    Ok(Outgoing {
        id: OutgoingId(fields.get("id")?),
        message: NewMessage {
            chat: ChatId(fields.get("chat_id")?),
            urgency: fields.grade("prioridad")?,
            method: fields.get("metodo")?,
            body: Content(fields.get("cuerpo")?),
            attachment: name.zip(bytes).map(|(name, bytes)| Attachment { name, bytes }),
            unique_key: fields.get("clave_unica")?,
            slot: fields.get("ranura")?,
            assignment: fields.get::<Option<i64>>("asignacion_id")?.map(AssignmentId),
            created_at: fields.get("creado_en")?,
            not_before: fields.get("no_antes_de")?,
        },
        attempts: u32::try_from(attempts).map_err(|error| Error::unreadable(TABLE, "intentos", error))?,
        card: fields.get::<Option<i64>>("tarjeta")?.map(MessageId),
    })
}

fn numbers(chats: &[ChatId]) -> Vec<i64> {
    chats.iter().map(|chat| chat.0).collect()
}

#[async_trait]
impl MessageRepo for PgTx {
    async fn push(&mut self, messages: &[NewMessage]) -> Result<u64> {
        // One statement: a word to everybody is a thousand messages.
        const SQL: &str = "INSERT INTO telegram_mensajes (chat_id, prioridad, metodo, cuerpo, archivo, \
                archivo_nombre, clave_unica, ranura, creado_en, no_antes_de, asignacion_id) \
            SELECT c, p, m, j, a, an, k, r, t, n, s FROM unnest($1::bigint[], $2::smallint[], $3::text[], $4::jsonb[], \
                $5::bytea[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[], \
                $11::bigint[]) WITH ORDINALITY AS u (c, p, m, j, a, an, k, r, t, n, s, orden) ORDER BY orden \
            ON CONFLICT (clave_unica) WHERE clave_unica IS NOT NULL DO NOTHING";
        let all = || messages.iter();
        let files = || all().map(|message| message.attachment.as_ref());
        let statement = sql(SQL)
            .bind(all().map(|message| message.chat.0).collect::<Vec<_>>())
            .bind(all().map(|message| message.urgency.number()).collect::<Vec<_>>())
            .bind(all().map(|message| message.method.clone()).collect::<Vec<_>>())
            .bind(all().map(|message| Json(&message.body)).collect::<Vec<_>>())
            .bind(files().map(|file| file.map(|file| file.bytes.clone())).collect::<Vec<_>>())
            .bind(files().map(|file| file.map(|file| file.name.clone())).collect::<Vec<_>>())
            .bind(all().map(|message| message.unique_key.clone()).collect::<Vec<_>>())
            .bind(all().map(|message| message.slot.clone()).collect::<Vec<_>>())
            .bind(all().map(|message| message.created_at).collect::<Vec<_>>())
            .bind(all().map(|message| message.not_before).collect::<Vec<_>>())
            .bind(all().map(|message| message.assignment.map(|assignment| assignment.0)).collect::<Vec<_>>());
        self.change(statement).await
    }

    async fn due(&mut self, holder: Uuid, now: Time, left: &LeftOut, limit: u32) -> Result<Option<Vec<Outgoing>>> {
        const SQL: &str = "SELECT m.id, m.chat_id, m.prioridad, m.metodo, m.cuerpo, m.archivo, m.archivo_nombre, \
                m.clave_unica, m.ranura, m.asignacion_id, m.creado_en, m.no_antes_de, m.intentos, t.message_id AS tarjeta \
            FROM telegram_mensajes m \
            LEFT JOIN telegram_tarjetas t ON t.chat_id = m.chat_id AND t.ranura = m.ranura \
            WHERE m.enviado_en IS NULL AND m.fallado_en IS NULL AND (m.no_antes_de <= $1 OR m.no_antes_de = m.creado_en \
                OR (m.no_antes_de > $7 AND (m.prioridad < 2 OR m.intentos > 0))) \
            AND (m.chat_id <> ALL($2) OR m.metodo = 'answerCallbackQuery') \
            AND (m.chat_id <> ALL($3) OR m.prioridad <> 2) \
            AND NOT EXISTS (SELECT 1 FROM telegram_mensajes e WHERE e.chat_id = m.chat_id \
                AND e.prioridad = m.prioridad AND e.id < m.id AND e.enviado_en IS NULL AND e.fallado_en IS NULL \
                AND e.intentos BETWEEN 1 AND CASE e.prioridad WHEN 0 THEN $5 ELSE $6 END AND e.no_antes_de > $1 AND e.no_antes_de <= $7) \
            ORDER BY m.prioridad, m.id LIMIT $4";
        if !self.is_held(LeaseName::TelegramSending, holder, now).await? {
            return Ok(None);
        }
        let statement =
            sql(SQL).bind(now).bind(numbers(&left.chats)).bind(numbers(&left.notices)).bind(i64::from(limit));
        let statement =
            statement.bind(i64::from(EMERGENCY_HOLDS_BACK)).bind(i64::from(HOLDS_BACK)).bind(now + LONGEST_PAUSE);
        self.all(statement).await?.iter().map(outgoing).collect::<Result<_>>().map(Some)
    }

    async fn sent(&mut self, id: OutgoingId, message: Option<MessageId>, at: Time) -> Result<bool> {
        // A file is kept no longer than it is needed.
        const SQL: &str = "UPDATE telegram_mensajes SET enviado_en = $2, message_id = $3, archivo = NULL, \
                archivo_nombre = NULL WHERE id = $1 AND enviado_en IS NULL AND fallado_en IS NULL \
            RETURNING chat_id, ranura";
        const CARD: &str = "INSERT INTO telegram_tarjetas (chat_id, ranura, message_id, enviada_en) \
            VALUES ($1, $2, $3, $4) ON CONFLICT (chat_id, ranura) DO UPDATE \
            SET message_id = excluded.message_id, enviada_en = excluded.enviada_en";
        const OTHERS: &str = "DELETE FROM telegram_tarjetas \
            WHERE chat_id = $1 AND message_id = $2 AND ranura IS DISTINCT FROM $3";
        const OLDER: &str = "UPDATE telegram_mensajes SET fallado_en = $4, motivo = 'outdone', archivo = NULL, \
                archivo_nombre = NULL WHERE chat_id = $1 AND ranura = $2 AND id < $3 \
            AND enviado_en IS NULL AND fallado_en IS NULL";
        let number = message.map(|message| message.0);
        let Some(row) = self.first(sql(SQL).bind(id.0).bind(at).bind(number)).await? else { return Ok(false) };
        let fields = Fields::of(TABLE, &row);
        let (chat, slot): (i64, Option<String>) = (fields.get("chat_id")?, fields.get("ranura")?);
        if let Some(number) = number {
            self.change(sql(OTHERS).bind(chat).bind(number).bind(slot.clone())).await?;
        }
        if let Some(slot) = slot {
            self.change(sql(OLDER).bind(chat).bind(slot.clone()).bind(id.0).bind(at)).await?;
            if let Some(number) = number {
                self.change(sql(CARD).bind(chat).bind(slot).bind(number).bind(at)).await?;
            }
        }
        Ok(true)
    }

    async fn defer(&mut self, id: OutgoingId, not_before: Time) -> Result<bool> {
        const SQL: &str = "UPDATE telegram_mensajes SET intentos = intentos + 1, no_antes_de = $2 \
            WHERE id = $1 AND enviado_en IS NULL AND fallado_en IS NULL";
        Ok(self.change(sql(SQL).bind(id.0).bind(not_before)).await? > 0)
    }

    async fn put_off(&mut self, chat: ChatId, now: Time, until: Time) -> Result<u64> {
        const SQL: &str = "UPDATE telegram_mensajes SET no_antes_de = $3 WHERE chat_id = $1 AND no_antes_de > $2 \
            AND prioridad = 2 AND intentos = 0 AND enviado_en IS NULL AND fallado_en IS NULL";
        self.change(sql(SQL).bind(chat.0).bind(now).bind(until)).await
    }

    async fn fail(&mut self, id: OutgoingId, reason: &str, at: Time) -> Result<bool> {
        const SQL: &str = "UPDATE telegram_mensajes SET fallado_en = $2, motivo = $3, archivo = NULL, \
                archivo_nombre = NULL WHERE id = $1 AND enviado_en IS NULL AND fallado_en IS NULL";
        Ok(self.change(sql(SQL).bind(id.0).bind(at).bind(reason.to_owned())).await? > 0)
    }

    async fn fail_chat(&mut self, chat: ChatId, from: Urgency, reason: &str, at: Time) -> Result<GivenUp> {
        const SQL: &str = "UPDATE telegram_mensajes SET fallado_en = $2, motivo = $3, archivo = NULL, \
                archivo_nombre = NULL WHERE chat_id = $1 AND prioridad >= $4 AND enviado_en IS NULL \
                AND fallado_en IS NULL RETURNING prioridad";
        let statement = sql(SQL).bind(chat.0).bind(at).bind(reason.to_owned()).bind(from.number());
        let mut given_up = GivenUp::default();
        for row in self.all(statement).await? {
            let urgency: Urgency = Fields::of(TABLE, &row).grade("prioridad")?;
            given_up.all += 1;
            given_up.emergencies += u64::from(urgency == Urgency::Emergency);
        }
        Ok(given_up)
    }

    async fn card(&mut self, chat: ChatId, slot: &str) -> Result<Option<MessageId>> {
        const SQL: &str = "SELECT message_id FROM telegram_tarjetas WHERE chat_id = $1 AND ranura = $2";
        match self.first(sql(SQL).bind(chat.0).bind(slot.to_owned())).await? {
            Some(row) => Ok(Some(MessageId(Fields::of("telegram_tarjetas", &row).get("message_id")?))),
            None => Ok(None),
        }
    }

    async fn forget_card(&mut self, chat: ChatId, slot: &str) -> Result<()> {
        const SQL: &str = "DELETE FROM telegram_tarjetas WHERE chat_id = $1 AND ranura = $2";
        self.change(sql(SQL).bind(chat.0).bind(slot.to_owned())).await?;
        Ok(())
    }

    async fn delivered(&mut self, ids: &[OutgoingId]) -> Result<Vec<AssignmentId>> {
        const SQL: &str = "SELECT DISTINCT asignacion_id FROM telegram_mensajes \
            WHERE id = ANY($1) AND asignacion_id IS NOT NULL AND enviado_en IS NOT NULL ORDER BY asignacion_id";
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let rows = self.all(sql(SQL).bind(ids)).await?;
        rows.iter().map(|row| Ok(AssignmentId(Fields::of(TABLE, row).get("asignacion_id")?))).collect()
    }

    async fn notifies_of(&mut self, assignment: AssignmentId) -> Result<bool> {
        const SQL: &str =
            "SELECT 1 AS hay FROM telegram_mensajes WHERE asignacion_id = $1 AND fallado_en IS NULL LIMIT 1";
        Ok(self.first(sql(SQL).bind(assignment.0)).await?.is_some())
    }

    async fn unrecorded_deliveries(&mut self, limit: u32) -> Result<Vec<(AssignmentId, Time)>> {
        // The first two conditions are those of the index of unanswered assignments.
        const SQL: &str = "SELECT a.id, min(m.enviado_en) AS enviado_en FROM asignaciones a \
            JOIN telegram_mensajes m ON m.asignacion_id = a.id AND m.enviado_en IS NOT NULL \
            WHERE a.estado IN ('ofrecida', 'asignada', 'avisada', 'vencida') AND a.corre_desde IS NOT NULL \
            AND a.estado <> 'avisada' AND NOT EXISTS (SELECT 1 FROM asignacion_pasos p \
                WHERE p.asignacion_id = a.id AND p.estado = 'avisada') \
            GROUP BY a.id ORDER BY a.id LIMIT $1";
        let row = |row: &PgRow| {
            let fields = Fields::of(TABLE, row);
            Ok((AssignmentId(fields.get("id")?), fields.get("enviado_en")?))
        };
        self.all(sql(SQL).bind(i64::from(limit))).await?.iter().map(row).collect()
    }

    async fn figures(&mut self, now: Time) -> Result<Vec<QueueFigures>> {
        const SQL: &str = "SELECT prioridad, count(*) AS cuantos, \
                min(creado_en) FILTER (WHERE no_antes_de <= $1 OR intentos > 0) AS mas_viejo \
            FROM telegram_mensajes WHERE enviado_en IS NULL AND fallado_en IS NULL GROUP BY prioridad";
        let mut figures = Urgency::ALL.map(|urgency| QueueFigures { urgency, waiting: 0, oldest_due: None });
        for row in self.all(sql(SQL).bind(now)).await? {
            let fields = Fields::of(TABLE, &row);
            let urgency: Urgency = fields.grade("prioridad")?;
            for known in figures.iter_mut().filter(|known| known.urgency == urgency) {
                known.waiting = fields.get::<i64>("cuantos")?.unsigned_abs();
                known.oldest_due = fields.get("mas_viejo")?;
            }
        }
        Ok(figures.into())
    }

    async fn prune(&mut self, before: Time, limit: u32) -> Result<u64> {
        const MESSAGES: &str = "DELETE FROM telegram_mensajes WHERE id IN (SELECT id FROM telegram_mensajes \
            WHERE coalesce(enviado_en, fallado_en) < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)";
        const CARDS: &str = "DELETE FROM telegram_tarjetas WHERE (chat_id, ranura) IN (SELECT chat_id, ranura \
            FROM telegram_tarjetas WHERE enviada_en < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)";
        let cards = self.change(sql(CARDS).bind(before).bind(i64::from(limit))).await?;
        Ok(cards + self.change(sql(MESSAGES).bind(before).bind(i64::from(limit))).await?)
    }
}
