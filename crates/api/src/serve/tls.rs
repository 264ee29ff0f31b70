//! TLS in this process, for offices without a balancer that speaks it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;

/// Why there is no TLS with these files.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {}", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
    /// It is not what it should be.
    #[error("{} holds no {what} in PEM", .file.display())]
    NotPem {
        /// Which.
        file: PathBuf,
        /// What it should hold.
        what: &'static str,
        /// What is wrong with it.
        #[source]
        error: pem::Error,
    },
    /// The two do not belong together, or are of a kind that is not known.
    #[error("the certificate and the key cannot be used")]
    Unusable(#[source] rustls::Error),
}

/// A certificate and its key, which may be renewed while connections go on.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    current: Arc<Current>,
    acceptor: TlsAcceptor,
}

/// What new connections are shown.
// A std lock: held only to copy a pointer, never across an await.
struct Current(RwLock<Arc<CertifiedKey>>);

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Current(…)")
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Tls {
    /// TLS 1.2 and 1.3 with the chain in one file and its key in the other, both in PEM.
    ///
    /// # Errors
    /// See [`TlsError`]; each names its file.
    pub async fn read(certificate: PathBuf, key: PathBuf) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let first = certified(&certificate, &key, &provider).await?;
        let current = Arc::new(Current(RwLock::new(Arc::new(first))));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(TlsError::Unusable)?
            .with_no_client_auth()
            .with_cert_resolver(current.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { certificate, key, current, acceptor: Arc::new(config).into() })
    }

    /// Reads both files anew, for connections from now on.
    ///
    /// # Errors
    /// As [`Self::read`]; what was there before stays.
    pub async fn reload(&self) -> Result<(), TlsError> {
        let provider = ring::default_provider();
        let next = Arc::new(certified(&self.certificate, &self.key, &provider).await?);
        *self.current.0.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(stream).await
    }
}

async fn certified(certificate: &Path, key: &Path, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
    let text = bytes(certificate).await?;
    let not_pem = |error| TlsError::NotPem { file: certificate.to_owned(), what: "certificate", error };
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&text).collect::<Result<_, _>>().map_err(not_pem)?;
    if chain.is_empty() {
        return Err(not_pem(pem::Error::NoItemsFound));
    }
    let text = bytes(key).await?;
    let not_pem = |error| TlsError::NotPem { file: key.to_owned(), what: "private key", error };
    let key = PrivateKeyDer::from_pem_slice(&text).map_err(not_pem)?;
    CertifiedKey::from_der(chain, key, provider).map_err(TlsError::Unusable)
}

async fn bytes(file: &Path) -> Result<Vec<u8>, TlsError> {
    tokio::fs::read(file).await.map_err(|error| TlsError::Unreadable(file.to_owned(), error))
}
