//! What SIGHUP reads anew: the certificate. Nothing else of a running office changes by it.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use api::Tls;
use resilience::{Hangup, Tasks};

use crate::systemd;

/// The new certificate is in use.
const NEW: &str = "new";
/// The old one is.
const KEPT: &str = "kept";

/// Reads the certificate anew at each SIGHUP. From the call on the signal no longer ends the
/// process.
pub fn on_hangup(tasks: &Tasks, tls: Option<Arc<Tls>>) -> Result<()> {
    for outcome in [NEW, KEPT] {
        metrics::counter!("gad_tls_reloads_total", "outcome" => outcome).absolute(0);
    }
    let first = Hangup::listen().context("cannot listen to SIGHUP")?;
    // A std mutex: held only to take the first listener, never across an await.
    let first = Arc::new(Mutex::new(Some(first)));
    tasks.supervise("reload", move |stop| {
        let (tls, first) = (tls.clone(), first.lock().unwrap_or_else(PoisonError::into_inner).take());
        async move {
            let Ok(mut hangup) = first.map_or_else(Hangup::listen, Ok) else { return };
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = hangup.comes() => {
                        systemd::reloading();
                        reload(tls.as_deref()).await;
                        systemd::ready();
                    }
                }
            }
        }
    });
    Ok(())
}

async fn reload(tls: Option<&Tls>) {
    let Some(tls) = tls else {
        tracing::info!("SIGHUP: there is no certificate to read anew");
        return;
    };
    match tls.reload().await {
        Ok(()) => {
            metrics::counter!("gad_tls_reloads_total", "outcome" => NEW).increment(1);
            tracing::info!("SIGHUP: new connections get the new certificate");
        }
        Err(error) => {
            metrics::counter!("gad_tls_reloads_total", "outcome" => KEPT).increment(1);
            let error = &error as &dyn std::error::Error;
            tracing::error!(
                code = "certificate",
                error,
                "SIGHUP: the new certificate is not usable; the old one stays"
            );
        }
    }
}
