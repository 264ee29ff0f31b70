//! Every operation without a token, and those that only read with one.

use anyhow::{Context, Result};
use serde_json::Value;

use super::Stage;
use crate::client::{Client, Reply, label};
use crate::measure::{Evidence, Table, count, share};
use crate::target::Role;
use crate::text::{Text, text};

/// Not shaped as other refusals: what is no API.
const OTHERS: [&str; 2] = ["/metrics", "/api/v1/metrics/prometheus"];

/// What a walk found.
#[derive(Default)]
struct Found {
    operations: usize,
    server_errors: usize,
    shapeless: usize,
    unguarded: usize,
    odd: Vec<Vec<Text>>,
}

/// Walks.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let administrator = stage.target.client(Role::Administrator).await?;
    let stranger = Client::stranger(administrator.address);
    let document = administrator.get("/api/v1/openapi.json").await?.ok()?;
    let paths = document["paths"].as_object().context("the OpenAPI document has no paths")?;
    let mut found = Found::default();
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            if !matches!(method.as_str(), "get" | "post" | "put" | "patch" | "delete") {
                continue;
            }
            let (method, at) = (method.to_uppercase(), filled(path));
            let guarded = operation["security"].as_array().is_some_and(|schemes| !schemes.is_empty());
            let body = (method != "GET").then(|| Value::Object(serde_json::Map::new()));
            found.operations += 1;
            let reply = stranger.send(&method, &at, body.as_ref()).await?;
            found.look(&method, path, &reply);
            if guarded && reply.status < 400 {
                found.unguarded += 1;
                found.odd.push(vec![
                    format!("{method} {path}").into(),
                    Text::made(format!("{} sin credencial", reply.status), format!("{} without a token", reply.status)),
                ]);
            }
            if method == "GET" {
                let reply = administrator.get(&at).await?;
                found.look(&method, path, &reply);
            }
        }
    }
    let figures = administrator.figures().await?;
    let answered: std::collections::BTreeSet<&str> =
        figures.all("http_requests_total").filter_map(|(labels, _)| label(labels, "path")).collect();
    let covered = paths.keys().filter(|path| answered.contains(path.as_str())).count();
    Ok(found.evidence(share(count(covered), count(paths.len()))))
}

/// A path with something in the place of its parameters.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{session_id}" => "00000000-0000-4000-8000-000000000000",
        part if part.starts_with('{') => "1",
        part => part,
    });
    let at = parts.collect::<Vec<_>>().join("/");
    match path {
        "/api/v1/efectivos/cercanos" => format!("{at}?lat=-34.6&lng=-58.4"),
        _ => at,
    }
}

impl Found {
    fn look(&mut self, method: &str, path: &str, reply: &Reply) {
        let body = reply.json();
        let shaped = body["status"].as_u64() == Some(reply.status.into()) && body["code"].is_string();
        // Readiness says by 503 that a part is away; that is an answer, not an error.
        if reply.status >= 500 && !(reply.status == 503 && (path.contains("health") || shaped)) {
            self.server_errors += 1;
            self.odd.push(vec![format!("{method} {path}").into(), reply.status.to_string().into()]);
        } else if reply.status >= 400 && !shaped && !OTHERS.contains(&path) {
            self.shapeless += 1;
            let said: String = reply.text.chars().take(60).collect();
            self.odd.push(vec![format!("{method} {path}").into(), format!("{}: {said}", reply.status).into()]);
        }
    }

    fn evidence(self, covered: f64) -> Evidence {
        let mut evidence = Evidence::default();
        evidence.note("walk.operations", count(self.operations), "", text("operaciones llamadas", "operations called"));
        let what = text("errores internos", "internal errors");
        evidence.note("walk.server_errors", count(self.server_errors), "", what);
        let what = text("rechazos sin la forma declarada", "refusals not of the declared shape");
        evidence.note("walk.shapeless", count(self.shapeless), "", what);
        let what =
            text("operaciones protegidas que se abren sin credencial", "protected operations open without a token");
        evidence.note("walk.unguarded", count(self.unguarded), "", what);
        let what = text("parte de las rutas que respondió", "share of routes that answered");
        evidence.note("coverage.routes_share", covered, "", what);
        if !self.odd.is_empty() {
            let head = vec![text("operación", "operation"), text("respuesta", "answer")];
            let title = text("Respuestas fuera de lo declarado", "Answers that are not as declared");
            evidence.tables.push(Table { line: "2.1", title, head, rows: self.odd });
        }
        evidence
    }
}
