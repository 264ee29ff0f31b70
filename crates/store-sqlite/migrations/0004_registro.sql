-- What changes leave behind.
CREATE TABLE claves_idempotencia (
    usuario_id INTEGER NOT NULL,
    clave TEXT NOT NULL,
    huella_pedido BLOB NOT NULL CHECK (length(huella_pedido) = 32),
    respuesta TEXT CHECK (json_valid(respuesta)),
    creada_en INTEGER NOT NULL,
    PRIMARY KEY (usuario_id, clave)
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_claves_idempotencia_creada ON claves_idempotencia (creada_en);

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id BLOB NOT NULL UNIQUE CHECK (length(message_id) = 16),
    event_type TEXT NOT NULL,
    tarea_id INTEGER,
    payload TEXT NOT NULL CHECK (json_valid(payload)),
    request_id TEXT,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_logs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id BLOB NOT NULL UNIQUE CHECK (length(event_id) = 16),
    event_type TEXT NOT NULL,
    severity TEXT NOT NULL,
    timestamp INTEGER NOT NULL,
    -- No foreign key: a line outlives what it speaks of.
    user_id INTEGER,
    telegram_id INTEGER,
    session_id BLOB,
    request_id TEXT,
    endpoint TEXT,
    http_method TEXT,
    user_agent TEXT,
    ip_address TEXT,
    resource_type TEXT,
    resource_id TEXT,
    action_description TEXT NOT NULL,
    old_values TEXT CHECK (json_valid(old_values)),
    new_values TEXT CHECK (json_valid(new_values)),
    event_metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(event_metadata)),
    success INTEGER NOT NULL CHECK (success IN (0, 1)),
    error_message TEXT,
    compliance_tags TEXT,
    retention_until INTEGER NOT NULL
) STRICT;
CREATE TRIGGER audit_logs_sin_cambios BEFORE UPDATE ON audit_logs BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
CREATE TRIGGER audit_logs_sin_bajas BEFORE DELETE ON audit_logs BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
