//! Why a call did not do what it was to do, by what is done next.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use hyper::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use crate::model::ChatId;

/// Longest that a wait which Telegram asks for is believed.
const LONGEST_WAIT: u64 = 3600;
/// Longest description that is kept of a refusal, in characters.
const LONGEST_DESCRIPTION: usize = 300;
/// Descriptions of a 403 that say that the chat is closed to the bot.
const UNREACHABLE: [&str; 7] = [
    "blocked by the user",
    "user is deactivated",
    "can't initiate conversation",
    "bot was kicked",
    "is not a member",
    "can't send messages to",
    "chat was deleted",
];

/// Why a call did not do what it was to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Too often: nothing goes to the chat, or nowhere, before this is over.
    #[error("too many calls, to be tried again after {0:?}")]
    TooMany(Duration),
    /// The person blocked the bot, never wrote to it or is gone; the group threw it out. With the
    /// description that Telegram gave.
    #[error("the chat takes no messages: {0}")]
    Unreachable(String),
    /// Telegram forbids the call, for a reason that is not known here.
    #[error("forbidden: {0}")]
    Forbidden(String),
    /// The topic of the forum is closed or deleted.
    #[error("the topic takes no messages: {0}")]
    NoTopic(String),
    /// The group has another number.
    #[error("the chat has another number")]
    Moved(ChatId),
    /// The message already is what it was to become.
    #[error("the message is as it was to be")]
    NotModified,
    /// The message that was to be changed is not there, or cannot be changed any more.
    #[error("the message cannot be changed: {0}")]
    NoMessage(String),
    /// The file is not there any more, or too large.
    #[error("the file cannot be had: {0}")]
    NoFile(String),
    /// A pressed button that waits no more.
    #[error("the button waits no more")]
    TooOld,
    /// The token opens nothing.
    #[error("the token is not known")]
    BadToken,
    /// Somebody else reads updates with this token, or a webhook does.
    #[error("somebody else reads the updates")]
    Conflict,
    /// Telegram refused the call, for a reason that is not known here: a defect of ours, a right that
    /// the bot has lost, or trouble at Telegram's end.
    #[error("refused: {0}")]
    Refused(String),
    /// Telegram, or the way to it, is in trouble.
    #[error("away: {0}")]
    Away(String),
    /// No answer in time. It may have been done.
    #[error("no answer in time")]
    Late,
    /// It has failed, and is not asked for the moment.
    #[error("not asked for the moment")]
    NotAsked,
}

