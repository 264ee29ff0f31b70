//! Routes that trust this machine, reached through something that runs on it.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use evaluation::relay::Relay;

use crate::binary::Place;

const PATHS: [&str; 2] = ["/metrics", "/api/v1/metrics/prometheus"];

/// The status of a request that is sent as it stands.
async fn status(port: &str, request: &str) -> u16 {
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.unwrap();
    std::str::from_utf8(&head[9..]).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarder_on_this_machine_opens_no_route_that_trusts_it() {
    let dir = tempfile::tempdir().unwrap();
    let server = Place::directory(dir.path()).serves().await;
    let direct = server.url.rsplit_once(':').unwrap().1.to_owned();
    // As socat, stunnel, ssh -R or HAProxy in TCP mode.
    let forwarder = Relay::to(format!("127.0.0.1:{direct}")).await.unwrap();
    let forwarded = forwarder.port.to_string();
    for path in PATHS {
        for port in [&direct, &forwarded] {
            for host in ["oficina.example", "oficina.example:443", "192.0.2.7", "127.0.0.1.oficina.example"] {
                let refused = status(port, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")).await;
                assert_eq!(refused, 403, "{path} {host}");
            }
            // As nginx sends it by itself, and as it does with `proxy_http_version 1.1`.
            let nginx = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{direct}\r\nConnection: close\r\n\r\n");
            assert_eq!(status(port, &nginx).await, 403, "{path}");
            let nginx = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{direct}\r\nConnection: close\r\n\r\n");
            assert_eq!(status(port, &nginx).await, 403, "{path}");
            assert_eq!(status(port, &format!("GET {path} HTTP/1.0\r\n\r\n")).await, 403, "{path}: no host");
        }
        for host in ["127.0.0.1", "localhost:9", "[::1]:8000"] {
            assert_eq!(status(&direct, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")).await, 200, "{host}");
        }
    }
    assert!(server.ends().await);
}
