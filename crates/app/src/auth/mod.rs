//! Sign-in, tokens and sessions.

mod bearer;
mod device;
mod hasher;
mod login;
mod mint;
mod principal;
mod refresh;
mod session;
mod source;
mod token;

pub use bearer::{Bearer, bearer_of, live_principals};
pub use device::DeviceCookie;
pub use hasher::Hasher;
pub use login::{Credentials, LoginFailure, SignedIn, login, open_session};
pub use mint::{Minted, mint};
pub use principal::{Principals, actor_of};
pub use refresh::refresh;
pub use session::{list_sessions, logout, revoke_session};
pub use source::place_of;
pub use token::{Audience, Claims, KeyRing, TokenError, WeakKey};
