//! Reads what Prometheus reads.

use std::collections::BTreeMap;

/// Figures of one process at one moment.
#[derive(Debug, Default)]
pub struct Figures(Vec<Series>);

#[derive(Debug, PartialEq)]
struct Series {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

impl Figures {
    /// Of the text that `/metrics` gives; lines that are none are passed over.
    pub fn read(text: &str) -> Self {
        Self(text.lines().filter_map(series).collect())
    }

    /// The figure of a name that has no labels.
    pub fn value(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|series| series.name == name).map(|series| series.value)
    }

    /// The figures of a name by one of their labels.
    pub fn by<'f>(&'f self, name: &str, label: &str) -> BTreeMap<&'f str, f64> {
        let of_name = self.0.iter().filter(|series| series.name == name);
        of_name.filter_map(|series| Some((series.labels.get(label)?.as_str(), series.value))).collect()
    }

    /// How many observations of a histogram without labels lay above `edge`, one of its own.
    pub fn above(&self, name: &str, edge: &str) -> Option<f64> {
        let below = self.by(&format!("{name}_bucket"), "le").get(edge).copied()?;
        Some(self.value(&format!("{name}_count"))? - below)
    }
}

fn series(line: &str) -> Option<Series> {
    if line.starts_with('#') {
        return None;
    }
    let (head, value) = line.rsplit_once(' ')?;
    let value = value.parse().ok()?;
    let Some((name, rest)) = head.split_once('{') else {
        return Some(Series { name: head.to_owned(), labels: BTreeMap::new(), value });
    };
    // Values of our own labels hold no quotes.
    let labels = rest.strip_suffix('}')?.split("\",").filter_map(|label| label.trim_end_matches('"').split_once("=\""));
    let labels = labels.map(|(name, value)| (name.trim().to_owned(), value.to_owned())).collect();
    Some(Series { name: name.to_owned(), labels, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_found_by_name_and_label() {
        let text = "# TYPE up gauge\nup 1\n\ntask{task=\"a, b\",env=\"x\"} 2.5\ntask{task=\"c\"} 0\n\
            late_bucket{le=\"1\"} 3\nlate_bucket{le=\"+Inf\"} 5\nlate_sum 9\nlate_count 5\nnonsense\n";
        let figures = Figures::read(text);
        assert_eq!((figures.value("up"), figures.value("down")), (Some(1.0), None));
        assert_eq!(figures.by("task", "task"), BTreeMap::from([("a, b", 2.5), ("c", 0.0)]));
        assert_eq!((figures.above("late", "1"), figures.above("late", "7")), (Some(2.0), None));
    }
}
