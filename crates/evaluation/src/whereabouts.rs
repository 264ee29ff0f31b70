//! What is evaluated, and how it is set up.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::text::{Text, text};

/// How what is evaluated is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SetUp {
    /// One process and its directory.
    #[serde(rename(serialize = "embebido", deserialize = "embedded"))]
    Embedded,
    /// PostgreSQL, Redis and two replicas.
    #[serde(rename(serialize = "escalado", deserialize = "scaled"))]
    Scaled,
    /// Whatever somebody else serves.
    #[serde(rename(serialize = "remoto", deserialize = "remote"))]
    Remote,
}

impl SetUp {
    /// In words.
    pub const fn title(self) -> Text {
        match self {
            Self::Embedded => text("embebido: un proceso y su directorio", "embedded: one process and its directory"),
            Self::Scaled => {
                text("escalado: PostgreSQL, Redis y dos réplicas", "scaled out: PostgreSQL, Redis and two replicas")
            }
            Self::Remote => text("remoto: lo que otro sirve", "remote: what somebody else serves"),
        }
    }

    /// As results name it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Embedded => "embebido",
            Self::Scaled => "escalado",
            Self::Remote => "remoto",
        }
    }

    /// The flag that chooses it.
    pub const fn flag(self) -> &'static str {
        match self {
            Self::Embedded => "--embedded",
            Self::Scaled => "--scaled",
            Self::Remote => "--target URL",
        }
    }
}

/// Where to find what is evaluated.
#[derive(Debug, Clone)]
pub enum Whereabouts {
    /// An office of its own on a directory.
    Embedded,
    /// One on services of its own.
    Scaled,
    /// Somebody else's.
    Remote(Remote),
}

impl Whereabouts {
    /// How it is set up.
    pub const fn set_up(&self) -> SetUp {
        match self {
            Self::Embedded => SetUp::Embedded,
            Self::Scaled => SetUp::Scaled,
            Self::Remote(_) => SetUp::Remote,
        }
    }
}

/// An office that somebody else serves.
#[derive(Clone)]
pub struct Remote {
    /// Where it listens.
    pub address: SocketAddr,
    /// With what an administrator signs in.
    pub email: String,
    /// The password.
    pub password: String,
    /// Whether it may be written to and pressed beyond what it can do.
    pub faults: bool,
}

/// Without what is secret.
impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote").finish_non_exhaustive()
    }
}
