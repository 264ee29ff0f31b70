//! Signing in by e-mail and password.

use std::sync::Arc;
use std::time::Duration;

use domain::audit::{AuditEvent, Severity};
use domain::session::{Platform, RefreshToken, Session};
use domain::user::{Attempts, Lockout};
use domain::{SessionId, Time, User, UserId, identity};
use sha2::{Digest, Sha256};
use store::Tx;
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::device::{DeviceCookie, KnownDevice};
use super::failures;
use super::source::source_of;
use super::token::{Audience, Issue};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Request, Result};

/// What somebody signs in with.
pub struct Credentials {
    /// An e-mail; case is ignored.
    pub username: String,
    /// In clear; wiped from memory when dropped.
    pub password: Zeroizing<String>,
    /// Through what.
    pub platform: Platform,
    /// Cookies of known devices, as the browser sent them.
    pub devices: Vec<String>,
}

/// A new or prolonged session, in the hands of its client.
pub struct SignedIn {
    /// JWT.
    pub access_token: String,
    /// How long it is good: never longer than its session.
    pub access_ttl: chrono::TimeDelta,
    /// Opaque, to be exchanged for the next one.
    pub refresh_token: String,
    /// How long it is good: as long as its session.
    pub refresh_ttl: chrono::TimeDelta,
    /// Which session.
    pub session: SessionId,
    /// Whose.
    pub user: User,
    /// What the browser is known by at the next sign-in; none where a session is prolonged.
    pub device: Option<DeviceCookie>,
}

/// Why a sign-in was refused: for figures only, since an answer must not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginFailure {
    /// No such account.
    Unknown,
    /// The password does not fit.
    Password,
    /// The account is closed to the place that asks.
    Locked,
    /// The account is not verified.
    Unverified,
}

impl LoginFailure {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Unknown, Self::Password, Self::Locked, Self::Unverified];

    /// The figure of this reason.
    pub fn counter(self) -> metrics::Counter {
        let reason = match self {
            Self::Unknown => "unknown",
            Self::Password => "password",
            Self::Locked => "locked",
            Self::Unverified => "unverified",
        };
        metrics::counter!("gad_login_failures_total", "reason" => reason)
    }

    fn count(self) {
        self.counter().increment(1);
    }
}

/// Signs in. The fifth failure in a row from one place or one known device closes the account to it
/// for half an hour, many from anywhere close it to places that it has not been entered from before;
/// whether an account exists, is closed or is not verified cannot be told from the answer's text or
/// time.
pub async fn login(cx: &Context, request: &Arc<Request>, credentials: Credentials) -> Result<SignedIn> {
    let begun = Instant::now();
    let outcome = enter(cx, request, credentials).await;
    if matches!(outcome, Err(Error::LoginRefused { .. })) {
        tokio::time::sleep_until(next_step(begun, Instant::now(), cx.settings.auth.refusal_step)).await;
    }
    outcome
}

/// The next multiple of `step` after `begun`. Refusals wait for it: hashes of several kinds take
/// different times, and none of them is to be seen from outside.
fn next_step(begun: Instant, now: Instant, step: Duration) -> Instant {
    let steps = (now - begun).as_nanos().checked_div(step.as_nanos()).unwrap_or(0);
    begun + step * u32::try_from(steps).unwrap_or(u32::MAX).saturating_add(1)
}

