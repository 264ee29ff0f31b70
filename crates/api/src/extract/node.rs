//! A deserializer that leaves parts out: the parts of a value that were found wrong before are not shown
//! to the type, so that it finds the next wrong one.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;

use serde::de::value::CowStrDeserializer;
use serde::de::{self, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_json::Value;

use super::field_fault::{FieldFault, FieldPath, FieldRefusal};

/// How values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// Numbers and booleans are such.
    Json,
    /// Numbers and booleans are text, as in a query string or a form.
    Text,
}

/// What one reading found, and what it passes over.
pub struct Reading {
    notation: Notation,
    /// Parts that are not shown, as JSON text of their way.
    hidden: HashSet<String>,
    at: RefCell<FieldPath>,
    fault: RefCell<Option<FieldFault>>,
}

impl Reading {
    /// A reading that shows all.
    pub fn new(notation: Notation) -> Self {
        Self { notation, hidden: HashSet::new(), at: RefCell::default(), fault: RefCell::default() }
    }

    /// Leaves a part out of the next readings.
    pub fn hide(&mut self, way: &[Value]) {
        self.hidden.insert(key(way));
    }

    /// Whether a part is left out.
    pub fn is_hidden(&self, way: &[Value]) -> bool {
        self.hidden.contains(&key(way))
    }

    /// The part that this reading failed at, if it failed.
    pub fn take_fault(&self) -> Option<FieldFault> {
        self.at.borrow_mut().clear();
        self.fault.borrow_mut().take()
    }

    /// Notes where a type failed, once: the innermost place comes first.
    fn failed(&self, error: &FieldRefusal) {
        let mut fault = self.fault.borrow_mut();
        if fault.is_none() {
            *fault = Some(FieldFault::new(self.at.borrow().clone(), error));
        }
    }
}

fn key(way: &[Value]) -> String {
    serde_json::to_string(way).unwrap_or_default()
}

/// A part of what was sent.
#[derive(Clone, Copy)]
pub enum Part<'a> {
    /// JSON, or the text of one field.
    Value(&'a Value),
    /// All fields of a query string or a form, in their order.
    Fields(&'a [(String, Value)]),
}

/// A part and the reading that it belongs to.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    /// The part.
    pub part: Part<'a>,
    /// The reading.
    pub reading: &'a Reading,
}

impl<'a> Node<'a> {
    fn child(&self, value: &'a Value) -> Self {
        Self { part: Part::Value(value), reading: self.reading }
    }

    /// Reads one part below this one, and notes when it fails.
    fn read<'de, S: DeserializeSeed<'de>>(
        &self,
        step: Value,
        value: &'a Value,
        seed: S,
    ) -> Result<S::Value, FieldRefusal>
    where
        'a: 'de,
    {
        self.reading.at.borrow_mut().push(step);
        let read = seed.deserialize(self.child(value));
        if let Err(error) = &read {
            self.reading.failed(error);
        }
        self.reading.at.borrow_mut().pop();
        read
    }

    fn is_hidden(&self, step: &Value) -> bool {
        if self.reading.hidden.is_empty() {
            return false;
        }
        let mut way = self.reading.at.borrow().clone();
        way.push(step.clone());
        self.reading.is_hidden(&way)
    }

    fn text(&self) -> Option<&'a str> {
        match (self.reading.notation, self.part) {
            (Notation::Text, Part::Value(Value::String(text))) => Some(text),
            _ => None,
        }
    }
}

/// A boolean as clients of the replaced system write it in a query string.
fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "y" | "on" | "t" => Some(true),
        "false" | "0" | "no" | "n" | "off" | "f" => Some(false),
        _ => None,
    }
}

/// A whole number that is written with a fraction of zero, which JSON does not tell from one without.
fn whole(part: Part<'_>) -> Option<i64> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    let Part::Value(Value::Number(number)) = part else { return None };
    let value = number.as_f64().filter(|value| number.is_f64() && value.fract() == 0.0 && value.abs() <= LARGEST)?;
    #[expect(clippy::cast_possible_truncation, reason = "held to 2^53 above")]
    Some(value as i64)
}

