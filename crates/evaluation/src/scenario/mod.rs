//! Scenarios: each does one thing to the office and brings figures. One that fails stops no other.

mod audit;
mod away;
mod bot;
mod compute;
mod events;
mod faults;
mod inventory;
mod kill;
mod layers;
mod limits;
mod look;
mod memory;
mod mix;
mod nearest;
mod nominal;
mod overload;
mod pubsub;
mod racers;
mod scale;
mod shutdown;
mod steps;
mod supervision;
mod swarm;
mod trail;
mod walk;

use anyhow::Result;

use crate::measure::Evidence;
use crate::profile::Profile;
use crate::target::{Target, Whereabouts};
use crate::text::{Text, text};

/// What scenarios share.
#[derive(Debug)]
pub struct Stage {
    /// The office.
    pub target: Target,
    /// How long and how hard.
    pub profile: Profile,
    /// Where all chance begins.
    pub seed: u64,
    /// What earlier scenarios found.
    pub found: Evidence,
}

/// A scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// Parts, routes, tasks and lints.
    Inventory,
    /// Every operation without a token, and those that only read with one.
    Walk,
    /// The load of a busy day.
    Nominal,
    /// More and more at once.
    Steps,
    /// Twice as much as can be done.
    Overload,
    /// Searches beside writers.
    Nearest,
    /// Many for one officer.
    Racers,
    /// Many screens.
    Swarm,
    /// Thousands of events, each seen once.
    Events,
    /// Reading, writing and computing, alone and together.
    Compute,
    /// Limits reached on purpose.
    Limits,
    /// Memory under even load.
    Memory,
    /// Tasks and the runtime after all that.
    Supervision,
    /// People who talk to the bot.
    Bot,
    /// Telegram away.
    Away,
    /// One request followed by its name.
    Trail,
    /// Events from replica to replica, with Redis and without.
    PubSub,
    /// One replica and two.
    Scale,
    /// A bad way to the database and to Redis.
    Faults,
    /// A gentle load that only reads.
    Look,
    /// SIGTERM in full load.
    Shutdown,
    /// SIGKILL in full writing.
    Kill,
    /// The chain after all that.
    Audit,
}

impl Scenario {
    /// All of them, in the order in which they run: those that end the process come last.
    pub const ALL: [Self; 23] = [
        Self::Inventory,
        Self::Walk,
        Self::Nominal,
        Self::Steps,
        Self::Overload,
        Self::Nearest,
        Self::Racers,
        Self::Swarm,
        Self::Events,
        Self::Compute,
        Self::Supervision,
        Self::Limits,
        Self::Memory,
        Self::Look,
        Self::Bot,
        Self::Away,
        Self::Trail,
        Self::PubSub,
        Self::Scale,
        Self::Faults,
        Self::Shutdown,
        Self::Kill,
        Self::Audit,
    ];

