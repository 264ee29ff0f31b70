//! The text of a setting as it was meant: what files, shells and other tools add to it is taken off.

use clap::Arg;

/// The value of a setting from a variable or a file. White space around it, the CR of a file with Windows line
/// ends and, but for secrets, one pair of quotes (which `docker run --env-file` keeps) are not part of it. A list
/// may end with a comma or be written as JSON.
pub(super) fn meant(setting: &Arg, text: &str) -> String {
    let text = text.trim();
    let text = if setting.is_hide_env_values_set() { text } else { unquoted(text) };
    if is_list(setting) { list(text) } else { text.to_owned() }
}

/// The same for a flag, whose quotes the shell has taken off.
pub(super) fn meant_by_flag(setting: &Arg, text: &str) -> String {
    let text = text.trim();
    if is_list(setting) { list(text) } else { text.to_owned() }
}

fn is_list(setting: &Arg) -> bool {
    setting.get_value_delimiter().is_some()
}

fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote).filter(|inner| !inner.contains(quote));
    inner('"').or_else(|| inner('\'')).map_or(text, str::trim)
}

/// The elements of a list, without those that are blank.
fn list(text: &str) -> String {
    let of_json: Option<Vec<serde_json::Value>> =
        text.starts_with('[').then(|| serde_json::from_str(text).ok()).flatten();
    let elements: Vec<String> = match of_json {
        Some(elements) => {
            elements.iter().map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned)).collect()
        }
        None => text.split(',').map(str::to_owned).collect(),
    };
    let elements: Vec<&str> = elements.iter().map(|one| one.trim()).filter(|one| !one.is_empty()).collect();
    elements.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_around_a_value_is_not_part_of_it() {
        let plain = Arg::new("plain");
        let secret = Arg::new("secret").hide_env_values(true);
        let listed = Arg::new("list").value_delimiter(',');
        for (setting, text, value) in [
            (&plain, " 0.0.0.0:8000\r\n", "0.0.0.0:8000"),
            (&plain, "\"info\"", "info"),
            (&plain, "' info '\r", "info"),
            (&plain, "\"a\" and \"b\"", "\"a\" and \"b\""),
            (&plain, "it's", "it's"),
            (&plain, "a,b,", "a,b,"),
            (&secret, " \"quoted\"\r", "\"quoted\""),
            (&listed, "a, b ,,c,", "a,b,c"),
            (&listed, "[\"https://a\", \"https://b\"]", "https://a,https://b"),
            (&listed, "[::1],caddy", "[::1],caddy"),
            (&listed, "[]", ""),
        ] {
            assert_eq!(meant(setting, text), value, "{text:?}");
        }
    }
}
