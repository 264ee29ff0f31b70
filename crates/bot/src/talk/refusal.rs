//! From the use cases' errors to sentences: what happened, what is allowed, and where to go on.

use app::{Error, FieldProblem, Forbidden, Kind, Result};
use store::Rule;

use super::say::{Say, With};

/// The sentence for an error that the person can do something about. Others are given back: another
/// try may mend them.
pub fn sentence(say: Say, error: Error) -> Result<String> {
    let (what, with) = match error {
        Error::Invalid(problems) if problems.iter().any(|problem| problem.code == "not_eligible") => {
            ("error-not-eligible", With::none())
        }
        Error::Invalid(problems) => ("error-invalid", With::none().text("fields", fields(&problems))),
        Error::Unauthenticated
        | Error::LoginRefused { .. }
        | Error::WrongPassword { .. }
        | Error::BadToken
        | Error::Inactive => ("error-inactive", With::none()),
        Error::Forbidden(why) => (forbidden(why), With::none()),
        Error::NotFound { kind, id, .. } => (not_found(kind), With::none().text("id", id)),
        Error::Conflict(rule) => (conflict(rule), With::none()),
        Error::Occupied(codes) => {
            let codes: Vec<&str> = codes.iter().map(domain::TaskCode::as_str).collect();
            ("error-occupied", With::none().text("codes", codes.join(", ")))
        }
        Error::IllegalStep(step) if step.from == domain::AssignmentState::Superseded => {
            ("error-superseded", With::none())
        }
        Error::IllegalStep(_) => ("error-step", With::none()),
        Error::LastAdministrator | Error::Taken(_) => ("error-conflict", With::none()),
        Error::IllegalTransition(refused) => {
            let state = |state| say.label(super::card::state_key(state));
            let with = With::none().text("from", state(refused.from)).text("to", state(refused.to));
            ("error-transition", with)
        }
        Error::Outdated(_) => ("error-outdated", With::none()),
        // The same update under another content: Telegram does not do that, so somebody else does.
        // One whose answer cannot be read was carried out before, too.
        Error::IdempotencyMismatch | Error::UnreadableAnswer => ("error-repeated", With::none()),
        Error::TooMany { retry_after } => {
            let minutes = i64::try_from(retry_after.as_secs().div_ceil(60)).unwrap_or(i64::MAX);
            ("error-too-many", With::none().number("minutes", minutes))
        }
        error @ (Error::Unavailable { .. }
        | Error::Contention(_)
        | Error::StorageFull(_)
        | Error::ReadOnly(_)
        | Error::Denied(_)
        | Error::Internal(_)) => {
            return Err(error);
        }
    };
    Ok(closing(say, &say.html(what, with)))
}

/// A sentence with the way on after it.
pub fn closing(say: Say, sentence: &str) -> String {
    format!("{sentence}\n\n{}", say.it("error-way-on"))
}

fn fields(problems: &[FieldProblem]) -> String {
    let names: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
    names.join(", ")
}

const fn forbidden(why: Forbidden) -> &'static str {
    match why {
        Forbidden::Level | Forbidden::Field(_) => "error-level",
        Forbidden::NotYours => "error-not-yours",
        Forbidden::OthersStatistics => "error-others-statistics",
    }
}

const fn not_found(kind: Kind) -> &'static str {
    match kind {
        Kind::User | Kind::TokenUser | Kind::TelegramUser => "error-no-user",
        Kind::Officer => "error-no-officer",
        Kind::Task => "error-no-task",
        Kind::TaskCode => "error-no-code",
        Kind::Assignment
        | Kind::Note
        | Kind::NoteFile
        | Kind::LinkCode
        | Kind::Session
        | Kind::Position
        | Kind::CacheKey
        | Kind::Log => "error-not-found",
    }
}

const fn conflict(rule: Rule) -> &'static str {
    match rule {
        Rule::OneActiveTask => "error-one-active-task",
        Rule::TaskCode => "error-code-taken",
        _ => "error-conflict",
    }
}
