CREATE TABLE sesiones (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    usuario_id INTEGER NOT NULL CONSTRAINT sesiones_usuario_fk REFERENCES usuarios (id),
    plataforma TEXT NOT NULL CHECK (plataforma IN ('web', 'telegram', 'api')),
    created_at INTEGER NOT NULL,
    ultimo_uso INTEGER NOT NULL,
    expira_en INTEGER NOT NULL,
    revocada_en INTEGER,
    motivo_revocacion TEXT,
    ip TEXT,
    user_agent TEXT
) STRICT;

CREATE INDEX ix_sesiones_usuario ON sesiones (usuario_id);
CREATE INDEX ix_sesiones_fin ON sesiones (coalesce(revocada_en, expira_en));

CREATE TABLE tokens_refresco (
    huella BLOB NOT NULL CHECK (length(huella) = 32),
    sesion_id BLOB NOT NULL CONSTRAINT tokens_refresco_sesion_fk REFERENCES sesiones (id) ON DELETE CASCADE,
    emitido_en INTEGER NOT NULL,
    usado_en INTEGER
) STRICT;

CREATE UNIQUE INDEX uq_tokens_refresco_huella ON tokens_refresco (huella);
CREATE INDEX ix_tokens_refresco_sesion ON tokens_refresco (sesion_id);
