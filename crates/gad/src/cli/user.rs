//! `gad user`.

use anyhow::{Context as _, Result, anyhow, bail};
use app::user::{NewUserInput, UserChange};
use app::{Actor, Context};
use clap::{Args, Subcommand};
use domain::personal::{Dni, Email, Name};
use domain::user::{Password, UserEdit};
use domain::{Level, Rng, UserId};
use store::Page;

use super::link;
use crate::clock::SystemRng;
use crate::compose;
use crate::config::Settings;
use crate::out::{self, Rows};

/// What to do with users.
#[derive(Subcommand)]
pub enum Command {
    /// Makes a user; the first administrator is made this way.
    Create(New),
    /// Lists users.
    List {
        /// As JSON, for scripts.
        #[arg(long)]
        json: bool,
    },
    /// Shuts a user out: ends all sessions and lets nobody in until enabled.
    Disable {
        /// Number or e-mail.
        user: String,
    },
    /// Lets a user in.
    Enable {
        /// Number or e-mail.
        user: String,
    },
    /// Makes a one-time code by which a user links a Telegram account.
    LinkCode {
        /// Number or e-mail.
        user: String,
        /// As JSON, for scripts.
        #[arg(long)]
        json: bool,
    },
    /// Ends the link between a user and a Telegram account.
    Unlink {
        /// Number or e-mail.
        user: String,
    },
    /// Gives a user another level; so an office gets an administrator back who can sign in.
    Level {
        /// Number or e-mail.
        #[arg(required_unless_present = "email", conflicts_with = "email")]
        user: Option<String>,
        /// The same by e-mail.
        #[arg(long)]
        email: Option<String>,
        /// 1 officer, 2 supervisor, 3 administrator.
        #[arg(long)]
        nivel: i64,
    },
    /// Gives a user a new password, and ends all sessions.
    Password {
        /// Number or e-mail.
        user: String,
        /// At least 8 characters, none of the common passwords; read from standard input when absent.
        #[arg(long)]
        password: Option<String>,
    },
}

/// A user to be made.
#[derive(Args)]
pub struct New {
    /// What the user signs in with.
    #[arg(long)]
    email: String,
    /// At least 8 characters, none of the common passwords; read from standard input when absent.
    #[arg(long)]
    password: Option<String>,
    /// Given name.
    #[arg(long)]
    nombre: String,
    /// Family name.
    #[arg(long)]
    apellido: String,
    /// Identity document.
    #[arg(long)]
    dni: String,
    /// 1 officer, 2 supervisor, 3 administrator.
    #[arg(long, default_value_t = 1)]
    nivel: i64,
    /// Let the user sign in at once.
    #[arg(long)]
    verificado: bool,
}

/// Works on users.
pub async fn user(settings: &Settings, command: Command) -> Result<()> {
    if let Command::List { json } = command {
        let store = compose::reading(settings).await?;
        let (cx, _pool) = compose::looking(settings, store.clone()).await?;
        let outcome = list(&cx, json).await;
        if store.obstacle().is_some() {
            out::notice("gad: warning: the record takes no changes, so that this reading leaves no audit line");
        }
        store.close().await;
        return outcome;
    }
    let store = compose::store(settings, false).await?;
    let (cx, _pool) = compose::office(settings, store.clone()).await?;
    let outcome = match command {
        Command::Create(new) => create(&cx, new).await,
        Command::List { json } => list(&cx, json).await,
        Command::Disable { user } => let_in(&cx, &user, false).await,
        Command::Enable { user } => let_in(&cx, &user, true).await,
        Command::LinkCode { user, json } => link::code(&cx, &user, json).await,
        Command::Unlink { user } => link::unlink(&cx, &user).await,
        Command::Level { user, email, nivel } => set_level(&cx, &user.or(email).unwrap_or_default(), nivel).await,
        Command::Password { user, password } => set_password(&cx, &user, password).await,
    };
    store.close().await;
    outcome
}

pub(super) fn operator(what: &str) -> Actor {
    Actor::operator(SystemRng.uuid().to_string(), what)
}

async fn create(cx: &Context, new: New) -> Result<()> {
    let input = NewUserInput {
        email: Some(Email::try_from(new.email).map_err(|error| anyhow!("--email {error}"))?),
        password: Some(read_password(new.password)?),
        given_name: Name::try_from(new.nombre).map_err(|error| anyhow!("--nombre {error}"))?,
        family_name: Some(Name::try_from(new.apellido).map_err(|error| anyhow!("--apellido {error}"))?),
        dni: Some(Dni::try_from(new.dni).map_err(|error| anyhow!("--dni {error}"))?),
        phone: None,
        telegram: None,
        level: Level::try_from(new.nivel).map_err(|error| anyhow!("--nivel {error}"))?,
        verified: new.verificado,
    };
    let made = app::user::create(cx, &operator("user create"), input).await;
    let user = made.map_err(named).context("the user was not made")?;
    out::line(format_args!("user {} made, level {}", user.id, user.level.number()))?;
    Ok(())
}

