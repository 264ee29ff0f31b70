//! What handlers take from a request. Each refusal is a problem that names the field.

mod actor;
mod batch;
mod body;
mod content;
mod cookie;
mod faults;
mod field_fault;
mod json;
mod node;
mod path;
mod query;
mod rejection;
mod request;
mod sent;
mod together;

pub use actor::{Authenticated, COOKIE, MaybeActor, header_token, reading_token, token, user_of_token};
pub use batch::{Batch, BatchElement};
pub use body::{Form, Json, OptionalJson, too_large, unreadable};
pub use content::accepts;
pub use cookie::{cookie_value, cookies};
pub use field_fault::FieldFault;
pub use path::{Id, Ids, TextPath, UuidPath};
pub use query::{NEXT_CURSOR, NextPage, Paging, Query, QueryPair, QueryTriple, TOTAL_COUNT, next_page};
pub use request::{RequestId, RequestInfo, request_of};
pub use sent::{add_input, part_of_field, with_sent};
pub use together::{Pair, WithBody};
