//! What each figure means, as its page says it: `# HELP` for those who only see the figures.

/// The page that a test holds against what is exported.
const PAGE: &str = include_str!("../../../../docs/metrics.md");

/// Gives the recorder the meaning of every figure.
pub fn describe() {
    for (name, kind, meaning) in rows() {
        match kind {
            "counter" => metrics::describe_counter!(name, meaning),
            "histogram" => metrics::describe_histogram!(name, meaning),
            _ => metrics::describe_gauge!(name, meaning),
        }
    }
}

/// Name, type and meaning of each figure in the tables of the page.
fn rows() -> impl Iterator<Item = (String, &'static str, String)> {
    PAGE.lines().filter(|line| line.starts_with("| `")).flat_map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        let (names, kind) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        let meaning = cells.nth(1).unwrap_or_default().replace('`', "");
        names.split('`').skip(1).step_by(2).map(move |name| (name.to_owned(), kind, meaning.clone()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_gives_every_figure_a_type_and_a_meaning() {
        let all: Vec<_> = rows().collect();
        assert!(all.len() > 90, "{} figures", all.len());
        for (name, kind, meaning) in all {
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{name}: {kind}");
            assert!(!meaning.is_empty() && !meaning.contains('`'), "{name}: {meaning}");
        }
    }
}
