//! From measured figures to how much is needed for how many: a curve through the steps of
//! concurrency, and processor time a request.
//!
//! The curve is the Universal Scalability Law (Gunther, "Guerrilla Capacity Planning", 2007):
//! `X(N) = λN / (1 + σ(N − 1) + κN(N − 1))` with N clients, σ for what waits in a line and κ for what
//! has to be agreed upon. How many replicas follows from the utilisation law: processors in use are
//! requests a second times processor time of each.

use crate::measure::{Curve, Evidence, Picture, Table, count};
use crate::text::{Text, text};

/// Requests an hour of one officer: a position every thirty seconds, and now and then a button.
const REQUESTS_AN_HOUR: f64 = 150.0;
/// Processors are planned to be in use for this share, so that queues stay short.
const BUSY: f64 = 0.6;
/// Processors of one replica.
const PROCESSORS: f64 = 2.0;
/// Officers, on paper.
const OFFICERS: [u32; 6] = [500, 5_000, 20_000, 100_000, 500_000, 1_000_000];

/// A curve of rate by concurrency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Law {
    /// Rate of one client.
    pub lambda: f64,
    /// What waits in a line, as a share.
    pub sigma: f64,
    /// What has to be agreed upon.
    pub kappa: f64,
}

impl Law {
    /// The curve through `(clients, rate)`: least squares of relative errors, nothing below zero.
    /// `None` for fewer than four points.
    pub fn fit(points: &[(f64, f64)]) -> Option<Self> {
        let points: Vec<(f64, f64)> = points.iter().copied().filter(|(n, x)| *n > 0.0 && *x > 0.0).collect();
        if points.len() < 4 {
            return None;
        }
        // N/X is linear in 1/λ, σ/λ and κ/λ; divided by itself, so that each point counts alike.
        let rows: Vec<[f64; 3]> =
            points.iter().map(|(n, x)| [1.0, n - 1.0, n * (n - 1.0)].map(|term| term * x / n)).collect();
        let error = |found: &[f64; 3]| -> f64 {
            rows.iter()
                .map(|row| (row.iter().zip(found).map(|(term, part)| term * part).sum::<f64>() - 1.0).powi(2))
                .sum()
        };
        let choices = [vec![0, 1, 2], vec![0, 1], vec![0, 2], vec![0]];
        let fits = choices.iter().filter_map(|terms| least_squares(&rows, terms));
        let best = fits.filter(|found| found.iter().all(|part| *part >= 0.0) && found[0] > 0.0);
        let [one, line, agreed] = best.min_by(|one, other| error(one).total_cmp(&error(other)))?;
        Some(Self { lambda: 1.0 / one, sigma: line / one, kappa: agreed / one })
    }

    /// The rate at so many clients.
    pub fn at(&self, clients: f64) -> f64 {
        self.lambda * clients / (1.0 + self.sigma * (clients - 1.0) + self.kappa * clients * (clients - 1.0))
    }
}

/// Solves for some of the terms, the others being zero, by the normal equations.
fn least_squares(rows: &[[f64; 3]], terms: &[usize]) -> Option<[f64; 3]> {
    let size = terms.len();
    let mut matrix: Vec<Vec<f64>> = terms
        .iter()
        .map(|&one| {
            let sums = terms.iter().map(|&other| rows.iter().map(|row| row[one] * row[other]).sum());
            sums.chain(std::iter::once(rows.iter().map(|row| row[one]).sum())).collect()
        })
        .collect();
    for at in 0..size {
        let pivot = (at..size).max_by(|one, other| matrix[*one][at].abs().total_cmp(&matrix[*other][at].abs()))?;
        matrix.swap(at, pivot);
        let lead = matrix[at].clone();
        if lead[at].abs() < f64::EPSILON {
            return None;
        }
        for (_, row) in matrix.iter_mut().enumerate().filter(|(number, _)| *number != at) {
            let times = row[at] / lead[at];
            row.iter_mut().zip(&lead).for_each(|(cell, of)| *cell -= times * of);
        }
    }
    let mut found = [0.0; 3];
    for (at, &term) in terms.iter().enumerate() {
        found[term] = matrix[at][size] / matrix[at][at];
    }
    Some(found)
}

