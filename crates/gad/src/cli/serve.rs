//! `gad serve`.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use api::{ApiSettings, ApiValues, Hub, HubSettings, Logging, Offer, Tls, TrustedProxies};
use resilience::{Admission, Bounds, Defect, Group, ShutdownReport, Tasks, shutdown_signal};
use tokio::net::TcpListener;

use crate::config::{Role, Server, Settings, Wire};
use crate::log::Log;
use crate::otlp::{self, Traces};
use crate::{background, compose, figures, private, reload, systemd, telegram};

/// Longest wait for requests in hand at the end.
const DRAIN: Duration = Duration::from_secs(25);
/// Longest wait for the bot at the end: what is on its way to Telegram gets its answer.
const BOT: Duration = Duration::from_secs(6);
/// Longest wait for other background tasks at the end.
const TASKS: Duration = Duration::from_secs(4);

/// Serves until a signal comes.
pub async fn serve(settings: &Settings, options: Server) -> Result<()> {
    let traces = options.otlp_endpoint.as_ref().map(otlp::Queue::to);
    let log = Log::begin(&options.log_level, settings.is_production(), traces.clone().map(Traces::new))?;
    warn_of_development(settings);
    // First: a figure that is made before is counted nowhere.
    let metrics = options.prometheus.then(figures::collect).transpose()?;
    private::look(settings, &options.wire)?;
    // Before anything is waited for: a wrong setting ends the process at once.
    compose::redis_address(&options)?;
    open_files(options.wire.max_connections);
    let tls = certificate(&options.wire).await?;
    let limits = options.wire.limits();
    let (store, of_store) = compose::store_and_tasks(settings, true).await?;
    let tasks = Tasks::new();
    // First, so that it is the last to be stopped and sends what others leave behind.
    if let Some(traces) = &traces {
        traces.keep(&tasks);
    }
    let (cx, pool) = compose::serving(settings, &options, store.clone(), &tasks).await?;
    let listener =
        TcpListener::bind(options.listen).await.with_context(|| format!("cannot listen on {}", options.listen))?;
    let address = listener.local_addr()?;
    let draining = resilience::CancellationToken::new();
    let resources = figures::machine(&tasks, &pool, &settings.record.data_dir);
    let hub = Hub::measured(sockets(settings, &options)?, resources.clone());
    hub.begins_at(app::events::head(&cx).await?);
    if options.does(Role::Worker) {
        background::work(&tasks, &cx);
    }
    background::follow(&tasks, &cx, &hub);
    let of_bot = Tasks::new();
    let bot = telegram::start(&options.telegram, &cx, options.does(Role::Bot).then_some(&of_bot))?;
    log.keep(&tasks);
    figures::watch(&tasks)?;
    if let Some(metrics) = &metrics {
        figures::upkeep(&tasks, metrics.clone());
    }
    let proxies = trusted_proxies(&options, &tasks).await;
    let soft = usize::try_from(options.admission_soft)?;
    let hard = usize::try_from(options.admission_hard)?;
    let api = ApiSettings::new(ApiValues {
        offer: if options.does(Role::Api) { Offer::All } else { Offer::Vitals },
        trusted_proxies: proxies,
        public_url: options.public_url.clone(),
        service_token: options.service_token,
        telegram: bot.telegram,
        webhook: bot.webhook,
        files: bot.files,
        environment: settings.office.environment.clone(),
        secure_cookies: settings.office.environment != "development" || tls.is_some(),
        rate_limiting: options.rate_limiting,
        cors_origins: options.cors_origins,
        cors_credentials: options.cors_credentials,
        metrics,
        gauges: Some(Arc::new(figures::Live::new(vec![tasks.clone(), of_bot.clone(), of_store], &pool, &store))),
        metrics_token: options.metrics_token,
        draining: draining.clone(),
        hub: hub.clone(),
        resources,
        reads: Admission::new(Bounds::of_reads(soft, hard)),
        changes: Admission::new(Bounds::of_changes(soft, hard)),
        request_limit: Duration::from_secs(options.request_timeout),
        log: Logging {
            slow_request: Duration::from_millis(options.slow_request_ms),
            traces: traces.is_some(),
            filter: Some(Arc::new(log)),
        },
        map: options.map.source(),
        ..ApiValues::clone(&ApiSettings::default())
    });
    let scheme = if tls.is_some() { "https" } else { "http" };
    let connections = Group::new();
    reload::on_hangup(&tasks, tls.clone())?;
    let mut server = std::pin::pin!(api::serve(listener, api::door(cx, api), limits, tls, connections.clone()));
    // Whoever reads that we are ready may tell us to stop.
    let told_to_stop = shutdown_signal();
    Defect::stall(&tasks);
    println!("gad is ready at {scheme}://{address}");
    systemd::ready();
    systemd::watchdog(&tasks);

    tokio::select! {
        () = &mut server => anyhow::bail!("the server ended by itself"),
        signal = told_to_stop, if !Defect::DeafToSigterm.is_planted() => {
            tracing::info!(signal = ?signal?, "stopping");
            draining.cancel();
            systemd::stopping();
            tokio::select! {
                // New connections are taken in the meantime: balancers ask for readiness over them.
                () = &mut server => anyhow::bail!("the server ended by itself"),
                () = tokio::time::sleep(Duration::from_secs(options.drain_delay)) => {}
                _ = shutdown_signal() => tracing::warn!("a second signal: nobody is waited for"),
            }
            connections.stop();
            drain(server.as_mut(), &hub, Duration::from_secs(options.shutdown_spread)).await;
        }
    }
    let cut = connections.cut().await;
    let report = end(&of_bot, &tasks).await;
    store.close().await;
    if !report.cut.is_empty() {
        tracing::warn!(code = "tasks_cut", tasks = ?report.cut, "tasks did not end in time");
    }
    tracing::info!(connections_cut = cut, finished = ?report.finished, cut = ?report.cut, cpu_jobs = pool.stats().done, "stopped");
    Ok(())
}

