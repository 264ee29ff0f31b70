//! Whose turn it is on a connection.

use std::sync::atomic::{AtomicU32, Ordering};

/// What a connection waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The first byte of its first request.
    Opened,
    /// The rest of the head of a request.
    Head,
    /// Us; the body, if there is one, has a clock of its own.
    Answering,
    /// The first byte of its next request.
    Between,
    /// It has become a socket, which looks after itself.
    Socket,
}

const PHASES: [Phase; 5] = [Phase::Opened, Phase::Head, Phase::Answering, Phase::Between, Phase::Socket];
/// Bits of a turn that name its phase; above them the turns are counted.
const BITS: u32 = 3;

/// Whose turn it is: told by the connection's reader, its service and its answers, all of one task.
#[derive(Debug, Default)]
pub struct Turn(AtomicU32);

impl Turn {
    /// A number that is another at each turn, also when the same phase comes back.
    pub fn number(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    /// What is waited for.
    pub fn phase(&self) -> Phase {
        PHASES[(self.number() & ((1 << BITS) - 1)) as usize]
    }

    fn becomes(&self, phase: Phase) {
        let count = (self.number() >> BITS).wrapping_add(1);
        self.0.store(count << BITS | phase as u32, Ordering::Relaxed);
    }

    /// A byte came.
    pub fn heard(&self) {
        if matches!(self.phase(), Phase::Opened | Phase::Between) {
            self.becomes(Phase::Head);
        }
    }

    /// A head is complete.
    pub fn asked(&self) {
        self.becomes(Phase::Answering);
    }

    /// An answer has been given to the last byte.
    pub fn answered(&self) {
        if self.phase() == Phase::Answering {
            self.becomes(Phase::Between);
        }
    }

    /// The connection is a socket from now on.
    pub fn upgraded(&self) {
        self.becomes(Phase::Socket);
    }
}

#[cfg(test)]
mod tests {
    use super::Phase::{Answering, Between, Head, Opened};
    use super::*;

    #[test]
    fn a_connection_goes_round_until_it_becomes_a_socket() {
        let turn = Turn::default();
        let mut seen = vec![(turn.phase(), turn.number())];
        let steps = [Turn::heard, Turn::heard, Turn::asked, Turn::heard, Turn::answered, Turn::heard, Turn::asked];
        for step in steps {
            step(&turn);
            if turn.number() != seen.last().unwrap().1 {
                seen.push((turn.phase(), turn.number()));
            }
        }
        let phases: Vec<_> = seen.into_iter().map(|(phase, _)| phase).collect();
        assert_eq!(phases, [Opened, Head, Answering, Between, Head, Answering]);
        turn.upgraded();
        turn.answered();
        turn.heard();
        assert_eq!(turn.phase(), Phase::Socket);
    }
}
