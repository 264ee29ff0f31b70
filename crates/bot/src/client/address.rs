//! Where the Bot API is, and what opens it.

use std::fmt;

/// What `BotFather` gives: the bot's number, a colon and a secret. Whoever has it is the bot.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// Text that is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a bot's number, a colon and its secret, as BotFather gives them")]
pub struct InvalidToken;

impl TryFrom<&str> for Token {
    type Error = InvalidToken;

    fn try_from(text: &str) -> Result<Self, InvalidToken> {
        let text = text.trim();
        let (number, secret) = text.split_once(':').ok_or(InvalidToken)?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        // It becomes a part of a path.
        let is_secret =
            !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        if is_number && is_secret { Ok(Self(text.to_owned())) } else { Err(InvalidToken) }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Where calls go. Holds the token, so it is shown to nobody.
#[derive(Clone)]
pub struct Address {
    base: String,
    token: Token,
}

impl Address {
    /// Telegram's own server, unless the office has one of its own: `base` is like
    /// `https://api.telegram.org`, with nothing after the port but a path.
    pub fn new(base: &str, token: Token) -> Self {
        Self { base: base.trim_end_matches('/').to_owned(), token }
    }

    /// Whether the server is known by a certificate.
    pub fn is_tls(&self) -> bool {
        self.base.starts_with("https://")
    }

    /// The URL of a method.
    pub(super) fn method(&self, name: &str) -> String {
        format!("{}/bot{}/{name}", self.base, self.token.0)
    }

    /// The URL of a file, by the path that Telegram gave for it.
    pub(super) fn file(&self, path: &str) -> String {
        format!("{}/file/bot{}/{path}", self.base, self.token.0)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({}, …)", self.base)
    }
}

#[test]
fn a_token_goes_into_a_path_and_into_no_log() {
    let token = Token::try_from("12345:AAE-x_y").unwrap();
    let address = Address::new("http://127.0.0.1:81/", token.clone());
    assert_eq!(address.method("getMe"), "http://127.0.0.1:81/bot12345:AAE-x_y/getMe");
    assert_eq!(address.file("voice/file_1.oga"), "http://127.0.0.1:81/file/bot12345:AAE-x_y/voice/file_1.oga");
    assert_eq!(format!("{token:?} {address:?}"), "Token(…) Address(http://127.0.0.1:81, …)");
    for bad in ["", "12345", "12345:", ":secret", "12345:a/b", "12345:a b", "x1:ab", "12345:a?b"] {
        assert_eq!(Token::try_from(bad), Err(InvalidToken), "{bad}");
    }
}
