//! From the text of a URL and the `PG*` variables to a [`DatabaseUrl`].

use std::net::IpAddr;
use std::time::Duration;

use percent_encoding::percent_decode_str;

use super::text::split;
use super::{DatabaseUrl, SslMode, system_bundle};

/// Why a URL is not taken.
type Parsed<T = ()> = std::result::Result<T, String>;

/// Longest `connect_timeout`, in seconds.
const LONGEST_TIMEOUT: u64 = 600;

pub(super) fn parse(url: &str, variable: &dyn Fn(&str) -> Option<String>) -> Parsed<DatabaseUrl> {
    let parts = split(url.trim()).ok_or("it must begin with postgres:// or postgresql://")?;
    // Python's drivers read a query as forms are written, libpq takes a plus for itself.
    let plus_is_blank = match parts.scheme {
        "postgres" | "postgresql" => false,
        "postgresql+asyncpg" | "postgres+asyncpg" => true,
        _ => return Err("it must begin with postgres:// or postgresql://".to_owned()),
    };
    let mut target = DatabaseUrl::default();
    authority(&mut target, parts.authority)?;
    if let Some(path) = parts.path {
        target.database = filled(decoded(path, "database")?);
    }
    for pair in parts.query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or_else(|| {
            format!("the parameter '{}' has no value", decoded(pair, "parameter").unwrap_or_default())
        })?;
        let name = decoded(name, "parameter")?;
        let value = if plus_is_blank { value.replace('+', " ") } else { value.to_owned() };
        let value = decoded(&value, &name)?;
        parameter(&mut target, &name, value)?;
    }
    variables(&mut target, variable)?;
    settle(&mut target)?;
    Ok(target)
}

fn authority(target: &mut DatabaseUrl, text: &str) -> Parsed {
    let place = match text.rsplit_once('@') {
        None => text,
        Some((who, place)) => {
            let (user, password) = who.split_once(':').map_or((who, None), |(user, word)| (user, Some(word)));
            target.user = filled(decoded(user, "user")?);
            target.password = password.map(|word| decoded(word, "password")).transpose()?.and_then(filled);
            place
        }
    };
    let (name, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (address, rest) = rest.split_once(']').ok_or("an address that begins with [ must end with ]")?;
            let port = match rest.strip_prefix(':') {
                Some(port) => Some(port),
                None if rest.is_empty() => None,
                None => return Err("after the address in brackets only a port may follow".to_owned()),
            };
            (address, port)
        }
        None => place.split_once(':').map_or((place, None), |(name, port)| (name, Some(port))),
    };
    if place.contains(',') {
        return Err(LIST.to_owned());
    }
    if let Some(name) = filled(decoded(name, "host")?) {
        host(target, name)?;
    }
    if let Some(port) = port.and_then(|port| filled(port.to_owned())) {
        target.port = Some(port_number(&port, "port")?);
    }
    Ok(())
}

const LIST: &str =
    "a list of hosts is not supported: give one name or address that leads to the primary (a virtual address, a proxy)";

fn host(target: &mut DatabaseUrl, name: String) -> Parsed {
    if name.contains(',') {
        return Err(LIST.to_owned());
    }
    if name.starts_with('@') {
        return Err("host: abstract sockets (@) are not supported".to_owned());
    }
    if !name.starts_with('/') && name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '/') {
        return Err("host: it is neither a name, an address nor the directory of a socket".to_owned());
    }
    target.host = Some(name);
    Ok(())
}

