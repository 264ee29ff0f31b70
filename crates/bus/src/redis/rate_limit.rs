//! Rate limits that all replicas share.

use std::time::Duration;

use async_trait::async_trait;
use redis::Script;

use super::link::Link;
use crate::memory::MemoryRateLimiter;
use crate::rate_limit::{Decision, RateLimiter, millis};

/// `rate_limit::count` line by line, by Redis's own clock unless a time is given. The numbers are
/// whole and below 2^53, so that Lua computes them exactly. Gives whether the request may pass, how
/// many more may, and in how many milliseconds the next may.
const SCRIPT: &str = r"
local limit, length, now = tonumber(ARGV[1]), math.max(tonumber(ARGV[2]), 1), tonumber(ARGV[3])
if not now then
  local t = redis.call('TIME')
  now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end
local stored = redis.call('HMGET', KEYS[1], 'number', 'count', 'before')
local was, count, before = tonumber(stored[1] or '0'), tonumber(stored[2] or '0'), tonumber(stored[3] or '0')
local number, gone, until_then = math.floor(now / length), now % length, 0
if was == number + 1 then
  number, gone, until_then = was, 0, length - gone
end
if number == was + 1 then
  count, before = 0, count
elseif number ~= was then
  count, before = 0, 0
end
local room = math.max(limit * length - count * length - before * (length - gone), 0)
local allowed, wait = 0, 0
if room >= length then
  allowed, count = 1, count + 1
else
  local function over(older, newer)
    return math.max(length - math.floor((limit - 1 - newer) * length / math.max(older, 1)), 0)
  end
  if limit == 0 then
    wait = 2 * length
  elseif count < limit then
    wait = math.max(over(before, count) - gone, 0)
  else
    wait = length - gone + over(count, 0)
  end
  wait = wait + until_then
end
redis.call('HSET', KEYS[1], 'number', string.format('%.0f', number), 'count', count, 'before', before)
redis.call('PEXPIRE', KEYS[1], length * 2)
return {allowed, math.floor(room / length) - allowed, wait}
";

/// Counts in Redis; in this process alone while Redis is away.
pub struct RedisRateLimiter {
    link: Link,
    script: Script,
    alone: MemoryRateLimiter,
}

impl RedisRateLimiter {
    /// A limiter over a link.
    pub fn new(link: Link) -> Self {
        Self { link, script: Script::new(SCRIPT), alone: MemoryRateLimiter::new() }
    }

    /// Counts one request at a time of one's own, since an epoch of one's own, or now; `None` while
    /// Redis is away. The time is for tests.
    pub async fn check_at(
        &self,
        bucket: &str,
        limit: u32,
        window: Duration,
        now: Option<Duration>,
    ) -> Option<Decision> {
        let answer = self.link.ask("rate limit", |mut redis| async move {
            let mut call = self.script.prepare_invoke();
            let now = now.map(|now| millis(now).to_string()).unwrap_or_default();
            call.key(format!("gad:limite:{bucket}")).arg(limit).arg(millis(window)).arg(now);
            call.invoke_async::<(u8, u32, u64)>(&mut redis).await
        });
        let (allowed, remaining, wait) = answer.await?;
        Some(Decision { allowed: allowed == 1, limit, remaining, retry_after: Duration::from_millis(wait) })
    }
}

#[async_trait]
impl RateLimiter for RedisRateLimiter {
    async fn check(&self, bucket: &str, limit: u32, window: Duration) -> Decision {
        match self.check_at(bucket, limit, window, None).await {
            Some(decision) => decision,
            None => self.alone.check(bucket, limit, window).await,
        }
    }
}
