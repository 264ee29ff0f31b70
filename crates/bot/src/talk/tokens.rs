//! Words of a line, of which quoted ones may hold spaces.

/// Opening quotes and what closes each. Telephones write the curly ones by themselves.
const QUOTES: [(char, char); 4] = [('"', '"'), ('“', '”'), ('«', '»'), ('\'', '\'')];

/// The words of a line. A quote without an end goes on to the end of the line.
pub fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match QUOTES.iter().find(|(open, _)| *open == first) {
            Some((_, close)) => {
                let inside = &rest[first.len_utf8()..];
                inside.split_once(*close).unwrap_or((inside, ""))
            }
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.trim().to_owned());
        rest = after.trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(split("a  \"b c\" «d e» 'f g' h"), ["a", "b c", "d e", "f g", "h"]);
        assert_eq!(split("a “b c"), ["a", "b c"]);
        assert!(split("  ").is_empty());
    }
}
