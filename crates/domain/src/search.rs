//! Text search that ignores accents and case, alike on both stores because both index what
//! [`index_text`] returns and look for the words of [`words`].

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Most words of one query. A search with more is refused, so that no word is ignored.
pub const MAX_WORDS: usize = 100;

/// Letters and digits after full case folding and without accents, runs of anything else as one space.
/// Apostrophes join what is on both sides of them.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let joined = text.chars().filter(|c| !is_apostrophe(*c)).nfkd();
    // Lower, upper and lower case again is what full case folding does: ß and ẞ become ss, final sigma σ.
    let cased = joined.filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let cased = cased.flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    // A letter may decompose again when its case changes (İ), so marks are looked for once more.
    for c in cased.nfkd().filter(|c| !is_combining_mark(*c) && !is_apostrophe(*c)).nfc() {
        if let Some(letters) = plain_letters(c) {
            folded.push_str(letters);
        } else if c.is_alphanumeric() {
            folded.push(c);
        } else if !folded.ends_with(' ') && !folded.is_empty() {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// What the stores index of a text: its words, the parts of words with apostrophes, and the pairs of
/// neighbours of scripts that are written without spaces.
pub fn index_text(text: &str) -> String {
    let mut tokens = tokens(&fold(text), true);
    let has_apostrophe = |word: &&str| word.chars().any(is_apostrophe);
    for word in text.split_whitespace().filter(has_apostrophe) {
        let parts = fold(&word.replace(is_apostrophe, " "));
        tokens.extend(parts.split(' ').filter(|part| !part.is_empty()).map(str::to_owned));
    }
    tokens.join(" ")
}

/// The words of a query, each to be found as the beginning of some word of the text. None where the query
/// has no letter or digit: then nothing is found.
pub fn words(query: &str) -> Vec<String> {
    let mut words = tokens(&fold(query), false);
    words.sort();
    words.dedup();
    words
}

/// The words of a folded text. A run of a script without spaces becomes its pairs of neighbours; of an
/// indexed text the last character of the run too, so that one alone is found at the end as well.
fn tokens(folded: &str, is_indexed: bool) -> Vec<String> {
    let mut tokens = Vec::new();
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        let chars: Vec<char> = word.chars().collect();
        for run in chars.chunk_by(|a, b| is_unspaced(*a) == is_unspaced(*b)) {
            if !is_unspaced(run[0]) {
                tokens.push(run.iter().collect());
                continue;
            }
            tokens.extend(run.windows(2).map(|pair| pair.iter().collect::<String>()));
            if is_indexed || run.len() == 1 {
                tokens.extend(run.last().map(char::to_string));
            }
        }
    }
    tokens
}

/// Marks between letters that people leave out when they type a name: O’Higgins, D'Angelo, Qurʼan.
const fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`' | '\u{b4}' | '\u{2b9}' | '\u{2bb}'..='\u{2bf}' | '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2035}'
            | '\u{5f3}' | '\u{ff07}' | '\u{ff40}'
    )
}

/// Letters that do not decompose, as people type them on a keyboard that lacks them.
const fn plain_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ŧ' => "t",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ŋ' => "n",
        _ => return None,
    })
}

/// Whether a letter is of a script that is written without spaces between words, or joins words (Korean).
const fn is_unspaced(c: char) -> bool {
    matches!(
        c as u32,
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff // Thai, Lao, Burmese, Khmer
            | 0x3005..=0x3007 | 0x3040..=0x30ff | 0x3105..=0x312f | 0x31f0..=0x31ff // kana, Bopomofo
            | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff // Han
            | 0xac00..=0xd7a3 // Hangul
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a search finds a title, as the stores match words.
    fn finds(query: &str, title: &str) -> bool {
        let indexed = index_text(title);
        let words = words(query);
        !words.is_empty() && words.iter().all(|word| indexed.split(' ').any(|token| token.starts_with(word.as_str())))
    }

    #[test]
    fn accents_case_and_punctuation_do_not_matter() {
        assert_eq!(fold("  Patrulla—Ñandú, ÁREA 5/B "), "patrulla nandu area 5 b");
        assert_eq!(words("\"inspección\"  *"), ["inspeccion"]);
    }

    #[test]
    fn titles_of_many_scripts_are_found_by_what_people_type() {
        let cases = [
            ("Calle O’Higgins 120", "ohiggins", true),
            ("Calle O’Higgins 120", "o'higgins", true),
            ("Calle O’Higgins 120", "higgins", true),
            ("Calle O'Higgins 120", "O´Higgins", true),
            ("Straße 7", "strasse", true),
            ("STRASSE 7", "straße", true),
            ("STRAẞE 7", "strasse", true),
            ("Operativo ΟΔΟΣ", "οδος", true),
            ("İstanbul", "istanbul", true),
            ("Søren Łódź Đorđe", "soren lodz dorde", true),
            ("Œuvre d'Hôpital", "oeuvre hopital", true),
            ("ﬁesta", "fiesta", true),
            ("在北京消防署巡逻", "消防", true),
            ("在北京消防署巡逻", "消防署", true),
            ("在北京消防署巡逻", "逻", true),
            ("在北京消防署巡逻", "防消", false),
            ("東京タワーの警備", "タワー", true),
            ("서울소방서 점검", "소방서", true),
            ("ตรวจสอบตลาด", "ตลาด", true),
            ("Площадь Победы", "победы", true),
            ("ميدان التحرير", "التحرير", true),
            ("Patrulla Ñandú", "nandu", true),
            ("Patrulla 5B", "5b", true),
            ("Patrulla", "atrulla", false),
        ];
        for (title, query, found) in cases {
            assert_eq!(
                finds(query, title),
                found,
                "{query:?} in {title:?}: {:?} in {:?}",
                words(query),
                index_text(title)
            );
        }
    }

    #[test]
    fn a_query_without_a_letter_or_digit_has_no_word_and_no_word_is_dropped() {
        for query in ["", "...", "%%%%", "🚨", "¡!", "'"] {
            assert!(words(query).is_empty(), "{query:?}");
        }
        let many: Vec<String> = (0..40).map(|n| format!("w{n}")).collect();
        assert_eq!(words(&many.join(" ")).len(), 40);
        for word in words("patrulla 消防署 ohiggins") {
            assert_eq!(words(&word), std::slice::from_ref(&word), "a word is its own search");
        }
    }
}