fn warn_of_development(settings: &Settings) {
    if settings.office.environment == "development" {
        tracing::warn!(
            code = "development",
            "environment is development: cookies are sent without TLS unless a trusted proxy says https, and test \
             broadcasts are open to administrators; set ENVIRONMENT=production for an office at work"
        );
    }
}

/// The proxies of the settings, whose host names are resolved now and from time to time.
async fn trusted_proxies(options: &Server, tasks: &Tasks) -> TrustedProxies {
    let proxies = TrustedProxies::new(options.trusted_proxies.clone());
    proxies.resolve().await;
    let resolved = proxies.clone();
    tasks.supervise("trusted-proxies", move |stop| resolved.clone().keep_resolved(stop));
    proxies
}

/// Waits for requests in hand while sockets are sent away over `spread`; a second signal cuts both.
async fn drain(server: impl Future<Output = ()>, hub: &Hub, spread: Duration) {
    let ended = async { tokio::join!(tokio::time::timeout(DRAIN, server), api::send_away(hub, spread)) };
    tokio::select! {
        (drained, (told, left)) = ended => {
            if drained.is_err() {
                tracing::warn!("requests were cut after {DRAIN:?}");
            }
            tracing::info!(told, left, "sockets were told where to resume");
        }
        _ = shutdown_signal() => tracing::warn!("a second signal: requests were cut"),
    }
}

/// What sockets are allowed.
fn sockets(settings: &Settings, options: &Server) -> Result<HubSettings> {
    Ok(HubSettings {
        most: usize::try_from(options.ws_max_connections)?,
        heartbeat: Duration::from_secs(options.ws_heartbeat),
        environment: settings.office.environment.clone(),
        ..HubSettings::default()
    })
}

/// Stops the bot, which still says what others have left it to say, and then all else.
async fn end(of_bot: &Tasks, tasks: &Tasks) -> ShutdownReport {
    let bot = of_bot.shutdown(BOT).await;
    let rest = tasks.shutdown(TASKS).await;
    ShutdownReport { finished: [bot.finished, rest.finished].concat(), cut: [bot.cut, rest.cut].concat() }
}

async fn certificate(wire: &Wire) -> Result<Option<Arc<Tls>>> {
    let Some((certificate, key)) = wire.certificate()? else { return Ok(None) };
    Ok(Some(Arc::new(Tls::read(certificate, key).await?)))
}

/// Takes as many open files as the system lets us have: each connection is one.
fn open_files(connections: u32) {
    /// Of the record, of listeners and of other services.
    const OTHERS: u64 = 512;
    let needed = u64::from(connections) + OTHERS;
    match rlimit::increase_nofile_limit(rlimit::INFINITY) {
        Ok(files) if files >= needed => {}
        Ok(files) => {
            tracing::warn!(files, needed, "fewer open files than max_connections needs: raise LimitNOFILE");
        }
        Err(error) => tracing::warn!(%error, "the limit of open files is not known"),
    }
}