pub(super) async fn find(cx: &Context, text: &str) -> Result<UserId> {
    let mut tx = cx.store.read().await?;
    let found = match text.parse().map(UserId) {
        Ok(id) => tx.users().by_id(id).await?,
        Err(_) => {
            let email = Email::try_from(text.to_owned()).map_err(|error| anyhow!("a number or an e-mail: {error}"))?;
            tx.users().by_email(&email).await?
        }
    };
    found.map(|user| user.id).with_context(|| format!("there is no user '{text}'; `gad user list` shows all"))
}

async fn let_in(cx: &Context, text: &str, verified: bool) -> Result<()> {
    let id = find(cx, text).await?;
    let edit = UserEdit { verified: Some(verified), ..UserEdit::default() };
    let what = if verified { "user enable" } else { "user disable" };
    let change = UserChange { edit, ..UserChange::default() };
    let changed = app::user::update(cx, &operator(what), id, change).await;
    changed.map_err(named).context("the user was not changed")?;
    out::line(format_args!(
        "user {id} {}",
        if verified { "can sign in" } else { "is shut out, all sessions have ended" }
    ))?;
    Ok(())
}

async fn set_level(cx: &Context, text: &str, level: i64) -> Result<()> {
    let level = Level::try_from(level).map_err(|error| anyhow!("--nivel {error}"))?;
    let id = find(cx, text).await?;
    let edit = UserEdit { level: Some(level), ..UserEdit::default() };
    let change = UserChange { edit, ..UserChange::default() };
    let changed = app::user::update(cx, &operator("user level"), id, change).await;
    let user = changed.map_err(named).context("the level was not changed")?;
    let is_shut_out = if user.verified { "" } else { ", and cannot sign in until `gad user enable`" };
    out::line(format_args!("user {id} has level {}{is_shut_out}", user.level.number()))?;
    Ok(())
}

/// The error of a use case, with the fields that must be otherwise.
pub(super) fn named(error: app::Error) -> anyhow::Error {
    match error {
        app::Error::Invalid(problems) => {
            let lines: Vec<_> =
                problems.iter().map(|problem| format!("{} {}", problem.field, problem.message)).collect();
            anyhow!(lines.join("; "))
        }
        error => error.into(),
    }
}

async fn set_password(cx: &Context, text: &str, password: Option<String>) -> Result<()> {
    let id = find(cx, text).await?;
    let change = UserChange { password: Some(read_password(password)?), ..UserChange::default() };
    let changed = app::user::update(cx, &operator("user password"), id, change).await;
    changed.map_err(named).context("the password was not changed")?;
    out::line(format_args!("user {id} has a new password, all sessions have ended"))?;
    Ok(())
}

fn read_password(given: Option<String>) -> Result<Password> {
    let text = match given {
        Some(text) => text,
        None => {
            let mut line = String::new();
            std::io::stdin().read_line(&mut line)?;
            line.trim_end_matches(['\r', '\n']).to_owned()
        }
    };
    Password::try_from(text).map_err(|error| anyhow!("--password {error}"))
}

async fn list(cx: &Context, json: bool) -> Result<()> {
    let actor = operator("user list");
    let mut page = Page::first(500);
    let mut users = Vec::new();
    loop {
        let part = app::user::list(cx, &actor, page).await?;
        let Some(last) = part.last() else { break };
        page.after = Some(store::Cursor(last.id.0));
        users.extend(part);
    }
    if json {
        for user in users {
            let line = serde_json::json!({ "id": user.id, "nivel": user.level, "verificado": user.verified,
                "email": user.email.as_ref().map(Email::reveal) });
            out::document(format_args!("{line}\n"))?;
        }
        return Ok(());
    }
    if users.is_empty() {
        bail!("no users yet: make the first administrator with `gad user create --nivel 3 --verificado …`");
    }
    let mut table = Rows::new(["id", "nivel", "verificado", "nombre", "email"]);
    for user in users {
        table.add([
            user.id.to_string(),
            user.level.number().to_string(),
            if user.verified { "sí" } else { "no" }.to_owned(),
            user.full_name(),
            user.email.map(String::from).unwrap_or_default(),
        ]);
    }
    out::document(format_args!("{table}\n"))?;
    Ok(())
}
