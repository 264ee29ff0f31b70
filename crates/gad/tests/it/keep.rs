//! Where the record of an office lies while a story is told.

use crate::binary::Place;
use crate::intruder::Intruder;
use crate::office::On;
use crate::office::database::Private;

/// Where the record is; removed at the end.
pub enum Keep {
    // Removed when dropped, too.
    Directory(tempfile::TempDir),
    Database(Private),
}

impl Keep {
    /// An empty one.
    pub async fn open(on: On) -> Self {
        match on {
            On::Sqlite => Self::Directory(tempfile::tempdir().unwrap()),
            On::Postgres => Self::Database(Private::create().await),
        }
    }

    /// As the binary is told of it.
    pub fn place(&self) -> Place {
        match self {
            Self::Directory(dir) => Place::directory(dir.path()),
            Self::Database(database) => Place::database(&database.url),
        }
    }

    /// A connection to it that goes past the program.
    pub async fn intruder(&self) -> Intruder {
        match self {
            Self::Directory(dir) => Intruder::in_directory(dir.path()).await,
            Self::Database(database) => Intruder::in_database(&database.url).await,
        }
    }

    /// Removes it.
    pub async fn close(self) {
        match self {
            Self::Directory(dir) => dir.close().unwrap(),
            Self::Database(database) => database.drop().await,
        }
    }
}
