-- How sign-ins of a user from one place have gone, so that failures close the account to that place
-- and not to everybody.
CREATE TABLE intentos_ingreso (
    usuario_id INTEGER NOT NULL CONSTRAINT intentos_ingreso_usuario_fk REFERENCES usuarios (id),
    origen TEXT NOT NULL,
    fallidos INTEGER NOT NULL CHECK (fallidos >= 0),
    bloqueado_hasta INTEGER,
    ultimo_ingreso INTEGER,
    ultimo_intento INTEGER NOT NULL,
    PRIMARY KEY (usuario_id, origen)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_intentos_ingreso_ultimo ON intentos_ingreso (ultimo_intento);
