//! Text of bounded length.

use serde::{Deserialize, Deserializer, Serialize};

/// Text that is too short, too long, or holds a NUL (which PostgreSQL cannot store).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// The number of characters is out of range.
    #[error("must have {min} to {max} characters, has {has}")]
    Length {
        /// Least number of characters.
        min: usize,
        /// Greatest number of characters.
        max: usize,
        /// Characters given.
        has: usize,
    },
    /// A character that may not stand there.
    #[error("{0}")]
    Characters(&'static str),
}

/// Text of `MIN` to `MAX` characters (Unicode scalar values), without NUL, trimmed at both ends.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Text<const MIN: usize, const MAX: usize>(String);

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// Most characters.
    pub const MOST: usize = MAX;

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MIN: usize, const MAX: usize> TryFrom<String> for Text<MIN, MAX> {
    type Error = InvalidText;

    fn try_from(text: String) -> Result<Self, InvalidText> {
        let text = text.trim();
        check_length(text, MIN, MAX)?;
        Ok(Self(text.to_owned()))
    }
}

impl<const MIN: usize, const MAX: usize> TryFrom<&str> for Text<MIN, MAX> {
    type Error = InvalidText;

    fn try_from(text: &str) -> Result<Self, InvalidText> {
        Self::try_from(text.to_owned())
    }
}

impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for Text<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl<const MIN: usize, const MAX: usize> std::fmt::Display for Text<MIN, MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Holds `text` to `min`..=`max` characters and to having no NUL.
pub(crate) fn check_length(text: &str, min: usize, max: usize) -> Result<(), InvalidText> {
    if text.contains('\0') {
        return Err(InvalidText::Characters("must not hold the character U+0000"));
    }
    let has = text.chars().count();
    if (min..=max).contains(&has) { Ok(()) } else { Err(InvalidText::Length { min, max, has }) }
}
