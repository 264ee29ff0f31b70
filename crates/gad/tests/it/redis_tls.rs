//! A process whose Redis speaks TLS only, as managed ones do.

use std::path::Path;
use std::time::Duration;

use crate::binary::Place;
use crate::person::Person;
use crate::redis_server::RedisServer;
use crate::redis_server::tls::Papers;

const PATIENCE: Duration = Duration::from_secs(15);

/// What readiness shows of Redis once Redis has been tried: before that it says that there is no answer.
async fn redis_of(door: &str) -> String {
    let look = async {
        loop {
            let body = Person::new(door.to_owned()).gets("/health/ready").await.body;
            let redis = body["checks"]["redis"].as_str().unwrap().to_owned();
            if redis != "error: no answer" {
                return redis;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, look).await.expect("readiness knows")
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_over_tls_is_used_and_a_foreign_certificate_is_named() {
    let (papers, strangers) = (Papers::for_host("localhost"), Papers::for_host("localhost"));
    let redis = papers.serve(&[]).await;
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    let url = format!("rediss://default:s3cret%2F%26@localhost:{}/1", redis.port());
    for (authority, expected) in [
        (papers.authority(), "ok"),
        (strangers.authority(), "error: its certificate is signed by an authority that is not trusted"),
    ] {
        let log = dir.path().join("log");
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--redis-ca-file", authority.to_str().unwrap()];
        let mut command = place.gad(&arguments);
        // By its first name in the settings of before.
        command.env("UPSTASH_REDIS_TLS_URL", &url).stderr(std::fs::File::create(&log).unwrap());
        let server = crate::binary::Server::started_by(command).await;
        assert_eq!(redis_of(&server.url).await, expected);
        assert!(server.ends().await);
        let said = std::fs::read_to_string(&log).unwrap();
        assert_eq!(said.contains("redis_ca_file"), expected != "ok", "{said}");
        assert!(!said.contains("s3cret"), "{said}");
    }
}

/// What `gad serve` prints before it gives up.
async fn refusal(url: &str, authority: Option<&Path>) -> String {
    let dir = tempfile::tempdir().unwrap();
    let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--redis-url", url];
    if let Some(authority) = authority {
        arguments.extend(["--redis-ca-file", authority.to_str().unwrap()]);
    }
    let output = tokio::time::timeout(PATIENCE, Place::directory(dir.path()).gad(&arguments).output()).await;
    let output = output.expect("it ends").unwrap();
    assert_eq!(output.status.code(), Some(2), "a wrong setting");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("s3cret"), "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_of_redis_that_would_be_misread_are_refused() {
    let plain = RedisServer::start().await;
    let missing = Path::new("no-such-authority.pem");
    for (url, authority, part) in [
        ("rediss://:s3cret@localhost/0?ssl_cert_reqs=none", None, "ssl_cert_reqs"),
        ("rediss://:s3cret@localhost/#insecure", None, "always checked"),
        ("rediss://:s3cret@localhost", Some(missing), "no-such-authority.pem"),
        (plain.url().as_str(), Some(missing), "plain text"),
        ("memcached://:s3cret@localhost", None, "redis:// or rediss://"),
    ] {
        let said = refusal(url, authority).await;
        assert!(said.contains(part), "{url}: {said}");
    }
}
