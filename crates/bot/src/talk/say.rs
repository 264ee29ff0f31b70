//! Texts in the languages of the bot. They stand in `texts/*.ftl`, one file a language; a test
//! holds the files to the same texts, and the program to those that there are.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use super::html;
use crate::model::Language;

type Bundle = FluentBundle<FluentResource>;

static SPANISH: LazyLock<Bundle> = LazyLock::new(|| bundle("es", include_str!("../../texts/es.ftl")));
static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle("en", include_str!("../../texts/en.ftl")));

fn bundle(language: &str, texts: &str) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(language.parse().into_iter().collect());
    // What people wrote is isolated where it is escaped; a code that is copied stays bare.
    bundle.set_use_isolating(false);
    // What could be read of a faulty file is used; the test below finds the fault.
    let resource = FluentResource::try_new(texts.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

/// One value in a text.
#[derive(Debug, Clone)]
enum Value {
    /// What people wrote, or what we do not know to be harmless.
    Text(String),
    /// What is HTML already.
    Html(String),
    /// A number, by which the text chooses its plural.
    Number(i64),
}

/// The values in a text, by name.
#[derive(Debug, Clone, Default)]
pub struct With(Vec<(&'static str, Value)>);

impl With {
    /// Without any.
    pub fn none() -> Self {
        Self::default()
    }

    /// And a text that is escaped where it is shown.
    #[must_use]
    pub fn text(mut self, name: &'static str, text: impl ToString) -> Self {
        self.0.push((name, Value::Text(text.to_string())));
        self
    }

    /// And a text in HTML.
    #[must_use]
    pub fn html(mut self, name: &'static str, html: impl Into<String>) -> Self {
        self.0.push((name, Value::Html(html.into())));
        self
    }

    /// And a number.
    #[must_use]
    pub fn number(mut self, name: &'static str, number: impl Into<i64>) -> Self {
        self.0.push((name, Value::Number(number.into())));
        self
    }
}

/// Says things in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Say(pub Language);

impl Say {
    /// A text in HTML.
    pub fn html(self, key: &str, with: With) -> String {
        self.render(key, with, html::escape)
    }

    /// A text in HTML without values.
    pub fn it(self, key: &str) -> String {
        self.html(key, With::none())
    }

    /// A text without markup: for buttons, and notices over a pressed one.
    pub fn plain(self, key: &str, with: With) -> String {
        self.render(key, with, html::isolate)
    }

    /// A button's or notice's text without values.
    pub fn label(self, key: &str) -> String {
        self.plain(key, With::none())
    }

    /// A text in HTML, and by the text `key` how many of `total` it does not show, if there are any.
    pub fn with_more(self, text: String, key: &str, total: impl TryInto<i64>, shown: usize) -> String {
        let shown = i64::try_from(shown).unwrap_or(i64::MAX);
        let others = total.try_into().unwrap_or(i64::MAX).saturating_sub(shown);
        if others <= 0 {
            return text;
        }
        format!("{text}\n{}", self.html(key, With::none().number("others", others)))
    }

    fn render(self, key: &str, with: With, harmless: fn(&str) -> String) -> String {
        let bundle = match self.0 {
            Language::Spanish => &*SPANISH,
            Language::English => &*ENGLISH,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(code = "bot_text_missing", key, "a text of the bot is missing");
            return html::escape(key);
        };
        let mut values = FluentArgs::new();
        for (name, value) in with.0 {
            match value {
                Value::Text(text) => values.set(name, harmless(&text)),
                Value::Html(html) => values.set(name, html),
                Value::Number(number) => values.set(name, number),
            }
        }
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&values), &mut faults).into_owned();
        debug_assert!(faults.is_empty(), "{key}: {faults:?}");
        text
    }
}
