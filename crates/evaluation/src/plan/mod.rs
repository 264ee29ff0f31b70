//! The office's plan of twelve sections, line by line.

mod lines;

pub use lines::LINES;

use crate::text::{Text, text};

/// One line of the plan.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its number, like `3.1`.
    pub number: &'static str,
    /// What it is called.
    pub title: Text,
    /// What the plan asks for.
    pub asks: Text,
    /// What answers it here.
    pub product: Text,
    /// What is measured for it, or would have to be.
    pub evidence: Text,
}

impl Line {
    /// Number of its section, from 1.
    pub fn section(&self) -> usize {
        self.number.split('.').next().and_then(|number| number.parse().ok()).unwrap_or_default()
    }
}

/// The line of a number.
pub fn line(number: &str) -> Option<&'static Line> {
    LINES.iter().find(|line| line.number == number)
}

/// Titles of the sections, in order.
pub const SECTIONS: [Text; 12] = [
    text("Arquitectura asíncrona", "Asynchronous architecture"),
    text("Marco web y concurrencia de peticiones", "Web framework and concurrent requests"),
    text("Base de datos y datos espaciales", "Database and spatial data"),
    text("Bot de Telegram", "Telegram bot"),
    text("WebSocket y tiempo real", "WebSocket and real time"),
    text("Hilos, procesos y tareas", "Threads, processes and tasks"),
    text("Rendimiento y recursos", "Performance and resources"),
    text("Errores, fallas y apagado", "Errors, faults and shutdown"),
    text("Escalabilidad", "Scalability"),
    text("Buenas prácticas y normas de gobierno", "Good practice and government standards"),
    text("Observabilidad", "Observability"),
    text("Optimización y mejoras", "Optimisation and improvement"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_has_two_lines_in_each_of_twelve_sections() {
        let numbers: Vec<String> = (1..=12).flat_map(|s| [format!("{s}.1"), format!("{s}.2")]).collect();
        assert_eq!(LINES.iter().map(|line| line.number).collect::<Vec<_>>(), numbers);
        assert!(LINES.iter().all(|line| SECTIONS.get(line.section() - 1).is_some()));
    }
}
