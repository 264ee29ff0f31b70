//! The Merkle tree of RFC 6962 over the leaves of the chain.

use super::{Hash, InvalidHash};

/// Begins a node with two children.
const NODE: &[u8] = &[1];

fn node(left: Hash, right: Hash) -> Hash {
    Hash::of(&[NODE, left.bytes(), right.bytes()])
}

/// A tree that only grows, as the roots of its whole subtrees: enough to add leaves and to tell the
/// root, without the leaves before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    // Largest first; one for each 1 in the binary digits of `size`.
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of a tree of `size` leaves, from what [`Self::bytes`] gave.
    ///
    /// # Errors
    /// Bytes that are not as many as such a tree has.
    pub fn of(size: u64, bytes: &[u8]) -> Result<Self, InvalidHash> {
        let (peaks, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() || peaks.len() != size.count_ones() as usize {
            return Err(InvalidHash);
        }
        Ok(Self { size, peaks: peaks.iter().copied().map(Hash).collect() })
    }

    /// The subtrees' roots, largest first.
    pub fn bytes(&self) -> Vec<u8> {
        self.peaks.iter().flat_map(|peak| peak.0).collect()
    }

    /// Leaves in it.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf.
    pub fn add(&mut self, leaf: Hash) {
        let mut root = leaf;
        for _ in 0..self.size.trailing_ones() {
            // One peak for each of these ones, by the invariant.
            if let Some(left) = self.peaks.pop() {
                root = node(left, root);
            }
        }
        self.peaks.push(root);
        self.size += 1;
    }

    /// The root of the whole tree.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            None => Hash::of(&[]),
            Some(last) => peaks.fold(*last, |right, left| node(*left, right)),
        }
    }
}

fn root(leaves: &[Hash]) -> Hash {
    let mut tree = Frontier::default();
    for leaf in leaves {
        tree.add(*leaf);
    }
    tree.root()
}

/// Leaves of the left subtree: the largest power of two below `size`, which is at least 2.
const fn split(size: usize) -> usize {
    1 << (size - 1).ilog2()
}

/// The audit path of the leaf at `place` (from 0), nearest first (RFC 6962 §2.1.1); none when
/// there is no such leaf.
pub fn proof(leaves: &[Hash], place: usize) -> Option<Vec<Hash>> {
    if place >= leaves.len() {
        return None;
    }
    let (mut leaves, mut place, mut path) = (leaves, place, Vec::new());
    while leaves.len() > 1 {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if place < left.len() {
            path.push(root(right));
            leaves = left;
        } else {
            path.push(root(left));
            place -= left.len();
            leaves = right;
        }
    }
    path.reverse();
    Some(path)
}

/// The root that a leaf at `place` (from 0) of a tree of `size` has by an audit path; none when
/// the path does not fit the place (RFC 9162 §2.1.3.2).
pub fn root_by_proof(leaf: Hash, place: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if place >= size {
        return None;
    }
    let (mut at, mut last, mut root) = (place, size - 1, leaf);
    for step in path {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            root = node(*step, root);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            root = node(root, *step);
        }
        at >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(root)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|n| Hash::of(&[&[0], &n.to_be_bytes()])).collect()
    }

    /// RFC 6962 §2.1, word by word.
    fn by_the_book(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::of(&[]),
            [one] => *one,
            _ => {
                let (left, right) = leaves.split_at(split(leaves.len()));
                node(by_the_book(left), by_the_book(right))
            }
        }
    }

    proptest! {
        #[test]
        fn a_tree_that_grew_has_the_root_of_the_book(count in 0_usize..300) {
            let leaves = leaves(count);
            prop_assert_eq!(root(&leaves), by_the_book(&leaves));
        }

        #[test]
        fn a_frontier_that_was_kept_grows_on(before in 0_usize..200, more in 0_usize..100) {
            let leaves = leaves(before + more);
            let mut tree = Frontier::default();
            for leaf in &leaves[..before] {
                tree.add(*leaf);
            }
            let mut kept = Frontier::of(tree.size(), &tree.bytes()).unwrap();
            for leaf in &leaves[before..] {
                kept.add(*leaf);
            }
            prop_assert_eq!(kept.root(), by_the_book(&leaves));
        }

        #[test]
        fn each_leaf_is_proved_and_no_other(count in 1_usize..200, place in any::<prop::sample::Index>(),
            other in any::<prop::sample::Index>()) {
            let (leaves, place, other) = (leaves(count), place.index(count), other.index(count));
            let path = proof(&leaves, place).unwrap();
            let by_path = |leaf, place| root_by_proof(leaf, place as u64, count as u64, &path);
            prop_assert_eq!(by_path(leaves[place], place), Some(by_the_book(&leaves)));
            if other != place {
                prop_assert_ne!(by_path(leaves[other], place), Some(by_the_book(&leaves)));
                prop_assert_ne!(by_path(leaves[place], other), Some(by_the_book(&leaves)));
            }
        }

        #[test]
        fn a_path_that_is_too_long_or_too_short_proves_nothing(count in 2_usize..100, place in any::<prop::sample::Index>()) {
            let (leaves, place) = (leaves(count), place.index(count));
            let mut path = proof(&leaves, place).unwrap();
            let root = by_the_book(&leaves);
            let short = path[..path.len() - 1].to_vec();
            path.push(root);
            for wrong in [path, short] {
                prop_assert_ne!(root_by_proof(leaves[place], place as u64, count as u64, &wrong), Some(root));
            }
        }
    }

    #[test]
    fn a_frontier_of_another_size_is_refused() {
        assert_eq!(Frontier::of(3, &[0; 32]), Err(InvalidHash));
        assert_eq!(Frontier::of(1, &[0; 33]), Err(InvalidHash));
        assert_eq!(proof(&leaves(3), 3), None);
    }
}
