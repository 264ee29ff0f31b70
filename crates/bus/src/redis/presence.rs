//! The board of many replicas.

use std::time::Duration;

use async_trait::async_trait;
use redis::AsyncCommands;

use super::link::Link;
use crate::presence::Presence;

/// One hash; each note bears the time until which it counts, by Redis's own clock.
const BOARD: &str = "gad:presencia";

/// Pins a note, and clears away those whose time is past.
const PIN: &str = r"
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now + tonumber(ARGV[3])) .. ' ' .. ARGV[2])
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  if tonumber(string.match(all[i + 1], '^%d+')) <= now then redis.call('HDEL', KEYS[1], all[i]) end
end
return 1
";

/// The notes whose time is not past.
const NOTES: &str = r"
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local found = {}
for _, note in ipairs(redis.call('HVALS', KEYS[1])) do
  local until_ms, text = string.match(note, '^(%d+) (.*)$')
  if tonumber(until_ms) > now then found[#found + 1] = text end
end
return found
";

/// Notes in Redis.
pub struct RedisPresence {
    link: Link,
    pin: redis::Script,
    notes: redis::Script,
}

impl RedisPresence {
    /// A board over a link.
    pub fn new(link: Link) -> Self {
        Self { link, pin: redis::Script::new(PIN), notes: redis::Script::new(NOTES) }
    }
}

#[async_trait]
impl Presence for RedisPresence {
    async fn pin(&self, replica: &str, note: String, life: Duration) {
        let millis = u64::try_from(life.as_millis()).unwrap_or(u64::MAX);
        // Lost when Redis is away: the next one comes soon.
        let _ = self
            .link
            .ask("pin", |mut redis| async move {
                let mut call = self.pin.prepare_invoke();
                call.key(BOARD).arg(replica).arg(note).arg(millis);
                call.invoke_async::<u8>(&mut redis).await
            })
            .await;
    }

    async fn unpin(&self, replica: &str) {
        let _ = self.link.ask("unpin", |mut redis| async move { redis.hdel::<_, _, u64>(BOARD, replica).await }).await;
    }

    async fn notes(&self) -> Option<Vec<String>> {
        self.link
            .ask("notes", |mut redis| async move {
                let mut call = self.notes.prepare_invoke();
                call.key(BOARD);
                call.invoke_async::<Vec<String>>(&mut redis).await
            })
            .await
    }
}
