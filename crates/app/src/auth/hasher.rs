//! Password hashes, made and checked on the bounded CPU pool.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::user::Password;
use resilience::CpuPool;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use zeroize::Zeroizing;

use crate::{Error, Result};

/// Argon2id with 19 MiB, 2 passes and 1 lane, as the OWASP Password Storage Cheat Sheet gives it
/// first for servers; `$2b$` hashes of GRUPO_GAD verify too.
#[derive(Clone)]
pub struct Hasher {
    argon2: Argon2<'static>,
    pool: CpuPool,
}

/// Verified against when there is no account, so that both answers take the same time. Its
/// parameters are those of [`Hasher`]; that no password fits it, is no secret.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Whether a password fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// It does.
    pub matches: bool,
    /// And its hash should be made anew, by today's parameters.
    pub rehash: bool,
}

impl Hasher {
    /// A hasher that works on `pool`.
    pub fn new(pool: CpuPool) -> Result<Self> {
        let params = Params::new(19_456, 2, 1, None).map_err(internal)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(Self { argon2, pool })
    }

    /// The PHC string of a password.
    pub async fn hash(&self, password: &Password) -> Result<String> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        self.pool.run("hash-password", move || hash(&argon2, password.reveal())).await?
    }

    /// Runs `work` where passwords are hashed, off the runtime and with a bound.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        what: &'static str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        Ok(self.pool.run(what, work).await?)
    }

    /// Whether `password` fits `stored`; without a stored hash it never does, in the same time.
    pub async fn verify(&self, password: Zeroizing<String>, stored: Option<String>) -> Result<Verdict> {
        let argon2 = self.argon2.clone();
        let verdict = self.pool.run("verify-password", move || {
            let known = stored.is_some();
            let stored = stored.as_deref().unwrap_or(DECOY);
            let verdict = verify_normalized(&argon2, &password, stored);
            Verdict { matches: verdict.matches && known, ..verdict }
        });
        Ok(verdict.await?)
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<String> {
    argon2.hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(internal)
}

/// Passwords are hashed in normalization form C; hashes that were made before that was so fit the
/// password as it was typed.
fn verify_normalized(argon2: &Argon2<'_>, password: &str, stored: &str) -> Verdict {
    if is_nfc(password) {
        return verify(argon2, password, stored);
    }
    let composed = Zeroizing::new(password.nfc().collect::<String>());
    let (composed, typed) = (verify(argon2, &composed, stored), verify(argon2, password, stored));
    Verdict { matches: composed.matches || typed.matches, rehash: composed.rehash || !composed.matches }
}

fn verify(argon2: &Argon2<'_>, password: &str, stored: &str) -> Verdict {
    if stored.starts_with("$2") {
        // bcrypt reads 72 bytes; longer passwords were cut there when the hash was made.
        let cut = &password.as_bytes()[..password.len().min(72)];
        return Verdict { matches: bcrypt::verify(cut, stored).unwrap_or(false), rehash: true };
    }
    let Ok(parsed) = PasswordHash::new(stored) else {
        return Verdict { matches: false, rehash: false };
    };
    let current = Params::try_from(&parsed).is_ok_and(|params| params.m_cost() == argon2.params().m_cost());
    Verdict { matches: argon2.verify_password(password.as_bytes(), &parsed).is_ok(), rehash: !current }
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(error.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_in_whichever_form_it_is_typed_and_hashed() {
        let hasher = Hasher::new(CpuPool::new(1, 1).unwrap()).unwrap();
        let (composed, decomposed) = ("contraseña larga", "contrasen\u{303}a larga");
        for stored in [composed, decomposed].map(|text| hash(&hasher.argon2, text).unwrap()) {
            assert!(verify_normalized(&hasher.argon2, decomposed, &stored).matches);
        }
        let stored = hash(&hasher.argon2, composed).unwrap();
        let verdict = verify_normalized(&hasher.argon2, decomposed, &stored);
        assert_eq!(verdict, Verdict { matches: true, rehash: false });
        let before = hash(&hasher.argon2, decomposed).unwrap();
        assert!(verify_normalized(&hasher.argon2, decomposed, &before).rehash, "it is hashed composed from now on");
        assert!(!verify_normalized(&hasher.argon2, "otra contrasen\u{303}a", &stored).matches);
    }

    #[test]
    fn the_decoy_costs_what_a_stored_hash_costs() {
        let hasher = Hasher::new(CpuPool::new(1, 1).unwrap()).unwrap();
        let real = hash(&hasher.argon2, "una clave larga").unwrap();
        let params = |text: &str| {
            let parsed = PasswordHash::new(text).unwrap();
            let params = Params::try_from(&parsed).unwrap();
            (params.m_cost(), params.t_cost(), params.p_cost(), parsed.hash.map(|output| output.len()))
        };
        assert_eq!(params(DECOY), params(&real));
        let verdict = verify(&hasher.argon2, "una clave larga", DECOY);
        assert_eq!(
            verdict,
            Verdict { matches: false, rehash: false },
            "it was measured to the end, and nothing fits it"
        );
    }
}
