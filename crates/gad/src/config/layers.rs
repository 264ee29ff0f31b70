//! Where a setting comes from when no flag gives it.
//!
//! clap knows flags and the default. What else may give a setting (its variable, a file for a secret,
//! GRUPO_GAD's names, `gad.toml`) becomes that default, so that one declaration checks every source, and we
//! remember which it was.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use anyhow::Result;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, FromArgMatches};

use super::Server;
use super::environment::{in_environment, variable};
use super::file::{FILE_VARIABLE, in_file};
use super::spelling::{meant, meant_by_flag};
use crate::out::{Lines, printable};

/// The command whose settings stand beside those of all commands.
const SERVE: &str = "serve";

/// Which source gave a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag,
    /// These variables.
    Variable(String),
    /// A file that a variable names.
    SecretFile(String, PathBuf),
    /// The file with settings.
    File(PathBuf),
    /// Nobody: it is the default.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("command line"),
            Self::Variable(name) => f.write_str(name),
            Self::SecretFile(name, file) => write!(f, "{name} ({})", file.display()),
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A setting as it is in force.
#[derive(Clone)]
pub struct Setting {
    /// Its key in the file; the flag is the same with hyphens.
    pub key: String,
    /// Its own variable.
    pub variable: String,
    /// The values; none when it is not set.
    pub values: Vec<String>,
    /// The value when nobody gives one.
    pub default: Option<String>,
    /// What it is for.
    pub help: String,
    /// Whether nobody may see it.
    pub secret: bool,
    /// Who gave it.
    pub origin: Origin,
}

/// The sources beside flags and each flag's own variable, with what they give.
pub struct Layers {
    command: Command,
    /// As they were declared.
    settable: Vec<Arg>,
    given: BTreeMap<String, (String, Origin)>,
    defaults: BTreeMap<String, String>,
}

impl Layers {
    /// Reads all sources for the settings of `command`, whose line is `arguments`.
    ///
    /// # Errors
    /// A file that cannot be read, and a key that no setting has, with those that there are.
    pub fn read(command: Command, arguments: &[OsString]) -> Result<Self> {
        let settable = settable(&command);
        let keys: Vec<&str> = settable.iter().map(|arg| arg.get_id().as_str()).collect();
        let mut given = in_file(arguments, &keys)?;
        let mut layered = command.clone();
        let mut defaults = BTreeMap::new();
        for arg in &settable {
            let key = arg.get_id().as_str();
            if let Some(default) = arg.get_default_values().first() {
                defaults.insert(key.to_owned(), default.to_string_lossy().into_owned());
            }
            if let Some(found) = in_environment(arg)? {
                given.insert(key.to_owned(), found);
            }
            if let Some((value, _)) = given.get_mut(key) {
                *value = meant(arg, value);
            }
            given.retain(|_, (value, _)| !value.is_empty());
            layered = with(layered, arg, given.get(key).map(|(value, _)| value.clone()));
        }
        Ok(Self { command: with_variables(layered), settable, given, defaults })
    }

    /// Parses a command line.
    ///
    /// # Errors
    /// What clap says; of a value that no flag gave, who gave it.
    pub fn matches(&self, arguments: &[OsString]) -> Result<ArgMatches, clap::Error> {
        let arguments = self.meant_arguments(arguments);
        self.command.clone().try_get_matches_from(&arguments).map_err(|error| self.blame(error, &arguments))
    }

    /// A command line whose values of settings are as they were meant.
    fn meant_arguments(&self, arguments: &[OsString]) -> Vec<OsString> {
        let mut meant = Vec::with_capacity(arguments.len());
        let mut awaited = None;
        for argument in arguments {
            let Some(text) = argument.to_str() else {
                awaited = None;
                meant.push(argument.clone());
                continue;
            };
            if let Some(setting) = awaited.take() {
                meant.push(meant_by_flag(setting, text).into());
                continue;
            }
            let (flag, value) = text.split_once('=').map_or((text, None), |(flag, value)| (flag, Some(value)));
            match (self.setting_of_flag(flag), value) {
                (Some(setting), Some(value)) => meant.push(format!("{flag}={}", meant_by_flag(setting, value)).into()),
                (Some(setting), None) if !setting.is_require_equals_set() => {
                    awaited = Some(setting);
                    meant.push(argument.clone());
                }
                (Some(_) | None, _) => meant.push(argument.clone()),
            }
        }
        meant
    }

    fn setting_of_flag(&self, flag: &str) -> Option<&Arg> {
        let key = flag.strip_prefix("--")?.replace('-', "_");
        self.settable.iter().find(|setting| setting.get_id().as_str() == key)
    }

    /// The settings of a process that serves, without flags.
    ///
    /// # Errors
    /// As [`Self::matches`].
    pub fn server(&self) -> Result<Server, clap::Error> {
        let root = self.matches(&["gad".into(), SERVE.into()])?;
        Server::from_arg_matches(root.subcommand_matches(SERVE).unwrap_or(&root))
    }

