//! Days are the office's, whatever the clocks of UTC show.

use chrono::{TimeDelta, TimeZone as _};
use chrono_tz::Tz;
use serde_json::json;

use crate::office::{Office, On};

/// Half an hour before and after midnight of the office, in zones on both sides of UTC.
async fn every_printed_day_is_the_offices(on: On) {
    for zone in [Tz::America__Argentina__Buenos_Aires, Tz::Asia__Tokyo, Tz::Pacific__Kiritimati, Tz::Pacific__Pago_Pago]
    {
        let evening = zone.with_ymd_and_hms(2026, 11, 30, 23, 30, 0).unwrap().to_utc();
        let office = Office::open_in_zone(on, zone, evening).await;
        assert_eq!(office.stranger().gets("/config.json").await.body["time_zone"], zone.name());
        for (day, code) in [("2026-11-30", "EMG-20261130-"), ("2026-12-01", "EMG-20261201-")] {
            // A token does not live for an hour.
            let supervisor = office.supervisor().await;
            let call = json!({ "telegram_id": 0, "lat": -9.0, "lng": 50.0 });
            let call = supervisor.posts("/api/v1/tasks/emergency", call).await.ok();
            assert!(call["codigo"].as_str().unwrap().starts_with(code), "{zone}: {call}");
            let period = format!("desde={day}&hasta={day}");
            let summary = supervisor.gets(&format!("/api/v1/reports/summary?{period}")).await.ok();
            assert_eq!(
                (&summary["dias"][0]["fecha"], &summary["dias"][0]["total"]),
                (&json!(day), &json!(1)),
                "{zone}: {summary}"
            );
            let table = supervisor.gets("/api/v1/reports/export?formato=csv").await;
            let name = table.header("content-disposition").to_owned();
            assert!(name.contains(&format!("-{day}-dias.csv")), "{zone}: {name}");
            let tasks = supervisor.gets(&format!("/api/v1/tasks/?{period}")).await.ok();
            assert_eq!(tasks.as_array().unwrap().len(), 1, "{zone}");
            office.clock.advance(TimeDelta::hours(1));
        }
        office.closes().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_printed_day_is_the_offices_on_sqlite() {
    every_printed_day_is_the_offices(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_printed_day_is_the_offices_on_postgres() {
    every_printed_day_is_the_offices(On::Postgres).await;
}
