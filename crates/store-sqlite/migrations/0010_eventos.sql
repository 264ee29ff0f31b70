-- What happened, in the order in which everybody hears of it. One transaction writes at a time, so
-- the order of insertion is that of commit, and a number is given at once: dense, since one that
-- was rolled back is given again.
CREATE TABLE eventos (
    numero INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id BLOB NOT NULL CHECK (length(message_id) = 16),
    event_type TEXT NOT NULL,
    tarea_id INTEGER,
    payload TEXT NOT NULL CHECK (json_valid(payload)),
    request_id TEXT,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX ix_eventos_created ON eventos (created_at);

-- Nobody was there yet to tell its rows to.
DROP TABLE outbox;
