//! What is said to Telegram: by one sender in the cluster, as fast as Telegram takes it.

mod budget;
mod choice;
mod fate;
mod window;

pub use budget::Budget;
pub use choice::{Pick, Waiting, choose};
pub use fate::{Fate, MOST_TRIES, fate};