async fn enter(cx: &Context, request: &Arc<Request>, credentials: Credentials) -> Result<SignedIn> {
    let record = cx.store.read().await?.sessions().sign_in_record(&credentials.username).await?;
    let (user, stored) = match record {
        Some((user, stored)) => (Some(user), stored),
        None => (None, None),
    };
    let password = credentials.password.clone();
    let verdict = cx.hasher.verify(credentials.password, stored).await?;
    let now = cx.clock.now();
    let place = source_of(request.ip);
    let Some(user) = user else {
        LoginFailure::Unknown.count();
        refuse_unknown(cx, request, &credentials.username, &place, now).await?;
        return Err(Error::LoginRefused { retry_after: None });
    };
    let rehashed = match domain::user::Password::try_from(password.to_string()) {
        Ok(password) if verdict.matches && verdict.rehash => Some(cx.hasher.hash(&password).await?),
        _ => None,
    };

    let mut tx = cx.store.write().await?;
    // The count of failures is only right if nobody else counts at the same time.
    let Some(mut user) = tx.users().lock(user.id).await? else {
        LoginFailure::Unknown.count();
        return Err(Error::LoginRefused { retry_after: None });
    };
    let device = KnownDevice::among(&credentials.devices, user.id, &cx.keys, now);
    let source = device.as_ref().map_or_else(|| place.clone(), KnownDevice::source);
    let mut attempts = tx.sessions().attempts(user.id, &source).await?.unwrap_or_else(|| Attempts::none(now));
    if let Some(device) = &device {
        attempts.entered_at = attempts.entered_at.max(Some(device.entered_at));
    }
    let is_closed = attempts.closed_for(&user.lockout, now).is_some();
    if is_closed || !verdict.matches || !user.verified {
        match (is_closed, verdict.matches) {
            (true, _) => LoginFailure::Locked,
            (false, false) => LoginFailure::Password,
            (false, true) => LoginFailure::Unverified,
        }
        .count();
        if !is_closed && !verdict.matches {
            failures::count(&mut *tx, &mut user, &source, &mut attempts, now).await?;
        }
        record::audit(&mut *tx, [failure_note(cx, request, Some((&user, &attempts)), now)]).await?;
        tx.commit().await?;
        return Err(Error::LoginRefused { retry_after: failures::retry_after(&user, &attempts, now) });
    }
    note_entry(&mut *tx, user.id, &place, device.as_ref(), &attempts, now).await?;
    user.lockout = Lockout::default();
    user.last_access = Some(now);
    tx.users().save_access(&user).await?;
    if let Some(hash) = rehashed {
        tx.users().set_password_hash(user.id, &hash, now).await?;
    }
    let signed_in = open_session(cx, &mut *tx, request, &user, credentials.platform, now).await?;
    let note = Note::new(cx, &Actor::anonymous(Arc::clone(request)), AuditEvent::Login, now, "Inicio de sesión")
        .by(user.id)
        .on("authentication", user.id)
        .fact("session_id", signed_in.session.to_string())
        .tags("auth,security");
    record::audit(&mut *tx, [note]).await?;
    tx.commit().await?;
    let device = device.unwrap_or_else(|| KnownDevice::new(&*cx.rng, now)).cookie(user.id, &cx.keys, now);
    Ok(SignedIn { device, ..signed_in })
}

/// Audits a sign-in to an account that does not exist, with as many statements as one with a wrong
/// password to an account that does.
async fn refuse_unknown(cx: &Context, request: &Arc<Request>, tried: &str, place: &str, now: Time) -> Result<()> {
    const NOBODY: UserId = UserId(0);
    let mut tx = cx.store.write().await?;
    tx.users().lock(NOBODY).await?;
    tx.sessions().attempts(NOBODY, place).await?;
    // In place of the count at the place and of that at the account.
    for _ in 0..2 {
        tx.users().set_password_hash(NOBODY, "", now).await?;
    }
    let tried = cx.keys.fingerprint(&identity::address(tried));
    let note = failure_note(cx, request, None, now).fact("identificador_hmac", tried);
    record::audit(&mut *tx, [note]).await?;
    tx.commit().await?;
    Ok(())
}

/// Notes a sign-in: the place is known from now on, and the count of who has come in begins again.
/// What others failed at the same place stays where the device has a count of its own.
async fn note_entry(
    tx: &mut dyn Tx,
    user: UserId,
    place: &str,
    device: Option<&KnownDevice>,
    attempts: &Attempts,
    now: Time,
) -> Result<()> {
    let Some(device) = device else {
        tx.sessions().note_attempts(user, place, &attempts.entered(now)).await?;
        return Ok(());
    };
    if attempts.lockout != Lockout::default() {
        tx.sessions().note_attempts(user, &device.source(), &attempts.entered(now)).await?;
    }
    let here = tx.sessions().attempts(user, place).await?.unwrap_or_else(|| Attempts::none(now));
    tx.sessions().note_attempts(user, place, &Attempts { entered_at: Some(now), last_at: now, ..here }).await?;
    Ok(())
}

