//! Query strings.

use axum::extract::FromRequestParts;
use axum::http::HeaderName;
use axum::http::request::Parts;
use axum::response::AppendHeaders;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{Cursor, Page};

use utoipa::IntoParams;
use utoipa::openapi::Required;

use super::body::{fields, of_name};
use super::faults::{merge, read_fields};
use super::field_fault::FieldFault;
use super::rejection::refusal;
use super::sent;
use crate::error::ApiError;
use crate::field;
use crate::problem::Problem;

/// A query string.
pub struct Query<T>(pub T);

/// A query string that two types read.
pub struct QueryPair<A, B>(pub A, pub B);

/// A query string that three types read.
pub struct QueryTriple<A, B, C>(pub A, pub B, pub C);

impl<S: Send + Sync, T: QueryPart> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut query = Asking::new(parts);
        let read = query.read();
        query.close()?;
        read.map(Self).ok_or_else(unread)
    }
}

impl<S: Send + Sync, A: QueryPart, B: QueryPart> FromRequestParts<S> for QueryPair<A, B> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut query = Asking::new(parts);
        let (first, second) = (query.read(), query.read());
        query.close()?;
        Ok(Self(first.ok_or_else(unread)?, second.ok_or_else(unread)?))
    }
}

impl<S: Send + Sync, A: QueryPart, B: QueryPart, C: QueryPart> FromRequestParts<S> for QueryTriple<A, B, C> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut query = Asking::new(parts);
        let (first, second, third) = (query.read(), query.read(), query.read());
        query.close()?;
        Ok(Self(first.ok_or_else(unread)?, second.ok_or_else(unread)?, third.ok_or_else(unread)?))
    }
}

/// What can be read from a query string.
pub trait QueryPart: DeserializeOwned + IntoParams {}

impl<T: DeserializeOwned + IntoParams> QueryPart for T {}

/// A query string and all that is wrong with it.
struct Asking {
    fields: Vec<(String, Value)>,
    faults: Vec<FieldFault>,
}

impl Asking {
    fn new(parts: &Parts) -> Self {
        let fields = fields(parts.uri.query().unwrap_or_default().as_bytes());
        sent::keep_query(&fields);
        let nul = |(name, value): &(String, Value)| {
            let msg = "must not contain the character NUL".to_owned();
            let is_nul = value.as_str().is_some_and(|text| text.contains('\0'));
            is_nul.then(|| FieldFault { way: vec![name.as_str().into()], kind: "value_error", msg })
        };
        Self { faults: fields.iter().filter_map(nul).collect(), fields }
    }

    fn read<T: QueryPart>(&mut self) -> Option<T> {
        let needed = || {
            let parameters = T::into_params(|| None).into_iter();
            parameters
                .filter(|parameter| parameter.required == Required::True)
                .map(|parameter| parameter.name)
                .collect()
        };
        match read_fields(&self.fields, needed) {
            Ok(value) => Some(value),
            Err(faults) => {
                merge(&mut self.faults, faults);
                None
            }
        }
    }

    fn close(self) -> Result<(), ApiError> {
        if self.faults.is_empty() {
            return Ok(());
        }
        Err(refusal("query", self.faults, |way| of_name(&self.fields, way)))
    }
}

/// Never given: what was not read has left a fault.
fn unread() -> ApiError {
    Problem::invalid(Vec::new()).into()
}

/// Header of a list that names its next page; absent on the last one.
pub const NEXT_CURSOR: HeaderName = HeaderName::from_static("x-next-cursor");
/// Header of a list with the number of all that there are.
pub const TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");

/// Which part of a list: `skip` and `limit` of the contract, or `cursor`.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Rows to leave out.
    #[serde(default)]
    #[param(default = 0, minimum = 0, maximum = 4_294_967_295_i64, format = Int64)]
    skip: u32,
    /// Most rows, 1 to 500.
    #[serde(default = "default_limit", deserialize_with = "field::bounded::<_, u32, 1, 500>")]
    #[param(default = 100, minimum = 1, maximum = 500)]
    limit: u32,
    /// Begin after the row of this id; the last id of a page is the cursor of the next.
    cursor: Option<i64>,
}

/// Of a list's answer: its next page, if there may be one.
pub type NextPage = AppendHeaders<Option<(HeaderName, String)>>;

const fn default_limit() -> u32 {
    100
}

/// The header that names the next page by the cursor of this one, where this one is full.
pub fn next_page(is_full: bool, cursor: Option<i64>) -> NextPage {
    AppendHeaders(cursor.filter(|_| is_full).map(|cursor| (NEXT_CURSOR, cursor.to_string())))
}

impl Paging {
    /// The header that names the next page, after a page whose rows have these numbers.
    pub fn next_page(&self, mut ids: impl DoubleEndedIterator<Item = i64> + ExactSizeIterator) -> NextPage {
        next_page(ids.len() >= self.limit as usize, ids.next_back())
    }

    /// The page of the store.
    pub fn page(&self) -> Page {
        Page { skip: self.skip, limit: self.limit, after: self.cursor.map(Cursor), descending: false }
    }
}
