//! Every dependency under every fault of the way to it: what is served meanwhile, what is refused and
//! how soon, and that all is as before when the fault is over, without a restart.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use evaluation::relay::{Fault, Relay};
use serde_json::{Value, json};

use crate::binary::{Place, Server};
use crate::office::database::Private;
use crate::otlp::collector;
use crate::person::{Answer, Person};
use crate::redis_server::RedisServer;
use crate::screen::Screen;

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Longest time from the end of a fault until all is as before.
const RECOVERY: Duration = Duration::from_secs(10);
/// How long a fault lasts.
const LASTS: Duration = Duration::from_secs(4);

/// What clients may be answered while something is wrong.
#[derive(Clone, Copy)]
enum Meanwhile {
    /// Everything is served, each within this time.
    Served(Duration),
    /// Refused clearly, each within this time, and at once when it has been seen for a while.
    Refused(Duration),
    /// Served or refused, each within this time: connections come and go.
    Either(Duration),
}

impl Meanwhile {
    fn holds(self, answer: &Answer, took: Duration) {
        let (allowed, most): (&[u16], _) = match self {
            Self::Served(most) => (&[200], most),
            Self::Refused(most) => (&[503], most),
            Self::Either(most) => (&[200, 503], most),
        };
        assert!(allowed.contains(&answer.status), "{} {}", answer.status, answer.text);
        assert!(took <= most, "{} after {took:?}, more than {most:?}", answer.status);
        if answer.status == 503 {
            assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
        }
    }
}

struct Scene {
    database: Private,
    redis: RedisServer,
    to_postgres: Relay,
    to_redis: Relay,
    server: Server,
    boss: Person,
    made: BTreeSet<String>,
    /// Codes that were sent but not acknowledged: they may be there or not.
    unsure: BTreeSet<String>,
}

impl Scene {
    async fn opens() -> Self {
        let database = Private::create().await;
        let redis = RedisServer::start().await;
        let mut url = url::Url::parse(&database.url).unwrap();
        let to_postgres =
            Relay::to(format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432))).await.unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(to_postgres.port)).unwrap();
        let at = url::Url::parse(&redis.url()).unwrap();
        let to_redis = Relay::to(format!("127.0.0.1:{}", at.port().unwrap())).await.unwrap();
        let place = Place::database(url.as_str());
        place.hires().await;
        let shared = format!("redis://127.0.0.1:{}", to_redis.port);
        let server = place.serves_by(&["serve", "--listen", "127.0.0.1:0", "--redis-url", &shared]).await;
        let boss = server.supervisor().await;
        let (made, unsure) = (BTreeSet::new(), BTreeSet::new());
        Self { database, redis, to_postgres, to_redis, server, boss, made, unsure }
    }

    /// A screen that sees what happens from the first task on.
    async fn screen(&mut self) -> Screen {
        let mut screen = self.boss.opens_a_screen("").await;
        screen.reads_a("connection_ack").await;
        self.makes("ANTES").await.0.ok();
        assert_eq!(code(&screen.waits_for("task_created").await["task_data"]), "ANTES");
        screen
    }

    async fn makes(&mut self, code: &str) -> (Answer, Duration) {
        let body = json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
            "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": self.boss.user.unwrap().0 });
        let begun = Instant::now();
        let answer = self.boss.posts("/api/v1/tasks/", body).await;
        let kept = if answer.status == 200 { &mut self.made } else { &mut self.unsure };
        kept.insert(code.to_owned());
        (answer, begun.elapsed())
    }

    async fn looks(&self) -> (Answer, Duration) {
        let begun = Instant::now();
        (self.boss.gets("/api/v1/tasks/?limit=500").await, begun.elapsed())
    }

    /// Works while something is wrong.
    async fn works(&mut self, meanwhile: Meanwhile) {
        let begun = Instant::now();
        let mut n = 0;
        while begun.elapsed() < LASTS {
            n += 1;
            let (answer, took) = self.makes(&format!("DURANTE-{n}")).await;
            meanwhile.holds(&answer, took);
            let (answer, took) = self.looks().await;
            meanwhile.holds(&answer, took);
            assert_eq!(self.server.stranger().gets("/api/v1/health/live").await.status, 200);
        }
        if let Meanwhile::Refused(_) = meanwhile {
            let (answer, took) = self.looks().await;
            assert_eq!(answer.status, 503);
            // A breaker, or whoever tries for it.
            println!("refused after {took:?} at the end");
        }
    }

    /// Waits until all is as before, and holds the record against what was acknowledged.
    async fn recovers(mut self, mut screen: Screen) {
        let begun = Instant::now();
        let mut n = 0;
        // Five in a row, the other dependency's word included.
        let mut well = 0;
        while well < 5 {
            n += 1;
            let (answer, _) = self.makes(&format!("DESPUES-{n}")).await;
            let ready = self.server.stranger().gets("/health/ready").await;
            let is_well = answer.status == 200 && ready.status == 200 && ready.body["checks"]["redis"] == "ok";
            well = if is_well { well + 1 } else { 0 };
            assert!(
                begun.elapsed() < RECOVERY,
                "not well {:?} after the fault: {} {}",
                begun.elapsed(),
                answer.text,
                ready.text
            );
            if !is_well {
                tokio::time::sleep(ms(100)).await;
            }
        }
        println!("well again after {:?}", begun.elapsed());
        let kept: BTreeSet<String> = self.looks().await.0.ok().as_array().unwrap().iter().map(code).collect();
        assert_eq!(self.made.difference(&kept).count(), 0, "nothing acknowledged is lost");
        let known: BTreeSet<_> = self.made.union(&self.unsure).cloned().collect();
        assert_eq!(kept.difference(&known).count(), 0, "nothing came of itself");
        // The screen that was open all the time has seen every task once.
        let mut seen = Vec::new();
        let expected: BTreeSet<String> = kept.into_iter().filter(|code| code != "ANTES").collect();
        while !expected.iter().all(|code| seen.contains(code)) {
            seen.push(code(&screen.waits_for("task_created").await["task_data"]));
        }
        assert_eq!(seen.len(), expected.len(), "and none twice: {seen:?}");
        drop(screen);
        assert!(self.server.ends().await);
        drop(self.to_postgres);
        drop(self.to_redis);
        drop(self.redis);
        self.database.drop().await;
    }
}

