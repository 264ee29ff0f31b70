//! What every use case needs.

use std::ops::Deref;
use std::sync::Arc;

use bus::Bus;
use domain::{Clock, Rng};
use store::Store;

use crate::Settings;
use crate::audit::AuditDesk;
use crate::auth::{Hasher, KeyRing, Principals};
use crate::dispatch::FreedOfficers;
use crate::presence::LiveScreens;
use crate::report::ReportDesk;

/// The parts of the office, shared by all that work in it. Cheap to clone.
#[derive(Clone)]
pub struct Context(Arc<Parts>);

/// A few handles; the work is in free functions.
pub struct Parts {
    /// The record.
    pub store: Arc<dyn Store>,
    /// What replicas share besides the record.
    pub bus: Bus,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub rng: Arc<dyn Rng>,
    /// Signs and checks tokens.
    pub keys: KeyRing,
    /// Hashes passwords, off the runtime.
    pub hasher: Hasher,
    /// Makes reports, off the runtime.
    pub reports: ReportDesk,
    /// Who the bearers of tokens are, known for at most a few seconds.
    pub principals: Principals,
    /// What the office has chosen.
    pub settings: Settings,
    /// Keys of the audit's checkpoints, and how its proof stands.
    pub audit: AuditDesk,
    /// Officers who may have become free, for the task that serves waiting emergencies.
    pub freed_officers: FreedOfficers,
    /// Users with a live screen, who can be reached without Telegram.
    pub screens: LiveScreens,
}

impl Context {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Context {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
