//! A cache in this process's memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use moka::Expiry;
use moka::notification::RemovalCause;

use crate::cache::{Cache, CacheStats, matches};

/// Most bytes of keys and values.
const ROOM: u64 = 64 * 1024 * 1024;

/// Values with a life of their own each, on `moka`.
pub struct MemoryCache {
    values: moka::future::Cache<String, (String, Duration)>,
    hits: AtomicU64,
    misses: AtomicU64,
    evicted: Arc<AtomicU64>,
}

struct OwnLife;

impl Expiry<String, (String, Duration)> for OwnLife {
    fn expire_after_create(&self, _: &String, value: &(String, Duration), _: Instant) -> Option<Duration> {
        Some(value.1)
    }

    fn expire_after_update(
        &self,
        _: &String,
        value: &(String, Duration),
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(value.1)
    }
}

impl MemoryCache {
    /// An empty cache.
    pub fn new() -> Self {
        let evicted = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&evicted);
        let values = moka::future::Cache::builder()
            .max_capacity(ROOM)
            .weigher(|key: &String, value: &(String, Duration)| {
                u32::try_from(key.len() + value.0.len() + 64).unwrap_or(u32::MAX)
            })
            .expire_after(OwnLife)
            .eviction_listener(move |_, _, cause| {
                if cause == RemovalCause::Size {
                    count.fetch_add(1, Ordering::Relaxed);
                }
            })
            .build();
        Self { values, hits: AtomicU64::new(0), misses: AtomicU64::new(0), evicted }
    }
}

impl Default for MemoryCache {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Cache for MemoryCache {
    async fn get(&self, key: &str) -> Option<String> {
        let value = self.values.get(key).await.map(|(value, _)| value);
        let count = if value.is_some() { &self.hits } else { &self.misses };
        count.fetch_add(1, Ordering::Relaxed);
        value
    }

    async fn put(&self, key: &str, value: String, ttl: Duration) {
        self.values.insert(key.to_owned(), (value, ttl)).await;
    }

    async fn remove(&self, key: &str) -> Option<bool> {
        Some(self.values.remove(key).await.is_some())
    }

    async fn remove_matching(&self, pattern: &str) -> Option<u64> {
        let keys: Vec<String> =
            self.values.iter().map(|(key, _)| key.as_ref().clone()).filter(|key| matches(pattern, key)).collect();
        let mut removed = 0;
        for key in keys {
            removed += u64::from(self.values.remove(key.as_str()).await.is_some());
        }
        Some(removed)
    }

    async fn clear(&self) -> Option<u64> {
        self.remove_matching("*").await
    }

    async fn stats(&self) -> CacheStats {
        self.values.run_pending_tasks().await;
        CacheStats {
            keys: self.values.entry_count(),
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            evicted: self.evicted.load(Ordering::Relaxed),
        }
    }

    fn source(&self) -> &'static str {
        "memory"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_kept_is_found_until_it_is_dropped() {
        let cache = MemoryCache::new();
        let hour = Duration::from_secs(3600);
        cache.put("stats:user:1", "one".to_owned(), hour).await;
        cache.put("stats:user:2", "two".to_owned(), hour).await;
        cache.put("task:1", "task".to_owned(), hour).await;
        assert_eq!(cache.get("stats:user:1").await.as_deref(), Some("one"));
        assert_eq!(cache.remove_matching("stats:*").await, Some(2));
        assert_eq!(cache.get("stats:user:1").await, None);
        let stats = cache.stats().await;
        assert_eq!((stats.keys, stats.hits, stats.misses, stats.hit_rate()), (1, 1, 1, 50.0));
    }
}
