//! Single requests: what a scenario does beside its load.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::time::timeout;

use crate::load::{Connection, Request};

/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody who is signed in, or nobody.
#[derive(Clone)]
pub struct Client {
    /// Where the server listens.
    pub address: SocketAddr,
    /// What is shown with each request.
    pub token: Option<String>,
    /// Number of the user.
    pub user: i64,
}

/// Without what is secret.
impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// Body.
    pub text: String,
}

impl Reply {
    /// The body as JSON; `Null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// The body of an answer that says yes.
    ///
    /// # Errors
    /// When it says no; what it said is told.
    pub fn ok(self) -> Result<Value> {
        ensure!(self.status < 300, "{}: {}", self.status, self.text);
        Ok(self.json())
    }
}

impl Client {
    /// Nobody in particular.
    pub const fn stranger(address: SocketAddr) -> Self {
        Self { address, token: None, user: 0 }
    }

    /// Signs in.
    ///
    /// # Errors
    /// When that is refused.
    pub async fn sign_in(address: SocketAddr, email: &str, password: &str) -> Result<Self> {
        let mut client = Self::stranger(address);
        let form = form(email, password);
        let mut request = Request::default();
        request.post("/api/v1/auth/login", None, "application/x-www-form-urlencoded", form.as_bytes());
        let answer = client.exchange(&request).await?.ok().context("signing in")?;
        client.token = Some(answer["access_token"].as_str().context("no token")?.to_owned());
        client.user = client.get("/api/v1/users/me").await?.ok()?["id"].as_i64().context("no user")?;
        Ok(client)
    }

    /// Asks for something.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn get(&self, path: &str) -> Result<Reply> {
        self.send("GET", path, None).await
    }

    /// Sends something.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Reply> {
        let mut request = Request::default();
        let text = body.map(ToString::to_string).unwrap_or_default();
        let kind = body.map(|_| "application/json");
        request.with(method, path, self.token.as_deref(), kind, text.as_bytes());
        self.exchange(&request).await
    }

    /// The figures of the process.
    ///
    /// # Errors
    /// When it shows none.
    pub async fn figures(&self) -> Result<Figures> {
        let reply = Self::stranger(self.address).get("/metrics").await?;
        ensure!(reply.status == 200, "/metrics: {}", reply.status);
        Ok(Figures(reply.text))
    }

    async fn exchange(&self, request: &Request) -> Result<Reply> {
        let talk = async {
            let mut connection = Connection::open(self.address).await.context("cannot connect")?;
            let answer = connection.exchange(request.bytes()).await?;
            Ok(Reply { status: answer.status, text: String::from_utf8_lossy(answer.body).into_owned() })
        };
        timeout(PATIENCE, talk).await.context("no answer")?
    }
}

/// What a log-in sends.
pub fn form(email: &str, password: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair("username", email)
        .append_pair("password", password)
        .finish()
}

/// A page of figures for Prometheus.
#[derive(Debug, Clone)]
pub struct Figures(String);

impl Figures {
    /// Values of all series of a name, with their labels as they are written.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = (&'f str, f64)> {
        self.0.lines().filter_map(move |line| {
            let rest = line.strip_prefix(name)?;
            let (labels, value) = match rest.strip_prefix('{') {
                Some(rest) => rest.rsplit_once("} ")?,
                None => ("", rest.strip_prefix(' ')?),
            };
            Some((labels, value.trim().parse().ok()?))
        })
    }

    /// Sum over all series of a name.
    pub fn sum(&self, name: &str) -> f64 {
        self.all(name).map(|(_, value)| value).sum()
    }

    /// Sum over the series of a name that have a label of this value.
    pub fn sum_where(&self, name: &str, of: &str, is: &str) -> f64 {
        self.all(name).filter(|(labels, _)| label(labels, of) == Some(is)).map(|(_, value)| value).sum()
    }

    /// How much the sum over all series of a name has grown since an earlier page.
    pub fn since(&self, earlier: &Self, name: &str) -> f64 {
        self.sum(name) - earlier.sum(name)
    }

    /// The same, over the series that have a label of this value.
    pub fn since_where(&self, earlier: &Self, name: &str, of: &str, is: &str) -> f64 {
        self.sum_where(name, of, is) - earlier.sum_where(name, of, is)
    }

    /// How many names there are.
    pub fn names(&self) -> usize {
        self.0.lines().filter(|line| line.starts_with("# TYPE ")).count()
    }
}

/// The value of a label.
pub fn label<'l>(labels: &'l str, name: &str) -> Option<&'l str> {
    let at = format!("{name}=\"");
    labels.split("\",").find_map(|label| label.strip_prefix(&at)).map(|value| value.trim_end_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_by_name_and_label() {
        let page = "# TYPE a_total counter\na_total 3\na_total_more 9\n# TYPE b gauge\n\
                    b{path=\"/x/{id}\",status=\"200\"} 1.5\nb{path=\"/y\"} 2\n";
        let figures = Figures(page.to_owned());
        assert_eq!((figures.sum("a_total"), figures.sum("b"), figures.names()), (3.0, 3.5, 2));
        let paths: Vec<_> = figures.all("b").filter_map(|(labels, _)| label(labels, "path")).collect();
        assert_eq!(paths, ["/x/{id}", "/y"]);
    }
}
