//! What people wrote, made harmless for a message in HTML.

use unicode_segmentation::UnicodeSegmentation;

/// First-strong isolate: what stands up to the closing mark has a direction of its own.
const ISOLATE: char = '\u{2068}';
const END_ISOLATE: char = '\u{2069}';

/// Text of people for a message in HTML: markup is text, and nothing in it turns the direction of
/// what stands around it.
pub fn escape(text: &str) -> String {
    let text = isolate(text);
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The same for a place without markup, such as a button.
pub fn isolate(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !is_harmful(*c)).collect();
    if clean.chars().any(is_right_to_left) { format!("{ISOLATE}{clean}{END_ISOLATE}") } else { clean }
}

/// At most `most` units of UTF-16, as Telegram counts, cut between what readers see as characters;
/// what was cut ends with an ellipsis.
pub fn cut(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let (mut kept, mut units) = (String::new(), 1);
    for grapheme in text.graphemes(true) {
        units += grapheme.encode_utf16().count();
        if units > most {
            break;
        }
        kept.push_str(grapheme);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// Control characters, and those that turn the direction of text.
fn is_harmful(c: char) -> bool {
    let turns = matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    turns || (c.is_control() && c != '\n')
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_is_text_and_direction_stays_inside() {
        assert_eq!(escape("<b>Tom & \u{202E}Ana</b>\0"), "&lt;b&gt;Tom &amp; Ana&lt;/b&gt;");
        assert_eq!(escape("שלום"), "\u{2068}שלום\u{2069}");
    }

    #[test]
    fn a_cut_leaves_whole_what_readers_see_as_one() {
        let family = "👨‍👩‍👧‍👦";
        assert_eq!(cut(&family.repeat(3), 13), format!("{family}…"));
        assert_eq!(cut("Patrulla", 8), "Patrulla");
        assert_eq!(cut("Patrulla norte", 9), "Patrulla…");
        assert_eq!(cut(family, 3), "…");
    }

    proptest! {
        #[test]
        fn no_text_breaks_a_message(text in ".*", most in 1_usize..60) {
            let escaped = escape(&text);
            prop_assert!(!escaped.contains(['<', '>']));
            prop_assert!(cut(&text, most).encode_utf16().count() <= most);
        }
    }
}
