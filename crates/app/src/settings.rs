//! What an office may choose. Read from files and the environment by the binary.

use std::time::Duration;

use chrono::TimeDelta;
use domain::Priority;
use domain::dispatch::AckDeadlines;

/// Settings of the use cases.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `PROJECT_NAME`.
    pub project_name: String,
    /// Whose clocks the days of a report are counted by (`TZ`).
    pub time_zone: chrono_tz::Tz,
    /// Sign-in.
    pub auth: AuthSettings,
    /// Who is sent.
    pub dispatch: DispatchSettings,
    /// Linking of Telegram accounts.
    pub link: LinkSettings,
    /// The proof over the audit.
    pub audit: AuditSettings,
    /// How long an answer is kept for a repeated request.
    pub idempotency_ttl: TimeDelta,
    /// How long events are kept for those who come back.
    pub event_retention: TimeDelta,
    /// Whether this is a production office (`ENVIRONMENT`).
    pub production: bool,
}

/// Settings of sign-in.
#[derive(Debug, Clone)]
pub struct AuthSettings {
    /// Life of an access token (`ACCESS_TOKEN_EXPIRE_MINUTES`).
    pub access_ttl: TimeDelta,
    /// Life of a token for Telegram.
    pub telegram_ttl: TimeDelta,
    /// Life of a session without a refresh.
    pub session_ttl: TimeDelta,
    /// How long an exchanged refresh token gets the same successor again, for clients that lost the answer.
    pub refresh_grace: TimeDelta,
    /// How long a principal is believed without asking the record. A revocation is effective
    /// everywhere after this time at the latest.
    pub principal_ttl: Duration,
    /// Refused sign-ins are answered at multiples of this time, so that it does not tell an account
    /// that exists, or one that was imported, from one that does not. Zero for at once.
    pub refusal_step: Duration,
}

/// Settings of the linking of Telegram accounts.
#[derive(Debug, Clone)]
pub struct LinkSettings {
    /// How long a code is good.
    pub code_ttl: TimeDelta,
    /// The bot's name, without the sign before it, for links that open it.
    pub bot_name: Option<String>,
}

/// Settings of the proof over the audit.
#[derive(Debug, Clone)]
pub struct AuditSettings {
    /// A checkpoint is signed when as many lines are not under one.
    pub checkpoint_lines: i64,
    /// Or when some are not, and the last one is as old.
    pub checkpoint_age: TimeDelta,
}

/// Settings of dispatch.
#[derive(Debug, Clone)]
pub struct DispatchSettings {
    /// Oldest position that counts.
    pub max_position_age: TimeDelta,
    /// Farthest officer that is sent, in metres.
    pub radius_m: f64,
    /// Speed in streets for the estimate of minutes.
    pub speed_kmh: f64,
    /// Accuracy radius in metres above which a position makes its officer a last choice.
    pub max_accuracy_m: f64,
    /// Deadlines of acceptance by priority, from 1 (low) to 5 (critical).
    pub ack: [AckDeadlines; 5],
    /// Whether the office set the deadlines itself. An imported office has none until an officer is
    /// linked, unless it did.
    pub deadlines_chosen: bool,
    /// Open offers of one task at most.
    pub most_offers: u32,
    /// A call that waits longer is reported to supervisors again, and marked.
    pub waiting_limit: TimeDelta,
    /// Emergencies of one officer (level 1) that are dispatched within a minute; further ones wait for
    /// their turn. 0 for no limit.
    pub emergencies_per_minute: u32,
    /// A further call of the same officer (level 1) within this distance in metres of an open one is
    /// joined to it.
    pub join_radius_m: f64,
    /// And within this time.
    pub join_window: TimeDelta,
    /// Whether the officer who raises a call may be sent to it.
    pub caller_may_be_sent: bool,
    /// From receipt to assignment, as reports count it as in time.
    pub target_assigned: TimeDelta,
    /// From receipt to arrival, as reports count it as in time.
    pub target_on_scene: TimeDelta,
}

impl DispatchSettings {
    /// The deadlines of a priority.
    pub fn deadlines(&self, priority: Priority) -> AckDeadlines {
        self.ack.get(usize::from(priority.number()).saturating_sub(1)).copied().unwrap_or(AckDeadlines::OFF)
    }
}

/// Deadlines in seconds.
const fn ack(second: u32, third: u32, all: u32) -> AckDeadlines {
    AckDeadlines { second, third, all }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            project_name: "GRUPO_GAD".to_owned(),
            time_zone: chrono_tz::Tz::UTC,
            auth: AuthSettings {
                access_ttl: TimeDelta::minutes(30),
                telegram_ttl: TimeDelta::days(7),
                session_ttl: TimeDelta::days(14),
                // Longer than the longest wait of a client for an answer.
                refresh_grace: TimeDelta::seconds(60),
                principal_ttl: Duration::from_secs(2),
                refusal_step: Duration::from_millis(500),
            },
            dispatch: DispatchSettings {
                max_position_age: TimeDelta::minutes(15),
                radius_m: 50_000.0,
                speed_kmh: 30.0,
                max_accuracy_m: 500.0,
                ack: [
                    ack(900, 1800, 2700),
                    ack(900, 1800, 2700),
                    ack(300, 600, 900),
                    ack(120, 240, 360),
                    ack(60, 120, 180),
                ],
                deadlines_chosen: false,
                most_offers: 20,
                waiting_limit: TimeDelta::minutes(5),
                emergencies_per_minute: 3,
                join_radius_m: 200.0,
                join_window: TimeDelta::seconds(120),
                caller_may_be_sent: false,
                target_assigned: TimeDelta::seconds(120),
                target_on_scene: TimeDelta::minutes(10),
            },
            link: LinkSettings { code_ttl: TimeDelta::hours(24), bot_name: None },
            audit: AuditSettings { checkpoint_lines: 1000, checkpoint_age: TimeDelta::minutes(15) },
            idempotency_ttl: TimeDelta::hours(24),
            event_retention: TimeDelta::days(7),
            production: false,
        }
    }
}

impl Settings {
    /// `iss` of all tokens: the project's name in lower case and `.gob.ec` (contract §3.1).
    pub fn issuer(&self) -> String {
        format!("{}.gob.ec", self.project_name.to_lowercase())
    }
}
