//! What is said to Telegram: by one sender in the cluster, as fast as Telegram takes it.

mod budget;
mod call;
mod choice;
mod delivery;
mod fate;
mod outcome;
mod pace;
mod sender;
mod watch;
mod window;

pub use budget::Budget;
pub use choice::{Pick, Waiting, choose};
pub use fate::{Case, Fate, MOST_TRIES, fate};
pub use outcome::{begin_counting, count_lost, name_of_chat, notifies_of};
pub use sender::send;
pub use watch::{nothing, watch};
