//! Ranges that input must lie in.

/// A closed range of numbers, and what it is a range of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Least allowed value.
    pub min: f64,
    /// Greatest allowed value.
    pub max: f64,
}

/// A number outside its [`Bounds`].
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("must lie between {min} and {max}")]
pub struct OutOfRange {
    /// The field, by its wire name.
    pub field: &'static str,
    /// Least allowed value.
    pub min: f64,
    /// Greatest allowed value.
    pub max: f64,
}

impl Bounds {
    /// Gives `value` back if it lies within, and is a number.
    pub fn hold(self, field: &'static str, value: f64) -> Result<f64, OutOfRange> {
        // NaN fails both comparisons, hence the positive form.
        if value >= self.min && value <= self.max {
            Ok(value)
        } else {
            Err(OutOfRange { field, min: self.min, max: self.max })
        }
    }
}
