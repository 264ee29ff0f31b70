-- How sign-ins of a user from one place have gone, so that failures close the account to that place
-- and not to everybody.
CREATE TABLE intentos_ingreso (
    usuario_id bigint NOT NULL CONSTRAINT intentos_ingreso_usuario_fk REFERENCES usuarios (id),
    origen text NOT NULL,
    fallidos integer NOT NULL CHECK (fallidos >= 0),
    bloqueado_hasta timestamptz,
    ultimo_ingreso timestamptz,
    ultimo_intento timestamptz NOT NULL,
    PRIMARY KEY (usuario_id, origen)
);

CREATE INDEX ix_intentos_ingreso_ultimo ON intentos_ingreso (ultimo_intento);
