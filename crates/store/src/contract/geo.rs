//! Who and what is near, held against looking at everybody.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::dispatch::{Criteria, Nearby};
use domain::task::NewTask;
use domain::telegram::Chat;
use domain::{Availability, GeoBox, Level, Officer, OfficerId, Point, Position, Task, TaskState, geodesy};

use super::crowd::{self, Sequence, assert_same, by_hand};
use super::given;
use crate::Store;

fn place(lat: f64, lng: f64) -> Point {
    Point::new(lat, lng).expect("within range")
}

/// Where the crowd is searched from: corners, where somebody stands, and anywhere.
fn centres(people: &[Nearby]) -> Vec<Point> {
    let mut chance = Sequence::of(7);
    let mut centres = crowd::corners();
    centres.extend(people.iter().step_by(2_000).map(|one| one.position.point));
    centres.extend((0..8).map(|_| chance.place()));
    centres
}

/// Order, numbers and distances of the nearest equal those found by hand, wherever one stands.
pub async fn the_nearest_equal_those_found_by_hand(store: &Arc<dyn Store>) {
    let people = crowd::a_crowd(store).await;
    let mut tx = store.read().await.expect("a connection");
    for centre in centres(&people) {
        let seen = crowd::seen_from(centre, &people);
        for (radius_m, limit) in [(500.0, 20), (60_000.0, 300), (3_000_000.0, 10), (20_100_000.0, 25)] {
            let what = format!("around {} {} within {radius_m} m", centre.lat(), centre.lng());
            let found = tx.geo().officers_around(centre, radius_m, limit).await.expect("an answer");
            assert_same(&found, &by_hand(&seen, limit, |one| one.distance_m <= radius_m), &what);
            for unit in [None, Some("Norte"), Some("Sur"), Some("Nadie")] {
                let criteria = Criteria {
                    unit: unit.map(str::to_owned),
                    ..Criteria::around(centre, radius_m, TimeDelta::minutes(10))
                };
                let found = tx.geo().nearest_eligible(&criteria, given::noon(), limit).await.expect("an answer");
                let expected = by_hand(&seen, limit, |one| one.exclusion(&criteria, given::noon()).is_none());
                assert_same(&found, &expected, &format!("eligible, unit {unit:?}, {what}"));
            }
        }
    }
    for area in boxes() {
        let mut inside: Vec<OfficerId> =
            people.iter().filter(|one| area.contains(one.position.point)).map(|one| one.officer.id).collect();
        inside.sort();
        let found = tx.geo().officers_in(area, None, 20_000).await.expect("an answer");
        assert_eq!(found.iter().map(|one| one.officer.id).collect::<Vec<_>>(), inside, "in {area:?}");
        let first = tx.geo().officers_in(area, None, 3).await.expect("an answer");
        assert_eq!(first[..], found[..found.len().min(3)], "in {area:?}");
    }
}

fn boxes() -> Vec<GeoBox> {
    let area = |south, west, north, east| GeoBox { south, west, north, east };
    vec![
        area(-34.65, -58.5, -34.55, -58.4),
        area(-2.0, 179.5, 2.0, -179.5),
        area(-80.0, 180.0, 80.0, 180.0),
        area(-80.0, -180.0, 80.0, -180.0),
        area(89.0, -180.0, 90.0, 180.0),
        area(-90.0, 0.0, -89.9, 90.0),
        area(-60.0, 100.0, 60.0, -100.0),
        area(-90.0, -180.0, 90.0, 180.0),
        area(10.0, 10.0, 10.0, 10.0),
    ]
}

