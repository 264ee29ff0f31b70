//! Dispatch under load for ten minutes while replicas are killed.

use super::AcceptanceCheck;
use super::suite::Suite;

/// Ten minutes of dispatch with faults in between, after which its invariants hold.
pub const CHECK: AcceptanceCheck = AcceptanceCheck {
    name: "dispatch-soak",
    minutes: 12,
    what: "no call is lost in ten minutes of load on two replicas, one of which is killed every 30 s",
    run: |check, bed| {
        Suite { filter: "dispatch_soak", environment: &[("GAD_SOAK_SECONDS", "600")], ..Suite::DEFAULT }.run(check, bed)
    },
};
