//! Measuring gad from outside: load over HTTP, conversations over Telegram, and what its processes cost.
//!
//! Nothing of gad's own is used here, so that any server of the same contract can be measured.

pub mod load;
pub mod process;
pub mod swarm;
pub mod telegram;
pub mod usage;
