//! A real nginx in front, as it is often configured.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::binary::{EMAIL, PASSWORD, Place, Server, free_port};
use crate::person::Person;

/// An nginx of a test's own; ends with it.
struct Nginx {
    _process: tokio::process::Child,
    _dir: tempfile::TempDir,
    /// As browsers name it.
    origin: String,
}

impl Nginx {
    /// Starts before `office` with these lines beside `proxy_pass`.
    async fn before(office: &Server, lines: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let port = free_port();
        let upstream = office.url.trim_start_matches("http://");
        let at = dir.path().display();
        let configuration = format!(
            "daemon off; master_process off; pid {at}/pid; error_log stderr error;\n\
             events {{}}\n\
             http {{ access_log off; client_body_temp_path {at}/body; proxy_temp_path {at}/proxy;\n\
             fastcgi_temp_path {at}/f; uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;\n\
             server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://{upstream}; {lines} }} }} }}\n"
        );
        let file = dir.path().join("nginx.conf");
        std::fs::write(&file, configuration).unwrap();
        let process = tokio::process::Command::new(program())
            .arg("-c")
            .arg(&file)
            .arg("-p")
            .arg(dir.path())
            .args(["-e", "stderr"])
            .stdin(Stdio::null())
            // What inherits the output of the tests and outlives them would keep their reader waiting.
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("nginx is installed by `cargo xtask test`");
        let origin = format!("http://127.0.0.1:{port}");
        let answers = async {
            while reqwest::get(format!("{origin}/health")).await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), answers).await.expect("nginx comes up");
        Self { _process: process, _dir: dir, origin }
    }

    fn person(&self) -> Person {
        Person::new(self.origin.clone())
    }
}

fn program() -> &'static str {
    // Where Debian has it, which is not in every path.
    if Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" }
}

/// Signs in and makes a change as a browser does at `origin`; gives both answers.
async fn acts(person: &Person, origin: &str) -> [crate::person::Answer; 2] {
    let request = person.request(Method::POST, "/api/v1/auth/login").header("origin", origin);
    let login = person.sends(request.form(&[("username", EMAIL), ("password", PASSWORD)])).await;
    let direct = login.body["access_token"].as_str().map(str::to_owned);
    let cookie = format!("access_token={}", direct.unwrap_or_else(|| "x".to_owned()));
    let change = person.request(Method::POST, "/api/v1/tasks/").header("origin", origin).header("cookie", cookie);
    [login, person.sends(change.json(&json!({}))).await]
}

async fn serving(arguments: &[&str]) -> (Server, tempfile::TempDir, tempfile::NamedTempFile) {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    let log = tempfile::NamedTempFile::new().unwrap();
    let server = place.serves_logging_by(arguments, log.reopen().unwrap()).await;
    (server, dir, log)
}

#[tokio::test(flavor = "multi_thread")]
async fn proxy_pass_alone_is_refused_with_both_origins_and_what_helps() {
    let (server, _dir, log) = serving(&[]).await;
    let nginx = Nginx::before(&server, "").await;
    for answer in acts(&nginx.person(), &nginx.origin).await {
        assert_eq!((answer.status, &answer.body["code"]), (403, &json!("origin_not_allowed")), "{}", answer.text);
        let detail = answer.body["detail"].as_str().unwrap();
        for part in [&nginx.origin, &server.url, "proxy_set_header Host $http_host", "X-Forwarded-Host", "public_url"] {
            assert!(detail.contains(part), "{part} is not in: {detail}");
        }
    }
    let origin = nginx.origin.clone();
    assert!(server.ends().await);
    let log = std::fs::read_to_string(log.path()).unwrap();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("origin_not_allowed")).collect();
    assert!(lines.len() == 1 && lines[0].contains(&origin), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_without_its_port_is_refused_in_the_same_way() {
    let (server, _dir, _log) = serving(&[]).await;
    let nginx = Nginx::before(&server, "proxy_set_header Host $host;").await;
    for answer in acts(&nginx.person(), &nginx.origin).await {
        assert_eq!((answer.status, &answer.body["code"]), (403, &json!("origin_not_allowed")), "{}", answer.text);
    }
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_documented_configuration_works() {
    for (arguments, lines) in [
        (&[][..], "proxy_set_header Host $http_host;"),
        (
            &["--trusted-proxies", "127.0.0.1"],
            "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; \
             proxy_set_header X-Forwarded-Proto $scheme;",
        ),
        (
            &["--trusted-proxies", "127.0.0.0/8"],
            "proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;",
        ),
        (
            &["--trusted-proxies", "localhost"],
            "proxy_set_header Host $host; proxy_set_header X-Forwarded-Port $server_port;",
        ),
    ] {
        let (server, _dir, _log) = serving(arguments).await;
        let nginx = Nginx::before(&server, lines).await;
        let [login, change] = acts(&nginx.person(), &nginx.origin).await;
        assert_eq!((login.status, change.status), (200, 422), "{lines}: {} {}", login.text, change.text);
        let foreign = acts(&nginx.person(), "https://evil.example").await;
        assert_eq!(foreign.map(|answer| answer.status), [403, 403], "{lines}");
        assert!(server.ends().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn proxy_pass_alone_works_where_the_public_url_is_set() {
    let (server, _dir, _log) = serving(&["--public-url", "https://oficina.example/"]).await;
    let nginx = Nginx::before(&server, "").await;
    let [login, change] = acts(&nginx.person(), "https://oficina.example").await;
    assert_eq!((login.status, change.status), (200, 422), "{} {}", login.text, change.text);
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_no_ones_through_a_proxy_without_headers() {
    let (server, _dir, _log) = serving(&[]).await;
    for lines in ["", "proxy_http_version 1.1;", "proxy_set_header Host $http_host;"] {
        let nginx = Nginx::before(&server, lines).await;
        for path in ["/metrics", "/api/v1/metrics/prometheus"] {
            // The public name of the office; the last configuration passes it on.
            let request = nginx.person().request(Method::GET, path).header("host", "oficina.example");
            let answer = nginx.person().sends(request).await;
            assert_eq!(answer.refusal(), "403 Only this machine may read metrics without a token", "{lines}");
        }
    }
    assert!(server.ends().await);
}
