//! Text of others, made safe for a terminal.

use std::borrow::Cow;

/// What becomes of line ends and tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// They stay: the text has lines of its own.
    Kept,
    /// They are escaped: the text must not leave its cell or its line.
    Escaped,
}

/// A text without characters that a terminal would act on (CWE-150): controls of C0 and C1, marks of
/// writing direction and separators of lines are shown as `\u{1b}`.
pub fn printable(text: &str, lines: Lines) -> Cow<'_, str> {
    let is_kept = |c: char| lines == Lines::Kept && matches!(c, '\n' | '\t');
    if !text.chars().any(|c| acts(c) && !is_kept(c)) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            c if is_kept(c) => safe.push(c),
            '\n' | '\r' | '\t' => safe.extend(c.escape_default()),
            c if acts(c) => safe.extend(c.escape_unicode()),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

/// Whether a terminal would do something at this character other than show it.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_a_terminal_would_act_on() {
        for (text, cell, block) in [
            ("Müller 😀", "Müller 😀", "Müller 😀"),
            ("A\u{1b}[31mB", "A\\u{1b}[31mB", "A\\u{1b}[31mB"),
            ("a\nb\tc\r", "a\\nb\\tc\\r", "a\nb\tc\\r"),
            ("\u{9b}2J\u{7f}\u{7}\0", "\\u{9b}2J\\u{7f}\\u{7}\\u{0}", "\\u{9b}2J\\u{7f}\\u{7}\\u{0}"),
            ("a\u{202e}b\u{2066}c\u{2028}", "a\\u{202e}b\\u{2066}c\\u{2028}", "a\\u{202e}b\\u{2066}c\\u{2028}"),
        ] {
            assert_eq!(printable(text, Lines::Escaped), cell);
            assert_eq!(printable(text, Lines::Kept), block);
        }
    }
}
