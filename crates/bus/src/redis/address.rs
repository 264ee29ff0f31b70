//! Where Redis is: one reading of its URL and of the authority that signs its certificate.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use redis::{Client, TlsCertificates};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use url::Url;

/// The only query parameter that has a meaning: the version of the protocol.
const PARAMETER: &str = "protocol";

/// A Redis server and the way to it. `rediss://` is TLS with the certificate checked; there is no
/// fall-back to plain text and no way to skip the check.
#[derive(Debug, Clone)]
pub struct RedisAddress(Client);

/// An address that cannot be used. No variant holds the URL, which may have a password in it.
#[derive(Debug, thiserror::Error)]
pub enum RedisAddressError {
    /// Not a URL of Redis.
    #[error("must be redis:// or rediss:// (TLS), a host and maybe a port, like redis://127.0.0.1:6379")]
    NotRedis(#[source] Option<url::ParseError>),
    /// A path that is no number of a database.
    #[error("the path must be the number of a database, like rediss://host:6379/0")]
    NotADatabase,
    /// A query parameter without a meaning here.
    #[error("the query parameter '{0}' is not known; only `protocol` (resp2 or resp3) is")]
    UnknownParameter(String),
    /// A fragment, like `#insecure`.
    #[error(
        "'#{0}' is not known: the certificate of rediss:// is always checked; name a private authority by redis_ca_file"
    )]
    Fragment(String),
    /// An authority for a connection that is not encrypted.
    #[error("redis_ca_file is set, but the URL is redis://, which is plain text: use rediss://")]
    PlainWithAuthority,
    /// A file that cannot be read.
    #[error("redis_ca_file: cannot read {0}")]
    Unreadable(PathBuf, #[source] rustls::pki_types::pem::Error),
    /// A file without a usable certificate.
    #[error("redis_ca_file: {0} holds no certificate in PEM that can be used as an authority")]
    NoCertificate(PathBuf),
    /// What the library refuses.
    #[error("this address cannot be used")]
    Client(#[source] redis::RedisError),
}

impl RedisAddress {
    /// Reads a URL, and the file with the authorities that may sign the server's certificate. Without
    /// a file these are the system's. Reads files, so it is called at start.
    ///
    /// # Errors
    /// When the URL names no Redis or has parts that would be ignored, or the file cannot be used;
    /// whether a server is there is not tried.
    pub fn read(url: &str, ca_file: Option<&Path>) -> Result<Self, RedisAddressError> {
        let parsed = Url::parse(url.trim()).map_err(|error| RedisAddressError::NotRedis(Some(error)))?;
        let is_tls = match parsed.scheme() {
            "redis" => false,
            "rediss" => true,
            _ => return Err(RedisAddressError::NotRedis(None)),
        };
        if parsed.host_str().is_none_or(str::is_empty) {
            return Err(RedisAddressError::NotRedis(None));
        }
        let database = parsed.path().trim_matches('/');
        if !database.is_empty() && database.parse::<u32>().is_err() {
            return Err(RedisAddressError::NotADatabase);
        }
        if let Some((name, _)) = parsed.query_pairs().find(|(name, _)| name != PARAMETER) {
            return Err(RedisAddressError::UnknownParameter(name.into_owned()));
        }
        if let Some(fragment) = parsed.fragment() {
            return Err(RedisAddressError::Fragment(fragment.to_owned()));
        }
        if !is_tls {
            if ca_file.is_some() {
                return Err(RedisAddressError::PlainWithAuthority);
            }
            return Ok(Self(Client::open(parsed).map_err(RedisAddressError::Client)?));
        }
        // The library takes the provider of the process; a second call changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let root_cert = Some(match ca_file {
            Some(file) => authorities_in(file)?,
            None => authorities_of_the_system(),
        });
        let certificates = TlsCertificates { client_tls: None, root_cert };
        Ok(Self(Client::build_with_tls(parsed, certificates).map_err(RedisAddressError::Client)?))
    }

    /// A client for this address.
    pub(super) fn client(&self) -> &Client {
        &self.0
    }
}