/// Writes what follows from `(clients, rate)` of all steps, and from processor time a request in
/// microseconds where that is known.
pub fn tell(evidence: &mut Evidence, steps: &[(f64, f64)], processor_us: Option<f64>) {
    let held_out = steps.len() / 2;
    let rest: Vec<(f64, f64)> =
        steps.iter().enumerate().filter(|(at, _)| *at != held_out).map(|(_, point)| *point).collect();
    let (Some(law), Some(without)) = (Law::fit(steps), Law::fit(&rest)) else { return };
    let (clients, rate) = steps[held_out];
    let error = (without.at(clients) - rate).abs() / rate;
    let what = Text::made(
        format!("error del modelo en el punto de {clients} clientes, que no vio"),
        format!("error of the model at the point of {clients} clients, which it has not seen"),
    );
    evidence.note("capacity.fit_error", error, "", what);
    evidence.note(
        "capacity.sigma",
        law.sigma,
        "",
        text("parte que espera en fila (σ)", "share that waits in a line (σ)"),
    );
    evidence.note("capacity.kappa", law.kappa, "", text("costo de ponerse de acuerdo (κ)", "cost of agreeing (κ)"));
    let modelled = steps.iter().map(|(clients, _)| (*clients, law.at(*clients))).collect();
    let curves = vec![
        Curve { name: text("medido", "measured"), points: steps.to_vec() },
        Curve { name: text("modelo", "model"), points: modelled },
    ];
    let (title, across) =
        (text("Caudal medido y modelo", "Measured rate and model"), text("clientes a la vez", "clients at once"));
    let up = text("respuestas/s", "answers/s");
    evidence.pictures.push(Picture { name: "capacidad", line: "12.2", title, across, up, logarithmic: true, curves });
    if let Some(each) = processor_us {
        evidence.tables.push(plan(each));
        let officers = BUSY * 1e6 / each / (REQUESTS_AN_HOUR / 3600.0);
        let what =
            text("efectivos por procesador de gad, al 60 % de uso", "officers for each processor of gad, at 60 % use");
        evidence.note("capacity.officers_per_processor", officers, "", what);
    }
}

/// Replicas for so many officers.
fn plan(each_us: f64) -> Table {
    let rows = OFFICERS.map(|officers| {
        let rate = f64::from(officers) * REQUESTS_AN_HOUR / 3600.0;
        let processors = rate * each_us / 1e6 / BUSY;
        let replicas = (processors / PROCESSORS).ceil().max(1.0);
        [officers.to_string(), format!("{rate:.0}"), format!("{processors:.1}"), format!("{replicas:.0}")]
            .map(Text::from)
            .to_vec()
    });
    let head = vec![
        text("efectivos", "officers"),
        text("peticiones/s", "requests/s"),
        text("procesadores de gad", "processors of gad"),
        text("réplicas de 2 procesadores", "replicas of 2 processors"),
    ];
    let title = Text::made(
        format!(
            "Réplicas necesarias en el papel: {REQUESTS_AN_HOUR} peticiones por hora de cada efectivo, procesadores al {} %; la base se planifica aparte",
            100.0 * BUSY
        ),
        format!(
            "Replicas that are needed on paper: {REQUESTS_AN_HOUR} requests an hour of each officer, processors at {} %; the database is planned by itself",
            100.0 * BUSY
        ),
    );
    Table { line: "12.2", title, head, rows: rows.to_vec() }
}

/// Processor time of one request, in microseconds.
pub fn each_us(spent: std::time::Duration, answered: u64) -> Option<f64> {
    (answered > 0).then(|| spent.as_secs_f64() * 1e6 / count(answered))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_law_is_found_again_from_its_own_points() {
        let law = Law { lambda: 900.0, sigma: 0.03, kappa: 0.0001 };
        let points: Vec<(f64, f64)> = [1.0, 8.0, 32.0, 128.0, 512.0].map(|n| (n, law.at(n))).to_vec();
        let found = Law::fit(&points).unwrap();
        assert!((found.lambda - 900.0).abs() < 1.0 && (found.sigma - 0.03).abs() < 1e-3, "{found:?}");
        let mut evidence = Evidence::default();
        tell(&mut evidence, &points, Some(100.0));
        assert!(evidence.figure("capacity.fit_error").unwrap() < 0.01);
        let million = evidence.tables[0].rows.last().unwrap();
        assert_eq!(
            million.iter().map(|cell| cell.en.to_string()).collect::<Vec<_>>(),
            ["1000000", "41667", "6.9", "4"]
        );
    }

    #[test]
    fn noise_gives_no_negative_share_and_few_points_give_no_law() {
        let found = Law::fit(&[(1.0, 100.0), (2.0, 230.0), (4.0, 420.0), (8.0, 810.0)]).unwrap();
        assert!(found.sigma >= 0.0 && found.kappa >= 0.0, "{found:?}");
        assert_eq!(Law::fit(&[(1.0, 100.0), (2.0, 200.0), (4.0, 300.0)]), None);
    }
}
