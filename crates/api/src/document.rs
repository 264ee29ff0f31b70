//! The OpenAPI document: what the annotations of the handlers say, completed by what holds for all
//! operations, so that programs that know nothing of this one can read and use it.

use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Password, Scopes, SecurityRequirement,
    SecurityScheme,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, Content, ContentBuilder, InfoBuilder, License, ObjectBuilder, OpenApi, OpenApiBuilder, Ref, RefOr,
    Required, Response, ResponseBuilder, Schema, ServerBuilder, Tag, Type,
};
use utoipa::{PartialSchema, ToSchema};

use crate::extract::COOKIE;
use crate::field::PeriodBound;
use crate::schema::EventoAuditoria;

/// Groups of operations, in the order of the page of the API.
const TAGS: [(&str, &str); 17] = [
    ("auth", "Sign-in, tokens and sessions."),
    ("users", "Users, with the level as a number."),
    ("usuarios", "Users as the panel sees them, with the level as text."),
    ("tasks", "Tasks, emergencies, notes and history."),
    ("asignaciones", "Assignments and offers of tasks to officers, and their steps."),
    ("efectivos", "Officers and where they are."),
    ("geo", "What maps draw."),
    ("eventos", "What happened, in pages or as a stream."),
    ("reports", "Figures of a period."),
    ("stats", "Figures of one user."),
    ("audit", "Who did what, and the proof of it."),
    ("telegram", "What the bot asks for."),
    ("admin", "Commands to the running office."),
    ("cache", "The cache of figures."),
    ("health", "Whether the office is well."),
    ("metrics", "Figures for Prometheus."),
    ("ws", "WebSockets, as far as plain requests are concerned."),
];

/// Operations that honour `Idempotency-Key`. A change that is not among them may be asked for twice (the second
/// request finds it made), or its answer is a secret, which is not kept (docs/api.md).
pub const KEYED: [&str; 18] = [
    "announcement_send",
    "assignment_step",
    "create_usuario",
    "delete_usuario",
    "emergency_raise",
    "officer_create",
    "officer_delete",
    "officer_update",
    "task_assign",
    "task_create",
    "task_delete",
    "task_note_add",
    "task_update",
    "telegram_task_create",
    "telegram_task_finalize",
    "update_usuario",
    "user_create",
    "user_update",
];

/// Operations whose answer has an `ETag`, and that honour `If-None-Match`.
const TAGGED: [&str; 4] = ["officer_read", "task_read", "user_me", "user_read"];

/// What every office says of itself, before any route is added.
pub fn base() -> OpenApi {
    let info = InfoBuilder::new()
        .title("GRUPO_GAD")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Despacho de efectivos: tareas, emergencias, posiciones."))
        .license(Some(license()))
        .build();
    let mut components = Components::new();
    // Types of parameters alone, which the annotations name and do not bring along.
    components.schemas.insert(PeriodBound::name().into_owned(), PeriodBound::schema());
    components.schemas.insert(EventoAuditoria::name().into_owned(), EventoAuditoria::schema());
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("`access_token` of `POST /api/v1/auth/login`."))
        .build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let password = Flow::Password(Password::new("/api/v1/auth/login", Scopes::new()));
    components.add_security_scheme("oauth2", SecurityScheme::OAuth2(OAuth2::new([password])));
    let mut cookie = ApiKeyValue::new(COOKIE);
    cookie.description =
        Some("Set by sign-in. A change by cookie must come from a page of the office itself.".to_owned());
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    let here = ServerBuilder::new().url("/").description(Some("The office that serves this document.")).build();
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([here]))
        .tags(Some(
            TAGS.map(|(name, description)| -> Tag {
                TagBuilder::new().name(name).description(Some(description)).build()
            }),
        ))
        .components(Some(components))
        .build()
}

fn license() -> License {
    let mut license = License::new("MIT");
    license.identifier = Some("MIT".to_owned());
    license
}

