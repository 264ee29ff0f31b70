//! New tasks beside a Redis that others have filled.

use super::AcceptanceCheck;
use super::suite::Suite;

/// Five alternating rounds of new tasks with an empty Redis and with one of a million keys.
pub const CHECK: AcceptanceCheck = AcceptanceCheck {
    name: "redis-keys",
    minutes: 2,
    what: "a new task takes at most 1.25 times as long when Redis holds a million keys of others",
    run: |check, bed| Suite { filter: "redis_keys", release: true, ..Suite::DEFAULT }.run(check, bed),
};
