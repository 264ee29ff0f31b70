//! Figures of connections. Each label is known beforehand and begins at zero.

/// Where a client was too slow.
#[derive(Debug, Clone, Copy)]
pub enum Slow {
    /// In its handshake.
    Handshake,
    /// In the head of a request.
    Head,
    /// In the body of one.
    Body,
    /// In taking an answer.
    Answer,
}

const SLOW: [(Slow, &str); 4] =
    [(Slow::Handshake, "handshake"), (Slow::Head, "head"), (Slow::Body, "body"), (Slow::Answer, "answer")];
/// Why there was no room.
const REFUSED: [&str; 2] = ["full", "address"];

/// Shows all figures at zero.
pub fn begin() {
    metrics::gauge!("gad_connections").set(0.0);
    metrics::counter!("gad_tls_handshakes_failed_total").absolute(0);
    for (_, at) in SLOW {
        metrics::counter!("gad_slow_clients_total", "at" => at).absolute(0);
    }
    for reason in REFUSED {
        metrics::counter!("gad_connections_refused_total", "reason" => reason).absolute(0);
    }
}

impl Slow {
    /// Counts a client that was given up.
    pub fn is_given_up(self) {
        metrics::counter!("gad_slow_clients_total", "at" => SLOW[self as usize].1).increment(1);
    }
}