/// Completes the document that the annotations make.
pub fn complete(mut document: OpenApi) -> OpenApi {
    let paths = std::mem::take(&mut document.paths.paths);
    for (path, mut item) in paths {
        let read = [&mut item.get];
        read.into_iter().flatten().for_each(|operation| complete_operation(operation, false));
        let changes = [&mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        changes.into_iter().flatten().for_each(|operation| complete_operation(operation, true));
        // A wildcard is a parameter like others here, and both spellings of a collection are answered: the
        // one without the slash is that of the document, since tools refuse the other one.
        let path = path.replace("{*", "{");
        let path = path.strip_suffix('/').map_or(path.clone(), str::to_owned);
        document.paths.paths.insert(path, item);
    }
    document
}

fn complete_operation(operation: &mut Operation, is_change: bool) {
    if operation.description.is_none() {
        operation.description.clone_from(&operation.summary);
    }
    let id = operation.operation_id.clone().unwrap_or_default();
    let parameters = operation.parameters.get_or_insert_default();
    if KEYED.contains(&id.as_str()) {
        parameters.push(RefOr::T(header_parameter("Idempotency-Key")));
    }
    let is_tagged = TAGGED.contains(&id.as_str());
    if is_tagged {
        parameters.push(RefOr::T(header_parameter("If-None-Match")));
        let known = ResponseBuilder::new().description("The caller has the present version.").build();
        operation.responses.responses.insert("304".to_owned(), RefOr::T(known));
    }
    parameters.iter_mut().for_each(complete_parameter);
    if parameters.is_empty() {
        operation.parameters = None;
    }
    secure(operation);
    let responses = &mut operation.responses.responses;
    for status in ["4XX", "5XX"] {
        responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem()));
    }
    for (status, response) in responses {
        let RefOr::T(response) = response else { continue };
        name_problems(response);
        if response.description.is_empty() {
            response.description = describe(status, is_change).to_owned();
        }
    }
}

/// What a status means where an annotation does not say it.
fn describe(status: &str, is_change: bool) -> &'static str {
    match status {
        "200" if is_change => "Done.",
        "200" => "What was asked for.",
        "201" => "Made.",
        "204" => "Done; there is nothing to say.",
        "404" => "There is no such thing.",
        "503" => "Not available now; `Retry-After` says when to ask again.",
        "4XX" => "Refused: `code` and `detail` say why, `errors` names the fields of a 422.",
        "5XX" => "Not done: a defect (500), not available now (503, with `Retry-After`), or no room (507).",
        _ => "As its status says.",
    }
}

/// A token in a header may come from the password flow, or be in the cookie instead. An open operation says so.
fn secure(operation: &mut Operation) {
    let bearer = SecurityRequirement::new::<_, [&str; 0], &str>("bearer", []);
    let security = operation.security.get_or_insert_default();
    if security.contains(&bearer) {
        for scheme in ["oauth2", "cookie"] {
            security.push(SecurityRequirement::new::<_, [&str; 0], &str>(scheme, []));
        }
    }
}

fn problem() -> Response {
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().content("application/problem+json", content).build()
}

/// Problems have a content type of their own.
fn name_problems(response: &mut Response) {
    let is_problem = |content: &RefOr<Content>| match content {
        RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) => schema.ref_location.ends_with("/Problem"),
        _ => false,
    };
    if response.content.get("application/json").is_some_and(is_problem)
        && let Some(content) = response.content.swap_remove("application/json")
    {
        response.content.insert("application/problem+json".to_owned(), content);
    }
    if response.content.contains_key("application/problem+json") {
        response.headers.insert("Retry-After".to_owned(), RefOr::T(retry_after()));
    }
}

fn retry_after() -> Header {
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).build();
    let mut header = Header::new(seconds);
    header.description = Some("Seconds after which the request may be sent again, where that helps.".to_owned());
    header
}

fn header_parameter(name: &str) -> Parameter {
    ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header).required(Required::False).build()
}

/// Headers that mean the same on every route have one description and one schema; an enumeration with a
/// default is one schema, and not the two that the annotation makes of it.
fn complete_parameter(parameter: &mut RefOr<Parameter>) {
    let RefOr::T(parameter) = parameter else { return };
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let schema = |text: ObjectBuilder| Some(RefOr::T(Schema::Object(text.build())));
    match parameter.name.as_str() {
        "Idempotency-Key" => {
            let what = "A request with a key that was used is not carried out again but answered as the first time, \
                for 24 hours. The body must be the same, byte by byte.";
            parameter.description = Some(what.to_owned());
            parameter.schema = schema(text().min_length(Some(1)).max_length(Some(255)).pattern(Some("^[ -~]+$")));
        }
        "If-Match" => {
            let what = "ETags of the versions that may be changed, or `*` for any. Where the present one is not \
                among them, the answer is 412.";
            parameter.description = Some(what.to_owned());
            parameter.schema = schema(text());
        }
        "If-None-Match" => {
            let what = "ETags of the versions that the caller has, or `*` for any. Where the present one is among \
                them, the answer is 304, without a body. What is no list of ETags is passed over.";
            parameter.description = Some(what.to_owned());
            parameter.schema = schema(text());
        }
        _ => {}
    }
    if let Some(RefOr::T(Schema::AllOf(both))) = &parameter.schema
        && let [RefOr::T(Schema::Object(words)), RefOr::T(Schema::Object(other))] = both.items.as_slice()
        && words.enum_values.is_some()
    {
        let mut words = words.clone();
        words.default.clone_from(&other.default);
        parameter.schema = Some(RefOr::T(Schema::Object(words)));
    }
}
