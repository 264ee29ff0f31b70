//! A new version goes in, one replica after the other, and nobody notices.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use evaluation::service::Balancer;
use reqwest::Method;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::crowd::Crowd;
use crate::person::Person;
use crate::redis_server::RedisServer;
use crate::replicas::{Scene, told};
use crate::writers::Work;

/// Between two requests, whether or not the ones before have been answered.
const BEAT: Duration = Duration::from_millis(5);

/// What became of the requests.
#[derive(Default)]
struct Answers {
    count: usize,
    failed: BTreeMap<String, usize>,
    slowest: Duration,
}

/// Sends one request every [`BEAT`] until `stop`; three in ten make a task.
async fn keeps_asking(
    person: &Person,
    sent: &watch::Sender<usize>,
    stop: &watch::Sender<bool>,
    work: &Work,
) -> Answers {
    let mut beat = tokio::time::interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (mut under_way, mut answers) = (JoinSet::new(), Answers::default());
    while !*stop.borrow() {
        beat.tick().await;
        let n = *sent.borrow();
        let code = matches!(n % 10, 0 | 3 | 6).then(|| format!("RUEDA-{n}"));
        let request = match &code {
            Some(code) => {
                let body = json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
                    "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": person.user.unwrap().0 });
                let request = person.request(Method::POST, "/api/v1/tasks/").json(&body);
                request.header("idempotency-key", format!("rueda-{n}"))
            }
            None if n.is_multiple_of(2) => person.request(Method::GET, "/api/v1/users/me"),
            None => person.request(Method::GET, "/api/v1/tasks/?limit=5"),
        };
        sent.send_replace(n + 1);
        under_way.spawn(async move {
            let begun = Instant::now();
            let outcome = match request.send().await {
                Ok(answer) if answer.status().is_success() => {
                    answer.text().await.map(|_| code).map_err(|error| format!("{error:?}"))
                }
                Ok(answer) => {
                    let status = answer.status();
                    let said: serde_json::Value = answer.json().await.unwrap_or_default();
                    Err(format!("{status} {}", said["code"]))
                }
                Err(error) => Err(format!("{error:?}")),
            };
            (outcome, begun.elapsed())
        });
    }
    while let Some(ended) = under_way.join_next().await {
        let (outcome, took) = ended.unwrap();
        answers.count += 1;
        answers.slowest = answers.slowest.max(took);
        match outcome {
            Ok(made) => made.into_iter().for_each(|code| work.notes(code)),
            Err(why) => *answers.failed.entry(why).or_default() += 1,
        }
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_under_load_fails_no_request_and_loses_no_event() {
    let _alone = crate::replica::alone().await;
    let begun = Instant::now();
    let redis = RedisServer::start().await;
    let arguments = ["--drain-delay", "2", "--shutdown-spread", "1", "--trusted-proxies", "127.0.0.1"];
    let mut scene = Scene::opens(&redis.url(), 1, &arguments).await;
    let addresses = scene.replicas.each_ref().map(|replica| replica.address().parse().unwrap());
    let balancer = Balancer::before(addresses).await.unwrap().expect("haproxy is installed by `cargo xtask test`");
    let url = format!("http://{}", balancer.address);
    let person = scene.boss().at(&url);
    let crowd = Crowd::gathers(40, &scene.people, std::slice::from_ref(&url)).await;
    let (sent, stop) = (watch::channel(0).0, watch::channel(false).0);
    let work = Work::of(0);
    let rolls = async {
        let mut down = Vec::new();
        for (number, replica) in (1..).zip(&mut scene.replicas) {
            let now = *sent.borrow();
            sent.subscribe().wait_for(|count| *count >= now + 200).await.unwrap();
            let told = Instant::now();
            assert!(replica.ends().await, "exit code 0");
            replica.starts_again().await;
            balancer.sends_to(number).await.unwrap();
            down.push(told.elapsed());
        }
        let now = *sent.borrow();
        sent.subscribe().wait_for(|count| *count >= now + 200).await.unwrap();
        stop.send_replace(true);
        down
    };
    let load = Instant::now();
    let (answers, down) = tokio::join!(keeps_asking(&person, &sent, &stop, &work), rolls);
    let rate = answers.count * 1000 / usize::try_from(load.elapsed().as_millis()).unwrap();
    let failed: usize = answers.failed.values().sum();
    println!(
        "rolling restart: {} requests at {rate} a second, {failed} failed, the slowest took {} ms; \
         replicas were away for {down:.1?}",
        answers.count,
        answers.slowest.as_millis()
    );
    assert_eq!(answers.failed, BTreeMap::new());
    assert!(answers.count >= 1000, "{}", answers.count);
    assert!(down.iter().all(|down| *down < Duration::from_secs(30)), "{down:?}");
    let (faults, viewers) = scene.compares(crowd, &work).await;
    told("rolling restart", &faults, &viewers, &work, begun);
    assert_eq!(faults, crate::crowd::Faults::default());
    scene.closes().await;
}
