//! What people read, in the two languages of the report.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// In which language a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum Language {
    /// The office's.
    #[default]
    #[serde(rename = "es")]
    Spanish,
    /// For others.
    #[serde(rename = "en")]
    English,
}

/// The same in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Spanish.
    pub es: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

/// A text that is known beforehand.
pub const fn text(es: &'static str, en: &'static str) -> Text {
    Text { es: Cow::Borrowed(es), en: Cow::Borrowed(en) }
}

/// What is the same in both: numbers, names.
impl From<String> for Text {
    fn from(same: String) -> Self {
        Self::made(same.clone(), same)
    }
}

impl From<&str> for Text {
    fn from(same: &str) -> Self {
        same.to_owned().into()
    }
}

impl Text {
    /// A text that is made at run time.
    pub fn made(es: String, en: String) -> Self {
        Self { es: Cow::Owned(es), en: Cow::Owned(en) }
    }

    /// In one language.
    pub fn of(&self, language: Language) -> &str {
        language.say(&self.es, &self.en)
    }
}

impl Language {
    /// One of two.
    pub const fn say<'t>(self, es: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::Spanish => es,
            Self::English => en,
        }
    }

    /// A number as people write it, with as many digits as tell something.
    pub fn number(self, value: f64) -> String {
        let digits = match value.abs() {
            size if size == 0.0 || size >= 100.0 || value.fract() == 0.0 => 0,
            size if size >= 10.0 => 1,
            size if size >= 0.1 => 2,
            _ => 4,
        };
        let plain = format!("{value:.digits$}");
        match self {
            Self::Spanish => plain.replace('.', ","),
            Self::English => plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_each_language_does() {
        let said = [0.0, 3.0, 0.0123, 0.5, 12.34, 1234.5].map(|value| Language::Spanish.number(value));
        assert_eq!(said, ["0", "3", "0,0123", "0,50", "12,3", "1234"]);
        assert_eq!(Language::English.number(0.5), "0.50");
    }
}
