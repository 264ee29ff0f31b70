//! The dashboard at the address that GRUPO_GAD gave it.

use app::policy::{self, Permission};
use axum::response::{IntoResponse, Redirect, Response};

use super::{html, web};
use crate::error::ApiError;
use crate::extract::MaybeActor;

/// The same page as `/`, for administrators as the contract has it; others are sent to sign in.
pub async fn dashboard(MaybeActor(actor): MaybeActor) -> Response {
    let Some(actor) = actor else { return Redirect::to("/login").into_response() };
    match policy::require(&actor, Permission::ConfigureSystem) {
        Ok(()) => web::index().await,
        Err(refusal) => {
            // A person reads this one; what the refusal leaves for the audit goes with it.
            let (mut parts, _) = ApiError::from(refusal).into_response().into_parts();
            let page = html(include_str!("../../static/forbidden.html"));
            parts.headers.extend(page.headers().clone());
            Response::from_parts(parts, page.into_body())
        }
    }
}
