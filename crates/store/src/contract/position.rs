//! Positions of officers.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use domain::position::{ClockLag, DeviceWatch, Doubt, HeldBack, TrackPoint};
use domain::{OfficerId, Point, Position, UserId};
use futures::future::join_all;

use super::given;
use crate::position::{NewPosition, Reporter, Stored, TrackSpan};
use crate::{Result, Rule, Store};

/// A position some minutes after noon, told apart by its latitude.
fn at(officer: OfficerId, minute: i64, lat: f64) -> Position {
    Position {
        officer,
        point: Point::new(lat, -58.381_592_5).expect("within range"),
        accuracy_m: (minute % 2 == 0).then_some(4.5),
        measured_at: given::minutes(minute),
        received_at: given::minutes(minute) + TimeDelta::microseconds(1_234_567),
        reported_by: Some(UserId(7)),
    }
}

async fn record(store: &Arc<dyn Store>, positions: &[Position]) -> Result<()> {
    let mut tx = store.write().await?;
    tx.positions().record(positions).await?;
    tx.commit().await
}

/// The last position, with the reporter of all of these tests: only the track says who reported.
async fn last(store: &Arc<dyn Store>, officer: OfficerId) -> Option<Position> {
    let last = store.read().await.expect("a connection").positions().last(officer).await.expect("an answer");
    last.map(|position| Position { reported_by: Some(UserId(7)), ..position })
}

async fn whole_track(store: &Arc<dyn Store>, officer: OfficerId) -> Vec<Position> {
    let span = TrackSpan { from: given::minutes(-1000), to: given::minutes(1000), limit: 1000, every: 1 };
    let mut tx = store.read().await.expect("a connection");
    let track = tx.positions().track(officer, span).await.expect("an answer");
    track.into_iter().map(|point| point.position).collect()
}

/// The newest measurement is the last position, in whatever order they come.
pub async fn the_newest_position_wins(store: &Arc<dyn Store>) {
    let (a, b) = (given::an_officer(store).await.id, given::an_officer(store).await.id);
    assert_eq!(last(store, a).await, None);
    record(store, &[at(a, 5, 5.0)]).await.expect("recorded");
    assert_eq!(last(store, a).await, Some(at(a, 5, 5.0)));
    record(store, &[at(a, 3, 3.0)]).await.expect("recorded");
    assert_eq!(last(store, a).await, Some(at(a, 5, 5.0)), "an older one that came late");
    let batch = [at(b, 2, 2.0), at(a, 8, 8.0), at(b, 9, 9.0), at(a, 6, 6.0), at(a, 7, 7.0), at(b, 1, 1.0)];
    record(store, &batch).await.expect("recorded");
    assert_eq!(last(store, a).await, Some(at(a, 8, 8.0)));
    assert_eq!(last(store, b).await, Some(at(b, 9, 9.0)));
    assert_eq!(whole_track(store, a).await, [3, 5, 6, 7, 8].map(|n: i16| at(a, n.into(), n.into())));
    record(store, &[]).await.expect("nothing to do");
}

/// A report that comes twice changes nothing, alone, within a batch or with other contents.
pub async fn a_repeated_position_is_harmless(store: &Arc<dyn Store>) {
    let officer = given::an_officer(store).await.id;
    let first = at(officer, 5, 5.0);
    record(store, &[first, first]).await.expect("recorded");
    record(store, &[first]).await.expect("recorded");
    record(store, &[at(officer, 5, 6.0), at(officer, 5, 7.0), at(officer, 4, 4.0)]).await.expect("recorded");
    assert_eq!(last(store, officer).await, Some(first));
    assert_eq!(whole_track(store, officer).await, [at(officer, 4, 4.0), first]);
}

/// Of two reports in one batch of the same time, the first counts, for track and last position.
pub async fn the_first_of_two_at_one_time_counts(store: &Arc<dyn Store>) {
    let officer = given::an_officer(store).await.id;
    record(store, &[at(officer, 5, 1.0), at(officer, 5, 2.0)]).await.expect("recorded");
    assert_eq!(last(store, officer).await, Some(at(officer, 5, 1.0)));
    assert_eq!(whole_track(store, officer).await, [at(officer, 5, 1.0)]);
}

/// A batch with one officer that nobody knows changes nothing.
pub async fn a_position_of_nobody_is_refused(store: &Arc<dyn Store>) {
    let officer = given::an_officer(store).await.id;
    let outcome = record(store, &[at(officer, 1, 1.0), at(OfficerId(9_999_999), 1, 1.0)]).await;
    assert_eq!(given::broken_rule(&outcome), Some(Rule::UnknownOfficer));
    assert_eq!((last(store, officer).await, whole_track(store, officer).await), (None, Vec::new()));
}

