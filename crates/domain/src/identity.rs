//! The compared forms of texts that identify something. Texts that a person would call the same have the
//! same form; the stores hold it beside the written text, and whatever compares uses it.

use unicode_normalization::UnicodeNormalization as _;

use crate::search;
use crate::text::clean;

/// Of an identity document: its letters and digits, in lower case.
pub fn document(text: &str) -> String {
    clean(text, false).nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Of an e-mail address: normalised (NFC) and in lower case.
pub fn address(text: &str) -> String {
    text.trim().nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// Of an internal code: normalised (NFKC), in lower case, with one kind of hyphen and single spaces.
pub fn code(text: &str) -> String {
    let lower = clean(text, false).nfkc().flat_map(char::to_lowercase).nfkc().collect::<String>();
    let hyphen = |c| if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { c };
    let lower: String = lower.chars().map(hyphen).collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Of a unit: its words as [`search::fold`] finds them, without accents and punctuation. A name without
/// letters and digits is compared as a code is.
pub fn unit(text: &str) -> String {
    match search::fold(&clean(text, false)) {
        folded if folded.is_empty() => code(text),
        folded => folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_of_one_name_have_one_form() {
        let norte = [
            "Comisaría 1ª Norte",
            "COMISARÍA 1ª NORTE",
            "comisaria 1a norte",
            "Comisari\u{301}a  1ª\u{a0}Norte",
            " Comisaría\u{200b} 1ª Norte ",
        ];
        for form in norte {
            assert_eq!(unit(form), "comisaria 1a norte", "{form:?}");
        }
        assert_ne!(unit("Comisaría 2ª Norte"), unit("Comisaría 1ª Norte"));
        assert_ne!(unit("+"), unit("-"), "nothing but punctuation");
        for form in ["EF-1", "ef-1", "EF\u{2011}1", "\u{ff25}F-1", " ef-1\u{200d}"] {
            assert_eq!(code(form), "ef-1", "{form:?}");
        }
        assert_ne!(code("EF-1"), code("EF-11"));
        assert_eq!(address("\u{212b}sa@Oficina.gob"), address("a\u{30a}sa@oficina.gob"));
    }
}
