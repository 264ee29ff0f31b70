//! What is reported as ended has ended, whatever was shown and whether or not the record answers.

use std::sync::Arc;

use app::auth::SignedIn;
use chrono::TimeDelta;
use domain::session::Platform;
use domain::{Clock, Level, SessionId, User};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::conversations;
use crate::office::Office;
use crate::person::{Answer, Person};
use crate::screen::Seen;

conversations! {
    a_sign_out_that_is_reported_has_ended_its_session,
    a_session_is_ended_by_its_refresh_cookie_after_a_pause,
    what_is_reported_as_removed_is_gone_whoever_asks,
    nothing_is_reported_as_ended_while_the_record_is_away,
}

/// Begins a session as of `ago` before now, without the work of a password.
pub async fn session(office: &Office, user: &User, ago: TimeDelta, platform: Platform) -> SignedIn {
    let request = Arc::default();
    let mut tx = office.cx.store.write().await.unwrap();
    let begun = office.clock.now() - ago;
    let session = app::auth::open_session(&office.cx, &mut *tx, &request, user, platform, begun).await.unwrap();
    tx.commit().await.unwrap();
    session
}

/// Whether a session is live.
pub async fn lives(office: &Office, id: SessionId) -> bool {
    let session = office.cx.store.read().await.unwrap().sessions().by_id(id).await.unwrap().unwrap();
    session.is_live(office.clock.now())
}

/// How a client may show what it has.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "the table has every combination of them")]
struct Shown {
    header: Option<Header>,
    access_cookie: bool,
    refresh_cookie: bool,
    body: bool,
    own_origin: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Header {
    Good,
    Garbage,
}

impl Shown {
    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for header in [None, Some(Header::Good), Some(Header::Garbage)] {
            for bits in 0..16_u8 {
                let bit = |n: u8| bits & (1 << n) != 0;
                let (access_cookie, refresh_cookie, body, own_origin) = (bit(0), bit(1), bit(2), bit(3));
                all.push(Self { header, access_cookie, refresh_cookie, body, own_origin });
            }
        }
        all
    }

    /// Whether the session is named at all.
    const fn names_it(self) -> bool {
        matches!(self.header, Some(Header::Good)) || self.access_cookie || self.refresh_cookie || self.body
    }

    fn asks(self, office: &Office, tokens: &SignedIn) -> RequestBuilder {
        let mut request = office.stranger().request(Method::POST, "/api/v1/auth/logout");
        request = match self.header {
            Some(Header::Good) => request.bearer_auth(&tokens.access_token),
            Some(Header::Garbage) => request.bearer_auth("e.e.e"),
            None => request,
        };
        let access = format!("access_token={}", tokens.access_token);
        let refresh = format!("refresh_token={}", tokens.refresh_token);
        let cookies = [self.access_cookie.then_some(access), self.refresh_cookie.then_some(refresh)];
        let cookies: Vec<String> = cookies.into_iter().flatten().collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if self.own_origin {
            request = request.header("origin", office.url());
        }
        if self.body { request.json(&json!({ "refresh_token": tokens.refresh_token })) } else { request }
    }
}

