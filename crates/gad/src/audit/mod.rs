//! The audit outside of the record: exports that anybody can verify, and proofs of single lines.

mod export;
mod inclusion;
mod offline;

pub use export::{Item, write};
pub use inclusion::{Proof, prove};
pub use offline::{held, verify, walk};
