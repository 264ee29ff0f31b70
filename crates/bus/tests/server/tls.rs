//! A Redis that speaks TLS only.

use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use super::RedisServer;

/// An authority and the certificate that it signed for one host name.
pub struct Papers {
    dir: tempfile::TempDir,
}

impl Papers {
    /// Made for one test.
    pub fn for_host(host: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        // The same name as that of what it signs would make this look signed by itself.
        authority.distinguished_name.push(DnType::CommonName, "authority of the tests");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_key = KeyPair::generate().unwrap();
        let certificate = authority.self_signed(&authority_key).unwrap();
        std::fs::write(dir.path().join("ca.pem"), certificate.pem()).unwrap();
        let key = KeyPair::generate().unwrap();
        let issuer = Issuer::from_params(&authority, &authority_key);
        let leaf = CertificateParams::new([host.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
        std::fs::write(dir.path().join("cert.pem"), leaf.pem()).unwrap();
        std::fs::write(dir.path().join("key.pem"), key.serialize_pem()).unwrap();
        Self { dir }
    }

    /// The file with the certificate of the authority.
    pub fn authority(&self) -> PathBuf {
        self.file("ca.pem")
    }

    /// A file of theirs: `ca.pem`, `cert.pem` or `key.pem`.
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A server that speaks nothing but TLS, whose password is `s3cret/&`.
    pub async fn serve(&self, more: &[&str]) -> RedisServer {
        let path = |name: &str| self.file(name).to_str().unwrap().to_owned();
        let (ca, cert, key) = (path("ca.pem"), path("cert.pem"), path("key.pem"));
        let tls = ["--port", "0", "--tls-port", "PORT", "--tls-auth-clients", "no"];
        let files = ["--tls-ca-cert-file", &ca, "--tls-cert-file", &cert, "--tls-key-file", &key];
        RedisServer::start_with(&[&tls[..], &files, &["--requirepass", "s3cret/&"], more].concat()).await
    }
}
