//! Measuring gad from outside: load over HTTP, conversations over Telegram, what its processes cost,
//! and the evaluation that holds all of it against the office's plan.
//!
//! Nothing of gad's own is used here, so that any server of the same contract can be measured.

pub mod baseline;
pub mod capacity;
pub mod client;
pub mod load;
pub mod machine;
pub mod measure;
pub mod peak;
pub mod plan;
pub mod process;
pub mod profile;
pub mod relay;
pub mod report;
pub mod run;
pub mod sampler;
pub mod scenario;
pub mod service;
pub mod swarm;
pub mod target;
pub mod telegram;
pub mod text;
pub mod threshold;
pub mod usage;
pub mod verdict;
pub mod whereabouts;
pub mod witness;
