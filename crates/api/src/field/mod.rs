//! How fields of a body become values of the domain, with an error that says what is allowed.

mod time;

use domain::point::{LATITUDE, LONGITUDE};
use domain::{Bounds, Point, Time};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

pub use time::{PeriodBound, time, time_opt};

/// A value that must be made of what stands in the body.
pub fn checked<'de, D, S, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    S: Deserialize<'de>,
    T: TryFrom<S, Error: std::fmt::Display>,
{
    T::try_from(S::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// A field that tells absent from null: absent is `None` by `#[serde(default)]`.
pub fn patch<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// The same for a time.
pub fn patch_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Time>>, D::Error> {
    time_opt(deserializer).map(Some)
}

/// A present time of a partial update that must not be null.
pub fn time_not_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    time_opt(deserializer)?.map(Some).ok_or_else(|| D::Error::custom("must not be null"))
}

/// A present field of a partial update that must not be null.
pub fn not_null<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer)?.map(Some).ok_or_else(|| D::Error::custom("must not be null"))
}

/// A whole number within bounds.
pub fn bounded<'de, D, T, const MIN: i64, const MAX: i64>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Copy + Into<i64>,
{
    let value = T::deserialize(deserializer)?;
    if (MIN..=MAX).contains(&value.into()) {
        return Ok(value);
    }
    Err(D::Error::custom(format!("must lie between {MIN} and {MAX}")))
}

/// At most `MAX` numbers.
pub fn numbers<'de, D: Deserializer<'de>, const MAX: usize>(deserializer: D) -> Result<Vec<i64>, D::Error> {
    let numbers = Vec::<i64>::deserialize(deserializer)?;
    if numbers.len() <= MAX { Ok(numbers) } else { Err(D::Error::custom(format!("must hold at most {MAX} ids"))) }
}

/// The same in a partial update, where it must not be null.
pub fn numbers_not_null<'de, D: Deserializer<'de>, const MAX: usize>(
    deserializer: D,
) -> Result<Option<Vec<i64>>, D::Error> {
    numbers::<D, MAX>(deserializer).map(Some)
}

/// Fractions within bounds.
macro_rules! measures {
    ($($(#[$meta:meta])* $name:ident: $bounds:expr;)+) => {$(
        $(#[$meta])*
        pub fn $name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
            $bounds.hold("", f64::deserialize(deserializer)?).map_err(D::Error::custom)
        }
    )+};
}

/// Fractions within bounds that may be absent.
macro_rules! optional_measures {
    ($($(#[$meta:meta])* $name:ident: $bounds:expr;)+) => {$(
        $(#[$meta])*
        pub fn $name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
            let given = Option::<f64>::deserialize(deserializer)?;
            given.map(|value| $bounds.hold("", value)).transpose().map_err(D::Error::custom)
        }
    )+};
}

measures! {
    /// Degrees north.
    latitude: LATITUDE;
    /// Degrees east.
    longitude: LONGITUDE;
    /// Degrees of the side of a cell.
    cell: domain::report::CELL_DEGREES;
}

optional_measures! {
    /// Degrees north.
    latitude_opt: LATITUDE;
    /// Degrees east.
    longitude_opt: LONGITUDE;
    /// Metres of a circle on the Earth.
    radius_opt: Bounds { min: 1.0, max: 20_100_000.0 };
    /// Metres of the accuracy of a position.
    accuracy_opt: Bounds { min: 0.0, max: 1_000_000.0 };
}

/// Degrees north in a partial update.
pub fn patch_latitude<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<f64>>, D::Error> {
    latitude_opt(deserializer).map(Some)
}

/// Degrees east in a partial update.
pub fn patch_longitude<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<f64>>, D::Error> {
    longitude_opt(deserializer).map(Some)
}

/// A point of two fields that are called `lat` and `lng`.
pub fn point(lat: f64, lng: f64) -> Result<Point, app::Error> {
    point_of(("lat", lat), ("lng", lng))
}

/// A point of two fields by their names.
pub fn point_of(lat: (&str, f64), lng: (&str, f64)) -> Result<Point, app::Error> {
    Point::new(lat.1, lng.1)
        .map_err(|error| app::Error::invalid(if error.field == "lat" { lat.0 } else { lng.0 }, error))
}

/// The text of a search, of which no word is ignored.
pub fn search<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    const MAX: usize = domain::search::MAX_WORDS;
    let text = Option::<String>::deserialize(deserializer)?;
    let count = text.as_deref().map_or(0, |text| domain::search::words(text).len());
    if count <= MAX { Ok(text) } else { Err(D::Error::custom(format!("must hold at most {MAX} words, has {count}"))) }
}

/// Words or numbers with commas between them; none for an empty text. Commas alone are no choice.
pub fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    let text = String::deserialize(deserializer)?;
    let words: Vec<&str> = text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    if words.is_empty() && !text.trim().is_empty() {
        return Err(D::Error::custom("must name at least one value"));
    }
    words.into_iter().map(|word| word.parse().map_err(D::Error::custom)).collect()
}

/// The same with values that are made of numbers.
pub fn number_list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64, Error: std::fmt::Display>,
{
    let numbers: Vec<i64> = list(deserializer)?;
    numbers.into_iter().map(|number| T::try_from(number).map_err(D::Error::custom)).collect()
}
