//! Whatever people ask of a task, in whatever order and with whatever clock, it stays legal.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

use chrono::{DateTime, TimeDelta};
use domain::task::{NewTask, Title, hours};
use domain::{JsonObject, Priority, Task, TaskCode, TaskId, TaskKind, TaskState, Time, UserId};
use proptest::prelude::*;

fn noon() -> Time {
    DateTime::from_timestamp(1_760_000_000, 0).unwrap()
}

fn a_task() -> Task {
    let new = NewTask {
        uuid: uuid::Uuid::nil(),
        code: TaskCode::try_from("OPE-001".to_owned()).unwrap(),
        title: Title::try_from("Recorrer la plaza").unwrap(),
        description: None,
        kind: TaskKind::Patrol,
        priority: Priority::Medium,
        scheduled_start: noon(),
        scheduled_end: None,
        delegate: UserId(1),
        creator: UserId(1),
        location: None,
        location_description: None,
        awaits_officer: false,
        emergency: false,
        dispatch_from: None,
        extra: JsonObject::new(),
        created_at: noon(),
    };
    new.into_task(TaskId(1))
}

fn any_state() -> impl Strategy<Value = TaskState> {
    prop::sample::select(TaskState::ALL)
}

proptest! {
    #[test]
    fn any_sequence_of_commands_leaves_a_legal_task(
        commands in prop::collection::vec((any_state(), -3600..7200i64), 0..40),
    ) {
        let mut task = a_task();
        let mut now = noon();
        for (to, seconds) in commands {
            now += TimeDelta::seconds(seconds);
            let from = task.state;
            match task.clone().transition(to, now) {
                Ok(next) => {
                    prop_assert!(from.next().contains(&to));
                    task = next;
                }
                Err(refused) => prop_assert_eq!((refused.from, refused.to), (from, to)),
            }
            prop_assert!(task.is_legal(), "{task:?}");
        }
    }

    #[test]
    fn work_and_pauses_add_up_to_the_whole_time(
        spans in prop::collection::vec((0..100_000i64, 0..100_000i64), 1..20),
        end_paused in any::<bool>(),
    ) {
        let mut task = a_task().transition(TaskState::InProgress, noon()).unwrap();
        let (mut now, mut work, mut pauses) = (noon(), 0, 0);
        let last = spans.len() - 1;
        for (index, (worked, paused)) in spans.into_iter().enumerate() {
            now += TimeDelta::seconds(worked);
            work += worked;
            task = task.transition(TaskState::Paused, now).unwrap();
            now += TimeDelta::seconds(paused);
            pauses += paused;
            if index < last || !end_paused {
                task = task.transition(TaskState::InProgress, now).unwrap();
            }
        }
        task = task.transition(TaskState::Finished, now).unwrap();
        prop_assert_eq!(task.paused_total, TimeDelta::seconds(pauses));
        let worked = task.duration_hours.unwrap();
        prop_assert!((worked - hours(TimeDelta::seconds(work))).abs() < 1e-9);
    }
}

#[test]
fn a_task_that_is_closed_before_it_began_lasts_no_time() {
    let done = a_task().transition(TaskState::Finished, noon()).unwrap();
    assert_eq!((done.started_at, done.finished_at, done.duration_hours), (Some(noon()), Some(noon()), Some(0.0)));
    let called_off = a_task().transition(TaskState::Cancelled, noon()).unwrap();
    assert_eq!((called_off.started_at, called_off.finished_at), (None, None));
}