fn code(task: &Value) -> String {
    task["codigo"].as_str().unwrap().to_owned()
}

async fn postgres_suffers(fault: Fault, meanwhile: Meanwhile) {
    let mut scene = Scene::opens().await;
    let screen = scene.screen().await;
    scene.to_postgres.suffers(fault);
    scene.works(meanwhile).await;
    scene.to_postgres.mends();
    scene.recovers(screen).await;
}

async fn redis_suffers(fault: Fault, meanwhile: Meanwhile) {
    let mut scene = Scene::opens().await;
    let screen = scene.screen().await;
    scene.to_redis.suffers(fault);
    scene.works(meanwhile).await;
    scene.to_redis.mends();
    scene.recovers(screen).await;
}

/// The collector of traces is the one thing that is asked over HTTP: spans wait, and nobody else does.
async fn collector_suffers(fault: Fault, meanwhile: Meanwhile) {
    let (endpoint, taken) = collector().await;
    let relay = Relay::to(endpoint.trim_start_matches("http://").to_owned()).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    let endpoint = format!("http://127.0.0.1:{}", relay.port);
    let server = place.serves_with(&[("GAD_OTLP_ENDPOINT", &endpoint)]).await;
    let boss = server.supervisor().await;
    relay.suffers(fault);
    let begun = Instant::now();
    while begun.elapsed() < LASTS {
        let asked = Instant::now();
        let answer = boss.gets("/api/v1/tasks/?limit=5").await;
        meanwhile.holds(&answer, asked.elapsed());
    }
    relay.mends();
    let before = taken.lock().unwrap().len();
    let arrives = async {
        while taken.lock().unwrap().len() == before {
            boss.gets("/api/v1/tasks/?limit=5").await.ok();
        }
    };
    tokio::time::timeout(RECOVERY, arrives).await.expect("traces arrive again");
    assert!(server.ends().await);
    drop(relay);
}

macro_rules! cells {
    ($dependency:ident, $suffers:ident: $($name:ident: $fault:expr => $meanwhile:expr;)*) => {
        mod $dependency {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() {
                    super::$suffers($fault, $meanwhile).await;
                }
            )*
        }
    };
}