    /// All settings of the office as they are in force for `arguments`, secrets included.
    ///
    /// # Errors
    /// As [`Self::matches`].
    pub fn settings(&self, arguments: &[OsString]) -> Result<Vec<Setting>, clap::Error> {
        let root = self.matches(arguments)?;
        let serve = self.matches(&["gad".into(), SERVE.into()])?;
        let serve = serve.subcommand_matches(SERVE);
        let mut leaf = &root;
        while let Some((_, below)) = leaf.subcommand() {
            leaf = below;
        }
        let settings = self.settable.iter().map(|arg| {
            let key = arg.get_id().to_string();
            let matches = if leaf.try_contains_id(&key).is_ok() { Some(leaf) } else { serve };
            let values = matches.and_then(|matches| matches.try_get_raw(&key).ok().flatten());
            let values = values.map(|raw| raw.map(|value| value.to_string_lossy().into_owned()).collect());
            let variable = own_variable(arg).unwrap_or_default();
            let origin = match matches.and_then(|matches| matches.value_source(&key)) {
                Some(ValueSource::CommandLine) => Origin::Flag,
                _ => self.given.get(&key).map_or(Origin::Default, |(_, origin)| origin.clone()),
            };
            Setting {
                variable,
                values: values.unwrap_or_default(),
                default: self.defaults.get(&key).cloned(),
                help: arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default(),
                secret: arg.is_hide_env_values_set(),
                origin,
                key,
            }
        });
        Ok(settings.collect())
    }

    /// The error of a value that clap refuses: names the setting and who gave it. Control characters in the value
    /// are shown escaped, a secret not at all.
    fn blame(&self, error: clap::Error, arguments: &[OsString]) -> clap::Error {
        if !matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue) {
            return error;
        }
        let Some(ContextValue::String(named)) = error.get(ContextKind::InvalidArg) else { return error };
        let flag = named.split([' ', '[', '=']).next().unwrap_or_default();
        let Some(setting) = self.setting_of_flag(flag) else { return error };
        let is_flag = |argument: &OsString| {
            argument
                .to_str()
                .is_some_and(|text| text == flag || text.split_once('=').is_some_and(|(name, _)| name == flag))
        };
        let key = setting.get_id().as_str();
        let origin = match self.given.get(key) {
            _ if arguments.iter().any(is_flag) => Origin::Flag,
            Some((_, origin)) => origin.clone(),
            None => return error,
        };
        let text = error.to_string();
        let allowed = text.lines().find(|line| line.contains("possible values")).map(str::trim).unwrap_or_default();
        let source = std::error::Error::source(&error).map(ToString::to_string);
        let what = match error.get(ContextKind::InvalidValue) {
            Some(ContextValue::String(value)) if !setting.is_hide_env_values_set() => {
                let why = source.map(|why| format!(": {why}")).unwrap_or_default();
                format!("invalid value '{value}' for '{named}'{why}")
            }
            _ => "the value is not allowed".to_owned(),
        };
        let what = format!("setting {key}, from {origin}: {what} {allowed}");
        clap::Error::raw(error.kind(), format!("{}\n", printable(what.trim_end(), Lines::Escaped)))
    }
}

/// Arguments that are settings: those with a variable of their own.
fn settable(command: &Command) -> Vec<Arg> {
    let serve = command.find_subcommand(SERVE).into_iter().flat_map(Command::get_arguments);
    let all = command.get_arguments().chain(serve);
    all.filter(|arg| own_variable(arg).is_some_and(|name| name != FILE_VARIABLE)).cloned().collect()
}

/// `command` with another default for a setting. A blank variable counts as none, as GRUPO_GAD's
/// compose files have it.
fn with(command: Command, setting: &Arg, default: Option<String>) -> Command {
    let key = setting.get_id().to_string();
    // What the variable means is read by us; clap would take it as it is.
    let is_set = own_variable(setting).and_then(std::env::var_os).is_some();
    let change = move |arg: Arg| {
        let arg = if is_set { arg.env(None::<&'static str>) } else { arg };
        match default {
            Some(value) if arg.get_value_delimiter().is_some() => {
                arg.default_values(value.split(',').map(str::to_owned).collect::<Vec<_>>())
            }
            Some(value) => arg.default_value(value),
            None => arg,
        }
    };
    if command.get_arguments().any(|arg| arg.get_id() == &key) {
        command.mut_arg(key, change)
    } else {
        command.mut_subcommand(SERVE, |serve| serve.mut_arg(key, change))
    }
}

/// `command` and all below it with what the variables of their other arguments mean as defaults.
fn with_variables(command: Command) -> Command {
    let below: Vec<String> = command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let command = command.mut_args(|arg| {
        let Some(name) = own_variable(&arg).filter(|name| std::env::var_os(name).is_some()) else { return arg };
        let value = variable(&name).map(|value| meant(&arg, &value)).filter(|value| !value.is_empty());
        // To clap a variable gives an argument, which others may require; a default does not.
        if value.is_some() && value == std::env::var(&name).ok() {
            return arg;
        }
        let arg = arg.env(None::<&'static str>);
        match value {
            Some(value) => arg.required(false).default_value(value),
            None => arg,
        }
    });
    below.into_iter().fold(command, |command, name| command.mut_subcommand(name, with_variables))
}

/// The variable that a setting has of its own.
pub(super) fn own_variable(arg: &Arg) -> Option<String> {
    arg.get_env().map(|name| name.to_string_lossy().into_owned())
}
