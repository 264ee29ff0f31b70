//! The audit: who reads it, and the proof that nobody has altered it (docs/audit.md).
//!
//! Lines are written by [`crate::record`], with the change that they speak of.

mod checkpoint;
mod desk;
mod key;
mod read;
mod reads;
mod seal;
mod verify;

pub use checkpoint::{make as checkpoint, sign_on};
pub use desk::{AuditDesk, AuditKeys, AuditState, GivenKeys, LastCheckpoint, Verified};
pub use key::{SignError, hand_over};
pub use read::{checkpoints, exported, lines, state};
pub use reads::{ReadLog, write_reads, write_reads_on};
pub(crate) use reads::{Reading, leave as leave_reading};
pub use seal::{seal, seal_on};
pub use verify::{Walk, all_checkpoints, entry, verify, watch_on};
