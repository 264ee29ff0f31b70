-- By which rule the hash of a line was made (docs/audit.md), which kind of identity acted, and on
-- behalf of which user. Lines from before have the first rule, and do not say more than `user_id`.
ALTER TABLE audit_logs ADD COLUMN version_huella INTEGER NOT NULL DEFAULT 1;
ALTER TABLE audit_logs ADD COLUMN identidad TEXT;
ALTER TABLE audit_logs ADD COLUMN en_nombre_de INTEGER;
CREATE INDEX ix_audit_logs_en_nombre_de ON audit_logs (en_nombre_de, id) WHERE en_nombre_de IS NOT NULL;

-- For whom the user of `usuario_id`, or a program, did it.
ALTER TABLE historial_estados ADD COLUMN en_nombre_de INTEGER;

-- The user who reported the position; null for those from before.
ALTER TABLE posiciones ADD COLUMN reportada_por INTEGER;
