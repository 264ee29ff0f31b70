//! All routes, and what every request passes on its way to them.

use std::sync::Arc;

use app::Context;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::health::{Endpoints, Probe};
use crate::layer::Door;
use crate::settings::{ApiSettings, Offer};
use crate::ws::hub::Hub;
use crate::{
    admin, assignment, audit, auth, cache, document, event, geo, health, layer, officer, page, position, refusal,
    report, scrape, stats, task, telegram, user, ws,
};

/// What handlers may take. One pointer, since axum copies it several times a request.
#[derive(Clone)]
pub struct State(Arc<Parts>);

struct Parts {
    cx: Context,
    settings: ApiSettings,
    probe: Probe,
    endpoints: Arc<Endpoints>,
}

impl FromRef<State> for Context {
    fn from_ref(state: &State) -> Self {
        state.0.cx.clone()
    }
}

impl FromRef<State> for ApiSettings {
    fn from_ref(state: &State) -> Self {
        state.0.settings.clone()
    }
}

impl FromRef<State> for Hub {
    fn from_ref(state: &State) -> Self {
        state.0.settings.hub.clone()
    }
}

impl FromRef<State> for Probe {
    fn from_ref(state: &State) -> Self {
        state.0.probe.clone()
    }
}

impl FromRef<State> for Arc<Endpoints> {
    fn from_ref(state: &State) -> Self {
        state.0.endpoints.clone()
    }
}

/// What every process answers: whether it is well, and its figures.
fn vitals() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(document::base())
        .routes(routes!(health::health))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(health::root))
        .routes(routes!(health::root_live))
        .routes(routes!(health::root_ready))
        .routes(routes!(scrape::all))
        .routes(routes!(scrape::real_time))
}

fn routes() -> OpenApiRouter<State> {
    vitals()
        .routes(routes!(auth::login::login))
        .routes(routes!(auth::login::refresh))
        .routes(routes!(auth::session::logout))
        .routes(routes!(auth::session::list))
        .routes(routes!(auth::session::revoke))
        .routes(routes!(auth::session::list_of_user))
        .routes(routes!(user::list::list, user::create::create))
        .routes(routes!(user::read::me))
        .routes(routes!(user::read::read, user::update::update))
        .routes(routes!(user::link::issue))
        .routes(routes!(user::link::unlink))
        .routes(routes!(user::panel::list, user::panel::create))
        .routes(routes!(user::panel::read, user::panel::update, user::panel::delete))
        .routes(routes!(geo::view::view))
        .routes(routes!(geo::view::mock))
        .routes(routes!(geo::collection::officers))
        .routes(routes!(geo::collection::tasks))
        .routes(routes!(officer::list::list, officer::create::create))
        .routes(routes!(officer::nearest::nearest))
        .routes(routes!(officer::list::read, officer::change::update, officer::delete::delete))
        .routes(routes!(position::track::track))
        .routes(routes!(task::metrics::metrics))
        .routes(routes!(position::one))
        .routes(routes!(position::many))
        .routes(routes!(health::detailed))
        .routes(routes!(health::performance))
        .routes(routes!(health::government))
        .routes(routes!(task::list::list, task::create::create))
        .routes(routes!(task::emergency::emergency))
        .routes(routes!(task::read::read, task::update::update, task::delete::delete))
        .routes(routes!(task::history::history))
        .routes(routes!(task::note::list, task::note::add))
        .routes(routes!(task::note_file::read))
        .routes(routes!(task::update::assign, assignment::list::of_task))
        .routes(routes!(task::alert::list))
        .routes(routes!(task::alert::take))
        .routes(routes!(task::alert::decisions))
        .routes(routes!(task::alert::state))
        .routes(routes!(task::alert::undo))
        .routes(routes!(assignment::list::mine))
        .routes(routes!(assignment::list::unanswered))
        .routes(routes!(assignment::step::step))
        .routes(routes!(telegram::auth::authenticate))
        .routes(routes!(telegram::auth::verify))
        .routes(routes!(telegram::auth::look_up))
        .routes(routes!(telegram::create::create))
        .routes(routes!(telegram::finish::finish))
        .routes(routes!(telegram::list::of_user))
        .routes(routes!(telegram::list::by_code))
        .routes(routes!(stats::user::user))
        .routes(routes!(stats::invalidate::invalidate))
        .routes(routes!(report::summary::summary))
        .routes(routes!(report::unit::units))
        .routes(routes!(report::density::density))
        .routes(routes!(report::file::export))
        .routes(routes!(report::file::png))
        .routes(routes!(report::file::svg))
        .routes(routes!(cache::stats))
        .routes(routes!(cache::invalidate))
        .routes(routes!(cache::invalidate_pattern))
        .routes(routes!(cache::clear))
        .routes(routes!(admin::command::command))
        .routes(routes!(admin::announce::send))
        .routes(routes!(admin::log::level))
        .routes(routes!(audit::line::list))
        .routes(routes!(audit::verification::read))
        .routes(routes!(audit::checkpoint::list))
        .routes(routes!(event::list))
        .routes(routes!(ws::stats::stats))
        .routes(routes!(ws::broadcast::broadcast))
}

/// The OpenAPI document, from the code.
pub fn openapi() -> OpenApi {
    document::complete(routes().into_openapi())
}

/// All that an office offers, with its documents and pages.
fn offered() -> Router<State> {
    let (router, document) = routes().split_for_parts();
    let json = document::complete(document).to_json().unwrap_or_default();
    let document = axum::routing::get(move || {
        let json = json.clone();
        async move { ([(axum::http::header::CONTENT_TYPE, "application/json")], json) }
    });
    let messages = axum::Json(ws::asyncapi::asyncapi());
    let messages = axum::routing::get(move || std::future::ready(messages.clone()));
    router
        .route("/api/v1/openapi.json", document)
        .route("/api/v1/asyncapi.json", messages)
        .route("/api/v1/geo/geo/map/view", axum::routing::get(geo::view::doubled))
        .route("/ws/connect", axum::routing::any(ws::connect::connect))
        .merge(page::pages())
}

/// The whole API.
pub fn door(cx: Context, settings: ApiSettings) -> Door {
    let endpoints = Arc::new(Endpoints::default());
    let (probe, noted) = (Probe::new(), endpoints.clone());
    let state = State(Arc::new(Parts { cx: cx.clone(), settings: settings.clone(), probe, endpoints: noted }));
    let frame = layer::Frame { cx: cx.clone(), settings: settings.clone(), endpoints };
    let router = match settings.offer {
        Offer::All => offered(),
        Offer::Vitals => vitals().split_for_parts().0,
    };
    let router = match &settings.webhook {
        Some(webhook) => router.route(&webhook.path, axum::routing::post(telegram::webhook::take)),
        None => router,
    };
    let routed = router
        .fallback(layer::not_found)
        .method_not_allowed_fallback(layer::method_not_allowed)
        .with_state(state)
        // One stack, not one `layer` for each: axum boxes and clones a route at every `layer`.
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(frame.clone(), layer::framed))
                // A defect further in is answered within the frame; one of the frame by the door.
                .layer(CatchPanicLayer::custom(layer::panicked))
                .layer(layer::cors(&settings))
                .layer(from_fn_with_state((cx.clone(), settings.clone()), layer::rate_limits))
                .layer(from_fn_with_state(settings.clone(), layer::announced_size))
                .layer(DefaultBodyLimit::max(settings.body_limit))
                .layer(from_fn(layer::idempotency_key))
                .layer(from_fn_with_state(cx, refusal::audited)),
        );
    Door::new(frame, routed)
}
