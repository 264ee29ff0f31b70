//! Commands that an administrator may give a running office.

use domain::audit::AuditEvent;

use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Result, cache, housekeeping};

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Ask the record for a sign of life.
    Ping,
    /// Drop all cached answers.
    CacheClear,
    /// Ask the record anew who the bearers of tokens are.
    SessionsRefresh,
    /// Remove what is no longer needed, now.
    Housekeeping,
}

impl Command {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ping, Self::CacheClear, Self::SessionsRefresh, Self::Housekeeping];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ping => "ping",
            Self::CacheClear => "cache_clear",
            Self::SessionsRefresh => "sessions_refresh",
            Self::Housekeeping => "housekeeping",
        }
    }
}

impl TryFrom<String> for Command {
    type Error = String;

    fn try_from(name: String) -> std::result::Result<Self, String> {
        let known = Self::ALL.map(Self::name).join(", ");
        Self::ALL.into_iter().find(|command| command.name() == name).ok_or_else(|| format!("must be one of: {known}"))
    }
}

/// Carries out a command and says in Spanish what was done. The audit keeps how large the
/// payload was, not what stood in it.
pub async fn run(cx: &Context, actor: &Actor, command: Command, payload_bytes: usize) -> Result<String> {
    policy::require(actor, Permission::ConfigureSystem)?;
    let done = match command {
        Command::Ping => {
            let took = cx.store.ping().await?;
            format!("La base de datos respondió en {:.1} ms", took.as_secs_f64() * 1000.0)
        }
        Command::CacheClear => {
            let removed = cx.bus.cache.clear().await.ok_or_else(cache::away)?;
            format!("Caché limpiado: {removed} claves")
        }
        Command::SessionsRefresh => {
            cx.principals.forget_all();
            "Las sesiones se consultan de nuevo".to_owned()
        }
        Command::Housekeeping => {
            housekeeping::clean(cx).await?;
            "Limpieza realizada".to_owned()
        }
    };
    let name = command.name();
    let note = Note::new(cx, actor, AuditEvent::SystemConfigChanged, cx.clock.now(), format!("Comando {name}"))
        .on("comando", name)
        .fact("payload_bytes", payload_bytes)
        .tags("update");
    record::write_alone(cx, note).await?;
    Ok(done)
}
