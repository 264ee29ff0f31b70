//! Personal data. `Debug` hides each of these, so that none reaches a log by way of `{:?}`;
//! none has `Display`, so that showing one is always spelt out.

use serde::{Deserialize, Serialize};

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::MixedScript as _;

use crate::identity;
use crate::text::{InvalidText, StoredText, check_length, clean, is_ignorable, is_invisible};

macro_rules! personal_text {
    ($($(#[$meta:meta])* $name:ident($min:literal..=$max:literal, $check:expr);)+) => {$(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Least and greatest number of characters.
            pub const LENGTH: (usize, usize) = ($min, $max);

            /// The value in clear, for the store and for those who may see it.
            pub fn reveal(&self) -> &str { &self.0 }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidText;
            fn try_from(text: String) -> Result<Self, InvalidText> {
                let text = clean(&text, false);
                check_length(&text, $min, $max)?;
                let check: fn(&str) -> Result<(), InvalidText> = $check;
                check(&text)?;
                Ok(Self(text))
            }
        }

        impl StoredText for $name {
            fn from_stored(text: String) -> Self { Self(text) }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self { value.0 }
        }
    )+};
}

personal_text! {
    /// National identity document, as it was written. Compared by its letters and digits.
    Dni(5..=20, |text| {
        let folded = identity::document(text);
        let is_plain = !folded.is_empty() && folded.is_ascii();
        if is_plain { Ok(()) } else { Err(InvalidText::Unclear("must hold letters from A to Z or digits from 0 to 9")) }
    });
    /// Telephone number, as it was written.
    Phone(1..=20, |text| {
        let is_number = text.chars().any(|c| c.is_ascii_digit()) && !text.chars().any(char::is_alphabetic);
        if is_number { Ok(()) } else { Err(InvalidText::Unclear("must be a telephone number, without letters")) }
    });
    /// Given or family name.
    Name(2..=100, |_| Ok(()));
}

impl Dni {
    /// The form that uniqueness compares.
    pub fn folded(&self) -> String {
        identity::document(&self.0)
    }
}

/// An e-mail address. Kept as given, compared by [`Email::folded`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// The address as given, for the store and for those who may see it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The form that uniqueness and sign-in compare.
    pub fn folded(&self) -> String {
        identity::address(&self.0)
    }

    /// The address in lower case and otherwise as given: the compared form of versions before, which a row
    /// keeps whose [`Email::folded`] another row has.
    pub fn lower_case(&self) -> String {
        self.0.to_lowercase()
    }
}

impl StoredText for Email {
    fn from_stored(text: String) -> Self {
        Self(text)
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.folded() == other.folded()
    }
}

impl Eq for Email {}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email(…)")
    }
}

impl TryFrom<String> for Email {
    type Error = InvalidText;

    // Only the shape that every address shares: the mail server is the judge of the rest.
    fn try_from(text: String) -> Result<Self, InvalidText> {
        const SHAPE: InvalidText = InvalidText::Characters("must be an e-mail address, like ana@oficina.gob");
        const MIXED: InvalidText = InvalidText::Unclear("must not mix letters of several scripts, which look alike");
        const INVISIBLE: InvalidText = InvalidText::Unclear("must not hold invisible characters");
        const PLAIN: InvalidText = InvalidText::Unclear("must not hold letters of another width or form");
        let text = text.trim();
        if text.chars().any(|c| is_invisible(c) || is_ignorable(c)) {
            return Err(INVISIBLE);
        }
        if text.nfkc().ne(text.nfc()) {
            return Err(PLAIN);
        }
        let text = &clean(text, false);
        check_length(text, 3, 254)?;
        let (local, host) = text.rsplit_once('@').ok_or(SHAPE)?;
        let bad = |c: char| c.is_whitespace() || c.is_control() || c == '@';
        let labels = host.split('.').all(|label| !label.is_empty());
        if local.is_empty() || !labels || !host.contains('.') || text.chars().filter(|c| bad(*c)).count() != 1 {
            return Err(SHAPE);
        }
        if !text.nfkc().collect::<String>().is_single_script() {
            return Err(MIXED);
        }
        Ok(Self(text.to_owned()))
    }
}

impl From<Email> for String {
    fn from(value: Email) -> Self {
        value.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_personal() {
        let email = Email::try_from("ana@oficina.gob".to_owned()).unwrap();
        let dni = Dni::try_from("30111222".to_owned()).unwrap();
        assert_eq!(format!("{email:?} {dni:?}"), "Email(…) Dni(…)");
    }

    #[test]
    fn an_address_needs_a_name_and_a_host() {
        for bad in ["", "ana", "@host.gob", "ana@", "ana@host", "a b@host.gob", "a@b@host.gob", "ana@host..gob"] {
            assert!(Email::try_from(bad.to_owned()).is_err(), "{bad:?} was taken");
        }
        assert_eq!(
            Email::try_from("Ana@Oficina.GOB".to_owned()).unwrap(),
            Email::try_from(" ana@oficina.gob ".to_owned()).unwrap()
        );
    }

    #[test]
    fn an_address_is_one_however_it_is_encoded_and_look_alikes_are_refused() {
        let read = |text: &str| Email::try_from(text.to_owned());
        assert_eq!(read("jos\u{e9}@oficina.gob").unwrap(), read("JOSE\u{301}@oficina.gob").unwrap());
        for bad in ["\u{430}dmin@demo.gad", "admin@demo.gad\u{200b}", "ad\u{ad}min@demo.gad", "admin@d\u{435}mo.gad"] {
            assert!(read(bad).is_err(), "{bad:?} was taken");
        }
        for good in ["ñandú@oficina.gob", "анна@почта.рф", "田中さん@例え.jp"] {
            let is_mixed = good.contains(".jp");
            assert_eq!(read(good).is_err(), is_mixed, "{good}");
        }
        assert_eq!(Email::from_stored("\u{430}dmin@demo.gad".to_owned()).reveal(), "\u{430}dmin@demo.gad");
    }

    #[test]
    fn documents_and_telephones_are_held_to_what_they_are() {
        let dni = |text: &str| Dni::try_from(text.to_owned());
        let forms = ["12.345.678", "12345678", "12 345 678", "12-345-678", "\u{ff11}2345678", "1\u{200b}2345678"];
        for form in forms {
            assert_eq!(dni(form).unwrap().folded(), "12345678", "{form:?}");
        }
        assert_eq!(dni("m-1234567x").unwrap().folded(), dni("M1234567X").unwrap().folded());
        assert!(dni("-----").is_err());
        let phone = |text: &str| Phone::try_from(text.to_owned());
        assert_eq!(phone("\u{202a}+54 11 5555-0100\u{202c}\u{feff}").unwrap().reveal(), "+54 11 5555-0100");
        for bad in ["", "+", "555-CASA", "llamar", "\u{202a}\u{202c}"] {
            assert!(phone(bad).is_err(), "{bad:?} was taken");
        }
        assert!(Name::try_from("\u{200b}\u{200b}".to_owned()).is_err());
        assert_eq!(Name::try_from("\u{202e}Ana\u{7}\nPaz".to_owned()).unwrap().reveal(), "Ana Paz");
    }
}
