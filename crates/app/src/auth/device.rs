//! Cookies of known devices (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"): a
//! browser from which an account was entered has a count of failures of its own, so that guessing
//! from the same address does not close the account to it.

use domain::user::known_for;
use domain::{Time, UserId};

use super::token::KeyRing;

/// A device cookie: whose, which device, since when, and the seal over these. It opens nothing by
/// itself. No `Debug`: who has it may guess in the device's place.
#[derive(Clone)]
pub struct DeviceCookie {
    /// Whose device it is.
    pub user: UserId,
    /// What the browser keeps.
    pub value: String,
}

/// A device from which an account was entered before.
pub(super) struct KnownDevice {
    nonce: String,
    /// When it was last entered.
    pub entered_at: Time,
}

impl KnownDevice {
    /// The device among these cookies that belongs to a user, if one of them was sealed by us and
    /// the last sign-in is not too long ago.
    pub fn among(cookies: &[String], user: UserId, ring: &KeyRing, now: Time) -> Option<Self> {
        let own = format!("{user}.");
        cookies.iter().filter(|cookie| cookie.starts_with(&own)).find_map(|cookie| {
            let (content, seal) = cookie.rsplit_once('.')?;
            let mut parts = content.splitn(3, '.').skip(1);
            let (nonce, entered) = (parts.next()?, parts.next()?.parse().ok()?);
            let entered_at = chrono::DateTime::from_timestamp(entered, 0)?;
            let is_recent = now - entered_at < known_for();
            (is_recent && ring.is_sealed(&sealed(content), seal)).then(|| Self { nonce: nonce.to_owned(), entered_at })
        })
    }

    /// A device that is seen for the first time.
    pub fn new(rng: &dyn domain::Rng, now: Time) -> Self {
        Self { nonce: rng.uuid().simple().to_string(), entered_at: now }
    }

    /// The cookie after a sign-in.
    pub fn cookie(&self, user: UserId, ring: &KeyRing, now: Time) -> Option<DeviceCookie> {
        let content = format!("{user}.{}.{}", self.nonce, now.timestamp());
        let seal = ring.seal(&sealed(&content))?;
        Some(DeviceCookie { user, value: format!("{content}.{seal}") })
    }

    /// What its failures are counted under, beside those of places.
    pub fn source(&self) -> String {
        format!("device:{}", self.nonce)
    }
}

/// What the seal is made over. No token of ours looks like it, so neither serves as the other.
fn sealed(content: &str) -> String {
    format!("gad device cookie: {content}")
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn ring(secret: &str) -> KeyRing {
        KeyRing::new(&[secret.to_owned()], "prueba".to_owned()).unwrap()
    }

    #[test]
    fn a_cookie_is_believed_for_its_user_and_its_time_and_by_the_ring_that_sealed_it() {
        let (own, other) = (ring("a secret of the tests that is long enough"), ring(&"x".repeat(40)));
        let now = chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap();
        let device = KnownDevice { nonce: "abc".to_owned(), entered_at: now };
        let cookie = device.cookie(UserId(7), &own, now).unwrap().value;
        let known = |cookie: &str, user, ring: &KeyRing, at| {
            KnownDevice::among(&["7.x".to_owned(), cookie.to_owned()], UserId(user), ring, at)
                .map(|found| found.source())
        };
        assert_eq!(known(&cookie, 7, &own, now).as_deref(), Some("device:abc"));
        assert_eq!(known(&cookie, 8, &own, now), None);
        assert_eq!(known(&cookie, 7, &other, now), None);
        assert!(known(&cookie, 7, &own, now + TimeDelta::days(89)).is_some());
        assert_eq!(known(&cookie, 7, &own, now + TimeDelta::days(90)), None);
        for altered in [cookie.replace("abc", "abd"), cookie.replace("7.", "8."), cookie.replace(".176", ".186")] {
            assert_eq!(known(&altered, 7, &own, now).or(known(&altered, 8, &own, now)), None, "{altered}");
        }
    }
}
