//! What the bot asks, for the owners of Telegram accounts.

mod caller;
pub mod link;
mod sign_in;
mod task;

pub use caller::Caller;
pub use sign_in::{Authentication, Verified, authenticate, look_up, verify};
pub use task::{NewTelegramTask, UserTasks, by_code, create, of_user};
