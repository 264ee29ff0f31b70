//! Pictures of reports, drawn for a look: they are left in the `tmp` folder of the build.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

use app::report::chart::{Image, Picture, draw};
use chrono::{NaiveDate, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use domain::Language;
use domain::officer::Unit;
use domain::report::{Milestone, Period, Reached, ResponseTargets, Roster, TaskFact, crew, figures};
use domain::{OfficerId, Priority, TaskId, TaskKind, TaskState};

const UNITS: [&str; 4] =
    ["Comisaría 1.ª Centro", "Bomberos <Sur> & Puerto", "Tránsito", "Guardia Urbana de la Zona Norte Ampliada"];

fn roster() -> Vec<Roster> {
    let member = |id: i64| Roster {
        id: OfficerId(id),
        internal_code: format!("EF-{id:03}").as_str().try_into().unwrap(),
        given_name: "Prueba".to_owned().try_into().unwrap(),
        family_name: None,
        unit: UNITS.get(usize::try_from(id % 5).unwrap()).map(|unit| Unit::try_from(*unit).unwrap()),
    };
    (1..=20).map(member).collect()
}

/// Tasks that look like an office's, the same at each call.
fn facts(period: &Period, count: i64) -> Vec<TaskFact> {
    let span = (period.until() - period.from()).num_seconds();
    let fact = |n: i64| {
        let chance = |salt: i64, of: i64| (((n * 7_919 + salt * 104_729) * 2_654_435_761) >> 8).rem_euclid(of);
        // Two draws of one time make the afternoon busier than the night.
        let created_at = period.from() + TimeDelta::seconds(i64::midpoint(chance(1, span), chance(2, span)));
        let state = TaskState::ALL[[0, 1, 2, 2, 2, 2, 2, 3, 4][usize::try_from(chance(3, 9)).unwrap()]];
        let begun = state != TaskState::Scheduled && state != TaskState::Cancelled;
        let started_at = begun.then(|| created_at + TimeDelta::seconds(40 + chance(4, 2_400)));
        let mut reached = Reached::default();
        if begun {
            let assigned_at = created_at + TimeDelta::seconds(20 + chance(11, 200));
            reached.record(Milestone::Assigned, assigned_at);
            reached.record(Milestone::Accepted, assigned_at + TimeDelta::seconds(chance(12, 120)));
            reached.record(Milestone::OnScene, assigned_at + TimeDelta::seconds(120 + chance(13, 900)));
        }
        TaskFact {
            id: TaskId(n),
            kind: TaskKind::ALL[usize::try_from(chance(5, 6).min(chance(6, 6))).unwrap()],
            priority: Priority::ALL[usize::try_from(chance(7, 5)).unwrap()],
            state,
            emergency: false,
            created_at,
            scheduled_start: created_at,
            started_at,
            finished_at: started_at
                .filter(|_| state == TaskState::Finished)
                .map(|at| at + TimeDelta::seconds(600 + chance(8, 9_000))),
            paused_total: TimeDelta::zero(),
            location: None,
            officers: (0..=chance(9, 2)).map(|more| OfficerId(1 + (chance(10, 19) + more) % 20)).collect(),
            reached,
        }
    };
    (0..count).map(fact).collect()
}

fn picture(first: &str, last: &str, count: i64, language: Language) -> Picture {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let period = Period::new(day(first), day(last), Tz::America__Argentina__Buenos_Aires).unwrap();
    let mut facts = facts(&period, count);
    for emergency in facts.iter_mut().step_by(23) {
        (emergency.kind, emergency.priority) = (TaskKind::Intervention, Priority::Critical);
    }
    let targets = ResponseTargets { assigned: TimeDelta::seconds(120), on_scene: TimeDelta::minutes(10) };
    Picture {
        office: "GRUPO_GAD".to_owned(),
        period,
        unit: None,
        figures: figures(&period, &facts, &targets),
        units: crew(&facts, &roster(), &targets).units,
        at: Utc.with_ymd_and_hms(2026, 11, 25, 22, 5, 0).unwrap(),
        language,
    }
}

fn drawn(name: &str, picture: &Picture) -> (u32, u32) {
    let png = draw(picture, Image::Png).unwrap();
    std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), &png).unwrap();
    assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (side(16), side(20))
}

#[test]
fn a_picture_is_as_wide_as_a_phone_whatever_the_period() {
    let day = drawn("report-day.png", &picture("2026-11-25", "2026-11-25", 187, Language::Spanish));
    let month = drawn("report-month.png", &picture("2026-11-01", "2026-11-30", 4_213, Language::English));
    let year = drawn("report-year.png", &picture("2026-01-01", "2026-12-31", 51_000, Language::Spanish));
    let nothing = drawn("report-nothing.png", &picture("2026-11-25", "2026-11-25", 0, Language::Spanish));
    assert_eq!([day.0, month.0, year.0, nothing.0], [1080; 4]);
    assert!(nothing.1 < day.1 && day.1 < 4_000, "{nothing:?} {day:?}");
}

#[test]
fn names_of_units_are_only_names() {
    let svg =
        String::from_utf8(draw(&picture("2026-11-25", "2026-11-25", 187, Language::Spanish), Image::Svg).unwrap());
    let svg = svg.unwrap();
    assert!(svg.contains("Bomberos &lt;Sur&gt; &amp; Puerto") && !svg.contains("<Sur>"));
    assert!(svg.contains("Miércoles 25 de noviembre de 2026"), "the title says which day");
}

#[test]
fn emergencies_show_arrival_and_the_shares_within_targets() {
    let drawn = draw(&picture("2026-11-01", "2026-11-30", 4_213, Language::Spanish), Image::Svg).unwrap();
    let svg = String::from_utf8(drawn).unwrap();
    for text in ["asignación mediana", "llegada mediana", " % asignadas en 2 min 00 s · ", " % en el lugar en 10 min"]
    {
        assert!(svg.contains(text), "no {text}");
    }
}
