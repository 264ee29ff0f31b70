//! The job that writes notices: what it reads goes into messages to those whom an event concerns.

use app::{Actor, Error, Result};

/// The job as an actor.
pub fn job() -> Actor {
    Actor::system("avisos".to_owned(), "notices")
}

/// Nothing is known any more of a task that was deleted.
pub fn gone<T>(error: Error) -> Result<Vec<T>> {
    match error {
        Error::NotFound { .. } => Ok(Vec::new()),
        error => Err(error),
    }
}
