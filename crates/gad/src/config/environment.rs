//! What the environment gives besides each setting's own variable.

use anyhow::{Context, Result, bail};
use clap::Arg;
use url::Url;

use super::layers::{Origin, own_variable};

/// Names under which GRUPO_GAD's installations give a setting; an earlier one wins.
const OLD_NAMES: &[(&str, &[&str])] = &[
    ("database_url", &["DATABASE_URL", "DB_URL"]),
    ("redis_url", &["UPSTASH_REDIS_TLS_URL", "REDIS_URL", "UPSTASH_REDIS_URL"]),
    ("secret_key", &["JWT_SECRET_KEY"]),
    ("db_pool_size", &["DB_POOL_SIZE"]),
    ("telegram_token", &["TELEGRAM_TOKEN"]),
];

/// A variable that is set and not blank, without white space around it.
pub(super) fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?.to_string_lossy().trim().to_owned();
    Some(value).filter(|value| !value.is_empty())
}

/// What the environment gives: the setting's own variable, a file that holds a secret, GRUPO_GAD's names, and its
/// names for parts of a setting.
///
/// # Errors
/// A file that cannot be read, and two sources for one secret.
pub(super) fn in_environment(arg: &Arg) -> Result<Option<(String, Origin)>> {
    let key = arg.get_id().as_str();
    let own = own_variable(arg).unwrap_or_default();
    let old = OLD_NAMES.iter().find(|(id, _)| *id == key).map_or(&[][..], |(_, names)| names);
    let names = || std::iter::once(own.as_str()).chain(old.iter().copied());
    for name in names() {
        let file = if arg.is_hide_env_values_set() { variable(&format!("{name}_FILE")) } else { None };
        if let Some(file) = file {
            if variable(name).is_some() {
                bail!("{name} and {name}_FILE are both set: keep one of them");
            }
            let text = std::fs::read_to_string(&file).with_context(|| format!("{name}_FILE: cannot read {file}"))?;
            return Ok(Some((text.trim().to_owned(), Origin::SecretFile(format!("{name}_FILE"), file.into()))));
        }
        if std::env::var_os(name).is_some_and(|value| value.to_str().is_none()) {
            bail!("{name} is not valid UTF-8");
        }
        if let Some(value) = variable(name) {
            return Ok(Some((value, Origin::Variable(name.to_owned()))));
        }
    }
    match key {
        "database_url" => database_of_parts(),
        "redis_url" => redis_of_parts(),
        "listen" => Ok(variable("PORT").map(|port| {
            let host = variable("HOST").unwrap_or_else(|| "127.0.0.1".to_owned());
            let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host };
            (format!("{host}:{port}"), Origin::Variable("HOST and PORT".to_owned()))
        })),
        _ => Ok(None),
    }
}

/// GRUPO_GAD's `POSTGRES_*`, used where no URL is given.
fn database_of_parts() -> Result<Option<(String, Origin)>> {
    let Some(user) = variable("POSTGRES_USER") else { return Ok(None) };
    let part = |name: &str, default: &str| variable(name).unwrap_or_else(|| default.to_owned());
    let (server, port) = (part("POSTGRES_SERVER", "db"), part("POSTGRES_PORT", "5432"));
    let mut url = Url::parse(&format!("postgres://{server}:{port}"))
        .with_context(|| format!("POSTGRES_SERVER and POSTGRES_PORT: '{server}:{port}' is no host and port"))?;
    let password = variable("POSTGRES_PASSWORD");
    let named = url.set_username(&user).and_then(|()| url.set_password(password.as_deref()));
    if named.is_err() {
        bail!("POSTGRES_SERVER: '{server}' is no host");
    }
    url.set_path(&part("POSTGRES_DB", &user));
    Ok(Some((url.to_string(), Origin::Variable("POSTGRES_*".to_owned()))))
}

/// GRUPO_GAD's `REDIS_HOST` and its like, used where no URL is given.
fn redis_of_parts() -> Result<Option<(String, Origin)>> {
    let Some(host) = variable("REDIS_HOST") else { return Ok(None) };
    let part = |name: &str, default: &str| variable(name).unwrap_or_else(|| default.to_owned());
    let text =
        format!("{}://{host}:{}/{}", part("REDIS_SCHEME", "redis"), part("REDIS_PORT", "6379"), part("REDIS_DB", "0"));
    let mut url = Url::parse(&text).with_context(|| format!("REDIS_HOST and its like: '{text}' is no URL"))?;
    if url.set_password(variable("REDIS_PASSWORD").as_deref()).is_err() {
        bail!("REDIS_HOST: '{host}' is no host");
    }
    Ok(Some((url.to_string(), Origin::Variable("REDIS_*".to_owned()))))
}
