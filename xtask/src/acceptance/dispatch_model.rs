//! Dispatch against its model, on both stores.

use super::AcceptanceCheck;
use super::suite::Suite;

/// Random histories of dispatch, each compared with the model step by step.
pub const CHECK: AcceptanceCheck = AcceptanceCheck {
    name: "dispatch-model",
    minutes: 40,
    what: "2000 random histories of dispatch agree with the model, on SQLite and on PostgreSQL",
    run: |check, bed| {
        Suite { filter: "dispatch_model", environment: &[("GAD_ACCEPTANCE_CASES", "2000")], ..Suite::DEFAULT }
            .run(check, bed)
    },
};