/// At equal distance the lower number comes first, and the limit cuts there.
pub async fn equal_distances_are_ordered_by_number(store: &Arc<dyn Store>) {
    let mut ids = Vec::new();
    // The same place, and its mirror images: as far to the last bit.
    for (lat, lng) in [(0.5, 0.5), (-0.5, 0.5), (0.5, -0.5), (-0.5, -0.5), (0.5, 0.5), (0.5, 0.5)] {
        ids.push(given::an_officer_at(store, lat, lng).await.id);
    }
    let mut tx = store.read().await.expect("a connection");
    for limit in [1, 3, 6] {
        let found = tx.geo().officers_around(place(0.0, 0.0), 100_000.0, limit).await.expect("an answer");
        assert_eq!(found.iter().map(|one| one.officer.id).collect::<Vec<_>>(), ids[..limit as usize]);
        let found = tx.geo().nearest_eligible(&anybody(place(0.0, 0.0), 100_000.0), given::noon(), limit).await;
        let found = found.expect("an answer");
        assert_eq!(found.iter().map(|one| one.officer.id).collect::<Vec<_>>(), ids[..limit as usize]);
    }
}

fn anybody(point: Point, radius_m: f64) -> Criteria {
    Criteria::around(point, radius_m, TimeDelta::minutes(10))
}

/// Who stands exactly on the circle is within it; a hair beyond is not.
pub async fn the_edge_of_the_radius_belongs_to_it(store: &Arc<dyn Store>) {
    let centre = place(-34.6, -58.4);
    let near = given::an_officer_at(store, -34.61, -58.4).await;
    let edge = given::an_officer_at(store, -34.6, -58.45).await;
    let on_the_spot = given::an_officer_at(store, -34.6, -58.4).await;
    let radius_m = geodesy::distance_m(centre, place(-34.6, -58.45));
    let mut tx = store.read().await.expect("a connection");
    let all = [on_the_spot.id, near.id, edge.id];
    for (radius_m, expected) in [(radius_m, &all[..]), (radius_m.next_down(), &all[..2]), (0.0, &all[..1])] {
        let ids = |found: Vec<Nearby>| found.into_iter().map(|one| one.officer.id).collect::<Vec<_>>();
        let found = tx.geo().officers_around(centre, radius_m, 10).await.expect("an answer");
        assert_eq!(ids(found), expected, "{radius_m}");
        let found = tx.geo().nearest_eligible(&anybody(centre, radius_m), given::noon(), 10).await;
        assert_eq!(ids(found.expect("an answer")), expected, "{radius_m}");
    }
    let none = tx.geo().officers_around(centre, radius_m, 0).await.expect("an answer");
    assert_eq!(none, []);
}

