//! Pages for people: what they are, who sees them, and that they need nothing from elsewhere.

use std::collections::BTreeSet;

use api::MapSource;
use domain::Level;
use reqwest::Method;

use crate::office::{Office, On, PASSWORD};
use crate::person::{Answer, Person};

/// What a page of ours may load: nothing but our own files.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; \
    connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Asks as a browser does.
async fn opens(person: &Person, path: &str) -> Answer {
    let nobody = person.without_token();
    nobody.sends(nobody.request(Method::GET, path).header("cookie", person.cookie())).await
}

#[track_caller]
fn is_a_page(answer: &Answer, status: u16) {
    assert_eq!((answer.status, answer.header("content-type")), (status, "text/html; charset=utf-8"));
    assert_eq!(answer.header("content-security-policy"), POLICY);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("permissions-policy"), "geolocation=(self), microphone=(), camera=()");
    assert!(answer.text.starts_with("<!doctype html>\n<html lang=\"es\">"), "{}", answer.text);
}

/// What a page, style or script names between `before` and a closing quote or bracket.
fn named<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    let rest = |part: &'a str| part.trim_start_matches(['"', '\'']).split(['"', '\'', ')']).next().unwrap_or_default();
    text.split(before).skip(1).map(rest).collect()
}

/// Every file of a page, and of its styles.
async fn files_of(person: &Person, page: &Answer) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    for file in [named(&page.text, "src=\""), named(&page.text, "href=\"")].concat() {
        assert!(file.starts_with('/') && !file.starts_with("//"), "{file} is not a file of ours");
        files.insert(file.to_owned());
        let styles = if std::path::Path::new(file).extension().is_some_and(|ending| ending == "css") {
            person.gets(file).await.text
        } else {
            String::new()
        };
        for inner in named(&styles, "url(") {
            assert!(inner.starts_with("data:") || inner.starts_with("/assets/"), "{file} loads {inner}");
        }
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_of_every_page_comes_from_the_office_itself() {
    let office = Office::open(On::Sqlite).await;
    let administrator = office.administrator().await;
    let mut files = BTreeSet::new();
    for path in ["/", "/login", "/dashboard", "/tareas", "/tareas/1", "/docs"] {
        let page = opens(&administrator, path).await;
        is_a_page(&page, 200);
        files.extend(files_of(&administrator, &page).await);
    }
    let kinds = [("js", "text/javascript"), ("css", "text/css"), ("png", "image/png"), ("svg", "image/svg+xml")];
    for file in files.iter().filter(|file| !["/docs"].contains(&file.as_str())) {
        let answer = administrator.gets(file).await;
        let ending = file.rsplit('.').next().unwrap();
        let (_, kind) = kinds.iter().find(|(name, _)| *name == ending).unwrap_or_else(|| panic!("{file}"));
        assert_eq!(answer.status, 200, "{file}");
        assert!(answer.header("content-type").starts_with(kind), "{file}: {}", answer.header("content-type"));
        assert_eq!(answer.header("content-security-policy"), POLICY, "{file}");
    }
    assert!(files.contains("/static/icon.svg") && files.contains("/docs/swagger-ui-bundle.js"), "{files:?}");
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_api_shows_our_own_document() {
    let office = Office::open(On::Sqlite).await;
    let stranger = office.stranger();
    let settings = stranger.gets("/static/docs.js").await;
    assert!(settings.text.contains(r#"url: "/api/v1/openapi.json""#), "{}", settings.text);
    assert!(!settings.text.contains("://"), "nothing of other hosts: {}", settings.text);
    assert_eq!(stranger.gets("/api/v1/openapi.json").await.body["info"]["title"], "GRUPO_GAD");
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_signed_in_is_sent_to_sign_in() {
    let office = Office::open(On::Sqlite).await;
    let stranger = office.stranger();
    let stale = stranger.with_token("x");
    for answer in [stranger.gets("/dashboard").await, opens(&stale, "/dashboard").await] {
        assert_eq!((answer.status, answer.header("location")), (303, "/login"));
    }
    let answer = stranger.gets("/redoc").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/docs"));
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_is_for_administrators_and_says_so_to_others() {
    let office = Office::open(On::Sqlite).await;
    for level in [Level::Officer, Level::Supervisor] {
        let page = opens(&office.user(level).await, "/dashboard").await;
        is_a_page(&page, 403);
        assert!(page.text.contains("El tablero es para administradores"), "{}", page.text);
    }
    let page = opens(&office.administrator().await, "/dashboard").await;
    is_a_page(&page, 200);
    assert_eq!(page.header("cache-control"), "no-store", "nobody finds it in the browser after signing out");
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_there_is_not_found() {
    let office = Office::open(On::Sqlite).await;
    let stranger = office.stranger();
    let dashboard = ["/assets/nada.js", "/assets/..%2findex.html", "/tareas/1/nada"];
    let others = ["/static/nada.js", "/static/..%2fCargo.toml", "/static/", "/docs/nada.js", "/docs/..%2findex.html"];
    for path in dashboard.into_iter().chain(others) {
        assert_eq!(stranger.gets(path).await.refusal(), "404 Not Found", "{path}");
    }
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_prolongs_its_session_by_a_cookie_that_only_its_own_origin_may_use() {
    let office = Office::open(On::Sqlite).await;
    let stranger = office.stranger();
    let member = office.member(Level::Supervisor).await;
    let signed_in = stranger.tries_to_sign_in(member.email.unwrap().reveal(), PASSWORD).await;
    let set = signed_in.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let cookie = set.into_iter().find(|cookie| cookie.starts_with("refresh_token=")).unwrap();
    let (token, manners) = cookie.split_once("; ").unwrap();
    assert_eq!(manners, "Path=/api/v1/auth; HttpOnly; SameSite=Strict; Max-Age=1209600");
    let asks = async |origin: Option<&str>| {
        let mut request = stranger.request(Method::POST, "/api/v1/auth/refresh").header("cookie", token);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        stranger.sends(request.json(&serde_json::json!({}))).await
    };
    for origin in [None, Some("https://otro.example.org")] {
        let refused = asks(origin).await;
        assert_eq!((refused.status, &refused.body["code"]), (403, &"origin_not_allowed".into()), "{origin:?}");
    }
    let prolonged = asks(Some(office.url())).await;
    assert_eq!(prolonged.status, 200, "{}", prolonged.text);
    assert_ne!(prolonged.body["refresh_token"], signed_in.body["refresh_token"]);
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_map_comes_from_the_binary_unless_the_office_names_another() {
    let own = Office::open(On::Sqlite).await;
    assert_eq!(
        own.stranger().gets("/config.json").await.body,
        serde_json::json!({ "map_style_url": null, "time_zone": "UTC" })
    );
    own.closes().await;

    let style = "https://mapas.example.org/estilo.json";
    let office = Office::open_with(On::Sqlite, |values| {
        values.map = MapSource {
            style: Some(style.parse().unwrap()),
            origins: vec!["https://mapas.example.org".to_owned(), "https://teselas.example.org".to_owned()],
        };
    })
    .await;
    let stranger = office.stranger();
    assert_eq!(
        stranger.gets("/config.json").await.body,
        serde_json::json!({ "map_style_url": style, "time_zone": "UTC" })
    );
    let policy = POLICY
        .replace("data:;", "data: https://mapas.example.org https://teselas.example.org;")
        .replace("connect-src 'self';", "connect-src 'self' https://mapas.example.org https://teselas.example.org;");
    assert_eq!(stranger.gets("/login").await.header("content-security-policy"), policy);
    office.closes().await;
}
