//! `ETag`, `If-Match` and `If-None-Match` (RFC 9110 §8.8.3, §13.1): the version of a row.

use app::Versions;
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use crate::error::ApiError;
use crate::problem::{FieldError, Problem};

/// The header that names a version; what changes without it follows a colon.
pub fn etag(version: impl std::fmt::Display) -> [(HeaderName, HeaderValue); 1] {
    let tag = HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"\""));
    [(header::ETAG, tag)]
}

/// `If-Match`: the versions that may be changed. Any without the header, and for `*`.
pub struct IfMatch(pub Option<Versions>);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        if_match(&parts.headers).map(Self)
    }
}

fn if_match(headers: &HeaderMap) -> Result<Option<Versions>, ApiError> {
    match tags(headers, &header::IF_MATCH) {
        Ok(None | Some(Listed::Any)) => Ok(None),
        // A tag that no version has matches none, so the change is refused with 412.
        Ok(Some(Listed::Tags(tags))) => Ok(Some(tags.iter().filter_map(|tag| version(tag).parse().ok()).collect())),
        Err(text) => {
            let msg = "must be * or a list of ETags, like \"7\" or \"7\", \"8\"";
            Err(Problem::invalid(vec![FieldError::new("value_error", "header", "If-Match", msg, text.into())]).into())
        }
    }
}

/// The version that a tag names.
fn version(tag: &str) -> &str {
    tag.split_once(':').map_or(tag, |(version, _)| version)
}

/// What a request that must not change anything is compared with: method and `If-None-Match`.
pub struct IfNoneMatch(Option<Listed>);

impl IfNoneMatch {
    /// That of a request. A header that is no list of tags is passed over.
    pub fn from_request(method: &Method, headers: &HeaderMap) -> Self {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Self(None);
        }
        Self(tags(headers, &header::IF_NONE_MATCH).unwrap_or_default())
    }

    /// 304 without a body in place of an answer that the caller has.
    pub fn shorten(&self, mut response: Response) -> Response {
        let Some(listed) = &self.0 else { return response };
        let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
        let is_known = match (listed, tag) {
            (_, None) => false,
            (Listed::Any, Some(_)) => true,
            (Listed::Tags(tags), Some(tag)) => tags.iter().any(|known| known == opaque(tag)),
        };
        if is_known && response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.body_mut() = Body::empty();
            response.headers_mut().remove(header::CONTENT_LENGTH);
            response.headers_mut().remove(header::CONTENT_TYPE);
        }
        response
    }
}

/// The content of a header of tags.
#[derive(Debug, PartialEq, Eq)]
enum Listed {
    /// `*`.
    Any,
    /// Tags without quotes and `W/`.
    Tags(Vec<String>),
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"')
}

/// All tags of all headers of a name; the text of one that is none of them otherwise. A single tag without
/// quotes is taken, as clients write it.
fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Listed>, String> {
    let mut found: Option<Vec<String>> = None;
    for value in headers.get_all(name) {
        let whole = value.to_str().map_err(|_| String::new())?.trim();
        if whole == "*" {
            return Ok(Some(Listed::Any));
        }
        let found = found.get_or_insert_default();
        let bare = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if bare(whole) {
            found.push(whole.to_owned());
            continue;
        }
        let mut rest = whole;
        while !rest.is_empty() {
            // An element of a list may be empty (RFC 9110 §5.6.1).
            if let Some(after) = rest.strip_prefix(',') {
                rest = after.trim_start();
                continue;
            }
            let quoted = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"').ok_or(whole)?;
            let (tag, after) = quoted.split_once('"').ok_or(whole)?;
            let is_tag = tag.bytes().all(|byte| byte == b'!' || (b'#'..=b'~').contains(&byte));
            let after = after.trim_start();
            if !is_tag || !(after.is_empty() || after.starts_with(',')) {
                return Err(whole.to_owned());
            }
            found.push(tag.to_owned());
            rest = after;
        }
    }
    match found {
        Some(tags) if tags.is_empty() => Err(String::new()),
        found => Ok(found.map(Listed::Tags)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Option<Listed>, String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_MATCH, HeaderValue::from_str(value).unwrap());
        tags(&headers, &header::IF_MATCH)
    }

    #[test]
    fn the_examples_of_rfc_9110_are_read() {
        let listed = |tags: &[&str]| Ok(Some(Listed::Tags(tags.iter().map(|&tag| tag.to_owned()).collect())));
        assert_eq!(read(r#""xyzzy""#), listed(&["xyzzy"]));
        assert_eq!(read(r#""xyzzy", "r2d2xxxx", "c3piozzzz""#), listed(&["xyzzy", "r2d2xxxx", "c3piozzzz"]));
        assert_eq!(read(r#"W/"xyzzy", W/"r2d2xxxx", W/"c3piozzzz""#), listed(&["xyzzy", "r2d2xxxx", "c3piozzzz"]));
        assert_eq!(read("*"), Ok(Some(Listed::Any)));
        assert_eq!(read(r#""""#), listed(&[""]));
        assert_eq!(read(r#""a,b" , "c""#), listed(&["a,b", "c"]));
        assert_eq!(read(r#", "a",, "b","#), listed(&["a", "b"]));
        assert_eq!(read("7"), listed(&["7"]));
        for bad in ["", ",", "7, 8", r#""a"#, r#""a" "b""#, r#"w/"a""#, r#""a b""#] {
            assert!(read(bad).is_err(), "{bad:?} was taken");
        }
    }
}
