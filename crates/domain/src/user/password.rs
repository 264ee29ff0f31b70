//! A password in clear, on its short way to the hash.

use zeroize::Zeroizing;

/// Why a password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have {} to {} characters", Password::LENGTH.0, Password::LENGTH.1)]
pub struct InvalidPassword;

/// A new password of allowed length. Never shown, and wiped from memory when dropped.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Least and greatest number of characters: at least 8 by the contract, at most 128 so that
    /// hashing has a bound.
    pub const LENGTH: (usize, usize) = (8, 128);

    /// The password in clear, for the hash function only.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Password {
    type Error = InvalidPassword;

    fn try_from(text: String) -> Result<Self, InvalidPassword> {
        let text = Zeroizing::new(text);
        let length = text.chars().count();
        if (Self::LENGTH.0..=Self::LENGTH.1).contains(&length) { Ok(Self(text)) } else { Err(InvalidPassword) }
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}
