//! Answers that may be a little old.

use std::time::Duration;

use async_trait::async_trait;

/// What every key begins with in the store behind the cache (contract §7.1).
pub const PREFIX: &str = "gad:";

/// A cache of JSON texts. Keys are given without [`PREFIX`]; the part before the first colon is the
/// group of a key. It is never the truth: a value may vanish at any time.
///
/// A group is invalidated by a new generation number, whatever it holds: each value bears the
/// generation in which it was computed and is found in no other. What is left of an older one ends
/// by its own time.
#[async_trait]
pub trait Cache: Send + Sync {
    /// The value, if it is there, and the generation that its group is in.
    async fn get(&self, key: &str) -> Lookup;
    /// Stores a value for `ttl` in the generation that was current before it was computed, so that a
    /// value which was overtaken by an invalidation is never found.
    async fn put(&self, key: &str, generation: &Generation, value: String, ttl: Duration);
    /// Drops all values of a group in one step, however many there are. `None` when the cache did
    /// not answer: then they end by their own time.
    async fn invalidate(&self, group: &str) -> Option<()>;
    /// Drops a value; whether it was there, `None` when the cache did not answer.
    async fn remove(&self, key: &str) -> Option<bool>;
    /// Drops all whose key matches a pattern, in which `*` stands for any text; how many, `None` when
    /// the cache did not answer to the end. Looks at every key of the cache: for administrators, not
    /// for the path of other requests.
    async fn remove_matching(&self, pattern: &str) -> Option<u64>;
    /// Drops all; how many, `None` when the cache did not answer to the end.
    async fn clear(&self) -> Option<u64>;
    /// How it does.
    async fn stats(&self) -> CacheStats;
    /// Where values come from: `memory` or `redis`.
    fn source(&self) -> &'static str;
}

/// Identifies the contents of a group between two invalidations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation(pub(crate) String);

/// What a cache has under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The value, if there is one of the current generation.
    pub value: Option<String>,
    /// The current generation; `None` when the cache did not answer.
    pub generation: Option<Generation>,
}

/// The group of a key.
pub(crate) fn group(key: &str) -> &str {
    key.split_once(':').map_or(key, |(group, _)| group)
}
/// How a cache does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CacheStats {
    /// Values kept.
    pub keys: u64,
    /// Questions answered.
    pub hits: u64,
    /// Questions not answered.
    pub misses: u64,
    /// Values dropped for want of room.
    pub evicted: u64,
}

impl CacheStats {
    /// Share of questions answered, in percent.
    pub fn hit_rate(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a percentage needs no more")]
        let (hits, all) = (self.hits as f64, (self.hits + self.misses) as f64);
        if all == 0.0 { 0.0 } else { hits / all * 100.0 }
    }
}

/// Whether `key` matches `pattern`, in which `*` stands for any text.
pub(crate) fn matches(pattern: &str, key: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = key.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches("stats:user:*", "stats:user:7:days:30"));
        assert!(matches("*:7:*", "stats:user:7:days:30"));
        assert!(matches("a*a", "aa") && !matches("a*a", "a"));
        assert!(!matches("stats:user:7", "stats:user:77"));
    }
}
