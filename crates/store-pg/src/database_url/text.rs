//! The parts of a URL as it is written, and how it is shown.

/// The parts of a URL, nothing of them decoded.
pub(super) struct UrlParts<'a> {
    pub scheme: &'a str,
    /// User, password, host and port.
    pub authority: &'a str,
    pub path: Option<&'a str>,
    pub query: Option<&'a str>,
}

/// Takes a URL apart. An empty host is none, as in `postgres://user@/database?host=/run/postgresql`.
pub(super) fn split(url: &str) -> Option<UrlParts<'_>> {
    let (scheme, rest) = url.split_once("://")?;
    let (before, query) = rest.split_once('?').map_or((rest, None), |(before, query)| (before, Some(query)));
    let (authority, path) = before.split_once('/').map_or((before, None), |(authority, path)| (authority, Some(path)));
    Some(UrlParts { scheme, authority, path, query })
}

/// Stands for a password.
const HIDDEN: &str = "***";
/// Parameters that are shown as [`HIDDEN`].
const SECRETS: [&str; 2] = ["password", "sslpassword"];

/// The URL without its password, for messages and logs.
pub fn redact(url: &str) -> String {
    let Some(UrlParts { scheme, authority, path, query }) = split(url.trim()) else { return "(not a URL)".to_owned() };
    let hidden_in = |who: &str| match who.split_once(':') {
        Some((user, _)) => format!("{user}:{HIDDEN}"),
        None => who.to_owned(),
    };
    let rest = url.trim().split_once("://").map_or("", |(_, rest)| rest);
    let authority = match authority.rsplit_once('@') {
        Some((who, place)) => format!("{}@{place}", hidden_in(who)),
        // A password with a slash or a question mark that should have been written %2F or %3F.
        None if rest.contains('@') && authority.contains(':') => {
            let place = rest.rsplit_once('@').map_or("", |(_, place)| place);
            return format!("{scheme}://{}@{place}", hidden_in(authority));
        }
        None => authority.to_owned(),
    };
    let path = path.map(|path| format!("/{path}")).unwrap_or_default();
    let query = query.map(|query| {
        let shown = query.split('&').map(|pair| match pair.split_once('=') {
            Some((name, _)) if SECRETS.contains(&name) => format!("{name}={HIDDEN}"),
            _ => pair.to_owned(),
        });
        format!("?{}", shown.collect::<Vec<_>>().join("&"))
    });
    format!("{scheme}://{authority}{path}{}", query.unwrap_or_default())
}
