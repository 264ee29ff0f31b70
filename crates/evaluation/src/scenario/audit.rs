//! The audit after all that: whole as it is, and found out when somebody forges a line.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::Stage;
use crate::measure::{Evidence, count};
use crate::text::text;

/// What `gad audit verify` ends with when the chain is broken.
const BROKEN: i32 = 6;

/// Verifies, forges, verifies.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    stage.target.rest().await?;
    let checked = stage.target.gad(&["audit", "verify", "--json"]).await?;
    let told: Value = serde_json::from_slice(&checked.stdout).context("gad audit verify told nothing")?;
    let lines = told["lineas"].as_u64().unwrap_or_default();
    let mut evidence = Evidence::default();
    evidence.note("audit.lines", count(lines), "", text("líneas de auditoría", "lines of audit"));
    let whole = checked.status.success() && lines > 0;
    evidence.answer("audit.whole", whole, text("la cadena se sostiene", "the chain holds"));
    let (good, forged) = (stage.target.file("auditoria.jsonl"), stage.target.file("falsificada.jsonl"));
    let good_name = good.to_str().context("a path that is no text")?;
    let exported = stage.target.gad(&["audit", "export", "--out", good_name]).await?;
    ensure!(exported.status.success(), "gad audit export: {}", String::from_utf8_lossy(&exported.stderr));
    let text_of = tokio::fs::read_to_string(&good).await?;
    tokio::fs::write(&forged, forge(&text_of).context("no line to forge")?).await?;
    let forged = forged.to_str().context("a path that is no text")?;
    let checked = stage.target.gad(&["audit", "verify", "--from", forged]).await?;
    let found = checked.status.code() == Some(BROKEN);
    let what = text("una línea falsificada en la exportación se descubre", "a line forged in the export is found out");
    evidence.answer("audit.forgery_found", found, what);
    Ok(evidence)
}

/// The export with another description of what was done in its middle line.
fn forge(export: &str) -> Option<String> {
    let mut lines: Vec<String> = export.lines().map(str::to_owned).collect();
    let with: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| line.contains("Tarea ")).map(|(number, _)| number).collect();
    let middle = *with.get(with.len() / 2)?;
    lines[middle] = lines[middle].replacen("Tarea ", "Nada ", 1);
    Some(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_in_the_middle_is_forged() {
        let export = "{\"tipo\":\"clave\"}\n{\"x\":\"Tarea A creada\"}\n{\"x\":\"Tarea B creada\"}\n{\"x\":\"Tarea C creada\"}\n";
        let forged = forge(export).unwrap();
        assert_eq!(forged, export.replace("Tarea B", "Nada B"));
        assert_eq!(forge("{}\n"), None);
    }
}
