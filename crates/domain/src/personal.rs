//! Personal data. `Debug` hides each of these, so that none reaches a log by way of `{:?}`;
//! none has `Display`, so that showing one is always spelt out.

use serde::{Deserialize, Serialize};

use crate::text::{InvalidText, check_length};

macro_rules! personal_text {
    ($($(#[$meta:meta])* $name:ident($min:literal..=$max:literal);)+) => {$(
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
                let text = text.trim();
                check_length(text, $min, $max)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self { value.0 }
        }
    )+};
}

personal_text! {
    /// National identity document, as text.
    Dni(5..=20);
    /// Telephone number, as given.
    Phone(1..=20);
    /// Given or family name.
    Name(2..=100);
}

/// An e-mail address. Compared without regard to case, kept as given.
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
        self.0.to_lowercase()
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
        let text = text.trim();
        check_length(text, 3, 254)?;
        let (local, host) = text.rsplit_once('@').ok_or(SHAPE)?;
        let bad = |c: char| c.is_whitespace() || c.is_control() || c == '@';
        let labels = host.split('.').all(|label| !label.is_empty());
        if local.is_empty() || !labels || !host.contains('.') || text.chars().filter(|c| bad(*c)).count() != 1 {
            return Err(SHAPE);
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
}