// What is late but comes is served; what does not come is refused within the deadline of a
// statement (a second, or five and a half within a change) or of a new connection (three).
cells! { postgres, postgres_suffers:
    that_is_late_is_waited_for: Fault::Late(ms(20)) => Meanwhile::Served(ms(2_000));
    that_jitters_is_waited_for: Fault::Jitters(ms(40)) => Meanwhile::Served(ms(2_000));
    that_is_far_too_late_is_refused: Fault::Late(ms(3_000)) => Meanwhile::Refused(ms(7_000));
    that_refuses_is_refused: Fault::Refuses => Meanwhile::Refused(ms(4_000));
    that_resets_is_refused: Fault::Resets => Meanwhile::Refused(ms(4_000));
    that_swallows_everything_is_refused: Fault::Swallows => Meanwhile::Refused(ms(7_000));
    that_swallows_answers_is_refused: Fault::SwallowsAnswers => Meanwhile::Refused(ms(7_000));
    that_trickles_is_waited_for: Fault::Trickles(512, ms(1)) => Meanwhile::Served(ms(3_000));
    that_is_cut_in_the_midst_of_answers_is_refused: Fault::CutsAnswersAfter(100) => Meanwhile::Either(ms(4_000));
    that_forgets_connections_is_asked_over_new_ones: Fault::Forgets => Meanwhile::Either(ms(7_000));
    that_ends_late_makes_no_difference: Fault::EndsLate(ms(3_000)) => Meanwhile::Served(ms(1_000));
}

// Redis is never the truth: everything is served without it.
cells! { redis, redis_suffers:
    that_is_late_is_waited_for: Fault::Late(ms(20)) => Meanwhile::Served(ms(2_000));
    that_jitters_is_waited_for: Fault::Jitters(ms(40)) => Meanwhile::Served(ms(2_000));
    that_is_far_too_late_is_done_without: Fault::Late(ms(3_000)) => Meanwhile::Served(ms(2_000));
    that_refuses_is_done_without: Fault::Refuses => Meanwhile::Served(ms(2_000));
    that_resets_is_done_without: Fault::Resets => Meanwhile::Served(ms(2_000));
    that_swallows_everything_is_done_without: Fault::Swallows => Meanwhile::Served(ms(2_000));
    that_swallows_answers_is_done_without: Fault::SwallowsAnswers => Meanwhile::Served(ms(2_000));
    that_trickles_is_waited_for: Fault::Trickles(16, ms(1)) => Meanwhile::Served(ms(2_000));
    that_is_cut_in_the_midst_of_answers_is_done_without: Fault::CutsAnswersAfter(3) => Meanwhile::Served(ms(2_000));
    that_forgets_connections_is_asked_over_new_ones: Fault::Forgets => Meanwhile::Served(ms(2_000));
    that_ends_late_makes_no_difference: Fault::EndsLate(ms(3_000)) => Meanwhile::Served(ms(1_000));
}

cells! { collector, collector_suffers:
    that_is_late_keeps_nobody_waiting: Fault::Late(ms(20)) => Meanwhile::Served(ms(1_000));
    that_jitters_keeps_nobody_waiting: Fault::Jitters(ms(40)) => Meanwhile::Served(ms(1_000));
    that_is_far_too_late_keeps_nobody_waiting: Fault::Late(ms(3_000)) => Meanwhile::Served(ms(1_000));
    that_refuses_keeps_nobody_waiting: Fault::Refuses => Meanwhile::Served(ms(1_000));
    that_resets_keeps_nobody_waiting: Fault::Resets => Meanwhile::Served(ms(1_000));
    that_swallows_everything_keeps_nobody_waiting: Fault::Swallows => Meanwhile::Served(ms(1_000));
    that_swallows_answers_keeps_nobody_waiting: Fault::SwallowsAnswers => Meanwhile::Served(ms(1_000));
    that_trickles_keeps_nobody_waiting: Fault::Trickles(512, ms(1)) => Meanwhile::Served(ms(1_000));
    that_is_cut_in_the_midst_of_answers_keeps_nobody_waiting: Fault::CutsAnswersAfter(5) => Meanwhile::Served(ms(1_000));
    that_forgets_connections_keeps_nobody_waiting: Fault::Forgets => Meanwhile::Served(ms(1_000));
    that_ends_late_keeps_nobody_waiting: Fault::EndsLate(ms(3_000)) => Meanwhile::Served(ms(1_000));
}
