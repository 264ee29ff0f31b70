//! REST `/api/v1`: extract, call one use case, convert. No SQL, no rule, no question about
//! levels stands here.

mod error;
mod etag;
mod extract;
mod field;
mod layer;
mod problem;
mod router;
mod schema;
mod settings;

mod auth;
mod health;
mod officer;
mod position;
mod task;
mod user;

pub use router::{openapi, router};
pub use settings::{ApiSettings, Values as ApiValues};
