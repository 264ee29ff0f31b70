//! Which Telegram account is whose: linked by a one-time code, and unlinked.

use std::sync::Arc;

use domain::audit::{AuditEvent, Severity};
use domain::link::{IssuedCode, LinkClosed, LinkCode, LinkFailures};
use domain::session::Platform;
use domain::{ChatId, Event, TelegramId, Time, User, UserId};
use serde::{Deserialize, Serialize};
use store::{Rule, Tx};

use crate::diff::Difference;
use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Identity, Kind, Request, Result, dispatch, idempotency, retry_contention};

/// A code in the hands of whoever asked for it. It is shown once: the record has its hash only.
#[derive(Debug)]
pub struct Issued {
    /// The code.
    pub code: LinkCode,
    /// Good until then.
    pub expires_at: Time,
    /// The bot's name, where the office has said it.
    pub bot_name: Option<String>,
}

impl Issued {
    /// What the user writes to the bot.
    pub fn command(&self) -> String {
        format!("/vincular {}", self.code.reveal())
    }

    /// What opens the bot with the code in hand.
    pub fn url(&self) -> Option<String> {
        self.bot_name.as_ref().map(|name| format!("https://t.me/{name}?start={}", self.code.reveal()))
    }
}

/// A link that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// Whose account it is now.
    pub user: UserId,
    /// The user's given name.
    pub name: String,
    /// The account that the user had before, which no longer is.
    pub earlier: Option<TelegramId>,
}

/// Why a code was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkRefusal {
    /// It is unknown, used or expired, or its user is shut out.
    Wrong,
    /// Too many wrong ones came from this chat.
    Chat,
    /// Too many wrong ones came from anywhere.
    Office,
}

impl LinkRefusal {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Wrong, Self::Chat, Self::Office];

    const fn word(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Chat => "chat",
            Self::Office => "office",
        }
    }

    /// The figure of this reason.
    pub fn counter(self) -> metrics::Counter {
        metrics::counter!("gad_link_codes_refused_total", "reason" => self.word())
    }
}

/// Makes a code for a user; one that was not used is good no longer.
///
/// # Errors
/// `Invalid` for a user who is shut out.
pub async fn issue(cx: &Context, actor: &Actor, id: UserId) -> Result<Issued> {
    policy::require(actor, Permission::ManageUsers)?;
    let mut chance = [0; LinkCode::LENGTH];
    cx.rng.fill(&mut chance);
    let code = LinkCode::of(chance);
    let now = cx.clock.now();
    let expires_at = now + cx.settings.link.code_ttl;
    let mut tx = cx.store.write().await?;
    let user = tx.users().lock(id).await?.ok_or_else(|| Error::not_found(Kind::User, id))?;
    if !user.is_active() {
        return Err(Error::invalid("verificado", "must be true before the user gets a code"));
    }
    let issued = IssuedCode {
        hash: code.hash(),
        user: id,
        issued_by: actor.acting_user(),
        issued_at: now,
        expires_at,
        used_at: None,
        used_by: None,
    };
    tx.link_codes().issue(&issued).await?;
    let note = Note::new(cx, actor, AuditEvent::Create, now, "Código de vínculo emitido")
        .on("usuario", id)
        .fact("vence_en", expires_at.to_rfc3339())
        .severity(Severity::High)
        .tags("create,sensitive");
    record::audit(&mut *tx, [note]).await?;
    tx.commit().await?;
    Ok(Issued { code, expires_at, bot_name: cx.settings.link.bot_name.clone() })
}

/// Makes the link that a code stands for. `account` and `chat` are what Telegram says of whoever
/// wrote `text`.
///
/// The same account with the same code once more is the same success, with the same answer for the
/// same request. A wrong code counts each time.
/// # Errors
/// `Invalid` for a text that is no code; `NotFound` for a code that is unknown, used or expired, or
/// whose user is shut out; `Conflict` for an account that is somebody's; `TooMany` after wrong codes.
pub async fn redeem(
    cx: &Context,
    request: &Arc<Request>,
    account: TelegramId,
    chat: ChatId,
    text: &str,
) -> Result<Linked> {
    let code: LinkCode = text.parse().map_err(|error| Error::invalid("codigo", error))?;
    let hash = code.hash();
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    let known = tx.link_codes().by_hash(&hash).await?;
    // From here on nobody else makes or ends a link of this user.
    let owner = match &known {
        Some(code) => tx.users().lock(code.user).await?,
        None => None,
    };
    if let Some(holder) = tx.users().by_telegram(account).await? {
        return once_more(cx, &mut *tx, request, &hash, account, &holder).await;
    }
    if let Some(closed) = tx.link_codes().failures(chat, now - LinkFailures::window()).await?.closed() {
        let refusal = match closed {
            LinkClosed::Chat => LinkRefusal::Chat,
            LinkClosed::Office => LinkRefusal::Office,
        };
        tracing::warn!(code = "link.exhausted", closed = refusal.word(), "no codes of links are tried for a while");
        audit_refusal(cx, tx, request, account, refusal, now).await?;
        let retry_after = LinkFailures::window().to_std().unwrap_or_default();
        return Err(Error::TooMany { retry_after });
    }
    let Some(mut user) = owner.filter(User::is_active) else {
        return refuse(cx, tx, request, account, chat, now).await;
    };
    if tx.link_codes().redeem(&hash, account, now).await?.is_none() {
        return refuse(cx, tx, request, account, chat, now).await;
    }
    let before = user.clone();
    let earlier = user.telegram.replace(account);
    user.updated_at = now;
    tx.users().save(&user).await?;
    // Tokens of the account of before do not come back with it.
    tx.sessions().revoke_platform(user.id, Platform::Telegram, 0, "unlinked", now).await?;
    let actor = acting(&user, account, request);
    // The claim under which the answer is kept; nobody has it, since the code was still unused.
    if let Some(linked) = idempotency::replay(cx, &mut *tx, &actor).await? {
        return Ok(linked);
    }
    let note = Difference::between(&before, &user)
        .note(cx, &actor, AuditEvent::Update, now, "Cuenta de Telegram vinculada")
        .through(account)
        .fact("reemplaza", earlier.is_some())
        .fact("codigo_emitido_por", known.and_then(|code| code.issued_by).map(|id| id.0));
    told(cx, &mut *tx, &actor, user.id, note, now).await?;
    let linked = Linked { user: user.id, name: user.given_name.reveal().to_owned(), earlier };
    idempotency::keep(&mut *tx, &actor, &linked).await?;
    tx.commit().await?;
    cx.principals.forget_all();
    Ok(linked)
}

