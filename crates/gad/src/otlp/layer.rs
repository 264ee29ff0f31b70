//! Takes spans from `tracing`.

use std::sync::Arc;
use std::time::SystemTime;

use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::queue::Queue;
use super::span::{Fields, Kind, Span};

/// Collects spans of requests and of the queries that they cause.
pub struct Traces(Arc<Queue>);

/// A span that goes on.
struct Open {
    trace: [u8; 16],
    id: [u8; 8],
    parent: Option<[u8; 8]>,
    start: SystemTime,
    fields: Fields,
}

impl Traces {
    /// Level of the finest spans that are collected.
    pub const FINEST: LevelFilter = LevelFilter::DEBUG;

    /// Into this queue.
    pub fn new(queue: Arc<Queue>) -> Self {
        Self(queue)
    }

    /// Whether it is one of the spans that are collected: whatever else libraries do stays out.
    pub fn wants(span: &Metadata<'_>) -> bool {
        span.is_span() && matches!(span.name(), "request" | "query")
    }
}

impl Open {
    /// One that belongs to `above`, or names its trace itself; none for what nobody wants to see.
    fn new(fields: Fields, above: Option<([u8; 16], [u8; 8])>) -> Option<Self> {
        let start = SystemTime::now();
        if let Some((trace, parent)) = above {
            let id = (rand::random::<u64>() | 1).to_be_bytes();
            return Some(Self { trace, id, parent: Some(parent), start, fields });
        }
        if fields.unsampled {
            return None;
        }
        let trace = digits(fields.trace.as_deref()?)?;
        let id = digits(fields.id.as_deref()?)?;
        let parent = fields.parent.as_deref().and_then(digits);
        Some(Self { trace, id, parent, start, fields })
    }

    fn end(self, name: &str) -> Span {
        let Self { trace, id, parent, start, fields } = self;
        let route = fields.text("http.request.method").zip(fields.text("http.route"));
        let (name, kind) = match route {
            Some((method, route)) => (format!("{method} {route}"), Kind::Server),
            None => (name.to_owned(), Kind::Client),
        };
        Span { trace, id, parent, name, kind, start, end: SystemTime::now(), attributes: fields.attributes }
    }
}

fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

impl<S: Subscriber + for<'l> LookupSpan<'l>> Layer<S> for Traces {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        let Some(span) = cx.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let above = span.scope().skip(1).find_map(|above| above.extensions().get::<Open>().map(|it| (it.trace, it.id)));
        if let Some(open) = Open::new(fields, above) {
            span.extensions_mut().insert(open);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, cx: Context<'_, S>) {
        let Some(span) = cx.span(id) else { return };
        if let Some(open) = span.extensions_mut().get_mut::<Open>() {
            values.record(&mut open.fields);
        }
    }

    fn on_close(&self, id: Id, cx: Context<'_, S>) {
        let Some(span) = cx.span(&id) else { return };
        let open = span.extensions_mut().remove::<Open>();
        if let Some(open) = open {
            self.0.push(open.end(span.name()));
        }
    }
}
