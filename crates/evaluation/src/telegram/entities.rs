//! Telegram's HTML.

use serde_json::{Value, json};

use super::answer::Refused;

/// A text as people see it.
#[derive(Debug, PartialEq)]
pub struct Formatted {
    /// Without tags.
    pub text: String,
    /// What was marked, in the order of its beginning.
    pub entities: Vec<Value>,
}

struct Open {
    tag: String,
    entity: Value,
    offset: usize,
}

/// Characters as Telegram counts them in offsets.
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Parses a text in some mode; none is plain.
pub fn parse(text: &str, mode: Option<&str>) -> Result<Formatted, Refused> {
    match mode {
        None | Some("") => Ok(Formatted { text: text.trim().to_owned(), entities: Vec::new() }),
        Some(mode) if mode.eq_ignore_ascii_case("html") => html(text),
        Some(_) => Err(broken("the stand-in reads only HTML")),
    }
}

fn broken(why: impl AsRef<str>) -> Refused {
    Refused::bad(format!("can't parse entities: {}", why.as_ref()))
}

fn html(source: &str) -> Result<Formatted, Refused> {
    let (mut text, mut entities, mut open) = (String::new(), Vec::new(), Vec::<Open>::new());
    let mut rest = source.trim();
    let at = |rest: &str| source.len() - rest.len();
    while let Some(next) = rest.chars().next() {
        match next {
            '&' => {
                let (shown, length) = reference(rest);
                text.push_str(&shown);
                rest = &rest[length..];
            }
            '<' => {
                let end =
                    rest.find('>').ok_or_else(|| broken(format!("Unclosed start tag at byte offset {}", at(rest))))?;
                let inner = &rest[1..end];
                match inner.strip_prefix('/') {
                    Some(name) => {
                        let last = open
                            .pop()
                            .ok_or_else(|| broken(format!("Unexpected end tag at byte offset {}", at(rest))))?;
                        if !name.trim().is_empty() && !last.tag.eq_ignore_ascii_case(name.trim()) {
                            let offset = at(rest);
                            return Err(broken(format!(
                                "Unmatched end tag at byte offset {offset}, expected \"</{}>\", found \"</{name}>\"",
                                last.tag
                            )));
                        }
                        let mut entity = last.entity;
                        entity["offset"] = json!(last.offset);
                        entity["length"] = json!(length(&text) - last.offset);
                        if entity["length"] != 0 {
                            entities.push(entity);
                        }
                    }
                    None => open.push(start(inner, length(&text), at(rest))?),
                }
                rest = &rest[end + 1..];
            }
            other => {
                text.push(other);
                rest = &rest[other.len_utf8()..];
            }
        }
    }
    if let Some(last) = open.pop() {
        return Err(broken(format!("Can't find end tag corresponding to start tag \"{}\"", last.tag)));
    }
    entities.sort_by_key(|entity| entity["offset"].as_u64());
    Ok(Formatted { text: text.trim_end().to_owned(), entities })
}

fn start(inner: &str, offset: usize, byte: usize) -> Result<Open, Refused> {
    let (name, attributes) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let tag = name.to_ascii_lowercase();
    let entity = match tag.as_str() {
        "b" | "strong" => json!({ "type": "bold" }),
        "i" | "em" => json!({ "type": "italic" }),
        "u" | "ins" => json!({ "type": "underline" }),
        "s" | "strike" | "del" => json!({ "type": "strikethrough" }),
        "tg-spoiler" => json!({ "type": "spoiler" }),
        "span" if attributes.contains("tg-spoiler") => json!({ "type": "spoiler" }),
        "code" => json!({ "type": "code" }),
        "pre" => json!({ "type": "pre" }),
        "blockquote" => json!({ "type": "blockquote" }),
        "a" => {
            let url = attributes.split(['"', '\'']).nth(1).unwrap_or_default();
            json!({ "type": "text_link", "url": url })
        }
        _ => return Err(broken(format!("Unsupported start tag \"{name}\" at byte offset {byte}"))),
    };
    Ok(Open { tag, entity, offset })
}

/// The character that a reference names and its length; an ampersand that begins none stands for itself.
fn reference(rest: &str) -> (String, usize) {
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&quot;", "\"")];
    if let Some((written, shown)) = named.iter().find(|(written, _)| rest.starts_with(written)) {
        return ((*shown).to_owned(), written.len());
    }
    let number = rest.strip_prefix("&#").and_then(|rest| rest.split_once(';')).and_then(|(digits, _)| {
        let code = match digits.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => digits.parse().ok()?,
        };
        Some((char::from_u32(code)?.to_string(), digits.len() + 3))
    });
    number.unwrap_or_else(|| ("&".to_owned(), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_entities_counted_in_utf_16() {
        let read = parse("🚓 <b>Móvil &lt;3&gt;</b> & <a href=\"https://x.y\">ver</a>", Some("HTML")).unwrap();
        assert_eq!(read.text, "🚓 Móvil <3> & ver");
        let expected = [
            json!({ "type": "bold", "offset": 3, "length": 9 }),
            json!({ "type": "text_link", "url": "https://x.y", "offset": 15, "length": 3 }),
        ];
        assert_eq!(read.entities, expected);
    }

    #[test]
    fn broken_html_is_refused_as_telegram_refuses_it() {
        for (text, why) in [
            ("<b>abierto", "Can't find end tag corresponding to start tag \"b\""),
            ("<b><i>cruzado</b></i>", "Unmatched end tag at byte offset 13, expected \"</i>\", found \"</b>\""),
            ("3 < 4 > 2", "Unsupported start tag \"\" at byte offset 2"),
            ("cerrado</b>", "Unexpected end tag at byte offset 7"),
            ("<p>párrafo</p>", "Unsupported start tag \"p\" at byte offset 0"),
            ("a < b", "Unclosed start tag at byte offset 2"),
        ] {
            let refused = parse(text, Some("HTML")).unwrap_err();
            assert_eq!(refused.description, format!("Bad Request: can't parse entities: {why}"), "{text}");
        }
    }

    #[test]
    fn without_a_mode_a_text_is_what_it_is() {
        assert_eq!(parse(" <b>& ", None).unwrap(), Formatted { text: "<b>&".to_owned(), entities: Vec::new() });
    }
}
