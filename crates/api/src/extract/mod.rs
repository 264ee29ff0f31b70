//! What handlers take from a request. Each refusal is a problem that names the field.

mod actor;
mod body;
mod path;
mod query;
mod rejection;
mod request;

pub use actor::{Authenticated, COOKIE, MaybeActor, reading_token, token};
pub use body::{Form, Json, too_large, unreadable};
pub use path::{Id, Ids, TextPath, UuidPath};
pub use query::{MAX_LIMIT, Paging, Query};
pub use request::{RequestId, RequestInfo, request_of};
