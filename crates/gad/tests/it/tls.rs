//! TLS in the process itself: what it speaks, and that a certificate is renewed while all goes on.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion};

use crate::binary::{EMAIL, PASSWORD, Place, Server};
use crate::raw::Raw;

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where certificate and key lie, and who has signed what.
struct Papers {
    dir: tempfile::TempDir,
    roots: RootCertStore,
}

impl Papers {
    fn of_a_new_office() -> (Self, CertificateDer<'static>) {
        let mut papers = Self { dir: tempfile::tempdir().unwrap(), roots: RootCertStore::empty() };
        let first = papers.are_renewed();
        (papers, first)
    }

    fn certificate(&self) -> PathBuf {
        self.dir.path().join("chain.pem")
    }

    fn key(&self) -> PathBuf {
        self.dir.path().join("key.pem")
    }

    /// Writes a new certificate with a new key.
    fn are_renewed(&mut self) -> CertificateDer<'static> {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(self.certificate(), made.cert.pem()).unwrap();
        std::fs::write(self.key(), made.signing_key.serialize_pem()).unwrap();
        std::fs::set_permissions(self.key(), PermissionsExt::from_mode(0o600)).unwrap();
        let certificate = made.cert.der().clone();
        self.roots.add(certificate.clone()).unwrap();
        certificate
    }

    fn arguments(&self) -> [String; 4] {
        let show = |path: PathBuf| path.to_str().unwrap().to_owned();
        ["--tls-cert".to_owned(), show(self.certificate()), "--tls-key".to_owned(), show(self.key())]
    }

    async fn visit(&self, server: &Server, versions: &[&'static SupportedProtocolVersion]) -> Visit {
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(self.roots.clone())
            .with_no_client_auth();
        let stream = TcpStream::connect(server.url.strip_prefix("https://").unwrap()).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream);
        Visit(tokio::time::timeout(PATIENCE, stream).await.expect("a handshake in time").unwrap())
    }
}

/// A connection by TLS.
struct Visit(TlsStream<TcpStream>);

impl Visit {
    fn certificate(&self) -> CertificateDer<'static> {
        self.0.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
    }

    fn version(&self) -> ProtocolVersion {
        self.0.get_ref().1.protocol_version().unwrap()
    }

    /// Asks on this connection, and gives head and body.
    async fn asks(&mut self, request: &str) -> String {
        self.0.write_all(request.as_bytes()).await.unwrap();
        let mut said = Vec::new();
        loop {
            let text = String::from_utf8_lossy(&said).to_lowercase();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                if body.len() >= length.unwrap_or(0) {
                    return String::from_utf8_lossy(&said).into_owned();
                }
            }
            let read = tokio::time::timeout(PATIENCE, self.0.read_buf(&mut said)).await;
            assert!(read.expect("something comes").unwrap() > 0, "the server hung up");
        }
    }

    async fn looks_whether_it_lives(&mut self) {
        let said = self.asks("GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
        assert!(said.starts_with("HTTP/1.1 200 OK\r\n"), "{said}");
    }
}

