//! A cache that all replicas share.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use redis::{AsyncCommands, RedisResult, Script};

use super::link::Link;
use crate::cache::{Cache, CacheStats, Generation, Lookup, PREFIX, group, matches};

/// Keys looked at in one step of an administrator's sweep.
const STEP: isize = 500;
/// A sorted set of the cache's own keys, by the time when each ends. A sweep reads it and never the
/// keys of the database, which may belong to anybody.
const INDEX: &str = "gad:indice";
/// The generations of groups, one key each.
const GENERATIONS: &str = "gad:generacion";

/// Stores a value, and its key in the index, out of which goes what has ended.
const PUT: &str = r"
local t, ttl = redis.call('TIME'), tonumber(ARGV[2])
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('ZADD', KEYS[2], now + ttl, KEYS[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('PTTL', KEYS[2]) < ttl then redis.call('PEXPIRE', KEYS[2], ttl) end
return 1
";

/// Values in Redis. There is no tier in the process: what one replica drops, all have dropped.
/// While Redis is away nothing is found and nothing is kept.
pub struct RedisCache {
    link: Link,
    put: Script,
    hits: AtomicU64,
    misses: AtomicU64,
    /// Sets generations of this process apart from those of others, and of those before it.
    process: u64,
    made: AtomicU64,
}

/// A value as it is stored: JSON, with the generation that it was computed in.
fn envelope(generation: &Generation, value: &str) -> String {
    format!("{}{value}}}", head(generation))
}

fn head(generation: &Generation) -> String {
    format!(r#"{{"generation":"{}","value":"#, generation.0)
}

/// The value, if it was computed in this generation.
fn opened(generation: &Generation, stored: &str) -> Option<String> {
    Some(stored.strip_prefix(&head(generation))?.strip_suffix('}')?.to_owned())
}

fn key(name: &str) -> String {
    format!("{PREFIX}{name}")
}

fn generation_key(group: &str) -> String {
    format!("{GENERATIONS}:{group}")
}

impl RedisCache {
    /// A cache over a link.
    pub fn new(link: Link) -> Self {
        Self {
            link,
            put: Script::new(PUT),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            process: RandomState::new().hash_one(0_u64),
            made: AtomicU64::new(0),
        }
    }

    /// A generation that never was. A counter in Redis would begin again after it lost its keys, and
    /// values of an old generation would be found.
    fn next_generation(&self) -> Generation {
        Generation(format!("{:016x}-{}", self.process, self.made.fetch_add(1, Ordering::Relaxed)))
    }

    /// Value and generation, by one command unless the group has no generation yet.
    async fn look_up(&self, name: &str) -> Option<(Option<String>, Generation)> {
        let (name, generations, first) = (key(name), generation_key(group(name)), self.next_generation());
        let found = self.link.ask("get", |mut redis| async move {
            let found: (Option<String>, Option<String>) = redis.mget((&name, &generations)).await?;
            let (value, generation) = found;
            if let Some(generation) = generation {
                return Ok((value, Generation(generation)));
            }
            // Of two that begin a generation at once one does.
            redis::cmd("SET").arg(&generations).arg(&first.0).arg("NX").exec_async(&mut redis).await?;
            let generation: Option<String> = redis.get(&generations).await?;
            Ok((None, generation.map_or(first, Generation)))
        });
        found.await
    }

    /// Removes the keys of one step of the index that match. Gives how many were looked at, how many
    /// went out of the index, and how many had a value that could be found.
    async fn sweep(&self, from: isize, pattern: &str) -> Option<(isize, isize, u64)> {
        let step = self.link.ask("sweep", |mut redis| async move {
            let names: Vec<String> = redis.zrange(INDEX, from, from + STEP - 1).await?;
            let looked_at = names.len().cast_signed();
            let of_ours = |name: &String| name.strip_prefix(PREFIX).is_some_and(|name| matches(pattern, name));
            let names: Vec<String> = names.into_iter().filter(of_ours).collect();
            if names.is_empty() {
                return Ok((looked_at, 0, 0));
            }
            let found = drop_keys(&mut redis, &names).await?;
            Ok((looked_at, names.len().cast_signed(), found))
        });
        step.await
    }
}

/// How many of these keys have a value of the current generation.
async fn valid(redis: &mut redis::aio::ConnectionManager, names: &[String]) -> RedisResult<u64> {
    let group_of = |name: &String| generation_key(group(name.strip_prefix(PREFIX).unwrap_or(name)));
    let generations: Vec<String> = names.iter().map(group_of).collect();
    let values: Vec<Option<String>> = redis.mget(names).await?;
    let generations: Vec<Option<String>> = redis.mget(generations).await?;
    let both = values.into_iter().zip(generations);
    let found = both.filter(|(value, generation)| match (value, generation) {
        (Some(value), Some(generation)) => opened(&Generation(generation.clone()), value).is_some(),
        _ => false,
    });
    Ok(u64::try_from(found.count()).unwrap_or(u64::MAX))
}

/// Removes these keys and takes them out of the index. Gives how many had a value that could be found.
async fn drop_keys(redis: &mut redis::aio::ConnectionManager, names: &[String]) -> RedisResult<u64> {
    let found = valid(redis, names).await?;
    let _: u64 = redis.del(names).await?;
    let _: u64 = redis.zrem(INDEX, names).await?;
    Ok(found)
}

#[async_trait]
impl Cache for RedisCache {
    async fn get(&self, name: &str) -> Lookup {
        let found = self.look_up(name).await;
        let value = found.as_ref().and_then(|(value, generation)| opened(generation, value.as_deref()?));
        let count = if value.is_some() { &self.hits } else { &self.misses };
        count.fetch_add(1, Ordering::Relaxed);
        Lookup { value, generation: found.map(|(_, generation)| generation) }
    }

    async fn put(&self, name: &str, generation: &Generation, value: String, ttl: Duration) {
        let (name, value) = (key(name), envelope(generation, &value));
        let ttl = u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).max(1);
        // Lost when Redis is away: then it is computed again.
        let stored = self.link.ask("put", |mut redis| async move {
            let mut call = self.put.prepare_invoke();
            call.key(name).key(INDEX).arg(value).arg(ttl);
            call.invoke_async::<u8>(&mut redis).await
        });
        let _ = stored.await;
    }

    async fn invalidate(&self, group: &str) -> Option<()> {
        let (name, next) = (generation_key(group), self.next_generation());
        self.link.ask("invalidate", |mut redis| async move { redis.set::<_, _, ()>(name, next.0).await }).await
    }

    async fn remove(&self, name: &str) -> Option<bool> {
        let names = [key(name)];
        let removed = self.link.ask("remove", |mut redis| async move { Ok(drop_keys(&mut redis, &names).await? > 0) });
        removed.await
    }

    async fn remove_matching(&self, pattern: &str) -> Option<u64> {
        let (mut from, mut removed) = (0, 0);
        loop {
            let (looked_at, gone, found) = self.sweep(from, pattern).await?;
            removed += found;
            from += looked_at - gone;
            if looked_at < STEP {
                return Some(removed);
            }
        }
    }

    async fn clear(&self) -> Option<u64> {
        self.remove_matching("*").await
    }

    async fn stats(&self) -> CacheStats {
        let found = self.link.ask("stats", |mut redis| async move {
            let keys: u64 = redis.zcard(INDEX).await?;
            let info: String = redis::cmd("INFO").arg("stats").query_async(&mut redis).await?;
            let evicted = info.lines().find_map(|line| line.strip_prefix("evicted_keys:"));
            Ok((keys, evicted.and_then(|count| count.trim().parse().ok()).unwrap_or(0)))
        });
        let (keys, evicted) = found.await.unwrap_or_default();
        let (hits, misses) = (self.hits.load(Ordering::Relaxed), self.misses.load(Ordering::Relaxed));
        CacheStats { keys, hits, misses, evicted }
    }

    fn source(&self) -> &'static str {
        "redis"
    }
}
