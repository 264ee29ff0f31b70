-- The compared forms of texts that identify something, written by the program, which fills in those of
-- the rows of before. `*_repetido` is true for a row of before, or of another system, whose form another
-- row had already: it keeps working, and only new ones are refused.
ALTER TABLE usuarios ADD COLUMN dni_plegado text;
ALTER TABLE usuarios ADD COLUMN dni_repetido boolean NOT NULL DEFAULT false;
ALTER TABLE usuarios ADD COLUMN email_repetido boolean NOT NULL DEFAULT false;
ALTER TABLE efectivos ADD COLUMN codigo_plegado text;
ALTER TABLE efectivos ADD COLUMN codigo_repetido boolean NOT NULL DEFAULT false;
ALTER TABLE efectivos ADD COLUMN unidad_plegada text;

-- Made again by the program once it has filled in the forms.
DROP INDEX uq_usuarios_dni;
DROP INDEX uq_usuarios_email;
-- Sign-in looks among those marked, too.
CREATE INDEX ix_usuarios_email ON usuarios (email_plegado) WHERE deleted_at IS NULL;
DROP INDEX uq_efectivos_codigo_interno;
DROP INDEX ix_efectivos_estado;
CREATE INDEX ix_efectivos_estado ON efectivos (estado_disponibilidad, unidad_plegada) WHERE deleted_at IS NULL;
CREATE INDEX ix_usuarios_repetidos ON usuarios (id) WHERE dni_repetido OR email_repetido;
CREATE INDEX ix_efectivos_repetidos ON efectivos (id) WHERE codigo_repetido;
