//! Answers where no handler gives one.

use std::any::Any;
use std::future::ready;
use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use futures::future::Either;

use crate::problem::Problem;

/// No such path.
pub async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "Not Found")
}

/// The path knows other methods only.
pub async fn method_not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method Not Allowed")
}

/// A defect of ours: the request fails, the server goes on.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let what = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(code = "internal", panic = what.unwrap_or("?"), "handler panicked");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Error interno").into_response()
}

/// Begins an answer; a panic on the way is given to [`guarded`].
pub fn begun<F>(begin: impl FnOnce() -> F) -> std::thread::Result<F> {
    catch_unwind(AssertUnwindSafe(begin))
}

/// Answers with 500 where the answer panicked when it was begun, or panics now. Everything that a request
/// passes lies within: no layer, and no code before the layers, can end a connection without an answer.
pub fn guarded<F>(answer: std::thread::Result<F>) -> impl Future<Output = Response> + Send
where
    F: Future<Output = Response> + Send,
{
    match answer {
        Ok(answer) => {
            Either::Left(AssertUnwindSafe(answer).catch_unwind().map(|answer| answer.unwrap_or_else(panicked)))
        }
        Err(panic) => Either::Right(ready(panicked(panic))),
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::middleware::{Next, from_fn};
    use tower::{Service as _, ServiceBuilder};

    use super::*;

    async fn is_usual(answer: Response) {
        assert_eq!(answer.status(), 500);
        let body = axum::body::to_bytes(answer.into_body(), 1024).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&body["code"], &body["detail"]), (&"internal".into(), &"Error interno".into()));
    }

    /// A layer that panics when the request names it.
    async fn fails(name: &'static str, request: Request, next: Next) -> Response {
        assert!(request.uri().path() != name, "a defect of {name}");
        let response = next.run(request).await;
        assert!(response.headers().get("x-late").is_none_or(|late| late != name), "a late defect of {name}");
        response
    }

    #[tokio::test]
    async fn a_panic_in_any_layer_is_answered_with_500() {
        let layers = ["/framed", "/cors", "/limits", "/size", "/key"];
        let router = Router::new().fallback(|request: Request| async move {
            let late = request.uri().query().unwrap_or_default().to_owned();
            assert!(late != "handler", "a defect of the handler");
            ([("x-late", late)], "well")
        });
        let layer = |name| from_fn(move |request, next| fails(name, request, next));
        let router = router.layer(
            ServiceBuilder::new()
                .layer(layer(layers[0]))
                .layer(layer(layers[1]))
                .layer(layer(layers[2]))
                .layer(layer(layers[3]))
                .layer(layer(layers[4])),
        );
        let answer = |uri: String| {
            let mut router = router.clone();
            guarded(begun(move || {
                let answer = router.call(Request::builder().uri(uri).body(Body::empty()).unwrap());
                async move { answer.await.unwrap() }
            }))
        };
        for layer in layers {
            is_usual(answer(layer.to_owned()).await).await;
            is_usual(answer(format!("/?{layer}")).await).await;
        }
        is_usual(answer("/?handler".to_owned()).await).await;
        assert_eq!(answer("/".to_owned()).await.status(), 200);
    }

    #[tokio::test]
    async fn a_panic_before_the_layers_is_answered_with_500() {
        let is_defective = std::hint::black_box(true);
        let answer = begun(|| {
            assert!(!is_defective, "a defect of the door");
            ready(Response::default())
        });
        is_usual(guarded(answer).await).await;
    }
}