async fn office(papers: &Papers, log: Option<std::fs::File>) -> (Server, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    let papers = papers.arguments();
    let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--header-timeout", "1"];
    arguments.extend(papers.iter().map(String::as_str));
    let server = match log {
        Some(log) => place.serves_by_logging(&arguments, log).await,
        None => place.serves_by(&arguments).await,
    };
    (server, dir)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_speaks_tls_by_itself() {
    let (papers, certificate) = Papers::of_a_new_office();
    let (server, _dir) = office(&papers, None).await;
    for (offered, spoken) in [(&TLS13, ProtocolVersion::TLSv1_3), (&TLS12, ProtocolVersion::TLSv1_2)] {
        let mut visit = papers.visit(&server, &[offered]).await;
        assert_eq!((visit.version(), visit.certificate()), (spoken, certificate.clone()));
        visit.looks_whether_it_lives().await;
    }
    let mut visit = papers.visit(&server, &[&TLS13]).await;
    let form = format!("username={}&password={}", EMAIL.replace('@', "%40"), PASSWORD.replace(' ', "+"));
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nhost: localhost\r\n\
        content-type: application/x-www-form-urlencoded\r\ncontent-length: ";
    let said = visit.asks(&format!("{head}{}\r\n\r\n{form}", form.len())).await;
    assert!(said.starts_with("HTTP/1.1 200 OK\r\n"), "{said}");
    assert!(said.contains("strict-transport-security: max-age=31536000; includeSubDomains\r\n"), "{said}");
    let cookie = said.lines().find(|line| line.starts_with("set-cookie: ")).unwrap();
    assert!(cookie.ends_with("; Secure"), "of a development office too: {cookie}");
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_is_opened_over_tls() {
    let (papers, _) = Papers::of_a_new_office();
    let (server, _dir) = office(&papers, None).await;
    let mut visit = papers.visit(&server, &[&TLS13]).await;
    let said = visit
        .asks(
            "GET /ws/connect HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        )
        .await;
    assert!(said.starts_with("HTTP/1.1 101 Switching Protocols\r\n"), "{said}");
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_renewed_while_connections_go_on() {
    let (mut papers, first) = Papers::of_a_new_office();
    let (server, _dir) = office(&papers, None).await;
    let mut open = papers.visit(&server, &[&TLS13]).await;
    open.looks_whether_it_lives().await;
    let second = papers.are_renewed();
    let unasked = papers.visit(&server, &[&TLS13]).await;
    assert_eq!(unasked.certificate(), first, "nobody said that there is a new one");
    server.is_told("HUP").await;
    let renewed = async { while papers.visit(&server, &[&TLS13]).await.certificate() != second {} };
    tokio::time::timeout(PATIENCE, renewed).await.expect("new connections see the new one");
    open.looks_whether_it_lives().await;
    assert_eq!(open.certificate(), first);
    assert!(server.ends().await);
}

/// Waits until the log holds a text.
async fn says(log: &Path, text: &str) {
    let said = async {
        while !std::fs::read_to_string(log).unwrap().contains(text) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, said).await.unwrap_or_else(|_| panic!("the log never says {text:?}"));
}

/// What the log then says, and what was done to the papers.
type Spoil<'a> = (&'static str, &'a dyn Fn(&mut Papers));

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_new_certificate_leaves_the_old_one_in_use() {
    let (mut papers, first) = Papers::of_a_new_office();
    let log = tempfile::NamedTempFile::new().unwrap();
    let (server, _dir) = office(&papers, Some(log.reopen().unwrap())).await;
    let good_key = std::fs::read(papers.key()).unwrap();
    let spoil: [Spoil; 4] = [
        ("holds no certificate in PEM", &|papers| std::fs::write(papers.certificate(), "garbage").unwrap()),
        ("cannot be used", &|papers| {
            // The key of another certificate.
            papers.are_renewed();
            std::fs::write(papers.key(), &good_key).unwrap();
        }),
        ("holds no private key in PEM", &|papers| std::fs::write(papers.key(), "").unwrap()),
        ("cannot read", &|papers| std::fs::remove_file(papers.certificate()).unwrap()),
    ];
    for (why, spoil) in spoil {
        spoil(&mut papers);
        server.is_told("HUP").await;
        says(log.path(), why).await;
        let mut visit = papers.visit(&server, &[&TLS13]).await;
        assert_eq!(visit.certificate(), first, "{why}");
        visit.looks_whether_it_lives().await;
    }
    says(log.path(), "the old one stays").await;
    let mut visit = papers.visit(&server, &[&TLS13]).await;
    let figures = visit.asks("GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    assert!(figures.contains("gad_tls_reloads_total{outcome=\"kept\"} 4\n"), "{figures}");
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_speaks_no_tls_or_too_slowly_is_sent_away() {
    let (papers, _) = Papers::of_a_new_office();
    let (server, _dir) = office(&papers, None).await;
    let mut plain = Raw::connects(&server.url).await;
    plain.says("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(!plain.waits_until_cut().await.0.contains("HTTP"));
    let (_, after) = Raw::connects(&server.url).await.waits_until_cut().await;
    assert!(after >= Duration::from_secs(1) && after < Duration::from_secs(5), "{after:?}");
    let mut visit = papers.visit(&server, &[&TLS13]).await;
    let figures = visit.asks("GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    for figure in ["gad_tls_handshakes_failed_total 1\n", "gad_slow_clients_total{at=\"handshake\"} 1\n"] {
        assert!(figures.contains(figure), "{figure} {figures}");
    }
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_certificate_nothing_is_served() {
    let (papers, _) = Papers::of_a_new_office();
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    let [cert, certificate, key_flag, key] = &papers.arguments();
    let empty = papers.dir.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    std::fs::set_permissions(&empty, PermissionsExt::from_mode(0o600)).unwrap();
    let empty = empty.to_str().unwrap().to_owned();
    for (arguments, why) in [
        (vec![cert, certificate], "tls_cert is set and tls_key is not"),
        (vec![key_flag, key], "tls_key is set and tls_cert is not"),
        (vec![cert, key, key_flag, key], "key.pem holds no certificate in PEM"),
        (vec![cert, certificate, key_flag, &empty], "empty.pem holds no private key in PEM"),
    ] {
        let mut all = vec!["serve", "--listen", "127.0.0.1:0"];
        all.extend(arguments.iter().map(|argument| argument.as_str()));
        let output = place.gad(&all).output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), said.contains(why)), (Some(1), true), "{why}: {said}");
        assert!(output.stdout.is_empty(), "nobody is told that it is ready");
    }
}
