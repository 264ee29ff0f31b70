//! `gad config`.

use std::ffi::OsString;
use std::fmt::Write;

use anyhow::{Context as _, Result, bail};
use clap::Subcommand;

use crate::compose;
use crate::config::{Layers, Origin, Server, Setting, Settings};
use crate::out::{self, Rows};

/// What to do with settings.
#[derive(Subcommand)]
pub enum Command {
    /// Shows every setting and who gave it; secrets stay hidden.
    Show {
        /// As JSON, for scripts.
        #[arg(long)]
        json: bool,
    },
    /// Says whether an office could be served with these settings, and changes nothing.
    Check,
    /// Prints the reference of all settings as Markdown.
    Reference,
}

/// Works on settings.
pub fn config(settings: &Settings, command: &Command, layers: &Layers, arguments: &[OsString]) -> Result<()> {
    let all = layers.settings(arguments)?;
    match command {
        Command::Show { json: true } => show_json(&all)?,
        Command::Show { json: false } => show(&all)?,
        Command::Check => check(settings, &layers.server()?)?,
        Command::Reference => out::document(reference(&all)?)?,
    }
    Ok(())
}

fn shown(setting: &Setting) -> Option<String> {
    match (setting.values.is_empty(), setting.secret) {
        (true, _) => None,
        (false, true) => Some("…".to_owned()),
        (false, false) => Some(setting.values.join(",")),
    }
}

fn show(all: &[Setting]) -> Result<()> {
    let mut table = Rows::new(["setting", "value", "given by", "variable"]);
    for setting in all {
        let value = shown(setting).unwrap_or_else(|| "-".to_owned());
        table.add([&setting.key, &value, &setting.origin.to_string(), &setting.variable]);
    }
    out::document(format_args!("{table}\n"))
}

fn show_json(all: &[Setting]) -> Result<()> {
    let object = all.iter().map(|setting| {
        let value = serde_json::json!({
            "value": shown(setting),
            "origin": setting.origin.to_string(),
            "is_default": setting.origin == Origin::Default,
            "variable": setting.variable,
            "secret": setting.secret,
        });
        (setting.key.clone(), value)
    });
    out::document(format_args!("{:#}\n", serde_json::Value::Object(object.collect())))
}

/// What clap cannot know: whether settings fit together.
fn check(settings: &Settings, server: &Server) -> Result<()> {
    let problems = compose::problems(settings, server);
    let wrong: Vec<String> = problems.iter().map(|problem| format!("{problem:#}")).collect();
    if !wrong.is_empty() {
        bail!("these settings do not fit:\n  {}", wrong.join("\n  "));
    }
    out::line("the settings fit; `gad doctor` looks at what they name")?;
    Ok(())
}

/// The page of all settings; `cargo xtask docs` keeps it in the repository.
fn reference(all: &[Setting]) -> Result<String> {
    let mut page = String::from(
        "# Settings\nMade by `gad config reference` from the code; `cargo xtask docs` writes it.\n\n\
         A flag wins over the environment, the environment over `gad.toml`, and that over the default. \
         `gad.toml` is read from the working directory, or from where `--config` or `GAD_CONFIG` says; its keys are \
         those below. An empty variable counts as not set. A secret can also stand in a file that \
         `VARIABLE_FILE` names. `gad config show` says what is in force and who gave it, \
         `gad config check` whether it fits together.\n\n\
         | Key | Flag | Variable | Default | For |\n|---|---|---|---|---|\n",
    );
    for setting in all {
        let flag = setting.key.replace('_', "-");
        let default = setting.default.as_ref().map_or_else(|| "–".to_owned(), |value| format!("`{value}`"));
        let help = setting.help.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
        let file = if setting.secret { format!(", `{}_FILE`", setting.variable) } else { String::new() };
        writeln!(page, "| `{}` | `--{flag}` | `{}`{file} | {default} | {help} |", setting.key, setting.variable)
            .context("cannot write into memory")?;
    }
    page.push_str(
        "\n## Names that GRUPO_GAD used\nRead when the setting's own variable is not set: `DATABASE_URL`, `DB_URL`, or \
         `POSTGRES_USER` with `POSTGRES_PASSWORD`, `POSTGRES_SERVER`, `POSTGRES_PORT` and `POSTGRES_DB` for \
         `database_url`; `JWT_SECRET_KEY` for `secret_key`; `DB_POOL_SIZE` for `db_pool_size`; \
         `UPSTASH_REDIS_TLS_URL`, `REDIS_URL`, `UPSTASH_REDIS_URL`, or `REDIS_HOST` with `REDIS_PORT`, `REDIS_DB`, \
         `REDIS_PASSWORD` and `REDIS_SCHEME` for `redis_url`; `PORT` with `HOST` for \
         `listen`. `postgresql+asyncpg://` is read as `postgres://`.\n\n\
         ## Example\n```toml\nlisten = \"0.0.0.0:8000\"\nenvironment = \"production\"\n\
         trusted_proxies = [\"10.0.0.7\"]\ncors_origins = [\"https://mapa.example.org\"]\n```\n",
    );
    Ok(page)
}
