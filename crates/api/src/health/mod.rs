//! Whether the office lives, whether it can work, and how well it does (contract §8.4).

mod detailed;
mod endpoints;
mod government;
mod insider;
mod live;
mod performance;
mod probe;
mod ready;
mod starting;

pub use detailed::detailed;
pub use endpoints::Endpoints;
pub use government::government;
pub use live::{health, live, root, root_live};
pub use performance::performance;
pub use probe::Probe;
pub use ready::{ready, root_ready};
pub use starting::{Starting, starting};

// What `routes!` looks for beside each handler.
pub use detailed::__path_detailed;
pub use government::__path_government;
pub use live::{__path_health, __path_live, __path_root, __path_root_live};
pub use performance::__path_performance;
pub use ready::{__path_ready, __path_root_ready};