/// A change of availability, unit, position or being there at all counts at once.
pub async fn eligibility_follows_every_change(store: &Arc<dyn Store>) {
    let centre = place(-34.6, -58.4);
    let officer = given::an_officer_at(store, -34.601, -58.4).await;
    let silent = given::an_officer(store).await;
    let off_duty = given::an_officer(store).await;
    let eligible = || async {
        let mut tx = store.read().await.expect("a connection");
        let found = tx.geo().nearest_eligible(&anybody(centre, 1_000.0), given::noon(), 10).await.expect("an answer");
        found.into_iter().map(|one| one.officer.id).collect::<Vec<_>>()
    };
    let save = |officer: Officer| async move {
        let mut tx = store.write().await.expect("a transaction");
        let version = tx.officers().save(&officer).await.expect("a saved officer");
        tx.commit().await.expect("a commit");
        Officer { version, ..officer }
    };
    assert_eq!(eligible().await, [officer.id], "who has no position is nowhere");
    let off_duty = save(Officer { availability: Availability::OutOfService, ..off_duty }).await;
    // First positions, of one who can be sent and of one who cannot.
    let mut tx = store.write().await.expect("a transaction");
    for (id, lat) in [(silent.id, -34.602), (off_duty.id, -34.600)] {
        tx.positions()
            .record(&[crowd::standing(Officer { id, ..silent.clone() }, place(lat, -58.4)).position])
            .await
            .expect("recorded");
    }
    tx.commit().await.expect("a commit");
    assert_eq!(eligible().await, [officer.id, silent.id]);
    let off_duty = save(Officer { availability: Availability::Available, ..off_duty }).await;
    assert_eq!(eligible().await, [off_duty.id, officer.id, silent.id]);
    let mut changing = off_duty.clone();
    for availability in [Availability::OnTask, Availability::OutOfService, Availability::Unavailable] {
        changing = save(Officer { availability, ..changing }).await;
        assert_eq!(eligible().await, [officer.id, silent.id], "{availability}");
    }
    save(Officer { availability: Availability::Available, ..changing }).await;
    assert_eq!(eligible().await, [off_duty.id, officer.id, silent.id]);
    let gone = save(Officer { deleted_at: Some(given::noon()), ..officer.clone() }).await;
    assert_eq!(eligible().await, [off_duty.id, silent.id]);
    let mut tx = store.read().await.expect("a connection");
    let around = tx.geo().officers_around(centre, 1_000.0, 10).await.expect("an answer");
    assert_eq!(around.iter().map(|one| one.officer.id).collect::<Vec<_>>(), [off_duty.id, silent.id]);
    let whole = tx.geo().officers_in(geodesy::whole_earth(), None, 10).await.expect("an answer");
    assert_eq!(whole.iter().map(|one| one.officer.id).collect::<Vec<_>>(), [silent.id, off_duty.id]);
    assert!(whole.iter().all(|one| one.distance_m == 0.0));
    drop(tx);
    save(Officer { deleted_at: None, ..gone }).await;
    assert_eq!(eligible().await, [off_duty.id, officer.id, silent.id]);
    let away = Position { measured_at: given::minutes(1), ..crowd::standing(officer, place(0.0, 0.0)).position };
    let mut tx = store.write().await.expect("a transaction");
    tx.positions().record(&[away]).await.expect("recorded");
    tx.commit().await.expect("a commit");
    assert_eq!(eligible().await, [off_duty.id, silent.id], "moved away");
}

/// A position counts up to the microsecond at which it is too old.
pub async fn an_old_position_does_not_count(store: &Arc<dyn Store>) {
    let officer = given::an_officer_at(store, 0.0, 0.0).await;
    let criteria = anybody(place(0.0, 0.0), 1.0);
    let mut tx = store.read().await.expect("a connection");
    let last = given::noon() + criteria.max_position_age;
    let found = tx.geo().nearest_eligible(&criteria, last, 1).await.expect("an answer");
    assert_eq!(found.iter().map(|one| one.officer.id).collect::<Vec<_>>(), [officer.id]);
    let late = last + TimeDelta::microseconds(1);
    assert_eq!(tx.geo().nearest_eligible(&criteria, late, 1).await.expect("an answer"), []);
}

