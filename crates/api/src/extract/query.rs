//! Query strings.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{Cursor, Page};

use super::rejection::field_error;
use crate::error::ApiError;
use crate::problem::{FieldError, Problem};

/// A query string.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let text = parts.uri.query().unwrap_or_default();
        if let Some((name, _)) = form_urlencoded::parse(text.as_bytes()).find(|(_, value)| value.contains('\0')) {
            let msg = "must not contain the character NUL";
            return Err(Problem::invalid(vec![FieldError::new("value_error", "query", &name, msg, Value::Null)]).into());
        }
        let deserializer = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
        serde_path_to_error::deserialize(deserializer).map(Self).map_err(|error| {
            let given = |way: &[Value]| {
                let name = way.last().and_then(Value::as_str).unwrap_or_default();
                let value = form_urlencoded::parse(text.as_bytes()).find(|(key, _)| key == name);
                value.map_or(Value::Null, |(_, value)| Value::from(value.into_owned()))
            };
            let message = error.inner().to_string();
            Problem::invalid(vec![field_error("query", error.path(), &message, given)]).into()
        })
    }
}

/// Which part of a list: `skip` and `limit` of the contract, or `cursor`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Rows to leave out.
    #[serde(default)]
    #[param(default = 0, minimum = 0, maximum = 4_294_967_295_i64, format = Int64)]
    skip: u32,
    /// Most rows, 1 to 500.
    #[serde(default = "default_limit")]
    #[param(default = 100, minimum = 1, maximum = 500)]
    limit: u32,
    /// Begin after the row of this id; the last id of a page is the cursor of the next.
    cursor: Option<i64>,
}

const fn default_limit() -> u32 {
    100
}

/// Most rows of one page.
pub const MAX_LIMIT: u32 = 500;

impl Paging {
    /// The page of the store.
    pub fn page(&self) -> Result<Page, ApiError> {
        if !(1..=MAX_LIMIT).contains(&self.limit) {
            let msg = format!("must lie between 1 and {MAX_LIMIT}");
            let error = FieldError::new("value_error", "query", "limit", msg, self.limit.into());
            return Err(Problem::invalid(vec![error]).into());
        }
        Ok(Page { skip: self.skip, limit: self.limit, after: self.cursor.map(Cursor), descending: false })
    }
}
