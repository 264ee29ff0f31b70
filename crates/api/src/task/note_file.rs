//! `GET /tasks/{task_id}/notas/{nota_id}/archivo`.

use app::Context;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::{NoteId, TaskId};

use crate::error::Result;
use crate::extract::{Authenticated, Ids};
use crate::problem::Problem;
use crate::schema::BinaryFile;
use crate::settings::ApiSettings;

/// Types that are given as such, and how their files end. Anything else is bytes: whoever sends a page
/// over Telegram and says so must not have it run in the office's name.
const HARMLESS: [(&str, &str); 9] = [
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/webp", "webp"),
    ("audio/ogg", "ogg"),
    ("audio/mpeg", "mp3"),
    ("audio/mp4", "m4a"),
    ("video/mp4", "mp4"),
    ("application/pdf", "pdf"),
    ("text/plain", "txt"),
];

/// The type and the ending under which a file is given.
fn given_as(mime: Option<&str>) -> (&'static str, &'static str) {
    let mime = mime.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let known = HARMLESS.iter().find(|(kind, _)| *kind == mime);
    known.copied().unwrap_or(("application/octet-stream", "bin"))
}

/// The file of a note, fetched from Telegram now. 404 when the note has none, or Telegram no longer
/// gives it, or it has more than 20 MB; 503 with `Retry-After` while Telegram is away.
#[utoipa::path(get, path = "/api/v1/tasks/{task_id}/notas/{nota_id}/archivo", tag = "tasks",
    security(("bearer" = [])), operation_id = "task_note_file",
    params(("task_id" = i64, Path), ("nota_id" = i64, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = inline(BinaryFile)),
        (status = 503, body = Problem), (status = "4XX", body = Problem)))]
pub async fn read(
    State(cx): State<Context>,
    State(settings): State<ApiSettings>,
    Authenticated(actor): Authenticated,
    Ids(task, note): Ids,
) -> Result<Response> {
    let files = settings.files.as_deref();
    let (note, content) = app::note::file(&cx, &actor, files, TaskId(task), NoteId(note)).await?;
    let (kind, ending) = given_as(note.content.file.as_ref().and_then(|file| file.mime.as_deref()));
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"nota-{}.{ending}\"", note.id)),
    ];
    Ok((headers, content).into_response())
}

#[test]
fn only_harmless_types_are_given_as_such() {
    assert_eq!(given_as(Some("Image/JPEG")), ("image/jpeg", "jpg"));
    assert_eq!(given_as(Some("audio/ogg; codecs=opus")), ("audio/ogg", "ogg"));
    for other in [None, Some("text/html"), Some("image/svg+xml"), Some("text/plain\r\nX: y"), Some("")] {
        assert_eq!(given_as(other), ("application/octet-stream", "bin"), "{other:?}");
    }
}
