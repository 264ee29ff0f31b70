//! REST `/api/v1`: extract, call one use case, convert. No SQL, no rule, no question about
//! levels stands here.

mod client;
mod document;
mod error;
mod etag;
mod event;
mod extract;
mod field;
mod layer;
mod problem;
mod refusal;
mod report;
mod router;
mod schema;
mod serve;
mod settings;

mod admin;
mod assignment;
mod audit;
mod auth;
mod cache;
mod geo;
mod health;
mod officer;
mod page;
mod position;
mod scrape;
mod stats;
mod task;
mod telegram;
mod user;
mod ws;

pub use client::{ClientAddress, NoProxy, TrustedProxies, TrustedProxy, read_origin};
pub use layer::{Door, StartupGate};
pub use officer::OfficerOut;
pub use router::{door, openapi};
pub use serve::{Pace, ServeLimits, Tls, TlsError, serve};
pub use settings::{ApiSettings, Gauges, Logging, MapSource, Offer, Resources, Values as ApiValues};
pub use task::TaskOut;
pub use telegram::webhook::{Intake, Webhook};
pub use ws::asyncapi::asyncapi;
pub use ws::hub::{Hub, HubSettings};
pub use ws::{keep as keep_sockets, send_away};
