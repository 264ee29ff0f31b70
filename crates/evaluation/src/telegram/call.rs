//! A call of a method, read from JSON, a form, multipart or the query.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures::stream;
use serde_json::{Map, Value};

use super::answer::Refused;

/// A file that came with a call.
#[derive(Debug, Clone)]
pub struct Upload {
    /// As its sender named it.
    pub name: String,
    /// What it holds.
    pub content: Bytes,
}

/// A method with its parameters.
#[derive(Debug)]
pub struct Call {
    /// As the documentation spells it.
    pub method: String,
    parameters: Map<String, Value>,
    files: BTreeMap<String, Upload>,
}

impl Call {
    /// Reads a call.
    pub async fn read(method: &str, query: &str, content_type: &str, body: Bytes) -> Result<Self, Refused> {
        let mut call = Self { method: method.to_owned(), parameters: Map::new(), files: BTreeMap::new() };
        call.add_pairs(query.as_bytes());
        if content_type.starts_with("application/json") {
            if !body.is_empty() {
                let read: Map<String, Value> =
                    serde_json::from_slice(&body).map_err(|_| Refused::bad("can't parse JSON object"))?;
                call.parameters.extend(read);
            }
        } else if content_type.starts_with("application/x-www-form-urlencoded") {
            call.add_pairs(&body);
        } else if content_type.starts_with("multipart/form-data") {
            call.add_parts(content_type, body).await?;
        }
        Ok(call)
    }

    fn add_pairs(&mut self, pairs: &[u8]) {
        for (name, value) in url::form_urlencoded::parse(pairs) {
            self.parameters.insert(name.into_owned(), Value::String(value.into_owned()));
        }
    }

    async fn add_parts(&mut self, content_type: &str, body: Bytes) -> Result<(), Refused> {
        let broken = |_| Refused::bad("can't parse multipart form data");
        let boundary = multer::parse_boundary(content_type).map_err(broken)?;
        let whole = stream::once(async move { Ok::<_, std::convert::Infallible>(body) });
        let mut parts = multer::Multipart::new(whole, boundary);
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(file) => {
                    let content = part.bytes().await.map_err(broken)?;
                    self.files.insert(name, Upload { name: file, content });
                }
                None => {
                    let value = part.text().await.map_err(broken)?;
                    self.parameters.insert(name, Value::String(value));
                }
            }
        }
        Ok(())
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).and_then(Value::as_str)
    }

    /// A whole number, also written as text.
    pub fn int(&self, name: &str) -> Option<i64> {
        let value = self.parameters.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }

    /// A number, also written as text.
    pub fn number(&self, name: &str) -> Option<f64> {
        let value = self.parameters.get(name)?;
        value.as_f64().or_else(|| value.as_str()?.parse().ok())
    }

    /// A yes or no; absent is no.
    pub fn flag(&self, name: &str) -> bool {
        let value = self.parameters.get(name);
        value.is_some_and(|value| value == true || value.as_str().is_some_and(|text| text.eq_ignore_ascii_case("true")))
    }

    /// An object or a list, also serialised as text.
    pub fn json(&self, name: &str) -> Result<Option<Value>, Refused> {
        match self.parameters.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text)
                .map(Some)
                .map_err(|_| Refused::bad(format!("can't parse {} JSON object", name.replace('_', " ")))),
            Some(value) => Ok(Some(value.clone())),
        }
    }

    /// The chat it is about, when it names one by number.
    pub fn chat(&self) -> Option<i64> {
        self.int("chat_id")
    }

    /// The file of a parameter: sent under its name, or attached under another.
    pub fn file(&self, name: &str) -> Option<&Upload> {
        let attached = self.text(name).and_then(|text| text.strip_prefix("attach://"));
        self.files.get(attached.unwrap_or(name))
    }
}
