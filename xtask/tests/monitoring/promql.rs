//! Which figures an expression of Prometheus reads, and by which labels it chooses. Whether it is
//! an expression at all is promtool's to say.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::Chars;

/// Words that stand where a name may stand.
const WORDS: &[&str] = &[
    "and",
    "atan2",
    "avg",
    "bool",
    "bottomk",
    "count",
    "count_values",
    "group",
    "inf",
    "max",
    "min",
    "nan",
    "offset",
    "or",
    "quantile",
    "stddev",
    "stdvar",
    "sum",
    "topk",
    "unless",
];
/// Words after which labels stand in parentheses.
const OVER_LABELS: &[&str] = &["by", "without", "on", "ignoring", "group_left", "group_right"];

/// A figure as an expression reads it.
#[derive(Debug, PartialEq)]
pub struct Read {
    /// Its name.
    pub figure: String,
    /// Labels that it is chosen by.
    pub chosen_by: BTreeSet<String>,
}

/// All figures that an expression reads, in order.
pub fn reads(expression: &str) -> Vec<Read> {
    let mut rest = expression.chars().peekable();
    let mut reads: Vec<Read> = Vec::new();
    while let Some(next) = rest.peek().copied() {
        match next {
            '"' | '\'' => drop(quoted(&mut rest)),
            '[' => drop(until(&mut rest, ']')),
            '{' => {
                let figure = reads.last_mut().expect("a selector follows the name of a figure");
                figure.chosen_by.extend(labels(&until(&mut rest, '}')));
            }
            digit if digit.is_ascii_digit() => drop(word(&mut rest)),
            letter if is_of_name(letter) => {
                let name = word(&mut rest);
                blank(&mut rest);
                if OVER_LABELS.contains(&name.as_str()) {
                    until(&mut rest, ')');
                } else if rest.peek() != Some(&'(') && !WORDS.contains(&name.as_str()) {
                    reads.push(Read { figure: name, chosen_by: BTreeSet::new() });
                }
            }
            _ => drop(rest.next()),
        }
    }
    reads
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | ':' | '.')
}

fn word(rest: &mut Peekable<Chars>) -> String {
    let mut word = String::new();
    while let Some(letter) = rest.next_if(|letter| is_of_name(*letter)) {
        word.push(letter);
    }
    word
}

fn blank(rest: &mut Peekable<Chars>) {
    while rest.next_if(|letter| letter.is_whitespace()).is_some() {}
}

/// What stands between quotes.
fn quoted(rest: &mut Peekable<Chars>) -> String {
    let quote = rest.next();
    let mut inner = String::new();
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => inner.extend(rest.next()),
            end if Some(end) == quote => break,
            other => inner.push(other),
        }
    }
    inner
}

/// What stands between brackets, with empty quotes in it.
fn until(rest: &mut Peekable<Chars>, end: char) -> String {
    let mut inner = String::new();
    while let Some(letter) = rest.peek().copied() {
        if matches!(letter, '"' | '\'') {
            quoted(rest);
            continue;
        }
        rest.next();
        if letter == end {
            break;
        }
        inner.push(letter);
    }
    inner
}

/// The labels of a selector's inside.
fn labels(inside: &str) -> impl Iterator<Item = String> {
    let matchers = inside.trim_start_matches('{').split(',');
    matchers.filter_map(|matcher| Some(matcher.split_once(['=', '!'])?.0.trim().to_owned()))
}

#[test]
fn names_and_labels_are_found_and_nothing_else() {
    let expression = r#"sum by (job, le) (rate(a_total{path!~"b|c,d=\"e\"",status=~"5.."}[5m] offset 1h)) > 14.4 * 1e9
        and on (host) max(level:f:ratio) / (time() - g{}) or vector(0)"#;
    let found = reads(expression);
    let names: Vec<_> = found.iter().map(|read| read.figure.as_str()).collect();
    assert_eq!(names, ["a_total", "level:f:ratio", "g"]);
    assert_eq!(found[0].chosen_by, ["path", "status"].map(str::to_owned).into());
    assert!(found[2].chosen_by.is_empty());
}
