//! Codes by which somebody shows that a Telegram account is theirs.

use std::fmt;

use chrono::TimeDelta;
use sha2::{Digest, Sha256};

use crate::{TelegramId, Time, UserId};

/// Crockford's base32: no I, L, O or U, which are misread or misheard.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code as a person copies it. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkCode(String);

/// Text that is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 10 letters and digits, as 7KQ2M9XH4R")]
pub struct NoLinkCode;

impl LinkCode {
    /// Characters of a code: 50 bits.
    pub const LENGTH: usize = 10;

    /// A code of chance: of each byte five bits count.
    pub fn of(chance: [u8; Self::LENGTH]) -> Self {
        Self(chance.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect())
    }

    /// The code itself, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the record keeps of it.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl fmt::Debug for LinkCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkCode(…)")
    }
}

impl std::str::FromStr for LinkCode {
    type Err = NoLinkCode;

    // As people write it: in any case, with spaces or hyphens between, and o for zero.
    fn from_str(text: &str) -> Result<Self, NoLinkCode> {
        let code: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let known = |c: char| u8::try_from(c).is_ok_and(|byte| ALPHABET.contains(&byte));
        if code.chars().count() == Self::LENGTH && code.chars().all(known) { Ok(Self(code)) } else { Err(NoLinkCode) }
    }
}

/// A code at rest: only its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedCode {
    /// See [`LinkCode::hash`].
    pub hash: [u8; 32],
    /// Whose account it links.
    pub user: UserId,
    /// Who had it made; `None` for the operator of the machine.
    pub issued_by: Option<UserId>,
    /// When it was made.
    pub issued_at: Time,
    /// Good until then.
    pub expires_at: Time,
    /// When it was used.
    pub used_at: Option<Time>,
    /// By which account.
    pub used_by: Option<TelegramId>,
}

/// Whose codes are not taken after too many wrong ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkClosed {
    /// Those of one chat.
    Chat,
    /// Those of everybody.
    Office,
}

/// Wrong codes since some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkFailures {
    /// Of one chat.
    pub of_chat: u64,
    /// Of all chats.
    pub of_office: u64,
}

impl LinkFailures {
    /// Wrong codes of a chat after which it is not heard for a while.
    pub const MOST_OF_CHAT: u64 = 5;
    /// Wrong codes of the office after which nobody is: guessing from many accounts at this pace
    /// takes millions of years.
    pub const MOST_OF_OFFICE: u64 = 100;

    /// How long a wrong code counts.
    pub const fn window() -> TimeDelta {
        TimeDelta::hours(1)
    }

    /// Who is not heard at present; `None` while codes are taken.
    pub const fn closed(&self) -> Option<LinkClosed> {
        if self.of_office >= Self::MOST_OF_OFFICE {
            Some(LinkClosed::Office)
        } else if self.of_chat >= Self::MOST_OF_CHAT {
            Some(LinkClosed::Chat)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_codes_close_a_chat_and_a_hundred_the_office() {
        let failures = |of_chat, of_office| LinkFailures { of_chat, of_office };
        assert_eq!(failures(4, 99).closed(), None);
        assert_eq!(failures(5, 5).closed(), Some(LinkClosed::Chat));
        assert_eq!(failures(0, 100).closed(), Some(LinkClosed::Office));
    }

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let code = LinkCode::of([0, 1, 2, 10, 31, 32, 255, 7, 8, 9]);
        assert_eq!(code.reveal(), "012AZ0Z789");
        assert_eq!("o12a-z0z 7 89".parse(), Ok(code.clone()));
        assert_eq!("OI2AZ0Z789".parse(), Ok(code.clone()));
        for text in ["", "012AZ0Z78", "012AZ0Z7899", "U12AZ0Z789", "ñ12AZ0Z789"] {
            assert_eq!(text.parse::<LinkCode>(), Err(NoLinkCode), "{text}");
        }
        assert_eq!(format!("{code:?}"), "LinkCode(…)");
    }
}