fn authorities_in(file: &Path) -> Result<Vec<u8>, RedisAddressError> {
    let unreadable = |error| RedisAddressError::Unreadable(file.to_owned(), error);
    let certificates = CertificateDer::pem_file_iter(file).map_err(unreadable)?;
    let certificates: Vec<_> = certificates.collect::<Result<_, _>>().map_err(unreadable)?;
    let pem = usable(&certificates);
    if pem.is_empty() { Err(RedisAddressError::NoCertificate(file.to_owned())) } else { Ok(pem) }
}

/// What could be read counts: one bad file among the system's must not cost the connection.
fn authorities_of_the_system() -> Vec<u8> {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::debug!(%error, "redis: a certificate of the system cannot be read");
    }
    let pem = usable(&found.certs);
    if pem.is_empty() {
        tracing::warn!(
            "redis: this system knows no certificate authorities, so that rediss:// trusts none: \
             install ca-certificates or set redis_ca_file"
        );
    }
    pem
}

/// The certificates that can be used as authorities, as the library takes them.
fn usable(certificates: &[CertificateDer<'static>]) -> Vec<u8> {
    let mut pem = String::new();
    for certificate in certificates {
        if RootCertStore::empty().add(certificate.clone()).is_ok() {
            pem.push_str("-----BEGIN CERTIFICATE-----\n");
            pem.push_str(&STANDARD.encode(certificate));
            pem.push_str("\n-----END CERTIFICATE-----\n");
        }
    }
    pem.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> String {
        RedisAddress::read(url, None).unwrap_err().to_string()
    }

    #[test]
    fn the_forms_that_managed_services_print_are_read() {
        for url in [
            "redis://127.0.0.1",
            "redis://127.0.0.1:6380/3",
            "redis://[::1]:6379/",
            "rediss://default:p%40ss%2Fword@eu1-calm-fox-1.upstash.example:6379",
            "rediss://:only-a-password@redis.example:6380/0",
            "rediss://user:pw@redis.example/2?protocol=resp3",
        ] {
            RedisAddress::read(url, None).unwrap_or_else(|error| panic!("{url}: {error}"));
        }
        let read = RedisAddress::read("rediss://default:p%40ss%2Fword@redis.example/4", None).unwrap();
        let info = read.client().get_connection_info();
        assert_eq!(info.redis_settings().username(), Some("default"));
        assert_eq!(info.redis_settings().password(), Some("p@ss/word"));
        assert_eq!(info.redis_settings().db(), 4);
    }

    #[test]
    fn what_would_be_ignored_is_refused_by_its_name() {
        for url in ["http://127.0.0.1", "unix:///run/redis.sock", "valkey://127.0.0.1", "redis://", "127.0.0.1:6379"] {
            assert!(refusal(url).contains("redis:// or rediss://"), "{url}: {}", refusal(url));
        }
        assert!(refusal("rediss://redis.example?ssl_cert_reqs=none").contains("'ssl_cert_reqs'"));
        assert!(refusal("redis://redis.example?timeout=5").contains("'timeout'"));
        assert!(refusal("rediss://redis.example/#insecure").contains("always checked"));
        assert!(refusal("redis://redis.example/zero").contains("number of a database"));
    }

    #[test]
    fn a_file_of_authorities_is_read_or_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ca.pem");
        let read = |url| RedisAddress::read(url, Some(&file)).map(|_| ()).map_err(|error| error.to_string());
        assert!(read("rediss://redis.example").unwrap_err().contains(&file.display().to_string()));
        std::fs::write(&file, "no certificate\n").unwrap();
        assert!(read("rediss://redis.example").unwrap_err().contains("holds no certificate"));
        let made = rcgen::generate_simple_self_signed(["redis.example".to_owned()]).unwrap();
        std::fs::write(&file, made.cert.pem()).unwrap();
        assert_eq!(read("rediss://redis.example"), Ok(()));
        assert!(read("redis://redis.example").unwrap_err().contains("plain text"));
    }
}