fn parameter(target: &mut DatabaseUrl, name: &str, value: String) -> Parsed {
    match name {
        "host" => match filled(value) {
            Some(value) => host(target, value)?,
            None => target.host = None,
        },
        "hostaddr" => target.address = filled(value).map(|value| address(value, name)).transpose()?,
        "port" => target.port = Some(port_number(&value, name)?),
        "user" => target.user = filled(value),
        "password" => target.password = filled(value),
        "dbname" => target.database = filled(value),
        "sslmode" | "ssl-mode" => target.ssl_mode = Some(ssl_mode(&value, name)?),
        "ssl" => target.ssl_mode = Some(if value == "true" { SslMode::Require } else { ssl_mode(&value, name)? }),
        "sslrootcert" | "ssl-root-cert" | "ssl-ca" => target.root_certificate = filled(value),
        "sslcert" | "ssl-cert" => target.certificate = filled(value),
        "sslkey" | "ssl-key" => target.key = filled(value),
        "application_name" => target.application_name = filled(value),
        "connect_timeout" => target.connect_timeout = Some(timeout(&value, name)?),
        "options" => add_options(target, &value),
        // What means nothing else than what is done anyway.
        "target_session_attrs" if value == "any" => {}
        "channel_binding" if matches!(&*value, "prefer" | "disable") => {}
        "gssencmode" if matches!(&*value, "prefer" | "disable") => {}
        "client_encoding" if matches!(&*value.to_ascii_lowercase(), "utf8" | "utf-8" | "auto") => {}
        _ => match name.strip_prefix("options[").and_then(|name| name.strip_suffix(']')) {
            Some(setting) if is_setting(setting) => {
                let with = std::mem::take(target).with_option(setting, &value);
                *target = with;
            }
            _ => return Err(refusal(name, &value)),
        },
    }
    Ok(())
}

/// Why a parameter is refused, and what to write instead.
fn refusal(name: &str, value: &str) -> String {
    match name {
        "target_session_attrs" => format!(
            "target_session_attrs={value} is not supported: there is one host, and it must be the primary; leave it away"
        ),
        "pgbouncer" => "pgbouncer is not supported: connect to PostgreSQL itself, or to a pooler in session mode, \
             and leave the parameter away"
            .to_owned(),
        "search_path" | "currentSchema" | "schema" => format!(
            "{name} is no parameter of a connection: write options=-c%20search_path%3D{value}, or set it for the role: \
             ALTER ROLE … SET search_path = {value}"
        ),
        "channel_binding" | "gssencmode" => format!("{name}={value} is not supported: leave it away"),
        "service" => "service is not supported: write host, port, user and database into the URL".to_owned(),
        _ => format!("the parameter '{name}' is not known"),
    }
}

fn add_options(target: &mut DatabaseUrl, more: &str) {
    target.options = match target.options.take() {
        Some(options) => Some(format!("{options} {more}")),
        None => filled(more.to_owned()),
    };
}

/// Takes from the environment what the URL leaves open. `PGOPTIONS` is read by sqlx.
fn variables(target: &mut DatabaseUrl, variable: &dyn Fn(&str) -> Option<String>) -> Parsed {
    let given = |name: &str| variable(name).and_then(filled);
    if target.host.is_none() && target.address.is_none() {
        target.address = given("PGHOSTADDR").map(|value| address(value, "PGHOSTADDR")).transpose()?;
        if let Some(name) = given("PGHOST") {
            host(target, name).map_err(|why| format!("PGHOST: {why}"))?;
        }
    }
    if target.port.is_none() {
        target.port = given("PGPORT").map(|value| port_number(&value, "PGPORT")).transpose()?;
    }
    if target.ssl_mode.is_none() {
        target.ssl_mode = given("PGSSLMODE").map(|value| ssl_mode(&value, "PGSSLMODE")).transpose()?;
    }
    if target.connect_timeout.is_none() {
        let timeout = |value: String| timeout(&value, "PGCONNECT_TIMEOUT");
        target.connect_timeout = given("PGCONNECT_TIMEOUT").map(timeout).transpose()?;
    }
    for (value, name) in [
        (&mut target.user, "PGUSER"),
        (&mut target.password, "PGPASSWORD"),
        (&mut target.database, "PGDATABASE"),
        (&mut target.certificate, "PGSSLCERT"),
        (&mut target.key, "PGSSLKEY"),
        (&mut target.application_name, "PGAPPNAME"),
    ] {
        if value.is_none() {
            *value = given(name);
        }
    }
    // A file that is there for other programs does not change how this connection is protected.
    if target.root_certificate.is_none() && target.ssl_mode.is_some_and(|mode| mode != SslMode::Disable) {
        target.root_certificate = given("PGSSLROOTCERT");
    }
    Ok(())
}

