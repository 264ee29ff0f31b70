//! All that is wrong with what was sent, in one answer.
//!
//! A type that is read with serde stops at its first fault. So it is read again without the part that
//! was wrong, until nothing new is found; what is missing is known from the schema of the type, which the
//! OpenAPI document has too.

use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};

use super::field_fault::{FieldFault, FieldPath};
use super::json::Search;
use super::node::{Node, Notation, Part, Reading};

/// Most faults of one answer.
pub const MOST_FAULTS: usize = 100;
/// Most readings of one body: one for each fault, and one for each structure that lacks a wrong part.
const MOST_READINGS: usize = 3 * MOST_FAULTS;
/// Bytes that may be read to find more faults. Larger bodies name fewer.
const MOST_READ: usize = 4 * 1024 * 1024;

/// What a type must be given.
pub struct Needs {
    root: RefOr<Schema>,
    named: Vec<(String, RefOr<Schema>)>,
}

impl Needs {
    /// Those of a type with a schema.
    pub fn from_schema<T: utoipa::ToSchema>() -> Self {
        let mut named = Vec::new();
        T::schemas(&mut named);
        Self { root: T::schema(), named }
    }

    /// The fields that are needed and not there, at every depth.
    fn missing(&self, whole: &Value) -> Vec<FieldPath> {
        let mut found = Vec::new();
        self.collect(&self.root, whole, &mut Vec::new(), &mut found);
        found
    }

    fn collect(&self, schema: &RefOr<Schema>, value: &Value, at: &mut FieldPath, found: &mut Vec<FieldPath>) {
        let schema = match schema {
            RefOr::T(schema) => schema,
            RefOr::Ref(reference) => {
                let name = reference.ref_location.rsplit('/').next().unwrap_or_default();
                match self.named.iter().find(|(known, _)| known == name) {
                    Some((_, schema)) => return self.collect(schema, value, at, found),
                    None => return,
                }
            }
        };
        match (schema, value) {
            (Schema::Object(object), Value::Object(fields)) => {
                for name in object.required.iter().filter(|name| !fields.contains_key(*name)) {
                    found.push(at.iter().cloned().chain([Value::from(name.as_str())]).collect());
                }
                for (name, schema) in &object.properties {
                    if let Some(value) = fields.get(name) {
                        at.push(Value::from(name.as_str()));
                        self.collect(schema, value, at, found);
                        at.pop();
                    }
                }
            }
            (Schema::AllOf(all), Value::Object(_)) => {
                all.items.iter().for_each(|schema| self.collect(schema, value, at, found));
            }
            (Schema::Array(array), Value::Array(items)) => {
                let utoipa::openapi::schema::ArrayItems::RefOrSchema(schema) = &array.items else { return };
                for (index, item) in items.iter().enumerate() {
                    if found.len() >= MOST_FAULTS {
                        break;
                    }
                    at.push(Value::from(index));
                    self.collect(schema, item, at, found);
                    at.pop();
                }
            }
            _ => {}
        }
    }
}

/// Reads JSON of `size` bytes. What must be there is looked up once the reading has failed.
///
/// # Errors
/// All faults, at most [`MOST_FAULTS`].
pub fn read_json<T: DeserializeOwned>(
    whole: &Value,
    size: usize,
    search: Search,
    needs: fn() -> Needs,
) -> Result<T, Vec<FieldFault>> {
    let again = if search == Search::All { MOST_READ / size.max(1) } else { 0 };
    read(Part::Value(whole), Notation::Json, || needs().missing(whole), again)
}

/// Reads the fields of a query string or a form, of which those of `needed` must be there: they are looked up
/// once the reading has failed.
///
/// # Errors
/// All faults, at most [`MOST_FAULTS`].
pub fn read_fields<T: DeserializeOwned>(
    fields: &[(String, Value)],
    needed: fn() -> Vec<String>,
) -> Result<T, Vec<FieldFault>> {
    let is_there = |name: &String| fields.iter().any(|(given, _)| given == name);
    let missing = || needed().into_iter().filter(|name| !is_there(name)).map(|name| vec![name.into()]).collect();
    read(Part::Fields(fields), Notation::Text, missing, MOST_READINGS)
}

