//! Rate limits that all replicas share.

use std::time::Duration;

use async_trait::async_trait;
use redis::Script;

use super::link::Link;
use crate::memory::MemoryRateLimiter;
use crate::rate_limit::{Decision, RateLimiter};

/// The memory twin's arithmetic, by Redis's own clock, in one step. Gives whether it may pass, how
/// many more may, and in how many milliseconds the next may.
const SCRIPT: &str = r"
local t = redis.call('TIME')
local place = (tonumber(t[1]) + tonumber(t[2]) / 1000000) / (tonumber(ARGV[2]) / 1000)
local number = math.floor(place)
local gone = place - number
local present = KEYS[1] .. ':' .. string.format('%.0f', number)
local used = tonumber(redis.call('GET', present) or '0')
  + tonumber(redis.call('GET', KEYS[1] .. ':' .. string.format('%.0f', number - 1)) or '0') * (1 - gone)
local limit = tonumber(ARGV[1])
if used + 1 <= limit then
  redis.call('INCR', present)
  redis.call('PEXPIRE', present, tonumber(ARGV[2]) * 2)
  return {1, math.max(0, math.floor(limit - used - 1)), 0}
end
return {0, 0, math.ceil(tonumber(ARGV[2]) * (1 - gone))}
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
}

#[async_trait]
impl RateLimiter for RedisRateLimiter {
    async fn check(&self, bucket: &str, limit: u32, window: Duration) -> Decision {
        let answer = self.link.ask("rate limit", |mut redis| async move {
            let mut call = self.script.prepare_invoke();
            let millis = u64::try_from(window.as_millis()).unwrap_or(u64::MAX);
            call.key(format!("gad:limite:{bucket}")).arg(limit).arg(millis);
            call.invoke_async::<(u8, u32, u64)>(&mut redis).await
        });
        match answer.await {
            Some((allowed, remaining, wait)) => {
                Decision { allowed: allowed == 1, limit, remaining, retry_after: Duration::from_millis(wait) }
            }
            None => self.alone.check(bucket, limit, window).await,
        }
    }
}
