//! The cookies of a request.

use axum::http::{HeaderMap, header};
use cookie::Cookie;

/// The cookies of a request. Other pages of the same host may set some that are no ASCII or no UTF-8, which
/// `axum_extra::extract::CookieJar` takes as a reason to read none.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = Cookie<'static>> {
    let lines =
        headers.get_all(header::COOKIE).iter().map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned());
    lines.flat_map(Cookie::split_parse).filter_map(Result::ok)
}

/// The value of a cookie.
pub fn cookie_value(headers: &HeaderMap, name: &str) -> Option<String> {
    cookies(headers).find(|cookie| cookie.name() == name).map(|cookie| cookie.value_trimmed().to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_cookie_is_found_beside_those_of_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_bytes(b"nombre=Jos\xe9; a=1;b = \"2\" ; raro").unwrap());
        headers.append(header::COOKIE, HeaderValue::from_bytes("apodo=José; c=x=y".as_bytes()).unwrap());
        let found = ["a", "b", "c", "d"].map(|name| cookie_value(&headers, name));
        assert_eq!(found.each_ref().map(Option::as_deref), [Some("1"), Some("2"), Some("x=y"), None]);
    }
}