impl Failure {
    /// Its name in figures.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TooMany(_) => "too_many",
            Self::Unreachable(_) => "unreachable",
            Self::Forbidden(_) => "forbidden",
            Self::NoTopic(_) => "no_topic",
            Self::Moved(_) => "moved",
            Self::NotModified => "not_modified",
            Self::NoMessage(_) => "no_message",
            Self::NoFile(_) => "no_file",
            Self::TooOld => "too_old",
            Self::BadToken => "bad_token",
            Self::Conflict => "conflict",
            Self::Refused(_) => "refused",
            Self::Away(_) => "away",
            Self::Late => "late",
            Self::NotAsked => "not_asked",
        }
    }

    /// Something that cannot be, like a header that is none.
    pub(super) fn defect(error: impl Error) -> Self {
        Self::Refused(error.to_string())
    }

    /// What a connection died of, with its causes. hyper names no URLs in them.
    pub(super) fn away(error: &(dyn Error + 'static)) -> Self {
        let causes = std::iter::successors(Some(error), |&error| error.source());
        Self::Away(causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
    }
}

/// What every answer is wrapped in.
#[derive(Deserialize)]
struct Envelope {
    ok: bool,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Deserialize, Default)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

/// Reads an answer. Words of Telegram decide only where it has no number for the case.
pub(super) fn read(status: StatusCode, body: &Bytes) -> Result<Value, Failure> {
    let envelope = match serde_json::from_slice::<Envelope>(body) {
        Ok(Envelope { ok: true, result, .. }) => return Ok(result),
        Ok(envelope) => envelope,
        // A proxy before Telegram answers with a page.
        Err(_) if status == StatusCode::TOO_MANY_REQUESTS => return Err(Failure::TooMany(Duration::from_secs(1))),
        Err(_) => return Err(Failure::Away(format!("status {}", status.as_u16()))),
    };
    if let Some(chat) = envelope.parameters.migrate_to_chat_id {
        return Err(Failure::Moved(ChatId(chat)));
    }
    let mut description = envelope.description;
    if let Some((cut, _)) = description.char_indices().nth(LONGEST_DESCRIPTION) {
        description.truncate(cut);
    }
    let words = description.to_lowercase();
    let says = |part: &str| words.contains(part);
    Err(match status.as_u16() {
        429 => {
            let seconds = envelope.parameters.retry_after.unwrap_or(1).clamp(1, LONGEST_WAIT);
            Failure::TooMany(Duration::from_secs(seconds))
        }
        403 if UNREACHABLE.iter().any(|part| says(part)) => Failure::Unreachable(description),
        403 => Failure::Forbidden(description),
        401 | 404 => Failure::BadToken,
        409 => Failure::Conflict,
        400 if says("message is not modified") => Failure::NotModified,
        400 if says("message to edit not found") || says("message can't be edited") || says("message_id_invalid") => {
            Failure::NoMessage(description)
        }
        400 if says("file is too big") || says("wrong file") || says("file is temporarily unavailable") => {
            Failure::NoFile(description)
        }
        400 if says("query is too old") || says("query id is invalid") || says("query_id_invalid") => Failure::TooOld,
        400 if says("thread not found") || says("topic_closed") || says("topic_deleted") => {
            Failure::NoTopic(description)
        }
        400 if says("chat not found") || says("user is deactivated") || says("peer_id_invalid") => {
            Failure::Unreachable(description)
        }
        code @ 500.. => Failure::Away(format!("status {code}")),
        _ => Failure::Refused(description),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(status: u16, body: &str) -> Result<Value, Failure> {
        read(StatusCode::from_u16(status).unwrap(), &Bytes::copy_from_slice(body.as_bytes()))
    }

    #[test]
    fn answers_become_what_is_done_next() {
        let error = |code: u16, words: &str| {
            says(code, &format!(r#"{{"ok":false,"error_code":{code},"description":"{words}"}}"#)).unwrap_err()
        };
        assert_eq!(says(200, r#"{"ok":true,"result":{"message_id":7}}"#).unwrap()["message_id"], 7);
        let flood = r#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":5}}"#;
        assert_eq!(says(429, flood), Err(Failure::TooMany(Duration::from_secs(5))));
        let blocked = "Forbidden: bot was blocked by the user";
        assert_eq!(error(403, blocked), Failure::Unreachable(blocked.to_owned()));
        assert_eq!(error(403, "Forbidden: not today"), Failure::Forbidden("Forbidden: not today".to_owned()));
        for closed in ["Bad Request: TOPIC_CLOSED", "Bad Request: message thread not found"] {
            assert_eq!(error(400, closed), Failure::NoTopic(closed.to_owned()));
        }
        let same = "Bad Request: message is not modified: specified new message content and reply markup";
        assert_eq!(error(400, same), Failure::NotModified);
        assert!(matches!(error(400, "Bad Request: message to edit not found"), Failure::NoMessage(_)));
        assert_eq!(error(400, "Bad Request: query is too old and response timeout expired"), Failure::TooOld);
        assert!(matches!(error(400, "Bad Request: chat not found"), Failure::Unreachable(_)));
        assert!(matches!(error(400, "Bad Request: file is too big"), Failure::NoFile(_)));
        let wrong = "Bad Request: wrong file_id or the file is temporarily unavailable";
        assert!(matches!(error(400, wrong), Failure::NoFile(_)));
        assert_eq!(error(401, "Unauthorized"), Failure::BadToken);
        assert_eq!(error(409, "Conflict: terminated by other getUpdates request"), Failure::Conflict);
        assert!(matches!(error(400, "Bad Request: can't parse entities"), Failure::Refused(_)));
        let long = "é".repeat(9000);
        assert_eq!(error(400, &long), Failure::Refused("é".repeat(LONGEST_DESCRIPTION)));
        assert!(matches!(error(502, "Bad Gateway"), Failure::Away(_)));
        assert!(matches!(says(502, "<html>"), Err(Failure::Away(_))));
        let moved = r#"{"ok":false,"error_code":400,"description":"x","parameters":{"migrate_to_chat_id":-1001}}"#;
        assert_eq!(says(400, moved), Err(Failure::Moved(ChatId(-1001))));
    }
}
