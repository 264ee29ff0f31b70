-- From this and the token that was exchanged the next one is derived, so that a repeated exchange gets
-- the same one.
ALTER TABLE tokens_refresco ADD COLUMN semilla BLOB CHECK (semilla IS NULL OR length(semilla) = 32);
