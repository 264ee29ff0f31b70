//! What Prometheus reads, and who else may (contract §8.1, §8.2). Figures are of one process, so
//! these stories are told to the binary.

use reqwest::Method;

use crate::binary::{Place, Server};

const PATHS: [&str; 2] = ["/metrics", "/api/v1/metrics/prometheus"];

async fn serving(settings: &[(&str, &str)]) -> (Server, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    (place.serves_with(settings).await, dir)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_only_this_machine_scrapes() {
    let (server, _dir) = serving(&[]).await;
    let here = server.stranger();
    for path in PATHS {
        let answer = here.gets(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/plain; version=0.0.4; charset=utf-8"));
        // What a proxy on this machine hands on comes from anywhere.
        for name in ["x-forwarded-for", "forwarded"] {
            let answer = here.sends(here.request(Method::GET, path).header(name, "for=192.0.2.1")).await;
            assert_eq!(answer.refusal(), "403 Only this machine may read metrics without a token", "{path} {name}");
        }
    }
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_token_only_who_shows_it_scrapes() {
    let (server, _dir) = serving(&[("GAD_METRICS_TOKEN", "what only the scraper knows")]).await;
    let stranger = server.stranger();
    for path in PATHS {
        let refused = stranger.gets(path).await;
        assert_eq!(
            (refused.refusal().as_str(), refused.header("www-authenticate")),
            ("401 Not authenticated", "Bearer")
        );
        let wrong = stranger.with_token("what only the scraper know").gets(path).await;
        assert_eq!(wrong.refusal(), "401 Not authenticated");
        let scraper = stranger.with_token("what only the scraper knows");
        assert_eq!(scraper.gets(path).await.status, 200);
        // The token says who asks, wherever the request comes from.
        let far = scraper.request(Method::GET, path).header("x-forwarded-for", "192.0.2.1");
        assert_eq!(scraper.sends(far).await.status, 200);
    }
    assert_eq!(server.supervisor().await.gets("/metrics").await.status, 401, "who works here is no scraper");
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_without_figures_has_no_such_page() {
    let (server, _dir) = serving(&[("PROMETHEUS_ENABLED", "false")]).await;
    for path in PATHS {
        assert_eq!(server.stranger().gets(path).await.refusal(), "404 Not Found");
    }
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_counted_by_the_template_of_its_route() {
    let (server, _dir) = serving(&[]).await;
    let supervisor = server.supervisor().await;
    let (found, lost) = (
        r#"http_requests_total{method="GET",path="/api/v1/users/{user_id}",status="200"}"#,
        r#"http_requests_total{method="GET",path="/api/v1/users/{user_id}",status="404"}"#,
    );
    let me = supervisor.user.unwrap();
    assert_eq!((supervisor.figure(found).await, supervisor.figure(lost).await), (None, None));
    for path in [format!("/api/v1/users/{me}"), format!("/api/v1/users/{me}"), "/api/v1/users/999999".to_owned()] {
        supervisor.gets(&path).await;
    }
    assert_eq!((supervisor.figure(found).await, supervisor.figure(lost).await), (Some(2.0), Some(1.0)));
    let took = r#"http_request_duration_seconds_count{method="GET",path="/api/v1/users/{user_id}"}"#;
    assert_eq!(supervisor.figure(took).await, Some(3.0));
    for edge in ["0.2", "0.5", "2", "+Inf"] {
        let bucket = r#"http_request_duration_seconds_bucket{method="GET",path="/api/v1/users/{user_id}",le=""#;
        let series = format!("{bucket}{edge}\"}}");
        assert!(supervisor.figure(&series).await.is_some(), "the objectives need the edge {edge}");
    }
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_and_methods_that_clients_invent_do_not_grow_the_figures() {
    let (server, _dir) = serving(&[]).await;
    let stranger = server.stranger();
    for n in 0..20 {
        stranger.gets(&format!("/inventado/{n}")).await;
        stranger.sends(stranger.request(format!("INVENTO{n}").parse().unwrap(), "/login")).await;
    }
    let unrouted = r#"http_requests_total{method="GET",path="unrouted",status="404"}"#;
    assert_eq!(stranger.figure(unrouted).await, Some(20.0));
    let other = r#"http_requests_total{method="OTHER",path="/login",status="405"}"#;
    assert_eq!(stranger.figure(other).await, Some(20.0));
    assert!(!stranger.gets("/metrics").await.text.contains("inventado"));
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_cache_limits_and_uptime_move() {
    let (server, _dir) = serving(&[("RATE_LIMITING_ENABLED", "")]).await;
    let supervisor = server.supervisor().await;
    let me = supervisor.user.unwrap();
    let before = supervisor.figure("app_uptime_seconds").await.unwrap();
    for _ in 0..3 {
        supervisor.gets(&format!("/api/v1/stats/user/{me}")).await.ok();
    }
    let cache = (supervisor.figure("cache_misses_total").await, supervisor.figure("cache_hits_total").await);
    assert_eq!(cache, (Some(1.0), Some(2.0)));
    assert_eq!(supervisor.figure("gad_database_up").await, Some(1.0));
    assert!(supervisor.figure("app_uptime_seconds").await.unwrap() > before);
    let stranger = server.stranger();
    while stranger.gets("/api/v1/nada").await.status != 429 {}
    assert_eq!(stranger.figure("gad_rate_limited_total").await, Some(1.0));
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_time_page_holds_its_own_figures_only() {
    let (server, _dir) = serving(&[("ENVIRONMENT", "staging")]).await;
    let answer = server.stranger().gets("/api/v1/metrics/prometheus").await;
    let series: Vec<&str> = answer.text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(series.iter().all(|line| line.starts_with("ggrt_") && line.contains(r#"env="staging""#)), "{series:#?}");
    for name in ["ggrt_active_connections", "ggrt_connections_total", "ggrt_messages_sent_total"] {
        assert!(series.iter().any(|line| line.starts_with(name)), "{name} is not in {series:#?}");
    }
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_counted_against_a_limit_unless_the_operator_says_otherwise() {
    for (setting, limit) in [("", "100"), ("true", "100"), ("false", "")] {
        let (server, _dir) = serving(&[("RATE_LIMITING_ENABLED", setting)]).await;
        assert_eq!(server.stranger().gets("/api/v1/nada").await.header("x-ratelimit-limit"), limit, "{setting:?}");
        assert!(server.ends().await);
    }
}
