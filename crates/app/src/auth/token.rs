//! Access tokens: HS256 JWTs as contract §3.1 has them, signed with the first key of a ring and
//! accepted under any of it.

use chrono::DateTime;
use domain::{Level, SessionId, TelegramId, Time, UserId};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Shortest secret that may sign (contract §3.1).
const MIN_SECRET: usize = 32;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// REST and WebSocket.
    Api,
    /// `/telegram/*` and WebSocket, for its own user.
    Telegram,
}

/// What stands in a token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// User id as text, or `telegram:{telegram_id}:user:{user_id}`.
    pub sub: String,
    /// For what.
    pub aud: Audience,
    /// By whom.
    pub iss: String,
    /// Issued at, epoch seconds.
    pub iat: i64,
    /// Not before, epoch seconds.
    pub nbf: i64,
    /// Expires at, epoch seconds.
    pub exp: i64,
    /// Number of the token.
    pub jti: Uuid,
    /// Number of the session, for revocation.
    pub sid: Uuid,
    /// Number of the user.
    pub user_id: i64,
    /// `LEVEL_n` when it was issued. Rights follow the record, not this.
    pub nivel: String,
    /// Scopes of a token for Telegram.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub scope: Option<String>,
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It was good once.
    #[error("expired token")]
    Expired,
    /// Forged, garbled, for another audience or not valid yet.
    #[error("invalid token")]
    Invalid,
}

/// A signing secret that is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("needs at least {MIN_SECRET} characters, has {0}")]
pub struct WeakKey(pub usize);

/// The keys that sign and check tokens. The first signs; a key that was replaced stays in the
/// ring until the last token under it has expired.
pub struct KeyRing {
    keys: Vec<Key>,
    issuer: String,
}

struct Key {
    id: String,
    signs: EncodingKey,
    checks: DecodingKey,
    fingerprints: Hmac<Sha256>,
}

/// What a token is made for.
pub(super) struct Issue<'a> {
    pub user: UserId,
    pub level: Level,
    pub telegram: Option<TelegramId>,
    pub session: SessionId,
    pub audience: Audience,
    pub at: Time,
    pub until: Time,
    pub jti: Uuid,
    pub ring: &'a KeyRing,
}

impl KeyRing {
    /// A ring of the given secrets, the signing one first.
    pub fn new(secrets: &[String], issuer: String) -> Result<Self, WeakKey> {
        let keys = secrets.iter().map(|secret| Key::new(secret)).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() { Err(WeakKey(0)) } else { Ok(Self { keys, issuer }) }
    }

    /// The claims of a token that is good at `now`.
    pub fn check(&self, token: &str, now: Time) -> Result<Claims, TokenError> {
        let claims = self.signed(token).ok_or(TokenError::Invalid)?;
        if claims.nbf > now.timestamp() {
            return Err(TokenError::Invalid);
        }
        if claims.exp <= now.timestamp() {
            return Err(TokenError::Expired);
        }
        Ok(claims)
    }

    /// A keyed hash of a text, by which equal texts are recognised and none is revealed: HMAC-SHA-256
    /// under a key of its own that is derived from the signing secret.
    pub fn fingerprint(&self, text: &str) -> String {
        let hash = self.keys[0].fingerprints.clone().chain_update(text).finalize().into_bytes();
        hex::encode(&hash[..16])
    }

    /// The user and the session of a token that we signed, whether or not it has expired.
    pub fn session_of(&self, token: &str) -> Option<(UserId, SessionId)> {
        self.signed(token).map(|claims| (claims.user(), claims.session()))
    }

    /// The claims of a token that we signed, whatever its times.
    fn signed(&self, token: &str) -> Option<Claims> {
        let header = decode_header(token).ok()?;
        let mut keys = self.keys.iter().filter(|key| header.kid.as_ref().is_none_or(|kid| *kid == key.id));
        let validation = self.validation();
        keys.find_map(|key| decode::<Claims>(token, &key.checks, &validation).ok()).map(|token| token.claims)
    }

    /// A seal over a text, by the signing key.
    pub(super) fn seal(&self, text: &str) -> Option<String> {
        jsonwebtoken::crypto::sign(text.as_bytes(), &self.keys[0].signs, Algorithm::HS256).ok()
    }

    /// Whether a key of the ring made this seal over a text.
    pub(super) fn is_sealed(&self, text: &str, seal: &str) -> bool {
        self.keys.iter().any(|key| {
            jsonwebtoken::crypto::verify(seal, text.as_bytes(), &key.checks, Algorithm::HS256).unwrap_or(false)
        })
    }

    fn validation(&self) -> Validation {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&["api", "telegram"]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // Times are held against our own clock, which a test can move.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation
    }
}

