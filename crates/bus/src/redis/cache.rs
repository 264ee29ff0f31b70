//! A cache that all replicas share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use redis::AsyncCommands;

use super::link::Link;
use crate::cache::{Cache, CacheStats, PREFIX};

/// Keys looked at in one step of a sweep.
const STEP: usize = 500;

/// Values in Redis. There is no tier in the process: what one replica drops, all have dropped.
/// While Redis is away nothing is found and nothing is kept.
pub struct RedisCache {
    link: Link,
    hits: AtomicU64,
    misses: AtomicU64,
}

impl RedisCache {
    /// A cache over a link.
    pub fn new(link: Link) -> Self {
        Self { link, hits: AtomicU64::new(0), misses: AtomicU64::new(0) }
    }
}

fn key(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// `*` stands for any text, as everywhere; what else Redis knows is taken by the letter.
fn glob(pattern: &str) -> String {
    let mut out = String::from(PREFIX);
    for letter in pattern.chars() {
        if matches!(letter, '?' | '[' | ']' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[async_trait]
impl Cache for RedisCache {
    async fn get(&self, name: &str) -> Option<String> {
        let name = key(name);
        let value = self.link.ask("get", |mut redis| async move { redis.get::<_, Option<String>>(name).await }).await;
        let value = value.flatten();
        let count = if value.is_some() { &self.hits } else { &self.misses };
        count.fetch_add(1, Ordering::Relaxed);
        value
    }

    async fn put(&self, name: &str, value: String, ttl: Duration) {
        let (name, ttl) = (key(name), u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).max(1));
        // Lost when Redis is away: then it is reckoned anew.
        let _ =
            self.link.ask("put", |mut redis| async move { redis.pset_ex::<_, _, ()>(name, value, ttl).await }).await;
    }

    async fn remove(&self, name: &str) -> Option<bool> {
        let name = key(name);
        let removed = self.link.ask("remove", |mut redis| async move { redis.del::<_, u64>(name).await }).await?;
        Some(removed > 0)
    }

    async fn remove_matching(&self, pattern: &str) -> Option<u64> {
        let pattern = glob(pattern);
        let (mut cursor, mut removed) = (0_u64, 0);
        loop {
            let pattern = pattern.clone();
            let step = self.link.ask("scan", |mut redis| async move {
                let mut scan = redis::cmd("SCAN");
                scan.arg(cursor).arg("MATCH").arg(pattern).arg("COUNT").arg(STEP);
                let (next, keys): (u64, Vec<String>) = scan.query_async(&mut redis).await?;
                let gone: u64 = if keys.is_empty() { 0 } else { redis.del(keys).await? };
                Ok((next, gone))
            });
            let (next, gone) = step.await?;
            removed += gone;
            cursor = next;
            if cursor == 0 {
                return Some(removed);
            }
        }
    }

    async fn clear(&self) -> Option<u64> {
        self.remove_matching("*").await
    }

    async fn stats(&self) -> CacheStats {
        let found = self.link.ask("stats", |mut redis| async move {
            let keys: u64 = redis::cmd("DBSIZE").query_async(&mut redis).await?;
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
