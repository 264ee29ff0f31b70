//! Several processes on one record, Redis between them, and what screens see while these are killed,
//! stopped and slowed down: every event once, in the order of the log.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use evaluation::relay::Relay;
use futures::future::join_all;
use serde_json::json;

use crate::binary::Place;
use crate::crowd::{self, Crowd, Faults, Viewer};
use crate::office::database::Private;
use crate::person::Person;
use crate::redis_server::RedisServer;
use crate::replica::Replica;
use crate::screen::{Screen, Seen};
use crate::writers::{self, Work};

/// Two replicas on a record of their own, and the people of the office.
pub struct Scene {
    database: Private,
    /// Both.
    pub replicas: [Replica; 2],
    /// Who makes the changes, and then those who look.
    pub people: Vec<Person>,
}

impl Scene {
    /// Opens with `officers` people of level 1 beside the supervisor.
    pub async fn opens(redis: &str, officers: usize, arguments: &[&str]) -> Self {
        let database = Private::create().await;
        let place = Place::database(&database.url);
        place.hires().await;
        let emails: Vec<String> = (0..officers).map(|n| format!("efectivo{n}@prueba.gad")).collect();
        let hired = emails.iter().enumerate().map(|(n, email)| {
            let place = &place;
            async move { place.hires_as(email, &format!("E123456{n}"), 1).await }
        });
        join_all(hired).await;
        let arguments = [&["--redis-url", redis], arguments].concat();
        let replicas = [Replica::starts(&place, &arguments).await, Replica::starts(&place, &arguments).await];
        let mut people = vec![replicas[0].supervisor().await];
        for email in &emails {
            people.push(replicas[0].signs_in(email).await);
        }
        Self { database, replicas, people }
    }

    pub fn boss(&self) -> Person {
        self.people[0].clone()
    }

    fn doors(&self) -> [String; 2] {
        [self.replicas[0].url(), self.replicas[1].url()]
    }

    /// A screen of the supervisor at one of the replicas, after its greeting.
    async fn screen(&self, replica: usize) -> Screen {
        let mut screen = self.boss().at(&self.doors()[replica]).opens_a_screen("").await;
        screen.reads_a("connection_ack").await;
        screen
    }

    /// Ends the story, and holds what was seen against the log and against what was answered.
    pub async fn compares(&self, crowd: Crowd, work: &Work) -> (Faults, Vec<Viewer>) {
        writers::ends_the_story(&self.boss()).await;
        let viewers = tokio::time::timeout(Duration::from_secs(60), crowd.has_seen_all()).await;
        let viewers = viewers.expect("every screen sees the end");
        let faults = crowd::compare(&viewers, &self.people).await;
        let made = work.made();
        let logged = self.created().await;
        assert_eq!(logged.len(), logged.iter().collect::<BTreeSet<_>>().len(), "nothing was made twice");
        assert_eq!(made.difference(&logged.into_iter().collect()).count(), 0, "nothing acknowledged is lost");
        (faults, viewers)
    }

    /// Codes of the tasks that the log says were made.
    async fn created(&self) -> Vec<String> {
        let (mut codes, mut from) = (Vec::new(), String::new());
        loop {
            let page = self.boss().gets(&format!("/api/v1/eventos?limit=500{from}")).await.ok();
            let made = page["eventos"].as_array().unwrap().iter().filter(|event| event["event_type"] == "task_created");
            codes.extend(made.map(|event| event["data"]["task_data"]["codigo"].as_str().unwrap().to_owned()));
            if page["al_dia"] == true {
                return codes;
            }
            from = format!("&desde={}", page["siguiente"].as_str().unwrap());
        }
    }

    pub async fn closes(self) {
        for mut replica in self.replicas {
            assert!(replica.ends().await, "SIGTERM ends it well");
        }
        self.database.drop().await;
    }
}

/// Prints what was counted.
pub fn told(what: &str, faults: &Faults, viewers: &[Viewer], work: &Work, begun: Instant) {
    let seen: usize = viewers.iter().map(|viewer| viewer.seen.len()).sum();
    let returns: u32 = viewers.iter().map(|viewer| viewer.returns).sum();
    println!(
        "{what}: {} screens saw {seen} events, came back {returns} times; {} requests sent again; \
         lost {}, doubled {}, out of order {}, foreign {}, resyncs {}; {:.1} s",
        viewers.len(),
        work.sent_again(),
        faults.lost,
        faults.doubled,
        faults.out_of_order,
        faults.foreign,
        faults.resyncs,
        begun.elapsed().as_secs_f64()
    );
}