impl Key {
    fn new(secret: &str) -> Result<Self, WeakKey> {
        let length = secret.chars().count();
        if length < MIN_SECRET {
            return Err(WeakKey(length));
        }
        // The id names the key without telling anything of it.
        let id = hex::encode(&Sha256::digest([b"gad key id", secret.as_bytes()].concat())[..6]);
        let fingerprints = Sha256::digest([b"gad fingerprints", secret.as_bytes()].concat());
        Ok(Self {
            id,
            signs: EncodingKey::from_secret(secret.as_bytes()),
            checks: DecodingKey::from_secret(secret.as_bytes()),
            // A key of any length is taken.
            fingerprints: Hmac::new_from_slice(&fingerprints).map_err(|_| WeakKey(length))?,
        })
    }
}

impl Issue<'_> {
    /// The signed token.
    pub fn token(&self) -> Result<String, jsonwebtoken::errors::Error> {
        let sub = match (self.audience, self.telegram) {
            (Audience::Telegram, Some(telegram)) => format!("telegram:{telegram}:user:{}", self.user),
            _ => self.user.to_string(),
        };
        let claims = Claims {
            sub,
            aud: self.audience,
            iss: self.ring.issuer.clone(),
            iat: self.at.timestamp(),
            nbf: self.at.timestamp(),
            exp: self.until.timestamp(),
            jti: self.jti,
            sid: self.session.0,
            user_id: self.user.0,
            nivel: self.level.role().to_owned(),
            scope: (self.audience == Audience::Telegram).then(|| self.level.scope().to_owned()),
        };
        let key = &self.ring.keys[0];
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
        encode(&header, &claims, &key.signs)
    }
}

impl Claims {
    /// Whose token it is.
    pub const fn user(&self) -> UserId {
        UserId(self.user_id)
    }

    /// Of which session.
    pub const fn session(&self) -> SessionId {
        SessionId(self.sid)
    }

    /// The Telegram account in `sub`.
    pub fn telegram(&self) -> Option<TelegramId> {
        self.sub.strip_prefix("telegram:")?.split(':').next()?.parse().ok().map(TelegramId)
    }

    /// When it expires.
    pub fn expires_at(&self) -> Option<Time> {
        DateTime::from_timestamp(self.exp, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn noon() -> Time {
        DateTime::from_timestamp(1_760_000_000, 0).unwrap()
    }

    fn ring(secrets: &[&str]) -> KeyRing {
        let secrets: Vec<String> = secrets.iter().map(|s| s.repeat(32)).collect();
        KeyRing::new(&secrets, "grupo_gad.gob.ec".to_owned()).unwrap()
    }

    fn a_token(ring: &KeyRing) -> String {
        let issue = Issue {
            user: UserId(7),
            level: Level::Supervisor,
            telegram: None,
            session: SessionId(Uuid::nil()),
            audience: Audience::Api,
            at: noon(),
            until: noon() + TimeDelta::minutes(30),
            jti: Uuid::nil(),
            ring,
        };
        issue.token().unwrap()
    }

    #[test]
    fn a_token_outlives_the_rotation_of_its_key_but_not_its_removal() {
        let token = a_token(&ring(&["a"]));
        assert_eq!(ring(&["b", "a"]).check(&token, noon()).unwrap().user(), UserId(7));
        assert_eq!(ring(&["b"]).check(&token, noon()), Err(TokenError::Invalid));
    }

    #[test]
    fn a_token_is_good_from_its_issue_to_its_end() {
        let ring = ring(&["a"]);
        let token = a_token(&ring);
        assert_eq!(ring.check(&token, noon() - TimeDelta::seconds(1)), Err(TokenError::Invalid));
        assert!(ring.check(&token, noon() + TimeDelta::minutes(29)).is_ok());
        assert_eq!(ring.check(&token, noon() + TimeDelta::minutes(30)), Err(TokenError::Expired));
    }

    #[test]
    fn a_changed_token_is_refused() {
        let ring = ring(&["a"]);
        let token = a_token(&ring);
        let mut parts: Vec<&str> = token.split('.').collect();
        parts[2] = "AAAA";
        assert_eq!(ring.check(&parts.join("."), noon()), Err(TokenError::Invalid));
        assert_eq!(ring.check("", noon()), Err(TokenError::Invalid));
    }

    #[test]
    fn a_short_secret_signs_nothing() {
        assert_eq!(KeyRing::new(&["short".to_owned()], String::new()).err(), Some(WeakKey(5)));
        assert_eq!(KeyRing::new(&[], String::new()).err(), Some(WeakKey(0)));
    }
}
