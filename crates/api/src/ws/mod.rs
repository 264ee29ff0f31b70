//! Real time: sockets, what they are told, and REST about them.

pub mod asyncapi;
pub mod broadcast;
pub mod close;
pub mod connect;
pub mod envelope;
pub mod frame;
pub mod hub;
pub mod inbound;
pub mod measure;
pub mod message_type;
pub mod notice;
pub mod registry;
pub mod stats;
pub mod topic;

mod answer;
mod board;
mod counted_frames;
mod farewell;
mod figures;
mod handshake;
mod keep;
mod payload;
mod replay;
mod replicas;
mod shutdown;
mod socket;

pub use keep::keep;
pub use replicas::everywhere;
pub use shutdown::send_away;
