//! How people get on with the bot, counted.

use crate::model::Mark;

/// Counts an update that was worked, and what happened in it.
pub fn worked(marks: &[Mark]) {
    metrics::counter!("gad_telegram_worked_total", "outcome" => "worked").increment(1);
    for mark in marks {
        match *mark {
            Mark::Handled(what) => metrics::counter!("gad_bot_handled_total", "what" => what).increment(1),
            Mark::WizardStarted(wizard) => wizard_step(wizard, "", "started"),
            Mark::WizardStep { wizard, step } => wizard_step(wizard, step, "passed"),
            Mark::WizardCompleted(wizard) => wizard_step(wizard, "", "completed"),
            Mark::WizardAbandoned { wizard, step } => wizard_step(wizard, step, "abandoned"),
            Mark::Rejected { wizard, step } => wizard_step(wizard, step, "rejected"),
        }
    }
}

fn wizard_step(wizard: &'static str, step: &'static str, what: &'static str) {
    metrics::counter!("gad_bot_wizard_total", "wizard" => wizard, "step" => step, "what" => what).increment(1);
}
