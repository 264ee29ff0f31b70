//! This run beside an earlier one: what got better and what got worse, beyond noise.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::measure::{Evidence, Measurement};
use crate::text::{Text, text};
use crate::threshold::{Demands, Threshold};

/// What a run of the same work may differ by on a machine that does other things too.
const NOISE: f64 = 0.25;
/// Differences of times below this are of the machine, milliseconds.
const LEAST_MS: f64 = 1.0;

/// What is read of an earlier `resultados.json`.
#[derive(Debug, Clone, Deserialize)]
pub struct Baseline {
    formato: u32,
    montaje: String,
    perfil: Named,
    maquina: EarlierMachine,
    evidencia: Figures,
}

#[derive(Debug, Clone, Deserialize)]
struct Named {
    nombre: String,
}

#[derive(Debug, Clone, Deserialize)]
struct EarlierMachine {
    comienzo: String,
    programa: String,
    procesadores: usize,
}

#[derive(Debug, Clone, Deserialize)]
struct Figures {
    cifras: Vec<Figure>,
}

#[derive(Debug, Clone, Deserialize)]
struct Figure {
    nombre: String,
    valor: Option<f64>,
}

/// How a figure changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Change {
    /// Worse beyond noise.
    #[serde(rename = "peor")]
    Worse,
    /// Better beyond noise.
    #[serde(rename = "mejor")]
    Better,
    /// Within noise.
    #[serde(rename = "igual")]
    Alike,
}

impl Change {
    /// In words.
    pub const fn word(self) -> Text {
        match self {
            Self::Worse => text("peor", "worse"),
            Self::Better => text("mejor", "better"),
            Self::Alike => text("igual", "alike"),
        }
    }
}

/// One figure then and now.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    /// Its name.
    #[serde(rename = "nombre")]
    pub name: &'static str,
    /// Then.
    #[serde(rename = "antes")]
    pub before: f64,
    /// Now.
    #[serde(rename = "ahora")]
    pub now: f64,
    /// How it changed.
    #[serde(rename = "cambio")]
    pub change: Change,
}

/// This run beside an earlier one.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// When the earlier one began, and of which program it was.
    #[serde(rename = "de")]
    pub of: String,
    /// What makes the two differ beside the program; nothing when they are alike.
    #[serde(rename = "reparos")]
    pub reservations: Vec<Text>,
    /// Figures for which more or less is better, worst changes first.
    #[serde(rename = "cifras")]
    pub figures: Vec<Compared>,
}

impl Baseline {
    /// Reads an earlier run.
    ///
    /// # Errors
    /// When the text is none.
    pub fn read(text: &str) -> Result<Self> {
        let read: Self = serde_json::from_str(text).context("this is no resultados.json")?;
        ensure!(read.formato == 1, "resultados.json of format {}, which is not known here", read.formato);
        Ok(read)
    }

    /// This run beside it.
    pub fn compare(
        &self,
        set_up: &str,
        profile: &str,
        processors: usize,
        demands: &Demands,
        now: &Evidence,
    ) -> Comparison {
        let mut reservations = Vec::new();
        for (differs, what) in [
            (self.montaje != set_up, text("otro montaje", "another set-up")),
            (self.perfil.nombre != profile, text("otro perfil", "another profile")),
            (
                self.maquina.procesadores != processors,
                text("otra cantidad de procesadores", "another number of processors"),
            ),
        ] {
            reservations.extend(differs.then_some(what));
        }
        let before: BTreeMap<&str, f64> =
            self.evidencia.cifras.iter().filter_map(|figure| Some((figure.nombre.as_str(), figure.valor?))).collect();
        let mut figures: Vec<Compared> = now
            .measurements
            .iter()
            .filter_map(|measured| {
                let before = *before.get(measured.name)?;
                let change = change(measured, before, is_less_better(measured, demands)?);
                Some(Compared { name: measured.name, before, now: measured.value, change })
            })
            .collect();
        figures.sort_by_key(|figure| figure.change);
        Comparison { of: format!("{} ({})", self.maquina.comienzo, self.maquina.programa), reservations, figures }
    }
}

fn change(measured: &Measurement, before: f64, is_less_better: bool) -> Change {
    let (now, unit) = (measured.value, measured.unit);
    let least = if unit == "ms" { LEAST_MS } else { 0.0 };
    let noise = match unit {
        // A count of what must not be is none the better for being a little.
        "" if before.fract() == 0.0 && now.fract() == 0.0 => 0.0,
        _ => NOISE * before.abs().max(now.abs()),
    };
    if (now - before).abs() <= noise.max(least) {
        Change::Alike
    } else if (now < before) == is_less_better {
        Change::Better
    } else {
        Change::Worse
    }
}

/// Whether less is better, by the threshold of a figure or by its unit; `None` where neither is.
fn is_less_better(measured: &Measurement, demands: &Demands) -> Option<bool> {
    let by_threshold = |threshold: &Threshold| match (threshold.at_most, threshold.at_least) {
        (Some(_), None) => Some(true),
        (None, Some(_)) => Some(false),
        _ => None,
    };
    let threshold = demands.all().find(|threshold| threshold.measure == measured.name);
    threshold.and_then(by_threshold).or(match measured.unit {
        "ms" | "s" | "µs" | "B" | "MiB" => Some(true),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_within_noise_is_alike_and_the_worst_comes_first() {
        let earlier = r#"{"formato":1,"montaje":"embebido","perfil":{"nombre":"quick"},
            "maquina":{"comienzo":"2026-11-25T12:00:00Z","programa":"gad 0.1.0","procesadores":2},
            "evidencia":{"cifras":[{"nombre":"nominal.p95_ms","valor":20.0},{"nombre":"nominal.p99_ms","valor":40.0},
            {"nombre":"steps.peak_per_second","valor":2000.0},{"nombre":"kill.lost","valor":0.0},{"nombre":"x","valor":null}]}}"#;
        let mut now = Evidence::default();
        for (name, value, unit) in [
            ("nominal.p95_ms", 22.0, "ms"),
            ("nominal.p99_ms", 20.0, "ms"),
            ("steps.peak_per_second", 1000.0, "/s"),
            ("kill.lost", 1.0, ""),
            ("nominal.rate", 5.0, "/s"),
        ] {
            now.note(name, value, unit, text("", ""));
        }
        let demands = Demands::committed().unwrap();
        let compared = Baseline::read(earlier).unwrap().compare("embebido", "standard", 2, &demands, &now);
        let told: Vec<_> = compared.figures.iter().map(|figure| (figure.name, figure.change)).collect();
        assert_eq!(
            told,
            [
                ("steps.peak_per_second", Change::Worse),
                ("kill.lost", Change::Worse),
                ("nominal.p99_ms", Change::Better),
                ("nominal.p95_ms", Change::Alike),
            ]
        );
        assert_eq!(compared.reservations, [text("otro perfil", "another profile")]);
        assert!(Baseline::read("{}").is_err());
    }
}