/// Makes a task, and gives how long after the answer the screen saw it.
async fn told_after(boss: &Person, screen: &mut Screen, code: &str) -> Duration {
    let body = json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": boss.user.unwrap().0 });
    boss.posts_patiently("/api/v1/tasks/", body).await.ok();
    let begun = Instant::now();
    while screen.waits_for("task_created").await["task_data"]["codigo"] != code {}
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn screens_see_all_changes_once_though_redis_and_a_replica_are_killed() {
    let (screens, changes) = crate::acceptance::size((60, 600), (500, 5000));
    let _alone = crate::replica::alone().await;
    let begun = Instant::now();
    let mut redis = RedisServer::start().await;
    let mut scene = Scene::opens(&redis.url(), 9, &[]).await;
    let (boss, doors, people) = (scene.boss(), scene.doors(), scene.people.clone());
    // A third looks at everything, the others at what is theirs.
    let lookers: Vec<Person> = (0..10).map(|n| people[if n % 4 == 0 { 0 } else { n }].clone()).collect();
    let crowd = Crowd::gathers(screens, &lookers, &doors).await;
    println!("gathered after {:.1} s", begun.elapsed().as_secs_f64());
    let work = Work::of(changes);
    let mischief = async {
        for half in 0..2 {
            work.reaches(half * changes / 2 + changes / 10).await;
            redis.kill();
            work.goes_on(changes / 20).await;
            redis.restart().await;
            if half == 0 {
                work.goes_on(changes / 10).await;
                scene.replicas[1].dies().await;
                work.goes_on(changes / 20).await;
                scene.replicas[1].starts_again().await;
            }
        }
    };
    tokio::join!(work.is_done(16, &boss, &doors, &people), mischief);
    println!("changed after {:.1} s", begun.elapsed().as_secs_f64());
    scene.people = lookers;
    let (faults, viewers) = scene.compares(crowd, &work).await;
    told("screens", &faults, &viewers, &work, begun);
    assert_eq!(faults, Faults::default());
    let returns: usize = viewers.iter().map(|viewer| viewer.returns as usize).sum();
    assert!(returns >= screens / 2, "a killed replica cuts its screens");
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_and_a_slow_redis_make_events_late_by_a_second_and_lose_none() {
    let _alone = crate::replica::alone().await;
    let begun = Instant::now();
    let redis = RedisServer::start().await;
    let relay = Relay::to(redis.url().trim_start_matches("redis://").to_owned()).await.unwrap();
    let scene = Scene::opens(&format!("redis://127.0.0.1:{}", relay.port), 1, &[]).await;
    let crowd = Crowd::gathers(20, &scene.people, &scene.doors()).await;
    let mut screen = scene.screen(1).await;
    let work = Work::of(0);
    let boss = scene.boss();
    let mut worst = Vec::new();
    for (phase, name) in ["well", "stopped", "well again", "slow", "well at last"].into_iter().enumerate() {
        match phase {
            1 => redis.pause(),
            2 => redis.resume(),
            3 => relay.delays(Duration::from_secs(2)),
            4 => relay.delays(Duration::ZERO),
            _ => {}
        }
        let mut longest = Duration::ZERO;
        for n in 0..12 {
            longest = longest.max(told_after(&boss, &mut screen, &format!("REDIS-{phase}-{n}")).await);
        }
        println!("Redis {name}: the latest of 12 events came after {} ms", longest.as_millis());
        worst.push(longest);
        // With Redis well, replicas return to it, after a pause that grew with the outage.
        let (mut n, mut is_quick) = (0, phase % 2 == 1);
        while !is_quick {
            n += 1;
            assert!(n < 30, "events come over Redis again");
            is_quick =
                told_after(&boss, &mut screen, &format!("RAPIDO-{phase}-{n}")).await < Duration::from_millis(200);
        }
    }
    assert!(worst.iter().all(|late| *late < Duration::from_secs(2)), "{worst:?}");
    let (faults, viewers) = scene.compares(crowd, &work).await;
    told("Redis stopped and slow", &faults, &viewers, &work, begun);
    assert_eq!(faults, Faults::default());
    scene.closes().await;
    drop(relay);
}

#[tokio::test(flavor = "multi_thread")]
async fn screens_see_every_event_once_though_postgres_ends_all_connections_under_load() {
    let _alone = crate::replica::alone().await;
    let begun = Instant::now();
    let redis = RedisServer::start().await;
    let scene = Scene::opens(&redis.url(), 2, &[]).await;
    let (boss, doors) = (scene.boss(), scene.doors());
    let crowd = Crowd::gathers(40, &scene.people, &doors).await;
    let work = Work::of(900);
    let mischief = async {
        for n in 0..4 {
            work.reaches(100 + n * 200).await;
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
            scene.database.execute(end).await;
        }
    };
    tokio::join!(work.is_done(12, &boss, &doors, &scene.people), mischief);
    let (faults, viewers) = scene.compares(crowd, &work).await;
    told("PostgreSQL restarted four times", &faults, &viewers, &work, begun);
    assert_eq!(faults, Faults::default());
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_replica_gives_offsets_within_five_seconds_when_one_is_stopped_at_work() {
    let _alone = crate::replica::alone().await;
    let begun = Instant::now();
    let redis = RedisServer::start().await;
    let scene = Scene::opens(&redis.url(), 1, &[]).await;
    let (boss, doors) = (scene.boss(), scene.doors());
    let crowd = Crowd::gathers(20, &scene.people, &doors).await;
    let mut screen = scene.screen(1).await;
    let at_the_other = boss.at(&doors[1]);
    let work = Work::of(1500);
    let mischief = async {
        let mut longest = Duration::ZERO;
        for round in 0..4 {
            work.goes_on(100).await;
            scene.replicas[0].is_told("STOP").await;
            // It may have to wait for what the stopped one holds.
            longest = longest.max(told_after(&at_the_other, &mut screen, &format!("SIGUE-{round}")).await);
            scene.replicas[0].is_told("CONT").await;
        }
        longest
    };
    let ((), longest) = tokio::join!(work.is_done(12, &boss, &doors, &scene.people), mischief);
    println!("with one replica stopped, an event of the other came after {} ms at most", longest.as_millis());
    assert!(longest < Duration::from_secs(5), "{longest:?}");
    let (faults, viewers) = scene.compares(crowd, &work).await;
    told("a replica stopped four times", &faults, &viewers, &work, begun);
    assert_eq!(faults, Faults::default());
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_is_told_to_stop_sends_its_screens_to_where_they_can_go_on() {
    let _alone = crate::replica::alone().await;
    let begun = Instant::now();
    let redis = RedisServer::start().await;
    let mut scene = Scene::opens(&redis.url(), 1, &["--drain-delay", "2"]).await;
    let (boss, doors) = (scene.boss(), scene.doors());
    let crowd = Crowd::gathers(40, &scene.people, &doors).await;
    let mut screen = scene.screen(1).await;
    let work = Work::of(600);
    let (stranger, at_the_stopping) = (scene.replicas[1].stranger(), boss.at(&doors[1]));
    let [_, stopping] = &mut scene.replicas;
    let mischief = async {
        work.reaches(100).await;
        stopping.is_told("TERM").await;
        let unready = async {
            while stranger.gets("/health/ready").await.status != 503 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), unready).await.expect("readiness goes off first");
        let late = told_after(&at_the_stopping, &mut screen, "TODAVIA").await;
        println!("while draining, a request is answered and its event comes after {} ms", late.as_millis());
        let Seen::Closed(code, reason) = screen.ends().await else { panic!("the socket ends with a word") };
        assert_eq!(code, 1012);
        let place = reason.strip_prefix("reconnect, resume from ").expect(&reason);
        assert_eq!(place, screen.place, "from where this socket was told");
        assert!(stopping.has_ended().await, "exit code 0");
        stopping.starts_again().await;
    };
    tokio::join!(work.is_done(8, &boss, &doors, &scene.people), mischief);
    let (faults, viewers) = scene.compares(crowd, &work).await;
    told("a replica told to stop", &faults, &viewers, &work, begun);
    assert_eq!(faults, Faults::default());
    let ends: Vec<&String> = viewers.iter().flat_map(|viewer| &viewer.ends).collect();
    assert_eq!(viewers.iter().map(|viewer| viewer.restarts).sum::<u32>(), 20, "each is told once: {ends:#?}");
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_log_in_opens_all_replicas_and_its_end_closes_them() {
    let _alone = crate::replica::alone().await;
    let redis = RedisServer::start().await;
    let mut scene = Scene::opens(&redis.url(), 1, &[]).await;
    let doors = scene.doors();
    let (boss, officer) = (scene.boss(), scene.people[1].at(&doors[1]));
    officer.gets("/api/v1/users/me").await.ok();
    let mut screens = Vec::new();
    for door in [0, 1, 1] {
        let mut screen = officer.at(&doors[door]).opens_a_screen("").await;
        screen.reads_a("connection_ack").await;
        screens.push(screen);
    }
    let stats = |door: usize| {
        let boss = boss.at(&doors[door]);
        async move { boss.gets("/ws/stats").await.ok()["stats"]["replicas"].clone() }
    };
    let until = async |door: usize, count: i64, connections: i64| {
        let becomes = async {
            loop {
                let all = stats(door).await;
                if all["count"] == count && all["total_connections"] == connections {
                    return all;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), becomes).await.expect("replicas tell of their sockets")
    };
    for door in 0..2 {
        let all = until(door, 2, 3).await;
        assert_eq!(all["connections_by_role"], json!({ "LEVEL_1": 3 }));
        assert_eq!(all["unique_users"], 1);
    }
    let ended = Instant::now();
    officer.at(&doors[0]).posts("/api/v1/auth/logout", json!({})).await.ok();
    for screen in &mut screens {
        assert_eq!(screen.ends().await, Seen::Closed(4401, "Session or rights changed".to_owned()));
    }
    println!("a session ended at one replica was ended on all sockets after {} ms", ended.elapsed().as_millis());
    assert!(ended.elapsed() < Duration::from_secs(5));
    let refused = officer.gets("/api/v1/users/me").await.refusal();
    assert_eq!(refused, "403 Could not validate credentials", "and on the other replica");
    let mut last = scene.screen(1).await;
    until(0, 2, 1).await;
    scene.replicas[1].dies().await;
    assert_eq!(last.ends().await, Seen::Cut);
    until(0, 1, 0).await;
    scene.replicas[1].starts_again().await;
    scene.closes().await;
}
