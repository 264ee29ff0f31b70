//! Versions of a row that a change may start from.

/// Most versions of one request.
const MOST: usize = 16;

/// Versions of a row that a change may start from. None of them is the version of a row where none is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    listed: [i64; MOST],
    count: usize,
}

impl Versions {
    /// Whether a row of this version may be changed.
    pub fn contains(&self, version: i64) -> bool {
        self.listed[..self.count].contains(&version)
    }
}

impl FromIterator<i64> for Versions {
    /// The first [`MOST`]; a change that starts from another one is refused, which is safe.
    fn from_iter<I: IntoIterator<Item = i64>>(versions: I) -> Self {
        let mut listed = [0; MOST];
        let mut count = 0;
        for (place, version) in listed.iter_mut().zip(versions) {
            *place = version;
            count += 1;
        }
        Self { listed, count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_versions_are_contained() {
        let some: Versions = [3, 5].into_iter().collect();
        assert!(some.contains(3) && some.contains(5) && !some.contains(4) && !some.contains(0));
        let none: Versions = std::iter::empty().collect();
        assert!(!none.contains(0));
        let many: Versions = (1..100).collect();
        assert!(many.contains(16) && !many.contains(17));
    }
}