fn read<T: DeserializeOwned>(
    part: Part<'_>,
    notation: Notation,
    missing: impl Fn() -> Vec<FieldPath>,
    again: usize,
) -> Result<T, Vec<FieldFault>> {
    let mut reading = Reading::new(notation);
    let lacking = |way| FieldFault { way, kind: "missing", msg: "Field required".to_owned() };
    let mut faults = Vec::new();
    for attempt in 0..=again.min(MOST_READINGS) {
        let failure = match T::deserialize(Node { part, reading: &reading }) {
            Ok(value) if attempt == 0 => return Ok(value),
            Ok(_) => break,
            Err(error) => error,
        };
        if attempt == 0 {
            faults.extend(missing().into_iter().take(MOST_FAULTS).map(lacking));
        }
        let fault = reading.take_fault().unwrap_or_else(|| FieldFault::of_whole(&failure));
        // What lacks a part that is left out is no fault of its own.
        let is_new = !reading.is_hidden(&fault.way) && faults.iter().all(|known| known.way != fault.way);
        // A wrong part is left out from now on, and so is the structure that lacks one.
        let parts = fault.way.len() - usize::from(fault.kind == "missing");
        reading.hide(&fault.way[..parts]);
        if is_new {
            faults.push(fault);
        }
        if parts == 0 || faults.len() >= MOST_FAULTS {
            break;
        }
    }
    Err(faults)
}

/// Adds the faults of places that have none yet.
pub fn merge(faults: &mut Vec<FieldFault>, others: Vec<FieldFault>) {
    for other in others {
        if faults.iter().all(|fault| fault.way != other.way) {
            faults.push(other);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;
    use utoipa::ToSchema;

    use super::*;

    #[derive(Debug, Deserialize, ToSchema)]
    #[expect(dead_code, reason = "only read")]
    struct Outer {
        name: String,
        #[serde(deserialize_with = "crate::field::latitude")]
        lat: f64,
        #[serde(default)]
        parts: Vec<Inner>,
        #[serde(default)]
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize, ToSchema)]
    #[expect(dead_code, reason = "only read")]
    struct Inner {
        count: u8,
        flag: bool,
        #[serde(default)]
        deep: Vec<Vec<i64>>,
    }

    fn faults(whole: &Value, size: usize) -> Vec<String> {
        let faults = read_json::<Outer>(whole, size, Search::All, Needs::from_schema::<Outer>).unwrap_err();
        let mut lines: Vec<String> =
            faults.iter().map(|fault| format!("{} {}", Value::from(fault.way.clone()), fault.kind)).collect();
        lines.sort();
        lines
    }

    #[test]
    fn every_wrong_and_every_lacking_part_is_found_once_at_every_depth() {
        let whole = json!({
            "name": 7, "lat": 95,
            "parts": [{ "count": 300 }, { "count": 1, "flag": true, "deep": [[1], ["x", 2, null]] }, 5, {}, [1, true]],
            "inner": { "flag": "no" },
            "unknown": null,
        });
        let wanted = [
            r#"["inner","count"] missing"#,
            r#"["inner","flag"] type_error"#,
            r#"["lat"] value_error"#,
            r#"["name"] type_error"#,
            r#"["parts",0,"count"] value_error"#,
            r#"["parts",0,"flag"] missing"#,
            r#"["parts",1,"deep",1,0] type_error"#,
            r#"["parts",1,"deep",1,2] type_error"#,
            r#"["parts",2] type_error"#,
            r#"["parts",3,"count"] missing"#,
            r#"["parts",3,"flag"] missing"#,
            r#"["parts",4] type_error"#,
        ];
        assert_eq!(faults(&whole, 100), wanted);
        assert_eq!(faults(&json!([]), 2), ["[] type_error"]);
        assert_eq!(faults(&json!(["a", 1]), 8), ["[] type_error"]);
        assert_eq!(faults(&json!({}), 2), [r#"["lat"] missing"#, r#"["name"] missing"#]);
        let good = json!({ "name": "a", "lat": 1, "parts": [{ "count": 1, "flag": true }] });
        read_json::<Outer>(&good, 50, Search::All, Needs::from_schema::<Outer>).unwrap();
    }

    #[test]
    fn the_work_for_more_faults_is_bounded() {
        let parts: Vec<Value> = (0..1000).map(|_| json!({ "count": "x", "flag": "x" })).collect();
        let whole = json!({ "name": "a", "lat": 1, "parts": parts });
        assert_eq!(faults(&whole, 10_000).len(), MOST_FAULTS);
        let few = faults(&whole, 2 * 1024 * 1024).len();
        assert!((1..=4).contains(&few), "{few}");
    }
}
