-- The proof that nobody has altered the audit: docs/audit.md, docs/decisions/0014-audit-chain.md.

-- Lines that have no place in the chain yet, with the hash that was made in their own transaction.
-- Those without a hash were written before this migration, or by an older program.
CREATE TABLE audit_pendientes (
    id bigint PRIMARY KEY,
    huella bytea CHECK (length(huella) = 32),
    retencion timestamptz NOT NULL
);

-- The chain, numbered without a gap after the commit, by one transaction at a time.
CREATE TABLE audit_cadena (
    numero bigint PRIMARY KEY,
    audit_id bigint NOT NULL,
    huella bytea NOT NULL CHECK (length(huella) = 32),
    retencion timestamptz NOT NULL,
    cadena bytea NOT NULL CHECK (length(cadena) = 32)
);

CREATE UNIQUE INDEX uq_audit_cadena_audit_id ON audit_cadena (audit_id);

-- What was signed is `texto`; the rest is there to find it, and to go on from it.
CREATE TABLE audit_puntos (
    numero bigint PRIMARY KEY,
    lineas bigint NOT NULL,
    texto text NOT NULL,
    firma bytea NOT NULL CHECK (length(firma) = 64),
    frente bytea NOT NULL
);

CREATE TABLE audit_claves (
    numero bigint PRIMARY KEY,
    texto text NOT NULL,
    firma bytea NOT NULL CHECK (length(firma) = 64),
    firma_anterior bytea CHECK (length(firma_anterior) = 64)
);

CREATE TRIGGER audit_cadena_sin_cambios BEFORE UPDATE OR DELETE ON audit_cadena
    FOR EACH ROW EXECUTE FUNCTION audit_logs_solo_se_agrega();
CREATE TRIGGER audit_cadena_sin_vaciado BEFORE TRUNCATE ON audit_cadena
    FOR EACH STATEMENT EXECUTE FUNCTION audit_logs_solo_se_agrega();
CREATE TRIGGER audit_puntos_sin_cambios BEFORE UPDATE OR DELETE ON audit_puntos
    FOR EACH ROW EXECUTE FUNCTION audit_logs_solo_se_agrega();
CREATE TRIGGER audit_puntos_sin_vaciado BEFORE TRUNCATE ON audit_puntos
    FOR EACH STATEMENT EXECUTE FUNCTION audit_logs_solo_se_agrega();
CREATE TRIGGER audit_claves_sin_cambios BEFORE UPDATE OR DELETE ON audit_claves
    FOR EACH ROW EXECUTE FUNCTION audit_logs_solo_se_agrega();
CREATE TRIGGER audit_claves_sin_vaciado BEFORE TRUNCATE ON audit_claves
    FOR EACH STATEMENT EXECUTE FUNCTION audit_logs_solo_se_agrega();

-- A line may go when its time is over and a signed checkpoint holds its place.
CREATE FUNCTION audit_logs_baja() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.retention_until < now() AND EXISTS (
        SELECT 1 FROM audit_cadena WHERE audit_id = OLD.id AND numero <= (SELECT max(lineas) FROM audit_puntos)
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'audit_logs_solo_se_agrega'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_logs_solo_se_agrega', TABLE = 'audit_logs';
END $$;

DROP TRIGGER audit_logs_sin_cambios ON audit_logs;
CREATE TRIGGER audit_logs_sin_cambios BEFORE UPDATE ON audit_logs
    FOR EACH ROW EXECUTE FUNCTION audit_logs_solo_se_agrega();
CREATE TRIGGER audit_logs_sin_bajas BEFORE DELETE ON audit_logs
    FOR EACH ROW EXECUTE FUNCTION audit_logs_baja();

-- Who asks what, and what is over.
CREATE INDEX ix_audit_logs_retencion ON audit_logs (retention_until);
CREATE INDEX ix_audit_logs_usuario ON audit_logs (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX ix_audit_logs_recurso ON audit_logs (resource_type, resource_id, id) WHERE resource_id IS NOT NULL;
CREATE INDEX ix_audit_logs_momento ON audit_logs USING brin ("timestamp");

-- Lines of older programs come into the chain until then; there are none where there was no record.
ALTER TABLE meta ADD COLUMN audit_adopta_hasta timestamptz NOT NULL DEFAULT '-infinity';
UPDATE meta SET audit_adopta_hasta = now() + interval '1 day' WHERE EXISTS (SELECT 1 FROM audit_logs);
INSERT INTO audit_pendientes (id, huella, retencion) SELECT id, NULL, retention_until FROM audit_logs;
