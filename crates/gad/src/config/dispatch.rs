//! How officers are chosen, and by when they must accept.

use app::DispatchSettings;
use chrono::TimeDelta;
use clap::Args;
use domain::dispatch::AckDeadlines;

/// How officers are chosen, and by when they must accept.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Dispatch")]
pub struct Dispatch {
    /// Seconds after which an emergency that was not accepted is offered to a second officer, to a third
    /// (and supervisors are notified), and to all in the radius; 0 switches deadlines off, for all
    /// priorities. Without it 60,120,180, but 0 for an imported office until an officer is linked.
    #[arg(long, global = true, env = "GAD_ACK_SECONDS", value_name = "N[,N,N]", value_parser = deadlines)]
    pub ack_seconds: Option<AckDeadlines>,
    /// The same for tasks of priority 4.
    #[arg(long, global = true, env = "GAD_ACK_SECONDS_URGENT", default_value = "120,240,360", value_name = "N[,N,N]",
          value_parser = deadlines)]
    pub ack_seconds_urgent: AckDeadlines,
    /// The same for tasks of priority 3.
    #[arg(long, global = true, env = "GAD_ACK_SECONDS_HIGH", default_value = "300,600,900", value_name = "N[,N,N]",
          value_parser = deadlines)]
    pub ack_seconds_high: AckDeadlines,
    /// The same for tasks of priority 1 and 2.
    #[arg(long, global = true, env = "GAD_ACK_SECONDS_NORMAL", default_value = "900,1800,2700", value_name = "N[,N,N]",
          value_parser = deadlines)]
    pub ack_seconds_normal: AckDeadlines,
    /// Open offers of one task at most.
    #[arg(long, global = true, env = "GAD_MAX_OFFERS", default_value_t = 20, value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..=100))]
    pub max_offers: u32,
    /// Accuracy radius in metres above which a position makes its officer a last choice.
    #[arg(long, global = true, env = "GAD_MAX_ACCURACY_M", default_value_t = 500, value_name = "M",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_accuracy_m: u32,
    /// Seconds after which a waiting emergency is reported to supervisors again, and alerts fire.
    #[arg(long, global = true, env = "GAD_WAITING_LIMIT_SECONDS", default_value_t = 300, value_name = "N",
          value_parser = clap::value_parser!(i64).range(10..=86_400))]
    pub waiting_limit_seconds: i64,
    /// Emergencies of one officer (level 1) that are dispatched within a minute; further ones are taken,
    /// and wait for their turn. 0 for no limit.
    #[arg(long, global = true, env = "GAD_EMERGENCIES_PER_MINUTE", default_value_t = 3, value_name = "N",
          value_parser = clap::value_parser!(u32).range(0..=1000))]
    pub emergencies_per_minute: u32,
    /// Whether an officer who raises a call may be sent to it.
    #[arg(long, global = true, env = "GAD_CALLER_MAY_BE_SENT", action = clap::ArgAction::Set, num_args = 0..=1,
          require_equals = true, default_value_t = false, default_missing_value = "true", value_name = "BOOL",
          value_parser = clap::builder::BoolishValueParser::new())]
    pub caller_may_be_sent: bool,
    /// Seconds from receipt to assignment that reports count as in time.
    #[arg(long, global = true, env = "GAD_TARGET_ASSIGNED_SECONDS", default_value_t = 120, value_name = "N",
          value_parser = clap::value_parser!(i64).range(1..=86_400))]
    pub target_assigned_seconds: i64,
    /// Seconds from receipt to arrival that reports count as in time.
    #[arg(long, global = true, env = "GAD_TARGET_ON_SCENE_SECONDS", default_value_t = 600, value_name = "N",
          value_parser = clap::value_parser!(i64).range(1..=86_400))]
    pub target_on_scene_seconds: i64,
}

impl Dispatch {
    /// The use cases' settings.
    pub fn settings(&self) -> DispatchSettings {
        let defaults = app::Settings::default().dispatch;
        let is_off = self.ack_seconds == Some(AckDeadlines::OFF);
        let unless_off = |deadlines| if is_off { AckDeadlines::OFF } else { deadlines };
        DispatchSettings {
            ack: [
                unless_off(self.ack_seconds_normal),
                unless_off(self.ack_seconds_normal),
                unless_off(self.ack_seconds_high),
                unless_off(self.ack_seconds_urgent),
                self.ack_seconds.unwrap_or(defaults.ack[4]),
            ],
            deadlines_chosen: self.ack_seconds.is_some(),
            most_offers: self.max_offers,
            max_accuracy_m: f64::from(self.max_accuracy_m),
            waiting_limit: TimeDelta::seconds(self.waiting_limit_seconds),
            emergencies_per_minute: self.emergencies_per_minute,
            caller_may_be_sent: self.caller_may_be_sent,
            target_assigned: TimeDelta::seconds(self.target_assigned_seconds),
            target_on_scene: TimeDelta::seconds(self.target_on_scene_seconds),
            ..defaults
        }
    }
}

/// One to three numbers of seconds, each later than the one before; 0 for no deadlines.
fn deadlines(text: &str) -> Result<AckDeadlines, String> {
    const SHAPE: &str = "must be 0, or one to three growing numbers of seconds up to 86400, like 60,120,180";
    let seconds: Vec<u32> = text
        .trim_end_matches([',', ' '])
        .split(',')
        .map(|part| part.trim().parse())
        .collect::<Result<_, _>>()
        .map_err(|_| SHAPE)?;
    let is_growing = seconds.is_sorted_by(|one, next| one < next);
    match *seconds.as_slice() {
        [0] => Ok(AckDeadlines::OFF),
        _ if !is_growing || seconds.iter().any(|one| !(1..=86_400).contains(one)) => Err(SHAPE.to_owned()),
        [second] => Ok(AckDeadlines { second, third: second.saturating_mul(2), all: second.saturating_mul(3) }),
        [second, third] => Ok(AckDeadlines { second, third, all: third.saturating_add(third - second) }),
        [second, third, all] => Ok(AckDeadlines { second, third, all }),
        _ => Err(SHAPE.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_are_zero_or_grow() {
        let of = |second, third, all| Ok(AckDeadlines { second, third, all });
        assert_eq!(deadlines("0"), Ok(AckDeadlines::OFF));
        assert_eq!(deadlines("60"), of(60, 120, 180));
        assert_eq!(deadlines("30, 90"), of(30, 90, 150));
        assert_eq!(deadlines("60,120,180"), of(60, 120, 180));
        for wrong in ["", "x", "-1", "60,60", "120,60", "0,60", "60,120,180,240", "90000"] {
            assert!(deadlines(wrong).is_err(), "{wrong:?} was taken");
        }
    }
}
