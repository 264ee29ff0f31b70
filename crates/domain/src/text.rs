//! Text of bounded length, without characters that cannot be seen.

use serde::{Deserialize, Deserializer, Serialize};
use unicode_general_category::{GeneralCategory, get_general_category};

/// Text that is too short, too long, or of characters that may not be there.
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
    /// A character that may not be there.
    #[error("{0}")]
    Characters(&'static str),
    /// What new text may not be. Rows of other systems that are so come in, and are noted.
    #[error("{0}")]
    Unclear(&'static str),
}

/// Text of `MIN` to `MAX` characters (Unicode scalar values), cleaned by [`clean`]; on one line unless
/// `LINES`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Text<const MIN: usize, const MAX: usize, const LINES: bool = false>(String);

/// Text that may have several lines, such as a description or a note.
pub type MultiLine<const MIN: usize, const MAX: usize> = Text<MIN, MAX, true>;

/// A text type of the domain, as the store reads it.
pub trait StoredText: Sized {
    /// The text of a row. Rules for new text are not asked: the row was written under other ones, or came
    /// from another system, and must stay readable.
    fn from_stored(text: String) -> Self;
}

impl<const MIN: usize, const MAX: usize, const LINES: bool> StoredText for Text<MIN, MAX, LINES> {
    fn from_stored(text: String) -> Self {
        Self(text)
    }
}

/// Reads a text field of a stored object, see [`StoredText`].
pub(crate) fn stored<'de, T: StoredText, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    String::deserialize(deserializer).map(T::from_stored)
}

/// The same for a field that may be empty.
pub(crate) fn maybe_stored<'de, T: StoredText, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(T::from_stored))
}

impl<const MIN: usize, const MAX: usize, const LINES: bool> Text<MIN, MAX, LINES> {
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

impl<const MIN: usize, const MAX: usize, const LINES: bool> TryFrom<String> for Text<MIN, MAX, LINES> {
    type Error = InvalidText;

    fn try_from(text: String) -> Result<Self, InvalidText> {
        let text = clean(&text, LINES);
        check_length(&text, MIN, MAX)?;
        Ok(Self(text))
    }
}

impl<const MIN: usize, const MAX: usize, const LINES: bool> TryFrom<&str> for Text<MIN, MAX, LINES> {
    type Error = InvalidText;

    fn try_from(text: &str) -> Result<Self, InvalidText> {
        Self::try_from(text.to_owned())
    }
}

impl<'de, const MIN: usize, const MAX: usize, const LINES: bool> Deserialize<'de> for Text<MIN, MAX, LINES> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl<const MIN: usize, const MAX: usize, const LINES: bool> std::fmt::Display for Text<MIN, MAX, LINES> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Holds `text`, which was cleaned, to `min`..=`max` characters.
pub(crate) fn check_length(text: &str, min: usize, max: usize) -> Result<(), InvalidText> {
    let has = text.chars().count();
    if (min..=max).contains(&has) { Ok(()) } else { Err(InvalidText::Length { min, max, has }) }
}

/// The text without control characters and invisible format characters, trimmed at both ends. Empty where
/// nothing of it can be seen.
///
/// Joiners stay between letters, where they change how these are written. A line break stays where
/// `lines` are meant, and is a space elsewhere.
pub fn clean(text: &str, lines: bool) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                cleaned.push(if lines { '\n' } else { ' ' });
            }
            '\t' => cleaned.push(if lines { '\t' } else { ' ' }),
            '\u{200c}' | '\u{200d}' => {
                if cleaned.chars().next_back().is_some_and(is_joined) && rest.peek().copied().is_some_and(is_joined) {
                    cleaned.push(c);
                }
            }
            c if is_invisible(c) => {}
            c => cleaned.push(c),
        }
    }
    if cleaned.chars().any(is_visible) { cleaned.trim().to_owned() } else { String::new() }
}

/// Whether a joiner beside this character has a meaning: letters, their marks, and pictures.
fn is_joined(c: char) -> bool {
    use GeneralCategory as Is;
    c.is_alphabetic()
        || matches!(
            get_general_category(c),
            Is::NonspacingMark | Is::SpacingMark | Is::EnclosingMark | Is::OtherSymbol | Is::ModifierSymbol
        )
}

/// Whether a character may be shown as nothing (`Default_Ignorable_Code_Point` of Unicode 16). Some change how the
/// letter or the picture before them looks; in what identifies something they make two that look like one.
pub const fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character is one of control (Cc) or of format (Cf), or separates lines (Zl) or paragraphs (Zp).
pub fn is_invisible(c: char) -> bool {
    use GeneralCategory as Is;
    !c.is_ascii_graphic()
        && matches!(get_general_category(c), Is::Control | Is::Format | Is::LineSeparator | Is::ParagraphSeparator)
}

/// Whether a character takes place and shows nothing: a space, or one of the letters that are blank.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}')
}

/// Whether a character leaves a mark by itself: neither blank, nor a mark upon another character.
fn is_visible(c: char) -> bool {
    use GeneralCategory as Is;
    !(is_blank(c) || is_invisible(c) || matches!(get_general_category(c), Is::NonspacingMark | Is::EnclosingMark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_cannot_be_seen_are_taken_out() {
        let invisible = (0..=0x0010_ffff).filter_map(char::from_u32).filter(|c| is_invisible(*c));
        let breaks = ['\t', '\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
        for c in invisible {
            let (one, several) = (clean(&format!("A {c}Z"), false), clean(&format!("A {c}Z"), true));
            let separates = breaks.contains(&c);
            assert_eq!(one, if separates { "A  Z" } else { "A Z" }, "{c:?}");
            let line = if c == '\t' { "A \tZ" } else { "A \nZ" };
            assert_eq!(several, if separates { line } else { "A Z" }, "{c:?}");
            assert!(clean(&c.to_string(), true).is_empty() && clean(&format!(" {c}{c} "), false).is_empty(), "{c:?}");
        }
        assert_eq!(clean("a\r\nb\rc", true), "a\nb\nc");
    }

    #[test]
    fn joiners_stay_between_letters() {
        for kept in ["می\u{200c}خواهم", "क्\u{200d}ष", "👩\u{200d}🚒"] {
            assert_eq!(clean(kept, false), kept);
        }
        for (given, cleaned) in [("\u{200d}Ana", "Ana"), ("Ana\u{200c}", "Ana"), ("Ana \u{200d}Paz", "Ana Paz")] {
            assert_eq!(clean(given, false), cleaned);
        }
    }

    #[test]
    fn a_text_without_visible_characters_is_empty() {
        for blank in
            ["", " ", "\u{a0}\u{2003}", "\u{200b}\u{200b}", "\u{202e}", "\u{3164}\u{2800}", "\u{fe0f}", "\u{7}"]
        {
            assert_eq!(clean(blank, false), "", "{blank:?}");
            assert!(matches!(Text::<1, 9>::try_from(blank), Err(InvalidText::Length { has: 0, .. })), "{blank:?}");
            assert_eq!(Text::<0, 9>::try_from(blank).unwrap().as_str(), "");
        }
        assert_eq!(Text::<1, 9>::from_stored("\u{200b}".to_owned()).as_str(), "\u{200b}", "of before");
    }
}
