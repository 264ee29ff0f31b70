//! Somebody who talks to the office over HTTP.

use domain::{OfficerId, UserId};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

use crate::screen::Screen;

/// Somebody, signed in or not.
#[derive(Clone)]
pub struct Person {
    /// Number, once known.
    pub user: Option<UserId>,
    /// Number in the street, for officers.
    pub officer: Option<OfficerId>,
    url: String,
    token: Option<String>,
    client: reqwest::Client,
}

/// What somebody was answered.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body; `null` when it was not JSON.
    pub body: Value,
    /// The body as it came.
    pub text: String,
}

impl Person {
    pub fn new(url: String) -> Self {
        let client = reqwest::Client::builder()
            .timeout(std::time::Duration::from_secs(30))
            // Where an answer sends somebody is part of the story.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self { user: None, officer: None, url, token: None, client }
    }

    /// Signs in and keeps the token.
    pub async fn signs_in(&mut self, email: &str, password: &str) -> Answer {
        let answer = self.tries_to_sign_in(email, password).await;
        self.token = answer.body["access_token"].as_str().map(str::to_owned);
        answer
    }

    /// Signs in without keeping anything.
    pub async fn tries_to_sign_in(&self, email: &str, password: &str) -> Answer {
        let request = self.client.post(format!("{}/api/v1/auth/login", self.url));
        self.sends(request.form(&[("username", email), ("password", password)])).await
    }

    /// What this person shows when the browser asks, not a script.
    pub fn cookie(&self) -> String {
        format!("access_token={}", self.token.as_deref().unwrap_or_default())
    }

    /// The same person with nothing to show.
    pub fn without_token(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    /// The token at hand.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Opens a socket.
    pub async fn opens_a_screen(&self, query: &str) -> Screen {
        self.opens_a_screen_with(query, &[]).await
    }

    /// Opens a socket with more headers.
    pub async fn opens_a_screen_with(&self, query: &str, headers: &[(&'static str, String)]) -> Screen {
        let mut all = headers.to_vec();
        all.extend(self.token.iter().map(|token| ("authorization", format!("Bearer {token}"))));
        Screen::opens(&self.url, query, &all).await
    }

    /// The same person at another door of the office.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// The same person with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    pub async fn gets(&self, path: &str) -> Answer {
        self.sends(self.request(Method::GET, path)).await
    }

    pub async fn posts(&self, path: &str, body: Value) -> Answer {
        self.sends(self.request(Method::POST, path).json(&body)).await
    }

    /// Posts as a patient client does: a 503 means that nothing was done, and says when to come
    /// back.
    pub async fn posts_patiently(&self, path: &str, body: Value) -> Answer {
        loop {
            let answer = self.posts(path, body.clone()).await;
            let wait = answer.header("retry-after").parse().map(std::time::Duration::from_secs);
            match wait {
                Ok(wait) if answer.status == 503 => tokio::time::sleep(wait).await,
                _ => return answer,
            }
        }
    }

    pub async fn puts(&self, path: &str, body: Value) -> Answer {
        self.sends(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn deletes(&self, path: &str) -> Answer {
        self.sends(self.request(Method::DELETE, path)).await
    }

    /// A request to be furnished and sent.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a request as it is.
    pub async fn carries(&self, request: reqwest::Request) -> reqwest::Result<reqwest::Response> {
        self.client.execute(request).await
    }

    /// Host and port of the office.
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// A figure of the process at this door, as [`Answer::figure`] finds it.
    pub async fn figure(&self, series: &str) -> Option<f64> {
        self.gets("/metrics").await.figure(series)
    }

    pub async fn sends(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status, headers, body, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(StatusCode::from_u16(self.status).unwrap().is_success(), "{} {}", self.status, self.body);
        self.body
    }

    /// "status detail" of a refusal.
    pub fn refusal(&self) -> String {
        format!("{} {}", self.status, self.body["detail"].as_str().unwrap_or("?"))
    }

    /// "field: message" of each field of a 422.
    #[track_caller]
    pub fn fields(&self) -> Vec<String> {
        assert_eq!(self.status, 422, "{}", self.body);
        let errors = self.body["errors"].as_array().unwrap();
        let line = |error: &Value| {
            let loc: Vec<String> =
                error["loc"].as_array().unwrap().iter().map(|l| l.to_string().replace('"', "")).collect();
            format!("{}: {}", loc.join("."), error["msg"].as_str().unwrap())
        };
        errors.iter().map(line).collect()
    }

    /// The figure of a series, named with all its labels in their order, on a page of figures.
    pub fn figure(&self, series: &str) -> Option<f64> {
        let value = self.text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        value.map(|value| value.parse().unwrap())
    }

    /// A header, or nothing at all.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}
