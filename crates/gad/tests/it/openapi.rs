//! The OpenAPI document in the repository is the one of the code, and says what programs need to know.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::access::resolve;

fn document() -> Value {
    serde_json::from_str(&api::openapi().to_json().unwrap()).unwrap()
}

/// Each operation with its method and path.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        let operations = item.as_object().unwrap().iter();
        operations.map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    all.collect()
}

/// `cargo xtask openapi` writes it anew.
#[test]
fn the_document_in_the_repository_is_the_one_of_the_code() {
    let document = api::openapi().to_pretty_json().unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(stored.trim_end() == document.trim_end(), "docs/openapi.json is not current: run `cargo xtask openapi`");
}

#[test]
fn every_operation_has_an_id_of_its_own_a_defined_tag_and_answers_that_are_described() {
    let document = document();
    let tags: BTreeSet<&str> =
        document["tags"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    let mut ids = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        if let Some(other) = ids.insert(id, name.clone()) {
            wrong.push(format!("{name} and {other} are both {id}"));
        }
        // The name of a function, which says too little outside of its module.
        if !id.contains('_') && id != "health" {
            wrong.push(format!("{name}: {id} is no name for the outside"));
        }
        if !operation["tags"].as_array().unwrap().iter().all(|tag| tags.contains(tag.as_str().unwrap())) {
            wrong.push(format!("{name}: a tag is not defined"));
        }
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses {
            if response["description"].as_str().unwrap_or_default().is_empty() {
                wrong.push(format!("{name}: {status} is not described"));
            }
        }
        for class in ["4XX", "5XX"] {
            if !responses.contains_key(class) {
                wrong.push(format!("{name}: no {class}"));
            }
        }
        if operation["security"].as_array().is_none() {
            wrong.push(format!("{name} does not say who may ask"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Parameters that mean something else on one operation, since the wire contract has them so.
const OTHER_MEANING: [(&str, &str); 1] = [("event_list", "desde")];

#[test]
fn a_parameter_has_one_type_on_all_operations() {
    let document = document();
    let mut schemas: BTreeMap<(String, String), BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for (name, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let (word, place) = (parameter["name"].as_str().unwrap(), parameter["in"].as_str().unwrap());
            if OTHER_MEANING.contains(&(operation["operationId"].as_str().unwrap(), word)) {
                continue;
            }
            let mut schema = parameter["schema"].clone();
            for detail in ["default", "description", "example", "minimum", "maximum"] {
                schema.as_object_mut().unwrap().remove(detail);
            }
            // Headers and paths have their own names.
            let key = (place.to_owned(), word.to_owned());
            schemas.entry(key).or_default().entry(schema.to_string()).or_default().push(name.clone());
        }
    }
    let several: Vec<_> = schemas.iter().filter(|(_, schemas)| schemas.len() > 1).collect();
    assert!(several.is_empty(), "{several:#?}");
    for name in ["desde", "hasta"] {
        let schema = schemas[&("query".to_owned(), name.to_owned())].keys().next().unwrap();
        assert!(schema.contains("PeriodBound"), "{name}: {schema}");
    }
}

#[test]
fn no_schema_contradicts_itself_and_no_file_is_a_list_of_numbers() {
    let document = document();
    for (name, operation) in operations(&document) {
        let parameters = operation["parameters"].to_string();
        assert!(!parameters.contains(r#""allOf""#), "{name}: an enumeration and its default must be one schema");
    }
    let text = document.to_string();
    for reference in text.split(r##""$ref":"#/components/schemas/"##).skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"].get(name).is_some(), "{name} is named and not defined");
    }
    assert!(!text.contains(r#"{"type":"array","items":{"type":"integer","format":"int32","minimum":0}}"#));
    assert!(text.contains(r#""text/event-stream""#) && text.contains(r#""image/png""#));
}

#[test]
fn every_way_to_sign_in_is_used_and_defined() {
    let document = document();
    let defined: BTreeSet<&String> = document["components"]["securitySchemes"].as_object().unwrap().keys().collect();
    let used: BTreeSet<String> = operations(&document)
        .iter()
        .flat_map(|(_, operation)| operation["security"].as_array().unwrap().clone())
        .flat_map(|way| way.as_object().unwrap().keys().cloned().collect::<Vec<_>>())
        .collect();
    assert_eq!(used.iter().collect::<BTreeSet<_>>(), defined);
}

/// Lists that hold all that there is, or as many as a request asked for, each with why it stays short.
const WHOLE: [(&str, &str); 15] = [
    ("open_alerts", "every emergency that needs a desk is read, in parts"),
    ("own_assignments", "those of one officer that are open"),
    ("session_list", "one user's sessions, which end"),
    ("user_sessions", "one user's sessions, which end"),
    ("health_government", "fixed names"),
    ("health_performance", "the slowest few, by design"),
    ("map_mock", "a legacy page asks for up to 20 officers; the map view has all"),
    ("task_metrics", "a row for each kind and priority"),
    ("report_summary", "days, hours, kinds and priorities of a period"),
    ("report_units", "every unit and officer"),
    ("task_assignments", "all of one task"),
    ("dispatch_decisions", "all of one task"),
    ("task_history", "all of one task"),
    ("telegram_task_list", "beside the counts of all of them"),
    ("officer_nearest", "as many as asked for; `truncado` says of the others whether there are more"),
];

/// Every answer that may leave rows out can be continued or says what it leaves out: an operation with an array,
/// features, a parameter that limits or a text that names a maximum has a cursor, `siguiente`, a header with the
/// next cursor or the number of all, or counts what it omits (`celdas_omitidas`); the others are in [`WHOLE`].
#[test]
fn every_list_can_be_continued_or_is_whole() {
    let document = document();
    let (mut wrong, mut used) = (Vec::new(), BTreeSet::new());
    for (name, operation) in operations(&document) {
        if !name.starts_with("get ") {
            continue;
        }
        let id = operation["operationId"].as_str().unwrap();
        let success = &operation["responses"]["200"];
        let mut fields = BTreeSet::new();
        let mut is_list = false;
        for (media, content) in success["content"].as_object().into_iter().flatten() {
            is_list |= media == "application/geo+json" || media == "text/event-stream";
            is_list |= list_fields(&document, &content["schema"], &mut fields, 0);
        }
        let parameters: BTreeSet<&str> =
            operation["parameters"].as_array().into_iter().flatten().map(|p| p["name"].as_str().unwrap()).collect();
        let says_most = operation["description"].as_str().is_some_and(|text| text.contains("at most"));
        is_list |= says_most || ["limit", "limite", "count", "skip"].iter().any(|limit| parameters.contains(limit));
        // Fields of one thing are no list.
        if !is_list || id == "task_read" {
            continue;
        }
        let headers = &success["headers"];
        let has_header = headers["X-Next-Cursor"].is_object() || headers["X-Total-Count"].is_object();
        let has_cursor = parameters.contains("cursor") || fields.contains("siguiente");
        let counts_others = operation["description"].as_str().is_some_and(|text| text.contains("celdas_omitidas"));
        if has_header || has_cursor || counts_others {
            continue;
        }
        if WHOLE.iter().any(|(whole, _)| *whole == id) {
            used.insert(id.to_owned());
        } else {
            wrong.push(format!("{name} ({id}) is a list without a cursor, a number of all, or a reason in WHOLE"));
        }
    }
    wrong.extend(WHOLE.iter().filter(|(id, _)| !used.contains(*id)).map(|(id, _)| format!("{id} is no such list")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether a schema is an array or has one; `fields` gets the names of the fields.
fn list_fields(document: &Value, schema: &Value, fields: &mut BTreeSet<String>, depth: usize) -> bool {
    let schema = resolve(document, schema);
    let is_array = |schema: &Value| {
        schema["type"] == "array" || schema["type"].as_array().is_some_and(|t| t.contains(&"array".into()))
    };
    let mut found = is_array(&schema);
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        fields.insert(name.clone());
        found |= is_array(&resolve(document, field));
        if depth < 2 {
            found |= list_fields(document, field, fields, depth + 1);
        }
    }
    found
}
