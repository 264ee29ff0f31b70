//! What a peer missed while it was away.

use std::collections::BTreeMap;

use domain::Event;
use domain::event::LogPosition;
use domain::position::keep_newest;

use super::frame::{Frame, position_envelope};
use super::notice;
use super::socket::{End, Socket, unanswered};

/// Events read at once.
const PART: u32 = 200;
/// Events that are told anew at most; who missed more loads what it shows.
const MOST: i64 = 50_000;

/// Tells what happened after `from`, in order; of positions only the newest of each officer. When
/// that is no longer known, says so once: `system_status` of type `resync`.
pub async fn replay(socket: &mut Socket, from: LogPosition, head: LogPosition) -> Result<(), End> {
    let is_known = from.epoch == head.epoch && from.offset <= head.offset && head.offset - from.offset <= MOST;
    if !is_known {
        return resync(socket, head).await;
    }
    let (mut at, mut places) = (from.offset, BTreeMap::new());
    loop {
        let page = app::events::since(&socket.cx, &socket.bearer.actor, at, PART).await.map_err(unanswered)?;
        // Dense offsets: the first that is there must be the next, or those between are gone.
        if page.first().map_or(at < head.offset, |first| first != at + 1) {
            return resync(socket, head).await;
        }
        let (is_end, last) = (page.is_end(PART), page.last().unwrap_or(at));
        for logged in page.events {
            at = logged.offset;
            if let Event::PositionsReported { positions } = &logged.event {
                // The log is in the order of arrival, and devices send what they measured before.
                keep_newest(&mut places, positions);
                continue;
            }
            let frame = Frame::logged(LogPosition { epoch: head.epoch, offset: at }, logged);
            socket.replay_one(&frame).await?;
        }
        // Past rows that this program cannot read.
        at = last;
        if is_end {
            break;
        }
    }
    socket.note_told(at);
    for position in places.values() {
        if socket.wants(position) {
            socket.say(position_envelope(position)).await?;
        }
    }
    Ok(())
}

async fn resync(socket: &mut Socket, head: LogPosition) -> Result<(), End> {
    let now = socket.cx.clock.now();
    socket.say(notice::resync(head, now)).await
}
