//! The language of log filters: levels by the names of tracing and of Python, alone or for one part.

use tracing_subscriber::EnvFilter;

/// What may be given, for errors.
const SHAPE: &str = "must be off, error, warn, info, debug or trace, or a filter like info,sqlx=warn";

/// A filter in the words of `tracing`. Each of its directives is a level (`WARNING` and `CRITICAL` of Python too,
/// in any case), `target=level`, or what else [`EnvFilter`] reads and is not a bare word: a word that is no
/// level would be taken for a target, and nothing be logged any more.
///
/// # Errors
/// The word that is no level, and what is allowed.
pub fn read_filter(text: &str) -> Result<String, String> {
    let directives = split(text).into_iter().map(str::trim).filter(|directive| !directive.is_empty());
    let directives = directives.map(directive).collect::<Result<Vec<_>, _>>()?.join(",");
    match EnvFilter::try_new(&directives) {
        Ok(_) if !directives.is_empty() => Ok(directives),
        Ok(_) | Err(_) => Err(SHAPE.to_owned()),
    }
}

fn directive(text: &str) -> Result<String, String> {
    let no_level = |word: &str| format!("'{}' is no level: {SHAPE}", word.escape_debug());
    if let Some((target, word)) = text.rsplit_once('=').filter(|(_, word)| !word.contains(['}', ']'])) {
        let level = level(word.trim()).ok_or_else(|| no_level(word.trim()))?;
        return Ok(format!("{}={level}", target.trim()));
    }
    match level(text) {
        Some(level) => Ok(level.to_owned()),
        // A span, whose fields may be named: never a level by mistake.
        None if text.contains('[') => Ok(text.to_owned()),
        None => Err(no_level(text)),
    }
}

/// A level by any of its names and by Python's numbers.
fn level(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "off" | "none" => "off",
        "error" | "err" | "critical" | "crit" | "fatal" | "40" | "50" => "error",
        "warn" | "warning" | "30" => "warn",
        "info" | "information" | "notice" | "20" => "info",
        "debug" | "10" => "debug",
        "trace" | "notset" | "verbose" => "trace",
        _ => return None,
    })
}

/// Splits at commas outside of the brackets of a span.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0_u32;
    text.split(move |c: char| {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_have_the_names_of_python_too_and_a_word_that_is_none_is_refused() {
        for (text, filter) in [
            ("WARNING", "warn"),
            ("Critical", "error"),
            ("FATAL", "error"),
            ("DEBUG", "debug"),
            ("NOTSET", "trace"),
            ("20", "info"),
            (" info , sqlx = WARNING, ", "info,sqlx=warn"),
            ("a=warn,b::c=DEBUG", "a=warn,b::c=debug"),
            ("off", "off"),
            ("api[request{method=GET}]=debug", "api[request{method=GET}]=debug"),
            ("info,[request{task.id=7}]", "info,[request{task.id=7}]"),
        ] {
            assert_eq!(read_filter(text).as_deref(), Ok(filter), "{text}");
        }
        for (text, word) in
            [("LAUT", "LAUT"), ("info,sqlx", "sqlx"), ("api=loud", "loud"), ("info;debug", "info;debug"), ("1", "1")]
        {
            let refused = read_filter(text).unwrap_err();
            assert!(refused.starts_with(&format!("'{word}' is no level: must be off")), "{refused}");
        }
        for text in ["", " ", ","] {
            assert!(read_filter(text).unwrap_err().starts_with("must be off"), "{text:?}");
        }
    }
}
