//! Text search that ignores accents and case, alike on both stores because both index what
//! [`fold`] gives and look for the words of [`words`].

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Most words of one query that count.
pub const MAX_WORDS: usize = 16;

/// Lower-case letters and digits without accents, runs of anything else as one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        // A letter may decompose anew when lowered (İ), so marks are looked for once more.
        if c.is_alphanumeric() {
            folded.push(c);
        } else if !is_combining_mark(c) && !folded.ends_with(' ') && !folded.is_empty() {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The words of a query, each to be found as the beginning of some word of the text.
pub fn words(query: &str) -> Vec<String> {
    fold(query).split(' ').filter(|word| !word.is_empty()).take(MAX_WORDS).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_punctuation_do_not_matter() {
        assert_eq!(fold("  Patrulla—Ñandú, ÁREA 5/B "), "patrulla nandu area 5 b");
        assert_eq!(words("\"inspección\"  *"), ["inspeccion"]);
    }
}
