//! Every refusal by policy leaves an audit line, whichever route refused: written here, and
//! nowhere else.

use std::sync::{Arc, Mutex, PoisonError};

use app::{Actor, Context, Refusal};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

/// Who asks, once that is known, for the layer that asked to be told.
#[derive(Clone, Default)]
pub struct Asker(Arc<Mutex<Option<Actor>>>);

impl Asker {
    /// It is `actor`. A later call adds on whose behalf the same one acts.
    pub fn is(&self, actor: &Actor) {
        if let Some(user) = actor.acting_user() {
            tracing::Span::current().record("user.id", user.0);
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(actor.clone());
    }

    fn actor(&self) -> Option<Actor> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The one of this request.
    pub fn of(parts: &Parts) -> Self {
        parts.extensions.get::<Self>().cloned().unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asker {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts))
    }
}

/// That policy refused, on its way out with the response.
#[derive(Debug, Clone, Copy)]
pub struct Refused(pub Refusal);

/// Writes down who was refused what.
pub async fn audited(State(cx): State<Context>, mut request: Request, next: Next) -> Response {
    let asker = Asker::default();
    request.extensions_mut().insert(asker.clone());
    let response = next.run(request).await;
    if let Some(Refused(why)) = response.extensions().get()
        && let Some(actor) = asker.actor()
    {
        app::record_refusal(&cx, &actor, *why).await;
    }
    response
}
