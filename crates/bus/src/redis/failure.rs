//! Why Redis is not used at present: one class for each cause that an operator treats differently.

use std::fmt;

use redis::{ErrorKind, RedisError};

/// A class of failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedisFailure {
    /// No connection, or no answer in time.
    Unreachable,
    /// TLS: the certificate is signed by an authority that is not trusted.
    UnknownAuthority,
    /// TLS: the certificate is for another host name.
    WrongHostName,
    /// TLS: the certificate is expired or not valid yet.
    Expired,
    /// TLS: the server wants a certificate of the client.
    ClientCertificate,
    /// TLS: no handshake otherwise, as on a port that speaks plain text.
    Handshake,
    /// `NOAUTH`, `WRONGPASS`: the credentials are missing or wrong.
    Unauthenticated,
    /// `NOPERM`: the user's access list does not allow the command, key or channel.
    NoPermission,
    /// `OOM`: the memory limit is reached.
    MemoryFull,
    /// `READONLY`: a replica.
    ReadOnly,
    /// `MISCONF`, `NOREPLICAS`: writes are refused because they would not be safe.
    WritesUnsafe,
    /// `LOADING`, `BUSY`, `MASTERDOWN`, `CLUSTERDOWN`: the server is not ready.
    NotReady,
    /// Any other refusal.
    Refused,
}

impl RedisFailure {
    /// The class of an error.
    pub(super) fn of_error(error: &RedisError) -> Self {
        let text = error.to_string();
        // A script's error has the code inside of its text.
        let mut words = error.code().into_iter().chain(text.split(|letter: char| !letter.is_ascii_uppercase()));
        if let Some(failure) = words.find_map(Self::by_code) {
            return failure;
        }
        if error.kind() == ErrorKind::AuthenticationFailed {
            return Self::Unauthenticated;
        }
        if error.code().is_some() {
            return Self::Refused;
        }
        Self::of_handshake(&text).unwrap_or(Self::Unreachable)
    }

    fn by_code(code: &str) -> Option<Self> {
        Some(match code {
            "OOM" => Self::MemoryFull,
            "READONLY" => Self::ReadOnly,
            "NOPERM" | "ACL" => Self::NoPermission,
            "NOAUTH" | "WRONGPASS" => Self::Unauthenticated,
            "MISCONF" | "NOREPLICAS" => Self::WritesUnsafe,
            "LOADING" | "BUSY" | "MASTERDOWN" | "CLUSTERDOWN" => Self::NotReady,
            _ => return None,
        })
    }

    /// The words of `rustls`, which come through the library as text only.
    fn of_handshake(text: &str) -> Option<Self> {
        let has = |word: &str| text.contains(word);
        if has("UnknownIssuer") || has("BadSignature") || has("CaUsedAsEndEntity") {
            Some(Self::UnknownAuthority)
        } else if has("not valid for") || has("NotValidForName") {
            Some(Self::WrongHostName)
        } else if has("certificate expired") || has("not valid yet") || has("Expired") || has("NotValidYet") {
            Some(Self::Expired)
        } else if has("CertificateRequired") {
            Some(Self::ClientCertificate)
        } else if has("InvalidContentType") || has("peer certificate") || has("fatal alert") {
            Some(Self::Handshake)
        } else {
            None
        }
    }

    /// Whether only another connection can help: the server has answered over this one otherwise.
    pub(super) fn needs_new_connection(self) -> bool {
        !matches!(self, Self::NoPermission | Self::MemoryFull | Self::WritesUnsafe | Self::NotReady | Self::Refused)
    }

    /// Whether the refusal is of one command only, so that others may be carried out.
    pub(super) fn is_of_one_command(self) -> bool {
        matches!(self, Self::NoPermission | Self::Refused)
    }

    /// What readiness shows.
    pub fn health_text(self) -> &'static str {
        match self {
            Self::Unreachable => "error: no answer",
            Self::UnknownAuthority => "error: its certificate is signed by an authority that is not trusted",
            Self::WrongHostName => "error: its certificate is for another host name",
            Self::Expired => "error: its certificate is expired or not valid yet",
            Self::ClientCertificate => "error: it wants a client certificate",
            Self::Handshake => "error: no TLS handshake; is this its TLS port?",
            Self::Unauthenticated => "error: it refuses user or password (NOAUTH, WRONGPASS)",
            Self::NoPermission => "error: its access list refuses a command (NOPERM)",
            Self::MemoryFull => "error: its memory is full (OOM)",
            Self::ReadOnly => "error: it is a read-only replica (READONLY)",
            Self::WritesUnsafe => "error: it refuses writes (MISCONF, NOREPLICAS)",
            Self::NotReady => "error: it is loading or busy (LOADING, BUSY)",
            Self::Refused => "error: it refuses a command",
        }
    }
}

impl fmt::Display for RedisFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "does not answer",
            Self::UnknownAuthority => {
                "shows a certificate of an authority that is not trusted (a private one is named by redis_ca_file)"
            }
            Self::WrongHostName => "shows a certificate for another host name than the one in redis_url",
            Self::Expired => "shows a certificate that is expired or not valid yet",
            Self::ClientCertificate => "wants a client certificate, which is not supported (tls-auth-clients no)",
            Self::Handshake => "does not complete the TLS handshake (is the port in redis_url its TLS port?)",
            Self::Unauthenticated => "refuses user or password of redis_url",
            Self::NoPermission => "refuses a command by its access list (ACL)",
            Self::MemoryFull => "refuses writes, since its memory is full (maxmemory)",
            Self::ReadOnly => "refuses writes, since it is a read-only replica",
            Self::WritesUnsafe => "refuses writes, since it cannot save or replicate them",
            Self::NotReady => "is not ready (loading, or busy with a script)",
            Self::Refused => "refuses a command",
        })
    }
}
