//! Keys that sign checkpoints, and how one hands over to the next.
//!
//! Each key signs a statement with its own name in it, and the key before signs the same words:
//! whoever trusts one key of the row knows all of them.

use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::{Hash, rfc8785};
use crate::{Rng, Time};

/// What a statement on a key says that it is.
const FORMAT: &str = "gad-audit-clave-v1";

/// The first 16 hexadecimal digits of the SHA-256 of a public key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(pub String);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be 64 hexadecimal digits, an Ed25519 {0}")]
pub struct InvalidKey(&'static str);

/// A key that checks signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// By its hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        let bytes: Hash = text.trim().parse().map_err(|_| InvalidKey("public key"))?;
        VerifyingKey::from_bytes(bytes.bytes()).map(Self).map_err(|_| InvalidKey("public key"))
    }

    /// Its short name.
    pub fn id(&self) -> KeyId {
        KeyId(hex::encode(&Hash::of(&[self.0.as_bytes()]).bytes()[..8]))
    }

    /// Whether `signature` is of this key, over `text`.
    pub fn has_signed(&self, text: &str, signature: &[u8; 64]) -> bool {
        self.0.verify_strict(text.as_bytes(), &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0.as_bytes()))
    }
}

/// A key that signs. It is shown to nobody.
#[derive(Clone)]
pub struct AuditKey(SigningKey);

impl fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditKey({})", self.public().id())
    }
}

impl AuditKey {
    /// A new one.
    pub fn make(rng: &dyn Rng) -> Self {
        let mut seed = [0; 32];
        rng.fill(&mut seed);
        Self(SigningKey::from_bytes(&seed))
    }

    /// By the hexadecimal digits of its seed.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        let seed: Hash = text.trim().parse().map_err(|_| InvalidKey("seed"))?;
        Ok(Self(SigningKey::from_bytes(seed.bytes())))
    }

    /// The digits of its seed, for the one file that keeps them.
    pub fn reveal(&self) -> String {
        hex::encode(self.0.to_bytes())
    }

    /// What checks its signatures.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs.
    pub fn sign(&self, text: &str) -> [u8; 64] {
        self.0.sign(text.as_bytes()).to_bytes()
    }
}

/// A key made known: the words, and who signed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStatement {
    /// What is signed, a [`Statement`] as JSON by RFC 8785.
    pub text: String,
    /// By the key itself.
    pub signature: [u8; 64],
    /// By the key before.
    pub previous_signature: Option<[u8; 64]>,
}

/// The words of a [`KeyStatement`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    formato: String,
    /// From 1, without a gap.
    #[serde(rename = "numero")]
    pub number: i64,
    /// Its short name.
    #[serde(rename = "clave")]
    pub id: KeyId,
    /// Its digits.
    #[serde(rename = "publica")]
    pub public: String,
    /// The key before.
    #[serde(rename = "anterior")]
    pub previous: Option<KeyId>,
    /// Since when it signs.
    #[serde(rename = "creada_en")]
    pub at: Time,
}

impl KeyStatement {
    /// Makes `key` known as number `number`; the one before, unless it is the first, agrees.
    pub fn sign(number: i64, key: &AuditKey, previous: Option<&AuditKey>, at: Time) -> Self {
        let public = key.public();
        let statement = Statement {
            formato: FORMAT.to_owned(),
            number,
            id: public.id(),
            public: public.to_string(),
            previous: previous.map(|key| key.public().id()),
            at,
        };
        let text = serde_json::to_value(&statement).map(|value| rfc8785(&value)).unwrap_or_default();
        let signature = key.sign(&text);
        let previous_signature = previous.map(|key| key.sign(&text));
        Self { text, signature, previous_signature }
    }

    /// The words, as far as they can be read.
    pub fn statement(&self) -> Option<Statement> {
        serde_json::from_str(&self.text).ok().filter(|statement: &Statement| statement.formato == FORMAT)
    }
}

/// The keys of an office, oldest first, each known by its neighbours.
#[derive(Debug, Clone, Default)]
pub struct Keys(Vec<PublicKey>);

impl Keys {
    /// Checks all statements. With an `anchor`, that key must be among them.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(statements: &[KeyStatement], anchor: Option<&PublicKey>) -> Result<Self, String> {
        let mut keys: Vec<PublicKey> = Vec::with_capacity(statements.len());
        for (number, signed) in (1_i64..).zip(statements) {
            let statement = signed.statement().ok_or_else(|| format!("the statement on key {number} is not one"))?;
            let key = PublicKey::parse(&statement.public).map_err(|error| format!("key {number}: {error}"))?;
            let previous = keys.last();
            let named = statement.number == number
                && statement.id == key.id()
                && statement.previous == previous.map(PublicKey::id);
            let agreed = match (previous, &signed.previous_signature) {
                (None, None) => true,
                (Some(previous), Some(signature)) => previous.has_signed(&signed.text, signature),
                _ => false,
            };
            if !named || !agreed || !key.has_signed(&signed.text, &signed.signature) {
                return Err(format!("key {number} ({}) is not signed by itself and by the key before", statement.id));
            }
            keys.push(key);
        }
        match anchor {
            Some(anchor) if !keys.is_empty() && !keys.contains(anchor) => {
                Err(format!("the key that is trusted, {}, is none of those that signed", anchor.id()))
            }
            _ => Ok(Self(keys)),
        }
    }

    /// The place of a key, from 0.
    pub fn place(&self, id: &KeyId) -> Option<usize> {
        self.0.iter().position(|key| key.id() == *id)
    }

    /// The key at a place.
    pub fn at(&self, place: usize) -> Option<&PublicKey> {
        self.0.get(place)
    }

    /// The key that signs now.
    pub fn newest(&self) -> Option<&PublicKey> {
        self.0.last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> AuditKey {
        AuditKey::parse(&hex::encode([byte; 32])).unwrap()
    }

    fn handed_over() -> Vec<KeyStatement> {
        let at = Time::UNIX_EPOCH;
        vec![KeyStatement::sign(1, &key(1), None, at), KeyStatement::sign(2, &key(2), Some(&key(1)), at)]
    }

    #[test]
    fn keys_that_hand_over_to_each_other_are_all_known_by_one() {
        let statements = handed_over();
        for anchor in [key(1), key(2)] {
            let keys = Keys::check(&statements, Some(&anchor.public())).unwrap();
            assert_eq!(keys.newest(), Some(&key(2).public()));
        }
        assert!(Keys::check(&statements, Some(&key(3).public())).unwrap_err().contains("none of those"));
    }

    #[test]
    fn a_key_that_put_itself_in_the_row_is_found() {
        let at = Time::UNIX_EPOCH;
        let mut alone = handed_over();
        alone[1].previous_signature = None;
        // The forger has a key of his own, and lets it speak for the one before.
        let lent = vec![handed_over()[0].clone(), KeyStatement::sign(2, &key(2), Some(&key(3)), at)];
        // He puts a key in front, without the true one's word.
        let mut in_front = vec![KeyStatement::sign(1, &key(3), None, at), handed_over()[1].clone()];
        in_front[1].previous_signature = Some(key(3).sign(&in_front[1].text));
        for forged in [alone, lent, in_front] {
            assert!(Keys::check(&forged, None).unwrap_err().starts_with("key 2"));
        }
    }

    #[test]
    fn a_private_key_is_not_shown() {
        let shown = format!("{:?}", key(7));
        assert!(!shown.contains(&key(7).reveal()) && shown.starts_with("AuditKey("), "{shown}");
    }
}
