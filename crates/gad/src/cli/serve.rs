//! `gad serve`.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use api::{ApiSettings, ApiValues, Door, Hub, HubSettings, Logging, Offer, StartupGate, Tls, TrustedProxies};
use bus::Bus;
use metrics_exporter_prometheus::PrometheusHandle;
use resilience::{
    Admission, Bounds, CancellationToken, CpuPool, Defect, Group, ShutdownReport, Signal, Tasks, shutdown_signal,
};
use store::Store;

use crate::clock::{SystemClock, SystemRng};
use crate::config::{Role, Server, Settings, Wire};
use crate::log::{Log, log_panics};
use crate::otlp::{self, Traces};
use crate::startup::Startup;
use crate::{background, compose, figures, out, private, reload, systemd, telegram};

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
    // Dropped last, after all that may log.
    let _flush = log.flush_at_end();
    log_panics();
    settings.office.time_zone.warn();
    warn_of_development(settings);
    // First: a figure that is made before is counted nowhere.
    let metrics = options.prometheus.then(figures::collect).transpose()?;
    private::look(settings, &options.wire)?;
    // Before anything is waited for: a wrong setting ends the process at once.
    if let Some(problem) = compose::problems(settings, &options).into_iter().next() {
        return Err(problem);
    }
    open_files(options.wire.max_connections);
    let tls = certificate(&options.wire).await?;
    // From here on a signal ends the process in order, also while it waits.
    let mut stop = pin!(shutdown_signal());
    let tasks = Tasks::new();
    // First, so that it is the last to be stopped and sends what others leave behind.
    if let Some(traces) = &traces {
        traces.keep(&tasks);
    }
    let bus = compose::bus(&options, &tasks)?;
    let values = api_values(settings, &options, tls.is_some())?;
    let (clock, rng) = (Arc::new(SystemClock), Arc::new(SystemRng));
    let gate = StartupGate::new(ApiSettings::new(values.clone()), clock, rng, bus.link.clone());
    let startup = Startup::new(options.start_timeout.map(Duration::from_secs), gate.clone());
    let listener = tokio::select! {
        listener = startup.listen(options.listen) => listener?,
        never = systemd::keep_starting() => match never {},
        signal = &mut stop => return stopped_at_start(signal?, &tasks).await,
    };
    let address = listener.local_addr()?;
    tracing::info!(%address, "listening");
    let connections = Group::new();
    let limits = options.wire.limits();
    let mut server = pin!(api::serve(listener, gate.clone(), limits, tls.clone(), connections.clone()));
    let started = tokio::select! {
        started = start(settings, &options, &startup, &tasks, bus, values, log, metrics) => started,
        () = &mut server => anyhow::bail!("the server ended by itself"),
        never = systemd::keep_starting() => match never {},
        signal = &mut stop => {
            connections.stop();
            connections.cut().await;
            return stopped_at_start(signal?, &tasks).await;
        }
    };
    let Office { store, pool, of_bot, hub, draining, door } = started?;
    gate.open(door);
    let scheme = if tls.is_some() { "https" } else { "http" };
    reload::on_hangup(&tasks, tls)?;
    Defect::stall(&tasks);
    out::detached_line(format_args!("gad is ready at {scheme}://{address}"));
    systemd::ready();
    systemd::watchdog(&tasks);

    tokio::select! {
        () = &mut server => anyhow::bail!("the server ended by itself"),
        signal = stop, if !Defect::DeafToSigterm.is_planted() => {
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

/// What the start has made, once everything is there.
struct Office {
    store: Arc<dyn Store>,
    pool: CpuPool,
    of_bot: Tasks,
    hub: Hub,
    draining: CancellationToken,
    door: Door,
}

/// Ends a process that a signal stops while it waits.
async fn stopped_at_start(signal: Signal, tasks: &Tasks) -> Result<()> {
    tracing::info!(?signal, "stopping before the start was complete");
    systemd::stopping();
    tasks.shutdown(TASKS).await;
    tracing::info!("stopped");
    Ok(())
}

/// What of the API's settings is known before there is an office.
fn api_values(settings: &Settings, options: &Server, is_tls: bool) -> Result<ApiValues> {
    let soft = usize::try_from(options.admission_soft)?;
    let hard = usize::try_from(options.admission_hard)?;
    Ok(ApiValues {
        offer: if options.does(Role::Api) { Offer::All } else { Offer::Vitals },
        trusted_proxies: TrustedProxies::new(options.trusted_proxies.clone()),
        public_url: options.public_url.clone(),
        service_token: options.service_token.clone(),
        environment: settings.office.environment.clone(),
        secure_cookies: settings.office.environment != "development" || is_tls,
        rate_limiting: options.rate_limiting,
        cors_origins: options.cors_origins.clone(),
        cors_credentials: options.cors_credentials,
        metrics_token: options.metrics_token.clone(),
        reads: Admission::new(Bounds::of_reads(soft, hard)),
        changes: Admission::new(Bounds::of_changes(soft, hard)),
        request_limit: Duration::from_secs(options.request_timeout),
        log: Logging {
            slow_request: Duration::from_millis(options.slow_request_ms),
            traces: options.otlp_endpoint.is_some(),
            filter: None,
        },
        map: options.map.clone().source(),
        ..ApiValues::clone(&ApiSettings::default())
    })
}

/// Waits for the database and puts the office together.
#[expect(clippy::too_many_arguments, reason = "each is a part of the process that only `serve` has")]
async fn start(
    settings: &Settings,
    options: &Server,
    startup: &Startup,
    tasks: &Tasks,
    bus: Bus,
    values: ApiValues,
    log: Log,
    metrics: Option<PrometheusHandle>,
) -> Result<Office> {
    let (store, of_store) = startup.retry(async || compose::migrated_store(settings).await).await?;
    let (cx, pool) = compose::serving(settings, options, store.clone(), bus)?;
    let resources = figures::machine(tasks, &pool, &settings.record.data_dir);
    let hub = Hub::measured(sockets(settings, options)?, resources.clone());
    hub.begins_at(startup.retry(async || Ok(app::events::head(&cx).await?)).await?);
    resolve(&values.trusted_proxies, tasks).await;
    if options.does(Role::Worker) {
        background::work(tasks, &cx);
    }
    background::follow(tasks, &cx, &hub);
    let of_bot = Tasks::new();
    let bot = telegram::start(&options.telegram, &cx, options.does(Role::Bot).then_some(&of_bot))?;
    log.keep(tasks);
    figures::watch(tasks)?;
    if let Some(metrics) = &metrics {
        figures::upkeep(tasks, metrics.clone());
    }
    let live = figures::Live::new(vec![tasks.clone(), of_bot.clone(), of_store], &pool, &store, log.clone());
    let api = ApiSettings::new(ApiValues {
        telegram: bot.telegram,
        telegram_failure: bot.failure,
        webhook: bot.webhook,
        files: bot.files,
        metrics,
        gauges: Some(Arc::new(live)),
        hub: hub.clone(),
        resources,
        log: Logging { filter: Some(Arc::new(log)), ..values.log.clone() },
        ..values
    });
    let draining = api.draining.clone();
    Ok(Office { store, pool, of_bot, hub, draining, door: api::door(cx, api) })
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

/// Resolves the host names of proxies now and from time to time.
async fn resolve(proxies: &TrustedProxies, tasks: &Tasks) {
    proxies.resolve().await;
    let resolved = proxies.clone();
    tasks.supervise("trusted-proxies", move |stop| resolved.clone().keep_resolved(stop));
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
