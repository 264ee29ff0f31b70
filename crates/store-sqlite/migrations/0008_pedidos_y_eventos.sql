CREATE TABLE claves_idempotencia (
    usuario_id INTEGER NOT NULL,
    clave TEXT NOT NULL,
    huella_pedido BLOB NOT NULL CHECK (length(huella_pedido) = 32),
    respuesta TEXT CHECK (json_valid(respuesta)),
    creada_en INTEGER NOT NULL,
    PRIMARY KEY (usuario_id, clave)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_claves_creada ON claves_idempotencia (creada_en);

-- No foreign keys: an event is told even when what it speaks of is gone.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id BLOB NOT NULL CHECK (length(message_id) = 16),
    event_type TEXT NOT NULL,
    tarea_id INTEGER,
    payload TEXT NOT NULL CHECK (json_valid(payload)),
    request_id TEXT,
    created_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX uq_outbox_message_id ON outbox (message_id);

-- One row. The epoch changes when the record is restored, so that readers of events begin anew.
CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch BLOB NOT NULL CHECK (length(epoch) = 16),
    created_at INTEGER NOT NULL
) STRICT;

-- A random UUID: version 4, variant 1.
INSERT INTO meta VALUES (
    1,
    unhex(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) || 'A' || substr(hex(randomblob(2)), 2)
        || hex(randomblob(6))),
    CAST(unixepoch('subsec') * 1000000 AS INTEGER));