/// A number out of text.
macro_rules! scalars {
    ($($method:ident $visit:ident $type:ty, $is_whole:literal, $what:literal;)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldRefusal> {
            match self.text() {
                Some(text) => match text.trim().parse::<$type>() {
                    Ok(value) => visitor.$visit(value),
                    Err(_) => Err(FieldRefusal::Type(concat!("must be ", $what).to_owned())),
                },
                None => match whole(self.part) {
                    Some(whole) if $is_whole => visitor.visit_i64(whole),
                    _ => self.deserialize_any(visitor),
                },
            }
        }
    )+};
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = FieldRefusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldRefusal> {
        match self.part {
            Part::Fields(fields) => {
                let fields = fields.iter().map(|(name, value)| (Cow::from(name), value)).collect();
                visitor.visit_map(NodeFields::new(self, fields))
            }
            Part::Value(Value::Object(fields)) => {
                let fields = fields.iter().map(|(name, value)| (Cow::from(name), value)).collect();
                visitor.visit_map(NodeFields::new(self, fields))
            }
            Part::Value(Value::Array(items)) => visitor.visit_seq(NodeItems { node: self, items, next: 0 }),
            Part::Value(Value::Null) => visitor.visit_unit(),
            Part::Value(Value::Bool(value)) => visitor.visit_bool(*value),
            Part::Value(Value::String(text)) => visitor.visit_borrowed_str(text),
            Part::Value(Value::Number(number)) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(whole), _, _) => visitor.visit_u64(whole),
                (None, Some(whole), _) => visitor.visit_i64(whole),
                (None, None, Some(fraction)) => visitor.visit_f64(fraction),
                (None, None, None) => Err(FieldRefusal::Type("must be a number of 64 bits".to_owned())),
            },
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldRefusal> {
        self.deserialize_map(visitor)
    }

    /// Derived types would read a list as their fields in order, and some maps take `null`.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldRefusal> {
        match self.part {
            Part::Value(Value::Array(_)) => Err(de::Error::invalid_type(de::Unexpected::Seq, &visitor)),
            Part::Value(Value::Null) => Err(de::Error::invalid_type(de::Unexpected::Unit, &visitor)),
            Part::Value(_) | Part::Fields(_) => self.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldRefusal> {
        match self.part {
            Part::Value(Value::Null) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, FieldRefusal> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldRefusal> {
        match self.part {
            Part::Value(value @ Value::String(_)) => Ok(value.deserialize_enum(name, variants, visitor)?),
            Part::Value(_) | Part::Fields(_) => Err(FieldRefusal::Type("must be one word".to_owned())),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldRefusal> {
        match self.text().map(boolean) {
            Some(Some(value)) => visitor.visit_bool(value),
            Some(None) => Err(FieldRefusal::Type("must be true or false".to_owned())),
            None => self.deserialize_any(visitor),
        }
    }

    scalars! {
        deserialize_i8 visit_i8 i8, true, "a whole number";
        deserialize_i16 visit_i16 i16, true, "a whole number";
        deserialize_i32 visit_i32 i32, true, "a whole number";
        deserialize_i64 visit_i64 i64, true, "a whole number";
        deserialize_u8 visit_u8 u8, true, "a whole number, not negative";
        deserialize_u16 visit_u16 u16, true, "a whole number, not negative";
        deserialize_u32 visit_u32 u32, true, "a whole number, not negative";
        deserialize_u64 visit_u64 u64, true, "a whole number, not negative";
        deserialize_f32 visit_f32 f32, false, "a number";
        deserialize_f64 visit_f64 f64, false, "a number";
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct identifier
        ignored_any
    }
}

struct NodeFields<'de> {
    node: Node<'de>,
    fields: std::vec::IntoIter<(Cow<'de, str>, &'de Value)>,
    value: Option<(Cow<'de, str>, &'de Value)>,
}

impl<'de> NodeFields<'de> {
    fn new(node: Node<'de>, fields: Vec<(Cow<'de, str>, &'de Value)>) -> Self {
        Self { node, fields: fields.into_iter(), value: None }
    }
}

impl<'de> MapAccess<'de> for NodeFields<'de> {
    type Error = FieldRefusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, FieldRefusal> {
        let node = self.node;
        let Some((name, value)) = self.fields.find(|(name, _)| !node.is_hidden(&Value::from(name.as_ref()))) else {
            return Ok(None);
        };
        let name_of_it: CowStrDeserializer<'_, FieldRefusal> = name.clone().into_deserializer();
        let key = seed.deserialize(name_of_it)?;
        self.value = Some((name, value));
        Ok(Some(key))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, FieldRefusal> {
        let Some((name, value)) = self.value.take() else {
            return Err(FieldRefusal::Value("a value without a name".to_owned()));
        };
        self.node.read(Value::from(name.as_ref()), value, seed)
    }
}

struct NodeItems<'de> {
    node: Node<'de>,
    items: &'de [Value],
    next: usize,
}

impl<'de> SeqAccess<'de> for NodeItems<'de> {
    type Error = FieldRefusal;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, FieldRefusal> {
        while let Some(item) = self.items.get(self.next) {
            let step = Value::from(self.next);
            self.next += 1;
            if !self.node.is_hidden(&step) {
                return self.node.read(step, item, seed).map(Some);
            }
        }
        Ok(None)
    }
}
