CREATE TABLE sesiones (
    id uuid PRIMARY KEY,
    usuario_id bigint NOT NULL CONSTRAINT sesiones_usuario_fk REFERENCES usuarios (id),
    plataforma text NOT NULL CHECK (plataforma IN ('web', 'telegram', 'api')),
    created_at timestamptz NOT NULL,
    ultimo_uso timestamptz NOT NULL,
    expira_en timestamptz NOT NULL,
    revocada_en timestamptz,
    motivo_revocacion text,
    ip text,
    user_agent text
);

CREATE INDEX ix_sesiones_usuario ON sesiones (usuario_id);
CREATE INDEX ix_sesiones_fin ON sesiones (coalesce(revocada_en, expira_en));

CREATE TABLE tokens_refresco (
    huella bytea NOT NULL CHECK (length(huella) = 32),
    sesion_id uuid NOT NULL CONSTRAINT tokens_refresco_sesion_fk REFERENCES sesiones (id) ON DELETE CASCADE,
    emitido_en timestamptz NOT NULL,
    usado_en timestamptz
);

CREATE UNIQUE INDEX uq_tokens_refresco_huella ON tokens_refresco (huella);
CREATE INDEX ix_tokens_refresco_sesion ON tokens_refresco (sesion_id);