/// Located tasks of some states, nearest first, and only those that one may see.
pub async fn tasks_around_a_place_are_found(store: &Arc<dyn Store>) {
    let (mine, other) = (given::a_user(store, Level::Supervisor).await, given::a_user(store, Level::Supervisor).await);
    let officer = given::an_officer(store).await;
    let centre = place(51.0, 180.0);
    let mut tx = store.write().await.expect("a transaction");
    let mut tasks: Vec<Task> = Vec::new();
    for (user, lng) in [(&mine, Some(-179.99)), (&other, Some(179.98)), (&mine, Some(179.97)), (&other, Some(-179.98))]
    {
        let new = NewTask { location: lng.map(|lng| place(51.0, lng)), ..given::a_new_task(user) };
        tasks.push(tx.tasks().insert(&new).await.expect("a new task"));
    }
    tx.tasks().insert(&given::a_new_task(&mine)).await.expect("a task without a place");
    tx.tasks().assign(tasks[1].id, &[officer.id], None, given::noon()).await.expect("an assignment");
    for (n, state) in [(2, TaskState::InProgress), (3, TaskState::Cancelled)] {
        let moved = tasks[n].clone().transition(state, given::minutes(1)).expect("a legal change");
        tx.tasks().save(&moved).await.expect("a saved task");
    }
    tx.commit().await.expect("a commit");
    let mut tx = store.read().await.expect("a connection");
    for task in &mut tasks {
        *task = tx.tasks().by_id(task.id).await.expect("an answer").expect("the task");
    }
    let states = [TaskState::Scheduled, TaskState::InProgress];
    for (states, user, radius_m, limit, expected) in [
        (&[][..], None, 10_000.0, 10, vec![0, 1, 3, 2]),
        (&[], None, 10_000.0, 2, vec![0, 1]),
        (&[], None, 1_000.0, 10, vec![0]),
        (&states, None, 10_000.0, 10, vec![0, 1, 2]),
        (&[TaskState::Cancelled], None, 10_000.0, 10, vec![3]),
        (&[TaskState::Finished], None, 10_000.0, 10, vec![]),
        (&[], Some(mine.id), 10_000.0, 10, vec![0, 2]),
        (&states[1..], Some(mine.id), 10_000.0, 10, vec![2]),
        (&[], Some(officer.user), 10_000.0, 10, vec![1]),
        (&[], Some(other.id), 10_000.0, 1, vec![1]),
    ] {
        let found = tx.geo().tasks_around(centre, radius_m, states, user, limit).await.expect("an answer");
        let ids: Vec<_> = found.iter().map(|(task, _)| task.id).collect();
        let expected: Vec<&Task> = expected.into_iter().map(|n: usize| &tasks[n]).collect();
        assert_eq!(ids, expected.iter().map(|task| task.id).collect::<Vec<_>>(), "{states:?} {user:?} {radius_m}");
        for ((task, distance_m), expected) in found.iter().zip(expected) {
            assert_eq!(task, expected);
            let by_hand = geodesy::distance_m(centre, expected.location.expect("a place"));
            assert!((distance_m - by_hand).abs() < 0.001);
        }
    }
    drop(tx);
    let mut tx = store.write().await.expect("a transaction");
    tx.tasks().save(&Task { deleted_at: Some(given::noon()), ..tasks[0].clone() }).await.expect("a deleted task");
    tx.tasks().save(&Task { location: None, ..tasks[1].clone() }).await.expect("a task without a place");
    tx.tasks().save(&Task { location: Some(place(51.0, 180.0)), ..tasks[2].clone() }).await.expect("a moved task");
    let found = tx.geo().tasks_around(centre, 10_000.0, &[], None, 10).await.expect("an answer");
    assert_eq!(found.iter().map(|(task, _)| task.id).collect::<Vec<_>>(), [tasks[2].id, tasks[3].id]);
}

