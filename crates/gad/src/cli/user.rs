//! `gad user`.

use anyhow::{Context as _, Result, anyhow, bail};
use app::user::NewUserInput;
use app::{Actor, Context};
use clap::Subcommand;
use comfy_table::Table;
use domain::personal::{Dni, Email, Name};
use domain::user::Password;
use domain::{Level, Rng};
use store::Page;

use crate::clock::SystemRng;
use crate::compose;
use crate::settings::Settings;

/// What to do with users.
#[derive(Subcommand)]
pub enum Command {
    /// Makes a user; the first administrator is made this way.
    Create {
        /// What the user signs in with.
        #[arg(long)]
        email: String,
        /// At least 8 characters; read from standard input when absent.
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
    },
    /// Lists users.
    List {
        /// As JSON, for scripts.
        #[arg(long)]
        json: bool,
    },
}

/// Works on users.
pub async fn user(settings: &Settings, command: Command) -> Result<()> {
    let store = compose::store(settings, false).await?;
    let (cx, _pool) = compose::office(settings, store.clone()).await?;
    match command {
        Command::Create { email, password, nombre, apellido, dni, nivel, verificado } => {
            let input = NewUserInput {
                email: Some(Email::try_from(email).map_err(|error| anyhow!("--email {error}"))?),
                password: Some(read_password(password)?),
                given_name: Name::try_from(nombre).map_err(|error| anyhow!("--nombre {error}"))?,
                family_name: Some(Name::try_from(apellido).map_err(|error| anyhow!("--apellido {error}"))?),
                dni: Some(Dni::try_from(dni).map_err(|error| anyhow!("--dni {error}"))?),
                phone: None,
                telegram: None,
                level: Level::try_from(nivel).map_err(|error| anyhow!("--nivel {error}"))?,
                verified: verificado,
            };
            let actor = Actor::operator(SystemRng.uuid().to_string(), "user create");
            let user = app::user::create(&cx, &actor, input).await.context("the user was not made")?;
            println!("user {} made, level {}", user.id, user.level.number());
        }
        Command::List { json } => list(&cx, json).await?,
    }
    store.close().await;
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
    let actor = Actor::operator(SystemRng.uuid().to_string(), "user list");
    let mut page = Page::first(500);
    let mut users = Vec::new();
    loop {
        let part = app::user::list(cx, &actor, page).await?;
        let Some(last) = part.last() else { break };
        page.after = Some(store::Cursor(last.id.0));
        users.extend(part);
    }
    if users.is_empty() {
        bail!("no users yet: make the first administrator with `gad user create --nivel 3 --verificado …`");
    }
    if json {
        for user in users {
            let line = serde_json::json!({ "id": user.id, "nivel": user.level, "verificado": user.verified,
                "email": user.email.as_ref().map(Email::reveal) });
            println!("{line}");
        }
        return Ok(());
    }
    let mut table = Table::new();
    table.set_header(["id", "nivel", "verificado", "nombre", "email"]);
    for user in users {
        table.add_row([
            user.id.to_string(),
            user.level.number().to_string(),
            if user.verified { "sí" } else { "no" }.to_owned(),
            user.full_name(),
            user.email.map(String::from).unwrap_or_default(),
        ]);
    }
    println!("{table}");
    Ok(())
}
