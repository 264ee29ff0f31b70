//! `GET /audit`, `/audit/verification` and `/audit/checkpoints`.

pub mod checkpoint;
pub mod line;
pub mod verification;
