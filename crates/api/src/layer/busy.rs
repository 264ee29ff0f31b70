//! What is said to whoever is not let in, made once: the more there is to refuse, the less there is to
//! spare for it.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{headers, request_id};
use crate::extract::RequestId;
use crate::problem::Problem;
use crate::settings::ApiSettings;

/// The refusal to copy.
pub struct Busy {
    /// Its headers where a page was asked for, and where data were.
    heads: [HeaderMap; 2],
    body: Bytes,
}

impl Busy {
    /// With the headers that every answer carries.
    pub fn new(settings: &ApiSettings) -> Self {
        let busy =
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Demasiado trabajo por el momento; intente de nuevo");
        let busy = Problem { retry_after: Some(1), ..busy };
        let body = serde_json::to_vec(&busy).expect("texts and numbers can be written").into();
        let heads = [false, true].map(|is_data| {
            let mut response = busy.clone().into_response();
            headers::secure(&mut response, settings, is_data);
            // Room for the name of the request.
            request_id::show(&mut response, &RequestId(String::new()));
            response.into_parts().0.headers
        });
        Self { heads, body }
    }

    /// One more.
    pub fn answer(&self, is_data: bool) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        *response.headers_mut() = self.heads[usize::from(is_data)].clone();
        response
    }
}