/// Ends the link of a user, oneself or, for level 3, anybody; gives the account that it was, if there
/// was one. Codes that were not used stay good.
pub async fn unlink(cx: &Context, actor: &Actor, id: UserId) -> Result<Option<TelegramId>> {
    policy::self_or(actor, id, Permission::ManageUsers)?;
    let account = retry_contention(|| unlink_once(cx, actor, id)).await?;
    cx.principals.forget_all();
    Ok(account)
}

async fn unlink_once(cx: &Context, actor: &Actor, id: UserId) -> Result<Option<TelegramId>> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    let mut user = tx.users().lock(id).await?.ok_or_else(|| Error::not_found(Kind::User, id))?;
    let before = user.clone();
    let Some(account) = user.telegram.take() else { return Ok(None) };
    user.updated_at = now;
    tx.users().save(&user).await?;
    tx.sessions().revoke_platform(id, Platform::Telegram, 0, "unlinked", now).await?;
    let note = Difference::between(&before, &user)
        .note(cx, actor, AuditEvent::Update, now, "Cuenta de Telegram desvinculada")
        .through(account);
    told(cx, &mut *tx, actor, id, note, now).await?;
    if let Some(officer) = tx.officers().by_user(id).await? {
        dispatch::expire_unanswered(cx, &mut *tx, actor, officer.id, "Cuenta de Telegram desvinculada", now).await?;
    }
    tx.commit().await?;
    Ok(Some(account))
}

/// Whoever has an account already gets no other, unless it is the link of this very code.
async fn once_more(
    cx: &Context,
    tx: &mut dyn Tx,
    request: &Arc<Request>,
    hash: &[u8; 32],
    account: TelegramId,
    holder: &User,
) -> Result<Linked> {
    let used = tx.link_codes().by_hash(hash).await?;
    if !used.is_some_and(|code| code.user == holder.id && code.used_by == Some(account)) {
        return Err(Error::Conflict(Rule::UserTelegram));
    }
    let before = match idempotency::replay(cx, tx, &acting(holder, account, request)).await {
        Err(Error::UnreadableAnswer) => None,
        before => before?,
    };
    let name = || holder.given_name.reveal().to_owned();
    Ok(before.unwrap_or_else(|| Linked { user: holder.id, name: name(), earlier: None }))
}

/// Counts a wrong code. Which kind of wrong it was is told to nobody.
async fn refuse<T>(
    cx: &Context,
    mut tx: Box<dyn Tx>,
    request: &Arc<Request>,
    account: TelegramId,
    chat: ChatId,
    now: Time,
) -> Result<T> {
    tx.link_codes().note_failure(chat, now).await?;
    audit_refusal(cx, tx, request, account, LinkRefusal::Wrong, now).await?;
    Err(Error::not_found(Kind::LinkCode, "codigo"))
}

/// Keeps that a code was refused, and why.
async fn audit_refusal(
    cx: &Context,
    mut tx: Box<dyn Tx>,
    request: &Arc<Request>,
    account: TelegramId,
    refusal: LinkRefusal,
    now: Time,
) -> Result<()> {
    let unknown = Actor::anonymous(Arc::clone(request));
    let (said, why) = match refusal {
        LinkRefusal::Wrong => ("Código de vínculo rechazado", "wrong link code"),
        LinkRefusal::Chat => ("Código de vínculo no atendido: chat cerrado", "too many wrong link codes of this chat"),
        LinkRefusal::Office => {
            ("Código de vínculo no atendido: oficina cerrada", "too many wrong link codes of the office")
        }
    };
    let note = Note::new(cx, &unknown, AuditEvent::PermissionDenied, now, said)
        .through(account)
        .tags("auth,security")
        .refused(why);
    record::audit(&mut *tx, [note]).await?;
    tx.commit().await?;
    refusal.counter().increment(1);
    Ok(())
}

/// The user whose account it is, as the one who does it.
fn acting(user: &User, account: TelegramId, request: &Arc<Request>) -> Actor {
    let identity =
        Identity::User { id: user.id, level: user.level, telegram: Some(account), officer: None, session: None };
    Actor::new(identity, Arc::clone(request))
}

async fn told(cx: &Context, tx: &mut dyn Tx, actor: &Actor, user: UserId, note: Note, now: Time) -> Result<()> {
    let event = Event::UserChanged { user, changed: vec!["telegram_id".to_owned()] };
    record::events(cx, tx, actor, now, [event]).await?;
    record::audit(tx, [note.severity(Severity::High).tags("update,sensitive")]).await
}