/// Brings together what depends on each other.
fn settle(target: &mut DatabaseUrl) -> Parsed {
    if target.root_certificate.is_some() {
        match target.ssl_mode {
            // As libpq does: an authority that is named is meant to be asked.
            Some(SslMode::Require) => target.ssl_mode = Some(SslMode::VerifyCa),
            Some(SslMode::VerifyCa | SslMode::VerifyFull) => {}
            _ => {
                return Err(
                    "sslrootcert is of use with sslmode=verify-full or verify-ca only: add one of them".to_owned()
                );
            }
        }
    }
    if target.root_certificate.as_deref() == Some("system") {
        let found = system_bundle().ok_or("sslrootcert=system: no file with the system's authorities was found")?;
        target.root_certificate = Some(found);
    }
    if target.certificate.is_some() != target.key.is_some() {
        return Err("sslcert and sslkey belong together: give both".to_owned());
    }
    if target.address.is_some() && target.host.is_some() && target.ssl_mode == Some(SslMode::VerifyFull) {
        return Err("hostaddr beside host is not supported with sslmode=verify-full: give the host alone".to_owned());
    }
    Ok(())
}

fn ssl_mode(value: &str, name: &str) -> Parsed<SslMode> {
    match &*value.to_ascii_lowercase() {
        "disable" | "false" => Ok(SslMode::Disable),
        "prefer" => Ok(SslMode::Prefer),
        "require" => Ok(SslMode::Require),
        "verify-ca" => Ok(SslMode::VerifyCa),
        "verify-full" => Ok(SslMode::VerifyFull),
        "allow" => Err(format!("{name}=allow is not supported: write prefer, require or verify-full")),
        _ => Err(format!("{name}: it must be disable, prefer, require, verify-ca or verify-full")),
    }
}

fn timeout(value: &str, name: &str) -> Parsed<Duration> {
    match value.trim().parse() {
        Ok(seconds @ 1..=LONGEST_TIMEOUT) => Ok(Duration::from_secs(seconds)),
        _ => Err(format!("{name}: it must be 1 to {LONGEST_TIMEOUT} seconds")),
    }
}

fn port_number(value: &str, name: &str) -> Parsed<u16> {
    if value.contains(',') {
        return Err(LIST.to_owned());
    }
    value.parse().ok().filter(|port| *port > 0).ok_or_else(|| format!("{name}: it must be 1 to 65535"))
}

fn address(value: String, name: &str) -> Parsed<String> {
    match value.parse::<IpAddr>() {
        Ok(_) => Ok(value),
        Err(_) => Err(format!("{name}: it must be one address, like 10.0.0.7")),
    }
}

/// Whether it can be the name of a setting of the server's.
fn is_setting(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.')
}

fn filled(value: String) -> Option<String> {
    Some(value).filter(|value| !value.is_empty())
}

/// A part of the URL; the message names the part, never its value.
fn decoded(text: &str, part: &str) -> Parsed<String> {
    let bytes = text.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    if (0..bytes.len()).any(|at| bytes[at] == b'%' && !(is_hex(at + 1) && is_hex(at + 2))) {
        return Err(format!("{part}: a % must be written %25"));
    }
    let text = percent_decode_str(text).decode_utf8().map_err(|_| format!("{part}: it is not UTF-8"))?;
    if text.contains('\0') {
        return Err(format!("{part}: it must not hold a NUL"));
    }
    Ok(text.into_owned())
}
