//! `usuarios`.

use async_trait::async_trait;
use domain::personal::Email;
use domain::user::NewUser;
use domain::{Level, TelegramId, Time, User, UserId};

use crate::identity::RepeatedIdentity;
use crate::{Page, Result};

/// Users. Deleted ones are invisible to every look-up.
#[async_trait]
pub trait UserRepo: Send {
    /// By number.
    async fn by_id(&mut self, id: UserId) -> Result<Option<User>>;
    /// By number, and kept unchanged until the end of the transaction.
    async fn lock(&mut self, id: UserId) -> Result<Option<User>>;
    /// By the compared form of the e-mail.
    async fn by_email(&mut self, email: &Email) -> Result<Option<User>>;
    /// By Telegram account.
    async fn by_telegram(&mut self, telegram: TelegramId) -> Result<Option<User>>;
    /// In the order of the page.
    async fn list(&mut self, page: Page) -> Result<Vec<User>>;
    /// Verified ones of at least this level, in the order of the page.
    async fn verified_from(&mut self, level: Level, page: Page) -> Result<Vec<User>>;
    /// How many verified ones of at least this level there are.
    async fn count_verified_from(&mut self, level: Level) -> Result<u64>;
    /// The stored password hash: a PHC string or an old `$2b$` one.
    async fn password_hash(&mut self, id: UserId) -> Result<Option<String>>;
    /// Makes a user, with a password hash or without one.
    async fn insert(&mut self, user: &NewUser, password_hash: Option<&str>) -> Result<User>;
    /// Writes all fields and counts the version up; gives the new version.
    ///
    /// # Errors
    /// [`crate::Error::Stale`] when the stored version is not `user.version`.
    async fn save(&mut self, user: &User) -> Result<i64>;
    /// Writes when a user last signed in and which sign-ins failed. The version stays: it guards what people edit,
    /// and anyone may fail to sign in.
    async fn save_access(&mut self, user: &User) -> Result<()>;
    /// Replaces the password hash, and moves `updated_at` to `at`; the version stays.
    async fn set_password_hash(&mut self, id: UserId, hash: &str, at: Time) -> Result<()>;
    /// Rows of users and officers whose identifying text another row has in another writing.
    async fn repeated_identities(&mut self, limit: u32) -> Result<Vec<RepeatedIdentity>>;
    /// Whether an administrator exists who can sign in: a live and verified user of level 3 with an
    /// e-mail and a password.
    async fn has_administrator(&mut self) -> Result<bool>;
    /// Whether such an administrator exists besides `id`, not locked for longer than
    /// [`domain::user::lock_duration`] from `now`, who stays one until the end of the transaction.
    async fn has_other_administrator(&mut self, id: UserId, now: Time) -> Result<bool>;
}