    /// Its name, as `--only` takes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inventory => "inventory",
            Self::Walk => "walk",
            Self::Nominal => "nominal",
            Self::Steps => "steps",
            Self::Overload => "overload",
            Self::Nearest => "nearest",
            Self::Racers => "racers",
            Self::Swarm => "swarm",
            Self::Events => "events",
            Self::Compute => "compute",
            Self::Limits => "limits",
            Self::Memory => "memory",
            Self::Supervision => "supervision",
            Self::Bot => "bot",
            Self::Away => "away",
            Self::Trail => "trail",
            Self::PubSub => "pubsub",
            Self::Scale => "scale",
            Self::Faults => "faults",
            Self::Look => "look",
            Self::Shutdown => "shutdown",
            Self::Kill => "kill",
            Self::Audit => "audit",
        }
    }

    /// What it does, for whoever watches.
    pub const fn title(self) -> Text {
        match self {
            Self::Inventory => text("inventario de lo que corre", "inventory of what runs"),
            Self::Walk => text("recorrido de todas las rutas", "walk along all routes"),
            Self::Nominal => text("carga nominal", "nominal load"),
            Self::Steps => text("escalones de concurrencia", "steps of concurrency"),
            Self::Overload => text("sobrecarga al doble", "overload at twice the peak"),
            Self::Nearest => text("más cercanos junto a escritores", "nearest beside writers"),
            Self::Racers => text("carrera por un efectivo", "race for one officer"),
            Self::Swarm => text("enjambre de conexiones", "swarm of sockets"),
            Self::Events => text("cada evento una vez", "every event once"),
            Self::Compute => text("cargas por separado y juntas", "loads alone and together"),
            Self::Limits => text("límites alcanzados a propósito", "limits reached on purpose"),
            Self::Memory => text("pendiente de memoria", "slope of memory"),
            Self::Supervision => text("tareas y planificador", "tasks and scheduler"),
            Self::Bot => text("conversaciones con el bot", "conversations with the bot"),
            Self::Away => text("Telegram ausente", "Telegram away"),
            Self::Trail => text("una petición seguida por su nombre", "one request followed by its name"),
            Self::PubSub => {
                text("de réplica a réplica, con Redis y sin él", "from replica to replica, with Redis and without")
            }
            Self::Scale => text("una réplica y dos", "one replica and two"),
            Self::Faults => text("mal camino a la base y a Redis", "a bad way to the database and Redis"),
            Self::Look => text("lectura suave", "gentle reading"),
            Self::Shutdown => text("SIGTERM en plena carga", "SIGTERM in full load"),
            Self::Kill => text("SIGKILL en plena escritura", "SIGKILL in full writing"),
            Self::Audit => text("cadena de auditoría", "audit chain"),
        }
    }

    /// Whether it can be done to this office without harm that nobody asked for.
    pub const fn fits(self, at: &Whereabouts) -> bool {
        match at {
            Whereabouts::Scaled => !matches!(self, Self::Look),
            Whereabouts::Embedded => !matches!(self, Self::Look | Self::PubSub | Self::Scale | Self::Faults),
            Whereabouts::Remote(remote) => match self {
                Self::Inventory | Self::Look => true,
                Self::Nominal | Self::Steps | Self::Overload | Self::Nearest | Self::Racers => remote.faults,
                _ => false,
            },
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// When it could not be done; what it would have measured is not measured.
    pub async fn run(self, stage: &mut Stage) -> Result<Evidence> {
        let mut evidence = match self {
            Self::Inventory => inventory::run(stage).await,
            Self::Walk => walk::run(stage).await,
            Self::Nominal => nominal::run(stage).await,
            Self::Steps => steps::run(stage).await,
            Self::Overload => overload::run(stage).await,
            Self::Nearest => nearest::run(stage).await,
            Self::Racers => racers::run(stage).await,
            Self::Swarm => swarm::run(stage).await,
            Self::Limits => limits::run(stage).await,
            Self::Memory => memory::run(stage).await,
            Self::Supervision => supervision::run(stage).await,
            Self::Bot => bot::run(stage).await,
            Self::Events => events::run(stage).await,
            Self::Compute => compute::run(stage).await,
            Self::Away => away::run(stage).await,
            Self::Trail => trail::run(stage).await,
            Self::PubSub => pubsub::run(stage).await,
            Self::Scale => scale::run(stage).await,
            Self::Faults => faults::run(stage).await,
            Self::Look => look::run(stage).await,
            Self::Shutdown => shutdown::run(stage).await,
            Self::Kill => kill::run(stage).await,
            Self::Audit => audit::run(stage).await,
        }?;
        for measurement in &mut evidence.measurements {
            measurement.scenario = self.name();
            measurement.repeat = format!(
                "gad evaluate {} --profile {} --seed {} --only {}",
                stage.target.set_up().flag(),
                stage.profile.name,
                stage.seed,
                self.name()
            );
        }
        Ok(evidence)
    }
}
