//! A password in clear, on its short way to the hash.

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::text::{is_blank, is_ignorable};

/// Why a password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPassword {
    /// Too short or too long. Characters that cannot be seen do not lengthen it.
    #[error("must have {} to {} visible characters", Password::LENGTH.0, Password::LENGTH.1)]
    Length,
    /// Nothing but spaces and characters that cannot be seen.
    #[error("must not be blank")]
    Blank,
}

/// A new password of allowed length, in Unicode normalization form C, so that it is the same from every
/// keyboard. Never shown, and wiped from memory when dropped. Whether it is too common is asked when
/// it is set.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Least and greatest number of characters: at least 8 by the contract, at most 128 so that
    /// hashing has a bound.
    pub const LENGTH: (usize, usize) = (8, 128);

    /// The password in clear, for the hash function and the check against common passwords only.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Password {
    type Error = InvalidPassword;

    fn try_from(text: String) -> Result<Self, InvalidPassword> {
        let text = Zeroizing::new(text);
        let (least, most) = Self::LENGTH;
        // Bounds the work of normalization; no text becomes that much shorter by it.
        if text.chars().count() > 4 * most {
            return Err(InvalidPassword::Length);
        }
        let text = Zeroizing::new(text.nfc().collect::<String>());
        if text.chars().all(|char| is_invisible(char) || is_blank(char)) {
            return Err(if text.is_empty() { InvalidPassword::Length } else { InvalidPassword::Blank });
        }
        let seen = text.chars().filter(|char| !is_invisible(*char)).count();
        if seen < least || text.chars().count() > most {
            return Err(InvalidPassword::Length);
        }
        Ok(Self(text))
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A password as it was typed, of any length, to be compared with a stored hash. Never shown, and
/// wiped from memory when dropped.
#[derive(Clone)]
pub struct TypedPassword(Zeroizing<String>);

impl TypedPassword {
    /// The password in clear, for the hash function only.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for TypedPassword {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl std::fmt::Debug for TypedPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedPassword(…)")
    }
}

/// Whether a character neither shows anything nor takes place: controls, separators of lines and
/// paragraphs, marks of annotations, and what Unicode calls default ignorable, without blank letters.
fn is_invisible(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}')
        || is_ignorable(char) && !is_blank(char)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &str) -> Result<String, InvalidPassword> {
        Password::try_from(text.to_owned()).map(|password| password.reveal().to_owned())
    }

    #[test]
    fn length_is_counted_in_visible_characters_of_the_composed_form() {
        for good in ["contraseña con ñ", "密码密码密码密码", &"x".repeat(128), "🦀🦀🦀🦀🦀🦀🦀🦀"]
        {
            assert!(outcome(good).is_ok(), "{good}");
        }
        let decomposed = "e\u{301}".repeat(4);
        for bad in ["", "corta12", &"x".repeat(129), &decomposed, "a\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}b"]
        {
            assert_eq!(outcome(bad), Err(InvalidPassword::Length), "{bad:?}");
        }
        assert_eq!(outcome(&"e\u{301}".repeat(8)), outcome(&"é".repeat(8)), "one password, two keyboards");
        assert_eq!(outcome(&"x".repeat(100_000)), Err(InvalidPassword::Length));
    }

    #[test]
    fn what_shows_nothing_is_no_password() {
        let blank = [' ', '\t', '\n', '\u{a0}', '\u{3000}', '\u{2800}', '\u{3164}', '\u{200b}', '\u{202e}', '\u{feff}'];
        for char in blank {
            assert_eq!(outcome(&char.to_string().repeat(12)), Err(InvalidPassword::Blank), "{char:?}");
        }
        assert_eq!(outcome(&blank.iter().cycle().take(40).collect::<String>()), Err(InvalidPassword::Blank));
    }

    #[test]
    fn no_password_is_shown() {
        assert_eq!(format!("{:?}", Password::try_from("una clave larga".to_owned())), "Ok(Password(…))");
        assert_eq!(format!("{:?}", TypedPassword::from("una clave".to_owned())), "TypedPassword(…)");
    }
}
