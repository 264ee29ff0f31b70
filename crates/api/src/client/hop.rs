//! Addresses as proxies write them into `X-Forwarded-For`, `X-Real-IP` and `Forwarded`.

use std::net::IpAddr;

/// Reads an address with or without a port, brackets, quotes or a zone: `203.0.113.7`,
/// `203.0.113.7:51234`, `2001:db8::1`, `[2001:db8::1]:443`. An IPv4-mapped address becomes the IPv4
/// address. Anything else (`unknown`, `_hidden`) is `None`.
pub fn read_address(text: &str) -> Option<IpAddr> {
    let text = unquoted(text.trim());
    let bare = if let Some(rest) = text.strip_prefix('[') {
        let (inside, after) = rest.split_once(']')?;
        if !after.is_empty() && !after.strip_prefix(':').is_some_and(is_port) {
            return None;
        }
        inside
    } else {
        match text.split_once(':') {
            // One colon parts an IPv4 address from its port; more belong to an IPv6 address.
            Some((host, port)) if !port.contains(':') => is_port(port).then_some(host)?,
            _ => text,
        }
    };
    match bare.split_once('%') {
        Some((address, _zone)) => address.parse::<std::net::Ipv6Addr>().ok().map(IpAddr::V6),
        None => bare.parse::<IpAddr>().ok(),
    }
    .map(|address| address.to_canonical())
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

/// Splits at a separator that is outside of quotes.
pub fn split_unquoted(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c: char| {
        let splits = c == separator && !quoted;
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        splits
    })
    .collect()
}

/// The value of a parameter (`for`, `host`, `proto`) of one element of `Forwarded` (RFC 7239).
pub fn parameter<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = split_unquoted(element, ';').into_iter().filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(key, value)| key.trim().eq_ignore_ascii_case(name).then(|| unquoted(value.trim())))
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_form_of_an_address_is_read() {
        for (text, address) in [
            ("203.0.113.7", "203.0.113.7"),
            (" 203.0.113.7 ", "203.0.113.7"),
            ("203.0.113.7:51234", "203.0.113.7"),
            ("\"203.0.113.7:51234\"", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("[::ffff:203.0.113.7]:80", "203.0.113.7"),
            ("::ffff:cb00:7107", "203.0.113.7"),
            ("2001:DB8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("\"[2001:db8::1]:443\"", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("[fe80::1%eth0]:443", "fe80::1"),
        ] {
            assert_eq!(read_address(text), Some(address.parse().unwrap()), "{text}");
        }
        for text in [
            "",
            "unknown",
            "_hidden",
            "oficina.example",
            "203.0.113",
            "203.0.113.7:",
            "203.0.113.7:99999",
            "203.0.113.7:+80",
            "203.0.113.7:80:90",
            "[2001:db8::1",
            "[2001:db8::1]443",
            "[2001:db8::1]:x",
            "203.0.113.7%eth0",
            "\"",
        ] {
            assert_eq!(read_address(text), None, "{text}");
        }
    }

    #[test]
    fn parameters_are_found_whatever_stands_in_quotes() {
        let element = r#"by="a;b,c";For="[2001:db8::1]:4711"; proto=https;host="oficina.example:8443""#;
        let elements = format!("for=192.0.2.1, {element}");
        let elements = split_unquoted(&elements, ',');
        assert_eq!(elements, ["for=192.0.2.1", &format!(" {element}")]);
        let found = ["for", "proto", "host", "nada"].map(|name| parameter(elements[1], name));
        assert_eq!(found, [Some("[2001:db8::1]:4711"), Some("https"), Some("oficina.example:8443"), None]);
        assert_eq!(split_unquoted(r#""a\",b",c"#, ','), [r#""a\",b""#, "c"]);
    }
}
