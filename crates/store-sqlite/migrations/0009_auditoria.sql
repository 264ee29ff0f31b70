-- No foreign keys: a line outlives all that it speaks of.
CREATE TABLE audit_logs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id BLOB NOT NULL CHECK (length(event_id) = 16),
    event_type TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    timestamp INTEGER NOT NULL,
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

CREATE UNIQUE INDEX uq_audit_logs_event_id ON audit_logs (event_id);

CREATE TRIGGER audit_logs_sin_cambios BEFORE UPDATE ON audit_logs
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;

CREATE TRIGGER audit_logs_sin_bajas BEFORE DELETE ON audit_logs
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
