//! What a process does for the office.

/// What a process does for the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Answers requests and sockets.
    Api,
    /// Hears and speaks on Telegram.
    Bot,
    /// Does what nobody asks for: sends officers to emergencies that wait, signs the audit, reckons
    /// figures, removes what is over.
    Worker,
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word.trim().to_ascii_lowercase().as_str() {
            "api" => Ok(Self::Api),
            "bot" => Ok(Self::Bot),
            "worker" => Ok(Self::Worker),
            _ => Err("must be api, bot or worker, comma-separated".to_owned()),
        }
    }
}
