-- The proof that nobody has altered the audit: docs/audit.md, docs/decisions/0014-audit-chain.md.

-- The chain. One transaction writes at a time, so a line gets its place in its own transaction.
-- Lines that were there before get theirs in the transaction of this migration, by the program.
CREATE TABLE audit_cadena (
    numero INTEGER PRIMARY KEY,
    audit_id INTEGER NOT NULL,
    huella BLOB NOT NULL CHECK (length(huella) = 32),
    retencion INTEGER NOT NULL,
    cadena BLOB NOT NULL CHECK (length(cadena) = 32)
) STRICT;

CREATE UNIQUE INDEX uq_audit_cadena_audit_id ON audit_cadena (audit_id);

-- What was signed is `texto`; the rest is there to find it, and to go on from it.
CREATE TABLE audit_puntos (
    numero INTEGER PRIMARY KEY,
    lineas INTEGER NOT NULL,
    texto TEXT NOT NULL,
    firma BLOB NOT NULL CHECK (length(firma) = 64),
    frente BLOB NOT NULL
) STRICT;

CREATE TABLE audit_claves (
    numero INTEGER PRIMARY KEY,
    texto TEXT NOT NULL,
    firma BLOB NOT NULL CHECK (length(firma) = 64),
    firma_anterior BLOB CHECK (length(firma_anterior) = 64)
) STRICT;

CREATE TRIGGER audit_cadena_sin_cambios BEFORE UPDATE ON audit_cadena
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
CREATE TRIGGER audit_cadena_sin_bajas BEFORE DELETE ON audit_cadena
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
CREATE TRIGGER audit_puntos_sin_cambios BEFORE UPDATE ON audit_puntos
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
CREATE TRIGGER audit_puntos_sin_bajas BEFORE DELETE ON audit_puntos
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
CREATE TRIGGER audit_claves_sin_cambios BEFORE UPDATE ON audit_claves
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
CREATE TRIGGER audit_claves_sin_bajas BEFORE DELETE ON audit_claves
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;

-- A line may go when its time is over and a signed checkpoint holds its place.
DROP TRIGGER audit_logs_sin_bajas;
CREATE TRIGGER audit_logs_sin_bajas BEFORE DELETE ON audit_logs
WHEN NOT (OLD.retention_until < CAST(unixepoch('subsec') * 1000000 AS INTEGER) AND EXISTS (
    SELECT 1 FROM audit_cadena
    WHERE audit_id = OLD.id AND numero <= (SELECT lineas FROM audit_puntos ORDER BY numero DESC LIMIT 1)))
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;

-- Who asks what, and what is over.
CREATE INDEX ix_audit_logs_retencion ON audit_logs (retention_until);
CREATE INDEX ix_audit_logs_usuario ON audit_logs (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX ix_audit_logs_recurso ON audit_logs (resource_type, resource_id, id) WHERE resource_id IS NOT NULL;
CREATE INDEX ix_audit_logs_momento ON audit_logs (timestamp);
