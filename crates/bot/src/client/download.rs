//! Files that people sent: Telegram keeps them, and gives them when asked.

use std::error::Error;
use std::time::Duration;

use app::note::{FetchError, Files, LARGEST};
use async_trait::async_trait;
use bytes::Bytes;
use domain::note::NoteFile;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{Request, StatusCode};
use resilience::deadline;
use serde_json::{Map, Value, json};

use super::{Failure, Telegram};

/// The name of a download in figures; it is no method of the Bot API.
pub(super) const NAME: &str = "file";
/// Files that may come at once: four of the largest are what a small machine can spare.
pub(super) const AT_ONCE: usize = 4;
/// Longest wait for a file; that of the request which asks for it is shorter, unless somebody has
/// chosen otherwise.
const DOWNLOAD: Duration = Duration::from_secs(30);
/// When another try is worth it.
const AWHILE: Duration = Duration::from_secs(10);

fn gone() -> Failure {
    Failure::NoFile("gone, or too large".to_owned())
}

impl Telegram {
    /// The content of a file, at most `most` bytes.
    ///
    /// # Errors
    /// [`Failure::NoFile`] when it is gone or larger; otherwise see [`Failure`].
    pub async fn file(&self, id: &str, most: usize) -> Result<Bytes, Failure> {
        let turn = deadline("telegram", DOWNLOAD, self.0.downloads.acquire()).await;
        let _turn = turn.map_err(|_| Failure::NotAsked)?.map_err(|_| Failure::NotAsked)?;
        let mut fields = Map::new();
        fields.insert("file_id".to_owned(), json!(id));
        let about = self.post("getFile", &fields, None).await?;
        if about.get("file_size").and_then(Value::as_u64).is_some_and(|size| size > most as u64) {
            return Err(gone());
        }
        let path = about.get("file_path").and_then(Value::as_str).unwrap_or_default();
        if !is_plain(path) {
            return Err(Failure::Refused("getFile gave no path that can be asked for".to_owned()));
        }
        let request = Request::get(self.0.address.file(path)).body(Full::new(Bytes::new())).map_err(Failure::defect)?;
        self.counted(NAME, self.fetched(request, most)).await
    }

    async fn fetched(&self, request: Request<Full<Bytes>>, most: usize) -> Result<Bytes, Failure> {
        let answer = deadline("telegram", DOWNLOAD, async {
            let answer = self.0.http.request(request).await.map_err(|error| Failure::away(&error))?;
            match answer.status() {
                StatusCode::OK => {}
                StatusCode::NOT_FOUND | StatusCode::GONE => return Err(gone()),
                other => return Err(Failure::Away(format!("status {}", other.as_u16()))),
            }
            let body = Limited::new(answer.into_body(), most).collect().await;
            body.map(http_body_util::Collected::to_bytes)
                .map_err(|error| if error.is::<LengthLimitError>() { gone() } else { Failure::away(&*error) })
        });
        answer.await.map_err(|_| Failure::Late)?
    }
}

/// Whether a path may be put after the token: a server of the Bot API that runs in local mode gives
/// paths of its own disk, which nobody here can read.
fn is_plain(path: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    !path.is_empty() && !path.starts_with('/') && !path.contains("..") && path.bytes().all(is_allowed)
}

#[async_trait]
impl Files for Telegram {
    async fn fetch(&self, file: &NoteFile) -> Result<Vec<u8>, FetchError> {
        match self.file(file.id.as_str(), LARGEST).await {
            Ok(content) => Ok(content.into()),
            Err(Failure::NoFile(_)) => Err(FetchError::Gone),
            Err(failure) => {
                let retry_after = if let Failure::TooMany(after) = failure { after } else { AWHILE };
                let source: Box<dyn Error + Send + Sync> = failure.into();
                Err(FetchError::Away { retry_after, source })
            }
        }
    }
}

#[test]
fn only_plain_paths_go_after_the_token() {
    assert!(is_plain("photos/file_7.jpg") && is_plain("documents/file-1.tar.gz"));
    for path in ["", "/var/lib/telegram/x", "a/../../bot1:x/logOut", "a?b", "a#b", "a b", "a%2e", "a\r\nb"] {
        assert!(!is_plain(path), "{path:?}");
    }
}
