//! Settings: flags before the environment before `gad.toml` before defaults. Each section declares
//! its own once, as arguments of clap; [`layers`] brings the other sources to them.

mod audit_key;
mod dispatch;
mod environment;
mod file;
mod layers;
mod link;
mod map;
mod office;
mod record;
mod role;
mod server;
mod spelling;
mod telegram;
mod wire;
mod zone;

use anyhow::Context as _;
use chrono::TimeDelta;
use clap::Args;

pub use audit_key::{OwnKeys, parse as parse_keys};
pub use dispatch::Dispatch;
pub use layers::{Layers, Origin, Setting};
pub use link::Linking;
pub use map::Map;
pub use office::{OWN_SECRET, Office};
pub use record::Record;
pub use role::Role;
pub use server::Server;
pub use telegram::TelegramBot;
pub use wire::Wire;

/// Settings that every command takes.
#[derive(Clone, Args)]
pub struct Settings {
    /// Where the record is.
    #[command(flatten)]
    pub record: Record,
    /// What kind of office this is.
    #[command(flatten)]
    pub office: Office,
    /// How Telegram accounts are linked.
    #[command(flatten)]
    pub linking: Linking,
    /// How officers are chosen, and by when they must accept.
    #[command(flatten)]
    pub dispatch: Dispatch,
    /// A file with settings, named as the flags are; `gad.toml` of the working directory when
    /// that is there.
    #[arg(long, global = true, env = file::FILE_VARIABLE, value_name = "FILE")]
    pub config: Option<std::path::PathBuf>,
}

impl Settings {
    /// Whether this is a production office.
    pub fn is_production(&self) -> bool {
        self.office.environment == "production"
    }

    /// The use cases' settings.
    pub fn use_cases(&self) -> app::Settings {
        let mut settings = app::Settings {
            project_name: self.office.project_name.clone(),
            production: self.is_production(),
            time_zone: self.office.time_zone.tz,
            ..app::Settings::default()
        };
        settings.link = app::LinkSettings {
            code_ttl: TimeDelta::hours(self.linking.link_code_hours),
            bot_name: self.linking.telegram_bot_name.clone(),
        };
        settings.dispatch = self.dispatch.settings();
        settings.auth.access_ttl = TimeDelta::minutes(self.office.access_token_minutes);
        settings
    }

    /// Where the keys come from that sign checkpoints of the audit.
    ///
    /// # Errors
    /// A setting that holds no keys.
    pub fn audit_desk(&self) -> anyhow::Result<app::audit::AuditDesk> {
        use app::audit::{AuditDesk, GivenKeys};
        Ok(match (&self.office.audit_key, &self.record.database_url) {
            (Some(text), _) => AuditDesk::new(GivenKeys(parse_keys(text).context("audit_key")?)),
            (None, None) => AuditDesk::new(OwnKeys::of(&self.record.data_dir)),
            (None, Some(_)) => AuditDesk::new(GivenKeys(Vec::new())),
        })
    }

    /// The secrets that sign tokens; an embedded office makes its own on first use.
    ///
    /// # Errors
    /// See [`Office::secrets`].
    pub fn secrets(&self, rng: &dyn domain::Rng) -> anyhow::Result<Vec<String>> {
        let own = self.record.database_url.is_none().then_some(self.record.data_dir.as_path());
        self.office.secrets(own, rng)
    }
}