/// Begins a session for a user and gives its tokens.
pub async fn open_session(
    cx: &Context,
    tx: &mut dyn Tx,
    request: &Request,
    user: &User,
    platform: Platform,
    now: Time,
) -> Result<SignedIn> {
    let settings = &cx.settings.auth;
    let ttl = match platform {
        // A session for Telegram has one token and no refresh.
        Platform::Telegram => settings.telegram_ttl,
        Platform::Web | Platform::Api => settings.session_ttl,
    };
    let session = Session {
        id: SessionId(cx.rng.uuid()),
        user: user.id,
        platform,
        created_at: now,
        last_used_at: now,
        expires_at: now + ttl,
        revoked_at: None,
        revoked_reason: None,
        ip: request.ip,
        user_agent: request.user_agent.as_ref().map(|agent| agent.chars().take(255).collect()),
    };
    let (refresh_token, token) = new_refresh_token(cx, session.id, now);
    tx.sessions().insert(&session, &token).await?;
    issue(cx, user, &session, refresh_token, now)
}

/// The tokens of a session, whose announced lifetimes end with the session at the latest.
pub(super) fn issue(
    cx: &Context,
    user: &User,
    session: &Session,
    refresh_token: String,
    now: Time,
) -> Result<SignedIn> {
    let settings = &cx.settings.auth;
    let refresh_ttl = session.expires_at - now;
    let (audience, access_ttl) = match session.platform {
        Platform::Telegram => (Audience::Telegram, settings.telegram_ttl),
        Platform::Web | Platform::Api => (Audience::Api, settings.access_ttl),
    };
    let access_ttl = access_ttl.min(refresh_ttl);
    let access_token = access_token(cx, user, session.id, audience, now, now + access_ttl)?;
    Ok(SignedIn {
        access_token,
        access_ttl,
        refresh_token,
        refresh_ttl,
        session: session.id,
        user: user.clone(),
        device: None,
    })
}

/// An access token of a session.
pub(crate) fn access_token(
    cx: &Context,
    user: &User,
    session: SessionId,
    audience: Audience,
    at: Time,
    until: Time,
) -> Result<String> {
    let issue = Issue {
        user: user.id,
        level: user.level,
        telegram: user.telegram,
        session,
        audience,
        at,
        until,
        jti: cx.rng.uuid(),
        ring: &cx.keys,
    };
    issue.token().map_err(|error| Error::Internal(error.into()))
}

/// A random token of 256 bits for the client, and what the record keeps of it.
pub(super) fn new_refresh_token(cx: &Context, session: SessionId, now: Time) -> (String, RefreshToken) {
    let mut secret = [0; 32];
    cx.rng.fill(&mut secret);
    refresh_token_of(&secret, session, now)
}

/// The token that is made of a secret, and what the record keeps of it.
pub(super) fn refresh_token_of(secret: &[u8], session: SessionId, now: Time) -> (String, RefreshToken) {
    use base64::Engine;
    let token = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(secret);
    let hash = token_hash(&token);
    (token, RefreshToken { hash, session, issued_at: now, used_at: None, salt: None })
}

/// What the record keeps of a refresh token.
pub(super) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn failure_note(cx: &Context, request: &Arc<Request>, of: Option<(&User, &Attempts)>, now: Time) -> Note {
    let note = Note::new(
        cx,
        &Actor::anonymous(Arc::clone(request)),
        AuditEvent::LoginFailed,
        now,
        "Inicio de sesión rechazado",
    )
    .severity(Severity::High)
    .tags("auth,security")
    .refused("Incorrect email or password");
    match of {
        Some((user, attempts)) => {
            failures::with_counts(note.claimed(user.id).on("authentication", user.id), user, attempts)
        }
        None => note,
    }
}
