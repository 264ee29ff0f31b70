//! A cache in this process's memory.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use moka::Expiry;
use moka::notification::RemovalCause;

use crate::cache::{Cache, CacheStats, Generation, Lookup, group, matches};

/// Most bytes of keys and values.
const ROOM: u64 = 64 * 1024 * 1024;

/// A value, the generation that it was computed in, and how long it lives.
#[derive(Clone)]
struct Stored {
    value: String,
    generation: Generation,
    ttl: Duration,
}

/// Values with a life of their own each, on `moka`.
pub struct MemoryCache {
    values: moka::future::Cache<String, Stored>,
    // A std mutex: held to read or raise a number. One entry for each group that was invalidated.
    generations: Mutex<HashMap<String, u64>>,
    hits: AtomicU64,
    misses: AtomicU64,
    evicted: Arc<AtomicU64>,
}

struct OwnLife;

impl Expiry<String, Stored> for OwnLife {
    fn expire_after_create(&self, _: &String, stored: &Stored, _: Instant) -> Option<Duration> {
        Some(stored.ttl)
    }

    fn expire_after_update(&self, _: &String, stored: &Stored, _: Instant, _: Option<Duration>) -> Option<Duration> {
        Some(stored.ttl)
    }
}

impl MemoryCache {
    /// An empty cache.
    pub fn new() -> Self {
        let evicted = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&evicted);
        let values = moka::future::Cache::builder()
            .max_capacity(ROOM)
            .weigher(|key: &String, stored: &Stored| {
                u32::try_from(key.len() + stored.value.len() + 88).unwrap_or(u32::MAX)
            })
            .expire_after(OwnLife)
            .eviction_listener(move |_, _, cause| {
                if cause == RemovalCause::Size {
                    count.fetch_add(1, Ordering::Relaxed);
                }
            })
            .build();
        let generations = Mutex::default();
        Self { values, generations, hits: AtomicU64::new(0), misses: AtomicU64::new(0), evicted }
    }

    fn generation(&self, group: &str) -> Generation {
        let generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        Generation(generations.get(group).copied().unwrap_or_default().to_string())
    }

    /// Whether a value can still be found.
    fn is_current(&self, key: &str, stored: &Stored) -> bool {
        stored.generation == self.generation(group(key))
    }
}

impl Default for MemoryCache {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Cache for MemoryCache {
    async fn get(&self, key: &str) -> Lookup {
        let generation = self.generation(group(key));
        let stored = self.values.get(key).await.filter(|stored| stored.generation == generation);
        let count = if stored.is_some() { &self.hits } else { &self.misses };
        count.fetch_add(1, Ordering::Relaxed);
        Lookup { value: stored.map(|stored| stored.value), generation: Some(generation) }
    }

    async fn put(&self, key: &str, generation: &Generation, value: String, ttl: Duration) {
        let stored = Stored { value, generation: generation.clone(), ttl };
        self.values.insert(key.to_owned(), stored).await;
    }

    async fn invalidate(&self, group: &str) -> Option<()> {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        *generations.entry(group.to_owned()).or_default() += 1;
        Some(())
    }

    async fn remove(&self, key: &str) -> Option<bool> {
        let removed = self.values.remove(key).await;
        Some(removed.is_some_and(|stored| self.is_current(key, &stored)))
    }

    async fn remove_matching(&self, pattern: &str) -> Option<u64> {
        let keys: Vec<String> =
            self.values.iter().map(|(key, _)| key.as_ref().clone()).filter(|key| matches(pattern, key)).collect();
        let mut removed = 0;
        for key in keys {
            removed += u64::from(self.remove(&key).await?);
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
    async fn a_value_is_found_until_it_is_dropped() {
        let cache = MemoryCache::new();
        let hour = Duration::from_secs(3600);
        for (key, value) in [("stats:user:1", "one"), ("stats:user:2", "two"), ("task:1", "task")] {
            let generation = cache.get(key).await.generation.unwrap();
            cache.put(key, &generation, value.to_owned(), hour).await;
        }
        assert_eq!(cache.get("stats:user:1").await.value.as_deref(), Some("one"));
        assert_eq!(cache.remove_matching("stats:*").await, Some(2));
        assert_eq!(cache.get("stats:user:1").await.value, None);
        let stats = cache.stats().await;
        assert_eq!((stats.keys, stats.hits, stats.misses, stats.hit_rate()), (1, 1, 4, 20.0));
    }
}