/// First choices, bars and inactive accounts by the database equal those of the domain's rule, whatever
/// the mix of flags.
pub async fn ranks_equal_those_of_the_rule(store: &Arc<dyn Store>) {
    let centre = place(-34.6, -58.4);
    let mut chance = Sequence::of(23);
    let supervisor = given::a_user(store, Level::Supervisor).await;
    let mut users = Vec::new();
    let mut officers = Vec::new();
    for _ in 0..120 {
        let officer = given::an_officer(store).await;
        let position = Position {
            officer: officer.id,
            point: place(chance.between(-34.7, -34.5), chance.between(-58.5, -58.3)),
            accuracy_m: chance.pick(&[None, Some(0.0), Some(20.0), Some(5_000.0)]),
            measured_at: given::noon() - TimeDelta::minutes(chance.pick(&[0, 0, 30])),
            received_at: given::noon(),
            reported_by: None,
        };
        let mut tx = store.write().await.expect("a transaction");
        tx.positions().record(&[position]).await.expect("recorded");
        let mut user = tx.users().lock(officer.user).await.expect("an answer").expect("the user");
        user.verified = chance.draw() < 0.8;
        if chance.draw() < 0.5 {
            user.telegram = None;
        } else if chance.draw() < 0.3 {
            let id = domain::ChatId(user.telegram.expect("linked").0);
            tx.chats().put(&Chat { blocked_at: Some(given::noon()), ..Chat::new(id) }).await.expect("kept");
        }
        tx.users().save(&user).await.expect("saved");
        tx.commit().await.expect("a commit");
        if chance.draw() < 0.3 {
            let task = given::a_task(store, &supervisor).await.id;
            let runs_from = given::minutes(chance.pick(&[-5, 60]));
            super::lifecycle::offer(store, task, officer.id, runs_from).await;
        }
        users.push(officer.user);
        officers.push(officer.id);
    }
    let mut tx = store.read().await.expect("a connection");
    let all = tx.geo().officers_around(centre, 100_000.0, 500).await.expect("an answer");
    assert_eq!(all.len(), officers.len());
    for round in 0_u32..8 {
        let mut criteria = Criteria { max_accuracy_m: 500.0, ..anybody(centre, 9_000.0) };
        criteria.on_screen = users.iter().copied().filter(|_| round > 1 && chance.draw() < 0.2).collect();
        let barred = officers.iter().filter(|_| round % 2 == 1 && chance.draw() < 0.2);
        criteria.barred = barred.map(|officer| (*officer, domain::dispatch::Exclusion::Declined)).collect();
        let eligible = |one: &&Nearby| one.exclusion(&criteria, given::noon()).is_none();
        let ids = |found: &[Nearby]| found.iter().map(|one| one.officer.id).collect::<Vec<_>>();
        let expected: Vec<Nearby> = all.iter().filter(eligible).cloned().collect();
        let found = tx.geo().nearest_eligible(&criteria, given::noon(), 500).await.expect("an answer");
        assert_eq!(ids(&found), ids(&expected), "eligible, round {round}");
        let is_first = |one: &&Nearby| one.last_choice(&criteria, given::noon()).is_empty();
        let first: Vec<Nearby> = expected.iter().filter(is_first).cloned().collect();
        for limit in [3, 500] {
            let found = tx.geo().nearest_first_choice(&criteria, given::noon(), limit).await.expect("an answer");
            assert_eq!(ids(&found), ids(&first[..first.len().min(limit as usize)]), "first choices, round {round}");
        }
        for one in all.iter().take(5) {
            let seen = tx.geo().officer_seen(one.officer.id, centre).await.expect("an answer");
            assert_eq!(seen.as_ref(), Some(one));
        }
    }
}

/// Waiting calls near a point, by distance, without those whose turn comes later.
pub async fn waiting_calls_are_found_by_distance(store: &Arc<dyn Store>) {
    let user = given::a_user(store, Level::Supervisor).await;
    let mut expected = Vec::new();
    for (lat, waits, from) in [
        (-34.61, true, None),
        (-34.605, true, None),
        (-34.602, false, None),
        (-34.601, true, Some(9)),
        (-36.0, true, None),
    ] {
        let new = NewTask {
            location: Some(place(lat, -58.4)),
            awaits_officer: waits,
            dispatch_from: from.map(given::minutes),
            ..given::a_new_task(&user)
        };
        let mut tx = store.write().await.expect("a transaction");
        let task = tx.tasks().insert(&new).await.expect("a new task");
        tx.commit().await.expect("a commit");
        expected.push(task.id);
    }
    let centre = place(-34.6, -58.4);
    let mut tx = store.read().await.expect("a connection");
    for (minute, limit, order) in [(0, 10, &[1, 0][..]), (9, 10, &[3, 1, 0][..]), (9, 2, &[3, 1][..])] {
        let found = tx.geo().waiting_around(centre, 20_000.0, given::minutes(minute), limit).await.expect("an answer");
        let order: Vec<_> = order.iter().map(|at: &usize| expected[*at]).collect();
        assert_eq!(found.iter().map(|(task, _)| task.id).collect::<Vec<_>>(), order);
        assert!(found.is_sorted_by(|one, next| one.1 <= next.1));
    }
}
