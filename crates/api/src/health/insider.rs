//! Who may see more than whether the office is well.

use app::Context;
use app::policy::{self, Permission};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;

use crate::extract::Authenticated;
use crate::settings::ApiSettings;

/// Whether the caller may see figures of the system. Everybody else gets the same fields with
/// neutral values: versions, load and numbers of people help those who look for a way in.
pub struct Insider(pub bool);

impl<S> FromRequestParts<S> for Insider
where
    S: Send + Sync,
    Context: FromRef<S>,
    ApiSettings: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        // A bad token, and a record that does not answer, open nothing here and refuse nothing.
        let actor = Authenticated::from_request_parts(parts, state).await;
        Ok(Self(actor.is_ok_and(|actor| policy::require(&actor.0, Permission::ViewSystemMetrics).is_ok())))
    }
}
