//! Sign-in, tokens and sessions.

mod bearer;
mod confirm;
mod device;
mod failures;
mod hasher;
mod login;
mod mint;
mod password;
mod principal;
mod refresh;
mod session;
mod source;
mod token;

pub use bearer::{Admitted, Bearer, bearer_of, live_principals};
pub(crate) use confirm::{Confirmed, confirm_password};
pub use device::DeviceCookie;
pub use hasher::Hasher;
pub(crate) use login::access_token;
pub use login::{Credentials, LoginFailure, SignedIn, login, open_session};
pub use mint::{Minted, mint};
pub use password::{PasswordOwner, check_password};
pub use principal::{Grant, Principals, actor_of};
pub use refresh::refresh;
pub use session::{list_sessions, logout, revoke_session};
pub use source::place_of;
pub use token::{Audience, Claims, KeyRing, TokenError, WeakKey};
