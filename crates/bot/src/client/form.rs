//! Fields and a file as one form. There is one place that sends files, and none of the crates that
//! write forms stands apart from a client or a server of its own.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::model::File;

/// The form's type and its bytes.
pub(super) fn encode(fields: &Map<String, Value>, file: &File) -> (String, Vec<u8>) {
    // By chance, so that no file holds it.
    let boundary = Uuid::new_v4().simple().to_string();
    let mut form = Vec::with_capacity(file.bytes.len() + 1024);
    for (name, value) in fields {
        let value = if let Value::String(text) = value { text.clone() } else { value.to_string() };
        let part = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        form.extend_from_slice(part.as_bytes());
    }
    // The name is ours or a task's; quotes and ends of lines would end the header.
    let called: String = file.name.chars().filter(|c| !c.is_control() && !"\"\\".contains(*c)).collect();
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{called}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n",
        file.field
    );
    form.extend_from_slice(head.as_bytes());
    form.extend_from_slice(&file.bytes);
    form.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), form)
}
