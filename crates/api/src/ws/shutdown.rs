//! Sending all sockets away when the process stops.

use std::time::Duration;

use super::close::Goodbye;
use super::hub::Hub;

/// Between two looks whether all are gone.
const LOOK: Duration = Duration::from_millis(20);
/// Longest wait for the last of them.
const LAST: Duration = Duration::from_secs(3);

/// Tells every socket where to resume, spread over `spread` so that not all come back at once;
/// nobody is let in any more. Gives how many were told, and how many did not go.
pub async fn send_away(hub: &Hub, spread: Duration) -> (usize, usize) {
    let present = hub.registry.close();
    let count = present.len();
    let pause = spread / u32::try_from(count.max(1)).unwrap_or(u32::MAX);
    let begun = tokio::time::Instant::now();
    for (n, id) in (0..).zip(present) {
        hub.registry.dismiss(id, Goodbye::Restart(String::new()));
        // Not a pause for each: the clock of the runtime is coarser than the pauses of thousands.
        tokio::time::sleep_until(begun + pause * n).await;
    }
    let deadline = tokio::time::Instant::now() + LAST;
    while hub.registry.present().connections > 0 && tokio::time::Instant::now() < deadline {
        tokio::time::sleep(LOOK).await;
    }
    (count, hub.registry.present().connections)
}