/// From and before, oldest first, of the one officer; a limit cuts the old end, and thinning keeps the span.
pub async fn a_track_is_cut_by_time_and_number(store: &Arc<dyn Store>) {
    let (officer, other) = (given::an_officer(store).await.id, given::an_officer(store).await.id);
    let all: Vec<Position> = (0_i16..10).rev().map(|n| at(officer, n.into(), n.into())).collect();
    record(store, &all).await.expect("recorded");
    record(store, &[at(other, 4, 4.0)]).await.expect("recorded");
    let track = |from, to, limit, every| async move {
        let mut tx = store.read().await.expect("a connection");
        let (from, to) = (given::minutes(from), given::minutes(to));
        let track = tx.positions().track(officer, TrackSpan { from, to, limit, every }).await.expect("an answer");
        let count = tx.positions().count(officer, from, to).await.expect("an answer");
        let minute = |point: TrackPoint| (point.position.measured_at - given::noon()).num_minutes();
        (track.into_iter().map(minute).collect::<Vec<_>>(), count)
    };
    assert_eq!(track(3, 6, 100, 1).await, (vec![3, 4, 5], 3));
    assert_eq!(track(0, 100, 2, 1).await, (vec![8, 9], 10));
    assert_eq!(track(0, 100, 100, 3).await, (vec![0, 3, 6, 9], 10));
    assert_eq!(track(6, 3, 100, 1).await, (vec![], 0));
}

/// Many batches of the same officers at the same time, each in another order: none is lost, and
/// the newest of all wins.
pub async fn racing_batches_do_not_get_in_each_others_way(store: &Arc<dyn Store>) {
    let mut officers = Vec::new();
    for _ in 0..8 {
        officers.push(given::an_officer(store).await.id);
    }
    let officers = &officers;
    let batch = |n: usize| async move {
        let mut order: Vec<OfficerId> = officers.clone();
        order.rotate_left(n % 8);
        if n.is_multiple_of(2) {
            order.reverse();
        }
        let minute = i64::try_from(n).expect("small");
        let positions: Vec<Position> = order.into_iter().map(|officer| at(officer, minute, 0.5)).collect();
        record(store, &positions).await
    };
    for outcome in join_all((0..16).map(batch)).await {
        outcome.expect("recorded");
    }
    for officer in officers {
        assert_eq!(last(store, *officer).await, Some(at(*officer, 15, 0.5)));
        assert_eq!(whole_track(store, *officer).await.len(), 16);
    }
}

/// A report that was held back is in the track with its reason, and is not the last position; what was
/// stored before and what moved is counted.
pub async fn a_report_held_back_is_in_the_track_only(store: &Arc<dyn Store>) {
    let (one, two) = (given::an_officer(store).await.id, given::an_officer(store).await.id);
    record(store, &[at(one, 1, 1.0)]).await.expect("recorded");
    let good = |position| NewPosition { position, doubt: None, may_be_last: true };
    let doubt = Some(Doubt::ImpossibleSpeed);
    let held = NewPosition { position: at(one, 3, 3.0), doubt, may_be_last: false };
    let old = NewPosition { position: at(two, 0, 0.5), doubt: None, may_be_last: false };
    let mut tx = store.write().await.expect("a connection");
    let reports = [good(at(one, 1, 1.0)), held, good(at(one, 2, 2.0)), old, good(at(one, 0, 0.0))];
    let stored = tx.positions().store(&reports).await.expect("stored");
    tx.commit().await.expect("committed");
    assert_eq!(stored, Stored { added: 4, moved: vec![one] });
    assert_eq!((last(store, one).await, last(store, two).await), (Some(at(one, 2, 2.0)), None));
    let span = TrackSpan { from: given::minutes(0), to: given::minutes(9), limit: 9, every: 1 };
    let track = store.read().await.expect("a connection").positions().track(one, span).await.expect("an answer");
    assert_eq!(track.iter().map(|point| point.doubt).collect::<Vec<_>>(), [None, None, None, doubt]);
}

/// Officers who exist, with their last position and what is odd about their devices.
pub async fn reporters_are_live_officers(store: &Arc<dyn Store>) {
    let (one, two, gone) =
        (given::an_officer(store).await, given::an_officer(store).await.id, given::an_officer(store).await);
    record(store, &[at(one.id, 1, 1.0)]).await.expect("recorded");
    let clock = ClockLag { min_s: 1200, max_s: 1203, reports: 3, measured_at: given::minutes(1) };
    let held = HeldBack { doubt: Doubt::NullIsland, position: at(one.id, 2, 0.0) };
    let watch = DeviceWatch { held: Some(held), clock: Some(clock) };
    let mut tx = store.write().await.expect("a connection");
    let before = DeviceWatch { held: Some(held), clock: None };
    tx.positions().set_watches(&[(two, watch), (one.id, before)]).await.expect("stored");
    tx.positions().set_watches(&[(two, DeviceWatch::default()), (one.id, watch)]).await.expect("replaced");
    tx.positions().set_watches(&[]).await.expect("nothing to do");
    let deleted = domain::Officer { deleted_at: Some(given::noon()), ..gone.clone() };
    tx.officers().save(&deleted).await.expect("deleted");
    tx.commit().await.expect("committed");
    let mut tx = store.read().await.expect("a connection");
    let all = [gone.id, two, OfficerId(9_999_999), one.id];
    let last = Position { reported_by: None, ..at(one.id, 1, 1.0) };
    let known = [
        Reporter { officer: one.id, last: Some(last), watch },
        Reporter { officer: two, last: None, watch: DeviceWatch::default() },
    ];
    assert_eq!(tx.positions().reporters(&all).await.expect("an answer"), known);
    assert_eq!(tx.positions().watches(&all).await.expect("an answer"), BTreeMap::from([(one.id, watch)]));
}
