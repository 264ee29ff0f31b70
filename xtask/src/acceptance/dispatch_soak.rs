//! Dispatch under load and faults for ten minutes, on both stores.

use super::AcceptanceCheck;
use super::suite::Suite;

/// Ten minutes of dispatch with faults in between, after which its invariants hold.
pub const CHECK: AcceptanceCheck = AcceptanceCheck {
    name: "dispatch-soak",
    minutes: 12,
    what: "the invariants of dispatch hold after ten minutes of load with faults, on both stores",
    run: |check, bed| {
        Suite { filter: "dispatch_soak", environment: &[("GAD_SOAK_SECONDS", "600")], ..Suite::DEFAULT }.run(check, bed)
    },
};