async fn a_sign_out_that_is_reported_has_ended_its_session(office: &Office) {
    let user = office.member(Level::Supervisor).await;
    let mut wrong = Vec::new();
    for (when, ago) in [("fresh", TimeDelta::zero()), ("expired access token", TimeDelta::hours(3))] {
        for shown in Shown::all() {
            let tokens = session(office, &user, ago, Platform::Api).await;
            let answer = office.stranger().sends(shown.asks(office, &tokens)).await;
            let is_live = lives(office, tokens.session).await;
            let is_success = (200..300).contains(&answer.status);
            if shown.names_it() && is_success && is_live {
                wrong.push(format!("{when}: {shown:?} was reported as ended and lives"));
            }
            let on_foreign_cookies = !shown.own_origin && (shown.access_cookie || shown.refresh_cookie);
            let is_by_token = shown.header == Some(Header::Good) || shown.body;
            if is_success != (is_by_token || !on_foreign_cookies) {
                wrong.push(format!("{when}: {shown:?} was answered {}", answer.refusal()));
            }
            if !shown.names_it() && !is_live {
                wrong.push(format!("{when}: {shown:?} ended a session that it did not name"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let forged = office.stranger().posts("/api/v1/auth/logout", json!({ "refresh_token": 5 })).await;
    assert_eq!(forged.status, 422, "a body that cannot be read is not taken for none");
}

async fn a_session_is_ended_by_its_refresh_cookie_after_a_pause(office: &Office) {
    let user = office.member(Level::Supervisor).await;
    let tokens = session(office, &user, TimeDelta::hours(9), Platform::Api).await;
    let stranger = office.stranger();
    let by_cookie = |path: &str| {
        let request = stranger.request(Method::POST, path).header("origin", office.url());
        request.header("cookie", format!("refresh_token={}", tokens.refresh_token)).json(&json!({}))
    };
    let out = stranger.sends(by_cookie("/api/v1/auth/logout")).await;
    let cleared =
        out.headers.get_all("set-cookie").iter().filter(|c| c.to_str().unwrap().contains("Max-Age=0")).count();
    assert_eq!((out.ok(), cleared), (json!({ "status": "logged_out" }), 2));
    let refused = stranger.sends(by_cookie("/api/v1/auth/refresh")).await;
    assert_eq!(refused.refusal(), "403 Could not validate credentials");
    let again = stranger.sends(by_cookie("/api/v1/auth/logout")).await;
    assert_eq!(again.status, 200, "twice is the same");
    app::audit::seal(&office.cx).await.unwrap();
    let administrator = office.administrator().await;
    let lines = administrator.gets(&format!("/api/v1/audit?event_type=logout&user_id={}", user.id)).await.ok();
    let text = lines.to_string();
    assert_eq!(text.matches("Cierre de sesión").count(), 1, "{text}");
    assert!(text.contains(&tokens.session.to_string()), "{text}");
}

/// Routes that end or remove something, each with a thing of its own and where it is looked for.
async fn removals(office: &Office) -> Vec<(String, String)> {
    let administrator = office.administrator().await;
    let user = office.member(Level::Officer).await;
    let linked = office.bare_member().await;
    let mut tx = office.cx.store.write().await.unwrap();
    let mut with_account = tx.users().lock(linked).await.unwrap().unwrap();
    with_account.telegram = Some(domain::TelegramId(700 + linked.0));
    tx.users().save(&with_account).await.unwrap();
    tx.commit().await.unwrap();
    let member = office.bare_member().await;
    let officer = office.makes_officer(member).await;
    let code = format!("SALE-{}", uuid::Uuid::new_v4().simple().to_string().split_at(8).0).to_uppercase();
    let task = administrator
        .posts(
            "/api/v1/tasks/",
            json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
                "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": administrator.user.unwrap().0 }),
        )
        .await
        .ok()["id"]
        .clone();
    let other = session(office, &user, TimeDelta::zero(), Platform::Api).await;
    vec![
        (format!("/api/v1/usuarios/{}", user.id), format!("usuarios {}", user.id)),
        (format!("/api/v1/users/{linked}/telegram"), format!("link {linked}")),
        (format!("/api/v1/efectivos/{officer}"), format!("efectivos {officer}")),
        (format!("/api/v1/tasks/{task}"), format!("tasks {task}")),
        (format!("/api/v1/auth/sessions/{}", other.session), format!("session {}", other.session)),
    ]
}

async fn is_there(office: &Office, what: &str) -> bool {
    let (kind, id) = what.split_once(' ').unwrap();
    let mut tx = office.cx.store.read().await.unwrap();
    match kind {
        "session" => {
            drop(tx);
            lives(office, SessionId(id.parse().unwrap())).await
        }
        "efectivos" => tx.officers().by_id(domain::OfficerId(id.parse().unwrap())).await.unwrap().is_some(),
        "tasks" => tx.tasks().by_id(domain::TaskId(id.parse().unwrap())).await.unwrap().is_some(),
        _ => {
            let user = tx.users().by_id(domain::UserId(id.parse().unwrap())).await.unwrap();
            user.is_some_and(|user| kind == "usuarios" || user.telegram.is_some())
        }
    }
}

async fn what_is_reported_as_removed_is_gone_whoever_asks(office: &Office) {
    let stranger = office.stranger();
    let expired = office.user(Level::Administrator).await;
    office.clock.advance(TimeDelta::minutes(31));
    let people: Vec<(&str, Person)> = vec![
        ("no credential", stranger.clone()),
        ("garbage", stranger.with_token("e.e.e")),
        ("an expired administrator", expired),
        ("an officer", office.user(Level::Officer).await),
        ("an administrator", office.administrator().await),
    ];
    let (mut wrong, mut removed) = (Vec::new(), 0);
    for (who, person) in &people {
        for (path, what) in removals(office).await {
            let answer = person.deletes(&path).await;
            let is_success = (200..300).contains(&answer.status);
            removed += usize::from(is_success);
            if is_success && is_there(office, &what).await {
                wrong.push(format!("{who}: DELETE {path} was answered {} and it is there", answer.status));
            }
            if is_success && *who != "an administrator" {
                wrong.push(format!("{who}: DELETE {path} was answered {}", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(removed, 5);
}

async fn nothing_is_reported_as_ended_while_the_record_is_away(office: &Office) {
    let user = office.member(Level::Supervisor).await;
    let administrator = office.administrator().await;
    let removals = removals(office).await;
    let fresh = session(office, &user, TimeDelta::zero(), Platform::Api).await;
    let expired = session(office, &user, TimeDelta::hours(3), Platform::Api).await;
    office.cx.store.close().await;
    let mut wrong = Vec::new();
    let mut must_be_503 = |what: String, answer: &Answer| {
        if answer.status != 503 || answer.header("retry-after").is_empty() {
            wrong.push(format!("{what}: {} {}", answer.status, answer.text));
        }
    };
    for tokens in [&fresh, &expired] {
        for shown in Shown::all() {
            let answer = office.stranger().sends(shown.asks(office, tokens)).await;
            let foreign = !shown.own_origin && !shown.body && shown.header != Some(Header::Good);
            if shown.names_it() && !foreign {
                must_be_503(format!("{shown:?}"), &answer);
            } else if shown.names_it() {
                assert_eq!(answer.status, 403, "{shown:?}");
            }
        }
    }
    for (path, _) in &removals {
        must_be_503(path.clone(), &administrator.deletes(path).await);
    }
    // Nor is a good token taken for none or for a bad one.
    for path in ["/api/v1/users/me", "/api/v1/telegram/auth/1", "/api/v1/eventos"] {
        must_be_503(path.to_owned(), &administrator.gets(path).await);
    }
    let page = administrator.request(Method::GET, "/dashboard").header("accept", "text/html");
    must_be_503("/dashboard".to_owned(), &administrator.sends(page).await);
    let verify = format!("/api/v1/telegram/auth/verify/{}", administrator.token().unwrap());
    must_be_503(verify.clone(), &administrator.gets(&verify).await);
    let refresh = json!({ "refresh_token": fresh.refresh_token });
    must_be_503("refresh".to_owned(), &office.stranger().posts("/api/v1/auth/refresh", refresh).await);
    assert!(wrong.is_empty(), "{wrong:#?}");
    let end = administrator.opens_a_screen("").await.ends().await;
    assert!(matches!(end, Seen::Closed(1013, _)), "try later, not sign in: {end:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_does_not_answer_is_not_said_to_be_cleared() {
    let dir = tempfile::tempdir().unwrap();
    let place = crate::binary::Place::directory(dir.path());
    place.hires_as("jefa@prueba.gad", "JEFA-1", 3).await;
    let server = place.serves_by(&["serve", "--listen", "127.0.0.1:0", "--redis-url", "redis://127.0.0.1:1"]).await;
    let administrator = server.signs_in("jefa@prueba.gad").await;
    let me = administrator.gets("/api/v1/users/me").await.ok()["id"].clone();
    for path in [
        "/api/v1/cache/clear".to_owned(),
        "/api/v1/cache/invalidate/stats".to_owned(),
        "/api/v1/cache/invalidate-pattern/stats:*".to_owned(),
        format!("/api/v1/stats/invalidate/user/{me}"),
        "/api/v1/admin/agent/command".to_owned(),
    ] {
        let answer = administrator.posts(&path, json!({ "action": "cache_clear", "payload": {} })).await;
        assert_eq!(answer.status, 503, "{path}: {}", answer.text);
    }
    assert!(server.ends().await);
}
