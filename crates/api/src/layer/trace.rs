//! `traceparent` of W3C Trace Context: the trace of a request goes on where the client began it, or
//! begins here.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::response::Response;
use domain::Rng;

const NAME: &str = "traceparent";
/// That the trace is kept by whoever began it.
const SAMPLED: u8 = 1;

/// Where a request belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The same for all that one cause brought about; 32 hexadecimal digits.
    pub id: String,
    /// The client's part of it, 16 digits; none when it begins here.
    pub parent: Option<String>,
    /// Our part of it, 16 digits.
    pub span: String,
    flags: u8,
}

impl Trace {
    /// Of a request; what is no `traceparent` is as good as none.
    pub fn of(request: &Request, rng: &dyn Rng) -> Self {
        let mut bytes = [0; 24];
        rng.fill(&mut bytes);
        // All zeros would be no name.
        (bytes[0], bytes[16]) = (bytes[0] | 1, bytes[16] | 1);
        let span = hex::encode(&bytes[16..]);
        let mut lines = request.headers().get_all(NAME).iter();
        let given = lines.next().filter(|_| lines.next().is_none()).and_then(|value| parse(value.to_str().ok()?));
        match given {
            Some((id, parent, flags)) => Self { id: id.to_owned(), parent: Some(parent.to_owned()), span, flags },
            None => Self { id: hex::encode(&bytes[..16]), parent: None, span, flags: SAMPLED },
        }
    }

    /// Whether anybody wants to see it.
    pub fn is_sampled(&self) -> bool {
        self.flags & SAMPLED != 0
    }

    /// Tells the client which trace it was, and our part of it.
    pub fn show(&self, response: &mut Response) {
        let text = format!("00-{}-{}-{:02x}", self.id, self.span, self.flags & SAMPLED);
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(NAME, value);
        }
    }
}

/// Trace, parent and flags of a header. Later versions may have more after the flags.
fn parse(text: &str) -> Option<(&str, &str, u8)> {
    let is_hex = |part: &str, length| {
        part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let is_name = |part: &str, length| is_hex(part, length) && part.bytes().any(|byte| byte != b'0');
    let mut parts = text.split('-');
    let (version, id, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let ends_well = match version {
        "00" => parts.next().is_none(),
        _ => is_hex(version, 2) && version != "ff",
    };
    let is_sound = ends_well && is_name(id, 32) && is_name(parent, 16) && is_hex(flags, 2);
    is_sound.then_some((id, parent, u8::from_str_radix(flags, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_standard_allows_is_taken_for_a_trace() {
        let (id, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        let good = format!("00-{id}-{parent}-01");
        assert_eq!(parse(&good), Some((id, parent, 1)));
        assert_eq!(parse(&format!("cc-{id}-{parent}-00-what-comes-later")), Some((id, parent, 0)));
        let zeros = "0".repeat(32);
        let long = format!("{good}-x");
        for bad in [
            "",
            "x",
            &good[..54],
            &good.to_uppercase(),
            &good.replace("00-4", "ff-4"),
            &good.replace(id, &zeros),
            &good.replace(parent, &zeros[..16]),
            &good.replace("-01", "-0g"),
            &long,
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
