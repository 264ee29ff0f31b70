//! Tests that the test command runs small, at full size.

use super::AcceptanceCheck;
use super::suite::Suite;

/// The checks, each by a part of the names of its tests.
pub const CHECKS: [AcceptanceCheck; 6] = [
    AcceptanceCheck {
        name: "bot-kills",
        minutes: 4,
        what: "300 people create a task each over the bot through three kills, exactly once, on both stores",
        run: |check, bed| Suite { filter: "bot::killed::many", ..Suite::DEFAULT }.run(check, bed),
    },
    AcceptanceCheck {
        name: "bot-burst",
        minutes: 3,
        what: "1000 people get a message within Telegram's limits, the urgent first, on both stores",
        run: |check, bed| Suite { filter: "bot::sending::a_crowd", ..Suite::DEFAULT }.run(check, bed),
    },
    AcceptanceCheck {
        name: "late-database",
        minutes: 2,
        what: "an office whose database comes up 60 s after it serves by itself",
        run: |check, bed| Suite { filter: "startup::an_office_serves_by_itself", ..Suite::DEFAULT }.run(check, bed),
    },
    AcceptanceCheck {
        name: "unread-log",
        minutes: 3,
        what: "every route answers for 60 s of load while no one reads the log, and dropped lines are counted",
        run: |check, bed| Suite { filter: "log_unread::every_route_answers", ..Suite::DEFAULT }.run(check, bed),
    },
    AcceptanceCheck {
        name: "replica-kills",
        minutes: 2,
        what: "500 screens see 5000 changes once each while Redis and a replica are killed",
        run: |check, bed| Suite { filter: "replicas::screens_see_all", ..Suite::DEFAULT }.run(check, bed),
    },
    AcceptanceCheck {
        name: "sabotage",
        minutes: 6,
        what: "`gad evaluate` finds each planted defect, and nothing else beside it",
        run: |check, bed| Suite { filter: "sabotage", ..Suite::DEFAULT }.run(check, bed),
    },
];
