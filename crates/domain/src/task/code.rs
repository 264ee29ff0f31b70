//! The short name by which people speak of a task.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{InvalidText, Rng};

/// `codigo`: upper case, unique. New ones are `[A-Z0-9_-]{3,20}`; stored ones may be longer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskCode(String);

impl TaskCode {
    /// Least and greatest number of characters of a new code.
    pub const LENGTH: (usize, usize) = (3, 20);
    /// The pattern of a new code.
    pub const PATTERN: &'static str = "[A-Z0-9_-]{3,20}";

    /// The code itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A code as it stands in a store, where up to 50 characters of any kind may have been
    /// imported.
    pub fn stored(code: String) -> Self {
        Self(code)
    }

    /// A code for an emergency on `day`, which is the office's: `EMG-20261124-7K3QZ9`, the last six by chance.
    pub fn for_emergency(day: NaiveDate, rng: &dyn Rng) -> Self {
        // Crockford's base 32: no I, L, O or U, so that it can be read out over the radio.
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut bytes = [0; 6];
        rng.fill(&mut bytes);
        let suffix: String = bytes.iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect();
        Self(format!("EMG-{}-{suffix}", day.format("%Y%m%d")))
    }
}

impl TryFrom<String> for TaskCode {
    type Error = InvalidText;

    fn try_from(code: String) -> Result<Self, InvalidText> {
        let code = code.trim().to_uppercase();
        let (min, max) = Self::LENGTH;
        let has = code.chars().count();
        if !(min..=max).contains(&has) {
            return Err(InvalidText::Length { min, max, has });
        }
        if code.chars().any(|c| !matches!(c, 'A'..='Z' | '0'..='9' | '_' | '-')) {
            return Err(InvalidText::Characters("may hold only A to Z, 0 to 9, '_' and '-'"));
        }
        Ok(Self(code))
    }
}

impl std::fmt::Display for TaskCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_upper_cased_and_held_to_its_pattern() {
        assert_eq!(TaskCode::try_from(" ope-2025_001 ".to_owned()).unwrap().as_str(), "OPE-2025_001");
        for bad in ["", "AB", "ABCDEFGHIJKLMNOPQRSTU", "OPE 1", "ÑANDU", "A\0B"] {
            assert!(TaskCode::try_from(bad.to_owned()).is_err(), "{bad:?} was taken");
        }
    }
}
